"""How the divisions (师) and regiments (团) of the Xinjiang corps are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from addrfix.places.forms import DivisionRow, NameForm

_DIGITS = "零一二三四五六七八九"
_LEVEL = 4
_SHORTEST = 3
"""一团 and 5团 stand in too many other names; written so they need 兵团 or a division in front."""


def in_words(number: int) -> tuple[str, ...]:
    """Ways to write a regiment's number in Chinese: 121 → 一二一, 一百二十一."""
    if number < 10:
        return (_DIGITS[number],)
    tens, ones = divmod(number % 100, 10)
    low = (_DIGITS[tens] if tens > 1 or number > 99 else "") + "十" if tens else ""
    low += _DIGITS[ones] if ones else ""
    if number < 100:
        return (low,)
    plain = "".join(_DIGITS[int(digit)] for digit in str(number))
    full = _DIGITS[number // 100] + "百" + ("" if tens else "零" if ones else "") + low
    return tuple(dict.fromkeys((plain, plain.replace("零", "〇"), full)))


def regiment_forms(
    divisions: Sequence[DivisionRow],
    rows: Sequence[Mapping[str, str]],
    cities: Mapping[str, DivisionRow],
) -> Iterator[NameForm]:
    """Forms of every division and regiment of `regiments.tsv`.

    Args:
        divisions: levels 1 to 4, to find the regiments that the statistics bureau lists.
        rows: the table.
        cities: the division of each code in its column `city`.
    """
    listed = {
        row.name: row.id
        for row in divisions
        if row.level == _LEVEL and row.code.startswith("65") and "团" in row.name
    }
    for row in rows:
        city = cities[row["city"]]
        prefixes = (f"第{row['division']}师", f"农{row['division']}师")
        for prefix in prefixes:
            for form in (prefix, f"兵团{prefix}", f"新疆生产建设兵团{prefix}"):
                yield NameForm(form, city.id, city.level, "zone")
        for number in row["regiments"].split():
            written = (number, *in_words(int(number)))
            place = _place(listed, written)
            for form in _regiment(written, prefixes):
                target = city.id if place is None else place
                yield NameForm(form, target, _LEVEL, "zone", old_parent_ids=(city.id,))


def _place(listed: Mapping[str, int], written: Sequence[str]) -> int | None:
    """The unit of the bureau's list that is the regiment, if only one is."""
    found = {
        division
        for name, division in listed.items()
        for number in written
        if f"团{number}团" in name or f"师{number}团" in name or name.startswith(f"{number}团")
    }
    return found.pop() if len(found) == 1 else None


def _regiment(written: Sequence[str], prefixes: Sequence[str]) -> Iterator[str]:
    for number in written:
        for end in ("团", "团场"):
            if len(number) + 1 >= _SHORTEST:
                yield number + end
            yield f"兵团{number}{end}"
        for prefix in prefixes:
            yield f"{prefix}{number}团"
