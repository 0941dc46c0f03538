"""Text with placeholders: `{{field}}`, and `{{#field}}…{{/field}}` or `{{^field}}…{{/field}}`.

A small part of Mustache: a section with `#` is printed when the field has a value, one with `^`
when it has none. There is nothing else, so a template cannot run anything, and a value is put in as
it is: a value that holds `{{` or `<` is only text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

Values = Mapping[str, str | None]


class BadPlaceholder(ValueError):
    """A template's text cannot be read; the message names the field or tag."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field to be put in."""

    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """Text that is printed when a field has a value, or, `inverted`, when it has none."""

    name: str
    inverted: bool
    parts: Text


Text = tuple["str | Field | Section", ...]


def parse(source: str) -> Text:
    """The parts of a text.

    Raises:
        BadPlaceholder: an empty tag, or sections that do not close as they opened.
    """
    stack: list[tuple[str, bool, list[str | Field | Section]]] = [("", False, [])]
    at = 0
    for tag in _TAG.finditer(source):
        _literal(stack[-1][2], source[at : tag.start()])
        at = tag.end()
        kind, name = tag[1][:1], tag[1].lstrip("#^/").strip()
        if not name:
            raise BadPlaceholder("a placeholder without a field name")
        if kind in ("#", "^"):
            stack.append((name, kind == "^", []))
        elif kind == "/":
            opened, inverted, parts = stack.pop()
            if opened != name or not stack:
                raise BadPlaceholder(f"{{{{/{name}}}}} closes what is not open")
            stack[-1][2].append(Section(name, inverted, tuple(parts)))
        else:
            stack[-1][2].append(Field(name))
    _literal(stack[-1][2], source[at:])
    if len(stack) > 1:
        raise BadPlaceholder(f"{{{{#{stack[-1][0]}}}}} is not closed in the same paragraph")
    return tuple(stack[0][2])


def _literal(parts: list[str | Field | Section], text: str) -> None:
    if "{{" in text or "}}" in text:
        raise BadPlaceholder("{{ without }} or the other way round")
    if text:
        parts.append(text)


def fields(text: Text) -> Iterator[str]:
    """The names of the fields used, those of conditions included."""
    for part in text:
        if isinstance(part, Field):
            yield part.name
        elif isinstance(part, Section):
            yield part.name
            yield from fields(part.parts)


def is_constant(text: Text) -> bool:
    """Has the text no fields, or only such as have been put in."""
    return all(isinstance(part, str) for part in text)


def literals(text: Text) -> Iterator[str]:
    """The words that are in the template itself."""
    for part in text:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Section):
            yield from literals(part.parts)


def bind(text: Text, values: Values) -> Text:
    """The same text with the fields that `values` knows put in; others stay."""
    parts: list[str | Field | Section] = []
    for part in text:
        if isinstance(part, str):
            parts.append(part)
        elif part.name not in values:
            inner = bind(part.parts, values) if isinstance(part, Section) else ()
            parts.append(
                Section(part.name, part.inverted, inner) if isinstance(part, Section) else part
            )
        elif isinstance(part, Field):
            parts.append(values[part.name] or "")
        elif bool(values[part.name]) is not part.inverted:
            parts.extend(bind(part.parts, values))
    return tuple(parts)


def render(text: Text, values: Values) -> str:
    """The text with every field put in.

    Raises:
        KeyError: a field that `values` does not know.
    """
    shown: list[str] = []
    for part in text:
        if isinstance(part, str):
            shown.append(part)
        elif isinstance(part, Field):
            shown.append(values[part.name] or "")
        elif bool(values[part.name]) is not part.inverted:
            shown.append(render(part.parts, values))
    return "".join(shown)
