"""Towns that went to another county, quarters, zones and local names lie where they are today."""

from __future__ import annotations

import pytest
from golden_lines import lines

from addrfix.flow.clean import Engine
from addrfix.model.nouns import ResolvedAddress
from addrfix.places.gazetteer import open_gazetteer

MOVES = lines("town_moves")
QUARTERS = lines("quarters")
_MOVED = """
SELECT DISTINCT coalesce(province.name, '') AS province, coalesce(city.name, '') AS city,
    old.name AS county, h.old_name AS town, h.division_id AS now
FROM (SELECT *, unnest(old_parent_ids) AS old_id FROM history WHERE level = 4) AS h
JOIN division AS d ON d.id = h.division_id AND d.name = h.old_name AND d.kind = 'official'
JOIN division AS old ON old.id = h.old_id AND old.level = 3
LEFT JOIN division AS city ON city.id = old.parent_id AND city.level = 2
LEFT JOIN division AS province ON province.id = coalesce(city.parent_id, old.parent_id)
WHERE NOT list_contains(h.old_parent_ids, d.parent_id)
ORDER BY ALL
"""


def _names(place: ResolvedAddress) -> tuple[str, str, str]:
    return place.city or "-", place.district or "-", place.town or "-"


@pytest.mark.parametrize("line", MOVES, ids=[line["address"] for line in MOVES])
def test_a_town_that_moved_lies_where_it_is_now(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["address"]])
    assert _names(place) == (line["city"], line["district"], line["town"])


@pytest.mark.parametrize("line", QUARTERS, ids=[line["address"] for line in QUARTERS])
def test_a_local_name_means_its_district(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["address"]])
    assert _names(place) == (line["city"], line["district"], line["town"])


def test_every_move_of_the_history_is_followed(reading: Engine) -> None:
    """Under the county it left, in full, a town that kept its name is read as it stands today."""
    with open_gazetteer(progress=False).connect() as connection:
        moves = connection.execute(_MOVED).fetchall()
    texts = [f"{''.join(dict.fromkeys(move[:4]))}云台路5号" for move in moves]
    index = reading.index
    failed = [
        (text, place.district, place.town)
        for text, (*_, now), place in zip(texts, moves, reading.read(texts)[1], strict=True)
        if place.division_code != index.codes[now]
    ]
    assert len(moves) > 400
    assert len(failed) <= 0.03 * len(moves), failed


def test_what_was_written_is_recorded_as_replaced(reading: Engine) -> None:
    _, [place] = reading.read(["深圳市宝安区观澜街道云台路5号"])
    assert place.replaced == ["district"]
    assert "renamed_division" in place.issues and "division_conflict" not in place.issues
    assert place.standardized == "广东省深圳市龙华区观澜街道云台路5号"
    assert [label for _, _, label in place.spans][:3] == ["city", "district", "town"]


def test_a_quarter_stays_in_the_line(reading: Engine) -> None:
    _, [place] = reading.read(["香港九龍旺角云台街5号"])
    assert place.standardized == "香港特别行政区九龙油尖旺区旺角云台街5号"
