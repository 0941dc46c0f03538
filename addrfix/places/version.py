"""Which built file belongs to the tables that are shipped."""

from __future__ import annotations

import hashlib
from pathlib import Path

from addrfix.folders import data_folder
from addrfix.knowledge import folder, own_table
from addrfix.model.errors import BadSettings

SCHEMA_VERSION = 2
"""Raised whenever the tables of `schema.sql`, or what the code puts into them, change."""
_TABLES = (
    "divisions.parquet", "history.parquet", "id_prefixes.parquet", "phone_prefixes.parquet",
    "aliases.tsv", "later_names.tsv", "quarters.tsv", "regiments.tsv", "sources.tsv",
    "town_moves.tsv", "zones.tsv", "zone_ties.tsv",
    "sql/schema.sql", "sql/divisions.sql", "sql/history.sql",
    "words/division_suffixes.tsv", "words/ethnic_groups.tsv", "words/everyday_forms.tsv",
    "words/rare_characters.tsv",    "words/zone_suffixes.tsv",
)  # fmt: skip


def file_name() -> str:
    """Name of the built file: schema version and hash of everything that goes into it.

    What a user's own tables change stands behind that, with a hash of the user's data folder: such
    a file is nobody else's, and a later one of the same folder takes its place.
    """
    digest, changed = hashlib.sha256(), hashlib.sha256()
    own = False
    for name in _TABLES:
        path = folder("gazetteer") / name
        if not path.exists():
            raise BadSettings(f"gazetteer/{name} is missing; install addrfix again")
        digest.update(name.encode())
        digest.update(path.read_bytes())
        if name.endswith(".tsv") and (mine := own_table(name.removesuffix(".tsv"))).is_file():
            own = True
            changed.update(name.encode())
            changed.update(mine.read_bytes())
    shipped = f"gazetteer-{SCHEMA_VERSION}-{digest.hexdigest()[:16]}"
    return (
        f"{shipped}{_OWN}{_here()}-{changed.hexdigest()[:8]}.duckdb" if own else f"{shipped}.duckdb"
    )


_OWN = "-own-"


def _here() -> str:
    """Tells the user's data folder from others."""
    return hashlib.sha256(str(data_folder().resolve()).encode()).hexdigest()[:8]


def is_older(path: Path, keep: Path) -> bool:
    """Whether a built file is of older tables than `keep`, and no other data folder's."""
    shipped, own, mine = keep.stem.partition(_OWN)
    if not path.name.startswith(shipped):
        return True
    folder_of_mine = mine.partition("-")[0]
    same_folder = bool(own) and path.name.startswith(f"{shipped}{_OWN}{folder_of_mine}-")
    return same_folder and not path.name.startswith(keep.stem)
