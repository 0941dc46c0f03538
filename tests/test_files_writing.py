"""Output appears whole or not at all, and text stays text."""

import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from xlsxwriter.exceptions import FileCreateError

from addrfix.files import (
    TableWriter,
    check_output,
    iter_tables,
    read_table,
    spreadsheet,
    with_added,
    write_table,
)
from addrfix.model.errors import BadInput, BadUsage

FRAME = pl.DataFrame(
    {
        "案件编号": ["007", "=1+1", "@x", None],
        "手机号": [13800000001, None, 10086, 3],
        "p_signed": [0.25, None, 1.0, 0.5],
        "issues": [["a", "b"], [], None, ["c"]],
        "本金": [Decimal("4125.90"), None, Decimal("0.00"), Decimal("1.00")],
        "登记日期": [date(2023, 5, 1), None, None, None],
        "地址": ['北京,"甲"', "两\n行", "+86", "http://x.test"],
    }
)
SUFFIXES = [".parquet", ".csv", ".tsv", ".xlsx", ".jsonl"]


def test_input_columns_stay_and_taken_names_are_kept_apart() -> None:
    frame = pl.DataFrame({"地址": ["a"], "city": ["x"], "city_input": ["y"]})
    out = with_added(frame, pl.DataFrame({"city": ["上海市"], "town": [None]}))
    assert out.columns == ["地址", "city_input_input", "city_input", "city", "town"]
    assert out.row(0) == ("a", "x", "y", "上海市", None)


def test_parquet_keeps_everything(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(FRAME)


def test_csv_has_a_mark_and_joined_lists(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    back = read_table(tmp_path / "a.csv").frame
    assert back["issues"].to_list() == ["a|b", None, None, "c"]
    assert back["案件编号"].to_list() == FRAME["案件编号"].to_list()
    assert back["地址"].to_list() == FRAME["地址"].to_list()
    assert back["本金"].to_list() == ["4125.90", None, "0.00", "1.00"]


def test_stdout_is_csv_without_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", stream)
    write_table(pl.DataFrame({"地址": ["a"]}), "-")
    assert stream.buffer.getvalue() == "地址\na\n".encode()


def test_workbook_writes_codes_as_text_and_no_formula(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "a.xlsx")
    back = fastexcel.read_excel(tmp_path / "a.xlsx").load_sheet(0).to_polars()
    assert back["案件编号"].to_list() == ["007", "=1+1", "@x", None]
    assert back["手机号"].to_list() == ["13800000001", None, "10086", "3"]
    assert back["p_signed"].to_list() == [0.25, None, 1.0, 0.5]
    assert back["本金"].to_list()[0] == "4125.90"
    assert back["登记日期"].to_list()[0] == "2023-05-01"
    assert back["地址"].to_list() == FRAME["地址"].to_list()


def test_workbook_cuts_what_excel_cannot_hold(tmp_path: Path) -> None:
    frame = pl.DataFrame({"地址": ["长" * 40_000, "\U00020bb7" * 20_000, "短"]})
    notes = write_table(frame, tmp_path / "a.xlsx")
    assert len(notes) == 1
    assert notes[0].startswith("2 cells with more than 32,767")
    back = read_table(tmp_path / "a.xlsx").frame["地址"]
    assert back.str.len_chars().to_list() == [32_767, 16_384, 1]


def test_workbook_continues_on_a_further_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 3)
    write_table(pl.DataFrame({"地址": list("abcde")}), tmp_path / "a.xlsx")
    book = fastexcel.read_excel(tmp_path / "a.xlsx")
    assert [book.load_sheet(name).to_polars()["地址"].to_list() for name in book.sheet_names] == [
        ["a", "b", "c"], ["d", "e"],
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_rows_same_bytes_however_cut(tmp_path: Path, suffix: str) -> None:
    write_table(FRAME, tmp_path / f"whole{suffix}")
    with TableWriter(tmp_path / f"cut{suffix}") as writer:
        for start in range(FRAME.height):
            writer.write(FRAME.slice(start, 1))
    assert (tmp_path / f"cut{suffix}").read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_without_rows_has_its_headers(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_table(FRAME.clear(), path)
    assert path.exists()
    if suffix != ".jsonl":
        assert read_table(path).frame.columns == FRAME.columns


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_leaves_the_old_file_and_no_rest(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(KeyError), TableWriter(path) as writer:
        writer.write(FRAME)
        raise KeyError
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_outputs_that_cannot_be_are_refused_before_work(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("地址\na\n", encoding="utf-8")
    with pytest.raises(BadUsage, match=r"one of \.parquet, \.csv, \.tsv, \.xlsx, \.jsonl"):
        check_output(tmp_path / "a.ods")
    with pytest.raises(BadUsage, match="no folder"):
        check_output(tmp_path / "none" / "a.csv")
    with pytest.raises(BadUsage, match="is the input file"):
        check_output(tmp_path / "." / "in.csv", source)
    check_output(tmp_path / "out.csv", source)
    check_output("-", source)


def test_large_file_in_pieces(tmp_path: Path) -> None:
    frame = pl.DataFrame({"地址": [f"甲路{n}号" for n in range(2_500)]})
    write_table(frame, tmp_path / "in.csv")
    with TableWriter(tmp_path / "out.parquet") as writer:
        for part in iter_tables(tmp_path / "in.csv", batch_rows=1_000):
            writer.write(part.frame)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame)


def test_a_workbook_that_cannot_be_finished_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileCreateError("No space left on device")

    monkeypatch.setattr("xlsxwriter.packager.Packager._create_package", full)
    with pytest.raises(BadInput, match=r"x\.xlsx cannot be written .No space left"):
        write_table(pl.DataFrame({"name": ["王小满"] * 20}), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []
