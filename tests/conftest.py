"""What several tests share: one gazetteer, opened once, and a data folder of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from addrfix.flow.clean import Engine, engine

# How long one example takes depends on what else the machine does.
settings.register_profile("addrfix", deadline=None)
settings.load_profile("addrfix")


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Numbers, places and secret of whoever runs the tests decide none, and none is changed."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("ADDRFIX_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def reading() -> Engine:
    """The engine with the shipped gazetteer, built into the user's cache where it is missing."""
    return engine()
