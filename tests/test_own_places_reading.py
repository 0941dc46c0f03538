"""A user's own places take part in reading from the moment they are imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from addrfix.cli.gazetteer import command as gazetteer
from addrfix.cli.parse import command as parse
from addrfix.places.own_names import label_of, written_forms

PLACES = """名称,类型,省,市,区县,街道
云栖苑小区,住宅,浙江省,杭州市,西湖区,三墩镇
云帆大道,道路,浙江省,杭州市,余杭区,
翠微听澜,,浙江省,杭州市,滨江区,
云深村村民委员会,,浙江省,杭州市,桐庐县,分水镇
红叶天地,,北京市,北京市,朝阳区,
雙溪里,,浙江省,温州市,鹿城区,
共有名苑,,浙江省,杭州市,西湖区,
共有名苑,,浙江省,杭州市,拱墅区,
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRFIX_DATA", str(tmp_path / "data"))


def _parse(*texts: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(parse, ["--json", *texts])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def _import(tmp_path: Path, text: str = PLACES) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(gazetteer, ["import", str(path), "--as-of", "2026-06-30"])
    assert done.exit_code == 0, done.output


def test_an_imported_place_decides_at_once_what_the_text_leaves_open(tmp_path: Path) -> None:
    text = "浙江省杭州市云栖苑3栋2单元501室"
    [before] = _parse(text)
    _import(tmp_path)
    [after] = _parse(text)
    assert (before["district"], before["town"]) == (None, None)
    assert (after["district"], after["town"], after["poi"]) == ("西湖区", "三墩镇", "云栖苑")
    assert after["issues"] == ["own_place_decided"]
    assert after["inferred"] == ["district", "town"]


@pytest.mark.parametrize(
    ("text", "district", "town"),
    [
        ("浙江省杭州市云栖苑小区3栋501", "西湖区", "三墩镇"),
        ("浙江省翠微听澜3栋501", "滨江区", None),
        ("浙江省杭州市桐庐县云深村5组", "桐庐县", "分水镇"),
        ("朝阳区红叶天地5号楼1201", "朝阳区", None),
        ("杭州云帆大道88号", "余杭区", None),
        ("温州市双溪里6号", "鹿城区", None),
    ],
)
def test_own_places_are_found(tmp_path: Path, text: str, district: str, town: str | None) -> None:
    _import(tmp_path)
    [place] = _parse(text)
    assert (place["district"], place["town"]) == (district, town)
    assert place["issues"] == ["own_place_decided"]


@pytest.mark.parametrize(
    "text",
    [
        "浙江省云帆大道88号",  # every county may have a road of that name
        "浙江省杭州市翠微听澜路5号",  # a road called after the place is another thing
        "杭州市共有名苑3栋",  # two districts have it
        "杭州市云帆大道88号翠微听澜3栋",  # two places that do not agree
        "浙江省宁波市翠微听澜3栋",  # no such place in that city
        "翠微听澜3栋501",  # no division to look in
    ],
)
def test_own_places_do_not_decide_more_than_they_prove(tmp_path: Path, text: str) -> None:
    _import(tmp_path)
    [place] = _parse(text)
    assert place["district"] is None
    assert "own_place_decided" not in list(place["issues"])  # type: ignore[call-overload]


def test_what_the_text_names_stands(tmp_path: Path) -> None:
    _import(tmp_path)
    [place] = _parse("浙江省杭州市西湖区翠微听澜3栋501")
    assert (place["district"], place["poi"], place["issues"]) == ("西湖区", "翠微听澜", [])


def test_an_own_name_is_one_element_with_its_label(tmp_path: Path) -> None:
    text = "浙江省杭州市西湖区东门外新天地南3号"
    name = "东门外新天地南"
    _import(tmp_path, f"名称,类型,省,市,区县\n{name},道路,浙江省,杭州市,西湖区\n")
    [place] = _parse(text)
    assert (place["road"], place["road_number"]) == (name, "3号")


def test_importing_again_forgets_what_is_no_longer_there(tmp_path: Path) -> None:
    _import(tmp_path)
    _import(tmp_path, "名称,省,市,区县\n别处苑,浙江省,杭州市,西湖区\n")
    [place] = _parse("浙江省翠微听澜3栋501")
    assert place["district"] is None


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("云台路", None, "road"),
        ("云台里", "primary", "road"),
        ("云台苑", "商务住宅;住宅区;住宅小区", "poi"),
        ("云台苑", "residential", "poi"),
        ("云台街", "residential", "road"),
        ("云台村", None, "community"),
        ("云台", "地名地址信息;普通地名;村庄级地名", "community"),
        ("云台", None, "poi"),
    ],
)
def test_the_kind_else_the_name_tells_the_label(name: str, kind: str | None, label: str) -> None:
    assert label_of(name, kind) == label


def test_names_are_found_as_texts_write_them() -> None:
    assert list(written_forms("雲台苑小區", "poi")) == ["云台苑小区", "云台苑"]
    assert list(written_forms("云台村村民委员会", "community")) == ["云台村村民委员会", "云台村"]
    assert list(written_forms("苑", "poi")) == []
