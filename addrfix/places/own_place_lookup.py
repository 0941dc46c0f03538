"""The user's own places, asked in batches: one query answers all texts of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from addrfix import database
from addrfix.model.nouns import PlaceHit
from addrfix.model.protocols import DivisionIndex
from addrfix.places.own_names import SHORTEST, folder
from addrfix.places.own_places import IMPORT_AGAIN, OwnPlaces

if TYPE_CHECKING:
    import pyarrow as pa

_SQL = (Path(__file__).parent / "sql" / "own_place_by_name.sql").read_text(encoding="utf-8")


class DuckOwnPlaceLookup:
    """The `OwnPlaceLookup` of `model.protocols` over the file of own places.

    The file is opened for each batch and closed again, so that an import is seen at once and never
    finds the file in use; where the user has none, that costs one look at the folder.
    """

    def __init__(self, index: DivisionIndex) -> None:
        """Name the divisions; nothing is opened yet."""
        self._index = index

    def any(self) -> bool:
        """Whether the user has places of their own."""
        return OwnPlaces().path.exists()

    def find(
        self, probes: Mapping[int, tuple[Sequence[int], Sequence[tuple[int, str]]]]
    ) -> dict[int, list[PlaceHit]]:
        """Own places by row; rows without one are left out.

        Args:
            probes: row → (divisions to look in, [(position, text from there on)]).
        """
        path = OwnPlaces().path
        connection = database.open_file(path, remedy=IMPORT_AGAIN)
        # Opened before it is known that nothing is asked: a damaged file is told by every command.
        with closing(connection), database.told_damage(path, IMPORT_AGAIN):
            made = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'own_name'"
            table = self._table(probes)
            if not table.num_rows or not connection.execute(made).fetchall():
                return {}
            connection.register("county_near", self._near)
            connection.register("probe", table)
            rows = connection.execute(_SQL).fetchall()
        found: dict[int, list[PlaceHit]] = {}
        for row, start, end, label, code in rows:
            division = self._ids.get(code, self._ids.get(code[:6]))
            if division is not None:
                found.setdefault(row, []).append(PlaceHit(start, end, label, division))
        return found

    def _table(
        self, probes: Mapping[int, tuple[Sequence[int], Sequence[tuple[int, str]]]]
    ) -> pa.Table:
        import pyarrow as pa

        simplify = folder().simplify
        flat = [
            (row, division, start, plain[:SHORTEST], plain)
            for row, (divisions, pieces) in probes.items()
            for start, piece in pieces
            for plain in (simplify(piece),)
            for division in divisions
        ]
        columns = zip(*flat, strict=True) if flat else ((),) * 5
        types = (pa.int64(), pa.int64(), pa.int64(), pa.string(), pa.string())
        names = ("row", "division", "start", "opening", "piece")
        return pa.table(
            {
                name: pa.array(list(column), type)
                for name, column, type in zip(names, columns, types, strict=True)
            }
        )

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {code: division for division, code in enumerate(self._index.codes)}

    @cached_property
    def _near(self) -> pa.Table:
        """Codes below a division and above it: a place may be known by its city alone."""
        import pyarrow as pa

        index = self._index
        pairs: set[tuple[str, int]] = set()
        for division, level in enumerate(index.levels):
            if level > 3:
                continue
            ancestor = division
            while ancestor >= 0:
                pairs.add((index.codes[division], ancestor))
                pairs.add((index.codes[ancestor], division))
                ancestor = index.parents[ancestor]
        near = sorted(pairs)
        return pa.table(
            {"county": [code for code, _ in near], "division": [division for _, division in near]}
        )
