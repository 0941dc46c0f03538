"""Changes the reading a little, again and again, and tells which changes no example test notices.

    python scripts/mutants.py                      60 changes, seed 1
    python scripts/mutants.py --only reading/chain --number 20 --seed 7
    python scripts/mutants.py --list               the changes, without running them

Each change is made in a copy of the tree in a temporary folder, and the example tests are run on
it, interpreted, until one fails: those that read golden lines or the examples of tables, without
the properties (what a random text finds is luck) and without what is slow. A change that none of
them notices is *alive*: a rule that could be lost. Same tree, seed and number: same changes.

What is changed, in `reading`, `resolve`, `compare` and the rule tables that they read: comparisons
turned round or moved by one, `not` taken off, `and` for `or`, a figure one up or down (from ten on
halved, a weight with a point its sign), the branch of an `if` never taken, a step left out that
changes what it is given, and a row of a rule table hidden from the code, not from the test that
runs its example. What could change without any answer changing is left alone: messages and
whatever is raised, docstrings, annotations, asserts, subscripts, decorators, figures in a name that
says LONGEST, MOST, BATCH, CACHE, SIZE or LIMIT.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from mutation.changes import Change, changes_of
from mutation.running import Runs

ROOT = Path(__file__).resolve().parent.parent


def chart(done: list[tuple[Change, str]]) -> str:
    """Caught and alive by module and by kind of change."""
    lines = []
    for title, key in (("module", "module"), ("change", "kind")):
        caught: Counter[str] = Counter()
        alive: Counter[str] = Counter()
        for change, fate in done:
            (alive if fate == "alive" else caught)[getattr(change, key)] += 1
        lines.append(f"{title:<28}{'caught':>8}{'alive':>8}")
        for name in sorted({*caught, *alive}):
            lines.append(f"  {name:<26}{caught[name]:>8}{alive[name]:>8}")
    return "\n".join(lines)


def main() -> int:
    """Make the changes, run the tests on each, print what is alive."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--number", type=int, default=60, help="how many changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a path: reading/chain, resolve, words/")
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout to change copies of")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=4.0, help="times the plain run, then caught")
    parser.add_argument("--list", action="store_true", help="only tell the changes")
    options = parser.parse_args()
    changes = changes_of(options.tree, options.seed, options.number, options.only)
    if options.list:
        print("\n".join(map(str, changes)))
        return 0
    started = time.monotonic()
    with Runs(options.tree, options.jobs) as runs:
        plain = runs.plain()
        print(f"{len(changes)} changes; the tests as they are take {plain:.0f} s", flush=True)
        done = []
        for number, (change, fate) in enumerate(runs.fates(changes, options.limit * plain), 1):
            done.append((change, fate))
            print(f"{number:3d} {fate:<8}{change}", flush=True)
    alive = [change for change, fate in done if fate == "alive"]
    share = 1 - len(alive) / len(done) if done else 1.0
    print(f"\n{chart(done)}\n\ncaught {len(done) - len(alive)} of {len(done)} ({share:.2f}), "
          f"{time.monotonic() - started:.0f} s")  # fmt: skip
    if alive:
        print("alive:\n" + "\n".join(f"  {change}" for change in sorted(alive, key=str)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
