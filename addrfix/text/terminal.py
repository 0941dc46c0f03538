"""Text in the columns of a terminal, where Chinese characters are two wide."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def width(text: str) -> int:
    """Columns that a text takes.

    >>> width("age"), width("地址a")
    (3, 5)
    """
    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def padded(text: str, columns: int) -> str:
    """The text with blanks behind it up to that many columns; a longer one stays as it is.

    >>> padded("地址", 6)
    '地址  '
    """
    return text + " " * (columns - width(text))
