"""The yearly lists of the statistics bureau: counties, towns and villages by 6, 9 and 12 digits."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from gazetteer_sources.packages import Package, Sources

_PLACEHOLDERS = frozenset(
    ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位")
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one package lists."""

    label: str
    year: int
    cities: dict[str, str]
    """4-digit code to name."""
    counties: dict[str, str]
    """6-digit code to name, without placeholders such as 市辖区."""
    towns: dict[str, str]
    """9-digit code to name, 街道办事处 written 街道."""
    villages: dict[str, list[tuple[str, str]]]
    """Town code to its villages as (12-digit code, name); empty in the two oldest packages."""


def plain_town(name: str) -> str:
    """街道办事处 is 街道 in the ministry's lists; some rows of the bureau's write 街街道."""
    name = re.sub(r"(街道)?(办事处|办事处街道|办事处街)$", r"\1", name) if "街道" in name else name
    return name.strip()


def read(sources: Sources, package: Package, *, with_villages: bool = True) -> Snapshot:
    """Read one yearly package."""
    dist = sources.folder(package) / "dist"
    villages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if with_villages and (dist / "villages.csv").exists():
        for row in _rows(dist / "villages.csv"):
            villages[row["code"][:9]].append((row["code"], row["name"].strip()))
    return Snapshot(
        package.label,
        int(package.as_of[:4]),
        {row["code"][:4]: row["name"] for row in _list(dist, "cities")},
        {
            row["code"][:6]: row["name"]
            for row in _list(dist, "areas")
            if row["name"] not in _PLACEHOLDERS
        },
        {row["code"][:9]: plain_town(row["name"]) for row in _list(dist, "streets")},
        dict(villages),
    )


def _list(dist: Path, name: str) -> list[dict[str, str]]:
    table = dist / f"{name}.csv"
    if table.exists():
        return _rows(table)
    rows: list[dict[str, str]] = json.loads((dist / f"{name}.json").read_text("utf-8"))
    return rows


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
