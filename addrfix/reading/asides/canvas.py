"""A text while that which is no address is taken out of it; offsets stay what they were."""

from __future__ import annotations

import re

from addrfix.model.nouns import Element, Span
from addrfix.model.terms import ElementKind
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_APART = re.compile("[^" + re.escape("".join(sorted(SEPARATORS))) + "]+")


class Canvas:
    """One folded text, what was taken out of it, and what that told.

    Args:
        text: folded text as written.
        key: the same in simplified script.
        gaps: positions before which folding took a blank out.
    """

    def __init__(self, text: str, key: str, gaps: frozenset[int] = frozenset()) -> None:
        """Nothing is taken out yet."""
        self.text = text
        self.key = key
        self.written = text
        self.whole_key = key
        self.gaps = gaps
        self.whole = not gaps and SEPARATORS.isdisjoint(key)
        """Whether nothing in the text stood apart when it was laid down."""
        self.taken: list[Element] = []
        self.recipient: str | None = None
        self.phone: str | None = None
        self.postcode: str | None = None
        self.id_no: str | None = None
        self.issues: list[str] = []
        self.said_again: list[Span] = []
        """Divisions that were taken out because they are written again in full."""
        self.copies: list[tuple[int, int, int]] = []
        """Blocks that were taken out as copies: start, end, and how far off the original is."""
        self.asks_contact: list[int] = []
        """Where labels end behind which a third person stands."""
        self.asks_recipient: list[int] = []
        """Where labels end behind which the person stands whom the address is of."""

    def take(self, start: int, end: int, kind: ElementKind) -> None:
        """Fill a piece of the text; parts of it that were taken before stay what they are."""
        for position in range(start, end):
            if self.key[position] != TAKEN_OUT:
                break
        else:
            return
        pieces = [(start, end)]
        for element in self.taken:
            if element.start < end and start < element.end:
                pieces = _without(pieces, element)
        for first, last in pieces:
            self.taken.append(Element(first, last, kind))
        filler = TAKEN_OUT * (end - start)
        self.text = self.text[:start] + filler + self.text[end:]
        self.key = self.key[:start] + filler + self.key[end:]

    def has(self, kind: ElementKind) -> bool:
        """Whether something of that kind was taken out."""
        return any(element.kind is kind for element in self.taken)

    def opens(self, position: int) -> bool:
        """Whether a piece that begins here stands apart from what is before it."""
        return position == 0 or position in self.gaps or self.key[position - 1] in SEPARATORS

    def closes(self, position: int) -> bool:
        """Whether a piece that ends here stands apart from what follows."""
        size = len(self.key)
        return position >= size or position in self.gaps or self.key[position] in SEPARATORS

    def skip(self, position: int) -> int:
        """The next position that holds more than a separator or a filler."""
        key, size = self.key, len(self.key)
        while position < size and key[position] in SEPARATORS:
            position += 1
        return position

    def skip_back(self, position: int) -> int:
        """The end of what stands before a position, without separators and fillers."""
        key = self.key
        while position and key[position - 1] in SEPARATORS:
            position -= 1
        return position

    def pieces(self) -> list[tuple[int, int]]:
        """Where the pieces between separators, fillers and blanks begin and end."""
        found: list[tuple[int, int]] = []
        for piece in _APART.finditer(self.key):
            start, end = piece.span()
            if self.gaps:
                for cut in range(start + 1, end):
                    if cut in self.gaps:
                        found.append((start, cut))
                        start = cut
            found.append((start, end))
        return found


def _without(pieces: list[tuple[int, int]], taken: Element) -> list[tuple[int, int]]:
    """Pieces without what of them was taken before."""
    left: list[tuple[int, int]] = []
    for start, end in pieces:
        if taken.end <= start or end <= taken.start:
            left.append((start, end))
            continue
        if start < taken.start:
            left.append((start, taken.start))
        if taken.end < end:
            left.append((taken.end, end))
    return left
