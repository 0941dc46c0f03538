"""Which letters a report is about: `province = '四川省' and p_signed >= 0.3`.

    condition   = term { or term }
    term        = factor { and factor }
    factor      = not factor | ( condition ) | comparison
    comparison  = COLUMN ( = | != | < | <= | > | >= ) VALUE
                | COLUMN [ not ] in ( VALUE { , VALUE } )
                | COLUMN [ not ] like VALUE           % is any text, _ any one character

A value stands in quotes ('…' or "…", doubled inside) or bare where it is a plain word, number or
date. Signs and brackets may be full-width, as a Chinese keyboard writes them. What is not known of
a letter is equal to nothing, so `!=` and `not` include it.

Columns and operators come from closed lists and values are bound as parameters, so nothing that is
written in a condition becomes SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from addrfix.model.errors import BadUsage
from addrfix.model.terms import Granularity, Outcome, SignClass, Source

Value = str | Decimal | date
_LONGEST, _DEEPEST = 2_000, 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be asked about."""

    kind: str
    """text, number or date."""
    words: tuple[str, ...] = ()
    """All values there are, where they are a closed set."""
    before_choice: bool = False
    """Known before an address is chosen: asking about it keeps the hold-out a fair comparison."""


COLUMNS = {
    "batch": Column("text", before_choice=True),
    "batch_week": Column("date", before_choice=True),
    "created_on": Column("date", before_choice=True),
    "template": Column("text", before_choice=True),
    "carrier": Column("text", before_choice=True),
    "product": Column("text", before_choice=True),
    "firm": Column("text", before_choice=True),
    "sheets": Column("number"),
    "province": Column("text"),
    "city": Column("text"),
    "district": Column("text"),
    "source": Column("text", tuple(Source)),
    "kind": Column("text"),
    "granularity": Column("text", tuple(Granularity)),
    "p_signed": Column("number"),
    "decile": Column("number"),
    "arm": Column("text", ("model", "trade_rule")),
    "outcome": Column("text", tuple(Outcome)),
    "sign_class": Column("text", tuple(SignClass)),
    "return_reason": Column("text"),
    "posted_on": Column("date"),
    "final_on": Column("date"),
}
"""Columns of the table `every_letter`, by their names there."""
_COMPARISONS = {
    "=": "{column} IS NOT DISTINCT FROM {value}",
    "!=": "{column} IS DISTINCT FROM {value}",
    **{sign: f"COALESCE({{column}} {sign} {{value}}, FALSE)" for sign in ("<", "<=", ">", ">=")},
}
_SPELT = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">="}
_WIDE = str.maketrans("＝！＜＞（），‘’“”＇＂　", "=!<>(),''\"\"'\" ")
_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<sign><=|>=|<>|!=|==|[=<>≠≤≥])"
    r"|(?P<mark>[(),])|(?P<word>[^\s'\"(),=<>!≠≤≥]+))"
)
_OPERATORS = ", ".join((*_COMPARISONS, "in", "like"))


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition."""

    sql: str
    """Made of the names and signs of this module and of $1, $2 … for the values."""
    values: tuple[Value, ...]
    columns: frozenset[str]

    @property
    def keeps_arms_alike(self) -> bool:
        """Whether it asks about nothing that the choice of an address decides."""
        return all(COLUMNS[name].before_choice for name in self.columns)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def word(self) -> str:
        """Lower case where it is a bare word, which may be `and`, `IN` …; else nothing."""
        return self.text.lower() if self.kind == "word" else ""


def condition(written: str) -> Condition:
    """Read a condition.

    Raises:
        BadUsage: it does not follow the grammar, or a column, operator or value is not known; the
            message says which there are.
    """
    if len(written) > _LONGEST:
        raise _wrong(f"longer than {_LONGEST:,} characters")
    reader = _Reader(list(_tokens(written)))
    sql = reader.any_of(0)
    if reader.left():
        raise _wrong(f"'{reader.next().text}' stands where `and` or `or` should")
    return Condition(sql, tuple(reader.values), frozenset(reader.columns))


def _wrong(what: str) -> BadUsage:
    return BadUsage(f"--where: {what}; write e.g. --where \"province = '四川省'\"")


def _tokens(written: str) -> Iterator[_Token]:
    plain = _narrow(written)
    at = 0
    while plain[at:].strip():
        found = _TOKEN.match(plain, at)
        if found is None:
            rest = plain[at:].strip()
            missing = "the closing quote is missing" if rest[0] in "'\"" else "cannot be read"
            raise _wrong(f"{rest[:20]!r}: {missing}")
        kind = str(found.lastgroup)
        text = found[kind]
        if kind == "quoted":
            text = text[1:-1].replace(text[0] * 2, text[0])
        yield _Token(kind, _SPELT.get(text, text) if kind == "sign" else text)
        at = found.end()


def _narrow(written: str) -> str:
    """Full-width signs as plain ones, outside of plain quotes."""
    parts = re.split(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", written)
    return "".join(part if at % 2 else part.translate(_WIDE) for at, part in enumerate(parts))


class _Reader:
    """Recursive descent over the tokens; each method gives the SQL of what it read."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.values: list[Value] = []
        self.columns: set[str] = set()

    def left(self) -> bool:
        return self._at < len(self._tokens)

    def next(self) -> _Token:
        if not self.left():
            raise _wrong("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, word: str) -> bool:
        """Whether the next token is this keyword or bracket, which is then read."""
        if self.left():
            token = self._tokens[self._at]
            if word in (token.word, token.text if token.kind == "mark" else None):
                self._at += 1
                return True
        return False

    def any_of(self, depth: int) -> str:
        return self._joined("or", self._all_of, depth)

    def _all_of(self, depth: int) -> str:
        return self._joined("and", self._factor, depth)

    def _joined(self, word: str, part: Callable[[int], str], depth: int) -> str:
        parts = [part(depth)]
        while self._take(word):
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else f"({f' {word.upper()} '.join(parts)})"

    def _factor(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise _wrong(f"more than {_DEEPEST} brackets or `not` within each other")
        if self._take("not"):
            return f"NOT {self._factor(depth + 1)}"
        if self._take("("):
            inside = self.any_of(depth + 1)
            if not self._take(")"):
                raise _wrong("a closing bracket is missing")
            return f"({inside})"
        return self._comparison()

    def _comparison(self) -> str:
        name = self._column()
        negated = "NOT " if self._take("not") else ""
        token = self.next()
        if token.word == "in":
            return f"{negated}COALESCE({name} IN ({', '.join(self._list(name))}), FALSE)"
        if token.word == "like":
            if COLUMNS[name].kind != "text":
                raise _wrong(f"{name} is a {COLUMNS[name].kind}; like is for text")
            return f"{negated}COALESCE({name} LIKE {self._bound(self._text())}, FALSE)"
        if token.kind != "sign" or token.text not in _COMPARISONS or negated:
            raise _wrong(f"there is no operator '{token.text}' for {name}; there are {_OPERATORS}")
        return _COMPARISONS[token.text].format(column=name, value=self._bound(self._value(name)))

    def _column(self) -> str:
        token = self.next()
        name = token.word
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            known = ", ".join(COLUMNS)
            raise _wrong(f"there is no column '{token.text}'{meant}; there are {known}")
        self.columns.add(name)
        return name

    def _list(self, name: str) -> list[str]:
        if not self._take("("):
            raise _wrong("after `in` stand values in brackets: in ('a', 'b')")
        bound = [self._bound(self._value(name))]
        while self._take(","):
            bound.append(self._bound(self._value(name)))
        if not self._take(")"):
            raise _wrong("a closing bracket is missing")
        return bound

    def _text(self) -> str:
        token = self.next()
        if token.kind not in ("quoted", "word"):
            raise _wrong(f"'{token.text}' stands where a value should")
        return token.text

    def _value(self, name: str) -> Value:
        text, column = self._text(), COLUMNS[name]
        if column.words and text not in column.words:
            raise _wrong(f"{name} is never '{text}'; there are {', '.join(column.words)}")
        try:
            if column.kind == "number":
                return _finite(text)
            return date.fromisoformat(text) if column.kind == "date" else text
        except (ValueError, InvalidOperation) as error:
            form = "a day, written 2026-07-01" if column.kind == "date" else "a number"
            raise _wrong(f"{name} is {form}; '{text}' is none") from error

    def _bound(self, value: Value) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number) > 10**9 or len(text) > 20:
        raise ValueError(text)
    return number
