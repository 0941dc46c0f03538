"""Which built file belongs to the tables that are shipped."""

from __future__ import annotations

import hashlib

from addrfix.knowledge import folder
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
    """Name of the built file: schema version and hash of everything that goes into it."""
    digest = hashlib.sha256()
    for name in _TABLES:
        path = folder("gazetteer") / name
        if not path.exists():
            raise BadSettings(f"gazetteer/{name} is missing; install addrfix again")
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return f"gazetteer-{SCHEMA_VERSION}-{digest.hexdigest()[:16]}.duckdb"
