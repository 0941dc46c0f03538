"""The user's own places: compounds, roads, buildings; one file in the user's data folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from addrfix import database
from addrfix.folders import data_folder
from addrfix.knowledge import folder, words
from addrfix.model.errors import BadUsage
from addrfix.places.coordinates import to_wgs84
from addrfix.places.gazetteer import Gazetteer
from addrfix.places.own_names import SHORTEST, label_of, written_forms
from addrfix.text.headers import shown

FIELDS = (
    "name", "kind", "province", "city", "district", "town", "road", "road_number", "code",
    "address", "postcode", "lat", "lon", "lon_lat", "source", "source_id",
)  # fmt: skip
"""What a column of an imported file can be mapped to."""

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file of places is laid out."""

    name: str
    coordinates: str | None
    """System of its points; None where the file does not tell and the user has to."""
    columns: Mapping[str, str]
    """Field to column."""


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One place of the user's."""

    name: str
    kind: str | None
    division_code: str
    town: str | None
    road: str | None
    road_number: str | None
    address: str | None
    postcode: str | None
    lat: float | None
    lon: float | None
    source: str
    source_id: str | None
    licence: str | None
    imported_on: str


@dataclass(slots=True)
class Refusals:
    """Why rows were not taken: reason to 0-based rows."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, row: int) -> None:
        """Note a row."""
        self.rows.setdefault(reason, []).append(row)


def layout_of(columns: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """The layout of a file by its columns; what the user maps wins.

    Args:
        columns: headers of the file.
        mapping: field to column, from `--column`.

    Raises:
        BadUsage: a mapping names an unknown field or a missing column, or no column holds names.
    """
    for name, column in mapping.items():
        if name not in FIELDS:
            raise BadUsage(f"--column {name}=…: the fields are {', '.join(FIELDS)}")
        if column not in columns:
            raise BadUsage(f"--column {name}={column}: the columns are {_shown(columns)}")
    rows = words("place_layouts")
    names = dict.fromkeys(row["layout"] for row in rows)
    chosen = next(
        name
        for name in names
        if all(r["column"] in columns for r in rows if r["layout"] == name and r["marker"] == "yes")
    )
    found: dict[str, str] = {}
    for row in rows:
        if row["layout"] == chosen and row["column"] in columns:
            found.setdefault(row["field"], row["column"])
    found.update(mapping)
    if "name" not in found:
        raise BadUsage(
            f"no column holds the places' names; the columns are {_shown(columns)};"
            " say which with --column name=COLUMN"
        )
    system = next(row["coordinates"] for row in rows if row["layout"] == chosen)
    return Layout(chosen, system or None, found)


def _shown(columns: Sequence[str]) -> str:
    """Columns for a message; a file without headers has a row of data there."""
    known = {row["column"] for row in words("place_layouts")}
    return shown(columns, known.__contains__)


class Placer:
    """Finds the division of a row by its code, else by its division names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Load the divisions' names."""
        with gazetteer.connect() as connection:
            rows = connection.execute("SELECT id, code, level, parent_id FROM division").fetchall()
            forms = connection.execute(
                "SELECT form, division_id FROM name_form WHERE kind <> 'zone' AND share >= 0.5"
                " ORDER BY form, level, division_id"
            ).fetchall()
        self._code = {row[0]: row[1] for row in rows}
        self._id = {row[1]: row[0] for row in rows}
        self._above = {row[0]: row[3] for row in rows}
        self._forms: dict[str, list[int]] = {}
        for form, division in forms:
            self._forms.setdefault(form, []).append(division)

    def place(self, cells: Mapping[str, str | None]) -> str | None:
        """Code of the deepest division that the row names without doubt; else None."""
        code = (cells.get("code") or "").strip()
        if len(code) >= len("330106001") and code[:9] in self._id:
            return code[:9]
        found: list[int] = [self._id[code[:6]]] if code[:6] in self._id else []
        for level in ("province", "city", "district", "town"):
            name = (cells.get(level) or "").strip()
            below = [d for d in self._forms.get(name, []) if not found or self._under(d, found)]
            found = below or found
        codes = sorted({self._code[division] for division in found})
        return codes[0] if len(codes) == 1 else None

    def _under(self, division: int, ancestors: Sequence[int]) -> bool:
        step: int | None = division
        while step is not None:
            if step in ancestors:
                return True
            step = self._above[step]
        return False


def read_point(cells: Mapping[str, str | None], system: str) -> tuple[float, float] | None:
    """WGS-84 point of a row; None where it has none or one that is no point on earth."""
    lat, lon = cells.get("lat"), cells.get("lon")
    pair = (cells.get("lon_lat") or "").replace("，", ",").split(",")
    if len(pair) == 2:
        lon, lat = pair
    try:
        north, east = float(lat or ""), float(lon or "")
    except ValueError:
        return None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        return None
    return to_wgs84(north, east, system)


IMPORT_AGAIN = "move it away and import your places again (`addrfix gazetteer import`)"
"""What to do about a file of own places that cannot be read."""


class OwnPlaces:
    """The file of the user's own places."""

    def __init__(self, path: Path | None = None) -> None:
        """Name the file; made by the first import."""
        self.path = path or data_folder() / "places.duckdb"

    def add(self, places: Iterable[OwnPlace], *, replace_source: str | None = None) -> int:
        """Add places in one transaction; give back how many.

        Args:
            places: rows to add.
            replace_source: rows of this source are taken out first, so that importing a newer
                state of the same file does not double them.
        """
        import pyarrow as pa

        self.path.parent.mkdir(parents=True, exist_ok=True)
        rows = list(places)
        types = {"lat": pa.float64(), "lon": pa.float64()}
        table = pa.table(
            {
                f.name: pa.array([getattr(r, f.name) for r in rows], types.get(f.name, pa.string()))
                for f in fields(OwnPlace)
            }
        )
        connection = database.open_file(self.path, read_only=False, remedy=IMPORT_AGAIN)
        with closing(connection), database.told_damage(self.path, IMPORT_AGAIN):
            connection.execute(_schema())
            connection.begin()
            if replace_source is not None:
                connection.execute("DELETE FROM own_place WHERE source = ?", [replace_source])
            connection.register("new_place", table)
            connection.execute("INSERT INTO own_place SELECT * FROM new_place")
            if replace_source is not None:
                connection.execute("DELETE FROM own_name WHERE source = ?", [replace_source])
            connection.register("new_name", _names(rows))
            connection.execute("INSERT INTO own_name SELECT * FROM new_name ORDER BY county, key")
            connection.commit()
        return len(rows)

    def all(self, division_codes: Sequence[str] | None = None) -> list[OwnPlace]:
        """Every place, or those below the given division codes, in a fixed order."""
        if not self.path.exists():
            return []
        connection = database.open_file(self.path, remedy=IMPORT_AGAIN)
        with closing(connection), database.told_damage(self.path, IMPORT_AGAIN):
            rows = connection.execute(
                "SELECT * FROM own_place WHERE regexp_matches(division_code, ?) ORDER BY ALL",
                ["" if division_codes is None else f"^({'|'.join(division_codes)})"],
            ).fetchall()
        return [OwnPlace(*row) for row in rows]


def _names(places: Sequence[OwnPlace]) -> pa.Table:
    """How places, and the roads that they stand on, may be written in texts."""
    import pyarrow as pa

    found: dict[tuple[str, str, str, str, str, str], None] = {}
    for place in places:
        code = place.division_code
        named = [(place.name, label_of(place.name, place.kind))]
        if place.road:
            named.append((place.road, "road"))
        for name, label in named:
            for key in written_forms(name, label):
                found[key, key[:SHORTEST], label, code, code[:6], place.source] = None
    columns = zip(*found, strict=True) if found else ((),) * 6
    names = ("key", "opening", "label", "division_code", "county", "source")
    return pa.table(
        {
            name: pa.array(list(column), pa.string())
            for name, column in zip(names, columns, strict=True)
        }
    )


def _schema() -> str:
    return (folder("gazetteer") / "sql" / "own_places.sql").read_text(encoding="utf-8")
