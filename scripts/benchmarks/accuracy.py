"""How often the reading is right, and whether its confidence means what it says.

Without `--file` the addresses are made up by `make_cases.py` in four worlds, so the truth is known
and nothing is needed but this repository. With `--file` they come from a table of one's own that
has the true province, city and district (and town) beside the text.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from addrfix.model.nouns import CaseFacts, Hit, ResolvedAddress
from addrfix.places.division_index import MemoryDivisionIndex
from addrfix.places.gazetteer import open_gazetteer
from addrfix.places.village_lookup import DuckVillageLookup
from addrfix.reading.reader import Reader
from addrfix.resolve.resolver import resolve

WORLDS = ("", "careless_clerks", "villages", "old_files")
LEVELS = ("province", "city", "district", "town")
LEAVE_OUT = {
    "history": frozenset(("historic", "historic_short")),
    "aliases": frozenset(("alias", "variant", "zone")),
}
BUCKETS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


@dataclass(frozen=True, slots=True)
class Sample:
    """Addresses with their truth."""

    name: str
    texts: Sequence[str | None]
    facts: Sequence[CaseFacts]
    truth: pl.DataFrame
    """Columns of LEVELS, null where unknown; same order."""


class LeavingOut(MemoryDivisionIndex):
    """The index without some kinds of names, to see what they are worth."""

    without: frozenset[str] = frozenset()

    def hits(self, key: str) -> list[Hit]:
        """Hits without meanings of the kinds left out."""
        kept = [
            hit._replace(forms=tuple(f for f in hit.forms if f.kind not in self.without))
            for hit in super().hits(key)
        ]
        return [hit for hit in kept if hit.forms]

    def children(self, division: int) -> Sequence[tuple[str, int, int, str]]:
        """Names to read below a division, without those left out."""
        return [entry for entry in super().children(division) if entry[3] not in self.without]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench.py accuracy`."""
    parser.add_argument("--cases", type=int, default=800, help="made-up cases a world")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=["context", "history", "fuzzy", "aliases"],
        help="leave a part of the reading out; may be repeated",
    )
    parser.add_argument("--file", type=Path, help="a table of your own (Parquet or CSV)")
    parser.add_argument("--text", default="text", help="its column with the address")
    parser.add_argument("--before", nargs="*", default=[], help="columns to write before the text")


def made_up(cases: int, seed: int) -> list[Sample]:
    """One sample a world, made by `make_cases.py`."""
    script = Path(__file__).parent.parent / "make_cases.py"
    samples = []
    with tempfile.TemporaryDirectory() as folder:
        for world in WORLDS:
            rows, truth = Path(folder) / "cases.csv", Path(folder) / "truth.parquet"
            command = [sys.executable, str(script), "--cases", str(cases), "--seed", str(seed),
                       "-o", str(rows), "--truth", str(truth)]  # fmt: skip
            subprocess.run([*command, *(["--world", world] if world else [])], check=True,
                           capture_output=True)  # fmt: skip
            frame = pl.read_csv(rows, infer_schema=False)
            known = pl.read_parquet(truth)
            real = known["state"] != "placeholder"
            frame, known = frame.filter(real), known.filter(real)
            facts = [
                CaseFacts(*values)
                for values in frame.select("案件编号", "身份证号", "手机号").iter_rows()
            ]
            samples.append(Sample(world or "ordinary", frame["地址"].to_list(), facts, known))
    return samples


def from_file(path: Path, text: str, before: Sequence[str]) -> list[Sample]:
    """One sample from a user's table with columns province, city, district and perhaps town."""
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    for level in LEVELS:
        if level not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(level))
    texts = frame.select(pl.concat_str([*before, text]))[text if not before else before[0]]
    return [Sample(path.stem, texts.to_list(), [CaseFacts()] * frame.height, frame)]


def read(sample: Sample, without: Sequence[str]) -> list[ResolvedAddress]:
    """Read a sample with some parts of the reading left out."""
    gazetteer = open_gazetteer()
    index = LeavingOut(gazetteer)
    index.without = frozenset().union(*(LEAVE_OUT.get(name, ()) for name in without))
    villages = DuckVillageLookup(gazetteer, index)
    reader = Reader(index, villages, fuzzy="fuzzy" not in without)
    parsed = reader.read(sample.texts, None if "context" in without else sample.facts)
    return resolve(parsed, index)


def score(sample: Sample, places: Sequence[ResolvedAddress]) -> dict[str, tuple[float, float]]:
    """Share right and share wrong of the rows whose truth is known, by level."""
    out = {}
    for level in LEVELS:
        truth = sample.truth[level].to_list()
        found = [getattr(place, level) for place in places]
        known = [(t, f) for t, f in zip(truth, found, strict=True) if t]
        if known:
            right = sum(t == f for t, f in known)
            wrong = sum(bool(f) and t != f for t, f in known)
            out[level] = (right / len(known), wrong / len(known))
    return out


def reliability(
    sample: Sample, places: Sequence[ResolvedAddress]
) -> list[tuple[float, float, int, float]]:
    """Per confidence bucket: its ends, rows, and share in which every named division is right."""
    truth = sample.truth.select(LEVELS).rows(named=True)
    marked = [
        (place.confidence, all(
            not t[level] or getattr(place, level) in (None, t[level]) for level in LEVELS
        ))
        for place, t in zip(places, truth, strict=True)
        if place.confidence is not None
    ]  # fmt: skip
    out = []
    for low, high in pairwise(BUCKETS):
        inside = [right for sure, right in marked if low <= sure < high]
        if inside:
            out.append((low, min(high, 1.0), len(inside), sum(inside) / len(inside)))
    return out


def main(options: argparse.Namespace) -> int:
    """Print right and wrong shares and the reliability table of each sample."""
    samples = (
        from_file(options.file, options.text, options.before)
        if options.file
        else made_up(options.cases, options.seed)
    )
    for sample in samples:
        places = read(sample, options.without)
        print(f"{sample.name}: {len(places):,} addresses"
              + (f", without {', '.join(options.without)}" if options.without else ""))  # fmt: skip
        for level, (right, wrong) in score(sample, places).items():
            print(f"  {level:<10}right {right:6.1%}   wrong {wrong:6.2%}")
        print("  confidence     rows   every division right")
        for low, high, rows, share in reliability(sample, places):
            print(f"  {low:.2f}-{high:.2f}{rows:10,}   {share:6.1%}")
    return 0
