"""The one module that opens DuckDB connections, and the one that knows where files of ours live.

Two environment variables move those places: `ADDRFIX_CACHE` for what can be built again, and
`ADDRFIX_DATA` for what the user has imported.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import platformdirs

from addrfix.model.errors import GazetteerProblem

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # Nothing is ever fetched or loaded behind the user's back.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def cache_folder() -> Path:
    """Where the built gazetteer lies; not made by asking."""
    chosen = os.environ.get("ADDRFIX_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("addrfix", False))


def data_folder() -> Path:
    """Where the user's own places lie; not made by asking."""
    chosen = os.environ.get("ADDRFIX_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("addrfix", False))


def open_file(path: Path, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file; read-only connections of many processes may share one file.

    Raises:
        GazetteerProblem: the file is missing where it is only to be read, is locked by a writer, or
            is no DuckDB file.
    """
    if read_only and not path.exists():
        raise GazetteerProblem(f"{path} does not exist; run `addrfix gazetteer build`")
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=_SETTINGS)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise GazetteerProblem(
            f"{path} cannot be opened ({reason}); run `addrfix gazetteer build --force`"
        ) from error
    return _quiet(connection)


def open_memory() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, for queries over Parquet and Arrow tables."""
    return _quiet(duckdb.connect(":memory:", config=_SETTINGS))


def _quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # The bar would go to stdout, which is for data alone.
    connection.execute("SET enable_progress_bar = false")
    return connection
