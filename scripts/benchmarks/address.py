"""What one address costs: processor time of reading and resolving, against another checkout.

`--against PATH` measures the checkout at PATH beside this one. Each has a process of its own; they
read the same texts in turn, round after round, so that a busy machine slows both, and the medians
are compared. Texts are those of made-up debtor files, each once, with the facts of their cases, and
those of `--file`. Both must be compiled or both interpreted for the ratio to mean anything:
`--interpreted` makes it so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = "--measure"


@dataclass(frozen=True, slots=True)
class Texts:
    """Distinct addresses of one set, each with case, ID number and phone."""

    name: str
    rows: list[list[str | None]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench.py address`."""
    parser.add_argument("--against", type=Path, help="another checkout of addrfix")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", type=int, default=1_000, help="made-up cases")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--file", type=Path, nargs="*", default=[], help="tables (Parquet or CSV)")
    parser.add_argument("--text", default="text", help="their column with the address")
    parser.add_argument("--most", type=int, default=5_000, help="texts of a set")
    parser.add_argument("--interpreted", action="store_true", help="as Python, not as machine code")


def sets(options: argparse.Namespace) -> list[Texts]:
    """The texts to read: made-up debtors, then each file."""
    import polars as pl

    from benchmarks.accuracy import from_file, made_up

    samples = made_up(options.cases, options.seed, ("",))
    samples += [from_file(path, options.text, ()) for path in options.file]
    found = []
    for sample in samples:
        rows: dict[str, list[str | None]] = {}
        for text, fact in zip(sample.texts, sample.facts, strict=True):
            if text:
                rows.setdefault(text, [text, fact.case_id, fact.id_no, fact.phone])
        chosen = pl.Series(range(len(rows))).sample(min(options.most, len(rows)), seed=options.seed)
        every = list(rows.values())
        found.append(Texts(sample.name, [every[at] for at in sorted(chosen)]))
    return found


class Checkout:
    """A process that reads with the addrfix of one checkout."""

    def __init__(self, path: Path, texts: Path, interpreted: bool) -> None:
        self.path = path.resolve()
        # Gazetteers of other tables are cleared away, so each checkout has a folder of its own.
        key = hashlib.sha256(str(self.path).encode()).hexdigest()[:8]
        around = {
            **os.environ,
            "PYTHONPATH": str(self.path),
            "ADDRFIX_CACHE": str(Path(tempfile.gettempdir()) / f"addrfix-bench-{key}"),
        }
        if interpreted:
            around["ADDRFIX_INTERPRETED"] = "1"
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), WORKER, str(texts)],
            env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        about = self._answer()
        if Path(about["from"]).resolve().parent != self.path / "addrfix":
            raise SystemExit(f"{self.path} is no checkout: addrfix came from {about['from']}")
        self.compiled: bool = about["compiled"]

    def seconds(self, number: int) -> float:
        """Processor time of reading set `number` once."""
        assert self._process.stdin is not None
        print(number, file=self._process.stdin, flush=True)
        return float(self._answer()["seconds"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the reading of {self.path} ended; its error stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer


def main(options: argparse.Namespace) -> int:
    """Print microseconds an address and the ratio to the other checkout, by set."""
    found = sets(options)
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps([t.rows for t in found]), encoding="utf-8")
        paths = [ROOT, *([options.against] if options.against else [])]
        checkouts = [Checkout(path, texts, options.interpreted) for path in paths]
        times: dict[tuple[int, int], list[float]] = {}
        for number in range(len(found)):
            for turn in range(options.rounds + 1):
                for at, checkout in enumerate(checkouts):
                    taken = checkout.seconds(number)
                    # The first round opens what later ones find open.
                    if turn:
                        times.setdefault((number, at), []).append(taken)
        for checkout in checkouts:
            checkout.close()
    for at, checkout in enumerate(checkouts):
        how = "compiled" if checkout.compiled else "interpreted"
        print(f"{'this' if at == 0 else 'against'}: {checkout.path}, {how}")
    for number, one in enumerate(found):
        medians = [median(times[number, at]) / len(one.rows) * 1e6 for at in range(len(checkouts))]
        ratio = f"   against {medians[1]:7.1f} µs   ratio {medians[0] / medians[1]:.3f}" if (
            len(medians) > 1) else ""  # fmt: skip
        print(f"{one.name:<18}{len(one.rows):>7,} texts {medians[0]:7.1f} µs{ratio}")
    return 0


def measure(path: Path) -> None:
    """Worker: tell which addrfix this is, then read the set of each number that comes in."""
    import addrfix
    from addrfix.flow.clean import engine
    from addrfix.model.nouns import CaseFacts

    reading = engine()
    module = sys.modules["addrfix.reading.chain"]
    compiled = not str(module.__file__).endswith(".py")
    print(json.dumps({"from": addrfix.__file__, "compiled": compiled}), flush=True)
    asked = [
        ([row[0] for row in rows], [CaseFacts(*row[1:]) for row in rows])
        for rows in json.loads(path.read_text(encoding="utf-8"))
    ]
    for line in sys.stdin:
        texts, facts = asked[int(line)]
        started = time.process_time()
        reading.read(texts, facts)
        print(json.dumps({"seconds": time.process_time() - started}), flush=True)


if __name__ == "__main__" and sys.argv[1:2] == [WORKER]:
    measure(Path(sys.argv[2]))
