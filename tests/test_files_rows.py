"""Cells become canonical columns; every doubtful one gets a reason code, no row is lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.files import InputTable, MergedRange, canonical_rows, recognise
from addrfix.files.rows import INPUT_ISSUES
from addrfix.knowledge import read_tsv
from addrfix.model.table import CANONICAL_COLUMNS

CASES = Path(__file__).parent / "cases"
SCHEMA = {
    "row": pl.Int64, **dict.fromkeys(CANONICAL_COLUMNS, pl.String),
    **dict.fromkeys(("loan_date", "due_date", "recorded_on", "posted_on", "result_on"), pl.Date),
    **dict.fromkeys(("principal", "interest", "fees", "total"), pl.Decimal(18, 2)),
    "source_raw": pl.String, "address_header": pl.String, "address_offset": pl.Int32,
    "input_issues": pl.List(pl.String),
}  # fmt: skip


def canonical(data: Mapping[str, Sequence[object]], *, wide: bool = False) -> pl.DataFrame:
    frame = pl.DataFrame(data, strict=False)
    return canonical_rows(InputTable(frame), recognise(frame.columns), wide=wide)


def test_a_name_keeps_its_control_characters_so_that_its_letter_is_held() -> None:
    rows = canonical(
        {"姓名": ["\x00样一", "样\x7f二", "样三\n", "\t样四"], "地址": ["\x00云台路3号"] * 4}
    )
    assert rows["name"].to_list() == ["\x00样一", "样\x7f二", "样三", "样四"]
    assert rows["address"].to_list() == ["云台路3号"] * 4
    assert all("control_characters" in issues for issues in rows["input_issues"])


@pytest.mark.parametrize("case", read_tsv(CASES / "files_dates.tsv"), ids=lambda c: c["cell"])
def test_date(case: dict[str, str]) -> None:
    rows = canonical({"recorded_on": [case["cell"], None]})
    wanted = date.fromisoformat(case["date"]) if case["date"] else None
    assert rows["recorded_on"].to_list() == [wanted, None]
    assert rows["input_issues"].to_list() == [["date_unreadable"] if case["issue"] else [], []]


@pytest.mark.parametrize("case", read_tsv(CASES / "files_amounts.tsv"), ids=lambda c: c["cell"])
def test_amount(case: dict[str, str]) -> None:
    rows = canonical({"本金": [case["cell"], None]})
    wanted = Decimal(case["amount"]) if case["amount"] else None
    assert rows["principal"].to_list() == [wanted, None]
    assert rows["input_issues"].to_list() == [["amount_unreadable"] if case["issue"] else [], []]


@pytest.mark.parametrize(
    "case", read_tsv(CASES / "files_cells.tsv"), ids=lambda c: f"{c['column']}={c['cell']}"
)
def test_what_a_spreadsheet_did(case: dict[str, str]) -> None:
    rows = canonical({case["column"]: [case["cell"]]})
    assert rows["input_issues"].to_list() == [[case["issue"]] if case["issue"] else []]
    assert rows[case["column"]].to_list() == [case["cell"]]


def test_schema_is_the_same_whatever_there_is() -> None:
    assert dict(canonical({"备注": ["x"]}).schema) == SCHEMA
    assert dict(canonical({"地址": ["x"], "本金": ["1"], "登记日期": [""]}).schema) == SCHEMA
    assert dict(canonical({"地址": []}).schema) == SCHEMA


def test_text_is_trimmed_and_offsets_lead_back() -> None:
    raw = ["  北京市", "\t\0上海\n市 ", " ", None, "南京"]
    rows = canonical({"地址": raw})
    assert rows["address"].to_list() == ["北京市", "上海 市", None, None, "南京"]
    assert rows["address_offset"].to_list()[:2] == [2, 2]
    assert rows["input_issues"].to_list() == [[], ["control_characters"], [], [], []]


def test_long_cells_are_cut_and_told() -> None:
    rows = canonical({"地址": ["长" * 10_000, "长" * 2_000]})
    assert rows["address"].str.len_chars().to_list() == [2_000, 2_000]
    assert rows["input_issues"].to_list() == [["cell_too_long"], []]


def test_sources() -> None:
    rows = canonical({"地址": ["a", "b", "c"], "地址类型": ["户籍地址", "没见过", None]})
    assert rows["source"].to_list() == ["household_register", "other", "other"]
    assert rows["source_raw"].to_list() == ["户籍地址", "没见过", None]
    assert canonical({"户籍地址": ["a"]})["source"].to_list() == ["household_register"]


def test_wide_rows_become_candidates() -> None:
    data: dict[str, list[object]] = {
        "案件编号": ["A", "A", "B", None],
        "户籍地址": ["户1", None, None, None],
        "单位地址": ["单1", " ", None, "单4"],
        "联系人地址": [None, None, "", None],
    }
    rows = canonical(data, wide=True)
    assert rows.select("row", "address", "source", "address_header").rows() == [
        (0, "户1", "household_register", "户籍地址"),
        (0, "单1", "workplace", "单位地址"),
        (2, None, "household_register", "户籍地址"),
        (3, "单4", "workplace", "单位地址"),
    ]
    assert canonical(data)["row"].to_list() == [0, 1, 2, 3]


def test_typed_columns_of_parquet() -> None:
    rows = canonical(
        {
            "地址": ["a", "b"],
            "手机号": [13800000001.0, None],
            "案件编号": [7, 8],
            "本金": [1.005, float("nan")],
            "利息": [Decimal("2.5"), None],
            "借款日期": [date(2023, 5, 1), None],
        }
    )
    assert rows["phone"].to_list() == ["13800000001", None]
    assert rows["case_id"].to_list() == ["7", "8"]
    assert rows["principal"].to_list() == [Decimal("1.01"), None]
    assert rows["interest"].to_list() == [Decimal("2.50"), None]
    assert rows["loan_date"].to_list() == [date(2023, 5, 1), None]
    assert rows["input_issues"].to_list() == [[], []]  # NaN is how pandas says null


def test_merged_cells_are_filled_and_told() -> None:
    frame = pl.DataFrame({"案件编号": ["A", None, None, "B"], "地址": ["a", "b", "c", "d"]})
    table = InputTable(frame, merged=(MergedRange("案件编号", 1, 2, "A"),), first_row=10)
    rows = canonical_rows(table, recognise(frame.columns))
    assert rows["case_id"].to_list() == ["A", "A", "A", "B"]
    assert rows["row"].to_list() == [10, 11, 12, 13]
    assert rows["input_issues"].to_list() == [
        [], ["merged_cell_filled"], ["merged_cell_filled"], [],
    ]  # fmt: skip


CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text(alphabet="0123456789-/.年月日eE+万元, ", max_size=14),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=8))
def test_any_cells_give_as_many_rows_and_known_codes(rows: list[tuple[str | None, ...]]) -> None:
    headers = ["案件编号", "身份证号", "本金", "登记日期", "地址"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(headers, pl.String), orient="row")
    whole = canonical_rows(InputTable(frame), recognise(headers))
    assert whole.height == frame.height
    assert set(whole["input_issues"].explode().drop_nulls()) <= set(INPUT_ISSUES)
    single = [
        canonical_rows(InputTable(frame.slice(n, 1), first_row=n), recognise(headers))
        for n in range(frame.height)
    ]
    assert pl.concat(single).equals(whole)
