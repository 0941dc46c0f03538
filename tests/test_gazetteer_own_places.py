"""A user's own places: into the file and out of it again, from the layouts that users have."""

from __future__ import annotations

from math import cos, radians
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from addrfix.cli import addrfix
from addrfix.cli.gazetteer import command
from addrfix.model.errors import BadUsage, GazetteerProblem
from addrfix.places.coordinates import to_wgs84, wgs84_to_gcj02
from addrfix.places.gazetteer import Gazetteer
from addrfix.places.own_places import OwnPlaces, layout_of


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRFIX_DATA", str(tmp_path / "data"))


def _import(path: Path, *options: str) -> str:
    done = CliRunner().invoke(command, ["import", str(path), "--as-of", "2026-06-30", *options])
    assert done.exit_code == 0, done.output
    return done.stderr


def _write(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_gaode_export_comes_in_shifted_to_wgs84(tmp_path: Path) -> None:
    said = _import(
        _write(
            tmp_path / "gaode.csv",
            "name,type,pname,cityname,adname,adcode,address,location",
            '云栖苑,住宅区,浙江省,杭州市,西湖区,330106,某某路1号,"120.13,30.27"',
            "无处苑,住宅区,,,,,,",
        )
    )
    [place] = OwnPlaces().all()
    assert (place.name, place.division_code, place.source) == ("云栖苑", "330106", "gaode.csv")
    assert place.lat is not None
    assert place.lon is not None
    back = wgs84_to_gcj02(place.lat, place.lon)
    assert back == pytest.approx((30.27, 120.13), abs=2e-6)
    assert "1 place taken in (gaode layout)" in said
    assert "1 row left out, its division is not named, or not clearly: row 1" in said


def test_tencent_and_osm_layouts_are_told_by_their_headers(tmp_path: Path) -> None:
    _import(
        _write(
            tmp_path / "t.csv",
            "title,category,ad_info.province,ad_info.city,ad_info.district,location.lat,location.lng",
            "听涛居,房产小区,浙江省,杭州市,江干区,30.3,120.2",
        )
    )
    _import(
        _write(
            tmp_path / "o.csv",
            "osm_id,name,addr:province,addr:city,addr:district,addr:street,lat,lon",
            "7,望岳楼,山东省,泰安市,泰山区,某某街,36.19,117.12",
        )
    )
    tencent, osm = sorted(OwnPlaces().all(), key=lambda place: place.source, reverse=True)
    # 江干区 is no more; most of it is 上城区 now.
    assert (tencent.name, tencent.division_code) == ("听涛居", "330102")
    assert (osm.division_code, osm.road, osm.lat, osm.lon) == ("370902", "某某街", 36.19, 117.12)


def test_a_plain_table_needs_its_coordinate_system_said(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.csv", "小区,城市,区县,经度,纬度", "静园,苏州市,虎丘区,120.5,31.3")
    silent = CliRunner().invoke(command, ["import", str(path), "--column", "name=小区"])
    assert isinstance(silent.exception, BadUsage)
    assert "--coordinates" in str(silent.exception)
    _import(path, "--column", "name=小区", "--coordinates", "bd09", "--licence", "own")
    [place] = OwnPlaces().all()
    assert (place.division_code, place.licence, place.imported_on) == (
        "320505", "own", "2026-06-30",
    )  # fmt: skip


def test_importing_again_replaces_and_export_gives_back(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "x.csv",
        "名称,省,市,区县",
        "甲园,浙江省,杭州市,西湖区",
        "乙园,浙江省,杭州市,西湖区",
    )
    _import(path)
    _import(path)
    out = tmp_path / "out.parquet"
    CliRunner().invoke(command, ["export", "-o", str(out)])
    frame = pl.read_parquet(out)
    assert frame["name"].to_list() == ["乙园", "甲园"]
    assert OwnPlaces().all(["3301"]) == OwnPlaces().all()
    assert OwnPlaces().all(["3302"]) == []


def test_an_unknown_field_or_column_is_named() -> None:
    with pytest.raises(BadUsage, match="fields are name"):
        layout_of(["a"], {"nom": "a"})
    with pytest.raises(BadUsage, match="columns are a"):
        layout_of(["a"], {"name": "b"})
    with pytest.raises(BadUsage, match="--column name"):
        layout_of(["a"], {})


@given(st.floats(18, 53), st.floats(74, 134))
def test_the_shift_can_be_undone(lat: float, lon: float) -> None:
    north, east = wgs84_to_gcj02(lat, lon)
    metres = ((north - lat) * 111_000, (east - lon) * 111_000 * cos(radians(lat)))
    assert all(abs(shift) < 1_200 for shift in metres)
    assert to_wgs84(north, east, "gcj02") == pytest.approx((lat, lon), abs=1e-6)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99], ids=["empty", "other"])
@pytest.mark.parametrize("text", ["杭州市西湖区文三路1号", "x"], ids=["asked", "nothing asked"])
def test_a_damaged_file_is_told_alike_by_every_command(
    tmp_path: Path, content: bytes, text: str
) -> None:
    path = OwnPlaces().path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    table = _write(tmp_path / "in.csv", "地址", text)
    out = str(tmp_path / "out.csv")
    said = set()
    for call in (
        ["parse", text],
        ["clean", str(table), "-o", out],
        ["gazetteer", "export", "-o", out],
    ):
        done = CliRunner().invoke(addrfix, call)
        assert isinstance(done.exception, GazetteerProblem)
        said.add(str(done.exception))
    [sentence] = said
    assert "places.duckdb is damaged" in sentence
    assert "move it away and import" in sentence
    assert "build" not in sentence


def test_a_damaged_gazetteer_is_to_be_built_again(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.duckdb"
    path.write_bytes(b"no database at all" * 99)
    with pytest.raises(GazetteerProblem, match="gazetteer build --force"):
        Gazetteer(path).connect()
