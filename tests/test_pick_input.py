"""Choosing from files as they come: odd dates, unknown words, repeats, histories with gaps."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from addrfix.cli.learn import command as learn_command
from addrfix.cli.pick import command as pick_command
from addrfix.model.errors import BadInput

HEAD = "案件编号,姓名,身份证号,地址类型,地址,登记日期\n"
HOME = "邵阳市邵阳县塘渡口镇和平路8号翠湖花园2栋301室"
WORK = "邵阳市邵阳县塘渡口镇东门街12号宏达机械有限公司"


def row(
    case: str, source: str, address: str, day: str, *, name: str = "样本", id_no: str = ""
) -> str:
    return f"{case},{name},{id_no},{source},{address},{day}\n"


def pick(folder: Path, rows: list[str], *more: str, head: str = HEAD) -> tuple[Any, pl.DataFrame]:
    """What was said, and every candidate."""
    source, every = folder / "in.csv", folder / "all.parquet"
    source.write_text(head + "".join(rows), encoding="utf-8")
    done = CliRunner().invoke(
        pick_command,
        [str(source), "-o", str(folder / "p.parquet"), "--all", str(every),
         "--as-of", "2026-06-30", *more],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return done, pl.read_parquet(every)


def picks(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "p.parquet")


DAYS = ("2023-5-1", "2023/05/01", "20230501", "2023年5月1日", "45047")


def test_five_ways_of_writing_a_date_are_one_date(tmp_path: Path) -> None:
    _, every = pick(tmp_path, [row(f"C{n}", "居住地址", HOME, day) for n, day in enumerate(DAYS)])
    assert every["age_level"].to_list() == ["under_4_years"] * len(DAYS)
    assert every["p_signed"].n_unique() == 1


def test_dates_that_are_none_or_lie_ahead(tmp_path: Path) -> None:
    days = {"": "unknown", "去年": "unknown", "2023-13-45": "unknown", "2027-01-01": "future"}
    done, every = pick(tmp_path, [row(f"C{n}", "居住地址", HOME, d) for n, d in enumerate(days)])
    assert every["age_level"].to_list() == list(days.values())
    assert "a date could not be read, it counts as none: 2 rows, the first is row 1" in done.stderr
    assert picks(tmp_path)["decision"].unique().to_list() == ["send"]


def test_unknown_sources_count_as_other(tmp_path: Path) -> None:
    rows = [row(f"C{n}", word, HOME, "2026-01-01") for n, word in enumerate(("火星", "", "其他"))]
    done, every = pick(tmp_path, rows)
    assert "the source is not known, it counts as other: 1 row, the first is row 0" in done.stderr
    assert every["source"].to_list() == ["other"] * 3
    assert every["p_signed"].n_unique() == 1


def test_repeated_candidates_change_nothing(tmp_path: Path) -> None:
    once = [row("C1", "居住地址", HOME, "2026-01-01"), row("C1", "单位地址", WORK, "2026-01-01")]
    _, every = pick(tmp_path, once)
    alone = picks(tmp_path).select("row", "p_signed", "runner_up_row", "runner_up_p")
    _, twice = pick(tmp_path, [*once, *once])
    assert picks(tmp_path).select(alone.columns).equals(alone)
    assert set(twice["p_signed"]) == set(every["p_signed"])


def test_order_of_rows_changes_no_probability(tmp_path: Path) -> None:
    sources = ("居住地址", "单位地址", "户籍地址", "联系人地址")
    texts = (HOME, WORK, HOME.replace("2栋", "二号楼"), "同上", "邵阳县人才市场集体户")
    draw = random.Random(5)
    rows = [
        row(f"C{case}", draw.choice(sources), draw.choice(texts), draw.choice(DAYS))
        for case in range(6)
        for _ in range(4)
    ]
    _, every = pick(tmp_path, rows)
    usual = every.sort("row")["p_signed"].to_list()
    first = dict(picks(tmp_path).select("case_id", "p_signed").rows())
    order = list(range(len(rows)))
    draw.shuffle(order)
    _, mixed = pick(tmp_path, [rows[at] for at in order])
    assert mixed.sort("row")["p_signed"].to_list() == [usual[at] for at in order]
    assert dict(picks(tmp_path).select("case_id", "p_signed").rows()) == first


def test_a_tie_goes_by_source_then_text_not_by_order(tmp_path: Path) -> None:
    one, two = (row("C1", "居住地址", HOME.replace("301", n), "2026-01-01") for n in ("301", "302"))
    for rows in ([one, two], [two, one]):
        _, every = pick(tmp_path, rows)
        assert every["p_signed"].n_unique() == 1
        assert every.sort("rank")["standardized"][0].endswith("301室")


def test_rows_without_a_case_id_are_held_where_others_have_one(tmp_path: Path) -> None:
    rows = [row("C1", "居住地址", HOME, "2026-01-01"), row("", "居住地址", HOME, "2026-01-01")]
    done, _ = pick(tmp_path, rows)
    assert picks(tmp_path)["decision"].to_list() == ["send", "hold"]
    assert picks(tmp_path)["reasons"][1][0] == "no_case_id"
    assert "1 no_case_id" in done.stderr
    pick(tmp_path, [row("", "居住地址", HOME, "2026-01-01")])
    assert picks(tmp_path)["decision"].to_list() == ["send"]


def test_a_row_without_case_or_person_is_nobody_in_a_history(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    nameless = row("", "居住地址", HOME, "2026-01-01")
    letter = nameless.strip() + ",2026-06-20,退回,查无此人,2026-06-25\n"
    path.write_text(HISTORY_HEAD + letter, encoding="utf-8")
    pick(tmp_path, [nameless], "--history", str(path))
    assert picks(tmp_path)["decision"].to_list() == ["send"]


HISTORY_HEAD = HEAD.strip() + ",寄出日期,投递结果,退回原因,结果日期\n"


def history(folder: Path, *outcomes: str) -> Path:
    path = folder / "history.csv"
    lines = [
        row(f"H{n}", "居住地址", HOME.replace("301", str(n)), "2025-01-01").strip()
        + f",2026-0{1 + n % 5}-10,{outcome},2026-05-30\n"
        for n, outcome in enumerate(outcomes)
    ]
    path.write_text(HISTORY_HEAD + "".join(lines), encoding="utf-8")
    return path


def test_unknown_outcomes_settle_nothing(tmp_path: Path) -> None:
    rows = [row("C1", "居住地址", HOME, "2026-01-01")]
    _, without = pick(tmp_path, rows)
    path = history(tmp_path, *["风太大,"] * 5, *[","] * 5)
    own = row("C1", "居住地址", HOME, "2025-01-01").strip() + ",2026-03-10,,,\n"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    done, every = pick(tmp_path, rows, "--history", str(path))
    assert every["p_signed"].equals(without["p_signed"])
    assert picks(tmp_path)["decision"].to_list() == ["send"]
    assert "5 letters: the result is not known" in done.stderr


def test_a_history_of_only_successes(tmp_path: Path) -> None:
    path = history(tmp_path, *["本人签收,"] * 40)
    done = CliRunner().invoke(
        learn_command, [str(path), "-o", str(tmp_path / "s.json"), "--as-of", "2026-06-30"]
    )
    assert isinstance(done.exception, BadInput)
    assert not (tmp_path / "s.json").exists()
    rows = [row("C1", "居住地址", HOME, "2026-01-01")]
    _, every = pick(tmp_path, rows, "--history", str(path))
    assert every["place_history_level"].to_list() == ["usual"]
    assert 0 < every["p_signed"][0] < 1


@pytest.mark.parametrize("posted", ["", "2099-01-01", "昨天"])
def test_letters_without_a_past_day_are_no_past(tmp_path: Path, posted: str) -> None:
    path = tmp_path / "h.csv"
    line = row("C1", "居住地址", HOME, "2026-01-01", name="样本").strip()
    path.write_text(HISTORY_HEAD + line + f",{posted},退回,原址拆迁,2026-06-01\n", encoding="utf-8")
    rows = [row("C1", "居住地址", HOME, "2026-01-01")]
    pick(tmp_path, rows, "--history", str(path))
    assert picks(tmp_path)["decision"].to_list() == ["send"]
