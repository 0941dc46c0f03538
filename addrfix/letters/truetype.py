"""Reads a static TrueType font and cuts subsets out of it.

Only what a PDF needs is read: the character map, the advance widths and the outlines. A subset
keeps the outlines of the wanted glyphs in the wanted order and drops hinting, names and layout
tables (ISO 32000-1, 9.9: a CIDFontType2 program needs glyf, head, hhea, hmtx, loca and maxp).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from addrfix.model.errors import LetterProblem

# Flags of a composite glyph's parts (OpenType specification, table glyf).
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE, _HAS_XY_SCALE, _HAS_MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


def _big_endian(code: str, data: bytes) -> array[int]:
    values = array(code, data)
    if struct.pack("=H", 1) == struct.pack("<H", 1):
        values.byteswap()
    return values


class TrueType:
    """One font file, held in memory; glyphs are numbered as in the file.

    Attributes:
        cmap: glyph number by code point, supplementary planes included.
        ascent, descent, cap_height: in thousandths of an em.
        box: xMin, yMin, xMax, yMax in thousandths of an em.
        name: PostScript name without subset tag, from the file's name.

    Raises:
        LetterProblem: the file is not a TrueType font with outlines that a PDF can embed.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._data = path.read_bytes()
        except OSError as error:
            raise LetterProblem(f"the font {path.name} cannot be read: {error.strerror}") from error
        self.name = "".join(c for c in path.stem if c.isascii() and c.isalnum())
        try:
            self._read()
        except (struct.error, KeyError, ValueError, IndexError) as error:
            raise LetterProblem(
                f"{path.name} is not a TrueType font with outlines (OTF/CFF is not supported)"
            ) from error

    def _read(self) -> None:
        count = struct.unpack(">H", self._data[4:6])[0]
        self._tables: dict[str, tuple[int, int]] = {}
        for k in range(count):
            tag, _, start, length = struct.unpack(">4sLLL", self._data[12 + 16 * k : 28 + 16 * k])
            self._tables[tag.decode("latin-1")] = (start, length)
        head, hhea = self._table("head"), self._table("hhea")
        self._scale = 1000 / struct.unpack(">H", head[18:20])[0]
        box = struct.unpack(">4h", head[36:44])
        self.box = tuple(round(v * self._scale) for v in box)
        ascent, descent = struct.unpack(">hh", hhea[4:8])
        self.ascent, self.descent = round(ascent * self._scale), round(descent * self._scale)
        self.cap_height = round(0.73 * 1000)
        wide = struct.unpack(">H", hhea[34:36])[0]
        self._metrics = self._table("hmtx")
        self._wide = wide
        long_format = struct.unpack(">h", head[50:52])[0]
        loca = self._table("loca")
        short = [] if long_format else [2 * v for v in _big_endian("H", loca)]
        self._loca = _big_endian("I", loca) if long_format else array("I", short)
        self._glyf = self._tables["glyf"][0]
        self.cmap = self._read_cmap()

    def _table(self, tag: str) -> bytes:
        start, length = self._tables[tag]
        return self._data[start : start + length]

    def _read_cmap(self) -> dict[int, int]:
        """The full Unicode map, subtable format 12 (fonts with supplementary planes have one)."""
        table = self._table("cmap")
        for k in range(struct.unpack(">H", table[2:4])[0]):
            platform, encoding, at = struct.unpack(">HHL", table[4 + 8 * k : 12 + 8 * k])
            if (platform, encoding) not in ((0, 4), (0, 6), (3, 10)):
                continue
            if struct.unpack(">H", table[at : at + 2])[0] != 12:
                continue
            groups = struct.unpack(">L", table[at + 12 : at + 16])[0]
            found: dict[int, int] = {}
            for first, last, glyph in struct.iter_unpack(
                ">LLL", table[at + 16 : at + 16 + 12 * groups]
            ):
                found.update((point, glyph + point - first) for point in range(first, last + 1))
            return {point: glyph for point, glyph in found.items() if glyph}
        raise KeyError("cmap format 12")

    def advance(self, glyph: int) -> float:
        """Advance width of a glyph in thousandths of an em."""
        at = 4 * min(glyph, self._wide - 1)
        return float(struct.unpack(">H", self._metrics[at : at + 2])[0] * self._scale)

    def _metric(self, glyph: int) -> bytes:
        if glyph < self._wide:
            return self._metrics[4 * glyph : 4 * glyph + 4]
        bearing = 4 * self._wide + 2 * (glyph - self._wide)
        last = self._metrics[4 * self._wide - 4 : 4 * self._wide - 2]
        return last + self._metrics[bearing : bearing + 2]

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file of .notdef (glyph 0) and the given glyphs, numbered from 1 in that order.

        Parts of composite glyphs are appended behind them.
        """
        order = [0, *glyphs]
        place: dict[int, int] = {}
        for position, glyph in enumerate(order):
            place.setdefault(glyph, position)
        outlines: list[bytes] = []
        offsets = array("I", [0])
        position = 0
        while position < len(order):
            glyph = order[position]
            start = self._glyf
            outline = self._data[start + self._loca[glyph] : start + self._loca[glyph + 1]]
            if len(outline) > 10 and outline[0] & 0x80:
                outline = _renumber(outline, place, order)
            outline += b"\0" * (-len(outline) % 4)
            outlines.append(outline)
            offsets.append(offsets[-1] + len(outline))
            position += 1
        return self._file(order, outlines, offsets)

    def _file(self, order: Sequence[int], outlines: list[bytes], offsets: array[int]) -> bytes:
        count = struct.pack(">H", len(order))
        head, maxp = self._table("head"), self._table("maxp")
        big = array("I", offsets)
        if struct.pack("=H", 1) == struct.pack("<H", 1):
            big.byteswap()
        tables = {
            "glyf": b"".join(outlines),
            "head": head[:8] + b"\0\0\0\0" + head[12:50] + b"\0\1" + head[52:],
            "hhea": self._table("hhea")[:34] + count,
            "hmtx": b"".join(map(self._metric, order)),
            "loca": big.tobytes(),
            "maxp": maxp[:4] + count + maxp[6:],
        }
        return _assemble(tables)


def _renumber(outline: bytes, place: dict[int, int], order: list[int]) -> bytes:
    """A composite outline whose parts carry their numbers in the subset; new parts are appended."""
    data, at, more = bytearray(outline), 10, True
    while more:
        flags, part = struct.unpack(">HH", data[at : at + 4])
        if part not in place:
            place[part] = len(order)
            order.append(part)
        struct.pack_into(">H", data, at + 2, place[part])
        at += 4 + (4 if flags & _ARGS_ARE_WORDS else 2)
        if flags & _HAS_SCALE:
            at += 2
        elif flags & _HAS_XY_SCALE:
            at += 4
        elif flags & _HAS_MATRIX:
            at += 8
        more = bool(flags & _MORE)
    return bytes(data)


def _assemble(tables: dict[str, bytes]) -> bytes:
    """A font file of the given tables with directory and checksums."""
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">LHHHH", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    directory, body, at = [header], [], 12 + 16 * count
    for tag in sorted(tables):
        content = tables[tag]
        padded = content + b"\0" * (-len(content) % 4)
        checksum = sum(_big_endian("I", padded)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sLLL", tag.encode(), checksum, at, len(content)))
        body.append(padded)
        at += len(padded)
    return b"".join(directory + body)
