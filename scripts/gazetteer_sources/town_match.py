"""Ties the towns of the statistics bureau to the towns of the ministry.

The two number towns differently and the bureau also counts development zones, farms and towns
abolished since, so a town is looked for by code, then by name, ever further away.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from addrfix.knowledge import read_tsv
from addrfix.places.names import short_name
from gazetteer_sources.ministry import Division, Moved, Tree
from gazetteer_sources.snapshots import Snapshot

MOVED = "moved 2026"
MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_ZONE = re.compile(
    r"开发区|管理区|新区|园区|风景|示范区|管委会|新城|食品区|监管区|实验区|保税|试验区|行政委员会"
)
# 加格达奇, 松岭, 新林 and 呼中 are districts of 大兴安岭地区 that the state has never recognised.
_UNRECOGNISED = ("2327",)
# Digit 7 of a town code: 0 street, 1 town, 2 and 3 township; 4 to 6 are units like towns.
_LIKE_TOWN = "456789"


@dataclass(slots=True)
class Matching:
    """Which ministry town each town of the snapshot is."""

    town: dict[str, str] = field(default_factory=dict)
    """Code of the bureau to code in the tree."""
    how: dict[str, str] = field(default_factory=dict)
    """Code of the bureau to the rule that matched it."""

    def counts(self) -> Counter[str]:
        """Towns matched per rule."""
        return Counter(self.how.values())

    def set(self, code: str, target: str, rule: str) -> None:
        """Note a match."""
        self.town[code] = target
        self.how[code] = rule


@dataclass(slots=True)
class _Names:
    """The ministry's towns by where they stand and what they are called."""

    by_county: dict[tuple[str, str], str] = field(default_factory=dict)
    by_stem: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    by_city: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


def region(code: str) -> str:
    """The prefecture, or the whole municipality, whose counties exchange towns."""
    return code[:2] if code[:2] in MUNICIPALITIES else code[:4]


def _index(tree: Tree) -> _Names:
    names = _Names()
    for town in tree.values():
        if town.level == 4:
            names.by_county[town.code[:6], town.name] = town.code
            names.by_stem[town.code[:6], short_name(town.name, 4)].append(town.code)
            names.by_city[region(town.code), town.name].append(town.code)
    return names


def written_otherwise(path: Path) -> dict[tuple[str, str], str]:
    """Towns that the bureau writes otherwise, by its (county code, name): their codes in force."""
    return {(row["county"], row["name"]): row["code"] for row in read_tsv(path)}


def match(
    tree: Tree, snapshot: Snapshot, moved: list[Moved], otherwise: dict[tuple[str, str], str]
) -> Matching:
    """Match every town of the snapshot that the ministry still has."""
    names, matching = _index(tree), Matching()
    moves = {(move.old.code, move.old.name): move.new.code for move in moved}
    for code, name in sorted(snapshot.towns.items()):
        if (code, name) in moves:
            matching.set(code, moves[code, name], MOVED)
        elif code in tree and tree[code].name == name:
            matching.set(code, code, "same code and name")
        elif target := names.by_county.get((code[:6], name)):
            matching.set(code, target, "same county and name")
        elif target := otherwise.get((code[:6], name)):
            matching.set(code, target, "written otherwise")
        elif target := names.by_county.get((code[:6], _without_county(snapshot, code, name))):
            matching.set(code, target, "same name behind its county's")
    rules = (
        ("same county and stem", _by_stem),
        ("same prefecture and name", _by_city),
        ("same code, renamed", _by_code),
    )
    for label, rule in rules:
        taken = set(matching.town.values())
        for code, name in sorted(snapshot.towns.items()):
            if code not in matching.town and (target := rule(tree, names, taken, code, name)):
                matching.set(code, target, label)
                taken.add(target)
    return matching


def _without_county(snapshot: Snapshot, code: str, name: str) -> str:
    """The name without its city and county before it: 濮阳县户部寨镇 is 户部寨镇."""
    for above in (snapshot.cities.get(code[:4], ""), snapshot.counties.get(code[:6], "")):
        name = name.removeprefix(above)
    return name


def _by_stem(tree: Tree, names: _Names, taken: set[str], code: str, name: str) -> str | None:
    """In the same county, the one free town of that stem."""
    free = [t for t in names.by_stem[code[:6], short_name(name, 4)] if t not in taken]
    return free[0] if len(free) == 1 else None


def _by_city(tree: Tree, names: _Names, taken: set[str], code: str, name: str) -> str | None:
    """In the same prefecture, the one town of that name."""
    found = names.by_city[region(code), name]
    free = [town for town in found if town not in taken]
    # Where the county is no official one any more, a town may already be matched from elsewhere.
    if len(found) == 1 and (free or code[:6] not in tree):
        return found[0]
    return free[0] if len(free) == 1 and code[:6] not in tree else None


def _by_code(tree: Tree, names: _Names, taken: set[str], code: str, name: str) -> str | None:
    """The town that has the code now, where no other town of the snapshot is that one."""
    return code if code in tree and code not in taken else None


def add_unmatched(tree: Tree, snapshot: Snapshot, matching: Matching) -> None:
    """Add what only the bureau has: zones counted as counties, and its further towns.

    A zone that is counted as a county becomes a level-3 row of kind `zone` under its prefecture.
    An abolished county gets no row: it is history.
    """
    for code, name in sorted(snapshot.counties.items()):
        above = _above(tree, code)
        is_zone = code[4] == "7" or code[:4] in _UNRECOGNISED or _ZONE.search(name)
        if is_zone and code not in tree and tree[above].name != name:
            tree[code] = Division(code, 3, name, above, "zone", snapshot.label)
    for code, name in sorted(snapshot.towns.items()):
        if code in matching.town:
            continue
        county = tree.get(code[:6])
        parent = code[:6] if county and county.level == 3 else _above(tree, code)
        kind = "zone" if code[6] in _LIKE_TOWN or _ZONE.search(name) else "former"
        target = code
        if code in tree:
            # The ministry has given this code to another town since.
            target = _free_code(tree, code)
        tree[target] = Division(target, 4, name, parent, kind, snapshot.label)
        matching.set(code, target, f"bureau only, {kind}")


def _above(tree: Tree, code: str) -> str:
    city = f"{code[:4]}00"
    return city if city in tree else f"{code[:2]}0000"


def _free_code(tree: Tree, code: str) -> str:
    """A 9-digit code of the same county that nobody has; 9xx is not given out officially."""
    return next(
        free for free in (f"{code[:6]}{serial}" for serial in range(900, 999)) if free not in tree
    )
