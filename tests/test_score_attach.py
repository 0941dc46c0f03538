"""A factor that another package brings attaches through the entry point `addrfix.factors`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from addrfix.flow.factors import installed_factors
from addrfix.flow.pick import pick_cases
from addrfix.model.errors import BadSettings
from addrfix.score.factors import FACTORS

MODULE = """
import polars as pl
from addrfix.score.factors import Factor
from addrfix.score.knowledge import LevelNote

def island():
    notes = {"yes": LevelNote(-1.0, None, "on an island", "在岛上"),
             "no": LevelNote(0.0, None, "on the mainland", "不在岛上")}
    return Factor("island", (("yes", pl.col("city") == "舟山市"),), "no", notes)

def taken():
    return Factor("source", (), "other")
"""


def attach(folder: Path, name: str) -> None:
    (folder / "madeupfactors.py").write_text(MODULE, encoding="utf-8")
    info = folder / f"madeup_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: madeup-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[addrfix.factors]\n{name} = madeupfactors:{name}\n")


def test_it_is_weighed_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(tmp_path, "island")
    monkeypatch.syspath_prepend(tmp_path)
    assert [factor.name for factor in installed_factors()] == [f.name for f in FACTORS] + ["island"]
    rows = pl.DataFrame(
        {"case_id": ["A", "B"], "city": ["舟山市", "宁波市"], "address": "x", "name": "样本"}
    )
    every = pick_cases(rows, as_of=date(2026, 6, 30)).candidates
    assert every["island_level"].to_list() == ["yes", "no"]
    assert every["log_odds"][0] == pytest.approx(every["log_odds"][1] - 1)


@pytest.mark.parametrize(("name", "says"), [("taken", "is taken"), ("absent", "does not load")])
def test_one_that_cannot_attach(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(tmp_path, name)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadSettings, match=says):
        installed_factors()
