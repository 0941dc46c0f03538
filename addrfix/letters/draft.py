"""The words of one letter, put into the template: what is checked and then composed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from addrfix.letters.facts import LetterFacts, letter_values, sender_values, written
from addrfix.letters.placeholders import Text, Values, bind, render
from addrfix.letters.sender import Sender
from addrfix.letters.template import Block, Cell, FieldUse, Paragraph, Row, Table, Template


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
    """A template with the sender's fields put in, ready for the letters of a batch."""

    def __init__(self, template: Template, sender: Sender, created_on: date) -> None:
        constant = sender_values(sender, created_on)
        known = {
            name: written(constant[use.source], use.kind)
            for name, use in template.fields.items()
            if use.source in constant
        }
        self.template = _bound(template, known)
        self.constant: Values = known
        self._open: dict[str, FieldUse] = {
            name: use for name, use in template.fields.items() if name not in known
        }

    def draft(self, facts: LetterFacts) -> Draft:
        """The words of one letter."""
        raw = letter_values(facts)
        values: dict[str, str | None] = {
            name: written(raw[use.source], use.kind) for name, use in self._open.items()
        }
        everything = {**self.constant, **values}
        fixed = {
            key: tuple(_shown(text, values) for text in texts)
            for key, texts in self.template.texts.items()
        }
        body: list[DraftParagraph | DraftTable | Block] = []
        for item in self.template.body:
            if isinstance(item, Paragraph):
                text = _shown(item.text, values)
                if text.strip():
                    body.append(DraftParagraph(item.style, text))
            elif item.name in self.template.tables:
                body.append(_table(self.template.tables[item.name], everything))
            else:
                body.append(item)
        return Draft(facts, fixed, tuple(body))


def _shown(text: Text, values: Values) -> str:
    # Most paragraphs hold no field of the letter and are one piece.
    if len(text) == 1 and isinstance(text[0], str):
        return text[0]
    return render(text, values)


def _table(table: Table, values: Values) -> DraftTable:
    rows = [row for row in table.rows if row.when is None or values.get(row.when)]
    cells = (tuple((cell, _shown(cell.text, values)) for cell in row.cells) for row in rows)
    return DraftTable(table, tuple(cells))


def _bound(template: Template, known: Values) -> Template:
    def joined(text: Text) -> Text:
        parts = bind(text, known)
        if all(isinstance(part, str) for part in parts):
            return (render(parts, {}),)
        return parts

    def bound_row(row: Row) -> Row:
        return replace(row, cells=tuple(replace(c, text=joined(c.text)) for c in row.cells))

    return replace(
        template,
        texts={key: tuple(map(joined, texts)) for key, texts in template.texts.items()},
        body=tuple(
            replace(item, text=joined(item.text)) if isinstance(item, Paragraph) else item
            for item in template.body
        ),
        tables={
            key: replace(table, rows=tuple(map(bound_row, table.rows)))
            for key, table in template.tables.items()
        },
    )
