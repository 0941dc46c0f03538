"""The uplift over the hold-out: found where it was put in, and "not proven" where it is not."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_batches import made_batch, script
from plain_figures import plain_uplift, read_letters

from addrfix.cli.report import command
from addrfix.flow.report import report_figures
from addrfix.outcomes.uplift import MATURE, Arm, Proof, Uplift, uplift

AS_OF = date(2026, 7, 10)
SEEDS = range(100)


def _covers(found: Uplift, truth: float) -> bool:
    difference = found.difference("standard")
    assert difference is not None
    return difference.low <= truth <= difference.high


def test_a_known_uplift_lies_inside_its_interval(tmp_path: Path) -> None:
    """Made-up batches, letter by letter; that SQL counts the same is held by another test."""
    maker = script("make_year")
    inside = 0
    for seed in SEEDS:
        year = maker.Year(letters=600, batches=2, seed=seed, uplift=0.1, holdout=0.3)
        folders = maker.made_year(tmp_path / str(seed), year)
        letters = read_letters(folders, AS_OF)
        inside += _covers(plain_uplift(letters, letters, AS_OF, MATURE), 0.1)
    assert inside >= 90


def _arms(rng: random.Random, truth: float) -> Uplift:
    """Forty batches that differ in ease and share of hold-out, so that pooling would mislead."""
    found = []
    for batch in range(40):
        ease = rng.uniform(0.1, 0.6)
        share = 0.02 + ease / 2
        for name, chance, many in (
            ("model", ease + truth, round(300 * (1 - share))),
            ("trade_rule", ease, round(300 * share)),
        ):
            hits = sum(rng.random() < chance for _ in range(many))
            found.append((name, Arm(batch, many, hits, hits, hits, 0)))
    return uplift(found)


@pytest.mark.parametrize("truth", [-0.04, 0.0, 0.04, 0.2])
def test_batches_with_unlike_hold_outs_do_not_mislead(truth: float) -> None:
    rng = random.Random(f"{truth}")
    found = [_arms(rng, truth) for _ in SEEDS]
    assert sum(_covers(one, truth) for one in found) >= 90
    proofs = [one.proof("standard") for one in found]
    if truth == 0:
        assert proofs.count(Proof.COVERS_ZERO) >= 90
    if truth == 0.2:
        assert set(proofs) == {Proof.BETTER}


def _pair(chosen: tuple[int, int, int], other: tuple[int, int, int]) -> Uplift:
    """Of each arm counted, signed and open."""
    return uplift(
        (name, Arm(0, counted, signed, signed, signed, waiting))
        for name, (counted, signed, waiting) in (("model", chosen), ("trade_rule", other))
    )


@pytest.mark.parametrize(
    ("chosen", "other", "proof"),
    [
        ((900, 450, 9), (100, 30, 1), Proof.BETTER),
        ((900, 250, 9), (100, 60, 1), Proof.WORSE),
        ((900, 310, 9), (100, 30, 1), Proof.COVERS_ZERO),
        ((900, 450, 9), (29, 3, 0), Proof.TOO_FEW),
        ((29, 25, 0), (900, 30, 0), Proof.TOO_FEW),
        ((900, 450, 100), (100, 30, 1), Proof.TOO_OPEN),
        ((900, 450, 9), (0, 0, 0), Proof.NO_HOLDOUT),
        ((900, 0, 0), (100, 0, 0), Proof.COVERS_ZERO),
    ],
)
def test_what_is_proven(
    chosen: tuple[int, int, int], other: tuple[int, int, int], proof: Proof
) -> None:
    assert _pair(chosen, other).proof("standard") is proof
    assert proof.is_proven == (proof in (Proof.BETTER, Proof.WORSE))


def test_young_letters_prove_nothing_yet(tmp_path: Path) -> None:
    maker = script("make_year")
    folders = maker.made_year(tmp_path, maker.Year(letters=3_000, batches=1, holdout=0.4))
    posted = maker.FIRST.toordinal() + 1
    for days, expected in ((MATURE - 1, False), (MATURE, True)):
        found = report_figures(folders, as_of=date.fromordinal(posted + days)).uplift
        assert bool(found.pairs) is expected
    assert found.proof("standard") is Proof.BETTER


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "not proven: these letters have no hold-out"), ("zh", "未证明：这些信函没有对照组")],
)
def test_without_a_hold_out_it_says_so(tmp_path: Path, lang: str, said: str) -> None:
    folder = made_batch(tmp_path / "batch", letters=40)
    run = CliRunner().invoke(command, [str(folder), "--as-of", "2026-04-01", "--lang", lang])
    assert said in run.stdout
