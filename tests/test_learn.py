"""Learning: finds what is there, is careful with little, refuses what cannot be learnt from."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from pathlib import Path

import made_letters as made
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from addrfix.cli.learn import command
from addrfix.flow.learn import LearnResult, learn_scorer
from addrfix.flow.pick import pick_cases
from addrfix.model.errors import BadInput, BadSettings
from addrfix.score.calibrate import calibrated, quality
from addrfix.score.design import Letters
from addrfix.score.factors import FACTORS
from addrfix.score.newton import fitted
from addrfix.score.results import judged
from addrfix.score.scorer import VERSION, read_scorer, shipped


def learnt(history: pl.DataFrame, folder: Path) -> tuple[Path, LearnResult]:
    path = folder / "scorer.json"
    return path, learn_scorer(judged(history), path, as_of=made.AS_OF)


def share_of_best(cases: pl.DataFrame, scorer: Path | None) -> float:
    """Signed letters of the picks against those of somebody who knows every true chance."""
    picks = pick_cases(cases, as_of=made.AS_OF, scorer=scorer).picks
    mine = picks.join(cases.select("row", "_chance"), on="row")["_chance"].to_list()
    best = cases.group_by("case_id").agg(pl.col("_chance").max())["_chance"].to_list()
    return float(sum(mine) / sum(best))


def log_loss(cases: pl.DataFrame, scorer: Path | None) -> float:
    """Expected over the true chances of all candidates."""
    every = pick_cases(cases, as_of=made.AS_OF, scorer=scorer).candidates
    both = every.select("row", "p_signed").join(cases.select("row", "_chance"), on="row")
    chance, p = pl.col("_chance"), pl.col("p_signed")
    return float(both.select((-(chance * p.log() + (1 - chance) * (1 - p).log())).mean()).item())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LearnResult]:
    return learnt(made.history(6000), tmp_path_factory.mktemp("plain"))


def test_learning_comes_near_the_best_possible(plain: tuple[Path, LearnResult]) -> None:
    path, result = plain
    assert share_of_best(made.cases(600), path) > 0.97
    assert result.learned.held_back.ece < 0.04
    assert result.learned.held_back.log_loss < result.learned.held_back_shipped.log_loss


def test_learning_finds_out_that_workplace_and_delivery_are_bad(tmp_path: Path) -> None:
    """The shipped weights hold both for good; the letters say otherwise."""
    bad = made.world(("workplace", "delivery"))
    cases = made.cases(600, by_source=bad)
    path, _ = learnt(made.history(4000, by_source=bad), tmp_path)
    assert share_of_best(cases, path) > 0.97 > share_of_best(cases, None)
    picks = pick_cases(cases, as_of=made.AS_OF, scorer=path).picks
    alone = cases.group_by("case_id").agg(
        pl.col("source").is_in(["workplace", "delivery"]).all().alias("only")
    )
    chosen = picks.join(alone.filter(~pl.col("only")), on="case_id")["source"]
    assert chosen.is_in(["workplace", "delivery"]).mean() < 0.03  # type: ignore[operator]


def test_fifty_letters_make_nothing_worse(tmp_path: Path) -> None:
    """Averaged over histories; each learnt scorer is held to the true chances."""
    cases = made.cases(400)
    before, best_before = log_loss(cases, None), share_of_best(cases, None)
    losses, shares = [], []
    for seed in range(8):
        path, _ = learnt(made.history(50, seed=seed + 10), tmp_path)
        losses.append(log_loss(cases, path))
        shares.append(share_of_best(cases, path))
    assert sum(losses) / len(losses) < before
    assert sum(shares) / len(shares) > best_before - 0.005


def test_a_wrong_prior_is_given_up_as_letters_come_in(tmp_path: Path) -> None:
    bad = made.world(("workplace", "delivery"))
    cases = made.cases(400, by_source=bad)
    losses = []
    for rows in (60, 600, 6000):
        path, _ = learnt(made.history(rows, by_source=bad), tmp_path)
        losses.append(log_loss(cases, path))
    assert losses == sorted(losses, reverse=True)


def test_same_letters_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    history = made.history(800)
    first, _ = learnt(history, tmp_path)
    before = first.read_bytes()
    second, _ = learnt(history.sample(fraction=1, shuffle=True, seed=5), tmp_path)
    assert second.read_bytes() == before


def test_the_file_is_readable_and_holds_what_it_should(plain: tuple[Path, LearnResult]) -> None:
    path, result = plain
    held = json.loads(path.read_text(encoding="utf-8"))
    assert held["version"] == VERSION
    assert held["as_of"] == "2026-06-30"
    assert held["history"]["letters"] == 6000
    assert held["history"]["signed"] + held["history"]["not_signed"] == 6000
    assert held["weights"]["source"]["delivery"]["letters"] > 500
    assert sum(row["rows"] for row in held["calibration"]["held_back"]["table"]) == (
        result.learned.held_back.rows
    )
    again = read_scorer(path, FACTORS)
    assert again.weights == result.learned.scorer.weights
    assert again.combinations == result.learned.scorer.combinations
    assert again.calibration == result.learned.scorer.calibration


def test_the_latest_letters_are_held_back(plain: tuple[Path, LearnResult]) -> None:
    learned = plain[1].learned
    posted = made.history(6000)["posted_on"]
    assert learned.held_back.rows == (posted >= learned.held_from).sum()
    assert 0.15 < learned.held_back.rows / 6000 < 0.25


def test_of_a_single_batch_letters_of_all_kinds_are_held_back(tmp_path: Path) -> None:
    """Were the latest by some order of the levels held back, one source would calibrate all."""
    day, bad = date(2026, 5, 1), made.world(("workplace", "residence"))
    history = made.history(2000, by_source=bad).with_columns(
        recorded_on=pl.col("recorded_on") + (pl.lit(day) - pl.col("posted_on")),
        posted_on=pl.lit(day),
        result_on=pl.lit(date(2026, 5, 20)),
    )
    path, result = learnt(history, tmp_path)
    mean = history.select((pl.col("result") == "本人签收").mean()).item()
    table = result.learned.held_back.table
    assert sum(row.rows for row in table) == pytest.approx(400, abs=1)
    assert sum(row.rows * row.observed for row in table) / 400 == pytest.approx(mean, abs=0.02)
    assert abs(result.learned.scorer.calibration.offset) < 0.1
    mixed = learnt(history.sample(fraction=1, shuffle=True, seed=5), tmp_path)[0]
    assert mixed.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("result", ["本人签收", "退回"])
def test_one_kind_of_outcome_is_refused(result: str, tmp_path: Path) -> None:
    history = made.history(200).with_columns(
        pl.lit(result).alias("result"), pl.lit(None, pl.String).alias("return_reason")
    )
    with pytest.raises(BadInput, match="of each kind"):
        learnt(history, tmp_path)
    assert not list(tmp_path.iterdir())


def test_too_few_letters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 30"):
        learnt(made.history(20), tmp_path)


def test_letters_that_do_not_count_are_left_out_and_counted(tmp_path: Path) -> None:
    history = made.history(400)
    number, day = pl.int_range(pl.len()), pl.col("posted_on")
    history = history.with_columns(
        pl.when(number < 5).then(None)
        .when(number < 12).then(date(2026, 8, 1)).otherwise(day).alias("posted_on"),
        pl.when(number == 20).then(day - timedelta(days=3))
        .when(number == 21).then(date(2026, 7, 1)).otherwise("result_on").alias("result_on"),
        pl.when(number == 30).then(pl.lit("在途"))
        .when(number == 31).then(pl.lit("天晓得"))
        .when(number == 32).then(None)
        .when(number == 33).then(pl.lit("丢失")).otherwise("result").alias("result"),
        pl.when(number.is_between(30, 33)).then(None)
        .otherwise("return_reason").alias("return_reason"),
        *(pl.when(~number.is_between(40, 42)).then(pl.col(name)).alias(name)
          for name in ("address", "standardized")),
    )  # fmt: skip
    history = pl.concat([history, history.slice(50, 9)])
    _, result = learnt(history, tmp_path)
    assert result.left_out == {
        "no_address": 3,
        "no_posting_date": 5,
        "posted_after_as_of": 7,
        "result_after_as_of": 1,
        "result_before_posting": 1,
        "duplicate": 9,
        "no_result": 1,
        "unknown_result": 1,
        "not_final": 1,
        "says_nothing": 1,
    }
    assert result.learned.letters == 400 - 3 - 5 - 7 - 2 - 4


def test_too_few_are_refused_with_what_became_of_the_others(tmp_path: Path) -> None:
    history = made.history(60).with_columns(
        pl.lit("天晓得").alias("result"), pl.lit(None, pl.String).alias("return_reason")
    )
    with pytest.raises(BadInput, match=r"left out: 60 unknown_result\)"):
        learnt(history, tmp_path)


def test_unknown_sources_and_empty_columns_are_learnt_from_too(tmp_path: Path) -> None:
    history = made.history(300).with_columns(
        pl.lit(None, pl.String).alias("source"), pl.lit(None, pl.Date).alias("recorded_on")
    )
    path, _ = learnt(history, tmp_path)
    weights = read_scorer(path, FACTORS).weights["source"]
    assert weights == shipped(FACTORS).weights["source"]


def test_agreement_is_not_learnt_where_the_history_shows_one_address_a_case(
    plain: tuple[Path, LearnResult],
) -> None:
    assert plain[1].learned.scorer.weights["agreement"] == shipped(FACTORS).weights["agreement"]


def test_a_second_letter_after_a_return_does_not_speak_about_the_first(tmp_path: Path) -> None:
    """A case with two letters is one whose first came back: that they agree is known afterwards."""
    first = made.history(1500)
    again = first.filter(pl.col("result") == "退回").with_columns(
        pl.lit("court_confirmed").alias("source"),
        *(pl.col(day) + pl.duration(days=40) for day in ("posted_on", "result_on")),
    )
    history = pl.concat([first, again]).filter(pl.col("result_on") <= made.AS_OF)
    path, _ = learnt(history, tmp_path)
    assert read_scorer(path, FACTORS).weights["agreement"] == shipped(FACTORS).weights["agreement"]


def test_agreement_is_learnt_where_batches_tell_it(tmp_path: Path) -> None:
    number = pl.int_range(pl.len())
    told = pl.when(number % 2 == 0).then(pl.lit("door")).otherwise(pl.lit("elsewhere"))
    history = made.history(600).with_columns(
        pl.concat_list(pl.format("agreement={}", told)).alias("factors")
    )
    path, result = learnt(history, tmp_path)
    assert result.learned.rows[("agreement",)][("door",)] == 300
    assert read_scorer(path, FACTORS).weights["agreement"] != shipped(FACTORS).weights["agreement"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": VERSION + 1}, "run `addrfix learn` again"),
        ({"format": "something"}, "not a scorer"),
        ({"base": "high"}, "damaged"),
        ({"weights": {"moon": {"full": {"weight": 1}}}}, "not installed: moon"),
        ({"weights": {"source": {"delivery": {"weight": float("nan")}}}}, "damaged"),
        ({"calibration": {}}, "damaged"),
        ({"calibration": {"offset": 0, "slope": -1}}, "damaged"),
        ({"combinations": [{"levels": {"source": 1, "age": None}, "weight": 1}]}, "damaged"),
        ({"combinations": [{"levels": {}, "weight": 1}]}, "damaged"),
    ],
)
def test_a_scorer_that_cannot_be_used_says_what_to_do(
    change: dict[str, object], says: str, plain: tuple[Path, LearnResult], tmp_path: Path
) -> None:
    held = json.loads(plain[0].read_text(encoding="utf-8")) | change
    path = tmp_path / "other.json"
    path.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(BadSettings, match=says):
        read_scorer(path, FACTORS)


def test_no_file_and_no_json(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="there is no scorer"):
        read_scorer(tmp_path / "none.json", FACTORS)
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(BadSettings, match="cannot be read"):
        read_scorer(tmp_path / "bad.json", FACTORS)


def test_newton_agrees_with_plain_gradient_ascent() -> None:
    """A slow oracle: the penalised likelihood, climbed in small steps."""
    draw = np.random.default_rng(3)
    active = np.stack([np.zeros(200, dtype=np.int64), draw.integers(1, 5, 200)], axis=1)
    letters = Letters(
        active, draw.normal(size=200), np.ones(200), draw.integers(0, 2, 200).astype(np.float64)
    )
    pull = np.diag([1.0, 4.0, 4.0, 4.0])
    found, _ = fitted(letters, pull)
    ones = np.zeros((200, 5))
    np.put_along_axis(ones, active, 1.0, axis=1)
    ones = ones[:, :4]
    slow = np.zeros(4)
    for _ in range(4000):
        p = 1 / (1 + np.exp(-(letters.offset + ones @ slow)))
        slow += 0.005 * (ones.T @ (letters.signed - p) - pull @ slow)
    assert np.abs(found - slow).max() < 1e-6


def test_quality_and_calibration_on_known_figures() -> None:
    p, y = pl.Series([0.9, 0.9, 0.2, 0.2]), pl.Series([1, 0, 0, 0])
    found = quality(p, y)
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.04 + 0.04) / 4)
    assert found.log_loss == pytest.approx(-(math.log(0.9) + math.log(0.1) + 2 * math.log(0.8)) / 4)
    assert found.ece == pytest.approx((2 * 0.4 + 2 * 0.2) / 4)
    odds = pl.Series([-2.0, -1.0, 0.0, 1.0, 2.0] * 400)
    twice = [1 / (1 + math.exp(-2 * x)) for x in odds]
    drawn = np.random.default_rng(1).random(len(twice))
    too_shy = calibrated(odds, pl.Series((drawn < np.array(twice)).astype(int)), 10)
    assert too_shy.slope == pytest.approx(2, abs=0.25)
    few = calibrated(odds.head(5), pl.Series([0, 0, 1, 1, 1]), 2000)
    assert few.offset == pytest.approx(0, abs=0.01)
    assert few.slope == pytest.approx(1, abs=0.01)


def test_the_command_prints_how_well_it_is_calibrated(tmp_path: Path) -> None:
    history = made.history(400).with_columns(
        pl.lit("").alias("postcode"), pl.col("posted_on").cast(pl.String).alias("posted_on")
    )
    source, output = tmp_path / "history.csv", tmp_path / "scorer.json"
    history.drop("_made").write_csv(source)
    done = CliRunner().invoke(command, [str(source), "-o", str(output), "--as-of", "2026-06-30"])
    assert done.exit_code == 0, done.output
    assert "held back" in done.stdout and "calibration err." in done.stdout
    assert json.loads(output.read_text(encoding="utf-8"))["history"]["letters"] == 400
    one = output.read_bytes()
    CliRunner().invoke(command, [str(source), "-o", str(output), "--as-of", "2026-06-30"])
    assert output.read_bytes() == one
