"""Level 5, asked in batches: one query answers all texts of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addrfix.model.nouns import VillageHit
from addrfix.places.division_index import MemoryDivisionIndex
from addrfix.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

_FOLDER = Path(__file__).parent / "sql"
_SQL = (_FOLDER / "village_by_name.sql").read_text(encoding="utf-8")
_BEGINNING_SQL = (_FOLDER / "village_by_beginning.sql").read_text(encoding="utf-8")


class DuckVillageLookup:
    """The `VillageLookup` of `model.protocols` over the gazetteer's DuckDB file."""

    def __init__(self, gazetteer: Gazetteer, index: MemoryDivisionIndex) -> None:
        self._connection = gazetteer.connect()
        above: list[tuple[int, int]] = []
        for division, level in enumerate(index.levels):
            # Towns of a city without counties (东莞) hang below the city itself.
            if level in (2, 3):
                ancestor = division
                while ancestor >= 0:
                    above.append((division, ancestor))
                    ancestor = index.parents[ancestor]
        import pyarrow as pa

        self._above = pa.table(
            {"county_id": [pair[0] for pair in above], "ancestor": [pair[1] for pair in above]}
        )
        self._connection.register("county_above", self._above)

    def find(
        self, probes: Mapping[int, Sequence[tuple[int, int, int, str]]]
    ) -> dict[int, list[VillageHit]]:
        """Villages by row; rows without one are left out.

        Args:
            probes: row → [(division to look below, start, end, stem of the name)].
        """
        import pyarrow as pa

        flat = [
            (row, division, start, end, stem)
            for row, pieces in probes.items()
            for division, start, end, stem in pieces
        ]
        names = ("row", "division", "first", "last", "stem")
        types = (pa.int64(), pa.int64(), pa.int64(), pa.int64(), pa.string())
        columns = list(zip(*flat, strict=True))
        probe = pa.table(
            {
                name: pa.array(column, type)
                for name, column, type in zip(names, columns, types, strict=True)
            }
        )
        found: dict[int, list[VillageHit]] = {}
        for row, start, end, code, name, town in self._answers(_SQL, probe):
            found.setdefault(row, []).append(VillageHit(start, end, code, name, town))
        return found

    def beginning(
        self, asked: Mapping[int, Sequence[tuple[int, str]]]
    ) -> dict[int, frozenset[int]]:
        """Which counties have a village whose name begins like this; rows without one are left out.

        Args:
            asked: row → [(county to look in, beginning of a name)].
        """
        import pyarrow as pa

        flat = [(row, county, piece) for row, pieces in asked.items() for county, piece in pieces]
        rows, counties, pieces = zip(*flat, strict=True)
        probe = pa.table(
            {
                "row": pa.array(rows, pa.int64()),
                "county": pa.array(counties, pa.int64()),
                "piece": pa.array(pieces, pa.string()),
            }
        )
        found: dict[int, set[int]] = {}
        for row, county in self._answers(_BEGINNING_SQL, probe):
            found.setdefault(row, set()).add(county)
        return {row: frozenset(counties) for row, counties in found.items()}

    def _answers(self, sql: str, probe: pa.Table) -> list[tuple[Any, ...]]:
        """One query over the batch that `probe` holds."""
        self._connection.register("probe", probe)
        try:
            return self._connection.execute(sql).fetchall()
        finally:
            self._connection.unregister("probe")
