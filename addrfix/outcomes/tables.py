"""The figures as tables: the same for the HTML page, the workbook and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from addrfix.model.terms import Granularity
from addrfix.outcomes.figures import BadPlace, Band, Cost, CurvePoint, Figures, Rate
from addrfix.outcomes.intervals import Difference, Interval, wilson
from addrfix.outcomes.readings import READINGS, SMALL
from addrfix.outcomes.wording import Words, label, same, text

Cell = Words | Interval | Difference | Decimal | int | float | date | None
"""Intervals and floats are shares, differences are of shares, decimals are yuan."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a small one rests on too few letters to be compared."""

    cells: tuple[Cell, ...]
    small: bool = False
    key: str | None = None
    """What the row is about, untranslated."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report."""

    key: str
    """Short, stable, fit for a sheet's name or an element's id."""
    title: Words
    columns: tuple[Words, ...]
    rows: tuple[Row, ...]

    @property
    def word_columns(self) -> list[bool]:
        """Whether a column holds words, not figures."""
        cells = zip(*(row.cells for row in self.rows), strict=True)
        found = [any(isinstance(cell, Words) for cell in column) for column in cells]
        return found or [False] * len(self.columns)


NOT_SIGNED = ("returned", "open", "carrier_fault", "cancelled")
"""What letters that nobody signed for became; with the signed ones they add up to those mailed."""
_RATE_COLUMNS = (
    "mailed", "counted", "strict", "standard", "broad", "returned", "open", "carrier_fault",
    "cancelled", "median_days", "p90_days",
)  # fmt: skip


def rate_table(key: str, rates: Sequence[Rate]) -> Table:
    """Rates along a dimension; `overall` gives the one row of everything."""
    title = text("overall" if key == "all" else key)
    if key == "granularity":
        order = [str(value) for value in Granularity]
        rates = sorted(rates, key=lambda r: order.index(r.value) if r.value in order else 99)
    rows = tuple(Row(_rate_cells(key, rate), rate.is_small, rate.value) for rate in rates)
    return Table(key, title, (title, *(text(name) for name in _RATE_COLUMNS)), rows)


def _rate_cells(key: str, rate: Rate) -> tuple[Cell, ...]:
    return (
        text("overall") if key == "all" else label(key, rate.value),
        rate.mailed,
        rate.counted,
        *(rate.interval(reading) for reading in READINGS),
        rate.returned,
        rate.open,
        rate.carrier_fault,
        rate.cancelled,
        rate.median_days,
        rate.p90_days,
    )


def signers_table(figures: Figures) -> Table:
    """What became of the letters, adding up to those mailed."""
    signed = [(label("sign_class", count.value), count.letters) for count in figures.signers]
    total = figures.total
    rest = [(text(name), getattr(total, name)) for name in NOT_SIGNED]
    rows = tuple(
        Row((words, letters, wilson(letters, total.mailed))) for words, letters in signed + rest
    )
    columns = (text("what_became"), text("letters"), text("share_of_mailed"))
    return Table("outcomes", text("what_became"), columns, rows)


def reasons_table(figures: Figures) -> Table:
    """Why letters came back."""
    total = sum(reason.letters for reason in figures.reasons)
    rows = tuple(
        Row(
            (
                label("reason", reason.value),
                reason.letters,
                wilson(reason.letters, total),
                label("fault", reason.fault),
                label("effect", reason.address_effect),
            ),
            key=reason.value,
        )
        for reason in figures.reasons
    )
    columns = ("reason", "letters", "share_of_returns", "fault", "address_effect")
    return Table("reasons", text("reasons"), tuple(text(name) for name in columns), rows)


def days_table(figures: Figures) -> Table:
    """How long letters took to be signed for, with the share signed up to each day."""
    total = sum(letters for _, letters in figures.days)
    rows, so_far = [], 0
    for days, letters in figures.days:
        so_far += letters
        rows.append(Row((days, letters, so_far / total)))
    columns = (text("days"), text("letters"), text("share_so_far"))
    return Table("time", text("time"), columns, tuple(rows))


def ripeness_table(figures: Figures) -> Table:
    """How far every batch has come."""
    rows = tuple(
        Row(
            (
                same(batch.batch),
                batch.mailed,
                (batch.mailed - batch.open) / batch.mailed,
                batch.open,
                batch.first_posted,
                batch.last_posted,
                batch.not_posted,
                batch.oldest_open_days,
            )
        )
        for batch in figures.ripeness
    )
    columns = (
        "batch", "mailed", "settled", "open", "first_posted", "last_posted", "not_posted",
        "oldest_open_days",
    )  # fmt: skip
    return Table("maturity", text("maturity"), tuple(text(name) for name in columns), rows)


_WEEK_DAYS = (7, 14, 21, 30, 45)


def weeks_table(figures: Figures) -> Table:
    """Every posting week: signed for by so many days, and what of it is still open."""
    weeks: dict[date, list[CurvePoint]] = {}
    for point in figures.curve:
        if point.week is not None:
            weeks.setdefault(point.week, []).append(point)
    rows = tuple(_week_row(week, points) for week, points in weeks.items())
    columns = (
        "week", "counted", *(f"by_day_{day}" for day in _WEEK_DAYS), "returned", "still_open",
        "known_days",
    )  # fmt: skip
    return Table("weeks", text("weeks"), tuple(text(name) for name in columns), rows)


def _week_row(week: date, points: Sequence[CurvePoint]) -> Row:
    last = points[-1]
    signed = {point.day: wilson(point.signed, point.letters) for point in points}
    return Row(
        (
            week,
            last.letters,
            *(signed.get(day) for day in _WEEK_DAYS),
            last.returned,
            last.open,
            last.day,
        ),
        small=last.letters < SMALL,
    )


def curve_table(figures: Figures) -> Table:
    """The maturity curves, weeks and all."""
    rows = tuple(
        Row(
            (
                point.week or text("all_weeks"),
                point.day,
                point.letters,
                wilson(point.signed, point.letters),
                wilson(point.returned, point.letters),
                wilson(point.open, point.letters),
            ),
            small=point.letters < SMALL,
        )
        for point in figures.curve
    )
    columns = ("week", "days_after_posting", "letters", "signed", "returned", "open")
    return Table("curves", text("curves"), tuple(text(name) for name in columns), rows)


def calibration_table(figures: Figures) -> Table:
    """Expected and observed shares by tenth of p_signed."""
    rows = tuple(
        Row((band_name(band), band.letters, band.expected, band.interval), band.letters < SMALL)
        for band in figures.calibration
    )
    columns = ("band", "letters", "expected", "observed")
    return Table("calibration", text("calibration"), tuple(text(name) for name in columns), rows)


def band_name(band: Band) -> Words:
    """The tenth as percentages: 30-40 %."""
    return same(f"{band.band * 10}–{band.band * 10 + 10} %")


def held_table(figures: Figures) -> Table:
    """Cases held by reason."""
    rows = tuple(Row((label("hold", count.value), count.letters)) for count in figures.held)
    return Table("held", text("held"), (text("reason"), text("cases")), rows)


def uplift_table(figures: Figures) -> Table:
    """Chosen addresses against the hold-out in three readings, and what that proves."""
    found = figures.uplift
    counts = [found.total(arm, name) for name in ("counted", "open") for arm in (0, 1)]
    rows = tuple(
        Row(
            (
                text(reading),
                *counts[:2],
                *counts[2:],
                *(found.rate(arm, reading) for arm in (0, 1)),
                found.difference(reading),
                text(f"proof.{found.proof(reading)}"),
            ),
            small=min(counts[:2]) < SMALL,
            key=reading,
        )
        for reading in READINGS
    )
    columns = (
        "reading", "cases_chosen", "cases_holdout", "open_chosen", "open_holdout", "chosen_arm",
        "holdout_arm", "difference", "proof",
    )  # fmt: skip
    return Table("uplift", text("uplift"), tuple(text(name) for name in columns), rows)


def cost_table(figures: Figures) -> Table:
    """What letters and signed letters cost, the whole and by product; no rows without rates."""
    columns = (
        "product", "carrier", "mailed", "priced", "amount", "per_letter",
        *READINGS, *(f"per_signed_{reading}" for reading in READINGS),
    )  # fmt: skip
    rows = tuple(
        _cost_row(cost, is_whole=not place) for place, cost in enumerate(figures.cost or ())
    )
    return Table("cost", text("cost"), tuple(text(name) for name in columns), rows)


def _cost_row(cost: Cost, *, is_whole: bool) -> Row:
    product = text("overall") if is_whole else label("product", cost.product)
    carrier = None if is_whole else label("carrier", cost.carrier)
    return Row(
        (
            product,
            carrier,
            cost.mailed,
            cost.priced,
            cost.amount,
            cost.per_letter(),
            *(getattr(cost, reading) for reading in READINGS),
            *(cost.per_signed(reading) for reading in READINGS),
        ),
        small=cost.priced < SMALL,
    )


def bad_places_table(figures: Figures) -> Table:
    """Places that should go on the blacklist."""
    columns = (
        "province", "city", "district", "place", "letters", "bad", "reason", "last_on", "letter_id",
    )  # fmt: skip
    rows = tuple(_place_row(place) for place in figures.bad_places)
    return Table("bad_places", text("bad_places"), tuple(text(name) for name in columns), rows)


def _place_row(place: BadPlace) -> Row:
    reasons = [label("reason", reason) for reason in place.reasons]
    named = (place.city, place.district, place.place)
    return Row(
        (
            label("province", place.province),
            *(None if name is None else same(name) for name in named),
            place.letters,
            place.bad,
            Words(", ".join(r.en for r in reasons), "、".join(r.zh for r in reasons)),
            place.last_on,
            same(place.letter_id),
        )
    )


def every_table(figures: Figures) -> list[Table]:
    """All tables in the order of the page; dimensions of which nothing is known are left out."""
    plain: tuple[Callable[[Figures], Table], ...] = (
        uplift_table, cost_table, reasons_table, bad_places_table, days_table, weeks_table,
        ripeness_table, curve_table, calibration_table, held_table,
    )  # fmt: skip
    return [
        rate_table("all", [figures.total]),
        signers_table(figures),
        *(rate_table(name, figures.by[name]) for name in known_dimensions(figures)),
        *(table(figures) for table in plain),
    ]


def known_dimensions(figures: Figures) -> list[str]:
    """The dimensions that say something: at least one value is known."""
    return [
        name for name, rates in figures.by.items() if any(rate.value is not None for rate in rates)
    ]
