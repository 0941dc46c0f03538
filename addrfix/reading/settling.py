"""What a sum of weights cannot express about readings that lie close together: rules in order.

The first rule that leaves one reading decides; where none does, they stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from addrfix.model.nouns import Mention, Reading
from addrfix.model.protocols import DivisionIndex


class Scene(Protocol):
    """The names of one text, as these rules ask about them."""

    @property
    def index(self) -> DivisionIndex:
        """The divisions."""

    def written_city(self, reading: Reading) -> Reading | None:
        """The city in full that a reading leaves unexplained, read by itself."""

    def is_certain(self, mention: Mention) -> bool:
        """Whether a mention is a city in full, or a county that is alone in the country."""

    def is_doubtful_county(self, mention: Mention) -> bool:
        """Whether a mention is a county in full whose name other counties have or had."""

    def is_only_county(self, mention: Mention) -> bool:
        """Whether a mention is a county in full whose name no other county has."""


def settled(scene: Scene, leading: Sequence[Reading], index: DivisionIndex) -> Sequence[Reading]:
    """Leading readings, or the one that a rule leaves.

    Args:
        scene: the names they read.
        leading: readings closer together than a tie, best first.
        index: the divisions.
    """
    if all(reading.division == leading[0].division for reading in leading):
        return leading
    for rule in _RULES:
        one = rule(scene, leading)
        if one is not None:
            return (one,)
    return leading


def _the_written_city(scene: Scene, leading: Sequence[Reading]) -> Reading | None:
    """赤峰市新城区 is in 赤峰, though 新城区 is not: no bearer of the name lies in the city."""
    start = leading[0].mentions[-1].start
    if all(r.mentions[-1].start == start and r.contradicted for r in leading):
        return scene.written_city(leading[0])
    return None


def _what_is_certain(scene: Scene, leading: Sequence[Reading]) -> Reading | None:
    """井冈山市新城区: a county's name that several bear overrules nothing certain before it."""
    certain = [reading for reading in leading if scene.is_certain(reading.mentions[-1])]
    if len(certain) != 1:
        return None
    end = certain[0].mentions[-1].end
    behind = all(
        scene.is_doubtful_county(reading.mentions[-1]) and reading.mentions[-1].start >= end
        for reading in leading
        if reading is not certain[0]
    )
    return certain[0] if behind else None


def _the_only_county(scene: Scene, leading: Sequence[Reading]) -> Reading | None:
    """通化市图们市: a county that is alone in the country overrules a city."""
    levels = scene.index.levels
    only = [reading for reading in leading if scene.is_only_county(reading.mentions[-1])]
    if len(only) == 1 and all(levels[r.division] <= 2 for r in leading if r is not only[0]):
        return only[0]
    return None


def _the_ranked_town(scene: Scene, leading: Sequence[Reading]) -> Reading | None:
    """众兴镇|来安街: of several towns of one county the one that is written as a town."""
    index = scene.index
    parents = {index.parents[reading.division] for reading in leading}
    if len(parents) > 1 or any(index.levels[r.division] != 4 for r in leading):
        return None
    ranked = [r for r in leading if r.mentions[-1].kind in ("official", "historic")]
    return ranked[0] if len(ranked) == 1 else None


def _of_counties_in_full(scene: Scene, leading: Sequence[Reading]) -> Reading | None:
    """满洲里市扎赉诺尔区 is the district; of 东港市大东区 the city that stands in front leads."""
    index = scene.index
    if any(index.levels[r.division] != 3 or r.mentions[-1].kind != "official" for r in leading):
        return None
    together = len({index.parents[reading.division] for reading in leading}) == 1
    starts = [reading.mentions[-1].start for reading in leading]
    wanted = max(starts) if together else min(starts)
    one = [reading for reading in leading if reading.mentions[-1].start == wanted]
    return one[0] if len(one) == 1 else None


_RULES: tuple[Callable[[Scene, Sequence[Reading]], Reading | None], ...] = (
    _the_written_city,
    _what_is_certain,
    _the_only_county,
    _the_ranked_town,
    _of_counties_in_full,
)
