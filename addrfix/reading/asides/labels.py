"""Labels of pasted forms (收件人：… 电话：… 详细地址：…), and whom they introduce."""

from __future__ import annotations

from functools import cache

from addrfix.knowledge import words
from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.names import looks_like_name
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_CLASSES = (
    "label_other", "label_region", "label_address", "label_postcode", "label_id", "label_phone",
    "label_contact", "label_recipient",
)  # fmt: skip
"""Of a word in two of them the later one holds."""
_PERSONS = ("label_contact", "label_recipient")
_OF_KIND = {
    ElementKind.PHONE: ("label_phone", *_PERSONS),
    ElementKind.ID_NO: ("label_id",),
    ElementKind.POSTCODE: ("label_postcode",),
}
# These may stand glued behind an address; 小区, 公司 and the like end names of places too.
_GLUED = frozenset(("label_phone", "label_id", "label_postcode", "label_address", *_PERSONS))
_COLONS = ":="
_MOST_IN_BRACKETS = 8
# A label of so many characters is no part of a name, wherever it stands.
_LONG = 4
# Before a label at the end of a text at least so much is written.
_LEAST_BEFORE = 6


@cache
def _labels() -> dict[str, str]:
    return {word: name for name in _CLASSES for word in word_class(name)}


@cache
def _stand_ins() -> frozenset[str]:
    """Texts that stand where an address should be; a label that is part of one is none."""
    return frozenset(row["text"] for row in words("placeholders"))


@cache
def _longest() -> int:
    return max(map(len, _labels()))


@cache
def _openers() -> frozenset[str]:
    """First characters of labels that may stand without a colon."""
    return frozenset(
        word[0] for word, name in _labels().items() if name not in ("label_region", "label_other")
    )


@cache
def _said() -> frozenset[str]:
    return frozenset(word_class("label_is"))


def _ending_at(
    canvas: Canvas, end: int, roles: frozenset[str] | None = None
) -> tuple[int, str] | None:
    """The longest label that ends here: where it begins, and its class."""
    labels, key = _labels(), canvas.key
    for length in range(min(_longest(), end), 0, -1):
        role = labels.get(key[end - length : end])
        if role is None or (roles is not None and role not in roles):
            continue
        # 荷花街道|地址: the rank belongs to the town before it.
        if key.startswith(word_class("town_rank"), end - length) and not canvas.opens(end - length):
            continue
        if not (_is_letter(key[end - length]) and _is_letter(key[end - length - 1 : end - length])):
            return end - length, role
    return None


def _starting_at(key: str, start: int) -> tuple[int, str] | None:
    """The longest label that begins here: where it ends, and its class."""
    labels = _labels()
    for length in range(_longest(), 1, -1):
        role = labels.get(key[start : start + length])
        if role is None or start + length > len(key):
            continue
        if not (_is_letter(key[start + length - 1]) and _is_letter(key[start + length :][:1])):
            return start + length, role
    return None


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def label_behind(canvas: Canvas, start: int, kind: ElementKind) -> int | None:
    """Where the label begins that stands right before a number; None where there is none."""
    key = canvas.key
    end = start
    while end and (key[end - 1] in " :=,(." or key[end - 1] in _said()):
        end -= 1
    found = _ending_at(canvas, end, frozenset(_OF_KIND[kind]))
    if found is None:
        return None
    begin, role = found
    if end - begin == 1 and end == start:
        return None
    if role in _PERSONS:
        _introduce(canvas, role, end)
    if begin and key[begin - 1] == "(":
        begin -= 1
    return begin


def _introduce(canvas: Canvas, role: str, end: int) -> None:
    if role == "label_contact":
        canvas.asks_contact.append(end)
    elif role == "label_recipient":
        canvas.asks_recipient.append(end)


def take_labels(canvas: Canvas) -> list[int]:
    """Take labels out; where those end that announce a phone."""
    phones: list[int] = []
    if ":" in canvas.key or "=" in canvas.key:
        _before_colons(canvas, phones)
    openers, key = _openers(), canvas.key
    if key[-2:] in _enders() or key[-1:] in SEPARATORS:
        _at_the_end(canvas)
        key = canvas.key
    if not canvas.whole or canvas.taken:
        for start, end in canvas.pieces():
            if key[start] in openers:
                _at_opening(canvas, start, end, phones)
    elif key[:1] in openers and key:
        _at_opening(canvas, 0, len(key), phones)
    return phones


def _before_colons(canvas: Canvas, phones: list[int]) -> None:
    for colon, character in enumerate(canvas.key):
        if character not in _COLONS:
            continue
        key = canvas.key
        end = colon
        while end and (key[end - 1] in _said() or key[end - 1].isdigit()) and colon - end < 2:
            end -= 1
        if end and key[end - 1] == ")":
            opened = key.rfind("(", max(0, end - _MOST_IN_BRACKETS), end)
            if opened >= 0:
                inner = _ending_at(canvas, end - 1)
                end = opened if inner is None or inner[0] != opened + 1 else end - 1
        found = _ending_at(canvas, end)
        if found is None:
            continue
        start, role = found
        if start and key[start - 1] == "(":
            start -= 1
        if role not in _GLUED and not canvas.opens(start):
            continue
        canvas.take(start, colon + 1, ElementKind.LABEL)
        _introduce(canvas, role, colon + 1)
        if role == "label_phone":
            phones.append(colon + 1)


@cache
def _enders() -> frozenset[str]:
    """Last two characters of labels."""
    return frozenset(word[-2:] for word in _labels())


def _at_the_end(canvas: Canvas) -> None:
    """A label that nothing follows, at the end of the text: …150号联系电话."""
    end = canvas.skip_back(len(canvas.key))
    if canvas.key[max(0, end - 2) : end] not in _enders():
        return
    found = _ending_at(canvas, end, _GLUED)
    if (
        found is not None
        and found[0] >= _LEAST_BEFORE
        and (end - found[0] >= _LONG or canvas.opens(found[0]))
        and not _points_elsewhere(canvas.key, found[0], end)
    ):
        start, role = found
        canvas.take(start, end, ElementKind.LABEL)
        _introduce(canvas, role, end)


def _points_elsewhere(key: str, start: int, end: int) -> bool:
    """Whether what reads as a label closes a text that stands for an address: 同|户籍地址."""
    return any(key[start - back : end] in _stand_ins() for back in range(1, _LONG))


def _at_opening(canvas: Canvas, start: int, end: int, phones: list[int]) -> None:
    """A label that opens a piece of the text without a colon."""
    found = _starting_at(canvas.key, start)
    if found is None:
        return
    stop, role = found
    if start == 0 and stop == len(canvas.key):
        return
    if stop < end and canvas.key[start:end] in _stand_ins():
        return
    if not _holds(canvas, role, start, stop, end):
        return
    while stop < end and canvas.key[stop] in _said():
        stop += 1
    if start and canvas.key[start - 1] == "(" and canvas.key[stop : stop + 1] == ")":
        start, stop = start - 1, stop + 1
    canvas.take(start, stop, ElementKind.LABEL)
    _introduce(canvas, role, stop)
    if role == "label_phone":
        phones.append(stop)


def _holds(canvas: Canvas, role: str, start: int, stop: int, end: int) -> bool:
    """Whether a word without a colon is a label, by what follows it.

    Args:
        canvas: the text.
        role: class of the word.
        start: where it begins.
        stop: where it ends.
        end: where the piece ends that it opens.
    """
    key = canvas.key
    long = stop - start >= 3
    bracketed = start > 0 and key[start - 1] == "(" and key[stop : stop + 1] == ")"
    if role in _PERSONS:
        return stop == end or long or looks_like_name(key[stop:end])
    if role == "label_address":
        return long or stop == end or key[start:stop] in word_class("label_alone")
    if role in ("label_region", "label_other"):
        return bracketed and long
    after = canvas.skip(stop) if stop == end or not canvas.closes(stop) else stop
    if after < len(key) and key[after].isdigit():
        return True
    return stop < len(key) and key[stop] in SEPARATORS and TAKEN_OUT in key[stop : after + 1]


@cache
def _intro_openers() -> frozenset[str]:
    classes = ("person_said", "home_said", "time_said", "live_said", "please_said")
    return frozenset(word[0] for name in classes for word in word_class(name))


def take_intro(canvas: Canvas) -> None:
    """Take out what says that somebody lives there or what is to be sent there (现住, 请寄至)."""
    start = canvas.skip(0)
    if canvas.key[start] not in _intro_openers():
        return
    found = pattern("intro_sure").match(canvas.key, start)
    if found is not None and found.end() > start:
        canvas.take(start, found.end(), ElementKind.LABEL)
