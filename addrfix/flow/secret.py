"""The secret that keys case ids in manifests.

It is made once for a user and kept in the configuration folder, so that the same input gives the
same batch again; `--secret FILE` names another one, for a team that shares it. A batch holds only a
key derived from it for that batch, in `private/`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from filelock import FileLock
from platformdirs import user_config_path

from addrfix.model.errors import BadInput, BadSettings

_BYTES = 32


def default_secret_path() -> Path:
    """Where the user's secret lies."""
    return user_config_path("addrfix", appauthor=False) / "secret.key"


def read_secret(path: Path | None) -> bytes:
    """The bytes of a secret file; without a path the user's own, made on first use.

    Raises:
        BadInput: the file cannot be read or is shorter than 16 bytes.
        BadSettings: the user's own secret can be neither read nor made.
    """
    if path is not None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadInput(f"the secret {path} cannot be read: {error.strerror}") from error
        if len(content.strip()) < 16:
            raise BadInput(f"the secret {path} is too short; it needs 16 bytes or more")
        return content.strip()
    own = default_secret_path()
    try:
        return _made(own) if not own.exists() else own.read_bytes().strip()
    except OSError as error:
        raise BadSettings(
            f"the secret {own} can be neither read nor made ({error.strerror}); "
            "name one with --secret FILE"
        ) from error


def _made(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two first runs at once agree on one secret.
    with FileLock(path.with_name(f"{path.name}.lock")):
        if not path.exists():
            beside = path.with_name(f".{path.name}.{os.getpid()}.part")
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(secrets.token_hex(_BYTES).encode("ascii") + b"\n")
            beside.replace(path)
    return path.read_bytes().strip()
