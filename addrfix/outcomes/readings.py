"""What counts as signed for, and what is too little to say."""

from __future__ import annotations

READINGS = ("strict", "standard", "broad")
"""strict: the debtor or somebody of the household; standard: a unit too; broad: unattended and
untold signers too."""

SMALL = 30
"""Cells with fewer counted letters are greyed: their interval is wider than most differences."""
