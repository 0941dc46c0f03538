"""Made-up batch folders of any size, without the letters: what `track` and `report` read."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl

from addrfix.model.table import MANIFEST_COLUMNS

PROVINCES = (
    "北京市", "河北省", "江苏省", "浙江省", "山东省", "河南省", "湖北省", "湖南省", "广东省",
    "四川省", "云南省", "陕西省", "新疆维吾尔自治区",
)  # fmt: skip
SOURCES = ("id_card", "residence", "workplace", "delivery", "credit_report", "household_register")
GRAINS = ("village", "road_number", "poi", "building", "room")
HELD = ("all_blocked", "contact_only", "low_probability", "opted_out")


def script(name: str) -> ModuleType:
    """A script of `scripts/` as a module."""
    path = Path(__file__).parent.parent / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def made_batch(
    folder: Path, *, letters: int, seed: int = 1, day: date = date(2026, 3, 2), numbers: bool = True
) -> Path:
    """A folder with manifest.parquet, batch.json, held.csv and private/picks.parquet."""
    rng = random.Random(seed)
    batch_id = f"B{day:%Y%m%d}-{seed}"
    ids = [f"{batch_id}-{number:06d}" for number in range(1, letters + 1)]
    chances = [round(rng.betavariate(2.2, 3.2), 4) for _ in ids]
    (folder / "private").mkdir(parents=True)
    _manifest(ids, chances, seed, day, numbers, rng).write_parquet(folder / "manifest.parquet")
    _picks(ids, chances, rng).write_parquet(folder / "private" / "picks.parquet")
    facts = {"batch_id": batch_id, "specimen": True, "as_of": day.isoformat(), "letters": letters}
    (folder / "batch.json").write_text(json.dumps(facts), encoding="utf-8")
    held = pl.DataFrame(
        {"case_id": [f"H{n}" for n in range(20)], "reason": rng.choices(HELD, k=20)}
    )
    held.write_csv(folder / "held.csv")
    return folder


def _manifest(
    ids: list[str], chances: list[float], seed: int, day: date, numbers: bool, rng: random.Random
) -> pl.DataFrame:
    many = len(ids)
    tracking = [f"XA{seed:03d}{number:08d}" for number in range(many)]
    return pl.DataFrame(
        {
            "letter_id": ids,
            "case_id_hash": [f"{seed:04d}{number:012x}" for number in range(many)],
            "recipient": ["某某"] * many,
            "standardized": ["示例省示例市示例路1号"] * many,
            "postcode": ["100000"] * many,
            "template": rng.choices(["lawyer_letter", "reminder"], [8, 2], k=many),
            "letter_no": ids,
            "tracking_no": pl.Series(tracking if numbers else [None] * many, dtype=pl.String),
            "carrier": ["chinapost"] * many,
            "product": rng.choices(["registered", "ems"], [7, 3], k=many),
            "pages": [2] * many,
            "sheets": [1] * many,
            "sha256": ["0" * 64] * many,
            "print_file": ["0001.pdf"] * many,
            "start_page": list(range(1, 2 * many, 2)),
            "end_page": list(range(2, 2 * many + 1, 2)),
            "p_signed": chances,
            "created_on": [day.isoformat()] * many,
        }
    ).select(MANIFEST_COLUMNS)


def _picks(ids: list[str], chances: list[float], rng: random.Random) -> pl.DataFrame:
    many = len(ids)
    return pl.DataFrame(
        {
            "letter_id": ids,
            "case_id": [f"C{number:09d}" for number in range(many)],
            "source": rng.choices(SOURCES, k=many),
            "p_signed": chances,
            "province": rng.choices(PROVINCES, range(1, len(PROVINCES) + 1), k=many),
            "city": ["示例市"] * many,
            "granularity": rng.choices(GRAINS, k=many),
        }
    )
