"""Reads a template's folder: `template.toml` (layout, fields, tables) and a text file.

Everything is read and checked before a letter is drawn: a field that is used but not declared, one
that is declared as required but not used, a table or block that does not exist; each is told with
file, line and field, all in one message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from addrfix.knowledge import folder
from addrfix.letters.envelope import read_window
from addrfix.letters.facts import SOURCES, TYPES
from addrfix.letters.placeholders import BadPlaceholder, Text, fields, parse
from addrfix.letters.settings import Settings, finish, read_toml
from addrfix.letters.template import (
    SIGNATURE,
    Block,
    Cell,
    FieldUse,
    Paragraph,
    Row,
    Table,
    Template,
)
from addrfix.model.errors import BadSettings

# Figures of the layout: dotted key → lowest, highest.
_NUMBERS: Mapping[str, tuple[float, float]] = {
    "page.left_mm": (10, 60),
    "page.right_mm": (10, 60),
    "page.first_top_mm": (30, 200),
    "page.next_top_mm": (10, 100),
    "page.bottom_mm": (10, 80),
    "type.body_pt": (8, 16),
    "type.leading_pt": (10, 40),
    "type.heading_pt": (8, 24),
    "type.small_pt": (6, 12),
    "type.indent_em": (0, 6),
    "type.paragraph_gap_pt": (0, 20),
    "letterhead.size_pt": (10, 40),
    "letterhead.top_mm": (5, 60),
    "letterhead.rule_mm": (5, 80),
    "letterhead.tracking_em": (0, 2),
    "window_block.postcode_pt": (8, 16),
    "barcode.left_mm": (20, 205),
    "barcode.top_mm": (5, 280),
    "barcode.height_mm": (5, 30),
    "barcode.module_mm": (0.25, 0.6),
    "barcode.width_mm": (30, 120),
    "qr.left_mm": (5, 200),
    "qr.top_mm": (5, 280),
    "qr.size_mm": (10, 40),
    "reference.left_mm": (5, 200),
    "reference.top_mm": (5, 280),
    "reference.size_pt": (6, 14),
    "reference.leading_pt": (8, 30),
    "title_block.size_pt": (10, 40),
    "title_block.top_mm": (10, 200),
    "title_block.tracking_em": (0, 2),
    "next_head.top_mm": (5, 60),
    "footer.top_mm": (200, 292),
    "signature.centre_mm": (20, 190),
    "signature.leading_pt": (10, 40),
    "signature.gap_pt": (0, 100),
    "watermark.size_pt": (40, 400),
    "watermark.angle": (-90, 90),
    "watermark.grey": (0.8, 0.97),
}
# Where the QR code stands unless the template says it: right of the window, under the reference.
_DEFAULTS = {"qr.left_mm": 122.0, "qr.top_mm": 79.0, "qr.size_mm": 15.0}
_ONE_TEXT = ("letterhead", "title_block", "next_head", "watermark")
_LINES = ("reference", "footer", "signature")


def find_template(name: str) -> Path:
    """The folder of a shipped template, or of the user's own where `name` is a path.

    Raises:
        BadSettings: there is none; lists the shipped ones.
    """
    own = Path(name)
    if (own / "template.toml").is_file():
        return own
    shipped = folder("templates")
    names = sorted(path.parent.name for path in shipped.glob("*/template.toml"))
    if name in names:
        return shipped / name
    raise BadSettings(
        f"there is no template {name}: neither a shipped one ({', '.join(names)}) "
        "nor a folder with a template.toml"
    )


def read_template(name: str) -> Template:
    """Read and check a template.

    Raises:
        BadSettings: all faults of the folder in one message, each with file, line and field.
    """
    place = find_template(name)
    path = place / "template.toml"
    values, digest = read_toml(path, "template")
    faults: list[str] = []
    reader = _Reader(path, faults)
    root = Settings(values, "", faults)
    sections = {
        key: root.table(key, required=key != "qr")
        for key in dict.fromkeys(k.split(".")[0] for k in _NUMBERS)
    }
    numbers = {
        key: sections[key.split(".")[0]].number(
            key.split(".")[1], *limits, default=_DEFAULTS.get(key)
        )
        for key, limits in _NUMBERS.items()
    }
    declared = reader.fields(root.table("fields"))
    texts = _texts(reader, sections)
    tables = {key: reader.table(table) for key, table in root.table("tables").subtables()}
    body, text_digest = reader.body(place / root.text("text"), tables)
    window, window_digest = read_window(root.text("envelope"))
    if sections["page"].numbers("size_mm", 100, 500) != (210.0, 297.0):
        sections["page"].fault("size_mm", "must be [210, 297]: letters are printed on A4")
    regular, bold = (_font(place, sections["type"], key) for key in ("regular", "bold"))
    template = Template(
        name=root.text("name"),
        kind=root.text("kind"),
        title=root.text("title"),
        version=root.text("version"),
        sha256=hashlib.sha256("\n".join((digest, text_digest, window_digest)).encode()).hexdigest(),
        window=window,
        fonts=(regular, bold),
        numbers=numbers,
        window_sizes=sections["window_block"].numbers("size_pt", 8, 16),
        fold_marks_mm=sections["page"].numbers("fold_marks_mm", 1, 296, required=False),
        texts=texts,
        fields=declared,
        body=body,
        tables=tables,
    )
    reader.required(root.table("fields"))
    for settings in (root, *sections.values()):
        settings.done()
    finish(place, faults)
    return template


def _texts(reader: _Reader, sections: Mapping[str, Settings]) -> dict[str, tuple[Text, ...]]:
    """The texts of the fixed blocks."""
    texts = {key: (reader.parse(sections[key].text("text")),) for key in _ONE_TEXT}
    lines = {key: tuple(map(reader.parse, sections[key].texts("lines"))) for key in _LINES}
    return texts | lines


def _font(place: Path, settings: Settings, key: str) -> Path:
    """A font file of the template's own folder, or one of `templates/fonts/`."""
    name = settings.text(key)
    for candidate in (place / name, folder("templates") / "fonts" / name):
        if name and candidate.is_file():
            return candidate
    settings.fault(key, f"there is no font {name} in {place.name}/ or templates/fonts/")
    return place / name


class _Reader:
    """Reads texts with placeholders, noting which fields are used and every fault."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self._path = path
        self._lines = path.read_text(encoding="utf-8-sig").splitlines()
        self._faults = faults
        self._declared: dict[str, FieldUse] = {}
        self._used: set[str] = set()

    def fields(self, settings: Settings) -> dict[str, FieldUse]:
        """The declarations of fields."""
        for name, field in settings.subtables():
            source, kind = field.text("source"), field.text("type")
            field.flag("required", default=False)
            if source and source not in SOURCES:
                field.fault("source", f"{source} is not known (known: {', '.join(SOURCES)})")
            elif source and kind not in TYPES[SOURCES[source]]:
                allowed = " or ".join(TYPES[SOURCES[source]])
                field.fault("type", f"must be {allowed} for {source}")
            field.done()
            self._declared[name] = FieldUse(source, kind)
        return self._declared

    def required(self, settings: Settings) -> None:
        """Note the required fields that no text uses."""
        for name, field in settings.subtables():
            if field.flag("required", default=False) and name not in self._used:
                line = self._line_of(f'"{name}"', f"{name} ")
                self._faults.append(
                    f"{self._path.name}, line {line}: the field {name} is required "
                    "but no text of the template uses it"
                )

    def parse(self, source: str, at: tuple[str, int] | None = None) -> Text:
        """A text with its placeholders; `at` is file and line, else looked for in the TOML."""
        file, line = at or (self._path.name, self._line_of(source))
        try:
            text = parse(source)
        except BadPlaceholder as error:
            self._faults.append(f"{file}, line {line}: {error}")
            return ()
        for name in fields(text):
            self._used.add(name)
            if name not in self._declared:
                self._faults.append(
                    f"{file}, line {line}: {{{{{name}}}}} is not a field of this template "
                    f"(fields: {', '.join(self._declared)})"
                )
        return text

    def body(
        self, path: Path, tables: Mapping[str, Table]
    ) -> tuple[tuple[Paragraph | Block, ...], str]:
        """The items of the text file, and its SHA-256."""
        try:
            data = path.read_bytes()
            source = data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self._faults.append(f"{path.name}: cannot be read as UTF-8 text ({error})")
            return (), ""
        items: list[Paragraph | Block] = []
        for number, line in enumerate(source.splitlines(), start=1):
            text = line.strip()
            if not text or text.startswith("//"):
                continue
            at = (path.name, number)
            if text.startswith("[") and text.endswith("]"):
                block = Block(text[1:-1].strip())
                items.append(block)
                if block.name not in (*tables, SIGNATURE):
                    known = ", ".join((*tables, SIGNATURE))
                    self._faults.append(f"{path.name}, line {number}: no block {text} ({known})")
            elif text.startswith("## "):
                items.append(Paragraph("heading", self.parse(text[3:].strip(), at)))
            elif text.startswith("> "):
                items.append(Paragraph("flush", self.parse(text[2:].strip(), at)))
            else:
                items.append(Paragraph("body", self.parse(text, at)))
        if Block(SIGNATURE) not in items:
            self._faults.append(f"{path.name}: the block [{SIGNATURE}] is missing")
        return tuple(items), hashlib.sha256(data).hexdigest()

    def table(self, settings: Settings) -> Table:
        """One table."""
        widths = settings.numbers("widths_mm", 5, 200)
        rows: list[Row] = []
        for row in settings.tables("rows"):
            when = row.text("when", required=False) or None
            if when and when not in self._declared:
                row.fault("when", f"{when} is not a field of this template")
            cells = tuple(map(self._cell, row.items("cells")))
            if sum(cell.span for cell in cells) != len(widths):
                row.fault("cells", f"do not fill the {len(widths)} columns")
            row.done()
            rows.append(Row(cells, when))
        table = Table(
            widths,
            settings.number("size_pt", 7, 14),
            settings.number("row_pt", 10, 40),
            tuple(rows),
        )
        settings.done()
        return table

    def _cell(self, settings: Settings) -> Cell:
        cell = Cell(
            text=self.parse(settings.text("text")),
            span=settings.whole("span", 1, 20, default=1),
            align=settings.text("align", required=False, default="left", form=_align),
            bold=settings.flag("bold", default=False),
            shade=settings.flag("shade", default=False),
        )
        settings.done()
        return cell

    def _line_of(self, *pieces: str) -> int:
        """The line of template.toml that holds a piece of text; tomllib does not tell it."""
        for number, line in enumerate(self._lines, start=1):
            if any(piece and piece in line for piece in pieces):
                return number
        return 1


def _align(text: str) -> str | None:
    return None if text in ("left", "right", "centre") else "must be left, right or centre"
