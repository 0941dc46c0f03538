"""In which counties the zones lie that the statistics bureau counts as counties of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from addrfix.places.names import short_name
from gazetteer_sources.ministry import Tree
from gazetteer_sources.snapshots import Snapshot
from gazetteer_sources.town_match import Matching

_MOST = 0.8
"""From this share on a zone counts as lying in one county."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A zone and the official counties it lies in."""

    code: str
    name: str
    counties: tuple[str, ...]
    """Codes, largest share of the zone's villages first; empty where nothing tells."""
    shares: tuple[float, ...]
    evidence: str


def tie(tree: Tree, matching: Matching, snapshots: list[Snapshot]) -> list[Tie]:
    """Tie every zone of level 3 by its towns: where the ministry, or an earlier year, has them."""
    latest = snapshots[-1]
    ties = []
    for code in sorted(code for code, row in tree.items() if row.level == 3 and row.kind == "zone"):
        votes: Counter[str] = Counter()
        for town, name in latest.towns.items():
            if town[:6] == code:
                county = _official(tree, matching.town[town]) or _earlier(
                    tree, snapshots, name, code
                )
                if county:
                    votes[county] += max(1, len(latest.villages.get(town, ())))
        total = votes.total()
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        ties.append(
            Tie(
                code,
                tree[code].name,
                tuple(county for county, _ in ranked),
                tuple(round(count / total, 2) for _, count in ranked),
                "towns" if ranked else "",
            )
        )
    return ties


def _official(tree: Tree, town: str) -> str | None:
    above = tree[tree[town].parent]
    return above.code if above.kind == "official" and tree[town].kind == "official" else None


def _earlier(tree: Tree, snapshots: list[Snapshot], name: str, zone: str) -> str | None:
    """The county of the prefecture that had a town of that name or stem in an earlier year."""
    stem = short_name(name, 4)
    for snapshot in reversed(snapshots[:-1]):
        found = {
            code[:6]
            for code, other in snapshot.towns.items()
            if code[:4] == zone[:4] and short_name(other, 4) == stem
        }
        found = {code for code in found if code in tree and tree[code].kind == "official"}
        if len(found) == 1:
            return found.pop()
    return None


def settle(tree: Tree, ties: list[Tie]) -> None:
    """Put the towns that only a zone has under the county in which the whole zone lies."""
    home = {tie.code: tie.counties[0] for tie in ties if tie.counties and tie.shares[0] >= _MOST}
    for code, row in list(tree.items()):
        if row.level == 4 and row.parent in home:
            tree[code] = replace(row, parent=home[row.parent])
