"""The one module that opens DuckDB connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from addrfix.model.errors import GazetteerProblem

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # Nothing is ever fetched or loaded behind the user's back.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


BUILD_AGAIN = "run `addrfix gazetteer build --force`"
"""What to do about a gazetteer that cannot be read."""


def open_file(
    path: Path, *, read_only: bool = True, remedy: str = BUILD_AGAIN
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file; read-only connections of many processes may share one file.

    Args:
        path: the file.
        read_only: whether nothing is to be written.
        remedy: what the person is to do where the file is damaged.

    Raises:
        GazetteerProblem: the file is missing where it is only to be read, is locked by a writer, or
            is no DuckDB file.
    """
    if read_only and not path.exists():
        raise GazetteerProblem(f"{path} does not exist; {remedy}")
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=_SETTINGS)
    except duckdb.Error as error:
        raise _problem(path, error, remedy) from error
    return _quiet(connection)


@contextmanager
def told_damage(path: Path, remedy: str = BUILD_AGAIN) -> Iterator[None]:
    """Queries over a file whose damage DuckDB may find only on the way.

    Raises:
        GazetteerProblem: a query failed.
    """
    try:
        yield
    except duckdb.Error as error:
        raise _problem(path, error, remedy) from error


def _problem(path: Path, error: duckdb.Error, remedy: str) -> GazetteerProblem:
    said = str(error).lower()
    if "permission denied" in said or "access is denied" in said:
        return GazetteerProblem(f"{path} may not be opened; see to its permissions")
    if "set lock" in said or "used by another process" in said:
        return GazetteerProblem(f"{path} is in use by another process; wait for it to end")
    return GazetteerProblem(f"{path} is damaged or no file of addrfix; {remedy}")


def open_memory() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, for queries over Parquet and Arrow tables."""
    return _quiet(duckdb.connect(":memory:", config=_SETTINGS))


def _quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # The bar would go to stdout, which is for data alone.
    connection.execute("SET enable_progress_bar = false")
    return connection
