"""Writes the tables of gazetteer/: Parquet for the large ones, TSV for those people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from addrfix.places.names import short_name
from gazetteer_sources.county_facts import Facts
from gazetteer_sources.history import Past
from gazetteer_sources.id_prefixes import Prefix
from gazetteer_sources.ministry import Tree
from gazetteer_sources.packages import CHANGES, PACKAGES, VILLAGES
from gazetteer_sources.phones import Range
from gazetteer_sources.pronunciation import syllables
from gazetteer_sources.snapshots import Snapshot
from gazetteer_sources.town_match import Matching
from gazetteer_sources.zone_ties import Tie

_DIVISIONS = pa.schema(
    [
        ("code", pa.string()), ("level", pa.int8()), ("name", pa.string()),
        ("short_name", pa.string()), ("parent_code", pa.string()), ("kind", pa.string()),
        ("postcode", pa.string()), ("lat", pa.float32()), ("lon", pa.float32()),
        ("pinyin", pa.string()), ("source", pa.string()), ("point_source", pa.string()),
    ]
)  # fmt: skip
_HISTORY = pa.schema(
    [
        ("level", pa.int8()), ("old_code", pa.string()), ("old_name", pa.string()),
        ("old_cities", pa.list_(pa.string())), ("old_parents", pa.list_(pa.string())),
        ("from_year", pa.int16()), ("until_year", pa.int16()), ("new_code", pa.string()),
        ("share", pa.float32()), ("change", pa.string()), ("believed", pa.string()),
        ("why", pa.string()),
    ]
)  # fmt: skip
_PHONES = pa.schema(
    [
        ("kind", pa.string()), ("first", pa.string()), ("last", pa.string()),
        ("codes", pa.list_(pa.string())),
    ]
)  # fmt: skip
_PREFIXES = pa.schema(
    [
        ("prefix", pa.string()), ("name", pa.string()), ("year_from", pa.int16()),
        ("year_to", pa.int16()), ("code", pa.string()), ("share", pa.float32()),
        ("source", pa.string()),
    ]
)  # fmt: skip


def write_divisions(
    path: Path, tree: Tree, facts: Facts, latest: Snapshot, matching: Matching
) -> None:
    """Levels 1 to 5, sorted by code."""
    rows: list[dict[str, Any]] = []
    for code, row in tree.items():
        short = short_name(row.name, row.level)
        point = facts.point.get(code)
        rows.append(
            {
                "code": code, "level": row.level, "name": row.name, "short_name": short,
                "parent_code": row.parent or None, "kind": row.kind,
                "postcode": facts.postcode.get(code),
                "lat": point and point.lat, "lon": point and point.lon,
                "pinyin": syllables(short, row.name), "source": row.source,
                "point_source": point and point.source,
            }
        )  # fmt: skip
    for town, villages in latest.villages.items():
        rows += (
            {
                "code": code, "level": 5, "name": name, "parent_code": matching.town[town],
                "kind": "official", "source": VILLAGES.label,
            }
            for code, name in villages
        )  # fmt: skip
    rows.sort(key=lambda row: row["code"])
    _write_parquet(path, rows, _DIVISIONS, ("level", "parent_code", "kind", "source"))


def write_history(path: Path, past: Sequence[Past]) -> None:
    """Former names and codes of levels 2 to 4, sorted by level, code and share."""
    ordered = sorted(past, key=lambda p: (p.level, p.old_code, p.old_name, -p.share, p.new_code))
    rows = [{name: getattr(row, name) for name in _HISTORY.names} for row in ordered]
    for row in rows:
        row["new_code"] = row["new_code"] or None
    _write_parquet(path, rows, _HISTORY, ("level", "change", "believed", "why", "new_code"))


def write_phone_prefixes(path: Path, ranges: Sequence[Range]) -> None:
    """Ranges of mobile prefixes and area codes with the divisions they belong to."""
    rows = [
        {"kind": r.kind, "first": r.first, "last": r.last, "codes": list(r.codes)} for r in ranges
    ]
    _write_parquet(path, rows, _PHONES, ("kind",))


def write_id_prefixes(path: Path, prefixes: Sequence[Prefix]) -> None:
    """Six-digit ID-card prefixes with the years they were in use and what they stand for now."""
    rows = [{name: getattr(row, name) for name in _PREFIXES.names} for row in prefixes]
    _write_parquet(path, rows, _PREFIXES, ("source", "code"))


def write_zone_ties(path: Path, tree: Tree, ties: Sequence[Tie]) -> None:
    """Zones that the statistics bureau counts as counties, and where they lie."""
    _write_tsv(
        path,
        (
            "Development zones that the statistics bureau counts as counties, with the counties",
            "their towns lie in. Made by scripts/build_gazetteer.py; do not edit, see zones.tsv.",
            f"source: {VILLAGES.label} (MIT) of {VILLAGES.as_of}, towns matched to the ministry's",
        ),
        ("code", "name", "city", "counties", "shares"),
        (
            (
                tie.code, tie.name, tree[tie.code].parent, " ".join(tie.counties),
                " ".join(f"{share:g}" for share in tie.shares),
            )
            for tie in ties
        ),
    )  # fmt: skip


def write_later_names(path: Path, tree: Tree, names: Sequence[tuple[str, str]]) -> None:
    """Names that towns of the yearly table bear in the later list."""
    _write_tsv(
        path,
        (
            "Names that towns bear in the ministry's list of September 2026 and not in its yearly",
            "table of 2025. Made by scripts/build_gazetteer.py; do not edit.",
            f"source: {CHANGES.label} ({CHANGES.licence}) of {CHANGES.as_of}",
        ),
        ("code", "name", "later_name"),
        ((code, tree[code].name, later) for later, code in sorted(names, key=lambda n: n[1])),
    )


def write_sources(path: Path) -> None:
    """The packages, as the table that `gazetteer info` shows."""
    _write_tsv(
        path,
        (
            "What the gazetteer is made of. Made by scripts/build_gazetteer.py; do not edit.",
            "version: 1",
        ),
        ("name", "registry", "licence", "as_of", "what", "sha256"),
        ((p.label, p.registry, p.licence, p.as_of, p.what, p.sha256) for p in PACKAGES),
    )


def _write_tsv(
    path: Path, comment: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    lines = [f"# {line}" for line in comment]
    lines += ["\t".join(header), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _write_parquet(
    path: Path, rows: list[dict[str, Any]], schema: pa.Schema, dictionary: Sequence[str]
) -> None:
    table = pa.Table.from_pylist(rows, schema=schema)
    plain = [f.name for f in schema if f.type == pa.string() and f.name not in dictionary]
    encoding = {name: "DELTA_BYTE_ARRAY" if "code" in name else "PLAIN" for name in plain}
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=list(dictionary),
        column_encoding=encoding,
        store_schema=False,
    )
    print(f"{path.name}: {table.num_rows:,} rows, {path.stat().st_size:,} bytes")
