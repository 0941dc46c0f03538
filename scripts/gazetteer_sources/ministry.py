"""Levels 1 to 4 in force: the ministry's table, what 2026 added, and the offshore units."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from addrfix.places.names import short_name
from gazetteer_sources.packages import CHANGES, MINISTRY, OFFSHORE, Sources


@dataclass(frozen=True, slots=True)
class Division:
    """One division of levels 1 to 4."""

    code: str
    level: int
    name: str
    parent: str
    """Code of the division above; "" at level 1."""
    kind: str
    """official, custom (a code of the source's own), zone or former."""
    source: str


Tree = dict[str, Division]


@dataclass(frozen=True, slots=True)
class Moved:
    """A town that 2026 put under a new county."""

    old: Division
    new: Division


def read(sources: Sources) -> Tree:
    """The ministry's table of the end of 2025, by code."""
    data = json.loads(sources.file(MINISTRY, "*/data/divisions.json").read_text("utf-8"))
    return {
        code: Division(code, level, name, parent, "official", MINISTRY.label)
        for level, code, parent, name in data["divisions"]
    }


def add_later(tree: Tree, sources: Sources) -> tuple[list[Moved], list[tuple[str, str]]]:
    """Add to `tree` what the ministry published after the yearly table.

    Returns:
        Towns that moved under a new county, and (form, code) pairs: the names that towns of the
        yearly table bear in the later list. Those are taken as aliases only: the later list has
        gaps, so it never takes a town of the yearly table away.
    """
    provinces = json.loads(sources.file(CHANGES, "data/divisions_v1.json").read_text("utf-8"))
    new_counties = _add_counties(tree, provinces["provinces"])
    towns = json.loads(sources.file(CHANGES, "data/townships_v1.json").read_text("utf-8"))
    moved: list[Moved] = []
    aliases: list[tuple[str, str]] = []
    known = {county for county in towns if "townships" in towns[county]}
    for county in sorted(known):
        listed = {code[:9]: name for name, code in towns[county]["townships"].items()}
        if county[:6] in new_counties:
            moved += _move_towns(tree, county[:6], listed)
        else:
            aliases += _later_towns(tree, county[:6], listed)
    return moved, aliases


def _add_counties(tree: Tree, provinces: dict[str, Any]) -> set[str]:
    new: set[str] = set()
    for province, found in provinces.items():
        code = found["code"][:6]
        if code not in tree:
            tree[code] = Division(code, 1, province, "", "official", CHANGES.label)
        for city in found["cities"].values():
            parent = (city["code"] or found["code"])[:6]
            for county, long_code in city["counties"].items():
                if long_code[:6] not in tree:
                    new.add(long_code[:6])
                    tree[long_code[:6]] = Division(
                        long_code[:6], 3, county, parent, "official", CHANGES.label
                    )
    return new


def _move_towns(tree: Tree, county: str, listed: dict[str, str]) -> list[Moved]:
    """The towns of a new county, taken from where the yearly table still has them.

    The later list writes regimental towns with the regiment in front (四十一团草湖镇), so a name
    that ends with a town's name counts as that town.
    """
    moved = []
    for code, name in sorted(listed.items()):
        old = [
            town
            for town in tree.values()
            if town.level == 4 and town.code[:2] == county[:2] and name.endswith(town.name)
        ]
        old = [town for town in old if town.code not in listed]
        # Of several towns of that name the one whose county code is nearest is the old one.
        old.sort(key=lambda town: (-len(town.name), abs(int(town.code[:6]) - int(county))))
        plain = old[0].name if old else name
        new = Division(code, 4, plain, county, "official", CHANGES.label)
        if old:
            moved.append(Moved(old[0], new))
            del tree[old[0].code]
        tree[code] = new
    return moved


def _later_towns(tree: Tree, county: str, listed: dict[str, str]) -> list[tuple[str, str]]:
    """Add towns that only the later list has; give back the new names of those it renamed."""
    here = [town for town in tree.values() if town.level == 4 and town.parent == county]
    aliases = []
    for code, name in sorted(listed.items()):
        if code in tree:
            if tree[code].name != name:
                aliases.append((name, code))
            continue
        # Abolished towns stay in the list, marked 撤销 or 撤分 with or without a year.
        if "撤" in name or re.search(r"[^一-鿿㐀-䶿]", name):
            continue
        same = [town for town in here if short_name(town.name, 4) == short_name(name, 4)]
        if same:
            aliases.append((name, same[0].code))
        elif county in tree:
            tree[code] = Division(code, 4, name, county, "official", CHANGES.label)
    return aliases


def add_offshore(tree: Tree, sources: Sources) -> None:
    """Add the units of Hong Kong, Macau and Taiwan, whose codes are the source's own."""
    text = sources.file(OFFSHORE, "dist/index.js").read_text("utf-8")
    for code, escaped in re.findall(r'(\d{6})\s*:\s*"([^"]+)"', text):
        if code[:2] not in ("71", "81", "82") or code in tree:
            continue
        name = json.loads(f'"{escaped}"')
        level, parent = (2, f"{code[:2]}0000") if code.endswith("00") else (3, f"{code[:4]}00")
        tree[code] = Division(code, level, name, parent, "custom", OFFSHORE.label)
