"""What holds for the spans of any text, whatever it is made of."""

from __future__ import annotations

from addrfix.model.nouns import ResolvedAddress
from addrfix.model.terms import SpanLabel

LABELS = frozenset(label.value for label in SpanLabel)


def assert_spans_lie_in_order(text: str, place: ResolvedAddress) -> None:
    """Spans lie in the raw text, one behind the other, with labels of the scheme."""
    end = 0
    for start, stop, label in place.spans:
        assert end <= start < stop <= len(text)
        assert label in LABELS
        end = stop
