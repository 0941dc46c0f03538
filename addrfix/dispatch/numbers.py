"""The tracking numbers that a carrier gave for a batch: a text file, one number a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from addrfix.model.errors import BadInput


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number and where it stands, for messages."""

    line: int
    number: str


def read_numbers(path: Path) -> list[NumberLine]:
    """The numbers of a file, in order; empty lines and lines that begin with # are left out.

    Spaces and hyphens inside a number are dropped, letters become capitals.

    Raises:
        BadInput: the file cannot be read, a line is no number, or a number stands twice; tells the
            first ten such lines.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"the file of numbers {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"the file of numbers {path} is not plain text, one number a line"
        ) from error
    found: list[NumberLine] = []
    seen: dict[str, int] = {}
    faults: list[str] = []
    for line, content in enumerate(text.splitlines(), start=1):
        number = re.sub(r"[\s\-]", "", content).upper()
        if not number or number.startswith("#"):
            continue
        if not re.fullmatch(r"[0-9A-Z]{8,30}", number):
            faults.append(f"line {line}: not a tracking number")
        elif number in seen:
            faults.append(f"line {line}: the number of line {seen[number]} again")
        else:
            seen[number] = line
            found.append(NumberLine(line, number))
    if faults:
        more = f"\n  and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise BadInput(f"{path}:\n  " + "\n  ".join(faults[:10]) + more)
    return found
