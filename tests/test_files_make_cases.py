"""The made-up debtor file has the form of real ones; the same options give the same bytes."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from addrfix.files import canonical_rows, read_table, recognise

SCRIPT = Path(__file__).parent.parent / "scripts" / "make_cases.py"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, str(SCRIPT), "-o", str(folder / "cases.csv"),
        "--history", str(folder / "history.csv"), "--truth", str(folder / "truth.parquet"),
        *options,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert run(folder, "--cases", "60", "--letters", "200").returncode == 0
    return folder


def test_form(made: Path) -> None:
    table = read_table(made / "cases.csv")
    columns = recognise(table.frame.columns)
    columns.require("case_id", "name", "id_no", "address", "source", "recorded_on")
    rows = canonical_rows(table, columns)
    assert rows["case_id"].n_unique() == 60
    assert set(rows.group_by("case_id").len()["len"]) <= set(range(2, 8))
    assert "other" not in set(rows["source"])
    assert rows["address"].null_count() == 0
    unreadable = rows["input_issues"].explode().drop_nulls()
    assert not set(unreadable) & {"date_unreadable", "amount_unreadable"}
    assert rows["name"].str.contains("[𬭎䶮㛃]").any()
    assert rows["name"].str.contains("\U00020bb7").any()


def test_id_numbers_have_true_check_digits(made: Path) -> None:
    numbers = read_table(made / "history.csv").frame["身份证号"].unique().to_list()
    for number in numbers:
        total = sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True))
        assert number[17] == "10X98765432"[total % 11], number


def test_history_is_recognised_whole(made: Path) -> None:
    table = read_table(made / "history.csv")
    rows = canonical_rows(table, recognise(table.frame.columns))
    assert rows.height == 200
    assert rows.select("posted_on", "result", "result_on").null_count().row(0) == (0, 0, 0)
    returned = rows.filter(pl.col("result") == "退回")
    assert returned["return_reason"].null_count() == 0
    assert 0 < returned.height < rows.height


def test_truth_stands_beside_every_row(made: Path) -> None:
    truth = pl.read_parquet(made / "truth.parquet")
    cases = read_table(made / "cases.csv").frame
    assert truth["case_id"].to_list() == cases["案件编号"].to_list()
    assert truth["row"].to_list() == list(range(truth.height))
    assert truth["p_true"].is_between(0, 1).all()


def test_same_options_same_bytes_other_seed_other_bytes(made: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "--cases", "60", "--letters", "200").returncode == 0
    for name in ("cases.csv", "history.csv", "truth.parquet"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()
    assert run(tmp_path, "--cases", "60", "--letters", "200", "--seed", "2").returncode == 0
    assert (tmp_path / "cases.csv").read_bytes() != (made / "cases.csv").read_bytes()


def test_unknown_world_and_parameter_are_told(tmp_path: Path) -> None:
    wrong = run(tmp_path, "--world", "moon")
    assert wrong.returncode == 2
    assert "bad_workplaces" in wrong.stderr
    wrong = run(tmp_path, "--set", "people.height=2")
    assert wrong.returncode == 2
    assert "no such parameter" in wrong.stderr


def test_a_world_of_ties_has_every_kind_with_its_truth(tmp_path: Path) -> None:
    assert run(tmp_path, "--cases", "250", "--letters", "1", "--world", "ties").returncode == 0
    truth = pl.read_parquet(tmp_path / "truth.parquet")
    rows = read_table(tmp_path / "cases.csv").frame
    tied = truth.filter(pl.col("tie").is_not_null())
    kinds = dict(tied["tie"].value_counts().rows())
    assert kinds.keys() == {
        "same_named", "road_after_district", "one_urban_district", "moved_town", "community",
    }  # fmt: skip
    assert min(kinds.values()) >= 5
    assert tied.select("province", "city", "district", "town").null_count().row(0) == (0, 0, 0, 0)
    texts = truth.with_columns(rows["地址"]).filter(pl.col("state") == "ok")
    for kind in ("one_urban_district", "community", "moved_town"):
        part = texts.filter(pl.col("tie") == kind)
        named = part.select(pl.col("地址").str.contains(pl.col("district"), literal=True).sum())
        assert named.item() / part.height < 0.1, kind
    assert rows["地址"].str.contains(r"(?:^|\D)\d{6}(?:\D|$)").any()
    for dirt in ("^中国", "市辖区", r"\[\d{4}\]$", "收件人："):
        assert rows["地址"].str.contains(dirt).any(), dirt


def test_the_plain_world_has_no_ties(made: Path) -> None:
    assert pl.read_parquet(made / "truth.parquet")["tie"].null_count() > 0
    assert pl.read_parquet(made / "truth.parquet")["tie"].drop_nulls().is_empty()
