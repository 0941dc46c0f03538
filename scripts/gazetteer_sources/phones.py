"""Home places of mobile numbers, by their first seven digits, and of landline area codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from addrfix.places.names import short_name
from gazetteer_sources.ministry import Tree
from gazetteer_sources.packages import PHONES, Sources

_COUNTRY = "86"
_WIDTH = 7
"""Mobile numbers are given out to cities by their first seven digits."""
_AREA_CODE = 3
"""Digits of most area codes, without the leading 0."""


@dataclass(frozen=True, slots=True)
class Range:
    """Mobile prefixes `first` to `last` of seven digits; of an area code both are its digits."""

    kind: str
    """mobile or landline."""
    first: str
    last: str
    codes: tuple[str, ...]
    """Divisions it is given out to; an area code may serve several."""


def read(sources: Sources, tree: Tree) -> list[Range]:
    """All ranges, mobile first, by number."""
    names = _prefixes(sources)
    homes = {name: _homes(tree, name) for name in sorted(set(names.values()))}
    return [*_mobile(names, homes), *_landline(names, homes)]


def _prefixes(sources: Sources) -> dict[str, str]:
    """Number prefix without the country code to the place's Chinese name."""
    folder = sources.folder(PHONES)
    found: dict[str, str] = {}
    sys.path.insert(0, str(folder))
    try:
        for path in sorted(folder.glob("phonenumbers/geodata/data*.py")):
            module = importlib.import_module(f"phonenumbers.geodata.{path.stem}")
            for number, names in module.data.items():
                if number.startswith(_COUNTRY) and "zh" in names:
                    found[number[len(_COUNTRY) :]] = names["zh"]
    finally:
        sys.path.remove(str(folder))
    return found


def _homes(tree: Tree, name: str) -> tuple[str, ...]:
    """Codes of the prefectures a place name stands for: 四川省成都市、资阳市 → both."""
    province = next(
        (
            (row.code, written)
            for row in tree.values()
            if row.level == 1
            for written in (row.name, short_name(row.name, 1))
            if name.startswith(written)
        ),
        None,
    )
    if province is None:
        return ()
    code, written = province
    rest = name.removeprefix(written)
    if not rest:
        return (code,)
    found = (_place(tree, code[:2], part) for part in rest.split("、"))
    return tuple(dict.fromkeys(place for place in found if place))


def _place(tree: Tree, province: str, name: str) -> str | None:
    for level in (2, 3):
        for row in tree.values():
            same = row.level == level and row.kind == "official" and row.code[:2] == province
            if same and short_name(name, level) in (row.name, short_name(row.name, level)):
                above = tree[row.parent]
                return above.code if above.level == 2 else row.code
    return None


def _mobile(names: Mapping[str, str], homes: Mapping[str, tuple[str, ...]]) -> Iterator[Range]:
    """The longest listed prefix of every seven digits; equal neighbours become one range."""
    mobile = {number: name for number, name in names.items() if _is_mobile(number)}
    starts = sorted({number[:3] for number in mobile if len(number) >= 3})
    current: tuple[str, str, tuple[str, ...]] | None = None
    for start in starts:
        for tail in range(10 ** (_WIDTH - 3)):
            number = f"{start}{tail:04}"
            codes = next(
                (homes[mobile[number[:n]]] for n in range(_WIDTH, 2, -1) if number[:n] in mobile),
                (),
            )
            if current and current[2] == codes and int(current[1]) + 1 == int(number):
                current = current[0], number, codes
                continue
            if current and current[2]:
                yield Range("mobile", *current)
            current = number, number, codes
    if current and current[2]:
        yield Range("mobile", *current)


def _landline(names: Mapping[str, str], homes: Mapping[str, tuple[str, ...]]) -> Iterator[Range]:
    """Area codes: 10 and 2x have two digits, all others three; longer keys are exchanges."""
    codes: dict[str, tuple[str, ...]] = {}
    for number, name in sorted(names.items(), key=lambda entry: (len(entry[0]), entry[0])):
        if _is_mobile(number) or len(number) > _AREA_CODE or not homes[name]:
            continue
        if number == "10" or number.startswith("2") or len(number) == _AREA_CODE:
            codes[number] = homes[name]
        else:
            # The source writes 33 where 335 is the only code that begins so.
            codes |= {f"{number}{digit}": homes[name] for digit in range(10)}
    for number, places in sorted(codes.items()):
        if not (number.startswith("2") and len(number) == _AREA_CODE):
            yield Range("landline", f"0{number}", f"0{number}", places)


def _is_mobile(number: str) -> bool:
    return number.startswith("1") and not number.startswith("10")
