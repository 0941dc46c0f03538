"""Letters compared with goldens, by text and by rendered page.

The goldens change only by `python scripts/renew_goldens.py`, and the change is looked at.
"""

from __future__ import annotations

import pytest
from letter_samples import GOLDENS, golden_letters, page_images, page_texts
from PIL import Image, ImageChops, ImageFilter, ImageStat

# Rasterisers of other versions differ by a grey level at edges; a word out of place does more.
_MEAN, _WORST = 0.35, 60


@pytest.mark.parametrize("name", sorted(golden_letters()))
def test_the_text_is_that_of_the_golden(name: str) -> None:
    golden = (GOLDENS / f"{name}.txt").read_text(encoding="utf-8")
    assert "\f\n".join(page_texts(golden_letters()[name])) == golden


def difference(image: Image.Image, golden: Image.Image) -> tuple[float, int]:
    """Mean and largest difference in grey levels, after a blur of a pixel."""
    blurred = [each.filter(ImageFilter.GaussianBlur(1)) for each in (image, golden)]
    apart = ImageChops.difference(*blurred)
    return ImageStat.Stat(apart).mean[0], int(apart.getextrema()[1])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(golden_letters()))
def test_the_pages_look_like_the_golden(name: str) -> None:
    images = page_images(golden_letters()[name])
    assert len(list(GOLDENS.glob(f"{name}-[0-9].png"))) == len(images)
    for number, image in enumerate(images, start=1):
        with Image.open(GOLDENS / f"{name}-{number}.png") as golden:
            assert golden.size == image.size
            mean, worst = difference(image, golden.convert("L"))
        assert mean < _MEAN
        assert worst < _WORST


def test_a_moved_line_would_be_seen() -> None:
    image = page_images(golden_letters()["lawyer_letter"])[0]
    moved = image.copy()
    moved.paste(image.crop((70, 500, 500, 520)), (70, 502))
    assert difference(moved, image)[1] > _WORST
