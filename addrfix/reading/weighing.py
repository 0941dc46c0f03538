"""Which division is meant, weighed once: what names say and what every other witness says.

Readings of the names come with log-odds of their own (`chain.py`); a witness adds its weight to all
readings that it agrees with. Readings on other branches that stay closer than `TIE` are a tie, and
stay open. Below the reading that leads, what the witnesses say leads down, one level at a time, as
long as they outweigh what it costs to name what is not written. Nothing else decides a division.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from addrfix.model.nouns import CLEAR, Hit, Mention, Reading, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under, one_branch
from addrfix.reading.chain import TIE, is_tie
from addrfix.reading.witnesses.weights import Weight, weights

UNNAMED = 1.0
"""What a division loses that the text does not name: many others lie beside it."""


class Weighed(NamedTuple):
    """The outcome of one weighing."""

    readings: tuple[Reading, ...]
    """The one that leads, and after it those on other branches that it does not leave behind."""
    margin: float
    """Log-odds between the first and the next one on another branch, or none at all."""
    deciding: tuple[str, ...]
    """Witnesses without which names alone would have said less or something else, in order."""


def weigh(
    readings: Sequence[Reading], testimonies: Sequence[Testimony], index: DivisionIndex
) -> Weighed:
    """Weigh readings of the names against each other and lead the best one down.

    Args:
        readings: from `chain.readings`, best first.
        testimonies: of all witnesses, in any order.
        index: the divisions.
    """
    if not readings:
        return Weighed((), 0.0, ())
    if len(readings) == 1 and not testimonies:
        return Weighed(tuple(readings), readings[0].lead, ())
    known = weights()
    totals = [
        reading.score + (support(reading.division, testimonies, known, index) if testimonies else 0)
        for reading in readings
    ]
    order = sorted(
        range(len(readings)),
        key=lambda i: (-round(totals[i], 6), index.levels[readings[i].division], i),
    )
    best = readings[order[0]]
    others = [i for i in order[1:] if not one_branch(readings[i].division, best.division, index)]
    margin = best.lead
    if others:
        margin = min(CLEAR, totals[order[0]] - totals[others[0]])
    kept = tuple(
        readings[i] for i in order if i not in others or is_tie(totals[order[0]], totals[i])
    )
    if margin < TIE or not testimonies:
        return Weighed(kept, margin, ())
    deciding = _telling(best, readings, testimonies, index)
    deeper, down, more = _led_down(best, testimonies, known, index)
    # What lay beside it below the same city was no rival before, and is none now.
    rest = () if more else kept[1:]
    margin = min(margin, down) if more else margin
    return Weighed((deeper, *rest), margin, tuple(dict.fromkeys((*deciding, *more))))


def support(
    division: int,
    testimonies: Iterable[Testimony],
    known: dict[str, Weight],
    index: DivisionIndex,
) -> float:
    """What testimonies that agree with a division are worth together.

    Each witness counts once, and so do witnesses of one family: they look at the same thing.
    """
    best: dict[str, float] = {}
    for said in testimonies:
        if one_branch(said.division, division, index):
            family = known[said.witness].family
            best[family] = max(best.get(family, 0.0), said.weight)
    return sum(best.values())


def _telling(
    best: Reading,
    readings: Sequence[Reading],
    testimonies: Sequence[Testimony],
    index: DivisionIndex,
) -> list[str]:
    """Witnesses that set the best reading apart from others which the names leave open."""
    rivals = [r for r in readings if not one_branch(r.division, best.division, index)]
    if not rivals:
        return []
    told: dict[str, float] = {}
    for said in testimonies:
        if one_branch(said.division, best.division, index) and not all(
            one_branch(said.division, rival.division, index) for rival in rivals
        ):
            told[said.witness] = max(told.get(said.witness, 0.0), said.weight)
    return sorted(told, key=lambda witness: (-told[witness], witness))[:1]


def _led_down(
    best: Reading,
    testimonies: Sequence[Testimony],
    known: dict[str, Weight],
    index: DivisionIndex,
) -> tuple[Reading, float, list[str]]:
    """The reading led down as far as the witnesses carry; by how much, and which of them did."""
    node = best.division
    least = 0.0
    deciding: list[str] = []
    while (step := _step(node, testimonies, known, index)) is not None:
        node, lead, witness = step
        least = lead if not deciding else min(least, lead)
        deciding.append(witness)
    if node == best.division:
        return best, 0.0, []
    return _deepened(best, node, testimonies, index), least, deciding


def _step(
    node: int,
    testimonies: Sequence[Testimony],
    known: dict[str, Weight],
    index: DivisionIndex,
) -> tuple[int, float, str] | None:
    """The child of a division that the witnesses agree on: (child, lead, heaviest witness).

    None where nothing that may lead below what is written speaks for it: a debtor's ID card and
    other addresses choose between readings and speak against guesses, but name no county alone.
    """
    below: dict[int, dict[str, tuple[float, str]]] = {}
    for said in testimonies:
        child = _child(said.division, node, index)
        if child < 0:
            continue
        families = below.setdefault(child, {})
        family = known[said.witness].family
        families[family] = max(families.get(family, (0.0, "")), (said.weight, said.witness))
    if not below:
        return None
    ranked = sorted(
        ((sum(weight for weight, _ in said.values()), -child) for child, said in below.items()),
        reverse=True,
    )
    top, negative = ranked[0]
    lead = top - max(UNNAMED, ranked[1][0] if len(ranked) > 1 else 0.0)
    if lead < TIE:
        return None
    leading = [said for said in below[-negative].values() if known[said[1]].leads]
    return (-negative, lead, max(leading)[1]) if leading else None


def _child(division: int, node: int, index: DivisionIndex) -> int:
    """The child of `node` that a division is or lies in; -1 where it does not lie below it."""
    parents = index.parents
    while division >= 0:
        above = parents[division]
        if above == node:
            return division
        division = above
    return -1


def _deepened(
    best: Reading, node: int, testimonies: Sequence[Testimony], index: DivisionIndex
) -> Reading:
    """The reading at `node`, with the names that the witnesses who led there have read."""
    named: dict[Mention, None] = dict.fromkeys(best.mentions)
    for said in testimonies:
        if said.mentions and is_under(node, said.division, index):
            named.update(dict.fromkeys(said.mentions))
    mentions = tuple(sorted(named))
    read = mentions[len(best.mentions) :] and [m for m in mentions if m not in best.mentions]
    contradicted: tuple[Hit, ...] = best.contradicted
    if read:
        contradicted = tuple(
            hit
            for hit in best.contradicted
            if all(hit.end <= m.start or m.end <= hit.start for m in read)
        )
    return replace(best, division=node, mentions=mentions, contradicted=contradicted)
