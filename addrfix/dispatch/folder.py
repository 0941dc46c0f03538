"""The batch folder: what lies where, how its hashes chain.

Every file but the letters is hashed in `batch.json`; the letters' hashes are rows of the manifest;
what lies in `private/` is hashed in `private/hashes.json`, so that a copy without `private/` can
still be verified. `batch_sha256` is over `batch.json` without itself and so over all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from addrfix.dispatch.records import RECORDS
from addrfix.model.errors import BatchProblem

FORMAT = 1
BATCH = "batch.json"
MANIFEST = "manifest.parquet"
MANIFEST_COPIES = ("manifest.csv", "manifest.xlsx")
HELD = "held.csv"
CHECKS = "checks.parquet"
DOCUMENTS = "documents.parquet"
"""Only where documents of courts go out behind the letters."""
LETTERS, PRINT, PRIVATE = "letters", "print", "private"
PICKS = f"{PRIVATE}/picks.parquet"
SECRET = f"{PRIVATE}/secret.key"
PRIVATE_HASHES = f"{PRIVATE}/hashes.json"
TAKE_A_COPY = "take it from a copy of the batch folder"
"""What to do about a damaged file that cannot be made again."""
FIXED_FILES = (MANIFEST, *MANIFEST_COPIES, HELD, CHECKS)
PRIVATE_FILES = (PICKS, SECRET)
# What later commands add; they are not part of what was handed over.
LATER_FILES = frozenset({"events.parquet", "outcomes.parquet", *RECORDS})


def letter_file(letter_id: str) -> str:
    """Where a letter's PDF lies."""
    return f"{LETTERS}/{letter_id}.pdf"


def print_file(number: int) -> str:
    """Where a print file lies, counted from 1."""
    return f"{PRINT}/{number:04d}.pdf"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def hashes_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 by name of files of a folder, in the order of their names."""
    return {name: file_sha256(folder / name) for name in sorted(names)}


def chained(hashes: Iterable[str]) -> str:
    """One hash over a list of hashes."""
    digest = hashlib.sha256()
    for value in hashes:
        digest.update(f"{value}\n".encode())
    return digest.hexdigest()


def sealed_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The content of `batch.json` with its own hash."""
    return {**facts, "batch_sha256": facts_sha256(facts)}


def facts_sha256(facts: dict[str, Any]) -> str:
    """The hash over the content of `batch.json`, its own hash left out."""
    rest = {key: value for key, value in facts.items() if key != "batch_sha256"}
    canonical = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file as people read it; the same content gives the same bytes."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode("utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        BatchProblem: missing, damaged, or not an object.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BatchProblem(
            f"{path}: {error.strerror}; this is not a batch folder of `addrfix letters`"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(content, dict):
        raise _damaged(path)
    return content


def read_facts(batch: Path) -> dict[str, Any]:
    """What `batch.json` of a batch folder says.

    Raises:
        BatchProblem: missing, or not what any version of addrfix wrote.
    """
    facts = read_json(batch / BATCH)
    if not isinstance(facts.get("batch_id"), str):
        raise _damaged(batch / BATCH)
    return facts


def _damaged(path: Path) -> BatchProblem:
    return BatchProblem(f"{path} is damaged: it is not what `addrfix letters` wrote; {TAKE_A_COPY}")
