"""Takes a user's file of places into the file of own places, and gives them back as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.files import read_table, write_table
from addrfix.model.errors import BadUsage
from addrfix.places import open_gazetteer
from addrfix.places.own_places import (
    FIELDS,
    Layout,
    OwnPlace,
    OwnPlaces,
    Placer,
    Refusals,
    layout_of,
    read_point,
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    taken: int
    layout: str
    refused: Mapping[str, list[int]]
    """Reason to 0-based rows of the file."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the user says about a file."""

    source: str
    licence: str | None
    coordinates: str | None
    """System of its points; None leaves it to the layout."""
    as_of: date


def import_places(
    path: Path,
    columns: Mapping[str, str],
    origin: Origin,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Imported:
    """Import a file of places; rows of the same source are replaced.

    Raises:
        BadInput: the file cannot be read.
        BadUsage: a mapping is wrong, or the file has points and nobody says in which system.
    """
    table = read_table(path, encoding=encoding, sheet=sheet)
    layout = layout_of(table.frame.columns, columns)
    system = origin.coordinates or layout.coordinates
    if system is None and {"lat", "lon_lat"} & set(layout.columns):
        raise BadUsage(
            f"{path.name} has coordinates, but not in which system; say --coordinates wgs84 (GPS,"
            " OpenStreetMap), gcj02 (Gaode, Tencent) or bd09 (Baidu)"
        )
    refused = Refusals()
    places = _places(table.frame, layout, system or "wgs84", origin, refused)
    taken = OwnPlaces().add(places, replace_source=origin.source)
    return Imported(taken, layout.name, refused.rows, table.notes)


def _places(
    frame: pl.DataFrame, layout: Layout, system: str, origin: Origin, refused: Refusals
) -> list[OwnPlace]:
    placer = Placer(open_gazetteer())
    chosen = frame.select(
        pl.col(column).cast(pl.String).alias(name) for name, column in layout.columns.items()
    )
    places = []
    for number, cells in enumerate(chosen.iter_rows(named=True)):
        name = (cells["name"] or "").strip()
        code = placer.place(cells)
        if not name:
            refused.add("no name", number)
        elif code is None:
            refused.add("its division is not named, or not clearly", number)
        else:
            places.append(_place(name, code, cells, system, origin))
    return places


def _place(
    name: str, code: str, cells: Mapping[str, str | None], system: str, origin: Origin
) -> OwnPlace:
    cell = {field: (cells.get(field) or "").strip() or None for field in FIELDS}
    point = read_point(cells, system)
    return OwnPlace(
        name, cell["kind"], code, cell["town"], cell["road"], cell["road_number"],
        cell["address"], cell["postcode"],
        point and round(point[0], 6), point and round(point[1], 6),
        origin.source, cell["source_id"], origin.licence, origin.as_of.isoformat(),
    )  # fmt: skip


def export_places(path: Path) -> int:
    """Write the user's own places as a table; give back how many.

    Raises:
        BadInput: the file cannot be written.
        BadUsage: its suffix names no format.
    """
    places = OwnPlaces().all()
    numbers = {"lat": pl.Float64, "lon": pl.Float64}
    schema = {f.name: numbers.get(f.name, pl.String) for f in fields(OwnPlace)}
    write_table(pl.DataFrame([asdict(place) for place in places], schema=schema), path)
    return len(places)
