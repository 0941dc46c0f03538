"""A print file: letters one after the other, each beginning on the front of a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.letters.enclosure import BadDocument, Given, enclosed, extent
from addrfix.letters.marks import Page
from addrfix.letters.pdf import PdfWriter
from addrfix.model.errors import LetterProblem


class PrintFile:
    """Collects letters and the documents behind them, and gives one PDF."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self._behind: list[tuple[int, Sequence[Given]]] = []
        self._documents = 0

    def add(self, pages: Sequence[Page], documents: Sequence[Given]) -> tuple[int, int]:
        """Append a letter; gives its first and its last page, from 1."""
        writer = self._writer
        start = writer.page_count + self._documents + 1
        writer.add(pages)
        # The next letter begins on the front of a sheet.
        if writer.page_count % 2:
            writer.add_blank()
        whole = extent(len(pages), [document.pages for document in documents])
        if documents:
            self._behind.append((writer.page_count, documents))
            self._documents = start - 1 + whole.pages + whole.pages % 2 - writer.page_count
        return start, start + whole.pages - 1

    def write(self, title: str) -> bytes:
        """The finished file; nothing can be added afterwards.

        Raises:
            LetterProblem: a document is no longer what it was when its letter was drawn.
        """
        content = self._writer.write(title)
        try:
            return enclosed(content, self._behind, fill=True) if self._behind else content
        except (BadDocument, OSError) as error:
            raise LetterProblem(
                f"{title}: a document was changed while the batch was made; leave the folder of "
                "the documents as it is and run the same command again"
            ) from error
