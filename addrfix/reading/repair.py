"""Misspelt division names, looked for only among the children of a parent that is certain.

Against all 41,000 towns every slip looks like some name; against the twenty children of a city it
looks like one or none. What is accepted: one character that sounds alike or looks alike, one
missing, one too many, two swapped, and, where nothing else fits and the rest of a long name stands,
one changed. Two children that fit equally well are no repair.
"""

from __future__ import annotations

from collections.abc import Iterator

from addrfix.model.nouns import Form, Hit, traits_of
from addrfix.model.protocols import DivisionIndex
from addrfix.patterns import word_class

# Better evidence first; among equals the longer name wins.
_RANK = {"sound": 5, "shape": 5, "swapped": 4, "missing": 3, "added": 3, "changed": 1}
_LOOK_AHEAD = 14


def repair(
    key: str, start: int, division: int, index: DivisionIndex, named: frozenset[int]
) -> Hit | None:
    """The child of `division` that the text at `start` most likely means, misspelt; else None.

    For a province its counties count as children too, since cities are often left out. `named`
    are the positions where other names begin: a short form is repaired only where one follows,
    since two characters alone resemble too much.
    """
    window = key[start : start + _LOOK_AHEAD]
    if len(window) < 2:
        return None
    found: dict[tuple[int, int], list[tuple[int, int, int, str]]] = {}
    for form, child, level, kind in index.beginning_like(division, window[:3]):
        # A street is no street office: 新华西街 is not 新华街道 with a slip.
        if _is_street(form) or not _may_be(form, window):
            continue
        for length, how in _slips(form, window, kind, index):
            if kind == "short" and start + length not in named and start + length < len(key):
                continue
            rank = _RANK[how] + (0 if kind == "short" else 10)
            found.setdefault((rank, length), []).append((child, level, length, how))
    if not found:
        return None
    best = found[max(found)]
    children = {child for child, _, _, _ in best}
    if len(children) != 1:
        return None
    child, level, length, how = best[0]
    forms = (Form(child, level, how, 1.0, ()),)
    return Hit(start, start + length, forms, traits_of(forms))


def _is_street(form: str) -> bool:
    """Whether a form leaves out that it is a street office: 新华街."""
    street = form[-1] in word_class("through_road_end")
    return street and not form.endswith(word_class("town_rank"))


def _may_be(form: str, window: str) -> bool:
    """Whether one slip could lie between them, by the first characters; rules most names out."""
    first, second = form[0], form[1]
    return (
        first == window[0]
        or second == window[1]
        or second == window[0]
        or first == window[1]
        or (len(form) == 3 and form[2] == window[2:3])
    )


def _slips(form: str, window: str, kind: str, index: DivisionIndex) -> Iterator[tuple[int, str]]:
    """Ways in which the beginning of `window` is `form` with one slip: (characters read, how)."""
    size = len(form)
    short = kind == "short"
    # Cheap and first: one slip leaves the last character of a full name where it was, or one off.
    if not short and form[-1] not in window[max(0, size - 2) : size + 1] and size < 4:
        return
    piece = window[:size]
    if len(piece) == size:
        how = _of_equal_length(form, piece, short, index)
        if how is not None:
            yield size, how
    if not short:
        yield from _longer_or_shorter(form, window)


def _of_equal_length(form: str, piece: str, short: bool, index: DivisionIndex) -> str | None:
    """How a piece of the same length differs from a name; None where it is no slip."""
    size = len(form)
    differ = [i for i in range(size) if form[i] != piece[i]]
    if len(differ) == 1:
        return _one_character(form, piece, differ[0], short, index)
    if len(differ) != 2 or short or size < 3:
        return None
    first, second = differ
    crossed = form[first] == piece[second] and form[second] == piece[first]
    if second == first + 1 and crossed:
        return "swapped"
    alike = all(index.sounds(form[i]) & index.sounds(piece[i]) for i in differ)
    return "sound" if alike and piece[-1] == form[-1] else None


def _longer_or_shorter(form: str, window: str) -> Iterator[tuple[int, str]]:
    """A name with one character missing, or one too many."""
    size = len(form)
    less = window[: size - 1]
    ends = window[size - 2 : size - 1] == form[-1]
    shorter = size >= 4 and ends and not form.startswith(less)
    if shorter and any(form[:i] + form[i + 1 :] == less for i in range(size - 1)):
        yield size - 1, "missing"
    if size >= 3 and len(window) > size and window[size] == form[-1]:
        more = window[: size + 1]
        if any(more[:i] + more[i + 1 :] == form for i in range(size)):
            yield size + 1, "added"


def _one_character(form: str, piece: str, at: int, short: bool, index: DivisionIndex) -> str | None:
    written, meant = piece[at], form[at]
    size = len(form)
    if at == size - 1 and not short:
        # Another suffix is another rank of division, not a slip, unless the rest is long.
        return "changed" if size >= 4 and written in word_class("name_suffix") else None
    if index.sounds(written) & index.sounds(meant):
        return "sound"
    if index.looks_like(written, meant):
        return "shape"
    if not short and size >= 3 and form[-1] in word_class("name_suffix"):
        return "changed"
    return None
