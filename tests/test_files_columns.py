"""Headers and sources are recognised by words that anyone can add."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from addrfix.carriers.result_files import recognise_results
from addrfix.cli import addrfix
from addrfix.files import recognise, shown
from addrfix.files.columns import source_of
from addrfix.files.headings import named
from addrfix.knowledge import read_tsv, words
from addrfix.model.errors import AddrfixError, BadInput, BadUsage
from addrfix.model.table import CANONICAL_COLUMNS
from addrfix.model.terms import Source

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", read_tsv(CASES / "files_headers.tsv"), ids=lambda c: c["header"])
def test_header(case: dict[str, str]) -> None:
    columns = recognise([case["header"]])
    roles = [role for role in columns.by_role if role != "contract_no"]
    assert roles == ([case["column"]] if case["column"] else [])
    assert dict(columns.address_sources) == (
        {case["header"]: case["source"]} if case["source"] else {}
    )


@pytest.mark.parametrize("case", read_tsv(CASES / "files_sources.tsv"), ids=lambda c: c["word"])
def test_source(case: dict[str, str]) -> None:
    assert source_of(case["word"]) == case["source"]


def test_every_word_of_the_tables_means_something_that_exists() -> None:
    for row in words("headers"):
        assert row["column"] in CANONICAL_COLUMNS
        assert row["source"] == "" or row["source"] in set(Source)
        assert row["source"] == "" or row["column"] == "address"
    for row in words("sources"):
        assert row["source"] in set(Source)
        assert row["match"] in ("exact", "part")


def test_every_canonical_column_but_the_free_ones_has_a_chinese_and_an_english_header() -> None:
    for role in CANONICAL_COLUMNS:
        languages = {row["language"] for row in words("headers") if row["column"] == role}
        assert languages == {"zh", "en"}, role


def test_the_word_that_stands_higher_wins() -> None:
    columns = recognise(["联系电话", "手机号", "合同号", "案件编号"])
    assert columns.by_role["phone"] == "手机号"
    assert columns.by_role["case_id"] == "案件编号"
    assert columns.by_role["contract_no"] == "合同号"


def test_wide_file() -> None:
    columns = recognise(["案件编号", "户籍地址", "地址", "单位地址", "联系人地址"])
    assert columns.addresses == ("户籍地址", "地址", "单位地址", "联系人地址")
    assert columns.by_role["address"] == "地址"
    assert columns.address_sources == {
        "户籍地址": "household_register", "单位地址": "workplace", "联系人地址": "contact",
    }  # fmt: skip


def test_override_goes_before_words() -> None:
    columns = recognise(["编号X", "地址", "老地址"], {"case_id": "编号X", "address": "老地址"})
    assert columns.by_role == {"case_id": "编号X", "address": "老地址"}
    assert columns.addresses == ("地址", "老地址")


def test_override_takes_a_column_away_from_its_usual_meaning() -> None:
    columns = recognise(["姓名", "客户姓名"], {"guarantor": "姓名"})
    assert columns.by_role == {"name": "客户姓名", "guarantor": "姓名"}


def test_unknown_column_or_header_is_told_with_the_nearest() -> None:
    with pytest.raises(BadUsage, match=r"did you mean address\?"):
        recognise(["地址"], {"adress": "地址"})
    with pytest.raises(BadUsage, match=r"did you mean 家庭住址\?"):
        recognise(["家庭住址"], {"address": "家庭住扯"})


def test_missing_column_lists_headers_and_the_way_out() -> None:
    with pytest.raises(BadInput, match=r"编号Y, 住哪儿.*--column address=HEADER"):
        recognise(["编号Y", "住哪儿"]).require("address")


def test_missing_column_of_a_headerless_file_repeats_no_data() -> None:
    with pytest.raises(BadInput) as caught:
        recognise(["甄某某", "某省某市110101199003076"]).require("address")
    assert "甄某某" not in str(caught.value)
    assert "1101" not in str(caught.value)


ADDRESSES = (
    "北京市朝阳区建国路1号",
    "３栋502室",
    "王芳 138-0013 8000",
    "浙江省杭州市西湖区翠苑街道",
)


@pytest.mark.parametrize("data", ADDRESSES)
def test_a_headerless_file_is_never_repeated(data: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"钱某甲,{data}\n", encoding="utf-8")
    for command in (
        ["compare", str(path), "-o", str(tmp_path / "out.csv")],
        ["clean", str(path), "-o", str(tmp_path / "out.csv")],
        ["clean", str(path), "-o", str(tmp_path / "out.csv"), "--column", "address=地址"],
        ["gazetteer", "import", str(path)],
    ):
        result = CliRunner().invoke(addrfix, command)
        said = result.output + str(result.exception)
        assert result.exit_code != 0
        assert "(column 2)" in said
        assert data not in said
        assert "钱某甲" not in said
    for chosen in ({}, {"tracking_no": "单号"}):
        with pytest.raises(AddrfixError) as caught:
            recognise_results(["钱某甲", data], chosen=chosen)
        assert "(column 2)" in str(caught.value)
        assert data not in str(caught.value)


def test_a_header_that_stands_twice_in_a_headerless_file_is_not_repeated() -> None:
    _, notes = named(["钱某甲", "建国路1号", "建国路1号"], "pairs.csv")
    assert "建国路" not in notes[0]
    assert "column 2" in notes[0]


@pytest.mark.parametrize("headers", [["手机号1", "省市区", "备注2"], ["户籍地址2", "省", "市"]])
def test_real_headers_are_repeated(headers: list[str]) -> None:
    assert shown(headers) == ", ".join(headers)
