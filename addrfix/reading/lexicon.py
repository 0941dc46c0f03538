"""The words of structure, read once from `gazetteer/words/` and laid out for the scan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.patterns import word_class

# States of the best-path search: the last element read. prov, city and district are one, `admin`.
STATES = (
    "start", "admin", "town", "community", "village_group", "devzone", "road", "roadno", "poi",
    "subpoi", "houseno", "cellno", "floorno", "roomno", "assist",
)  # fmt: skip
STATE = {name: number for number, name in enumerate(STATES)}

# Kinds of collection_points.tsv whose words end the name of a part of a place.
_POINTS = ("parcel_locker", "parcel_shop", "parcel_counter")
NUMERAL = "".join(word_class("numeral"))
_NUMBER = (
    rf"(?:自编|门牌|新编|[新老旧附临甲乙丙丁])?(?:第|负|地下)?"
    rf"(?:[A-Za-z]{{0,3}}\d+[A-Za-z]?(?:[-~/]\d+[A-Za-z]?)*|[A-Za-z]\d*|[{NUMERAL}]+)"
)


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


class NumberRule(NamedTuple):
    """One row of number_rules.tsv, laid out."""

    when: When
    label: str
    weight: float
    state: int
    """State after the number."""


class Ending:
    """A word that may end an element."""

    def __init__(self, kind: str, length: int, weight: float, word: str) -> None:
        self.kind = kind
        self.length = length
        self.weight = weight
        self.word = word


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
    numbered: re.Pattern[str]
    """A number and the word behind it; group 1 is the word."""
    rules: dict[str, tuple[tuple[NumberRule, ...], ...]]
    """Word behind a number → by the state before it → rules in order, none behind one for any."""
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

    def add(kind: str, word: str, weight: float) -> None:
        out.setdefault(word, []).append(Ending(kind, len(word), weight, word))

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


def _rules() -> dict[str, tuple[tuple[NumberRule, ...], ...]]:
    out: dict[str, list[list[NumberRule]]] = {}
    for row in words("number_rules"):
        rule = NumberRule(
            When[row["when"].upper()], row["label"], float(row["weight"]), STATE[row["label"]]
        )
        by_state = out.setdefault(row["suffix"], [[] for _ in STATES])
        after = STATES if row["after"] == "*" else row["after"].split("|")
        for name in after:
            fitting = by_state[STATE[name]]
            if not fitting or fitting[-1].when != When.ANY:
                fitting.append(rule)
    return {suffix: tuple(map(tuple, by_state)) for suffix, by_state in out.items()}


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


@cache
def lexicon() -> Lexicon:
    """The shipped words; built once per process."""
    endings = {word: tuple(found) for word, found in _endings().items()}
    rules = _rules()
    suffixes = sorted((s for s in rules if s), key=len, reverse=True)
    guarded = {
        "号": "号(?:之[一二三四五六七八九十\\d]+|附\\d+号?)?(?!线)",
        "社": "社(?!区|会)",
        "组": "组(?!团)",
        "园": "园(?=[^\\u4e00-\\u9fff]|$)",
        "区": "区(?!域)",
        "层": "层(?!次)",
        "楼": "楼(?![上下])",
        "栋楼": "栋楼(?![上下])",
        "幢楼": "幢楼(?![上下])",
        "户": "户(?![籍口外型])",
        "团": "团(?=\\d|[一二三四五六七八九十]+连|$)",
        "队": "队(?!伍)",
        "连": "连(?!锁|接)",
        "巷": "巷(?!子)",
    }
    alternatives = "|".join(guarded.get(s, re.escape(s)) for s in suffixes)
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
        numbered=re.compile(
            rf"(?:{_NUMBER}|[东西南北中](?=[区门座栋幢户]|单元|大门))({alternatives})"
        ),
        rules=rules,
        transitions=tuple(tuple(line) for line in table),
        zone_after=re.compile(
            "(?:国家级?|省级|国际)?(?:"
            + "|".join(sorted((r["word"] for r in words("zone_words")), key=len, reverse=True))
            + ")"
        ),
        towers=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "tower"),
        estates=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "estate"),
    )
