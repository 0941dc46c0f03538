"""Renews the golden letters: text and pages that the tests compare against.

    python scripts/renew_goldens.py

Run it when a template or the layout was changed on purpose, look at the new pages, and commit them
with the change.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    """Write text and pages of every golden letter."""
    from letter_samples import GOLDENS, golden_letters, page_images, page_texts

    GOLDENS.mkdir(parents=True, exist_ok=True)
    for name, content in golden_letters().items():
        text = "\f\n".join(page_texts(content))
        (GOLDENS / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        for number, image in enumerate(page_images(content), start=1):
            path = GOLDENS / f"{name}-{number}.png"
            image.save(path, optimize=True)
            print(f"written: {path.relative_to(ROOT).as_posix()}", file=sys.stderr)


if __name__ == "__main__":
    main()
