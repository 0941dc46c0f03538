"""The figures of a report: nouns only; `counting` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from addrfix.outcomes.intervals import Interval, wilson
from addrfix.outcomes.readings import SMALL
from addrfix.outcomes.uplift import Uplift

DIMENSIONS = (
    "batch", "batch_week", "province", "city", "source", "kind", "granularity", "decile",
    "template", "product", "carrier", "firm",
)  # fmt: skip
HORIZON = 45
"""Days of the maturity curves; a registered letter that comes back has done so by then."""
MOST_PLACES = 200
"""Bad places that are listed, worst first."""


@dataclass(frozen=True, slots=True)
class BatchFiles:
    """A batch of the report."""

    batch: str
    """Its id."""
    manifest: Path
    outcomes: Path | None
    picks: Path | None
    held: Mapping[str, int]
    """Cases not printed, by reason."""
    specimen: bool = False
    """The batch says that it is made up."""
    cancelled: Path | None = None
    """Letters that were taken back before the hand-over; no carrier has heard of them."""
    firm: str | None = None
    """The law firm whose letters they are."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The letters of one cell."""

    value: str | None
    """None: not known for these letters."""
    mailed: int
    cancelled: int
    carrier_fault: int
    """Lost, or sent back through the carrier's doing."""
    strict: int
    standard: int
    broad: int
    returned: int
    open: int
    """Neither signed for nor back nor lost nor recalled."""
    median_days: int | None
    p90_days: int | None
    """Days from posting to signing, of letters with both dates."""

    @property
    def counted(self) -> int:
        """The denominator of every rate: mailed, less cancelled, less the carrier's faults."""
        return self.mailed - self.cancelled - self.carrier_fault

    @property
    def is_small(self) -> bool:
        """Too few letters to say much."""
        return self.counted < SMALL

    def interval(self, reading: str) -> Interval | None:
        """The sign-for rate in a reading with its 95 % interval; None without letters."""
        return wilson(getattr(self, reading), self.counted)


@dataclass(frozen=True, slots=True)
class Count:
    """How many letters fall under a word; None: not told."""

    value: str | None
    letters: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Letters that came back for a reason."""

    value: str | None
    fault: str | None
    address_effect: str | None
    letters: int


@dataclass(frozen=True, slots=True)
class Ripeness:
    """How far a batch has come."""

    batch: str
    mailed: int
    open: int
    first_posted: date | None
    last_posted: date | None
    not_posted: int
    oldest_open_days: int | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Of the letters posted in a week (its Monday; None: all) and old enough, what was settled."""

    week: date | None
    day: int
    letters: int
    signed: int
    """Standard reading."""
    returned: int
    open: int
    """Not settled by that day; the rest was signed for in the broad reading only."""


@dataclass(frozen=True, slots=True)
class Band:
    """Settled letters whose p_signed lies in a tenth."""

    band: int
    letters: int
    promised: Decimal
    """Sum of p_signed."""
    signed: int
    squared_error: Decimal

    @property
    def expected(self) -> float:
        """Mean p_signed."""
        return float(self.promised) / self.letters

    @property
    def interval(self) -> Interval | None:
        """What was signed for, standard reading."""
        return wilson(self.signed, self.letters)


@dataclass(frozen=True, slots=True)
class Cost:
    """What letters of a product cost, and what a signed one comes to."""

    carrier: str | None
    product: str | None
    mailed: int
    """Not cancelled."""
    priced: int
    """Of them, those for which the rate file has a price on their day."""
    amount: Decimal
    """Of the priced letters, yuan."""
    strict: int
    standard: int
    broad: int
    """Priced letters that were signed for."""

    def per_letter(self) -> Decimal | None:
        """Yuan a priced letter."""
        return self.amount / self.priced if self.priced else None

    def per_signed(self, reading: str) -> Decimal | None:
        """Yuan a signed letter; None where none was signed for."""
        signed: int = getattr(self, reading)
        return self.amount / signed if signed else None


@dataclass(frozen=True, slots=True)
class BadPlace:
    """A place that should go on the user's blacklist."""

    province: str | None
    city: str | None
    district: str | None
    place: str | None
    """The compound, else the village; None where the address names neither: then see the letter."""
    letters: int
    """Sent there."""
    bad: int
    """Of them, those that came back for a reason that speaks about the place."""
    reasons: list[str]
    last_on: date | None
    """Day of the last such return."""
    letter_id: str
    """Of the last such return; its address stands in the batch's private folder."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows."""

    as_of: date
    batches: tuple[BatchFiles, ...]
    where: str | None
    """The filter as written; None: all letters."""
    total: Rate
    by: Mapping[str, tuple[Rate, ...]]
    signers: tuple[Count, ...]
    reasons: tuple[Reason, ...]
    days: tuple[tuple[int, int], ...]
    """(days from posting to signing, letters)."""
    ripeness: tuple[Ripeness, ...]
    curve: tuple[CurvePoint, ...]
    calibration: tuple[Band, ...]
    held: tuple[Count, ...]
    """Of whole batches; empty where only some letters are asked about."""
    uplift: Uplift
    cost: tuple[Cost, ...] | None
    """The whole first, then by carrier and product; None without a rate file."""
    bad_places: tuple[BadPlace, ...]

    @property
    def specimen(self) -> bool:
        """Whether any of the data is made up."""
        return any(batch.specimen for batch in self.batches)

    @property
    def brier(self) -> float | None:
        """Mean squared error of p_signed over settled letters (Brier 1950); 0 is perfect."""
        letters = sum(band.letters for band in self.calibration)
        errors = sum(band.squared_error for band in self.calibration)
        return float(errors) / letters if letters else None

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of expected and observed share over tenths, weighted by letters (ECE)."""
        letters = sum(band.letters for band in self.calibration)
        if not letters:
            return None
        return float(sum(abs(b.promised - b.signed) for b in self.calibration)) / letters
