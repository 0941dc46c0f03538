"""What several tests share: one gazetteer, opened once."""

from __future__ import annotations

import pytest

from addrfix.flow.clean import Engine, engine


@pytest.fixture(scope="session")
def reading() -> Engine:
    """The engine with the shipped gazetteer, built into the user's cache where it is missing."""
    return engine()
