"""Renews what is made, not written, in README.md and README.zh-CN.md: outputs and tables.

    python scripts/renew_readme.py
    python scripts/renew_readme.py --pictures

Run it when an output changed on purpose, look at the difference, and commit it with the change.
With --pictures the images under docs/images/ are drawn anew, too, from 3,000 made-up cases; the
report is drawn by a headless Chromium or Chrome, which must be on the PATH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
IMAGES = ROOT / "docs" / "images"
CHROMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
AS_OF, LATER = "2026-07-01", "2026-08-20"
SENDER = ROOT / "templates" / "examples" / "sender.toml"
LETTER_WIDTH, REPORT_SIZE = 560, (1120, 1440)
"""Pixels: of one page of the letter, and of the part of the report that is shown."""


def pages(folder: Path) -> None:
    """Work the examples and write both pages."""
    from readme_examples import PAGES, Desk, rendered

    desk = Desk(folder)
    for language, path in PAGES.items():
        text = rendered(path.read_text(encoding="utf-8"), language, desk)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {path.name}", file=sys.stderr)


def pictures(folder: Path) -> None:
    """Make a batch large enough for coloured figures, and draw a letter and its report."""
    chrome = next(filter(None, map(shutil.which, CHROMES)), None)
    if chrome is None:
        raise SystemExit(
            f"no browser found to draw the report; install one of {', '.join(CHROMES)}"
        )
    cases, history, batch = folder / "cases.csv", folder / "history.csv", folder / "batch"
    results, report = folder / "results.csv", folder / "report.html"
    scorer = folder / "scorer.json"
    addrfix = ["-m", "addrfix"]
    for arguments in (
        ["scripts/make_cases.py", "--cases", "3000", "--seed", "7", "-o", str(cases),
         "--history", str(history), "--letters", "3000"],
        [*addrfix, "learn", str(history), "--as-of", AS_OF, "-o", str(scorer)],
        [*addrfix, "run", str(cases), "--template", "lawyer_letter", "--sender", str(SENDER),
         "--scorer", str(scorer), "--as-of", AS_OF, "--quiet", "-o", str(batch)],
        ["scripts/make_results.py", str(batch), "-o", str(results), "--days", "40"],
        [*addrfix, "track", str(batch), str(results)],
        [*addrfix, "report", str(batch), "--as-of", LATER, "-o", str(report)],
    ):  # fmt: skip
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    _letter(sorted((batch / "letters").glob("*.pdf"))[0], IMAGES / "letter.png")
    for language, name in (("en", "report.png"), ("zh", "report.zh-CN.png")):
        _report(chrome, report, language, folder, IMAGES / name)


def _letter(pdf: Path, target: Path) -> None:
    """Both pages side by side, on a grey ground that shows their edges."""
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types
    from PIL import Image

    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [page.render(scale=LETTER_WIDTH / page.get_width()).to_pil() for page in document]
    gap = 14
    ground = Image.new(
        "RGB",
        (sum(page.width + gap for page in drawn) + gap, drawn[0].height + 2 * gap),
        (214, 214, 214),
    )
    for number, page in enumerate(drawn):
        ground.paste(page, (gap + number * (page.width + gap), gap))
    _save(ground, target)


def _report(chrome: str, report: Path, language: str, folder: Path, target: Path) -> None:
    """The top of the page as a browser shows it."""
    from PIL import Image

    shot = folder / f"report-{language}.png"
    width, height = REPORT_SIZE
    subprocess.run(
        [
            chrome, "--headless", "--disable-gpu", "--hide-scrollbars",
            # A container's root cannot have a sandbox; the page is our own.
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            f"--window-size={width},{height}", "--virtual-time-budget=4000",
            f"--user-data-dir={folder / 'browser'}", f"--screenshot={shot}",
            f"{report.as_uri()}?lang={language}",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    with Image.open(shot) as image:
        _save(image.convert("RGB"), target)


def _save(image: Image, target: Path) -> None:
    """As a palette of 128 colours, which is a third of the size."""
    from PIL.Image import Dither, Quantize

    small = image.quantize(colors=128, method=Quantize.MEDIANCUT, dither=Dither.NONE)
    small.save(target, optimize=True)
    print(f"written: {target.relative_to(ROOT).as_posix()}", file=sys.stderr)


def main() -> None:
    """Renew pages, and pictures where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", action="store_true", help="draw docs/images/ anew, too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages(Path(folder).resolve())
    if asked.pictures:
        with tempfile.TemporaryDirectory() as folder:
            pictures(Path(folder).resolve())


if __name__ == "__main__":
    main()
