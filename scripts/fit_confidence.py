"""Fits gazetteer/words/confidence.tsv to addresses that this project makes up itself.

`python scripts/fit_confidence.py [--cases N] [--seed S]` makes debtor files of several worlds with
`make_cases.py` (`--worlds`: the names of `ties` leave open what is meant), reads them, and fits the
terms of the confidence to whether every division named is
the true one: logistic regression, drawn towards the weights that stand in the table (ridge, one
unit of log-odds as its width), by Newton's method. Rounded to two digits. Nothing else goes in.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from benchmarks.accuracy import LEVELS, WORLDS, Sample, made_up

from addrfix.flow.clean import engine
from addrfix.knowledge import folder
from addrfix.model.tree import tied
from addrfix.resolve.confidence import terms, weights

WIDTH = 1.0
ROUNDS = 25
HEAD = """# Log-odds that every named division is right, by what was needed to arrive at it.
# Terms that apply are added; `margin` is the lead of the weighing, 1 where it is clear.
# source: scripts/fit_confidence.py on {rows} addresses made up by this project
# version: 2
term\tweight\tmeaning
"""


def rows_of(sample: Sample) -> list[tuple[dict[str, float], bool]]:
    """Terms of each address of a sample, and whether its divisions are right.

    Each is read twice, by its text alone and with what its case knows.
    """
    reader = engine()
    truth = sample.truth.select(LEVELS).rows(named=True)
    out = []
    for facts in (None, sample.facts):
        for address, place, true in zip(*reader.read(sample.texts, facts), truth, strict=True):
            if place.confidence is None or not address.readings:
                continue
            tie = len(tied(address.readings, reader.index)) > 1
            found = terms(address, address.readings[0], tie=tie)
            right = all(not true[at] or getattr(place, at) in (None, true[at]) for at in LEVELS)
            out.append((found, right))
    return out


def fitted(rows: list[tuple[dict[str, float], bool]], names: list[str]) -> list[float]:
    """Weights by Newton's method, drawn towards those of the table."""
    start = np.array([weights()[name] for name in names])
    design = np.array([[found.get(name, 0.0) for name in names] for found, _ in rows])
    right = np.array([float(good) for _, good in rows])
    solution = start.copy()
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-design @ solution))
        slope = design.T @ (right - chance) - (solution - start) / WIDTH**2
        curve = (design.T * (chance * (1.0 - chance))) @ design + np.eye(len(names)) / WIDTH**2
        solution = solution + np.linalg.solve(curve, slope)
    return [round(float(weight), 2) for weight in solution]


def main() -> int:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1500, help="cases a world")
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument(
        "--worlds",
        nargs="*",
        default=list(WORLDS),
        help='of case_world/world.toml; "": the plain one',
    )
    options = parser.parse_args()
    samples = made_up(options.cases, options.seed, options.worlds)
    rows = [row for sample in samples for row in rows_of(sample)]
    path = folder("gazetteer") / "words" / "confidence.tsv"
    table = [
        line.split("\t")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("# ", "term\t"))
    ]
    names = [term for term, _, _ in table]
    found = fitted(rows, names)
    body = "".join(
        f"{term}\t{weight}\t{meaning}\n"
        for (term, _, meaning), weight in zip(table, found, strict=True)
    )
    text = HEAD.format(rows=f"{len(rows):,}") + body
    path.write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{path.name}: {len(rows):,} addresses, {sum(not good for _, good in rows)} of them wrong"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
