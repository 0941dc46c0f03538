"""Characters that are not words: separators, and the filler of what was taken out."""

from __future__ import annotations

TAKEN_OUT = "\ue000"
"""Fills the place of what was taken out; from the private-use area, so no address contains it."""

SEPARATORS = frozenset("-_ ,./\\()[]{}<>:;|*&+#?!~=\"'“”·，。；：" + TAKEN_OUT)
"""Characters that end one element and begin the next."""
