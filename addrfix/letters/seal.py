"""The seal image as a 1-bit mask."""

from __future__ import annotations

import zlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from addrfix.letters.pdf import Form
from addrfix.model.errors import BadSettings

# Vermilion of an ink pad; the seal is drawn under the text, so the text stays black.
COLOUR = (0.78, 0.08, 0.09)
# Enough for 42 mm at 480 dpi.
_LARGEST = 800


def seal_form(path: Path, name: str) -> Form:
    """A seal as a form that paints one unit square: opaque, dark or red pixels paint.

    Raises:
        BadSettings: not an image, or one without any ink.
    """
    try:
        with Image.open(path) as image:
            image.load()
            picture = image.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadSettings(f"the seal {path.name} is not an image that can be read") from error
    side = max(picture.size)
    square = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    if side > _LARGEST:
        square = square.resize((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    white = Image.new("RGBA", square.size, (255, 255, 255, 255))
    # Red ink is as light as paper in the red channel; green shows it dark.
    green = Image.alpha_composite(white, square).getchannel("G")
    mask = green.point([255 if value < 140 else 0 for value in range(256)]).convert("1")
    if mask.getbbox() is None:
        raise BadSettings(f"the seal {path.name} is blank")
    return Form(name, image=(mask.width, mask.height, zlib.compress(mask.tobytes(), 9)))
