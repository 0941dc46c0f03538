"""One weight of the letters' typeface, as a font that reportlab's canvas draws with.

reportlab asks a *dynamic* font for the codes of a text in a document (`splitString`), for the names
of its parts there (`getSubsetInternalName`), and at the end for their objects (`addObjects`). Its
own `TTFont` cuts 256 characters at a time anew for each document and writes a wrong ToUnicode for
supplementary planes. Here a face is in parts: the *core*, all characters of the template, cut and
compressed once per process; the *rest*, the few that a document's names and addresses add; and one
more for each larger font of the user's, with characters that the typeface itself does not have.
Codes are two bytes and count up from 1. They lead to glyphs by a CIDToGIDMap, and to text by a
ToUnicode map keyed by the character used, in UTF-16BE with at most 100 entries a block (ISO
32000-1, 9.10.3), so that text copies out right, supplementary planes and look-alikes included.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObjectReference,
    PDFStream,
    PDFString,
)

from addrfix.letters.truetype import Outlines, outlines
from addrfix.model.errors import LetterProblem

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
_CORE = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """What a PDF needs to embed some characters; the three streams are deflated."""

    base_name: str
    """PostScript name with its six-letter subset tag."""
    program: bytes
    program_length: int
    glyph_map: bytes
    to_unicode: bytes
    widths: str
    """The W array as PDF source, for codes that are not one em wide."""


class Face:
    """A face as letters use it; made by `face`, which registers it with reportlab.

    Args:
        name: what reportlab knows it by.
        key: resource name in PDFs; the core is `<key>0`, the rest `<key>1`, what comes from the
            first larger font `<key>2`, and so on.
        fonts: the outlines; then those of larger fonts, asked in turn for what the first lacks.
        core: characters of the template; those that the font lacks are left to be found as missing.
    """

    # What reportlab's canvas asks of a font.
    _multiByte = 1
    _dynamicFont = 1
    shapable = False

    def __init__(self, name: str, key: str, fonts: Sequence[Outlines], core: str) -> None:
        font = fonts[0]
        self.fontName = name
        # reportlab takes two fonts with one face name for the same font.
        self.face = SimpleNamespace(name=name, ascent=font.ascent, descent=font.descent)
        self.font = font
        self._fonts = tuple(fonts)
        self.widths: dict[str, float] = {}
        for outline in reversed(self._fonts):
            for point in (point for point, glyph in outline.charToGlyph.items() if glyph):
                self.widths[chr(point)] = outline.charWidths[point] / 1000
        self._key = key
        own = (c for c in core if self._part_of(c) == 1)
        self._core = {c: code for code, c in enumerate(own, start=1)}
        self._core_part = self._part(font, "".join(self._core), 9)
        self._rests: WeakKeyDictionary[PDFDocument, dict[int, dict[str, int]]] = WeakKeyDictionary()

    def has(self, char: str) -> bool:
        """Can the character be drawn."""
        return self._part_of(char) is not None

    def _part_of(self, char: str) -> int | None:
        """The part that a character outside of the core is in; None where no font has it."""
        point = ord(char)
        for part, font in enumerate(self._fonts, start=1):
            if font.charToGlyph.get(point):
                return part
        return None

    def width(self, text: str) -> float:
        """Width of a text in em; a character that the font lacks counts as 1."""
        return sum([self.widths.get(c, 1.0) for c in text])

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """Width of a text in points."""
        return self.width(text) * size

    def splitString(
        self, text: str, doc: PDFDocument, encoding: str = "utf8"
    ) -> list[tuple[int, bytes]]:
        """The codes of a text in a document, in runs of one part.

        Raises:
            LetterProblem: the font lacks a character; letters are checked before they are drawn.
        """
        runs: list[tuple[int, list[int]]] = []
        rests = self._rest(doc)
        for char in text:
            part, code = _CORE, self._core.get(char)
            if code is None:
                found = self._part_of(char)
                if found is None:
                    raise LetterProblem(f"the font has no glyph for U+{ord(char):04X}")
                rest = rests.setdefault(found, {})
                part, code = found, rest.setdefault(char, len(rest) + 1)
            if not runs or runs[-1][0] != part:
                runs.append((part, []))
            runs[-1][1].append(code)
        return [(part, struct.pack(f">{len(codes)}H", *codes)) for part, codes in runs]

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:
        """Resource name of a part in a document."""
        if self not in doc.delayedFonts:
            doc.delayedFonts.append(self)
        return f"/{self._key}{subset}"

    def addObjects(self, doc: PDFDocument) -> None:
        """Put the parts that a document uses into it."""
        fonts = doc.idToObject["BasicFonts"].dict
        fonts[f"{self._key}{_CORE}"] = self._font(doc, self.font, self._core_part)
        for part, rest in sorted(self._rests.pop(doc, {}).items()):
            font = self._fonts[part - 1]
            fonts[f"{self._key}{part}"] = self._font(doc, font, self._part(font, "".join(rest)))

    def _rest(self, doc: PDFDocument) -> dict[int, dict[str, int]]:
        """Codes of the characters outside of the core that a document has used so far, by part."""
        rest = self._rests.get(doc)
        if rest is None:
            rest = self._rests[doc] = {}
        return rest

    def _part(self, font: Outlines, chars: str, level: int = 6) -> _Part:
        program = font.program(chars)
        glyphs = font.glyph_numbers(chars)
        tag = hashlib.sha256(chars.encode()).digest()[:6]
        codes = list(enumerate(chars, start=1))
        odd = (f"{n} [{self.widths[c] * 1000:g}]" for n, c in codes if self.widths[c] != 1)
        return _Part(
            base_name="".join(chr(65 + byte % 26) for byte in tag) + f"+{font.postscript_name}",
            program=zlib.compress(program, level),
            program_length=len(program),
            glyph_map=zlib.compress(struct.pack(f">{len(glyphs) + 1}H", 0, *glyphs), level),
            to_unicode=zlib.compress(_to_unicode(codes), level),
            widths=f"[{' '.join(odd)}]",
        )

    def _font(self, doc: PDFDocument, font: Outlines, part: _Part) -> PDFObjectReference:
        name = PDFName(part.base_name)
        descriptor = {
            "Type": PDFName("FontDescriptor"),
            "FontName": name,
            "Flags": 4,
            "FontBBox": PDFArray(font.bbox),
            "ItalicAngle": 0,
            "Ascent": font.ascent,
            "Descent": font.descent,
            "CapHeight": font.capHeight,
            "StemV": font.stemV,
            "FontFile2": _deflated(doc, part.program, Length1=part.program_length),
        }
        system = {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity")}
        descendant = {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": PDFDictionary(system | {"Supplement": 0}),
            "FontDescriptor": doc.Reference(PDFDictionary(descriptor)),
            "DW": 1000,
            "W": part.widths,
            "CIDToGIDMap": _deflated(doc, part.glyph_map),
        }
        whole = {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": name,
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArray([doc.Reference(PDFDictionary(descendant))]),
            "ToUnicode": _deflated(doc, part.to_unicode),
        }
        return doc.Reference(PDFDictionary(whole))


@cache
def _registered(key: str, paths: tuple[Path, ...], core: str) -> Face:
    mark = hashlib.sha256(f"{key}\n{paths}\n{core}".encode()).hexdigest()[:12]
    made = Face(f"letters-{mark}", key, [outlines(path) for path in paths], core)
    pdfmetrics.registerFont(made)
    return made


def face(key: str, path: Path, core: Iterable[str], larger: Iterable[Path] = ()) -> Face:
    """The face of a static TrueType file with a core, made and registered once per process.

    Args:
        key: resource name in PDFs.
        path: the file.
        core: characters that every document uses.
        larger: files for the characters that the first does not have, asked in their order.

    Raises:
        LetterProblem: a file cannot be used.
    """
    return _registered(key, (path, *larger), "".join(sorted(set(core))))


def _deflated(doc: PDFDocument, content: bytes, **entries: int) -> PDFObjectReference:
    stream = PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode"), **entries}), content)
    return doc.Reference(stream)


def _to_unicode(codes: list[tuple[int, str]]) -> bytes:
    entries = [f"<{code:04X}> <{c.encode('utf-16-be').hex().upper()}>" for code, c in codes]
    blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
    body = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (_CMAP_HEAD + body + _CMAP_TAIL).encode("ascii")
