"""Signing letters with a made-up key: signatures a second on one core, and what checking one costs.

The letters are drawn beforehand; the time is that of the processor.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--letters", type=int, default=300, metavar="N", help="default: 300")


def main(options: argparse.Namespace) -> int:
    """Measure and print."""
    sys.path.insert(0, str(ROOT / "tests"))
    from letter_samples import drawn
    from made_keys import PASSWORD, key_file

    from addrfix.letters.signature_check import signature_fault
    from addrfix.letters.signing import LetterSigner, SigningKey

    letters = [drawn(case_id=f"C{number:06d}") for number in range(50)]
    print(f"{'key':<12}{'step':<10}{'letters':>8}{'each':>11}{'rate':>11}{'bytes more':>12}")
    for kind, name in (("rsa", "RSA-2048"), ("ec", "P-256")):
        signer = LetterSigner(SigningKey(key_file(kind), PASSWORD), date(2026, 7, 1))
        start = time.process_time()
        signed = [signer.sign(letters[at % len(letters)]) for at in range(options.letters)]
        took = (time.process_time() - start) / options.letters
        more = len(signed[0]) - len(letters[0])
        print(_row(name, "sign", options.letters, took) + f"{more:>12,}")
        start = time.process_time()
        faults = [signature_fault(content, signer.certificate_sha256) for content in signed]
        took = (time.process_time() - start) / options.letters
        print(_row(name, "check", options.letters, took))
        if any(faults):
            print("a signature does not hold", file=sys.stderr)
            return 1
    return 0


def _row(key: str, step: str, letters: int, seconds: float) -> str:
    return f"{key:<12}{step:<10}{letters:>8,}{seconds * 1e3:>8.1f} ms{1 / seconds:>9,.0f}/s"
