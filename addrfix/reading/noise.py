"""Takes out what is not address: names, phones, ID numbers, postcodes, notes to the courier.

What is taken out keeps its place in the text, as a filler, so offsets stay what they were. Parsers
that expect an address at the start of the text fall from .96 to .47 right when a name and a phone
stand there (docs/architecture.md), so this comes before everything else.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.text.marks import TAKEN_OUT

_MOBILE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)|(?<=[^\W\d_])1[3-9]\d{9}(?!\d)"
)
# Printouts mask the middle of a phone number, and a name but for one or two characters.
_MASKED_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d?\*{3,8}\d{2,4}(?![\d*])")
_MASKED_NAME = re.compile(r"(?<![^\W\d_])[\u3400-\u9fff]\*{1,2}[\u3400-\u9fff]?(?=[ ,:;]*$)")
_PHONE_NOISE = re.compile(r"^\+?86[- ]?(?=1)|[ ()]|(?<=\d)-(?=\d{4}-?\d{4}$)")
_LANDLINE = re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}-)[2-9]\d{6,7}(?:-\d{1,6})?(?!\d)")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])")
_POSTCODE = re.compile(r"(?:邮政编码|邮编)[::]?\s*(\d{6})(?!\d)|^(\d{6})(?=[^\d\-号#])")
_POSTCODE_TAIL = re.compile(r"(?:[ ,;/(]|(?<=[^\d#\-]))(\d{6})\)?$")
# A landline with its area code has ten digits; texts with fewer digits are not searched for phones.
_DIGITS_OF_PHONE, _DIGITS_OF_POSTCODE = 10, 6
_NAME = re.compile(r"[\u3400-\u9fff·\U00020000-\U0003ffff]{2,4}")
# No given name ends so; 金华市 and 高新区 open with surnames too.
_PLACE_ENDINGS = frozenset("省市区县旗镇乡村屯路街道巷弄号室楼栋幢座组队店厂部司城园苑")
_SEPARATOR = " ,.;:!?()[]{}<>/\\|_-~*+=&'\"，。；：" + TAKEN_OUT


class Stripped(NamedTuple):
    """A text whose noise is filled; the text and key keep their length."""

    text: str
    key: str
    recipient: str | None
    phone: str | None
    postcode: str | None
    notes: tuple[str, ...]


@cache
def _note_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in words("courier_notes")))


@cache
def _note_characters() -> frozenset[str]:
    """One of these stands in every note; few addresses have any."""
    return frozenset("".join(row["needs"] for row in words("courier_notes")))


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in words("surnames"))


def looks_like_name(piece: str) -> bool:
    """Whether two to four characters read as a person's name: a surname and one or two more.

    >>> looks_like_name("王建国"), looks_like_name("人民路")
    (True, False)
    """
    if not _NAME.fullmatch(piece) or piece[-1] in _PLACE_ENDINGS:
        return False
    known = _surnames()
    if piece[:2] in known:
        return 3 <= len(piece) <= 4
    return piece[0] in known and len(piece) <= 3


def _fill(text: str, start: int, end: int) -> str:
    return text[:start] + TAKEN_OUT * (end - start) + text[end:]


def _name_beside(text: str, start: int, end: int, gaps: frozenset[int]) -> tuple[int, int] | None:
    """The piece that touches a phone and reads as a name: before it, else behind it."""
    masked = _MASKED_NAME.search(text, 0, start) if "*" in text[:start] else None
    if masked is not None:
        return masked.span()
    stop = start
    while stop and text[stop - 1] in _SEPARATOR:
        stop -= 1
    begin = stop
    while begin and text[begin - 1] not in _SEPARATOR and stop - begin < 5:
        begin -= 1
        if begin in gaps:
            break
    if looks_like_name(text[begin:stop]):
        return begin, stop
    begin = end
    while begin < len(text) and text[begin] in _SEPARATOR:
        begin += 1
    stop = begin
    while stop < len(text) and text[stop] not in _SEPARATOR and stop - begin < 5:
        stop += 1
        if stop in gaps:
            break
    if stop == len(text) and looks_like_name(text[begin:stop]):
        return begin, stop
    return None


def _phones(
    text: str, gaps: frozenset[int]
) -> tuple[str | None, str | None, list[tuple[int, int]], int]:
    """The first phone, the name beside it, where these and ID numbers stand, and further phones."""
    recipient = phone = None
    taken: list[tuple[int, int]] = []
    others = 0
    masked = (_MASKED_MOBILE,) if "*" in text else ()
    for pattern in (_ID_NUMBER, _MOBILE, _LANDLINE, *masked):
        for found in pattern.finditer(text):
            if pattern is not _ID_NUMBER:
                if phone is None:
                    phone = _PHONE_NOISE.sub("", found.group())
                    name = _name_beside(text, found.start(), found.end(), gaps)
                    if name is not None:
                        recipient = text[slice(*name)]
                        taken.append(name)
                else:
                    others += 1
            taken.append(found.span())
    return phone, recipient, taken, others


def strip_noise(text: str, key: str, gaps: frozenset[int] = frozenset()) -> Stripped:
    """Fill everything that is not address.

    Args:
        text: folded text as written.
        key: the same in simplified script.
        gaps: positions before which folding took a blank out.
    """
    recipient = phone = postcode = None
    notes: list[str] = []
    digits = 0
    for character in text:
        digits += character.isdigit()
    if digits >= _DIGITS_OF_PHONE or ("*" in text and digits):
        phone, recipient, taken, others = _phones(text, gaps)
        notes += ["second_phone"] * others
        for start, end in taken:
            text, key = _fill(text, start, end), _fill(key, start, end)
    if digits >= _DIGITS_OF_POSTCODE:
        code = _POSTCODE.search(text) or _postcode_at_end(text, gaps)
        if code is not None:
            postcode = next(group for group in code.groups() if group)
            text, key = _fill(text, *code.span()), _fill(key, *code.span())
    if not _note_characters().isdisjoint(key):
        for found in _note_pattern().finditer(key):
            if found.end() > found.start():
                notes.append(found.group())
                text, key = _fill(text, *found.span()), _fill(key, *found.span())
    return Stripped(text, key, recipient, phone, postcode, tuple(notes))


def _postcode_at_end(text: str, gaps: frozenset[int]) -> re.Match[str] | None:
    """Six digits that close the text and stand apart; a room such as 102501 is glued on."""
    bare = text.rstrip(TAKEN_OUT + " ,.;)")
    found = _POSTCODE_TAIL.search(bare)
    if found is None or found.group(1)[0] == "9":
        return None
    apart = found.start() < found.start(1) or found.start(1) in gaps
    return found if apart else None
