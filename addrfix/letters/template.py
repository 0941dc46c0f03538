"""What a letter's template is once it has been read (`addrfix.letters.template_files` reads it)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from addrfix.letters.envelope import Window
from addrfix.letters.placeholders import Text
from addrfix.letters.qr import QUIET_MODULES

SIGNATURE = "落款"
"""The built-in block of signature and seal."""
BOLD_TEXTS = ("letterhead", "title_block", "watermark")
"""Fixed blocks in bold type."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of template is; rules name the kinds that they apply to."""

    signed: bool
    """The firm signs it, with the block of signature and seal."""
    amounts: bool
    """It says what is owed, and the rules on sums apply; the others must not say it."""


KINDS: Mapping[str, Kind] = {
    "lawyer_letter": Kind(signed=True, amounts=True),
    "demand_notice": Kind(signed=True, amounts=True),
    "assignment_notice": Kind(signed=True, amounts=True),
    "address_confirmation": Kind(signed=False, amounts=False),
    "cover_sheet": Kind(signed=False, amounts=False),
    "court_forwarding": Kind(signed=True, amounts=False),
}


@dataclass(frozen=True, slots=True)
class FieldUse:
    """Where a field's value comes from and how it is written."""

    source: str
    kind: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text: `body` (indented), `flush` or `heading`."""

    style: str
    text: Text


@dataclass(frozen=True, slots=True)
class Block:
    """A table or the signature, at its place in the text."""

    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over `span` columns."""

    text: Text
    span: int
    align: str
    bold: bool
    shade: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, printed where `when` prints anything, and once for each row of `each`."""

    cells: tuple[Cell, ...]
    when: Text | None
    each: tuple[str, str] | None = None
    """The name of one row in the cells, and the field of rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column widths in millimetres, type size and row height in points."""

    widths_mm: tuple[float, ...]
    size_pt: float
    row_pt: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been read and found whole."""

    name: str
    kind: str
    title: str
    version: str
    sha256: str
    """Over all files of the template and the window's figures."""
    window: Window
    fonts: tuple[Path, Path]
    """Regular and bold."""
    numbers: Mapping[str, float]
    """Every figure of the layout by its dotted key, e.g. `page.left_mm`."""
    window_sizes: tuple[float, ...]
    fold_marks_mm: tuple[float, ...]
    texts: Mapping[str, tuple[Text, ...]]
    """Texts of the fixed blocks: letterhead, title_block, reference, next_head, footer, signature,
    watermark."""
    fields: Mapping[str, FieldUse]
    body: tuple[Paragraph | Block, ...]
    flow: Text
    """Prints the places in `body`, from 0, of what a letter shows, each with a space behind it."""
    tables: Mapping[str, Table]

    @property
    def barcode_mm(self) -> tuple[float, float, float, float]:
        """Where the barcode is looked for on the first page: left, top, width, height."""
        left, top, width, height = (
            self.numbers[f"barcode.{key}_mm"] for key in ("left", "top", "width", "height")
        )
        return (left - 3, top, width + 6, height)

    @property
    def qr_mm(self) -> tuple[float, float, float, float]:
        """Where the QR code is looked for on the first page: left, top, width, height."""
        left, top, side = (self.numbers[f"qr.{key}_mm"] for key in ("left", "top", "size"))
        quiet = side * QUIET_MODULES / 21
        return (left - quiet, top - quiet, side + 2 * quiet, side + 2 * quiet)

    def marked_texts(self) -> Iterator[tuple[Text, bool]]:
        """Every text of the template, and whether it is in bold type."""
        for key, texts in self.texts.items():
            yield from ((text, key in BOLD_TEXTS) for text in texts)
        for item in self.body:
            if isinstance(item, Paragraph):
                yield item.text, item.style == "heading"
        for table in self.tables.values():
            for row in table.rows:
                yield from ((cell.text, cell.bold) for cell in row.cells)

    def words(self) -> Iterator[str]:
        """The template's own words, text by text, those of all branches."""
        return (text.words for text, _ in self.marked_texts())

    def characters(self) -> tuple[set[str], set[str]]:
        """The characters of the template's own words, in regular and in bold type."""
        found: tuple[set[str], set[str]] = set(), set()
        for text, bold in self.marked_texts():
            found[bold].update(text.words)
        return found

    @property
    def states_amounts(self) -> bool:
        """Does a letter say what is owed."""
        return KINDS[self.kind].amounts

    @property
    def takes_documents(self) -> bool:
        """Do documents of courts go out behind a letter."""
        return any(use.source == "case.documents" for use in self.fields.values())
