"""Patterns over a folded text, composed from classes of words; both are tables, not code.

`gazetteer/words/word_classes.tsv` holds the words, one a row, each in one class; a pattern names a
class as `{class}`, and `{=class}` puts its one-character words inside a bracket expression.
`gazetteer/words/patterns.tsv` holds the patterns that code asks for by name. The kinds of
`collection_points.tsv` are classes too: that table knows more of each word than its class. The
words of `road_words.tsv` are of the class `street_end`.
"""

from __future__ import annotations

import re
from functools import cache

from addrfix.knowledge import words
from addrfix.model.errors import BadSettings

# Tables of words, and the column that names the class of each.
_CLASSES = (("word_classes", "class"), ("collection_points", "kind"))
# A table whose words are all of one class.
_STREETS = ("road_words", "street_end")
_NAMED = re.compile(r"\{(=?)([a-z_]+)\}")


@cache
def word_classes() -> dict[str, tuple[str, ...]]:
    """Class → its words, the longest first, so that an alternation prefers them."""
    table, name = _STREETS
    found: dict[str, list[str]] = {name: [row["word"] for row in words(table)]}
    for table, column in _CLASSES:
        for row in words(table):
            found.setdefault(row[column], []).append(row["word"])
    return {
        name: tuple(sorted(set(said), key=lambda w: (-len(w), w))) for name, said in found.items()
    }


@cache
def word_class(name: str) -> tuple[str, ...]:
    """The words of a class, the longest first.

    Raises:
        BadSettings: no word is in a class of that name.
    """
    try:
        return word_classes()[name]
    except KeyError:
        raise BadSettings(
            f"word_classes.tsv has no class {name}; add a word of it, or mend the pattern that asks"
        ) from None


def composed(written: str) -> str:
    """A pattern with its classes written out.

    >>> composed("[{=numeral}]号").startswith("[")
    True
    """
    return _NAMED.sub(_alternatives, written)


def _alternatives(found: re.Match[str]) -> str:
    known = word_class(found[2])
    if found[1]:
        return "".join(map(re.escape, known))
    if all(len(word) == 1 for word in known):
        return "[" + "".join(map(re.escape, known)) + "]"
    return "(?:" + "|".join(map(re.escape, known)) + ")"


@cache
def compiled(written: str) -> re.Pattern[str]:
    """A composed pattern, compiled once.

    Raises:
        BadSettings: it is no regular expression.
    """
    try:
        return re.compile(composed(written))
    except re.error as error:
        raise BadSettings(f"the pattern {written!r} is no regular expression: {error}") from error


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of that name in `gazetteer/words/patterns.tsv`.

    Raises:
        BadSettings: the table has none, or it is no regular expression.
    """
    for row in words("patterns"):
        if row["name"] == name:
            return compiled(row["pattern"])
    raise BadSettings(f"patterns.tsv has no pattern {name}")
