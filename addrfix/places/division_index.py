"""Levels 1 to 4 in memory: every way a division is written, and the tree above it.

About 45,000 divisions; 165,000 written forms mean them in 235,000 ways. A text is scanned once: at
each position the first two characters select the few forms that can stand there (one bucket per two
characters is what makes the scan cheap), longest first. The tables are derived from the gazetteer's
file once and kept beside it, so that a process starts in a fraction of a second.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from addrfix.knowledge import words
from addrfix.model.nouns import SHORT_KINDS, Form, Hit, traits_of
from addrfix.places.cores import core_districts
from addrfix.places.gazetteer import Gazetteer

_LAYOUT = 9
"""Raise when the derived tables change; a file of another layout is made anew."""
_Row = tuple[str, int, int, str, float | None, list[int] | None]
# Lengths of the forms that begin with two characters, longest first; form → meanings, traits.
_Bucket = tuple[tuple[int, ...], dict[str, tuple[tuple[Form, ...], int]]]
# Names below a division; one of their first characters → places in that list.
_Openings = tuple[list[tuple[str, int, int, str]], dict[str, list[int]]]
_RANKS = ("街道", "镇", "乡")
# Sounds that typists of many home dialects do not tell apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_CHILD_KINDS = ("official", "short", "alias", "historic")


def fold_sound(syllable: str) -> str:
    """A toneless syllable with easily confused initials and finals folded together."""
    for written, folded in _INITIALS:
        if syllable.startswith(written):
            syllable = folded + syllable[len(written) :]
            break
    for written, folded in _FINALS:
        if syllable.endswith(written):
            return syllable[: -len(written)] + folded
    return syllable


def _scan(
    key: str, ready: dict[str, _Bucket | None], unpack: Callable[[str], _Bucket]
) -> list[Hit]:
    """Every name in a text, by start, longest first; buckets that are not ready are unpacked."""
    found: list[Hit] = []
    size = len(key)
    for start in range(size - 1):
        opening = key[start : start + 2]
        if opening not in ready:
            continue
        lengths, forms = ready[opening] or unpack(opening)
        for length in lengths:
            end = start + length
            if end <= size and (entry := forms.get(key[start:end])) is not None:
                found.append(Hit(start, end, entry[0], entry[1]))
    return found


class MemoryDivisionIndex:
    """The `DivisionIndex` of `model.protocols`, filled from one gazetteer at start."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Load the derived tables, making them first where they are missing."""
        tables = _load(gazetteer)
        self.codes: list[str] = tables["codes"]
        self.names: list[str] = tables["names"]
        self.levels: list[int] = tables["levels"]
        self.parents: list[int] = tables["parents"]
        self.postcodes: list[str | None] = tables["postcodes"]
        # Buckets and children are unpacked when first asked for: most never are.
        self._packed: dict[str, bytes] = tables["buckets"]
        self._buckets: dict[str, _Bucket | None] = dict.fromkeys(self._packed)
        self._packed_children: dict[int, bytes] = tables["children"]
        self._children: dict[int, list[tuple[str, int, int, str]]] = {}
        self._openings: dict[int, _Openings] = {}
        self._prefixes: dict[str, list[int]] = tables["prefixes"]
        self._packed_pinyin: bytes = tables["pinyin"]
        self._packed_phones: bytes = tables["phones"]
        self._cores: dict[int, int] = tables["cores"]

    def hits(self, key: str) -> list[Hit]:
        """Every division name in `key`, by start, longest first; overlapping ones included."""
        return _scan(key, self._buckets, self._unpack)

    def _unpack(self, opening: str) -> _Bucket:
        forms: dict[str, tuple[tuple[Form, ...], int]] = {}
        for form, raw in marshal.loads(self._packed[opening]):
            meanings = tuple(Form(*meaning) for meaning in raw)
            forms[form] = (meanings, traits_of(meanings))
        lengths = tuple(sorted({len(form) for form in forms}, reverse=True))
        self._buckets[opening] = lengths, forms
        return lengths, forms

    def children(self, division: int) -> Sequence[tuple[str, int, int, str]]:
        """Names to read below a division; -1 asks for provinces."""
        known = self._children.get(division)
        if known is None:
            packed = self._packed_children.get(division)
            known = self._children[division] = [] if packed is None else marshal.loads(packed)
        return known

    def beginning_like(self, division: int, opening: str) -> Sequence[tuple[str, int, int, str]]:
        """Names to read below a division that may open with `opening`, one character amiss.

        For a province its counties count too, since cities are often left out.

        Args:
            division: of levels 1 to 4.
            opening: two or three characters.
        """
        known = self._openings.get(division)
        if known is None:
            known = self._openings[division] = self._by_opening(division)
        names, places = known
        return [names[i] for i in sorted({i for c in opening for i in places.get(c, ())})]

    def _by_opening(self, division: int) -> _Openings:
        names = list(self.children(division))
        if self.levels[division] == 1:
            for _, child, level, kind in tuple(names):
                if level == 2 and kind == "official":
                    names += self.children(child)
        places: dict[str, list[int]] = {}
        for number, (form, _, _, _) in enumerate(names):
            for character in set(form[:3] if len(form) == 3 else form[:2]):
                places.setdefault(character, []).append(number)
        return names, places

    @cached_property
    def _sounds(self) -> dict[str, frozenset[str]]:
        return {
            row["character"]: frozenset(fold_sound(s) for s in row["syllables"].split())
            for row in words("syllables")
        }

    def sounds(self, character: str) -> frozenset[str]:
        """Folded syllables of a character; empty where it has none."""
        return self._sounds.get(character, frozenset())

    @cached_property
    def _shapes(self) -> frozenset[tuple[str, str]]:
        return frozenset((row["a"], row["b"]) for row in words("look_alikes"))

    def looks_like(self, a: str, b: str) -> bool:
        """Whether the two are on the list of look-alikes, in either order."""
        return (a, b) in self._shapes or (b, a) in self._shapes

    @cached_property
    def pinyin(self) -> Sequence[str]:
        """Pinyin of the short name by id: toneless, one syllable a character, with blanks."""
        syllables: list[str] = marshal.loads(self._packed_pinyin)
        return syllables

    def by_id_prefix(self, prefix: str) -> Sequence[int]:
        """Divisions in force that an ID-card prefix of six digits means; empty where unknown."""
        return self._prefixes.get(prefix, ())

    @cached_property
    def _phones(self) -> tuple[list[str], list[str], list[tuple[int, ...]]]:
        first, last, homes = marshal.loads(self._packed_phones)
        return first, last, homes

    def by_phone(self, prefix: str) -> Sequence[int]:
        """Cities in force, or provinces, where a number is at home; empty where unknown."""
        first, last, homes = self._phones
        at = bisect_right(first, prefix) - 1
        # Mobile prefixes and area codes differ in length, so none lies in a range of the other's.
        within = at >= 0 and len(first[at]) == len(prefix) and prefix <= last[at]
        return homes[at] if within else ()

    def core(self, city: int) -> int | None:
        """The one urban district of a city; None where it has several or none."""
        return self._cores.get(city)


def _load(gazetteer: Gazetteer) -> dict[str, Any]:
    """The derived tables, from beside the gazetteer's file or made now."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f".index-{_LAYOUT}-{python}-{_words_digest()}"
    path = gazetteer.path.with_suffix(name)
    try:
        kept = path.read_bytes()
    except OSError:
        kept = b""
    # Damage that still unmarshals would give wrong answers in silence, so the sum comes first.
    size = hashlib.sha256().digest_size
    if kept and hashlib.sha256(kept[size:]).digest() == kept[:size]:
        tables: dict[str, Any] = marshal.loads(kept[size:])
        return tables
    tables = _derive(gazetteer)
    _keep(tables, path)
    return tables


def _keep(tables: dict[str, Any], path: Path) -> None:
    """Write the tables beside the gazetteer; a folder that cannot be written costs only time."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        written = marshal.dumps(tables)
        partial.write_bytes(hashlib.sha256(written).digest() + written)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)


def _derive(gazetteer: Gazetteer) -> dict[str, Any]:
    with gazetteer.connect() as connection:
        rows = connection.execute(
            "SELECT code, name, level, parent_id, postcode, pinyin FROM division ORDER BY id"
        ).fetchall()
        forms: list[_Row] = connection.execute(
            "SELECT form, division_id, level, kind, share, old_parent_ids FROM name_form"
            " ORDER BY form, level, kind, share DESC, division_id"
        ).fetchall()
        prefixes = connection.execute(
            "SELECT prefix, division_id FROM id_prefix ORDER BY prefix, division_id"
        ).fetchall()
        phones = connection.execute(
            "SELECT first, last, list(division_id ORDER BY division_id) FROM phone_prefix"
            " GROUP BY first, last ORDER BY first, last"
        ).fetchall()
        former = connection.execute(
            "SELECT division_id, form, until_year FROM name_form"
            " WHERE level IN (2, 3) AND kind = 'historic' ORDER BY division_id, form"
        ).fetchall()
    parents = [-1 if row[3] is None else row[3] for row in rows]
    children: dict[int, list[tuple[str, int, int, str]]] = defaultdict(list)
    for form, division, level, kind, _, _ in forms:
        if kind in _CHILD_KINDS and len(form) >= 2:
            children[parents[division]].append((form, division, level, kind))
    by_prefix: dict[str, list[int]] = defaultdict(list)
    for prefix, division in prefixes:
        by_prefix[prefix].append(division)
    codes, names, levels = ([row[column] for row in rows] for column in range(3))
    return {
        "codes": codes,
        "names": names,
        "levels": levels,
        "parents": parents,
        "cores": core_districts(names, codes, levels, parents, former),
        "postcodes": [row[4] for row in rows],
        "buckets": _bucket(_legible([*_ranked(forms), *_variants(forms, parents)])),
        "children": {parent: marshal.dumps(below) for parent, below in children.items()},
        "prefixes": dict(by_prefix),
        "pinyin": marshal.dumps([row[5] for row in rows]),
        "phones": marshal.dumps(
            ([p[0] for p in phones], [p[1] for p in phones], [tuple(p[2]) for p in phones])
        ),
    }


def _ranked(forms: Sequence[_Row]) -> list[_Row]:
    """Forms with the short names of farms and zones called short, as those of towns are."""
    endings = tuple(_column("town_words") | _column("zone_words") | _column("village_words"))
    return [
        (form, division, level, "short", share, old)
        if kind == "zone" and level == 4 and not form.endswith(endings)
        else (form, division, level, kind, share, old)
        for form, division, level, kind, share, old in forms
    ]


def _legible(forms: Sequence[_Row]) -> list[_Row]:
    """Forms that can be read as a division at all.

    What is a word for a rank (街道), for a zone (开发区) or for a place (花园), or what would be a
    road's name (文化路 for 文化路街道), is that first.
    """
    ranks = _column("town_words") | _column("village_words")
    zones, places = _column("zone_words"), _column("place_words")

    def legible(form: str, level: int, kind: str) -> bool:
        if form in ranks or (level == 4 and form in zones):
            return False
        short_town = level == 4 and kind in SHORT_KINDS
        return not (short_town and (form in places or form[-1] in "路街道巷区"))

    return [row for row in forms if legible(row[0], row[2], row[3])]


def _column(table: str) -> frozenset[str]:
    return frozenset(row["word"] for row in words(table))


def _words_digest() -> str:
    """Changes with the word tables that decide what is legible."""
    tables = ("town_words", "village_words", "zone_words", "place_words")
    text = "\n".join(word for table in tables for word in sorted(_column(table)))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _variants(forms: Sequence[_Row], parents: Sequence[int]) -> list[_Row]:
    """Towns with another rank's suffix (乡, 镇, 街道), where no sibling is called so.

    Ranks change more often than tables follow, and people write the one they grew up with.
    """
    taken = {(parents[division], form) for form, division, _, _, _, _ in forms}
    out: list[_Row] = []
    for form, division, level, kind, _, old in forms:
        if level != 4 or kind != "official":
            continue
        suffix = next((s for s in _RANKS if form.endswith(s)), None)
        if suffix is None or len(form) - len(suffix) < 2:
            continue
        stem = form[: -len(suffix)]
        for other in _RANKS:
            variant = stem + other
            if (parents[division], variant) not in taken:
                out.append((variant, division, 4, "variant", 1.0, old))
    return out


def _bucket(forms: Sequence[_Row]) -> dict[str, bytes]:
    """Two characters → marshalled [(form, meanings)], longest form first."""
    meanings: dict[str, list[tuple[int, int, str, float, tuple[int, ...]]]] = defaultdict(list)
    for form, division, level, kind, share, old_parents in forms:
        if len(form) >= 2:
            meanings[form].append((division, level, kind, share or 1.0, tuple(old_parents or ())))
    buckets: dict[str, list[tuple[str, list[tuple[int, int, str, float, tuple[int, ...]]]]]]
    buckets = defaultdict(list)
    for form, means in meanings.items():
        buckets[form[:2]].append((form, means))
    for bucket in buckets.values():
        bucket.sort(key=lambda entry: (-len(entry[0]), entry[0]))
    return {opening: marshal.dumps(bucket) for opening, bucket in buckets.items()}
