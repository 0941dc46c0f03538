"""What the gazetteer must know; facts stand in tests/cases/gazetteer_*.tsv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from addrfix import database
from addrfix.knowledge import folder, read_tsv, words
from addrfix.places import Gazetteer, open_gazetteer
from addrfix.places.checking import queries, run_checks
from addrfix.places.names import short_name, village_stem

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, str]]:
    return read_tsv(CASES / f"gazetteer_{name}.tsv")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return open_gazetteer(progress=False)


@pytest.fixture(scope="module")
def connection(gazetteer: Gazetteer) -> Iterator[duckdb.DuckDBPyConnection]:
    with gazetteer.connect() as opened:
        yield opened


@pytest.mark.parametrize("case", cases("places"), ids=lambda case: f"{case['form']}-{case['code']}")
def test_a_name_means_the_division_now_in_force(
    connection: duckdb.DuckDBPyConnection, case: dict[str, str]
) -> None:
    found = connection.execute(
        "SELECT d.code, d.name, f.kind FROM name_form AS f"
        " JOIN division AS d ON d.id = f.division_id WHERE f.form = ? ORDER BY ALL",
        [case["form"]],
    ).fetchall()
    assert (case["code"], case["name"], case["kind"]) in found


@pytest.mark.parametrize("case", cases("short_names"), ids=lambda case: case["name"])
def test_names_are_shortened_by_rule(case: dict[str, str]) -> None:
    level = int(case["level"])
    short = village_stem(case["name"]) if level == 5 else short_name(case["name"], level)
    assert short == case["short"]


@pytest.mark.parametrize("case", cases("pinyin"), ids=lambda case: case["name"])
def test_place_names_are_read_as_their_people_read_them(
    connection: duckdb.DuckDBPyConnection, case: dict[str, str]
) -> None:
    found = connection.execute(
        "SELECT name, pinyin FROM division WHERE code = ?", [case["code"]]
    ).fetchone()
    assert found == (case["name"], case["pinyin"])


def test_a_common_character_for_a_rare_one_means_the_place(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for row in words("rare_characters"):
        assert row["example"] == row["name"].replace(row["character"], row["written"])
        found = connection.execute(
            "SELECT d.name FROM name_form AS f JOIN division AS d ON d.id = f.division_id"
            " WHERE f.form = ?",
            [row["example"]],
        ).fetchall()
        assert (row["name"],) in found, row


def test_moves_by_hand_name_the_towns_they_mean(connection: duckdb.DuckDBPyConnection) -> None:
    """A town of `town_moves.tsv` bears that name, or became the county that the row names."""
    for row in read_tsv(folder("gazetteer") / "town_moves.tsv"):
        [(name, level)] = connection.execute(
            "SELECT name, level FROM division WHERE code = ?", [row["code"]]
        ).fetchall()
        assert row["name"] == name or level == 3, row
        assert row["ground"] in ("events", "known") and 1999 <= int(row["until"]) <= 2026, row


def test_quarters_are_no_names_of_their_districts(connection: duckdb.DuckDBPyConnection) -> None:
    rows = read_tsv(folder("gazetteer") / "quarters.tsv")
    assert len(rows) >= 150
    assert len({row["quarter"] for row in rows}) == len(rows)


def test_every_syllable_stands_for_one_character(connection: duckdb.DuckDBPyConnection) -> None:
    wrong = connection.execute(
        "SELECT name FROM division WHERE length(short_name) <> len(string_split(pinyin, ' '))"
        " AND NOT regexp_matches(short_name, '[^\u4e00-\u9fff]') ORDER BY name"
    ).fetchall()
    assert wrong == []


def test_it_is_as_large_as_the_country(connection: duckdb.DuckDBPyConnection) -> None:
    official = dict(
        connection.execute(
            "SELECT level, count(*) FROM division WHERE kind = 'official' GROUP BY level"
        ).fetchall()
    )
    assert official[1] == 34
    assert official[2] == 333
    assert official[3] == 2847
    assert official[4] >= 38723
    [villages] = connection.execute("SELECT count(*) FROM village").fetchall()
    assert villages == (620573,)


def test_all_checks_hold(gazetteer: Gazetteer) -> None:
    assert [check for check in run_checks(gazetteer) if check.faults] == []


def test_each_check_finds_a_fault_that_is_put_there(gazetteer: Gazetteer, tmp_path: Path) -> None:
    """A check that cannot fail proves nothing: break a copy in every way that one looks for."""
    copy = tmp_path / "broken.duckdb"
    copy.write_bytes(gazetteer.path.read_bytes())
    breaks = [
        "UPDATE division SET parent_id = NULL WHERE code = '330113'",
        "UPDATE division SET parent_id = id WHERE code = '330114'",
        "UPDATE division SET code = '330102' WHERE code = '330105'",
        "UPDATE division SET postcode = '31000' WHERE code = '330106'",
        "UPDATE division SET postcode = '999999' WHERE code = '370211'",
        "UPDATE division SET lat = 80 WHERE lat IS NOT NULL AND level = 3",
        "UPDATE division SET id = 900000 WHERE level = 4 AND code = '330108002'",
        "UPDATE division SET name = '江干区' WHERE code IN ('330102', '330108')",
        "UPDATE village SET town_id = -1 WHERE code LIKE '330106%'",
        "UPDATE village SET stem = '' WHERE code LIKE '330109%'",
        "UPDATE village SET code = 'x' WHERE code = (SELECT min(code) FROM village)",
        "INSERT INTO name_form VALUES ('某地', -1, 3, 'official', NULL, 1.0, [], NULL, NULL)",
        "UPDATE history SET division_id = NULL, why = '' WHERE old_name = '下城区'",
        "UPDATE history SET share = 3, from_year = 3000 WHERE old_name = '闸北区'",
        "UPDATE history SET division_id = (SELECT min(id) FROM division WHERE kind = 'zone')"
        " WHERE old_name = '卢湾区'",
        "UPDATE id_prefix SET division_id = -1 WHERE prefix = '110101'",
        "UPDATE phone_prefix SET first = '9' WHERE kind = 'landline'",
        "UPDATE zone SET division_ids = [-1] WHERE name = '雄安新区'",
        "UPDATE division SET kind = 'zone' WHERE code = '130100'",
    ]  # fmt: skip
    with database.open_file(copy, read_only=False) as connection:
        for statement in breaks:
            connection.execute(statement)
    held = [check.name for check in run_checks(Gazetteer(copy)) if not check.faults]
    assert held == []
    assert len(queries()) >= 20


def test_a_former_parent_does_not_contradict(connection: duckdb.DuckDBPyConnection) -> None:
    parents = connection.execute(
        "SELECT list_sort(list_transform(old_parent_ids, lambda i: by_id[i]))"
        " FROM name_form, (SELECT map_from_entries(list((id, name))) AS by_id FROM division)"
        " WHERE form = '渝北区' ORDER BY division_id LIMIT 1"
    ).fetchone()
    assert parents is not None
    assert "重庆市" in parents[0]


def test_prefixes_of_id_cards_follow_their_counties(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "SELECT i.prefix, d.name FROM id_prefix AS i JOIN division AS d ON d.id = i.division_id"
        " WHERE i.prefix IN ('310108', '512221', '330184', '110101') ORDER BY ALL"
    ).fetchall()
    assert ("310108", "静安区") in found
    assert ("512221", "万州区") in found
    assert ("330184", "余杭区") in found
    assert ("110101", "东城区") in found
    years = connection.execute(
        "SELECT year_from, year_to FROM id_prefix WHERE prefix = '310108' AND name = '闸北区'"
    ).fetchall()
    assert years == [(1980, 2014)]


def test_phone_ranges_name_their_home(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "SELECT d.name FROM phone_prefix AS p JOIN division AS d ON d.id = p.division_id"
        " WHERE (p.kind = 'landline' AND p.first = '0571')"
        " OR (p.kind = 'mobile' AND '1300000' BETWEEN p.first AND p.last) ORDER BY ALL"
    ).fetchall()
    assert found == [("杭州市",), ("济南市",)]
