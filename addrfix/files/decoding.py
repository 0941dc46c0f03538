"""Bytes of a text file to text, in pieces of whole lines.

One pass, no look at the whole file: bytes are ASCII until the first line that is not; the piece of
4 MB in which that line stands decides between UTF-8 and GB18030 (which holds GBK and GB2312). A
later line that does not decode is read as the other one where that plainly fits (files pasted
together), else its bad bytes become U+FFFD and the line is reported. Python's gb18030 is used
since its gbk fails on rare characters.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from addrfix.files.sniffing import looks_utf16
from addrfix.model.errors import BadInput, BadUsage

PIECE = 4 << 20
# Names of --encoding, written with "-" or "_", to Python's codecs. Closed: some of Python's own
# are no encodings of files (idna, punycode, rot13), and others fail where a line is cut.
_CODECS = {
    **dict.fromkeys(("utf_8", "utf8", "utf_8_sig"), "utf-8"),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "cp936", "936", "ms936", "euc_cn"), "gb18030"),
    "ansi": "gb18030",
    **dict.fromkeys(("utf_16", "utf16"), "utf-16"),
    **dict.fromkeys(("utf_16_le", "utf_16le"), "utf-16-le"),
    **dict.fromkeys(("utf_16_be", "utf_16be"), "utf-16-be"),
    **dict.fromkeys(("big5", "cp950"), "big5"),
    "big5hkscs": "big5hkscs",
    **dict.fromkeys(("latin_1", "latin1", "iso_8859_1"), "latin-1"),
    **dict.fromkeys(("cp1252", "windows_1252"), "cp1252"),
    **dict.fromkeys(("ascii", "us_ascii"), "ascii"),
}
# 省, 路, 县, 号 and 村 in UTF-8 begin with these when read as GB18030; hardly anybody's text does.
_UTF8_AS_GB = ("鐪", "璺", "鍘", "鍙", "鏉")
# Rare characters of names lie outside GB2312, so a line need not fit it whole.
_PLAIN_SHARE = 0.9


def codec_named(encoding: str) -> str:
    """Python's codec for a value of `--encoding`.

    Raises:
        BadUsage: not one of the encodings that files are read in.
    """
    wanted = encoding.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted not in _CODECS:
        raise BadUsage(
            f"--encoding {encoding}: no such encoding of files; use utf-8, "
            "gb18030 (for GBK and GB2312), utf-16, utf-16-le, utf-16-be, big5, latin-1 or cp1252"
        )
    return _CODECS[wanted]


@dataclass
class Decoder:
    """Decodes one file; what it notices stands in `notes` and `take_unread()`."""

    name: str
    encoding: str | None = None
    """Codec asked for, or found; None while everything was ASCII."""
    line: int = 0
    """Lines that were given out."""
    notes: list[str] = field(default_factory=list)
    _forced: bool = False
    _unread: list[str] = field(default_factory=list)
    _mixed: bool = False

    def __post_init__(self) -> None:
        if self.encoding is None:
            return
        self._forced = True
        self.encoding = codec_named(self.encoding)

    def take_unread(self) -> list[str]:
        """Sentences for the lines that did not decode since the last call."""
        taken, self._unread = self._unread, []
        return taken

    def texts(self, pieces: Iterator[bytes]) -> Iterator[str]:
        """Text in pieces that end with a line end, the last one excepted.

        Raises:
            BadInput: the bytes are not of the encoding at all.
        """
        try:
            yield from self._texts(pieces)
        except UnicodeError:
            raise BadInput(
                f"{self.name} cannot be read as {self.encoding or 'text'}; name the encoding that "
                "it is in with --encoding, or save it again as UTF-8"
            ) from None

    def _texts(self, pieces: Iterator[bytes]) -> Iterator[str]:
        first = next(pieces, b"")
        wide = self._wide_codec(first)
        if wide:
            yield from self._wide(wide, first, pieces)
            return
        rest = first.removeprefix(codecs.BOM_UTF8)
        if rest is not first and len(rest) != len(first) and not self._forced:
            self.encoding = "utf-8"
        for piece in pieces:
            cut = rest.rfind(b"\n") + 1
            if cut:
                yield self._counted(self._decode(rest[:cut]))
                rest = rest[cut:]
            rest += piece
        if rest:
            yield self._counted(self._decode(rest))

    def _wide_codec(self, first: bytes) -> str | None:
        """A codec in which a line end is not the byte 0A."""
        if self.encoding is None:
            return looks_utf16(first)
        if self.encoding == "utf-16":
            # Python's own codec stops where there is no mark; Windows writes the little end first.
            if b"\0" not in first:
                raise BadInput(
                    f"{self.name} is not in UTF-16 as --encoding says; leave the option out"
                )
            return looks_utf16(first) or "utf-16-le"
        return self.encoding if self.encoding.startswith("utf-16") else None

    def _wide(self, codec: str, first: bytes, pieces: Iterator[bytes]) -> Iterator[str]:
        self.notes.append(f"{self.name} was read as {codec.upper()}")
        decoder = codecs.getincrementaldecoder(codec)("replace")
        rest = decoder.decode(first).removeprefix("\ufeff")
        for piece in (*pieces, b""):
            cut = rest.rfind("\n") + 1
            if cut:
                yield self._counted(self._reported(rest[:cut]))
                rest = rest[cut:]
            rest += decoder.decode(piece, final=not piece)
        if rest:
            yield self._counted(self._reported(rest))

    def _reported(self, text: str) -> str:
        if "\ufffd" in text:
            for number, line in enumerate(text.split("\n"), start=self.line + 1):
                if "\ufffd" in line:
                    self._report(number)
        return text

    def _counted(self, text: str) -> str:
        self.line += text.count("\n")
        return text

    def _decode(self, data: bytes) -> str:
        if data.isascii():
            return data.decode("ascii")
        if self.encoding is None:
            self._choose(data)
        codec = self.encoding or "utf-8"
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            return self._by_line(data, codec)
        if codec == "gb18030" and not self._forced and any(sign in text for sign in _UTF8_AS_GB):
            return self._by_line(data, codec)
        return text

    def _choose(self, data: bytes) -> None:
        """Decide by the lines of the first piece that is not ASCII."""
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            lines = [line for line in data.split(b"\n") if not line.isascii()]
            utf8 = sum(_decodes(line, "utf-8") for line in lines)
            chinese = sum(_decodes(line, "gb18030") for line in lines)
            if len(lines) > 20 and max(utf8, chinese) < len(lines) * 0.5:
                raise BadInput(
                    f"{self.name} is not text in UTF-8, GB18030 or UTF-16; "
                    "if it is in another encoding name it with --encoding"
                ) from None
            self.encoding = "utf-8" if utf8 > chinese - utf8 else "gb18030"
            if self.encoding == "gb18030":
                self.notes.append(f"{self.name} was read as GB18030")
        else:
            self.encoding = "utf-8"

    def _by_line(self, data: bytes, codec: str) -> str:
        return "\n".join(
            self._line(line, codec, number)
            for number, line in enumerate(data.split(b"\n"), start=self.line + 1)
        )

    def _line(self, line: bytes, codec: str, number: int) -> str:
        if line.isascii():
            return line.decode("ascii")
        if not self._forced:
            other = _other_reading(line, codec)
            if other is not None:
                self._mix(number, codec)
                return other
        try:
            return line.decode(codec)
        except UnicodeDecodeError:
            self._report(number)
            return line.decode(codec, "replace")

    def _mix(self, number: int, codec: str) -> None:
        if self._mixed:
            return
        self._mixed = True
        name, other = ("UTF-8", "GB18030") if codec == "utf-8" else ("GB18030", "UTF-8")
        self.notes.append(
            f"{self.name} mixes encodings: from line {number} on, lines in {other} stand in a file "
            f"in {name}; each line was read as what it is"
        )

    def _report(self, number: int) -> None:
        self._unread.append(
            f"{self.name}, line {number}: bytes that do not decode were replaced by U+FFFD"
        )


def _decodes(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _other_reading(line: bytes, codec: str) -> str | None:
    """The line in the encoding that the file is not in, where it plainly is that; else None."""
    try:
        if codec == "utf-8":
            if _decodes(line, "utf-8"):
                return None
            text = line.decode("gb18030")
            wide = [char for char in text if char > "\x7f"]
            plain = sum(_encodes(char) for char in wide)
            return text if plain >= _PLAIN_SHARE * len(wide) else None
        if codec == "gb18030":
            text = line.decode("utf-8")
            return text if any("\u4e00" <= char <= "\u9fff" for char in text) else None
    except UnicodeDecodeError:
        return None
    return None


def _encodes(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
