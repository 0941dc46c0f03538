"""How often the reading is right, and whether its confidence means what it says.

Without `--file` the addresses are made up by `make_cases.py` in several worlds, so the truth is
known and nothing is needed but this repository. With `--file` they come from tables of one's own
that have the true province, city and district (and town) beside the text, and perhaps case_id,
id_no and phone.

`--without NAME` switches a witness of `gazetteer/words/witnesses.tsv` off, or a part of the
reading: context (what else the case says), history, aliases, fuzzy (repair of slips). `--without
all` switches each off in turn and prints what it is worth: points of right and wrong against the
whole reading.
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

from addrfix.knowledge import words
from addrfix.model.errors import BadSettings
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
PARTS = ("context", "fuzzy", *LEAVE_OUT)
"""What can be left out beside the witnesses."""
FACTS = ("case_id", "id_no", "phone")
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
        "--worlds", nargs="*", default=list(WORLDS), help="of case_world/world.toml, as ties"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=["all", *ablations()],
        metavar="NAME",
        help=f"leave out {', '.join(ablations())}; may be repeated; all: each in turn",
    )
    parser.add_argument("--file", type=Path, nargs="+", help="tables of your own (Parquet or CSV)")
    parser.add_argument("--text", default="text", help="their column with the address")
    parser.add_argument("--before", nargs="*", default=[], help="columns to write before the text")


def ablations() -> list[str]:
    """What can be left out: parts of the reading, and the witnesses where their table is there."""
    try:
        witnesses = [row["name"] for row in words("witnesses")]
    except BadSettings:
        witnesses = []
    return [*PARTS, *(name for name in witnesses if name not in PARTS)]


def made_up(cases: int, seed: int, worlds: Sequence[str] = WORLDS) -> list[Sample]:
    """One sample a world, made by `make_cases.py`."""
    script = Path(__file__).parent.parent / "make_cases.py"
    samples = []
    with tempfile.TemporaryDirectory() as folder:
        for world in worlds:
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


def from_file(path: Path, text: str, before: Sequence[str]) -> Sample:
    """A sample from a user's table with columns province, city, district and perhaps town."""
    frame = (
        pl.read_parquet(path)
        if path.suffix == ".parquet"
        else pl.read_csv(path, infer_schema=False, separator="\t" if path.suffix == ".tsv" else ",")
    )
    for level in LEVELS:
        if level not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(level))
    texts = frame.select(pl.concat_str([*before, text], ignore_nulls=True).alias("_text"))["_text"]
    none = [None] * frame.height
    columns = [frame[name].to_list() if name in frame.columns else none for name in FACTS]
    facts = [CaseFacts(*values) for values in zip(*columns, strict=True)]
    return Sample(path.stem, texts.to_list(), facts, frame)


def read(sample: Sample, without: Sequence[str]) -> list[ResolvedAddress]:
    """Read a sample with some witnesses and parts of the reading left out."""
    gazetteer = open_gazetteer()
    index = LeavingOut(gazetteer)
    index.without = frozenset().union(*(LEAVE_OUT.get(name, ()) for name in without))
    villages = DuckVillageLookup(gazetteer, index)
    silent = frozenset(without) - set(PARTS)
    reader = Reader(index, villages, fuzzy="fuzzy" not in without, without=silent)
    return resolve(reader.read(sample.texts, None if "context" in without else sample.facts), index)


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


def by_tie(
    sample: Sample, places: Sequence[ResolvedAddress]
) -> dict[str, tuple[int, float, float]]:
    """Rows, and shares right and wrong of the district, by kind of tie (world `ties`)."""
    if "tie" not in sample.truth.columns:
        return {}
    found: dict[str, list[tuple[str, str | None]]] = {}
    ties = sample.truth["tie"].to_list()
    for tie, true, place in zip(ties, sample.truth["district"].to_list(), places, strict=True):
        if tie and true:
            found.setdefault(tie, []).append((true, place.district))
    return {
        tie: (
            len(rows),
            sum(true == said for true, said in rows) / len(rows),
            sum(bool(said) and true != said for true, said in rows) / len(rows),
        )
        for tie, rows in sorted(found.items())
    }


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


def worth(samples: Sequence[Sample]) -> None:
    """Print what each witness and part is worth: the reading without it against the whole one."""
    whole = [score(sample, read(sample, ())) for sample in samples]
    print(f"{'without':<20}{'set':<18}{'level':<10}{'right':>8}{'wrong':>8}{'points':>16}")
    for sample, shares in zip(samples, whole, strict=True):
        for level, (right, wrong) in shares.items():
            print(f"{'-':<20}{sample.name:<18}{level:<10}{right:8.2%}{wrong:8.2%}")
    for name in ablations():
        for sample, before in zip(samples, whole, strict=True):
            for level, (right, wrong) in score(sample, read(sample, [name])).items():
                more = 100 * (right - before[level][0]), 100 * (wrong - before[level][1])
                print(f"{name:<20}{sample.name:<18}{level:<10}{right:8.2%}{wrong:8.2%}"
                      f"{more[0]:+8.2f}{more[1]:+8.2f}", flush=True)  # fmt: skip


def main(options: argparse.Namespace) -> int:
    """Print right and wrong shares and the reliability table of each sample."""
    samples = (
        [from_file(path, options.text, options.before) for path in options.file]
        if options.file
        else made_up(options.cases, options.seed, options.worlds)
    )
    if "all" in options.without:
        worth(samples)
        return 0
    for sample in samples:
        places = read(sample, options.without)
        print(f"{sample.name}: {len(places):,} addresses"
              + (f", without {', '.join(options.without)}" if options.without else ""))  # fmt: skip
        for level, (right, wrong) in score(sample, places).items():
            print(f"  {level:<10}right {right:6.1%}   wrong {wrong:6.2%}")
        for tie, (rows, right, wrong) in by_tie(sample, places).items():
            print(f"  district, {tie:<20}{rows:6,}   right {right:6.1%}   wrong {wrong:6.2%}")
        print("  confidence     rows   every division right")
        for low, high, rows, share in reliability(sample, places):
            print(f"  {low:.2f}-{high:.2f}{rows:10,}   {share:6.1%}")
    return 0
