"""One case's ranking, drawn for a terminal: every candidate's factors as bars that add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addrfix.score.factors import Factor
from addrfix.score.knowledge import hold_words
from addrfix.score.weigh import WEIGHT
from addrfix.text.terminal import padded, width

Paint = Callable[[str, float], str]
"""Colours a text by the sign of a number, or gives it back."""
Row = Mapping[str, Any]
_HALF = 20
"""Columns of a bar to either side of the middle."""
_SHOWN = 0.0005
"""Parts smaller than this are told in one line: they would print as 0.000."""
_SENTENCES = {
    "base": ("before any factor", "基准"),
    "sum": ("log-odds (sum)", "对数几率（合计）"),
    "silent": ("without weight", "权重为零"),
    "held": ("held", "暂缓"),
    "send": ("to send", "寄送"),
    "barred": ("not used", "不使用"),
    "hit": ("blocked by", "命中"),
    "before": ("before", "优先于"),
    "alike": (
        "the scores are equal; the source, then the text decides",
        "得分相同，按来源和文字排序",
    ),
    "no_text": ("(no address)", "（无地址）"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a score."""

    name: str
    level: str
    weight: float
    """Log-odds."""
    sentence: str


def drawn(
    pick: Row,
    candidates: Sequence[Row],
    factors: Sequence[Factor],
    *,
    chinese: bool = False,
    paint: Paint = lambda text, _: text,
) -> list[str]:
    """The ranking of a case as lines.

    Args:
        pick: its row of picks.
        candidates: its rows of `every_candidate`, best first; at least one.
        factors: those that the scorer weighs.
        chinese: whether sentences are in Chinese; names and codes stay as they are in files.
        paint: how to colour.
    """
    say = _Speaker(chinese)
    parts = [parts_of(row, factors, chinese=chinese) for row in candidates]
    most = max((abs(part.weight) for row in parts for part in row), default=1.0)
    columns = max(width(part.name) + width(part.level) for row in parts for part in row) + 2
    lines = [*_decision(pick, say), ""]
    for row, mine in zip(candidates, parts, strict=True):
        lines += [*_head(row, say), *_bars(row, mine, columns, most, say, paint), ""]
    for better, worse, one, two in zip(
        candidates[:1], candidates[1:2], parts[:1], parts[1:2], strict=False
    ):
        lines += _difference(better, worse, one, two, say, paint)
    return lines


def parts_of(row: Row, factors: Sequence[Factor], *, chinese: bool = False) -> list[Part]:
    """The summands of a candidate, as `pick --all` writes them: the base first, then by size."""
    say = _Speaker(chinese)
    notes = {factor.name: factor.about() for factor in factors}
    found = []
    for factor in factors:
        level = row[f"{factor.name}_level"]
        note = notes[factor.name][level]
        weight = row[f"{factor.name}{WEIGHT}"]
        found.append(Part(factor.name, level, weight, note.zh if chinese else note.en))
    for column in row:
        if "_x_" in column and column.endswith(WEIGHT):
            names = column.removesuffix(WEIGHT).split("_x_")
            levels = " x ".join(row[f"{name}_level"] for name in names)
            found.append(Part(" x ".join(names), levels, row[column], ""))
    found.sort(key=lambda part: -abs(part.weight))
    return [Part("base", "", row[f"base{WEIGHT}"], say("base")), *found]


@dataclass(frozen=True, slots=True)
class _Speaker:
    chinese: bool

    def __call__(self, key: str) -> str:
        return _SENTENCES[key][self.chinese]

    def reason(self, what: str, word: str) -> str:
        """A code with its sentence."""
        known = hold_words().get((what, word))
        return f"{word}: {known[self.chinese]}" if known else word


def _decision(pick: Row, say: _Speaker) -> list[str]:
    """What happens to the case."""
    if pick["decision"] == "send":
        return [f"{pick['case_id']}  {say('send')}  p = {pick['p_signed']:.3f}"]
    holds = [r for r in pick["reasons"] if "=" not in r]
    lines = [f"{pick['case_id']}  {say('held')}"]
    return lines + [f"  {say.reason('case', reason)}" for reason in holds]


def _head(row: Row, say: _Speaker) -> list[str]:
    text = row["standardized"] or say("no_text")
    lines = [
        f"{row['rank']}. row {row['row']}  {row['source']}  {row['verdict'] or ''}".rstrip()
        + f"  p = {row['p_signed']:.3f}",
        f"   {text}",
    ]
    if row["barred"]:
        lines.append(f"   {say('barred')}: {say.reason('address', row['barred'])}")
    if row["blocked_by"]:
        lines.append(f"   {say('hit')}: {row['blocked_by']}")
    return lines


def _bars(
    row: Row, parts: Sequence[Part], columns: int, most: float, say: _Speaker, paint: Paint
) -> list[str]:
    lines = []
    for part in parts:
        if abs(part.weight) >= _SHOWN or part.name == "base":
            named = padded(f"{part.name}  {part.level}".rstrip(), columns)
            left, right = _bar(part.weight, most)
            bar = paint(f"{left}|{right}", part.weight)
            behind = " " * (_HALF - len(right) + 1) + part.sentence
            lines.append(f"   {named} {part.weight:+7.3f} {bar}{behind if part.sentence else ''}")
    total = row["log_odds"]
    chance = 1 / (1 + math.exp(-total))
    lines.append(f"   {padded(say('sum'), columns)} {total:+7.3f} -> p = {chance:.3f}")
    silent = [
        f"{p.name}={p.level}" for p in parts[1:] if abs(p.weight) < _SHOWN and " x " not in p.name
    ]
    if silent:
        lines.append(f"   {say('silent')}: {', '.join(silent)}")
    return lines


def _bar(weight: float, most: float) -> tuple[str, str]:
    """What stands left and right of the middle, the left with blanks before it.

    Plain characters: a block is one column wide in some terminals and two in others.
    """
    size = min(_HALF, round(abs(weight) / most * _HALF)) if most else 0
    left = "-" * size if weight < 0 else ""
    right = "+" * size if weight > 0 else ""
    return f"{left:>{_HALF}}", right


def _difference(
    better: Row, worse: Row, one: Sequence[Part], two: Sequence[Part], say: _Speaker, paint: Paint
) -> list[str]:
    """Why the first goes before the second."""
    # In a wide file several addresses stand in one row.
    same = better["row"] == worse["row"]
    one_is, two_is = (f"row {r['row']}" + f" {r['source']}" * same for r in (better, worse))
    head = f"{one_is} {say('before')} {two_is}: "
    if worse["barred"] and better["barred"] != worse["barred"]:
        return [head + f"{say('barred')}, {say.reason('address', worse['barred'])}"]
    mine, theirs = ({p.name: p for p in parts} for parts in (one, two))
    gaps = [
        (mine[name].weight - theirs[name].weight, name)
        for name in mine
        if abs(mine[name].weight - theirs[name].weight) >= _SHOWN
    ]
    gaps.sort(key=lambda gap: (-abs(gap[0]), gap[1]))
    if not gaps:
        return [head + say("alike")]
    lines = [head + f"{better['log_odds'] - worse['log_odds']:+.3f}"]
    for gap, name in gaps:
        levels = f"{mine[name].level} / {theirs[name].level}"
        lines.append(f"   {paint(f'{gap:+7.3f}', gap)} {name}: {levels}")
    return lines
