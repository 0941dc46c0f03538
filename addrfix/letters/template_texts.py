"""Reads the words of a template: declared fields, the text file, tables; notes every fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from addrfix.letters.facts import SOURCES, TYPES
from addrfix.letters.placeholders import BadPlaceholder, Kinds, Text, parse, plain
from addrfix.letters.placeholders import Row as Columns
from addrfix.letters.rows import COLUMNS
from addrfix.letters.settings import Settings
from addrfix.letters.template import SIGNATURE, Block, Cell, FieldUse, Paragraph, Row, Table

# A line that is one tag and nothing else: it belongs to the paragraphs and tables around it.
_TAG_LINE = re.compile(r"\{%(?:(?!%\}).)*%\}")
_EACH = re.compile(r"(\w+)\s+in\s+(\w+)")
_STYLES = {"## ": "heading", "> ": "flush"}


class TextReader:
    """Reads texts with placeholders, noting which fields are used and every fault.

    Args:
        path: of `template.toml`.
        faults: where sentences are added, each with file, line and field.
    """

    def __init__(self, path: Path, faults: list[str]) -> None:
        self._path = path
        self._lines = path.read_text(encoding="utf-8-sig").splitlines()
        self._faults = faults
        self._declared: dict[str, FieldUse] = {}
        self._kinds: Kinds = {}
        self._used: set[str] = set()

    def fields(self, settings: Settings) -> dict[str, FieldUse]:
        """The declarations of fields."""
        for name, field in settings.subtables():
            source, kind = field.text("source"), field.text("type")
            required = field.flag("required", default=False)
            if not name.isidentifier() or name in ("loop", "not", "and", "or", "in", "if", "else"):
                field.fault("source", "the field's name must be one word of characters and digits")
            elif source and source not in SOURCES:
                field.fault("source", f"{source} is not known (known: {', '.join(SOURCES)})")
            elif source and kind not in TYPES[SOURCES[source]]:
                allowed = " or ".join(TYPES[SOURCES[source]])
                field.fault("type", f"must be {allowed} for {source}")
            field.done()
            self._declared[name] = FieldUse(source, kind, required)
        self._kinds = {
            name: COLUMNS.get(use.source, use.kind) for name, use in self._declared.items()
        }
        return self._declared

    def required(self) -> None:
        """Note the required fields that no text uses."""
        for name, use in self._declared.items():
            if use.required and name not in self._used:
                line = self._line_of(f'"{name}"', f"{name} ")
                self._faults.append(
                    f"{self._path.name}, line {line}: the field {name} is required "
                    "but no text of the template uses it"
                )

    def parse(
        self,
        source: str,
        at: tuple[str, int] | None = None,
        *,
        repeats: bool = True,
        row: tuple[str, Columns] | None = None,
    ) -> Text:
        """A text with its placeholders; `at` is file and line, else looked for in the TOML."""
        file, line = at or (self._path.name, self._line_of(source))
        try:
            text = parse(source, self._kinds, repeats=repeats, row=row)
        except BadPlaceholder as error:
            # What a faulty text uses is not known; only its own faults are told.
            self._used.update(name for name in self._declared if name in source)
            for inside, sentence in error.faults:
                self._faults.append(f"{file}, line {line + inside - 1}: {sentence}")
            return plain("")
        self._used |= text.fields
        return text

    def body(
        self, path: Path, tables: Mapping[str, Table]
    ) -> tuple[tuple[Paragraph | Block, ...], Text, str]:
        """The items of the text file, the text that tells which are shown, and its SHA-256.

        The last is empty where the file cannot be read: then nothing is known of what it uses.
        """
        source, data = self._read(path)
        if source is None:
            return (), plain(""), ""
        items: list[Paragraph | Block] = []
        # One line for each line of the file, so that faults of tags are told with their line.
        flow: list[str] = []
        for number, line in enumerate(source.splitlines(), start=1):
            text = line.strip()
            if not text or text.startswith("//"):
                flow.append("")
            elif _TAG_LINE.fullmatch(text):
                flow.append(text)
            else:
                flow.append(f"{len(items)} ")
                items.append(self._item(text, (path.name, number), tables))
        shown = self.parse("\n".join(flow), (path.name, 1), repeats=False)
        return tuple(items), shown, hashlib.sha256(data).hexdigest()

    def _read(self, path: Path) -> tuple[str | None, bytes]:
        try:
            data = path.read_bytes()
            return data.decode("utf-8-sig"), data
        except UnicodeDecodeError as error:
            fault = f"not UTF-8 (byte {error.start}); save the file as UTF-8"
        except FileNotFoundError:
            fault = "there is no such file"
        except OSError as error:
            fault = f"cannot be read: {error.strerror}"
        self._faults.append(f"{path.name}: {fault}")
        return None, b""

    def _item(
        self, text: str, at: tuple[str, int], tables: Mapping[str, Table]
    ) -> Paragraph | Block:
        """A paragraph, or a table or the signature at its place."""
        if text.startswith("[") and text.endswith("]"):
            block = Block(text[1:-1].strip())
            if block.name not in (*tables, SIGNATURE):
                known = ", ".join((*tables, SIGNATURE))
                self._faults.append(f"{at[0]}, line {at[1]}: no block {text} ({known})")
            return block
        for mark, style in _STYLES.items():
            if text.startswith(mark):
                return Paragraph(style, self.parse(text.removeprefix(mark).strip(), at))
        return Paragraph("body", self.parse(text, at))

    def table(self, settings: Settings) -> Table:
        """One table."""
        widths = settings.numbers("widths_mm", 5, 200)
        rows = tuple(self._row(row, len(widths)) for row in settings.tables("rows"))
        table = Table(
            widths, settings.number("size_pt", 7, 14), settings.number("row_pt", 10, 60), rows
        )
        settings.done()
        return table

    def _row(self, settings: Settings, columns: int) -> Row:
        when = settings.text("when", required=False)
        each, scope = self._each(settings)
        at = (self._path.name, self._line_of(f'when = "{when}"'))
        condition = self.parse(f"{{% if {when} %}}1{{% endif %}}", at) if when else None
        cells = tuple(self._cell(cell, scope) for cell in settings.items("cells"))
        if sum(cell.span for cell in cells) != columns:
            settings.fault("cells", f"do not fill the {columns} columns")
        settings.done()
        return Row(cells, condition, each)

    def _each(
        self, settings: Settings
    ) -> tuple[tuple[str, str] | None, tuple[str, Columns] | None]:
        """For which rows a row is repeated: name of one and field, name of one and its columns."""
        written = settings.text("each", required=False)
        if not written:
            return None, None
        found = _EACH.fullmatch(written)
        columns = self._kinds.get(found[2]) if found else None
        if found is None or not isinstance(columns, Mapping):
            settings.fault("each", 'is written each = "row in rows", where rows is a field of rows')
            return None, None
        if found[1] in self._kinds:
            settings.fault("each", f"{found[1]} is a field already; name the row otherwise")
        self._used.add(found[2])
        return (found[1], found[2]), (found[1], columns)

    def _cell(self, settings: Settings, row: tuple[str, Columns] | None) -> Cell:
        cell = Cell(
            text=self.parse(settings.text("text", blank=True), row=row),
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
