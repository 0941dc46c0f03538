"""Cities with one urban district, so that a street of the city without a county is in it.

Counties that a city took in lately keep writing their own names; the town that the city grew
from is called by the city's name alone (抚州市赣东大道 is in 临川区, never in 东乡区). Worked out
from the history of names, so that it follows every change of the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

# A county that became a district before this year has long been a part of the town.
_GROWN_TOGETHER = 1996
_ZONE_CODES = "70"
"""Fifth and sixth digit of a code from which on it is a zone that is counted as a county."""


def core_districts(
    names: Sequence[str],
    codes: Sequence[str],
    levels: Sequence[int],
    parents: Sequence[int],
    former: Iterable[tuple[int, str, int]],
) -> Mapping[int, int]:
    """City → its one urban district; cities with several, or with none, are left out.

    Args:
        names: by id.
        codes: by id.
        levels: by id.
        parents: by id; -1 for none.
        former: (division of level 2 or 3, former name of it, last year of that name).
    """
    districts: dict[int, list[int]] = defaultdict(list)
    for division, level in enumerate(levels):
        if level == 3 and names[division].endswith("区") and codes[division][4:6] < _ZONE_CODES:
            districts[parents[division]].append(division)
    raised: dict[int, int] = {}
    taken_in: dict[int, int] = {}
    grown: set[int] = set()
    for division, name, year in former:
        if levels[division] == 2 and name.endswith(("地区", "盟")):
            raised[division] = max(year, raised.get(division, 0))
        elif levels[division] == 3 and name.endswith(("县", "旗", "市")):
            taken_in[division] = max(year, taken_in.get(division, 0))
        elif levels[division] == 3 and name.endswith("区"):
            grown.add(division)

    def is_outer(district: int, city: int) -> bool:
        """Taken in late, whole, and not when the prefecture itself became a city."""
        year = taken_in.get(district, 0)
        late = year >= _GROWN_TOGETHER and abs(year - raised.get(city, 0)) > 1
        return late and district not in grown

    cores: dict[int, int] = {}
    for city, below in districts.items():
        if city >= 0 and levels[city] == 2:
            core = below if len(below) == 1 else [d for d in below if not is_outer(d, city)]
            if len(core) == 1:
                cores[city] = core[0]
    return cores
