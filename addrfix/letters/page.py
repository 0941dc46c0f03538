"""The paper."""

from __future__ import annotations

POINTS_PER_MM = 72 / 25.4
PAGE = (210 * POINTS_PER_MM, 297 * POINTS_PER_MM)
"""A4 in points."""
