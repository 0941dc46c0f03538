"""A TrueType font file as letters embed it."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

from addrfix.model.errors import LetterProblem

# A CIDFontType2 program needs glyf, head, hhea, hmtx, loca and maxp (ISO 32000-1, 9.9); reportlab
# copies these as well, 3 kB for each subset of Noto Serif.
_NOT_NEEDED = {"name", "OS/2", "cvt ", "fpgm", "prep"}


class Outlines(TTFontFace):  # type: ignore[misc]  # reportlab has no types
    """A static TrueType font in memory; reportlab reads it and cuts subsets out of it.

    Raises:
        LetterProblem: the file is not a TrueType font with outlines that a PDF can embed.
    """

    def __init__(self, path: Path) -> None:
        try:
            # Not by its name: reportlab looks for a missing file among the system's fonts.
            super().__init__(io.BytesIO(path.read_bytes()))
        except OSError as error:
            raise LetterProblem(f"the font {path.name} cannot be read: {error.strerror}") from error
        except (TTFError, struct.error, KeyError, ValueError, IndexError) as error:
            raise LetterProblem(
                f"{path.name} is not a TrueType font with outlines (OTF/CFF is not supported)"
            ) from error
        if "fvar" in self.table:
            raise LetterProblem(
                f"{path.name} is a variable font, of which a PDF shows the thinnest weight only; "
                "use the static file of the weight"
            )

    @property
    def postscript_name(self) -> str:
        """The font's own name."""
        return str(self.name.decode("ascii", "replace"))

    def get_table(self, tag: str) -> bytes:
        """A table's bytes; KeyError where a subset does without it."""
        if tag in _NOT_NEEDED:
            raise KeyError(tag)
        return bytes(super().get_table(tag))

    def glyph_numbers(self, chars: str) -> list[int]:
        """The glyph of each character in the subset that `program` makes of the same characters.

        Characters that the font draws with one glyph share it.
        """
        places: dict[int, int] = {}
        glyphs = [self.charToGlyph[ord(char)] for char in chars]
        return [places.setdefault(glyph, len(places) + 1) for glyph in glyphs]

    def program(self, chars: str) -> bytes:
        """A font file of .notdef (glyph 0) and the glyphs of the characters."""
        return bytes(self.makeSubset([ord(char) for char in chars]))


@lru_cache(maxsize=8)
def outlines(path: Path) -> Outlines:
    """The font of a file, read once per process; Noto Serif is 15 MB in memory.

    Raises:
        LetterProblem: as for `Outlines`.
    """
    return Outlines(path)
