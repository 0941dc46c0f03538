"""Features of a file's cases, and keys of tokens."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.flow.blacklist import Blacklist, lay_over
from addrfix.model.errors import BadInput, BadUsage
from addrfix.score.evidence import prepare
from addrfix.score.features import features_of, tokens_of

_SHORTEST = 32
"""Bytes of a key: as many as SHA-256 has, so that it cannot be guessed."""


def case_features(
    candidates: pl.DataFrame,
    *,
    as_of: date,
    blacklist: Blacklist | None = None,
    key: bytes | None = None,
) -> pl.DataFrame:
    """One row per case: `score.features.FEATURES` and, with a key, its tokens.

    Args:
        candidates: canonical and clean columns, one address a row (`flow.candidates.read_rows`).
        as_of: the day for which ages count.
        blacklist: the user's own; what it blocks counts as blocked.
        key: of the tokens (`read_key`).
    """
    if blacklist is not None:
        candidates = lay_over(candidates, blacklist, as_of)
    rows = prepare(candidates, as_of).with_row_index("_position")
    found = features_of(rows)
    if key is None:
        return found
    return found.join(tokens_of(rows, key), on="case_id", how="left", maintain_order="left")


def read_key(path: Path) -> bytes:
    """The key in a file: its bytes without blanks around them.

    Raises:
        BadInput: no such file, or fewer than 32 bytes; says how to make one. No byte of it is told.
    """
    make = f"make one with `addrfix features --make-key {path}`"
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError as error:
        raise BadInput(f"there is no key {path}; {make}") from error
    except OSError as error:
        raise BadInput(f"the key {path} cannot be read: {error.strerror}") from error
    if len(key) < _SHORTEST:
        raise BadInput(
            f"the key {path} is too short: {len(key)} bytes, {_SHORTEST} are needed; make another "
            "one with `addrfix features --make-key FILE`"
        )
    return key


def make_key(path: Path) -> None:
    """Write a new random key that only its owner may read.

    Raises:
        BadUsage: the file is there already, or cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadUsage(
            f"{path} exists; a key is never written over, for its tokens would match no more"
        ) from error
    except OSError as error:
        raise BadUsage(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "wb") as opened:
        opened.write(secrets.token_hex(_SHORTEST).encode("ascii") + b"\n")
