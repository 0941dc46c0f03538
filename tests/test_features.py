"""Features: what they count, that the page about them is true, and tokens of places."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from addrfix.cli.features import command
from addrfix.flow.features import case_features, make_key, read_key
from addrfix.model.errors import BadInput, BadUsage
from addrfix.score.features import FEATURES, TOKENS

AS_OF = date(2026, 6, 30)
PAGE = Path(__file__).parent.parent / "docs" / "features.md"
KEY = b"0123456789abcdef0123456789abcdef"
HOME = {
    "source": "residence", "division_code": "330106", "district": "西湖区", "city": "杭州市",
    "poi": "翠湖花园", "building": "3幢", "unit": "2单元", "room": "501室",
    "verdict": "deliverable", "recorded_on": date(2026, 1, 1), "address": "a",
}  # fmt: skip
WORK = {
    "source": "workplace", "division_code": "330102", "district": "上城区", "city": "杭州市",
    "poi": "宏达机械有限公司", "verdict": "deliverable", "recorded_on": date(2025, 1, 1),
    "address": "b",
}  # fmt: skip


def features(*rows: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    whole = [
        {"case_id": "C1", "id_no": "330106199001011234", "phone": "13800571234", "standardized": n}
        | row
        for n, row in zip("abcdefgh", rows, strict=False)
    ]
    frame = pl.DataFrame(whole, infer_schema_length=None)
    return case_features(frame, as_of=AS_OF, **options).to_dicts()


def test_the_page_names_every_feature_and_its_unit() -> None:
    table = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(table) == FEATURES and len(table) == len(FEATURES)


def test_the_columns_are_those_of_the_page() -> None:
    [case] = features(HOME)
    assert list(case) == list(FEATURES)


def test_counts() -> None:
    [case] = features(
        HOME,
        HOME | {"source": "delivery", "building": "三号楼", "recorded_on": date(2024, 1, 1)},
        WORK,
        WORK | {"source": "id_card", "verdict": "blocked", "recorded_on": None},
    )
    assert (case["addresses"], case["usable"], case["places"]) == (4, 3, 2)
    assert (case["districts"], case["cities"], case["provinces"]) == (2, 1, 1)
    assert (case["undated_share"], case["blocked_share"]) == (0.25, 0.25)
    assert (case["newest_days"], case["oldest_days"]) == (180, 911)
    assert (case["home_places"], case["home_moves"], case["home_years"]) == (1, 0, 2.0)
    assert (case["home_kind"], case["work_kind"], case["home_rural"]) == ("home", "company", False)


def test_a_place_named_here_and_numbered_there_is_one() -> None:
    both = HOME | {"road": "云台路", "road_number": "12号"}
    number = both | {"poi": None}
    assert features(HOME, both, number)[0]["places"] == 1
    assert features(HOME, number)[0]["places"] == 2


def test_moves_follow_the_dates() -> None:
    there = HOME | {"poi": "云台苑"}
    days = [date(2020 + n, 1, 1) for n in range(3)]
    rows = [row | {"recorded_on": day} for row, day in zip((HOME, there, HOME), days, strict=True)]
    for order in (rows, rows[::-1]):
        assert features(*order)[0]["home_moves"] == 2
        assert features(*order)[0]["home_years"] == 2.0


@pytest.mark.parametrize(
    ("code", "level"), [("330106", 0), ("330102", 1), ("330203", 2), ("430523", 3)]
)
def test_levels_of_distance(code: str, level: int) -> None:
    [case] = features(HOME, WORK | {"division_code": code})
    assert (case["home_work_level"], case["work_id_level"]) == (level, level)
    assert (case["home_id_level"], case["home_phone_level"]) == (0, 1)
    assert (case["home_work_km"] == 0) == (level == 0)


def test_a_municipality_is_one_city() -> None:
    rows = [{"division_code": code, "district": "某区"} for code in ("110105", "110229")]
    assert features(HOME | rows[0], WORK | rows[1])[0]["home_work_level"] == 1


def test_rings_count_cases_not_rows() -> None:
    rows = [HOME | {"case_id": case} for case in ("C1", "C1", "C2", "C3")]
    rows[3] |= {"room": "502室"}
    found = {case["case_id"]: case for case in features(*rows)}
    assert [found[c]["cases_at_door"] for c in ("C1", "C2", "C3")] == [2, 2, 1]
    assert [found[c]["cases_at_building"] for c in ("C1", "C2", "C3")] == [3, 3, 3]


def test_a_case_without_any_address_has_a_row() -> None:
    nothing = {"address": None, "standardized": None, "verdict": "undeliverable"}
    [case] = features(nothing, nothing)
    assert (case["addresses"], case["places"], case["cases_at_door"]) == (0, 0, None)


def test_order_of_rows_changes_no_feature() -> None:
    rows = [HOME, WORK, HOME | {"source": "delivery", "poi": "云台苑"}]
    same = [HOME | {"standardized": "x"}, WORK | {"standardized": "y"}]
    for order in (rows, same):
        assert features(*order) == features(*order[::-1])


def test_equal_places_have_equal_tokens_and_others_have_others() -> None:
    one, same, other = (
        features(HOME | change, key=KEY)[0]
        for change in (
            {},
            {"building": "三号楼", "room": "501", "poi": "翠湖花园小区"},
            {"room": "502室"},
        )
    )
    assert [one[name] for name in TOKENS] == [same[name] for name in TOKENS]
    assert one["door_tokens"] != other["door_tokens"]
    assert one["building_tokens"] == other["building_tokens"]
    assert all(re.fullmatch("[0-9a-f]{64}", t) for name in TOKENS for t in one[name])
    again = features(HOME, key=KEY[::-1])[0]
    assert not set(again["door_tokens"]) & set(one["door_tokens"])


def test_keys_are_made_once_and_refused_when_short(tmp_path: Path) -> None:
    path = tmp_path / "ring.key"
    make_key(path)
    assert len(read_key(path)) == 64
    with pytest.raises(BadUsage, match="never written over"):
        make_key(path)
    path.write_bytes(b"too short to be safe\n")
    with pytest.raises(BadInput, match="too short: 20 bytes, 32") as short:
        read_key(path)
    assert "to be safe" not in str(short.value)
    with pytest.raises(BadInput, match="--make-key"):
        read_key(tmp_path / "none.key")


def test_the_command_writes_no_address_and_tells_no_key(tmp_path: Path) -> None:
    source, output, key = tmp_path / "in.csv", tmp_path / "f.csv", tmp_path / "ring.key"
    source.write_text(
        "案件编号,姓名,地址类型,地址\nC1,样本甲,居住地址,杭州市西湖区翠湖花园3幢2单元501室\n",
        encoding="utf-8",
    )
    made = CliRunner().invoke(command, ["--make-key", str(key)])
    assert made.exit_code == 0 and key.is_file()
    done = CliRunner().invoke(
        command,
        [str(source), "-o", str(output), "--tokens", str(key), "--as-of", "2026-06-30"],
    )
    assert done.exit_code == 0, done.output
    written = output.read_text(encoding="utf-8-sig")
    assert written.splitlines()[0] == ",".join([*FEATURES, *TOKENS])
    secret = key.read_text().strip()
    for text in (written, done.output, made.output):
        assert secret not in text and "翠湖" not in text and "样本" not in text
