"""Towns and zones that only their place gives away: right behind a city that is certain.

County and rank are left out (珠海市南屏坪岚路), or one character of the county stays (临汾蒲薛关 is
薛关镇 in 蒲县). Against the whole country such pieces mean anything; among the towns of one city
they mean one thing or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from addrfix.model.nouns import SHORT_KINDS, Mention, ParsedAddress, Reading, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_settled
from addrfix.patterns import pattern, word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case, behind_names


class TownBelow:
    """Reads downwards behind a city."""

    name = "town_below"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Nothing: towns are in memory."""
        return NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The zone, county or towns whose name stands behind the city, the longest name only."""
        index, key = self._index, written.key
        if not is_settled(written.readings, index):
            return
        best = written.readings[0]
        if index.levels[best.division] != 2:
            return
        start = behind_names(written)
        named = self._own_zone(key, start, best) or self._repeated_county(key, start, best)
        if named is not None:
            yield self._testimony(named.division, (named,))
            return
        found = self._towns(key, start, best.division)
        longest = max((mentions[-1].end for mentions in found), default=0)
        if any(hit.start == start and hit.end > longest for hit in index.hits(key[: start + 12])):
            return
        for mentions in found:
            if mentions[-1].end == longest:
                yield self._testimony(mentions[-1].division, mentions)

    def _testimony(self, division: int, mentions: tuple[Mention, ...]) -> Testimony:
        return Testimony(
            self.name, division, self._weight, mentions[0].start, mentions[-1].end, mentions
        )

    def _repeated_county(self, key: str, start: int, best: Reading) -> Mention | None:
        """梅县 behind 梅州市 is the county, though the city was called so once."""
        for again in best.repeated:
            written = key[again.start : again.end]
            if again.start == start and not pattern("town_part_of_more").match(key, again.end):
                for form, county, level, kind in self._index.children(best.division):
                    if level == 3 and form == written and kind in ("short", "official"):
                        return Mention(again.start, again.end, county, 3, kind)
        return None

    def _own_zone(self, key: str, start: int, best: Reading) -> Mention | None:
        """开发区 behind a city is the zone of the city's name, where that lies in one county."""
        city = best.mentions[-1]
        for bare in word_class("bare_zone"):
            end = start + len(bare)
            if city.division != best.division or not key.startswith(bare, start):
                continue
            if key.startswith(word_class("town_rank"), end):
                continue
            stem = key[city.start : city.end].removesuffix(word_class("city_rank")[0])
            for hit in self._index.hits(stem + bare):
                inside = [f for f in hit.forms if f.kind == "zone" and f.share == 1.0]
                if hit.end - hit.start == len(stem + bare) and len(inside) == len(hit.forms) == 1:
                    return Mention(start, end, inside[0].division, 3, "zone")
        return None

    def _towns(self, key: str, start: int, city: int) -> list[tuple[Mention, ...]]:
        """Every way to read what stands at `start` as a town of the city."""
        counties: dict[int, set[str]] = {}
        for form, child, level, _ in self._index.children(city):
            if level == 3:
                counties.setdefault(child, set()).add(form)
        ranks = word_class("county_rank")
        found: list[tuple[Mention, ...]] = []
        for county, forms in counties.items():
            found += [(town,) for town in towns_at(key, start, county, self._index, alone=True)]
            written = forms | {f[0] for f in forms if len(f) == 2 and f[1] in ranks}
            for form in sorted(written):
                if key.startswith(form, start):
                    end = start + len(form)
                    above = Mention(start, end, county, 3, "short")
                    found += [
                        (above, town)
                        for town in towns_at(key, end, county, self._index, alone=False)
                    ]
        return found


def towns_at(
    key: str, start: int, county: int, index: DivisionIndex, *, alone: bool
) -> Iterator[Mention]:
    """Towns of a county whose name stands at `start`.

    `alone` asks that what follows makes sense without them, since no county is written.
    """
    for form, town, level, kind in index.children(county):
        if level != 4 or not key.startswith(form, start):
            continue
        end = start + len(form)
        if pattern("town_rank_end").search(form) is None:
            if kind not in SHORT_KINDS or (alone and not _stands_alone(key, end)):
                continue
            # 太行西街飞龙巷 is in 太行西街街道, 太行西街7号 may be anywhere along the street.
            if form[-1] in word_class("through_road_end") and not pattern("road_follows").match(
                key, end
            ):
                continue
        yield Mention(start, end, town, 4, kind)


def _stands_alone(key: str, end: int) -> bool:
    more = pattern("town_part_of_more").match(key, end)
    return not more and pattern("stands_alone").match(key, end) is not None


def create(index: DivisionIndex) -> TownBelow:
    """The witness over one gazetteer."""
    return TownBelow(index)
