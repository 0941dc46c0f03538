"""The architecture, held: who imports whom, how long files are, what modules are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "addrfix"
STAGES = ("reading", "resolve", "compare", "score", "letters", "dispatch", "outcomes", "carriers")
LEAVES = ("model", "text", "knowledge", "patterns")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "compiled": (),
    "model": (),
    "folders": (),
    "knowledge": ("model", "folders"),
    "patterns": ("model", "knowledge"),
    "text": ("model", "knowledge", "patterns"),
    "database": ("model", "knowledge"),
    "places": (*LEAVES, "database", "folders"),
    "files": LEAVES,
    **{stage: LEAVES for stage in STAGES},
    "outcomes": (*LEAVES, "database"),
    "flow": (*LEAVES, *STAGES, "database", "places", "files", "folders"),
    "cli": (*LEAVES, "compiled", "folders", "database", "flow", "files", "places", "outcomes"),
}
CATCH_ALL = {"utils", "util", "helpers", "helper", "common", "misc"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_knowledge" not in path.parts)


def _imports(path: Path) -> Iterator[str]:
    """First names below `addrfix` that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "addrfix":
                names = [f"addrfix.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("addrfix."):
                yield name.split(".")[1]


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    layer = _layer(path)
    if layer in ("__init__", "__main__"):
        return
    allowed = {layer, "__version__", *MAY_IMPORT[layer]}
    assert set(_imports(path)) <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_is_short_and_has_a_telling_name(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in CATCH_ALL


def test_every_layer_is_known() -> None:
    layers = {_layer(path) for path in FILES} - {"__init__", "__main__"}
    assert layers == set(MAY_IMPORT)
