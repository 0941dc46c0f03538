"""Writes PDF files from composed pages: fonts, forms, pages, document information.

pikepdf holds the objects and writes the file; what goes into it, and so its bytes, depends on the
arguments alone (document ID by digest, dates from `as_of`).
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pikepdf
from pikepdf import Array, Dictionary, Name

from addrfix.letters.face import Face, FontPart

POINTS_PER_MM = 72 / 25.4
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Form:
    """Something drawn on many pages and stored once per file; units are points.

    `image` is a 1-bit mask (width, height, deflated rows; 1 paints) instead of `operators`.
    """

    name: str
    operators: str = ""
    box: tuple[float, float, float, float] = (0, 0, 0, 0)
    image: tuple[int, int, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A composed page: its operators deflated, and the characters outside of the faces' cores."""

    content: bytes
    rest: dict[str, frozenset[str]] = field(default_factory=dict)
    """Characters by face key."""


def deflate(operators: str) -> bytes:
    """A content stream as it is stored."""
    return zlib.compress(operators.encode("ascii"), _LEVEL)


class PdfWriter:
    """Collects pages and writes one PDF.

    Args:
        faces: the faces that pages use.
        forms: the forms that pages and other forms may draw; a form draws only earlier ones.
        size: page width and height in points.
    """

    def __init__(
        self, faces: Sequence[Face], forms: Iterable[Form], size: tuple[float, float]
    ) -> None:
        self._pdf = pikepdf.Pdf.new()
        self._faces = faces
        self._size = [f"{value:.2f}" for value in size]
        self._rest: dict[str, set[str]] = {face.key: set() for face in faces}
        self._fonts = self._pdf.make_indirect(Dictionary())
        forms_dictionary = self._pdf.make_indirect(Dictionary())
        self._resources = self._pdf.make_indirect(
            Dictionary(Font=self._fonts, XObject=forms_dictionary)
        )
        for form in forms:
            forms_dictionary[f"/{form.name}"] = self._form(form)

    @property
    def page_count(self) -> int:
        """Pages so far."""
        return len(self._pdf.pages)

    def add(self, pages: Iterable[Page]) -> None:
        """Append pages."""
        for page in pages:
            stream = self._stream(page.content)
            self._append(stream)
            for key, chars in page.rest.items():
                self._rest[key].update(chars)

    def add_blank(self) -> None:
        """Append an empty page."""
        self._append(self._stream(deflate("")))

    def write(self, *, title: str, creator: str, as_of: date) -> bytes:
        """The finished file; the writer cannot be used afterwards."""
        for face in self._faces:
            self._fonts[f"/{face.key}0"] = self._font(face, face.core_part)
            rest = "".join(sorted(self._rest[face.key]))
            if rest:
                self._fonts[f"/{face.key}1"] = self._font(face, face.part(rest))
        stamp = f"D:{as_of:%Y%m%d}000000+08'00'"
        self._pdf.docinfo = self._pdf.make_indirect(
            Dictionary(Title=title, Producer=creator, CreationDate=stamp, ModDate=stamp)
        )
        self._pdf.Root.Lang = pikepdf.String("zh-CN")
        buffer = io.BytesIO()
        self._pdf.save(
            buffer,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        self._pdf.close()
        return buffer.getvalue()

    def _append(self, stream: pikepdf.Stream) -> None:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=pikepdf.Object.parse(f"[0 0 {' '.join(self._size)}]".encode()),
            Resources=self._resources,
            Contents=stream,
        )
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def _stream(self, deflated: bytes) -> pikepdf.Stream:
        stream = self._pdf.make_stream(deflated)
        stream["/Filter"] = Name.FlateDecode
        return stream

    def _form(self, form: Form) -> pikepdf.Stream:
        if form.image is None:
            stream = self._stream(deflate(form.operators))
            box = " ".join(f"{value:.2f}" for value in form.box)
            entries = f"/Subtype /Form /FormType 1 /BBox [{box}]"
            stream["/Resources"] = self._resources
        else:
            width, height, rows = form.image
            stream = self._stream(rows)
            entries = (
                f"/Subtype /Image /Width {width} /Height {height} "
                "/ImageMask true /BitsPerComponent 1 /Decode [1 0]"
            )
        for key, value in pikepdf.Object.parse(f"<</Type /XObject {entries}>>".encode()).items():
            stream[key] = value
        return stream

    def _font(self, face: Face, part: FontPart) -> pikepdf.Object:
        program = self._stream(part.program)
        program["/Length1"] = part.program_length
        font = face.font
        name = Name("/" + part.base_name)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array(list(font.box)),
            ItalicAngle=0,
            Ascent=font.ascent,
            Descent=font.descent,
            CapHeight=font.cap_height,
            StemV=80,
            FontFile2=program,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=self._pdf.make_indirect(descriptor),
            DW=1000,
            W=pikepdf.Object.parse(part.widths.encode()),
            CIDToGIDMap=self._stream(part.glyph_map),
        )
        whole = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([self._pdf.make_indirect(descendant)]),
            ToUnicode=self._stream(part.to_unicode),
        )
        return self._pdf.make_indirect(whole)
