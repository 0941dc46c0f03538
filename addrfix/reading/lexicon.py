"""The words of structure, read once from `gazetteer/words/` and laid out for the scan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.patterns import compiled, pattern, word_class

# States of the best-path search: the last element read. prov, city and district are one, `admin`.
STATES = (
    "start", "admin", "town", "community", "village_group", "devzone", "road", "roadno", "poi",
    "subpoi", "houseno", "cellno", "floorno", "roomno", "assist",
)  # fmt: skip
STATE = {name: number for number, name in enumerate(STATES)}

# Kinds of collection_points.tsv whose words end the name of a part of a place.
_POINTS = ("parcel_locker", "parcel_shop", "parcel_counter")
NUMERAL = "".join(word_class("numeral"))


class Shape(IntFlag):
    """What a number is made of: the column `form` of number_rules.tsv, explained in its header.

    Several numbers in one may be more than one of these.
    """

    ONE = 1
    JOINED = 2
    PAIR = 4
    RISING = 8
    LONG = 16
    STRETCH = 32
    ANNEX = 64
    REST = 128
    CODE = 256
    LIST = 512


class When(IntEnum):
    """Conditions of number_rules.tsv, explained in its header."""

    ANY = 0
    MORE = 1
    TOWER = 2
    ESTATE = 3
    NUMBERED = 4
    NUMBERED_LONG = 5
    SHORT = 6
    SHORT2 = 7
    ROW = 8
    UNIT = 9


class NumberRule(NamedTuple):
    """One row of number_rules.tsv, laid out."""

    form: int
    """A bit of `Shape`."""
    when: int
    """One of `When`."""
    label: str
    weight: float
    state: int
    """State after the number."""


RulesByWord = dict[str, tuple[tuple[NumberRule, ...], ...]]


class Ending:
    """A word that may end an element."""

    def __init__(
        self, kind: str, length: int, weight: float, word: str, unless: tuple[str, ...]
    ) -> None:
        self.kind = kind
        self.length = length
        self.weight = weight
        self.word = word
        self.unless = unless
        """Words behind it that make it none: 街|道."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the scan looks up."""

    endings: dict[str, tuple[Ending, ...]]
    """Word → what it ends; asked for each tail of up to `longest` characters."""
    tails: dict[str, tuple[int, ...]]
    """Last character of an ending → lengths of the endings it has, longest first."""
    relatives: dict[str, tuple[tuple[str, str, float], ...]]
    """First character → (word, label, weight), the longest word first."""
    relative_inside: re.Pattern[str]
    """Relative words that the name of a place rarely contains."""
    relative_tails: dict[str, float]
    """Relative words that the name of a place rarely ends with → what it loses."""
    number: re.Pattern[str]
    """A number without the word behind it; it has groups where it is several in one."""
    suffixes: dict[str, tuple[int, ...]]
    """First character of a word behind numbers → lengths of such words, longest first."""
    unless: dict[str, re.Pattern[str]]
    """Word behind a number → what may not follow it."""
    number_tails: dict[str, re.Pattern[str]]
    """Word behind a number → what still belongs to the number behind it: 12号|附3号."""
    openers: frozenset[str]
    """Characters that numbers begin with, beside ASCII letters and digits."""
    rules: RulesByWord
    """Of one number: word behind it → by the state before it → rules in order."""
    joined_rules: RulesByWord
    """The same of several numbers in one, and of codes."""
    transitions: tuple[tuple[float, ...], ...]
    zone_after: re.Pattern[str]
    """What goes on behind a name that opens the name of a zone: 云台|工业园区."""
    towers: tuple[str, ...]
    estates: tuple[str, ...]

    def ends_relative(self, key: str, end: int) -> float:
        """What a place's name loses for ending with a relative word: 云台大厦|旁."""
        tails = self.relative_tails
        return tails.get(key[end - 1 : end]) or tails.get(key[end - 2 : end], 0.0)


def _endings() -> dict[str, list[Ending]]:
    out: dict[str, list[Ending]] = {}
    guards: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in words("name_guards"):
        about = row["kind"], row["word"]
        guards[about] = (*guards.get(about, ()), row["behind"])

    def add(kind: str, word: str, weight: float) -> None:
        unless = guards.get((kind, word), ()) + guards.get((kind, "*"), ())
        out.setdefault(word, []).append(Ending(kind, len(word), weight, word, unless))

    for row in words("road_words"):
        add("road", row["word"], float(row["weight"]))
    for row in words("place_words"):
        add(row["strength"], row["word"], 0.0)
    for row in words("collection_points"):
        if row["kind"] in _POINTS:
            add("part", row["word"], 0.0)
    for row in words("zone_words"):
        add("zone", row["word"], 1.0 if row["alone"] == "yes" else 0.0)
    for row in words("village_words"):
        add(row["kind"], row["word"], float(row["weight"]))
    for row in words("town_words"):
        add("town", row["word"], float(row["weight"]))
    return out


def _tails(endings: Iterable[str]) -> dict[str, tuple[int, ...]]:
    out: dict[str, set[int]] = {}
    for word in endings:
        out.setdefault(word[-1], set()).add(len(word))
    return {last: tuple(sorted(lengths, reverse=True)) for last, lengths in out.items()}


def _rules(*, joined: bool) -> RulesByWord:
    """Rules of one number or of several in one; none stands behind one that fits always."""
    out: dict[str, list[list[NumberRule]]] = {}
    for row in words("number_rules"):
        form, when, label = Shape[row["form"].upper()], When[row["when"].upper()], row["label"]
        by_state = out.setdefault(row["suffix"], [[] for _ in STATES])
        if (form != Shape.ONE) != joined:
            continue
        after = STATES if row["after"] == "*" else row["after"].split("|")
        for name in after:
            state = STATE.get(label, STATE["assist"])
            fitting = by_state[STATE[name]]
            if not any(rule.form == form and rule.when == When.ANY for rule in fitting):
                fitting.append(NumberRule(form, when, label, float(row["weight"]), state))
    return {suffix: tuple(map(tuple, by_state)) for suffix, by_state in out.items()}


def _number_words(kind: str) -> dict[str, re.Pattern[str]]:
    rows = words("number_words")
    return {row["suffix"]: compiled(row["pattern"]) for row in rows if row["kind"] == kind}


def _tail_of_number() -> dict[str, re.Pattern[str]]:
    """Several tails of one word are tried in the order of the table."""
    found: dict[str, list[str]] = {}
    for row in words("number_words"):
        if row["kind"] == "tail":
            found.setdefault(row["suffix"], []).append(row["pattern"])
    return {suffix: compiled("|".join(patterns)) for suffix, patterns in found.items()}


def _by_first(found: Iterable[str]) -> dict[str, tuple[int, ...]]:
    out: dict[str, set[int]] = {}
    for word in found:
        out.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in out.items()}


def _openers() -> frozenset[str]:
    classes = (
        "numeral", "formal_numeral", "number_prefix", "number_order", "stem", "direction", "side",
        "floor_name",
    )  # fmt: skip
    return frozenset("-").union(word[0] for name in classes for word in word_class(name))


def _relatives() -> dict[str, tuple[tuple[str, str, float], ...]]:
    out: dict[str, list[tuple[str, str, float]]] = {}
    for row in words("relative_words"):
        label = "intersection" if row["kind"] == "crossing" else "assist"
        # The cost of an element and what it is worth to know where a name ends.
        entry = (row["word"], label, float(row["weight"]) + 1.0)
        out.setdefault(row["word"][0], []).append(entry)
    return {
        first: tuple(sorted(found, key=lambda entry: (-len(entry[0]), entry[0])))
        for first, found in out.items()
    }


def _number() -> re.Pattern[str]:
    """A number by its own form, and what is one only before certain words: 东|单元."""
    by_word, alone = pattern("number_word"), pattern("number")
    return re.compile(f"{by_word.pattern}|{alone.pattern}")


def _zone_after() -> re.Pattern[str]:
    zones = sorted((row["word"] for row in words("zone_words")), key=len, reverse=True)
    ranks = word_class("zone_rank")
    return re.compile(f"(?:{'|'.join(ranks)})?(?:{'|'.join(zones)})")


@cache
def lexicon() -> Lexicon:
    """The shipped words; built once per process."""
    endings = {word: tuple(found) for word, found in _endings().items()}
    rules = _rules(joined=False)
    table = [[0.0] * len(STATES) for _ in STATES]
    for row in words("transitions"):
        table[STATE[row["before"]]][STATE[row["after"]]] = float(row["weight"])
    return Lexicon(
        endings=endings,
        tails=_tails(endings),
        relatives=_relatives(),
        relative_inside=re.compile(
            "|".join(r["word"] for r in words("relative_words") if r["inside"] == "no")
        ),
        relative_tails={
            r["word"]: float(r["tail"]) for r in words("relative_words") if float(r["tail"])
        },
        number=_number(),
        suffixes=_by_first(suffix for suffix in rules if suffix),
        unless=_number_words("unless"),
        number_tails=_tail_of_number(),
        openers=_openers(),
        rules=rules,
        joined_rules=_rules(joined=True),
        transitions=tuple(tuple(line) for line in table),
        zone_after=_zone_after(),
        towers=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "tower"),
        estates=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "estate"),
    )
