"""What choosing is worth: made-up lenders, of whom the true chance of every letter is known."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

WORLDS = ("", "bad_workplaces", "villages", "old_files")
AS_OF = "2026-07-01"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench.py pick`."""
    parser.add_argument("--cases", type=int, default=1000, help="made-up cases a world")
    parser.add_argument(
        "--letters", type=int, default=6000, help="letters of the past to learn from"
    )
    parser.add_argument("--seed", type=int, default=20)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _make(folder: Path, world: str, options: argparse.Namespace) -> pl.DataFrame:
    """Files of one world in `folder`; the truth, one row an address."""
    script = str(Path(__file__).parent.parent / "make_cases.py")
    more = ["--world", world] if world else []
    _run(script, "--cases", str(options.cases), "--seed", str(options.seed), "--as-of", AS_OF,
         "-o", str(folder / "cases.csv"), "--history", str(folder / "history.csv"), "--letters",
         str(options.letters), "--truth", str(folder / "truth.parquet"), *more)  # fmt: skip
    cases = pl.read_csv(folder / "cases.csv", infer_schema=False)
    return pl.read_parquet(folder / "truth.parquet").with_columns(cases["登记日期"])


def _chosen(folder: Path, truth: pl.DataFrame, *scorer: str) -> float:
    """Mean true chance of the addresses that `pick` chooses, one a case."""
    picks = folder / "picks.parquet"
    _run("-m", "addrfix", "pick", str(folder / "cases.csv"), *scorer, "--as-of", AS_OF,
         "-o", str(picks))  # fmt: skip
    rows = pl.read_parquet(picks)["row"].to_list()
    return _mean(truth[rows])


def _mean(rows: pl.DataFrame) -> float:
    return float(rows["p_true"].sum() / rows.height)


def main(options: argparse.Namespace) -> int:
    """Print for each world the share of letters signed for under several rules."""
    print("share of letters signed for, one letter a case")
    print("world             any   latest  shipped  learned  best possible")
    for world in WORLDS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            truth = _make(folder, world, options)
            scorer = folder / "scorer.json"
            _run("-m", "addrfix", "learn", str(folder / "history.csv"), "--as-of", AS_OF,
                 "-o", str(scorer))  # fmt: skip
            by_case = truth.group_by("case_id", maintain_order=True)
            latest = truth.sort("登记日期", descending=True, nulls_last=True)
            figures = (
                float(by_case.agg(pl.col("p_true").mean())["p_true"].sum()) / by_case.len().height,
                _mean(latest.group_by("case_id", maintain_order=True).first()),
                _chosen(folder, truth),
                _chosen(folder, truth, "--scorer", str(scorer)),
                float(by_case.agg(pl.col("p_true").max())["p_true"].sum()) / by_case.len().height,
            )
        print(f"{world or 'ordinary':<16}" + "".join(f"{share:>8.1%}" for share in figures))
    return 0
