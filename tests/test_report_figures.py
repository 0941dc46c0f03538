"""Every figure of a report equals what plain loops over the rows give, over a made-up year."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_batches import script
from plain_figures import Letter, plain_figures

from addrfix.flow.report import report_figures
from addrfix.outcomes.figures import HORIZON, MOST_PLACES, Figures
from addrfix.outcomes.intervals import Z_95, Stratum, stratified_difference, wilson
from addrfix.outcomes.tariffs import Tariff
from addrfix.outcomes.uplift import MATURE, Proof

AS_OF = date(2026, 7, 10)
RATES = """carrier,product,per_letter,per_sheet,from,to
chinapost,registered_letter,4.20,0.1234,2025-01-01,2025-12-31
chinapost,registered_letter,4.5,,2026-01-01,
chinapost,ems,12,0.2,,2026-03-31
"""
D = Decimal
TARIFFS = (
    Tariff("chinapost", "registered_letter", D("4.2"), D("0.1234"), date(2025, 1, 1),
           date(2025, 12, 31)),
    Tariff("chinapost", "registered_letter", D("4.5"), D(0), date(2026, 1, 1), None),
    Tariff("chinapost", "ems", D(12), D("0.2"), None, date(2026, 3, 31)),
)  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A batch a week with 5,000 letters in all."""
    maker = script("make_year")
    made: list[Path] = maker.made_year(
        tmp_path_factory.mktemp("year"), maker.Year(letters=5_000, batches=52, seed=3)
    )
    return made


@pytest.fixture(scope="module")
def rates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rates") / "rates.csv"
    path.write_text(RATES, encoding="utf-8")
    return path


def _compare(found: Figures, plain: Figures) -> None:
    for field in fields(Figures):
        assert getattr(found, field.name) == getattr(plain, field.name), field.name


def _plain(
    folders: list[Path], keep: Callable[[Letter], bool] | None, where: str | None
) -> Figures:
    return plain_figures(
        folders, as_of=AS_OF, horizon=HORIZON, mature=MATURE, most_places=MOST_PLACES,
        tariffs=TARIFFS, keep=keep, where=where,
    )  # fmt: skip


def test_every_figure_of_a_year(folders: list[Path], rates: Path) -> None:
    found = report_figures(folders, as_of=AS_OF, rates=rates)
    _compare(found, _plain(folders, None, None))
    # Nothing of it is empty, so nothing was compared with nothing.
    for field in fields(Figures):
        assert getattr(found, field.name) or field.name == "where", field.name
    assert all(found.by.values())


FILTERS: dict[str, Callable[[Letter], bool]] = {
    "product = 'ems'": lambda x: x["product"] == "ems",
    "batch_week >= 2026-03-02 and not template = reminder": lambda x: (
        x["batch_week"] >= "2026-03-02" and x["template"] != "reminder"
    ),
    "firm like '云麓%'": lambda x: x["firm"].startswith("云麓"),
}


@pytest.mark.parametrize("where", FILTERS)
def test_every_figure_under_a_filter(folders: list[Path], rates: Path, where: str) -> None:
    found = report_figures(folders, as_of=AS_OF, where=where, rates=rates)
    assert 0 < found.total.mailed < 5_000
    _compare(found, _plain(folders, FILTERS[where], where))


def test_a_filter_on_what_the_choice_decides_proves_nothing(folders: list[Path]) -> None:
    found = report_figures(folders, as_of=AS_OF, where="province = '广东省' or p_signed > 0.2")
    assert found.uplift.proof("standard") is Proof.NOT_ALIKE


def test_bands_and_shares_follow_from_the_counts(folders: list[Path]) -> None:
    found = report_figures(folders, as_of=AS_OF)
    letters = sum(band.letters for band in found.calibration)
    errors = sum(float(band.squared_error) for band in found.calibration)
    assert found.brier == pytest.approx(errors / letters)
    gaps = [
        abs(band.expected - band.signed / band.letters) * band.letters for band in found.calibration
    ]
    assert found.calibration_error == pytest.approx(sum(gaps) / letters)


shares = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_wilson_is_where_the_score_test_turns(hits_of: tuple[int, int]) -> None:
    hits, trials = hits_of
    interval = wilson(hits, trials)
    if interval is None:
        assert trials == 0
        return
    for bound in (interval.low, interval.high):
        error = Z_95 * sqrt(bound * (1 - bound) / trials)
        assert abs(abs(hits / trials - bound) - error) < 1e-9


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=6))
@settings(max_examples=200)
def test_the_difference_is_where_its_score_test_turns(
    groups: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    strata = [Stratum(*one, *other) for one, other in groups]
    found = stratified_difference(strata)
    usable = [s for s in strata if s.trials and s.other_trials]
    assert (found is None) == (not usable)
    if found is None:
        return
    assert -1 <= found.low <= found.value <= found.high <= 1
    weights = [s.trials * s.other_trials / (s.trials + s.other_trials) for s in usable]
    gaps = [s.hits / s.trials - s.other_hits / s.other_trials for s in usable]
    mean = sum(w * g for w, g in zip(weights, gaps, strict=True)) / sum(weights)
    assert found.value == pytest.approx(mean, abs=1e-12)
    for bound in (found.low, found.high):
        if abs(bound) < 1:
            spread = Z_95 * sqrt(max(0.0, _sato(usable, bound)))
            assert abs(found.value - bound) == pytest.approx(spread, abs=1e-6)


def _sato(strata: list[Stratum], difference: float) -> float:
    """Sato's variance of the difference, term by term as in the paper."""
    weight = top = 0.0
    for x, n, y, m in strata:
        whole = n + m
        weight += n * m / whole
        slope = (n * n * y - m * m * x + n * m * (m - n) / 2) / whole**2
        level = (x * (m - y) / whole + y * (n - x) / whole) / 2
        top += difference * slope + level
    return top / weight**2


def test_one_stratum_agrees_with_the_textbook_variance() -> None:
    found = stratified_difference([Stratum(900, 2000, 300, 1000)])
    assert found is not None
    half = Z_95 * sqrt(0.45 * 0.55 / 2000 + 0.3 * 0.7 / 1000)
    assert found.low == pytest.approx(0.15 - half, abs=2e-3)
    assert found.high == pytest.approx(0.15 + half, abs=2e-3)


def test_unequal_shares_of_the_hold_out_do_not_bend_the_difference() -> None:
    # In both batches choosing is worth nothing; the easy one had a large hold-out.
    found = stratified_difference([Stratum(160, 200, 640, 800), Stratum(160, 800, 40, 200)])
    assert found is not None
    assert found.value == pytest.approx(0)
    assert found.covers_zero


def test_a_small_benchmark_of_the_report() -> None:
    bench = Path(__file__).parent.parent / "scripts" / "bench.py"
    asked = ["report", "--letters", "300", "--batches", "3"]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(bench), *asked],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"report\.html +300 letters, 3 batches: [\d.]+ s, ", done.stdout)
