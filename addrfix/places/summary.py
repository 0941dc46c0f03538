"""What `addrfix gazetteer info` shows."""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Summary:
    """The built gazetteer in figures."""

    version: str
    path: str
    megabytes: float
    levels: tuple[tuple[int, str, int], ...]
    """(level, kind, rows)."""
    tables: tuple[tuple[str, int], ...]
    """(what, rows) of the other tables."""
    sources: tuple[tuple[str, str, str, str], ...]
    """(name, licence, date, what)."""


_TABLES = {
    "name_form": "written forms of levels 1 to 4",
    "history": "former names and codes with successors",
    "zone": "zones and new areas",
    "id_prefix": "ID-card prefixes",
    "phone_prefix": "phone ranges",
    "postcode": "postcodes",
}


def summarise(gazetteer: Gazetteer) -> Summary:
    """Figures of a gazetteer."""
    with gazetteer.connect() as connection:
        levels = connection.execute(
            "SELECT level, kind, count(*) FROM division GROUP BY ALL"
            " UNION ALL SELECT 5, 'official', count(*) FROM village ORDER BY ALL"
        ).fetchall()
        counts = []
        for table, what in _TABLES.items():
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            counts.append((what, row[0] if row else 0))
        sources = connection.execute("SELECT name, licence, date, what FROM source").fetchall()
    return Summary(
        gazetteer.version,
        str(gazetteer.path),
        gazetteer.path.stat().st_size / 1e6,
        tuple(levels),
        tuple(counts),
        tuple(sources),
    )
