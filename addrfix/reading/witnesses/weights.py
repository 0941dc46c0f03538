"""What each witness is worth, from `gazetteer/words/witnesses.tsv`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.model.errors import BadSettings


class Weight(NamedTuple):
    """One row of the table."""

    weight: float
    """Log-odds of what the witness is surest of; it may say less."""
    family: str
    """Witnesses of one family look at the same thing and count once."""
    leads: bool
    """Whether it may lead below what the text names; else it only chooses between readings."""
    reason: str | None
    """Reason code where it decides; None where the answer shows it otherwise."""
    en: str
    zh: str


@cache
def weights() -> dict[str, Weight]:
    """Witness → its row.

    Raises:
        BadSettings: a weight is no number.
    """
    found: dict[str, Weight] = {}
    for row in words("witnesses"):
        try:
            weight = float(row["weight"])
        except ValueError:
            raise BadSettings(
                f"witnesses.tsv: the weight of {row['witness']} is {row['weight']!r}; "
                "give a number of log-odds"
            ) from None
        found[row["witness"]] = Weight(
            weight,
            row["family"],
            row["leads"] == "yes",
            row["reason"] or None,
            row["en"],
            row["zh"],
        )
    return found


def weight_of(witness: str) -> float:
    """The log-odds of a witness.

    Raises:
        BadSettings: the table has no row for it.
    """
    try:
        return weights()[witness].weight
    except KeyError:
        raise BadSettings(f"witnesses.tsv has no row for the witness {witness}") from None
