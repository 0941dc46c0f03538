"""Renews what is made, not written, in README.md and README.zh-CN.md: outputs and tables.

    python scripts/renew_readme.py
    python scripts/renew_readme.py --pictures

Run it when an output changed on purpose, look at the difference, and commit it with the change.
With --pictures the images under docs/images/ are drawn anew, too, from 3,000 made-up cases; the
report is drawn at both widths by a headless browser (`scripts/browser.py` says where it is looked
for).
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts")]
IMAGES = ROOT / "docs" / "images"
AS_OF, LATER = "2026-07-01", "2026-08-20"
SENDER = ROOT / "templates" / "examples" / "sender.toml"
LETTER_WIDTH, REPORT_SIZES = 560, {"report": (1280, 1640), "report-390": (390, 1640)}
"""Pixels: of one page of the letter, and of the parts of the report that are shown."""


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
    import browser

    if browser.find() is None:
        raise SystemExit(browser.NO_BROWSER)
    cases, history, batch = folder / "cases.csv", folder / "history.csv", folder / "batch"
    results, report = folder / "results.csv", folder / "report.html"
    scorer, picks = folder / "scorer.json", folder / "picks.parquet"
    addrfix = ["-m", "addrfix"]
    for arguments in (
        ["scripts/make_cases.py", "--cases", "3000", "--seed", "7", "-o", str(cases),
         "--history", str(history), "--letters", "3000"],
        [*addrfix, "learn", str(history), "--as-of", AS_OF, "-o", str(scorer)],
        [*addrfix, "pick", str(cases), "--scorer", str(scorer), "--holdout", "0.2",
         "--as-of", AS_OF, "-o", str(picks)],
        [*addrfix, "letters", str(picks), "--cases", str(cases), "--template", "lawyer_letter",
         "--sender", str(SENDER), "--as-of", AS_OF, "-o", str(batch)],
        ["scripts/make_results.py", str(batch), "-o", str(results), "--days", "40"],
        [*addrfix, "track", str(batch), str(results)],
        [*addrfix, "report", str(batch), "--as-of", LATER, "-o", str(report)],
    ):  # fmt: skip
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    _letter(sorted((batch / "letters").glob("*.pdf"))[0], IMAGES / "letter.png")
    _report(report, IMAGES)


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


def _report(report: Path, folder: Path) -> None:
    """The top of the page on a desk and on a telephone, in both languages."""
    import browser
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.find(), args=browser.switches())
        for name, (width, height) in REPORT_SIZES.items():
            for language, suffix in (("en", ""), ("zh", ".zh-CN")):
                page = opened.new_page(viewport={"width": width, "height": height})
                page.goto(f"{report.as_uri()}?lang={language}")
                with Image.open(io.BytesIO(page.screenshot())) as image:
                    _save(image.convert("RGB"), folder / f"{name}{suffix}.png")
                page.close()
        opened.close()


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
