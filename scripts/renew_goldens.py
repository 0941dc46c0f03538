"""Renews the golden letters, which the tests compare against, and the hashes of shipped templates.

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
    renew_shipped()


def renew_shipped() -> None:
    """Write `templates/shipped.tsv`: the templates as they are shipped from now on."""
    from addrfix.knowledge import template_names
    from addrfix.letters.approval import SHIPPED, frozen
    from addrfix.letters.template_files import find_template, read_template

    path = ROOT / "templates" / SHIPPED
    head = [line for line in path.read_text("utf-8").splitlines() if line.startswith("# ")]
    rows = [f"{n}\t{frozen(read_template(n), find_template(n))}" for n in template_names()]
    text = "\n".join([*head, "template\tsha256", *rows]) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"written: {path.relative_to(ROOT).as_posix()}", file=sys.stderr)


if __name__ == "__main__":
    main()
