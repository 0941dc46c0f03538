"""Letters: how fast they are drawn, how large they are, how much memory that takes.

Made-up cases are repeated under other ids until there are enough. First every step is measured by
itself on one core (CPU time): wording and checking, single files, print files. Then the commands
are run (wall time): a batch folder of a tenth of the letters, one of all, each letter read back,
and `verify`. Memory that does not grow with the letters shows in the peaks of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from addrfix.flow.letter_plan import Batch
    from addrfix.letters.compose import Composer
    from addrfix.letters.facts import LetterFacts

ROOT = Path(__file__).resolve().parents[2]
CODE = "BENCHMRK"
"""Batch code of the letters that are drawn without a batch."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--letters", type=int, default=10_000, metavar="N", help="default: 10,000")
    parser.add_argument("--made", type=int, default=2_000, metavar="N", help="different cases")
    parser.add_argument("--singles", type=int, default=1_000, metavar="N", help="single files")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 7, 1))
    parser.add_argument("--template", default="lawyer_letter")
    parser.add_argument(
        "--sender", type=Path, default=ROOT / "templates" / "examples" / "sender.toml"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="of the batch folder")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the batch folder stays")


def main(options: argparse.Namespace) -> int:
    """Measure and print; 1 where the batch does not verify."""
    from addrfix.model.errors import AddrfixError

    with tempfile.TemporaryDirectory() as name:
        try:
            picks, cases = made(options, Path(name))
            drawing(options, picks, cases)
            return whole(options, picks, cases, Path(name))
        except AddrfixError as error:
            print(f"bench letters: {error}", file=sys.stderr)
            return error.exit_code


def made(options: argparse.Namespace, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Picks and the rows of their cases: the first address of each case, as it was typed."""
    import polars as pl

    from addrfix.files import canonical_rows, read_table, recognise

    path = folder / "cases.csv"
    count = min(options.made, options.letters)
    make = [sys.executable, str(ROOT / "scripts" / "make_cases.py"), "--cases", str(count)]
    subprocess.run([*make, "--seed", options.seed, "-o", str(path)], check=True)
    table = read_table(str(path))
    rows = canonical_rows(table, recognise(table.frame.columns, {}), wide=True)
    once = rows.unique("case_id", keep="first", maintain_order=True)
    times = -(-options.letters // once.height)
    repeated = [
        once.with_columns(
            pl.format("{}-{}", "case_id", pl.lit(turn)).alias("case_id"),
            pl.int_range(turn * once.height, (turn + 1) * once.height, dtype=pl.Int64).alias("row"),
        )
        for turn in range(times)
    ]
    cases = pl.concat(repeated).head(options.letters)
    picks = cases.select(
        "case_id",
        "row",
        pl.lit("send").alias("decision"),
        pl.lit(0.5).alias("p_signed"),
        pl.lit(["source"]).alias("reasons"),
        pl.col("address").alias("standardized"),
        pl.lit("410000").alias("postcode"),
        pl.col("name").alias("recipient"),
        "source",
        pl.lit(None, pl.Int64).alias("runner_up_row"),
        pl.lit(None, pl.Float64).alias("runner_up_p"),
    )
    return picks, cases


@dataclass(frozen=True, slots=True)
class Measured:
    """A step: letters, seconds, bytes written and the peak of memory after it."""

    step: str
    letters: int
    seconds: float
    size: int
    peak: float

    def __str__(self) -> str:
        rate = f"{self.letters / self.seconds:9,.0f}/s" if self.seconds else ""
        size = f"{self.size / self.letters:11,.0f}" if self.size and self.letters else " " * 11
        return (
            f"{self.step:<34}{self.letters:>8,}{self.seconds:>9.1f} s{rate}{size}{self.peak:>9,.0f}"
        )


HEADING = f"{'step':<34}{'letters':>8}{'time':>11}{'rate':>11}{'bytes each':>11}{'peak MB':>9}"


def drawing(options: argparse.Namespace, picks: pl.DataFrame, cases: pl.DataFrame) -> None:
    """Each step by itself, on one core."""
    from addrfix.flow.compliance import Governing, compliance_of
    from addrfix.flow.letter_facts import gather, typed_picks
    from addrfix.flow.letter_plan import Batch, planned
    from addrfix.flow.letter_record import shared_record
    from addrfix.letters.compose import Composer
    from addrfix.letters.sender import read_sender
    from addrfix.letters.template_files import read_template

    template, sender = read_template(options.template), read_sender(options.sender)
    material = gather(typed_picks(picks), cases)
    compliance = compliance_of(
        template, options.template, Governing(), past=None, as_of=options.as_of
    )
    batch = Batch(options.template, template, sender, options.as_of, (), material, compliance)
    print(HEADING)
    start = time.process_time()
    accepted = planned(batch).accepted
    took = time.process_time() - start
    shared = shared_record(batch)
    print(Measured("wording and checks", picks.height, took, 0, peak_memory()))
    composer = Composer(template, sender, options.as_of)
    # The first letter of a process pays for what is cached.
    for facts in letters(batch, accepted[:1]):
        composer.single(composer.pages(composer.draft(facts)), facts.letter_no)
    tenth = accepted[: max(1, len(accepted) // 10)]
    for step, draw, share in (
        ("single files", partial(singles, shared), accepted[: options.singles]),
        ("print files, a tenth", merged, tenth),
        ("print files", merged, accepted),
    ):
        start = time.process_time()
        size = draw(composer, batch, share)
        took = time.process_time() - start
        print(Measured(step, len(share), took, size, peak_memory()))


def letters(batch: Batch, wanted: list[int]) -> list[LetterFacts]:
    """The data of some letters."""
    from addrfix.flow.letter_facts import by_index, facts_of

    rows = by_index(batch.material.rows, wanted)
    return [
        facts_of(row, batch.created_on, batch.ids(CODE, place))
        for place, row in zip(wanted, rows, strict=True)
    ]


def singles(shared: str, composer: Composer, batch: Batch, wanted: list[int]) -> int:
    """Draw each letter as a file of its own, with its record; the bytes of all."""
    from addrfix.flow.letter_record import letter_record

    size = 0
    for facts in letters(batch, wanted):
        pages, record = composer.pages(composer.draft(facts)), letter_record(shared, facts, {})
        size += len(composer.single(pages, facts.letter_no, record))
    return size


def merged(composer: Composer, batch: Batch, wanted: list[int]) -> int:
    """Draw the letters into print files as a batch has them; the bytes of all."""
    from addrfix.flow.letters import LETTERS_PER_FILE

    size = 0
    for at in range(0, len(wanted), LETTERS_PER_FILE):
        writer = composer.writer()
        for facts in letters(batch, wanted[at : at + LETTERS_PER_FILE]):
            writer.add(composer.pages(composer.draft(facts)))
            if writer.page_count % 2:
                writer.add_blank()
        size += len(writer.write(f"print file at {at}"))
    return size


def whole(options: argparse.Namespace, picks: pl.DataFrame, cases: pl.DataFrame, work: Path) -> int:
    """The commands as a person runs them: a tenth of the letters, all of them, and verifying."""
    # Not the user's own secret, which a benchmark has no business with.
    (work / "secret").write_text("5" * 64, encoding="ascii")
    cases.drop("input_issues", strict=False).write_parquet(work / "cases.parquet")
    batch = options.keep or work / "batch"
    tenth = max(1, picks.height // 10)
    for step, count, out in (
        ("addrfix letters, a tenth", tenth, work / "tenth"),
        ("addrfix letters", picks.height, batch),
    ):
        picks.head(count).write_parquet(work / "picks.parquet")
        code, took, peak = run(
            "letters", work / "picks.parquet", "--cases", work / "cases.parquet",
            "--template", options.template, "--sender", options.sender, "-o", out,
            "--as-of", options.as_of, "--secret", work / "secret", "--workers", options.workers,
        )  # fmt: skip
        if code:
            return code
        size = sum(path.stat().st_size for path in out.rglob("*.pdf"))
        printed = json.loads((out / "batch.json").read_bytes())["counts"]["letters"]
        print(Measured(step, printed, took, size, peak))
    code, took, peak = run("verify", batch)
    print(Measured("addrfix verify", printed, took, 0, peak))
    return code


def run(*words: object) -> tuple[int, float, float]:
    """Run a command of addrfix: exit code, seconds of wall time, peak of its memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "addrfix", *map(str, words)], cwd=ROOT)
    if sys.platform == "win32":
        return process.wait(), time.perf_counter() - start, float("nan")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - start, megabytes(usage.ru_maxrss)


def peak_memory() -> float:
    """The most memory that this process has held so far, in MB; nan where that is not known."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    return megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def megabytes(peak: int) -> float:
    """A peak as the system tells it: bytes on macOS, kilobytes elsewhere."""
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
