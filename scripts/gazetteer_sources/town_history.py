"""What became of every town since 2015: by code and name, else by where its villages are now.

A village keeps its name when its town is renamed or merged, so the villages of a former town vote
for its successors. A town of the two oldest lists, which have no villages, is looked for by name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from addrfix.places.names import short_name
from gazetteer_sources.county_history import Key
from gazetteer_sources.history import Past, Successors
from gazetteer_sources.ministry import Moved, Tree
from gazetteer_sources.snapshots import Snapshot
from gazetteer_sources.town_match import MOVED, Matching, region

LEAST = 0.2
"""A successor that fewer of the old town's villages went to is left out."""
_SURE = 0.5
"""A successor is only named where the kept ones hold at least this share of the villages."""


def stem(name: str) -> str:
    """A village's name without what committees and communities are called."""
    name = re.sub(r"(社区)?(居民委员会|居委会|居民委会|社区委会)$", "社区", name)
    name = re.sub(r"(村民委员会|村委会|村民委会)$", "", name)
    return re.sub(r"(村|社区)$", "", name) or name


@dataclass(slots=True)
class _Village:
    by_county: dict[tuple[str, str], set[str]]
    by_region: dict[tuple[str, str], set[str]]


def _index(tree: Tree, latest: Snapshot, matching: Matching) -> _Village:
    by_county: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_region: dict[tuple[str, str], set[str]] = defaultdict(set)
    for town, villages in latest.villages.items():
        target = matching.town[town]
        for _, name in villages:
            by_county[tree[target].parent, stem(name)].add(target)
            by_region[region(target), stem(name)].add(target)
    return _Village(by_county, by_region)


class TownFollower:
    """Finds the successors of former towns."""

    def __init__(
        self,
        tree: Tree,
        matching: Matching,
        snapshots: list[Snapshot],
        counties: dict[Key, Successors] | None = None,
    ) -> None:
        """Take the evidence.

        Args:
            tree: divisions now in force, by code.
            matching: the towns of the latest snapshot in the tree.
            snapshots: oldest first.
            counties: what former counties became, where that is known already.
        """
        self.tree, self.matching, self.snapshots = tree, matching, snapshots
        self.counties = counties or {}
        self._pairs: dict[str, set[tuple[str, str]]] = {}
        self._villages = _index(tree, snapshots[-1], matching)
        self._here: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._near: dict[tuple[str, str], list[str]] = defaultdict(list)
        for town in tree.values():
            if town.level == 4:
                self._here[town.parent, short_name(town.name, 4)].append(town.code)
                self._near[region(town.code), town.name].append(town.code)

    def successors(self, snapshot: Snapshot, code: str, name: str) -> tuple[Successors, str]:
        """Successors of a town of a snapshot, with the rule that found them."""
        if snapshot is self.snapshots[-1]:
            target = self.matching.town[code]
            return ((target, 1.0),), self.matching.how[code]
        if code in self.tree and self.tree[code].name == name:
            return ((code, 1.0),), "same code and name"
        named = self._by_name(snapshot, code, name)
        # 城关乡 did not become 城关镇 where the two stood side by side: then its villages decide.
        if named and not self._side_by_side(snapshot, code, named):
            return ((named, 1.0),), "same name"
        voted = self._by_villages(snapshot, code)
        if voted:
            return voted, "village votes"
        if seat := self._by_seat(snapshot, code, name):
            return ((seat, 1.0),), "village of its name"
        return (), "no source names a successor"

    def _homes(self, snapshot: Snapshot, code: str) -> list[str]:
        """The counties in force that the county of a snapshot's town became."""
        homes = [code[:6]] if code[:6] in self.tree else []
        county = snapshot.counties.get(code[:6], "")
        homes += [home for home, _ in self.counties.get((code[:6], county), ())]
        return list(dict.fromkeys(homes))

    def _side_by_side(self, snapshot: Snapshot, code: str, target: str) -> bool:
        """Whether the snapshot lists the town and its supposed heir as two."""
        name = self.tree[target].name
        return name != snapshot.towns[code] and (code[:6], name) in self._listed(snapshot)

    def _listed(self, snapshot: Snapshot) -> set[tuple[str, str]]:
        if snapshot.label not in self._pairs:
            self._pairs[snapshot.label] = {
                (code[:6], name) for code, name in snapshot.towns.items()
            }
        return self._pairs[snapshot.label]

    def _by_seat(self, snapshot: Snapshot, code: str, name: str) -> str | None:
        """The town with the village that bears the old town's name: its seat, most likely."""
        for home in self._homes(snapshot, code):
            found = self._villages.by_county.get((home, short_name(name, 4)), set())
            if len(found) == 1:
                return next(iter(found))
        return None

    def _by_name(self, snapshot: Snapshot, code: str, name: str) -> str | None:
        """A town in force of that name or stem in what the county is now."""
        for home in self._homes(snapshot, code):
            found = self._here[home, short_name(name, 4)]
            exact = [town for town in found if self.tree[town].name == name]
            if len(exact) == 1 or len(found) == 1:
                return (exact or found)[0]
        near = self._near[region(code), name]
        # A town of that name that stood in the other county already is not the one that left this.
        if len(near) != 1 or (near[0][:6], name) in self._listed(snapshot):
            return None
        return near[0]

    def _by_villages(self, snapshot: Snapshot, code: str) -> Successors:
        villages = [stem(name) for _, name in snapshot.villages.get(code, ())]
        votes: Counter[str] = Counter()
        for village in villages:
            found = self._villages.by_county.get((code[:6], village), set())
            if not found:
                found = self._villages.by_region.get((region(code), village), set())
                # All over a prefecture a village name proves something only where it is unique.
                found = found if len(found) == 1 else set()
            for town in found:
                votes[town] += 1 / len(found)  # type: ignore[assignment]
        kept = {t: v / len(villages) for t, v in votes.items() if v / len(villages) >= LEAST}
        total = sum(kept.values())
        if total < _SURE:
            return ()
        ranked = sorted(kept.items(), key=lambda row: (-row[1], row[0]))
        return tuple((town, round(share / total, 3)) for town, share in ranked)


def county_votes(towns: TownFollower) -> dict[Key, Successors]:
    """Where the villages of counties abolished since 2016 are now, by (code, name)."""
    votes: dict[Key, Counter[str]] = defaultdict(Counter)
    for snapshot in towns.snapshots:
        gone = {c: n for c, n in snapshot.counties.items() if _gone(towns.tree, c, n)}
        here: dict[Key, Counter[str]] = defaultdict(Counter)
        for code, name in snapshot.towns.items():
            if code[:6] in gone and snapshot.villages:
                ends, _ = towns.successors(snapshot, code, name)
                for town, share in ends:
                    weight = max(1, len(snapshot.villages.get(code, ())))
                    county = towns.tree[town].parent
                    if towns.tree[county].kind == "official":
                        here[code[:6], gone[code[:6]]][county] += share * weight  # type: ignore[assignment]
        votes.update(here)
    return {key: _shares(counter) for key, counter in votes.items() if _shares(counter)}


def _gone(tree: Tree, code: str, name: str) -> bool:
    return (code not in tree or tree[code].name != name) and code[4] != "7"


def _shares(counter: Counter[str]) -> Successors:
    total = counter.total()
    kept = {code: n / total for code, n in counter.items() if n / total >= 0.05}
    whole = sum(kept.values())
    ranked = sorted(kept.items(), key=lambda row: (-row[1], row[0]))
    return tuple((code, round(share / whole, 3)) for code, share in ranked)


def town_rows(towns: TownFollower, moved: list[Moved]) -> list[Past]:
    """A row per former town (code and name) and successor."""
    seen: dict[Key, list[Snapshot]] = defaultdict(list)
    for snapshot in towns.snapshots:
        for code, name in snapshot.towns.items():
            if not (code in towns.tree and towns.tree[code].name == name):
                seen[code, name].append(snapshot)
    rows = []
    for (code, name), snapshots in sorted(seen.items()):
        last = next((s for s in reversed(snapshots) if s.villages), snapshots[-1])
        ends, rule = towns.successors(last, code, name)
        parents = _old_counties(towns, last, code)
        for target, share in ends or (("", 1.0),):
            if rule == MOVED or (target == code and towns.tree[target].name == name):
                continue
            if target and towns.tree[target].name == name and towns.tree[target].parent in parents:
                # Only the number differs, as it does for a quarter of all towns: no history.
                continue
            rows.append(
                Past(
                    4, code, name, (snapshots[-1].counties.get(code[:6], ""),), parents,
                    snapshots[0].year, snapshots[-1].year, target, share,
                    "renamed or merged", snapshots[-1].label, rule,
                )
            )  # fmt: skip
    rows += [
        Past(
            4, move.old.code, move.old.name, (), (move.old.parent,), 2025, 2025, move.new.code, 1.0,
            "moved to a new county", move.new.source, "listed there in 2026",
        )
        for move in moved
    ]  # fmt: skip
    return rows


def _old_counties(towns: TownFollower, snapshot: Snapshot, code: str) -> tuple[str, ...]:
    """The divisions in force that stand for the county the town stood under."""
    county = code[:6]
    name = snapshot.counties.get(county, "")
    found = [home for home, _ in towns.counties.get((county, name), ())]
    if county in towns.tree:
        found.insert(0, county)
    return tuple(dict.fromkeys(found))
