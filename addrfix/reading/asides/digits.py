"""Phones, identity numbers, privacy codes and postcodes: certain from their digits alone."""

from __future__ import annotations

import re
from functools import cache

from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.labels import label_behind
from addrfix.text.id_numbers import has_check_digit
from addrfix.text.marks import TAKEN_OUT

# Texts without so many digits in a row, separators between them or not, hold none of these.
_MANY = re.compile(r"(?:\d[-. ()/·]{0,2}){6,}|\d{2}[*xX]{3}")
_HIDDEN = ("***", "xxx", "XXX")
# A phone without its area code has seven digits, a number with fewer is none.
_DIGITS_OF_PHONE = 7
_CODE_ENDS = frozenset("0123456789)]")
_PHONE_FORMS = (
    "phone_mobile", "phone_service", "phone_landline", "phone_masked", "phone_foreign",
)  # fmt: skip
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?\(?86\)?[- ]?(?=[01])|^0(?=1[3-9]\d{9}$)")
_BETWEEN_DIGITS = re.compile(r"[ ()·.]")
_MOBILE = re.compile(r"1[3-9][\d-]{9,11}")
_HEAVY_CODE = re.compile("[\u3010\uff3b](\\d{4})[\u3011\uff3d]")
_POSTCODE_TAIL = re.compile(r"(?:[ ,;/(]|(?<=[^\d#\-]))(\d{6})\)?$")
_GLUED_POSTCODE = re.compile(r"(?:(?<=[^\W\dA-Za-z_])|(?<=\D\d{3})|(?<=\D\d{4}))\d{6}$")


def take_numbers(canvas: Canvas) -> None:
    """Take out what its digits give away."""
    key = canvas.key
    runs = _MANY.findall(key)
    long = any(_digits(run) >= _DIGITS_OF_PHONE for run in runs)
    if long or (runs and any(hidden in key for hidden in _HIDDEN)):
        _id_numbers(canvas)
        _phones(canvas)
    if "[" in key or (key[-1:] in _CODE_ENDS and not _code_signs().isdisjoint(key)):
        _codes(canvas)
    if runs:
        _postcodes(canvas)


def _digits(run: str) -> int:
    return sum(map(str.isdigit, run))


@cache
def _code_signs() -> frozenset[str]:
    return frozenset("(" + "".join(word[0] for word in word_class("code_said")))


def _id_numbers(canvas: Canvas) -> None:
    for found in pattern("id_number").finditer(canvas.key):
        number = re.sub("[ -]", "", found.group())
        if len(number) == 18:
            if not has_check_digit(number):
                canvas.issues.append("id_no_check_digit")
            elif canvas.id_no is None:
                canvas.id_no = number.upper()
        _take_labelled(canvas, *found.span(), ElementKind.ID_NO)
    if "*" in canvas.key or "x" in canvas.key or "X" in canvas.key:
        for found in pattern("id_masked").finditer(canvas.key):
            if len(found.group()) >= 15:
                _take_labelled(canvas, *found.span(), ElementKind.ID_NO)


def _phones(canvas: Canvas) -> None:
    found = sorted(
        (piece.start(), piece.end())
        for name in _PHONE_FORMS
        for piece in pattern(name).finditer(canvas.key)
    )
    reached = 0
    for start, end in found:
        if start < reached:
            continue
        written = canvas.key[start:end]
        if canvas.phone is None:
            canvas.phone = _plain(written)
        more = pattern("extension").match(canvas.key, end)
        if more is not None:
            end = more.end()
        if start and canvas.key[start - 1] == "(" and canvas.key[end : end + 1] == ")":
            start, end = start - 1, end + 1
        _take_labelled(canvas, start, end, ElementKind.PHONE)
        reached = end


def _plain(written: str) -> str:
    """A phone without its country's code and blanks; a landline keeps its hyphen."""
    digits = _BETWEEN_DIGITS.sub("", _COUNTRY_CODE.sub("", written))
    return digits.replace("-", "") if _MOBILE.fullmatch(digits) else digits


def take_said_phones(canvas: Canvas, ends: list[int]) -> None:
    """Numbers of any length behind a label that announces a phone."""
    for end in ends:
        start = canvas.skip(end)
        found = pattern("phone_said").match(canvas.key, start)
        if found is not None and TAKEN_OUT not in found.group():
            if canvas.phone is None:
                canvas.phone = found.group().strip("() :,")
            canvas.take(start, found.end(), ElementKind.PHONE)


def _take_labelled(canvas: Canvas, start: int, end: int, kind: ElementKind) -> None:
    """Take out a number, and the label that announces it."""
    canvas.take(start, end, kind)
    label = label_behind(canvas, start, kind)
    if label is not None:
        canvas.take(label, start, ElementKind.LABEL)


def take_codes_as_written(canvas: Canvas, raw: str) -> None:
    """Privacy codes in the heavy brackets that shops put round them; folding makes them round."""
    for found in _HEAVY_CODE.finditer(raw):
        start = canvas.key.find(f"({found.group(1)})")
        if start >= 0:
            canvas.take(start, start + len(found.group()), ElementKind.PRIVACY_CODE)


def _codes(canvas: Canvas) -> None:
    for found in pattern("privacy_code").finditer(canvas.key):
        canvas.take(*found.span(), ElementKind.PRIVACY_CODE)


def _postcodes(canvas: Canvas) -> None:
    key = canvas.key
    for six in re.finditer(r"(?<!\d)\d{6}(?!\d)", key):
        label = label_behind(canvas, six.start(), ElementKind.POSTCODE)
        if label is not None:
            canvas.postcode = six.group()
            end = six.end() + (key[label] == "(" and key[six.end() : six.end() + 1] == ")")
            canvas.take(six.start(), end, ElementKind.POSTCODE)
            canvas.take(label, six.start(), ElementKind.LABEL)
            return
    start = canvas.skip(0)
    opened = start - (start > 0 and key[start - 1] == "(")
    code = pattern("postcode_first").match(key, opened) or pattern("postcode_between").search(key)
    if code is not None:
        canvas.postcode = code.group(1)
        canvas.take(*code.span(), ElementKind.POSTCODE)
        return
    _postcode_at_end(canvas)


def _postcode_at_end(canvas: Canvas) -> None:
    """Six digits that close the text and stand apart; a room such as 102501 is glued on."""
    bare = canvas.key.rstrip(TAKEN_OUT + " ,.;)")
    found = _POSTCODE_TAIL.search(bare)
    if found is None or found.group(1)[0] == "9":
        return
    if found.start() < found.start(1) or found.start(1) in canvas.gaps:
        canvas.postcode = found.group(1)
        end = found.end() + (canvas.key[found.start()] == "(")
        canvas.take(found.start(), min(end, len(canvas.key)), ElementKind.POSTCODE)


def glued_postcode(key: str, known: str) -> tuple[int, int] | None:
    """Six digits glued to the end of a text that are the postcode of where it lies.

    Args:
        key: the folded text.
        known: postcode of the division; a number of the same sorting centre is one, not a room.
    """
    bare = key.rstrip(TAKEN_OUT + " ,.;)")
    found = _GLUED_POSTCODE.search(bare)
    if found is None or not known or found.group()[:4] != known[:4]:
        return None
    return found.span()
