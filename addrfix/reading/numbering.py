"""Numbers: which element a number is, by the word behind it and by what stands before.

12号 is a door on a road, a building in a compound and a room in a tower; the rows of
`gazetteer/words/number_rules.tsv` say which, this module only applies them.
"""

from __future__ import annotations

import re

from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Lexicon, NumberRule

_BARE = re.compile(r"[A-Za-z]{0,2}\d+[A-Za-z]?(?![A-Za-z])|[A-Za-z]\d*(?![A-Za-z])")
_JOINED_BARE = re.compile(r"\d+(?:-\d+)+(?=[\u4e00-\u9fff]|$)")
_MORE = re.compile(r"[-_#~/ ,.、]*[0-9A-Za-z]")
_JOINED_NUMBER = re.compile(r"-\d+号")
_DIGITS = frozenset("0123456789")
_NUMBERED = re.compile(r"[路街道巷弄]\d+[-\d]*号?")
_OPENERS = frozenset(NUMERAL + "第负自门新老旧附临甲乙丙丁地东西南北中")
_SPLIT_AFTER = frozenset(STATE[name] for name in ("poi", "subpoi", "houseno", "cellno"))


def numbers_at(
    key: str, lexicon: Lexicon, start: int, state: int, place_end: str
) -> list[Candidate]:
    """Numbers that may begin at `start` behind `state`.

    Args:
        key: the text.
        lexicon: the words of structure.
        start: position.
        state: the last element read.
        place_end: the text of the element before, whose ending tells rooms from buildings.
    """
    character = key[start]
    if not (character.isascii() and character.isalnum()) and character not in _OPENERS:
        return []
    out: list[Candidate] = []
    found = lexicon.numbered.match(key, start)
    if found is not None:
        suffix = found.group(1)
        joined = "-" in key[start : found.start(1)]
        if not joined or (suffix.startswith("号") and state not in _SPLIT_AFTER):
            _ruled(key, lexicon, suffix, found.end(), start, state, place_end, out)
    for pattern in (_BARE, _JOINED_BARE):
        bare = pattern.match(key, start)
        if bare is None or (pattern is _JOINED_BARE and state != STATE["road"]):
            continue
        if key.startswith(("号", "路", "街", "大道", "大街", "村"), bare.end()):
            continue
        if state not in _SPLIT_AFTER and _JOINED_NUMBER.match(key, bare.end()):
            continue
        if start and key[start - 1].isascii() and key[start - 1].isalpha():
            continue
        _ruled(key, lexicon, "", bare.end(), start, state, place_end, out)
    return out


def _ruled(
    key: str,
    lexicon: Lexicon,
    suffix: str,
    end: int,
    start: int,
    state: int,
    place_end: str,
    out: list[Candidate],
) -> None:
    name = suffix if suffix in lexicon.rules else suffix[:1]
    for rule in lexicon.rules.get(name, ()):
        if (not rule.after or state in rule.after) and _holds(
            key, lexicon, rule, start, end, place_end
        ):
            weight = rule.weight
            if key[start] in NUMERAL:
                weight -= 0.2
            # 12号路 and 3号大街 are roads.
            if key.startswith(("路", "街", "大道", "大街", "村"), end):
                weight -= 1.5
            out.append(Candidate(end, rule.label, weight, STATE.get(rule.label, -1)))
            return


def _holds(
    key: str, lexicon: Lexicon, rule: NumberRule, start: int, end: int, place_end: str
) -> bool:
    when = rule.when
    if when == "any":
        return True
    digits = sum(character in _DIGITS for character in key[start:end])
    if when == "more":
        return _MORE.match(key, end) is not None
    if when == "short":
        return digits <= 3
    if when == "short2":
        return digits <= 2
    if when == "tower":
        return digits >= 3 and place_end.endswith(lexicon.towers)
    if when == "estate":
        return place_end.endswith(lexicon.estates)
    numbered = _NUMBERED.search(key, 0, start) is not None
    return numbered and (when == "numbered" or digits >= 3)
