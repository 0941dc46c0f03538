"""The reading as machine code, where it was compiled; the same source interpreted where it was not.

`scripts/compile_reading.py` compiles the modules below with Cython while addrfix is installed, if a
C compiler is there, and writes down the digest of the sources it took. A compiled module is only
used while the sources are still those: one that is edited is read as Python again, all of them
together, because they call each other as C. The answers are the same either way
(`tests/test_compiled.py`), the compiled ones come about 1.6 times as fast.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

MODULES = (
    "addrfix.model.tree",
    "addrfix.places.division_index",
    "addrfix.reading.asides.around",
    "addrfix.reading.asides.canvas",
    "addrfix.reading.asides.certain",
    "addrfix.reading.asides.digits",
    "addrfix.reading.asides.empty_parts",
    "addrfix.reading.asides.labels",
    "addrfix.reading.asides.names",
    "addrfix.reading.asides.notes",
    "addrfix.reading.asides.persons",
    "addrfix.reading.asides.repeats",
    "addrfix.reading.chain",
    "addrfix.reading.division_names",
    "addrfix.reading.elements",
    "addrfix.reading.hearing",
    "addrfix.reading.lexicon",
    "addrfix.reading.lone_names",
    "addrfix.reading.marking",
    "addrfix.reading.names",
    "addrfix.reading.numbering",
    "addrfix.reading.partition",
    "addrfix.reading.reader",
    "addrfix.reading.repair",
    "addrfix.reading.settling",
    "addrfix.reading.structure",
    "addrfix.reading.weighing",
    "addrfix.reading.witnesses.beginning",
    "addrfix.reading.witnesses.core_district",
    "addrfix.reading.witnesses.from_case",
    "addrfix.reading.witnesses.own_place",
    "addrfix.reading.witnesses.postcode",
    "addrfix.reading.witnesses.road_community",
    "addrfix.reading.witnesses.road_name",
    "addrfix.reading.witnesses.town_below",
    "addrfix.reading.witnesses.village",
    "addrfix.reading.witnesses.village_name",
    "addrfix.resolve.components",
    "addrfix.resolve.collection_point",
    "addrfix.resolve.confidence",
    "addrfix.resolve.destination",
    "addrfix.resolve.divisions",
    "addrfix.resolve.envelope",
    "addrfix.resolve.resolver",
    "addrfix.resolve.stand_in",
    "addrfix.resolve.verdict",
    "addrfix.text.fold",
)
"""What every address of a file goes through."""
_PACKAGE = Path(__file__).parent
FOLDER = _PACKAGE / "_compiled"
DIGEST = FOLDER / "sources.sha256"
SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]


def source(module: str) -> Path:
    """The Python source of one of `MODULES`."""
    return _PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")


def digest() -> str:
    """SHA-256 of the sources of `MODULES`, types (`.pxd`) included, as they stand now."""
    sha = hashlib.sha256()
    for module in MODULES:
        python = source(module)
        for path in (python, python.with_suffix(".pxd")):
            if path.exists():
                # A checkout on Windows may have other line ends than the one that was compiled.
                sha.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return sha.hexdigest()


@cache
def available() -> bool:
    """Whether compiled modules are there, of this Python and of these sources, and wanted.

    The environment variable ADDRFIX_INTERPRETED asks for the Python source.
    """
    if os.environ.get("ADDRFIX_INTERPRETED") or not DIGEST.exists():
        return False
    there = all((FOLDER / f"{module}{SUFFIX}").exists() for module in MODULES)
    return there and DIGEST.read_text(encoding="ascii").strip() == digest()


class _Finder:
    """Finds the compiled form of a module of `MODULES` before its source is looked for."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The place of a compiled module; None leaves the search to Python."""
        if name not in MODULES or not available():
            return None
        return importlib.util.spec_from_file_location(name, FOLDER / f"{name}{SUFFIX}")


def install() -> None:
    """Let imports of `MODULES` find their compiled form."""
    if not any(finder is _Finder for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder)
