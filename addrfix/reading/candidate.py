"""An element that the search may choose."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """An element that may stand at a position."""

    end: int
    label: str | None
    """CCKS label; None for a character or separator that belongs to no element."""
    weight: float
    state: int
    """State after it; -1 leaves the state as it was."""
