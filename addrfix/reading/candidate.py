"""An element that the search may choose.

A plain tuple, since a text of twenty characters has a hundred of them:
`(end, label, weight, state)`, where `label` is the CCKS label, None for a character or separator
that belongs to no element, and `state` the state after it, -1 where that stays what it was.
"""

from __future__ import annotations

Candidate = tuple[int, str | None, float, int]
