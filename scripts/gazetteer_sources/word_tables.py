"""Character tables taken from packages: traditional to simplified, and look-alikes."""

from __future__ import annotations

import json
from pathlib import Path

from gazetteer_sources.packages import CHANGES, SCRIPTS, Sources


def write(folder: Path, sources: Sources) -> None:
    """Write script_variants.tsv and look_alikes.tsv."""
    folder.mkdir(exist_ok=True)
    _write_variants(folder / "script_variants.tsv", sources)
    _write_look_alikes(folder / "look_alikes.tsv", sources)


def _write_variants(path: Path, sources: Sources) -> None:
    pairs: dict[str, str] = {}
    text = sources.file(SCRIPTS, "data/TSCharacters.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        old, new = line.split("\t")
        # Where several simplified characters are possible the first is the usual one.
        first = new.split()[0]
        if len(old) == 1 and len(first) == 1 and old != first:
            pairs[old] = first
    rows = [f"{old}\t{new}" for old, new in sorted(pairs.items())]
    _write(
        path,
        "Traditional characters and the simplified ones that stand for them.",
        f"{SCRIPTS.label} ({SCRIPTS.licence}), TSCharacters.txt; first choice of each",
        "from\tto",
        rows,
    )


def _write_look_alikes(path: Path, sources: Sources) -> None:
    table = json.loads(sources.file(CHANGES, "data/form_similar_v1.json").read_text("utf-8"))
    pairs = {
        (min(one, other), max(one, other))
        for one, others in table["table"].items()
        for other, _ in others
        if len(one) == len(other) == 1 and one != other
    }
    rows = [f"{a}\t{b}" for a, b in sorted(pairs)]
    _write(
        path,
        "Characters that are taken for each other because they look alike.",
        f"{CHANGES.label} (data CC BY 4.0), form_similar_v1.json",
        "a\tb",
        rows,
    )


def _write(path: Path, what: str, source: str, header: str, rows: list[str]) -> None:
    lines = [f"# {what}", f"# source: {source}", "# made by scripts/build_gazetteer.py", header]
    path.write_text("\n".join([*lines, *rows]) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(rows):,} rows")
