"""Reads the key that signs letters."""

from __future__ import annotations

from pathlib import Path

from addrfix.letters.signing import SigningKey
from addrfix.model.errors import BadInput

__all__ = ["SigningKey", "read_signing_key"]


def read_signing_key(path: Path, password: bytes) -> SigningKey:
    """A PKCS #12 file and its password; neither is tried yet.

    Raises:
        BadInput: the file cannot be read.
    """
    try:
        return SigningKey(path.read_bytes(), password)
    except OSError as error:
        raise BadInput(f"the signing key {path} cannot be read: {error.strerror}") from error
