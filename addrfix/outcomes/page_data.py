"""What the charts of the page are drawn from: counts, shares and words, nothing of a person."""

from __future__ import annotations

from typing import Any

from addrfix.outcomes.figures import Figures, Rate
from addrfix.outcomes.readings import READINGS
from addrfix.outcomes.tables import known_dimensions, rate_table
from addrfix.outcomes.wording import Words, label, text

_DIGITS = 5
_WORDS = (
    "address_effect", "all_weeks", "calibration", "compare", "counted", "days",
    "days_after_posting", "difference", "expected", "fault", "fewer", "letters", "maturity",
    "observed", "open", "overall", "reasons", "returned", "signed", "time", "uplift",
)  # fmt: skip


def chart_data(figures: Figures) -> dict[str, Any]:
    """Plain values for JSON; shares are rounded to five digits."""
    return {
        "title": _both(text("title")),
        "words": {key: _both(text(key)) for key in _WORDS},
        "overall": _readings(figures.total),
        "provinces": _dimension(figures, "province"),
        "dimensions": [
            _dimension(figures, name) for name in known_dimensions(figures) if name != "province"
        ],
        "reasons": _reasons(figures),
        "days": [list(pair) for pair in figures.days],
        "median": figures.total.median_days,
        "p90": figures.total.p90_days,
        "curve": [
            [
                point.week.isoformat() if point.week else None,
                point.day,
                point.letters,
                point.signed,
                point.returned,
                point.open,
            ]
            for point in figures.curve
        ],
        "calibration": _calibration(figures),
        "uplift": [
            {
                "key": reading,
                "label": _both(text(reading)),
                "points": [round(part, _DIGITS) for part in difference],
                "proven": figures.uplift.proof(reading).is_proven,
                "proof": _both(text(f"proof.{figures.uplift.proof(reading)}")),
            }
            for reading in READINGS
            if (difference := figures.uplift.difference(reading))
        ],
    }


def _both(words: Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}


def _readings(rate: Rate) -> dict[str, list[float]]:
    return {
        reading: [round(part, _DIGITS) for part in interval]
        for reading in READINGS
        if (interval := rate.interval(reading))
    }


def _dimension(figures: Figures, name: str) -> dict[str, Any]:
    rates = {rate.value: rate for rate in figures.by[name]}
    ordered = [rates[row.key] for row in rate_table(name, figures.by[name]).rows]
    return {
        "key": name,
        "title": _both(text(name)),
        "rows": [
            {
                "label": _both(label(name, rate.value)),
                "n": rate.counted,
                "small": rate.is_small,
                **_readings(rate),
            }
            for rate in ordered
        ],
    }


def _reasons(figures: Figures) -> list[dict[str, Any]]:
    total = sum(reason.letters for reason in figures.reasons)
    return [
        {
            "label": _both(label("reason", reason.value)),
            "letters": reason.letters,
            "share": round(reason.letters / total, _DIGITS),
            "fault": reason.fault,
            "fault_label": _both(label("fault", reason.fault)),
            "effect_label": _both(label("effect", reason.address_effect)),
        }
        for reason in figures.reasons
    ]


def _calibration(figures: Figures) -> list[dict[str, Any]]:
    found = []
    for band in figures.calibration:
        interval = band.interval
        if interval is None:
            continue
        share, low, high = (round(part, _DIGITS) for part in interval)
        found.append(
            {
                "expected": round(band.expected, _DIGITS),
                "observed": share,
                "low": low,
                "high": high,
                "letters": band.letters,
            }
        )
    return found
