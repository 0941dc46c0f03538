"""How a user's own place may be written in an address, and which element it then is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from addrfix.knowledge import words
from addrfix.places.names import village_stem
from addrfix.text.fold import Folder

SHORTEST = 2
"""Characters of a name that is looked for."""
_LONGEST = 24
_ESTATES = ("住宅小区", "小区")
"""Words that may be left out behind a compound's name, where three characters are left."""
_LEFT = 3


@cache
def folder() -> Folder:
    """Folds names and texts alike; every traditional character, those of division names too."""
    return Folder.shipped()


def label_of(name: str, kind: str | None) -> str:
    """The element that a place is: road, poi or community.

    >>> label_of("云台路", None), label_of("云台苑", "商务住宅;住宅区"), label_of("云台", "village")
    ('road', 'poi', 'community')
    """
    said = (kind or "").lower()
    for row in words("own_place_kinds"):
        if row["word"] in said:
            return row["label"]
    if name.endswith(_road_endings()):
        return "road"
    return "community" if name.endswith(_village_endings()) else "poi"


def written_forms(name: str, label: str) -> Iterator[str]:
    """Keys under which the place is found in a folded text, in simplified script."""
    key = folder().fold(name).key[:_LONGEST]
    forms = [key]
    if label == "poi":
        forms += [
            key.removesuffix(word)
            for word in _ESTATES
            if key.endswith(word) and len(key) - len(word) >= _LEFT
        ]
    elif label == "community":
        stem = village_stem(key)
        forms += [stem + ("村" if "村" in key[len(stem) :] else "社区")] if stem != key else []
    yield from dict.fromkeys(form for form in forms if len(form) >= SHORTEST)


@cache
def _road_endings() -> tuple[str, ...]:
    # 道 and 线 end other words too.
    return tuple(r["word"] for r in words("road_words") if float(r["weight"]) > -1.0)


@cache
def _village_endings() -> tuple[str, ...]:
    return ("社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")
