"""A user's own words lie over every table, end to end: `addrfix parse` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from addrfix.knowledge import folder, laid_over, read_tsv
from addrfix.model.errors import BadSettings
from addrfix.places.gazetteer import remove_stale

Parse = Callable[[Path, str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """`addrfix parse --json` with a data folder; what is built stays out of the user's cache."""
    cache = tmp_path_factory.mktemp("cache")

    def run(data: Path, text: str) -> subprocess.CompletedProcess[str]:
        around = {**os.environ, "ADDRFIX_DATA": str(data), "ADDRFIX_CACHE": str(cache)}
        command = [sys.executable, "-m", "addrfix", "parse", "--json", text]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env=around, check=False
        )

    return run


def read(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr
    place: dict[str, object] = json.loads(done.stdout)
    return place


def own(data: Path, table: str, *rows: dict[str, str] | str) -> Path:
    """Write an own table: rows as cells by column, the others as the first shipped row has them."""
    path = data / "words" / f"{table}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    gazetteer = folder("gazetteer")
    shipped = gazetteer / "words" / f"{table}.tsv"
    first = read_tsv(shipped if shipped.exists() else gazetteer / f"{table}.tsv")[0]
    lines = ["\t".join(first)]
    lines += [row if isinstance(row, str) else "\t".join({**first, **row}.values()) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


ROAD = "浙江省衢州市柯城区云台古径12号"
PLACE = "浙江省衢州市柯城区云杉砚云帆大厦"


def test_an_own_word_ends_a_road_and_one_taken_away_does_not(parse: Parse, tmp_path: Path) -> None:
    assert read(parse(tmp_path, ROAD))["road"] is None
    own(tmp_path, "road_words", {"word": "古径", "weight": "0.5", "example": "云台古径"})
    assert read(parse(tmp_path, ROAD))["road"] == "云台古径"
    known = "浙江省衢州市柯城区云台胡同12号"
    assert read(parse(tmp_path, known))["road"] == "云台胡同"
    own(tmp_path, "road_words", "!胡同")
    assert read(parse(tmp_path, known))["road"] is None


def test_an_own_word_ends_a_place(parse: Parse, tmp_path: Path) -> None:
    assert read(parse(tmp_path, PLACE))["poi"] == "云杉砚云帆大厦"
    own(tmp_path, "place_words", {"word": "砚", "strength": "strong"})
    place = read(parse(tmp_path, PLACE))
    assert (place["poi"], place["subpoi"]) == ("云杉砚", "云帆大厦")


def test_an_own_alias_names_a_division_for_its_user_alone(parse: Parse, tmp_path: Path) -> None:
    text, mine, others = "鹿都云台路12号", tmp_path / "mine", tmp_path / "others"
    own(mine, "aliases", {"alias": "鹿都", "code": "330802", "name": "柯城区"})
    assert read(parse(others, text))["district"] is None
    assert read(parse(mine, text))["district"] == "柯城区"
    # What was built for one folder of words is not what another one gets.
    assert read(parse(others, text))["district"] is None
    assert read(parse(mine, text))["district"] == "柯城区"


def test_an_own_rule_blocks_and_a_shipped_one_is_taken_away(parse: Parse, tmp_path: Path) -> None:
    text = "浙江省衢州市柯城区云台路12号云台影城"
    row = read_tsv(folder("gazetteer") / "words" / "blocked.tsv")[0]
    assert read(parse(tmp_path, text))["verdict"] == "deliverable"
    own(tmp_path, "blocked", {"pattern": "云台影城", "needs": "", "example": text})
    place = read(parse(tmp_path, text))
    assert place["verdict"] == "blocked" and row["reason"] in str(place["issues"])
    assert read(parse(tmp_path, row["example"]))["verdict"] == "blocked"
    own(tmp_path, "blocked", f"!{next(iter(row.values()))}")
    assert read(parse(tmp_path, row["example"]))["verdict"] != "blocked"


def test_the_example_of_the_page_holds(parse: Parse, tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "knowledge.md").read_text(encoding="utf-8")
    for block in page.split("```text\n# ")[1:]:
        name, _, rows = block.partition("```")[0].partition("\n")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(rows, encoding="utf-8")
    place = read(parse(tmp_path, "鹿都云台古径12号"))
    assert (place["district"], place["road"]) == ("柯城区", "云台古径")
    assert read(parse(tmp_path, "鹿都云台胡同12号"))["road"] is None


@pytest.mark.parametrize(
    ("table", "lines", "told"),
    [
        ("road_words", ["word\tweight\texample", "古径\tstrong\t云台古径"], "is no number"),
        ("road_words", ["word\tweight\texample", "古径\tnan\t云台古径"], "is no number"),
        ("road_words", ["word\tweight\texample", "古径"], "1 cells where the header has 3"),
        ("road_words", ["古径\t0\t云台古径"], "it needs word, weight, example"),
        ("road_words", ["# only this"], "no header line"),
        ("place_words", ["word\tstrength", "砚\tvery"], "it is one of end, part, strong, weak"),
        ("place_wrods", ["word\tstrength", "砚\tend"], "lies over no table of addrfix"),
        ("word_classes", ["class\tword\tmore", "numeral\t两\t"], "it needs class, word"),
        ("aliases", ["alias\tcode\tname", "柯都\t999999\t柯城区"], "is in no division table"),
    ],
)
def test_a_malformed_own_table_is_told_in_a_sentence(
    parse: Parse, tmp_path: Path, table: str, lines: Sequence[str], told: str
) -> None:
    path = tmp_path / "words" / f"{table}.tsv"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = parse(tmp_path, "衢州市柯城区云台路12号")
    assert done.returncode in (1, 2)
    assert told in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("addrfix: ") == 1


@pytest.mark.parametrize("cell", ["(", "", "[云"])
def test_an_own_pattern_that_is_none_is_told(parse: Parse, tmp_path: Path, cell: str) -> None:
    own(tmp_path, "blocked", {"pattern": cell})
    done = parse(tmp_path, "衢州市柯城区云台路12号")
    assert done.returncode == 1
    assert "words/blocked.tsv in the data folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_that_is_no_text_is_told(parse: Parse, tmp_path: Path) -> None:
    own(tmp_path, "road_words").write_bytes(
        "word\tweight\texample\n古径\t0\t云台古径\n".encode("gbk")
    )
    done = parse(tmp_path, "衢州市柯城区云台路12号")
    assert done.returncode == 1 and "save it as UTF-8" in done.stderr


def test_rows_of_several_keys_are_replaced_one_by_one() -> None:
    shipped = [
        {"factor": "age", "level": "new", "weight": "1"},
        {"factor": "age", "level": "old", "weight": "-1"},
        {"factor": "kind", "level": "new", "weight": "0"},
    ]
    keys = ("factor", "level")
    changed = [{"factor": "age", "level": "old", "weight": "-2"}]
    over = laid_over(shipped, changed, "levels.tsv", keys)
    assert [(row["level"], row["weight"]) for row in over] == [
        ("old", "-2"), ("new", "1"), ("new", "0"),
    ]  # fmt: skip
    gone = [{"factor": "!age", "level": "old", "weight": ""}]
    assert laid_over(shipped, gone, "levels.tsv", keys) == [shipped[0], shipped[2]]
    all_gone = [{"factor": "!age", "level": "", "weight": ""}]
    assert laid_over(shipped, all_gone, "levels.tsv", keys) == [shipped[2]]
    with pytest.raises(BadSettings, match="it needs factor, level, weight"):
        laid_over(shipped, [{"factor": "age"}], "levels.tsv", keys)


def test_own_builds_of_other_folders_stay(tmp_path: Path) -> None:
    mine, before, theirs, shipped, old = (
        tmp_path / f"gazetteer-1-{name}.duckdb"
        for name in ("new-own-aa-2", "new-own-aa-1", "new-own-bb-1", "new", "old-own-aa-1")
    )
    index = tmp_path / "gazetteer-1-old.index-8-3.11-1"
    for path in (mine, before, theirs, shipped, old, index):
        path.write_text("x", encoding="utf-8")
    remove_stale(mine)
    assert set(tmp_path.iterdir()) == {mine, theirs, shipped}
    remove_stale(shipped)
    assert set(tmp_path.iterdir()) == {mine, theirs, shipped}
