"""The seal image as a 1-bit mask."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from addrfix.model.errors import BadSettings

# Vermilion of an ink pad; the seal is drawn under the text, so the text stays black.
_COLOUR = (0.78, 0.08, 0.09)
# Enough for 42 mm at 480 dpi.
_LARGEST = 800
_NAME = "Seal"


@dataclass(frozen=True, slots=True)
class Seal:
    """A square seal: pixels that are set paint red, the others nothing."""

    pixels: int
    """On each side."""
    rows: bytes
    """One bit a pixel, deflated; made once per process."""
    side: float
    """Length in points."""

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it with its lower left corner at (x, y); the first time puts it into the file."""
        if not canvas.hasForm(_NAME):
            # drawImage would read and hash the image anew for every letter, and cannot paint a
            # mask in a colour.
            canvas._doc.addForm(_NAME, PDFStream(PDFDictionary(self._entries()), self.rows))
        side = round(self.side, 2)
        canvas.saveState()
        canvas.setFillColorRGB(*_COLOUR)
        canvas.transform(side, 0, 0, side, round(x, 2), round(y, 2))
        canvas.doForm(_NAME)
        canvas.restoreState()

    def _entries(self) -> dict[str, Any]:
        return {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": self.pixels,
            "Height": self.pixels,
            "ImageMask": "true",
            "BitsPerComponent": 1,
            "Decode": PDFArray([1, 0]),
            "Filter": PDFName("FlateDecode"),
        }


def read_seal(path: Path, side: float) -> Seal:
    """The seal of an image, `side` points wide: opaque, dark or red pixels paint.

    Raises:
        BadSettings: not an image, or one without any ink.
    """
    try:
        with Image.open(path) as image:
            image.load()
            picture = image.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadSettings(f"the seal {path.name} is not an image that can be read") from error
    longest = max(picture.size)
    square = Image.new("RGBA", (longest, longest), (255, 255, 255, 0))
    square.paste(picture, ((longest - picture.width) // 2, (longest - picture.height) // 2))
    if longest > _LARGEST:
        square = square.resize((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    white = Image.new("RGBA", square.size, (255, 255, 255, 255))
    # Red ink is as light as paper in the red channel; green shows it dark.
    green = Image.alpha_composite(white, square).getchannel("G")
    mask = green.point([255 if value < 140 else 0 for value in range(256)]).convert("1")
    if mask.getbbox() is None:
        raise BadSettings(f"the seal {path.name} is blank")
    return Seal(mask.width, zlib.compress(mask.tobytes(), 9), side)
