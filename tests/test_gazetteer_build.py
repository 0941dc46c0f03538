"""Building, opening and asking the gazetteer through its public functions and commands."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest
from click.testing import CliRunner

from addrfix.cli.gazetteer import command
from addrfix.folders import cache_folder
from addrfix.model.errors import GazetteerProblem
from addrfix.places import building, open_gazetteer
from addrfix.places.forms import DivisionRow, HistoryRow, all_forms
from addrfix.places.gazetteer import remove_stale
from addrfix.places.lookup import look_up
from addrfix.places.regiments import in_words
from addrfix.places.version import file_name


def _open(folder: str) -> int:
    """What a second process does: build if need be, then read."""
    import os

    os.environ["ADDRFIX_CACHE"] = folder
    with open_gazetteer(progress=False).connect() as connection:
        row = connection.execute("SELECT count(*) FROM division").fetchone()
    return int(row[0]) if row else 0


def test_two_first_builds_at_once_are_safe(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.map(_open, [str(tmp_path)] * 2)
    assert counts[0] == counts[1] > 40_000
    left = sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock")
    assert left == [file_name()]


def test_a_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(step: str, done: float) -> None:
        if done > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(tmp_path / "g.duckdb", stop)
    assert [path for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_files_of_older_tables_are_removed(tmp_path: Path) -> None:
    keep, old = tmp_path / "gazetteer-1-new.duckdb", tmp_path / "gazetteer-1-old.duckdb"
    other = tmp_path / "notes.txt"
    for path in (keep, old, other):
        path.write_text("x", encoding="utf-8")
    remove_stale(keep)
    assert sorted(path.name for path in tmp_path.iterdir()) == [keep.name, other.name]


def test_a_missing_or_broken_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GazetteerProblem, match="gazetteer build"):
        open_gazetteer(tmp_path / "none.duckdb")
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database" * 1000)
    with pytest.raises(GazetteerProblem, match="gazetteer build"):
        open_gazetteer(broken)


def test_connections_read_only_and_quiet() -> None:
    import duckdb

    with open_gazetteer(progress=False).connect() as connection:
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("DELETE FROM division")
        setting = connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    assert setting == (False,)


def test_the_cache_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRFIX_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("ADDRFIX_CACHE")
    assert cache_folder() != tmp_path


def test_lookup_tells_ancestors_and_history() -> None:
    [meaning] = [
        m for m in look_up(open_gazetteer(progress=False), "310106") if m.kind == "official"
    ]
    assert meaning.above == ("上海市",)
    assert ("310108", "闸北区") in {(old.code, old.name) for old in meaning.history}


def test_commands_answer_a_person() -> None:
    runner = CliRunner()
    asked = runner.invoke(command, ["lookup", "江干区", "--json"])
    rows = [json.loads(line) for line in asked.stdout.splitlines()]
    assert {row["name"] for row in rows} == {"上城区", "钱塘区"}
    assert "once 330104 江干区" in runner.invoke(command, ["lookup", "330102"]).stdout
    assert runner.invoke(command, ["lookup", "没有这个地方"]).exit_code == 1
    assert "620,573" in runner.invoke(command, ["info"]).stdout
    checked = runner.invoke(command, ["check"])
    assert checked.exit_code == 0
    assert "FAIL" not in checked.stdout


def test_another_ending_gives_way_to_a_town_that_bears_it() -> None:
    county = DivisionRow(0, "999999", 3, "安县", "安县", None, "official")
    town = DivisionRow(1, "999999100", 4, "水口镇", "水口", 0, "official")
    township = DivisionRow(2, "999999200", 4, "水口乡", "水口", 0, "official")
    alone = all_forms([county, town], [], [], [])
    assert ("水口乡", 1, "alias") in {(f.form, f.division_id, f.kind) for f in alone}
    both = all_forms([county, town, township], [], [], [])
    assert {f.division_id for f in both if f.form == "水口乡"} == {2}
    heir = DivisionRow(2, "999999101", 4, "河口镇", "河口", 0, "official")
    merged = HistoryRow(4, "999999200", "水口乡", (0,), 2019, 2, 1.0)
    history = all_forms([county, town, heir], [merged], [], [])
    assert {f.division_id for f in history if f.form == "水口乡"} == {2}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (5, ("五",)),
        (10, ("十",)),
        (12, ("十二",)),
        (41, ("四十一",)),
        (121, ("一二一", "一百二十一")),
        (104, ("一零四", "一〇四", "一百零四")),
        (150, ("一五零", "一五〇", "一百五十")),
        (222, ("二二二", "二百二十二")),
    ],
)
def test_regiment_numbers_in_words(number: int, words: tuple[str, ...]) -> None:
    assert in_words(number) == words
