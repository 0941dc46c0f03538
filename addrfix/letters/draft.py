"""The words of one letter, put into the template: what is checked and then composed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from addrfix.letters.facts import LetterFacts, letter_values, sender_values, written
from addrfix.letters.placeholders import Value, Values
from addrfix.letters.sender import Sender
from addrfix.letters.template import Block, Cell, FieldUse, Paragraph, Row, Table, Template
from addrfix.model.errors import BadSettings


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table's rows that are printed, each cell with its text."""

    table: Table
    rows: tuple[tuple[tuple[Cell, str], ...], ...]


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph with its text."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in words."""

    facts: LetterFacts
    fixed: dict[str, tuple[str, ...]]
    """Lines of the fixed blocks: letterhead, title_block, reference, next_head, footer, signature,
    watermark."""
    body: tuple[DraftParagraph | DraftTable | Block, ...]

    def lines(self) -> Iterator[str]:
        """Every text of the letter, the window block excepted, in reading order."""
        for texts in self.fixed.values():
            yield from texts
        for item in self.body:
            if isinstance(item, DraftParagraph):
                yield item.text
            elif isinstance(item, DraftTable):
                for row in item.rows:
                    yield from (text for _, text in row)

    def window(self) -> tuple[str, ...]:
        """The texts of the window block."""
        facts = self.facts
        return (facts.postcode or "", facts.standardized, f"{facts.recipient}　收")


class Wording:
    """A template with the sender's fields put in, ready for the letters of a batch.

    Raises:
        BadSettings: the sender file lacks what the template requires of it.
    """

    def __init__(self, template: Template, sender: Sender, created_on: date) -> None:
        constant = sender_values(sender, created_on)
        known = {
            name: written(constant[use.source], use.kind)
            for name, use in template.fields.items()
            if use.source in constant
        }
        _complete(template, sender, known)
        self.template = _bound(template, known)
        self.constant: Values = known
        self._open: dict[str, FieldUse] = {
            name: use for name, use in template.fields.items() if name not in known
        }

    def draft(self, facts: LetterFacts) -> Draft:
        """The words of one letter."""
        raw = letter_values(facts)
        values: dict[str, Value] = {
            name: written(raw[use.source], use.kind) for name, use in self._open.items()
        }
        values.update(self.constant)
        template = self.template
        fixed = {
            key: tuple(text.render(values) for text in texts)
            for key, texts in template.texts.items()
        }
        body: list[DraftParagraph | DraftTable | Block] = []
        for place in template.flow.render(values).split():
            item = template.body[int(place)]
            if isinstance(item, Paragraph):
                text = item.text.render(values)
                if text.strip():
                    body.append(DraftParagraph(item.style, text))
            elif item.name in template.tables:
                body.append(_table(template.tables[item.name], values))
            else:
                body.append(item)
        return Draft(facts, fixed, tuple(body))


def _complete(template: Template, sender: Sender, known: Values) -> None:
    """Stop where a required field of the sender has no value: it would be missing everywhere."""
    lacking = [
        f"{name} ({use.source})"
        for name, use in template.fields.items()
        if use.required and name in known and not known[name]
    ]
    if lacking:
        raise BadSettings(
            f"{sender.path}: the template {template.name} needs {', '.join(lacking)}; "
            "see docs/templates.md for the part of the sender file that says it"
        )


def _table(table: Table, values: Values) -> DraftTable:
    rows: list[tuple[tuple[Cell, str], ...]] = []
    for row in table.rows:
        if row.when is not None and not row.when.render(values):
            continue
        for scope in _scopes(row, values):
            rows.append(tuple((cell, cell.text.render(scope)) for cell in row.cells))
    return DraftTable(table, tuple(rows))


def _scopes(row: Row, values: Values) -> Iterator[Values]:
    """The values for each time that a row is printed."""
    if row.each is None:
        yield values
        return
    name, field = row.each
    for one in values[field]:
        if isinstance(one, Mapping):
            yield {**values, name: one}


def _bound(template: Template, known: Values) -> Template:
    def bound_row(row: Row) -> Row:
        return replace(row, cells=tuple(replace(c, text=c.text.bound(known)) for c in row.cells))

    return replace(
        template,
        texts={key: tuple(t.bound(known) for t in texts) for key, texts in template.texts.items()},
        body=tuple(
            replace(item, text=item.text.bound(known)) if isinstance(item, Paragraph) else item
            for item in template.body
        ),
        tables={
            key: replace(table, rows=tuple(map(bound_row, table.rows)))
            for key, table in template.tables.items()
        },
    )
