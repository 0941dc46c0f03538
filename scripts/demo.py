"""The whole job on made-up data: `python3 scripts/demo.py` (on Windows `py scripts/demo.py`).

Makes `.venv` and installs addrfix where that is missing, makes up 200 debtors and their letters of
the last years, learns from those, chooses addresses, prints the letters, takes in made-up results
and writes everything to out/demo/. Nothing leaves the machine and nobody in it exists.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from environment import ROOT, fail, ready, run

OUT = ROOT / "out" / "demo"
SENDER = ROOT / "templates" / "examples" / "sender.toml"
AS_OF = "2026-07-01"
REPORT_ON = "2026-08-15"


def steps(out: Path) -> tuple[tuple[str, list[str]], ...]:
    """What is done, in order: a sentence and the arguments of Python."""
    cases, history, batch = out / "cases.csv", out / "history.csv", out / "batch"
    results = out / "results.csv"
    addrfix = ["-m", "addrfix"]
    return (
        ("Making up 200 debtors and the letters of the last three years",
         ["scripts/make_cases.py", "--cases", "200", "--seed", "7", "--as-of", AS_OF,
          "-o", str(cases), "--history", str(history), "--letters", "3000"]),
        ("Building the gazetteer (first use only)", [*addrfix, "gazetteer", "build"]),
        ("Cleaning the addresses",
         [*addrfix, "clean", str(cases), "-o", str(out / "cleaned.xlsx")]),
        ("Learning from the letters of the past",
         [*addrfix, "learn", str(history), "--as-of", AS_OF, "-o", str(out / "scorer.json")]),
        ("Choosing addresses and printing the letters",
         [*addrfix, "run", str(cases), "--template", "lawyer_letter", "--sender", str(SENDER),
          "--scorer", str(out / "scorer.json"), "--as-of", AS_OF, "-o", str(batch)]),
        ("Checking the batch against its manifest", [*addrfix, "verify", str(batch)]),
        ("Making up what the carrier reports", ["scripts/make_results.py", str(batch),
         "-o", str(results), "--seed", "7", "--days", "40"]),
        ("Taking in the results", [*addrfix, "track", str(batch), str(results)]),
        ("Writing the report", [*addrfix, "report", str(batch), "--as-of", REPORT_ON,
         "-o", str(out / "report.html")]),
    )  # fmt: skip


def main() -> int:
    """Do every step and say where to look; the exit code."""
    python = ready()
    if python is None:
        return 1
    # The result of an earlier run is replaced as a whole, so that nothing stale is looked at.
    shutil.rmtree(OUT, ignore_errors=True)
    if OUT.exists():
        return fail(f"{OUT} could not be replaced; close what has its files open and run again.")
    OUT.mkdir(parents=True)
    for sentence, arguments in steps(OUT):
        print(f"--- {sentence}", flush=True)
        if run(python, *arguments):
            return fail(f"'{sentence}' failed; its message is above.")
    letters = sorted((OUT / "batch" / "letters").glob("*.pdf"))
    printed = sorted((OUT / "batch" / "print").glob("*.pdf"))
    if not letters or not printed:
        return fail("The batch holds no letters, which should not be; please report this.")
    show = (
        ("a letter", letters[0]),
        ("the print file", printed[0]),
        ("the manifest", OUT / "batch" / "manifest.xlsx"),
        ("cases held, and why", OUT / "batch" / "held.csv"),
        ("the cleaned addresses", OUT / "cleaned.xlsx"),
        ("the report", OUT / "report.html"),
    )
    print(f"\nDone: {len(letters)} letters. Look at")
    for what, path in show:
        print(f"  {what:<22}{path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
