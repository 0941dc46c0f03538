"""Text with placeholders, conditions and repetitions, as a lawyer writes it in a template.

`{{field}}` puts a value in, `{% if … %}…{% elif … %}…{% else %}…{% endif %}` prints on a condition,
`{% for row in rows %}…{% endfor %}` repeats. Jinja reads and compiles the text, once per template;
of its language only this much is allowed, and everything else is refused before a letter is drawn:
no call, no attribute but the columns of a repeated row, no arithmetic, no include, no assignment.
A value is put in as it is and never read again: one that holds `{{` or `<` is only text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from addrfix.letters.amounts import money_words


class Written(str):
    """A number as a letter writes it, which conditions compare as the number that it is.

    Where there is none it is "", and every comparison but `!=` is false.
    """

    __slots__ = ("number",)
    number: Decimal | int | None

    def __new__(cls, text: str, number: Decimal | int | None) -> Written:
        """The text and the number."""
        made = super().__new__(cls, text)
        made.number = number
        return made

    def __eq__(self, other: object) -> bool:
        return self.number == other if isinstance(other, int | float) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __lt__(self, other: float) -> bool:  # type: ignore[override]  # compared with numbers
        return self.number is not None and self.number < other

    def __le__(self, other: float) -> bool:  # type: ignore[override]
        return self.number is not None and self.number <= other

    def __gt__(self, other: float) -> bool:  # type: ignore[override]
        return self.number is not None and self.number > other

    def __ge__(self, other: float) -> bool:  # type: ignore[override]
        return self.number is not None and self.number >= other


Row = Mapping[str, str]
"""Column → value, of a repeated row."""
Value = str | Row | tuple[Row, ...]
"""A field's value, "" where there is none."""
Values = Mapping[str, Value]
Kinds = Mapping[str, str | Row]
"""Field → kind of its value; a field of rows → its columns and their kinds."""


class BadPlaceholder(ValueError):
    """A template's text cannot be read; `faults` are line (from 1, in the text) and sentence."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Field:
    """A field to be put in."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text that has been read; made by `parse` and `plain`."""

    parts: tuple[str | Field, ...]
    """What it can print, in order: words and fields, those of all branches."""
    fields: frozenset[str]
    """All fields that must be known to print it, those of conditions included."""
    compiled: Compiled | None = None
    """None where it is `parts`, one after the other."""

    def render(self, values: Values) -> str:
        """The text with every field put in.

        Raises:
            KeyError: a field that `values` does not know.
        """
        if self.compiled is None:
            shown = [p if isinstance(p, str) else values[p.name] for p in self.parts]
            return "".join(shown)  # type: ignore[arg-type]  # rows cannot stand in a placeholder
        compiled = self.compiled
        return "".join(compiled.root_render_func(compiled.new_context(dict(values), shared=True)))

    def bound(self, known: Values) -> Text:
        """The same text where these values stay the same; `render` is still given all of them."""
        parts = tuple(self._known(part, known) for part in self.parts)
        rest = self.fields - known.keys()
        return replace(self, parts=parts, fields=rest) if rest else plain(self.render(known))

    @staticmethod
    def _known(part: str | Field, known: Values) -> str | Field:
        value = known.get(part.name) if isinstance(part, Field) else None
        return value if isinstance(value, str) else part

    @property
    def words(self) -> str:
        """What can be printed whatever the fields are: the words of all branches."""
        return "".join(part for part in self.parts if isinstance(part, str))


def plain(text: str) -> Text:
    """A text in which nothing is to be put in."""
    return Text((text,) if text else (), frozenset())


def _last_four(value: str) -> str:
    return value[-4:]


def _capitals(value: str) -> str:
    number = getattr(value, "number", None)
    try:
        return "" if number is None else money_words(Decimal(number))
    except ValueError:
        # An amount that cannot be said; a rule holds the letter.
        return ""


def _or_else(value: str, other: str) -> str:
    return value or other


def _count(rows: tuple[Row, ...]) -> int:
    return len(rows)


FILTERS = {"大写": _capitals, "尾号": _last_four, "默认": _or_else, "笔数": _count}
"""What may stand behind `|`: capital numerals, last four characters, another text where there is
no value, number of rows."""
_FILTER_TAKES = {"大写": ("money",), "笔数": ("rows",)}

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False, cache_size=0
)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.tests.clear()
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.filters.update(FILTERS)

_COMPARISONS = {"eq", "ne", "lt", "lteq", "gt", "gteq"}
_NUMBERS = {"number", "money"}
_LOOP = {"index": "number", "first": "flag", "last": "flag", "length": "number"}
_HINTS = {
    "unexpected char '#'": "{{#…}} is not known here; a condition is written "
    "{% if field %}…{% endif %}",
    "Expected an expression, got 'end of print statement'": "a placeholder without a field name",
    "unexpected end of template, expected 'end of print statement'": "{{ without }}",
}


def parse(
    source: str, kinds: Kinds, *, repeats: bool = True, row: tuple[str, Row] | None = None
) -> Text:
    """Read a text and compile it.

    Args:
        source: the text as it stands in the template.
        kinds: the fields that it may use.
        repeats: whether `{% for %}` may stand in it.
        row: name and columns of the row that it is printed for, in a table.

    Raises:
        BadPlaceholder: every fault: a broken tag, an unknown field or filter, anything not allowed.
    """
    try:
        tree = _ENVIRONMENT.parse(source)
        reader = _Reader(kinds, repeats, row)
        reader.body(tree.body)
        if reader.faults:
            raise BadPlaceholder(reader.faults)
        flat = all(isinstance(node, nodes.Output) for node in tree.body) and not reader.computed
        compiled = None if flat else _ENVIRONMENT.from_string(source)
    except TemplateSyntaxError as error:
        raise BadPlaceholder([(error.lineno, _sentence(error))]) from error
    except (TemplateError, RecursionError, SyntaxError) as error:
        raise BadPlaceholder([(1, f"cannot be read: {error}")]) from error
    return Text(tuple(reader.parts), frozenset(reader.fields), compiled)


def _sentence(error: TemplateSyntaxError) -> str:
    """What is wrong with a tag, in our words where they say more."""
    said = error.message or "a tag that cannot be read"
    if said.startswith("No filter named"):
        return f"{said.rstrip('.')} (filters: {', '.join(FILTERS)})"
    if said.startswith("Encountered unknown tag"):
        tag = said.split("'")[1]
        ends = tag.startswith("end") or tag in ("else", "elif")
        return f"{{% {tag} %}} " + ("closes what is not open" if ends else "is not a known tag")
    if "looking for the following tags" in said:
        return "{% if %} or {% for %} is not closed"
    if said.startswith("unexpected char") and "'#'" not in said:
        return f"{{{{ without }}}}, or a character that no tag holds: {said.split()[2]}"
    return next((hint for piece, hint in _HINTS.items() if said.startswith(piece)), said)


class _Reader:
    """Walks what Jinja read, notes fields and words, and refuses what is not allowed."""

    def __init__(self, kinds: Kinds, repeats: bool, row: tuple[str, Row] | None) -> None:
        self.parts: list[str | Field] = []
        self.fields: set[str] = set()
        self.faults: list[tuple[int, str]] = []
        self.computed = False
        self._kinds = kinds
        self._repeats = repeats
        self._row = row[0] if row else None
        self._rows: dict[str, Row] = dict([row] if row else ())

    def body(self, items: list[nodes.Node]) -> None:
        """Text, placeholders, conditions, repetitions."""
        for node in items:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._print(part)
            elif isinstance(node, nodes.If):
                self._truth(node.test)
                self.body(node.body)
                self.body(node.elif_)  # type: ignore[arg-type]  # a list of If
                self.body(node.else_)
            elif isinstance(node, nodes.For):
                self._repeat(node)
            else:
                self._fault(node, f"{_tag(node)} may not stand in a template")

    def _repeat(self, node: nodes.For) -> None:
        if not self._repeats:
            self._fault(node, "{% for %} stands within one line or in a table (each = …)")
            return
        if not (isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)):
            self._fault(node, "{% for %} is written {% for row in rows %}")
            return
        if node.else_ or node.test or node.recursive:
            self._fault(node, "{% for %} has no else, if or recursive here")
        columns = self._kinds.get(node.iter.name)
        if not isinstance(columns, Mapping):
            self._fault(node, f"{node.iter.name} is not a field of rows")
            return
        if node.target.name in self._kinds or node.target.name in self._rows:
            self._fault(node, f"{node.target.name} is a field already; name the row otherwise")
        self.fields.add(node.iter.name)
        self._rows[node.target.name] = columns
        self.body(node.body)
        del self._rows[node.target.name]

    def _print(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.TemplateData):
            if "{{" in node.data or "}}" in node.data or "%}" in node.data:
                self._fault(node, "{{ without }} or the other way round")
            self.parts.append(node.data)
            return
        kind = self._value(node)
        if kind in ("rows", "flag"):
            self._fault(node, f"a field of {kind} cannot be printed; it belongs into a tag")
        if isinstance(node, nodes.Name):
            self.parts.append(Field(node.name))
        else:
            self.computed = True

    def _value(self, node: nodes.Node) -> str | None:
        """The kind of a value; None after a fault."""
        if isinstance(node, nodes.Name):
            return self._field(node)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._column(node, node.node.name)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._filter(node, node.node)
        return self._fault(node, f"{_tag(node)} may not stand in a template")

    def _field(self, node: nodes.Name) -> str | None:
        kind = self._kinds.get(node.name)
        self.fields.add(node.name)
        if kind is None:
            known = ", ".join(self._kinds)
            return self._fault(
                node, f"{{{{{node.name}}}}} is not a field of this template (fields: {known})"
            )
        return kind if isinstance(kind, str) else "rows"

    def _column(self, node: nodes.Getattr, owner: str) -> str | None:
        columns = self._rows.get(owner) or (_LOOP if owner == "loop" and self._rows else None)
        if columns is None:
            return self._fault(node, f"{owner} is no row that {{% for %}} or each names")
        if node.attr not in columns:
            known = ", ".join(columns)
            return self._fault(node, f"{owner}.{node.attr} is no column (columns: {known})")
        if owner == self._row:
            self.fields.add(owner)
        return columns[node.attr]

    def _filter(self, node: nodes.Filter, inner: nodes.Node) -> str | None:
        kind = self._value(inner)
        takes = _FILTER_TAKES.get(node.name, ("text", "number", "money", "money_words", "date"))
        if kind is not None and kind not in takes:
            self._fault(node, f"|{node.name} cannot be put behind a field of {kind}")
        wanted = 1 if node.name == "默认" else 0
        constant = all(isinstance(a, nodes.Const) and isinstance(a.value, str) for a in node.args)
        if len(node.args) != wanted or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self._fault(node, f"|{node.name} is written |{node.name}{'(…)' * wanted}")
        elif not constant:
            self._fault(node, f'|{node.name} takes a text, written "…"')
        else:
            # A word that can be printed: it must be in the font.
            self.parts += [a.value for a in node.args if isinstance(a, nodes.Const)]
        return "number" if node.name == "笔数" else "text"

    def _truth(self, node: nodes.Node) -> None:
        """A condition."""
        if isinstance(node, nodes.Not):
            self._truth(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            self._truth(node.left)
            self._truth(node.right)
        elif isinstance(node, nodes.Compare):
            self._compare(node)
        else:
            self._value(node)

    def _compare(self, node: nodes.Compare) -> None:
        kind = self._value(node.expr)
        [operand, *more] = node.ops
        right = operand.expr
        if more or operand.op not in _COMPARISONS or not isinstance(right, nodes.Const):
            self._fault(node, "a comparison is written field > 1000 or field == “text”")
        elif kind in _NUMBERS and not _is_number(right.value):
            self._fault(node, f"a field of {kind} is compared with a number")
        elif kind not in (*_NUMBERS, None) and (
            operand.op not in ("eq", "ne") or not isinstance(right.value, str)
        ):
            self._fault(node, f"a field of {kind} is compared by == or != with a text")

    def _fault(self, node: nodes.Node, sentence: str) -> str | None:
        self.faults.append((node.lineno or 1, sentence))
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tag(node: nodes.Node) -> str:
    return {"Call": "a call ()", "Getitem": "an index []", "Getattr": "a dot"}.get(
        type(node).__name__, type(node).__name__
    )
