"""PDF files of composed pages, on reportlab's canvas.

The bytes depend on the arguments alone. `invariant` keeps the clock out; the date and the document
ID are set here, since reportlab would else take them from the environment (SOURCE_DATE_EPOCH).
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from addrfix.letters.face import Face
from addrfix.letters.marks import Page
from addrfix.letters.page import PAGE

# Streams are bytes, a fifth smaller than with the text encoding that is reportlab's default.
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about itself beside its title."""

    author: str
    subject: str
    as_of: date


class PdfWriter:
    """Collects pages and gives one PDF.

    Args:
        face: any face that the pages use; a canvas begins with a font, and Helvetica, reportlab's
            own, is not embedded.
        about: document information; its date is the only clock.
    """

    def __init__(self, face: Face, about: About) -> None:
        self.page_count = 0
        """Pages so far."""
        self._about = about
        self._stamp = f"D:{about.as_of:%Y%m%d}000000+08'00'"
        self._digest = hashlib.md5(f"{about.as_of}".encode(), usedforsecurity=False)
        self._canvas = Canvas(
            io.BytesIO(),
            pagesize=tuple(round(value, 2) for value in PAGE),
            pageCompression=1,
            invariant=1,
            initialFontName=face.fontName,
            pdfVersion=(1, 4),
            lang="zh-CN",
        )

    def add(self, pages: Iterable[Page]) -> None:
        """Append pages."""
        for page in pages:
            for placed in page:
                placed.draw(self._canvas)
            self._show()

    def add_blank(self) -> None:
        """Append an empty page."""
        self._show()

    def attach(self, name: str, content: bytes) -> None:
        """Put a JSON file into the PDF, as readers list it under attachments."""
        document = self._canvas._doc
        about = {"Size": len(content), "ModDate": PDFString(self._stamp)}
        entries = {
            "Type": PDFName("EmbeddedFile"),
            "Subtype": "/application#2Fjson",
            "Filter": PDFName("FlateDecode"),
            "Params": PDFDictionary(about),
        }
        stream = PDFStream(PDFDictionary(entries), zlib.compress(content, 9))
        spec = {
            "Type": PDFName("Filespec"),
            "F": PDFString(name),
            "UF": PDFString(name),
            "EF": PDFDictionary({"F": document.Reference(stream)}),
        }
        listed = PDFArray([PDFString(name), document.Reference(PDFDictionary(spec))])
        files = PDFDictionary({"Names": listed})
        document.Catalog.Names = PDFDictionary({"EmbeddedFiles": files})

    def write(self, title: str) -> bytes:
        """The finished file; nothing can be added afterwards."""
        canvas, about = self._canvas, self._about
        canvas.setTitle(title)
        canvas.setAuthor(about.author)
        canvas.setSubject(about.subject)
        canvas.setCreator("addrfix")
        canvas.setProducer("addrfix")
        canvas.setDateFormatter(lambda *_: self._stamp)
        # What the document ID is made of; reportlab adds title, author and subject.
        canvas._doc.signature = self._digest
        return bytes(canvas.getpdfdata())

    def _show(self) -> None:
        self._digest.update(self._canvas.getCurrentPageContent().encode("latin-1"))
        self._canvas.showPage()
        self.page_count += 1
