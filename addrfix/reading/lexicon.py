"""The words of structure, read once from `gazetteer/words/` and laid out for the scan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words

# States of the best-path search: the last element read. prov, city and district are one, `admin`.
STATES = (
    "start", "admin", "town", "community", "village_group", "devzone", "road", "roadno", "poi",
    "subpoi", "houseno", "cellno", "floorno", "roomno", "assist",
)  # fmt: skip
STATE = {name: number for number, name in enumerate(STATES)}

NUMERAL = "一二三四五六七八九十百零〇两"
_NUMBER = (
    rf"(?:自编|门牌|新编|[新老旧附临甲乙丙丁])?(?:第|负|地下)?"
    rf"(?:[A-Za-z]{{0,3}}\d+[A-Za-z]?(?:[-~/]\d+[A-Za-z]?)*|[A-Za-z]\d*|[{NUMERAL}]+)"
)


class NumberRule(NamedTuple):
    """One row of number_rules.tsv, laid out."""

    after: frozenset[int]
    """States it fits behind; empty for any."""
    when: str
    label: str
    weight: float


class Ending(NamedTuple):
    """A word that may end an element."""

    kind: str
    length: int
    weight: float
    word: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the scan looks up."""

    endings: dict[str, tuple[Ending, ...]]
    """Word → what it ends; asked for each tail of up to `longest` characters."""
    last: frozenset[str]
    """Last characters of all endings, to skip most positions."""
    longest: int
    relatives: tuple[tuple[str, str, float], ...]
    relative_first: frozenset[str]
    numbered: re.Pattern[str]
    """A number and the word behind it; group 1 is the word."""
    rules: dict[str, tuple[NumberRule, ...]]
    transitions: tuple[tuple[float, ...], ...]
    towers: tuple[str, ...]
    estates: tuple[str, ...]


def _endings() -> dict[str, list[Ending]]:
    out: dict[str, list[Ending]] = {}

    def add(kind: str, word: str, weight: float) -> None:
        out.setdefault(word, []).append(Ending(kind, len(word), weight, word))

    for row in words("road_words"):
        add("road", row["word"], float(row["weight"]))
    for row in words("place_words"):
        add("place", row["word"], 1.0 if row["strength"] == "strong" else 0.0)
    for row in words("zone_words"):
        add("zone", row["word"], 1.0 if row["kind"] == "devzone" else 0.0)
    for row in words("village_words"):
        add("village", row["word"], float(row["weight"]))
    for row in words("town_words"):
        add("town", row["word"], float(row["weight"]))
    return out


def _rules() -> dict[str, tuple[NumberRule, ...]]:
    out: dict[str, list[NumberRule]] = {}
    for row in words("number_rules"):
        after = frozenset(STATE[name] for name in row["after"].split("|") if name != "*")
        out.setdefault(row["suffix"], []).append(
            NumberRule(after, row["when"], row["label"], float(row["weight"]))
        )
    return {suffix: tuple(rules) for suffix, rules in out.items()}


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
        "队": "队(?!伍)",
        "连": "连(?!锁|接)",
        "巷": "巷(?!子)",
    }
    alternatives = "|".join(guarded.get(s, re.escape(s)) for s in suffixes)
    table = [[0.0] * len(STATES) for _ in STATES]
    for row in words("transitions"):
        table[STATE[row["before"]]][STATE[row["after"]]] = float(row["weight"])
    relatives = sorted(
        ((r["word"], r["kind"], float(r["weight"])) for r in words("relative_words")),
        key=lambda entry: (-len(entry[0]), entry[0]),
    )
    return Lexicon(
        endings=endings,
        last=frozenset(word[-1] for word in endings),
        longest=max(map(len, endings)),
        relatives=tuple(relatives),
        relative_first=frozenset(word[0] for word, _, _ in relatives),
        numbered=re.compile(
            rf"(?:{_NUMBER}|[东西南北中](?=[区门座栋幢]|单元|大门))({alternatives})"
        ),
        rules=rules,
        transitions=tuple(tuple(line) for line in table),
        towers=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "tower"),
        estates=tuple(r["ending"] for r in words("place_endings") if r["kind"] == "estate"),
    )
