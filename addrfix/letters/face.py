"""One weight of the letters' typeface: its characters, their widths, their codes in a PDF.

A character's code is its rank among the font's characters, so it is the same in every PDF and a
page that has been composed once serves the single file and the print file. In a PDF a face is two
fonts: the *core*, all characters of the template, cut and compressed once per process; and the
*rest*, the few characters that a name and an address add. Codes lead to glyphs by a CIDToGIDMap and
to text by a ToUnicode map keyed by the character used, in UTF-16BE with at most 100 entries a block
(ISO 32000-1, 9.10.3), so that text copies out right, supplementary planes included.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from addrfix.letters.truetype import TrueType

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


@dataclass(frozen=True, slots=True)
class FontPart:
    """What a PDF needs to embed some characters of a face; the three streams are deflated."""

    base_name: str
    """PostScript name with its six-letter subset tag."""
    program: bytes
    program_length: int
    glyph_map: bytes
    to_unicode: bytes
    widths: str
    """The W array as PDF source, for codes that are not one em wide."""


class Face:
    """A face as letters use it.

    Args:
        key: resource name in PDFs; the core is `<key>0`, the rest `<key>1`.
        path: a static TrueType file.
        core: characters of the template; those that the font lacks are left to be found as missing.
    """

    def __init__(self, key: str, path: Path, core: Iterable[str]) -> None:
        self.key = key
        self.font = TrueType(path)
        points = sorted(self.font.cmap)
        self._code = {chr(point): rank for rank, point in enumerate(points, start=1)}
        advance, cmap = self.font.advance, self.font.cmap
        self.widths = {chr(point): advance(cmap[point]) / 1000 for point in points}
        self.core = "".join(sorted(c for c in set(core) if c in self._code))
        self._core_hex = {c: f"{self._code[c]:04X}" for c in self.core}
        self.core_part = self.part(self.core, 9)

    def has(self, char: str) -> bool:
        """Can the character be drawn."""
        return char in self._code

    def width(self, text: str) -> float:
        """Width of a text in em."""
        return sum(self.widths[c] for c in text)

    def rest(self, text: str) -> set[str]:
        """The characters of a text that are not in the core."""
        return set(text).difference(self._core_hex)

    def show(self, text: str, size: str) -> str:
        """PDF operators that select the font at a size and show the text."""
        core = self._core_hex
        try:
            return f"/{self.key}0 {size} Tf<{''.join([core[c] for c in text])}>Tj"
        except KeyError:
            pass
        shown: list[str] = []
        tier, run = "", ""
        for char in text:
            code = core.get(char)
            now = "0" if code else "1"
            if now != tier:
                shown.append(f"{run}/{self.key}{now} {size} Tf<")
                tier, run = now, ">Tj "
            shown.append(code or f"{self._code[char]:04X}")
        return "".join(shown) + (">Tj" if shown else "")

    def part(self, chars: str, level: int = 6) -> FontPart:
        """The font data of some characters, each of which the font has."""
        program = self.font.subset(self.font.cmap[ord(c)] for c in chars)
        last = max((self._code[c] for c in chars), default=0)
        glyphs = array("H", bytes(2 * (last + 1)))
        for glyph, char in enumerate(chars, start=1):
            glyphs[self._code[char]] = glyph
        if array("H", [1]).tobytes() == b"\1\0":
            glyphs.byteswap()
        tag = hashlib.sha256(chars.encode()).digest()[:6]
        return FontPart(
            base_name="".join(chr(65 + byte % 26) for byte in tag) + "+" + self.font.name,
            program=zlib.compress(program, level),
            program_length=len(program),
            glyph_map=zlib.compress(glyphs.tobytes(), 1),
            to_unicode=zlib.compress(self._to_unicode(chars), level),
            widths=self._width_array(chars),
        )

    def _width_array(self, chars: str) -> str:
        odd = ((self._code[c], self.widths[c]) for c in chars)
        return "[" + " ".join(f"{code} [{w * 1000:g}]" for code, w in odd if w != 1) + "]"

    def _to_unicode(self, chars: str) -> bytes:
        entries = [f"<{self._code[c]:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c in chars]
        blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
        body = "".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
        )
        return (_CMAP_HEAD + body + _CMAP_TAIL).encode("ascii")
