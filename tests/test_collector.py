"""What reading does to the collection of cycles of the program that calls it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from addrfix.flow.clean import engine


@pytest.fixture
def thawed() -> Iterator[None]:
    """Nothing frozen before or after."""
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_a_batch_leaves_the_collector_on_and_nothing_frozen(thawed: None) -> None:
    engine().read(["云台路8号"])
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_the_caller_froze_stays_frozen(thawed: None) -> None:
    engine()
    gc.freeze()
    engine().read(["云台路8号"])
    assert gc.get_freeze_count() > 0


def test_a_collector_that_was_off_stays_off(thawed: None) -> None:
    gc.disable()
    try:
        engine().read(["云台路8号"])
        assert not gc.isenabled()
    finally:
        gc.enable()
