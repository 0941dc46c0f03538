"""Draws the seal of the made-up law firm of the demo (templates/examples/seal.png).

    python scripts/make_seal.py

A seal of no one: the text says 样章, and the letters that carry it say 样张.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
SIDE = 600
RING = "云麓示例律师事务所"
RED = (200, 20, 24, 255)


def _star(centre: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for k in range(10):
        length = radius if k % 2 == 0 else radius * 0.4
        angle = math.pi * k / 5
        corners.append((centre + length * math.sin(angle), centre - length * math.cos(angle)))
    return corners


def draw_seal() -> Image.Image:
    """The seal as a transparent square."""
    image = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, SIDE - 8, SIDE - 8), outline=RED, width=17)
    pen.polygon(_star(SIDE / 2, 88), fill=RED)
    path = ROOT / "templates" / "fonts" / "NotoSerifSC_700Bold.ttf"
    font = ImageFont.truetype(str(path), 66)
    for k, char in enumerate(RING):
        angle = math.radians(-118 + 236 * k / (len(RING) - 1))
        glyph = Image.new("RGBA", (100, 100), (255, 255, 255, 0))
        ImageDraw.Draw(glyph).text((50, 50), char, font=font, fill=RED, anchor="mm")
        glyph = glyph.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC, expand=True)
        x = SIDE / 2 + 226 * math.sin(angle) - glyph.width / 2
        y = SIDE / 2 - 226 * math.cos(angle) - glyph.height / 2
        image.alpha_composite(glyph, (round(x), round(y)))
    small = ImageFont.truetype(str(path), 54)
    pen.text((SIDE / 2, 470), "样 章", font=small, fill=RED, anchor="mm")
    return image


def main() -> None:
    """Write the image."""
    target = ROOT / "templates" / "examples" / "seal.png"
    draw_seal().save(target, optimize=True)
    print(f"written: {target.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
