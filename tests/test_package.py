"""The Python face gives what the commands give."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import addrfix
from addrfix.model.errors import BadInput
from addrfix.model.table import CLEAN_COLUMNS, PICK_COLUMNS

FRAME = pl.DataFrame(
    {
        "案件编号": ["C1", "C1", "C2"],
        "姓名": ["路云杉", "路云杉", "江云帆"],
        "地址类型": ["户籍地址", "居住地址", "单位地址"],
        "地址": ["衢州市柯城区云台路12号", "江山市云台花园3栋2单元501室", "同上"],
        "verdict": ["a", "b", "c"],
    }
)


def test_all_is_what_is_visible() -> None:
    assert all(
        callable(getattr(addrfix, name)) or name == "__version__" for name in addrfix.__all__
    )


def test_clean_keeps_the_columns_and_renames_those_in_the_way() -> None:
    cleaned = addrfix.clean(FRAME)
    assert cleaned.height == FRAME.height
    assert cleaned["verdict_input"].to_list() == ["a", "b", "c"]
    assert set(CLEAN_COLUMNS) <= set(cleaned.columns)
    assert cleaned["district"].to_list() == ["柯城区", "江山市", None]


def test_parse_agrees_with_clean() -> None:
    place = addrfix.parse(FRAME["地址"][0])
    row = addrfix.clean(FRAME).row(0, named=True)
    assert {name: getattr(place, name) for name in CLEAN_COLUMNS} == {
        name: row[name] for name in CLEAN_COLUMNS
    }


def test_pick_gives_a_row_a_case() -> None:
    picks = addrfix.pick(FRAME, as_of=date(2026, 7, 1))
    assert picks.columns[: len(PICK_COLUMNS)] == list(PICK_COLUMNS)
    assert picks["case_id"].to_list() == ["C1", "C2"]
    assert picks.filter(case_id="C2")["decision"].to_list() == ["hold"]
    assert picks["p_signed"].null_count() == 0


def test_the_function_compare_is_not_hidden_by_the_folder() -> None:
    import addrfix.compare.relating

    assert callable(addrfix.compare)


def test_compare_tells_the_relation() -> None:
    assert addrfix.compare("衢州市柯城区云台路12号", "柯城区云台路12号").relation == "same"


def test_no_address_column_is_said() -> None:
    with pytest.raises(BadInput, match="address"):
        addrfix.clean(pl.DataFrame({"编号": ["1"], "数量": ["3"]}))


def test_a_door_that_became_a_date_is_missing() -> None:
    frame = pl.DataFrame({"地址": ["衢州市柯城区云台花园3月2日", "衢州市柯城区云台花园3-2"]})
    cleaned = addrfix.clean(frame)
    assert cleaned["verdict"].to_list() == ["missing_detail", "deliverable"]
    assert "number_became_date" in cleaned["issues"][0]
