"""Levels 1 to 4 in memory: every way a division is written, and the tree above it.

About 45,000 divisions and 150,000 written forms. A text is scanned once: at each position the
first two characters select the few forms that can stand there (one bucket per two characters is
what makes the scan cheap), longest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from addrfix.knowledge import words
from addrfix.model.nouns import Form, Hit
from addrfix.places.gazetteer import Gazetteer

_Row = tuple[str, int, int, str, float | None, list[int] | None]
_RANKS = ("街道", "镇", "乡")
# Sounds that typists of many home dialects do not tell apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


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


class MemoryDivisionIndex:
    """The `DivisionIndex` of `model.protocols`, filled from one gazetteer at start."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        with gazetteer.connect() as connection:
            rows = connection.execute(
                "SELECT code, name, level, parent_id, postcode FROM division ORDER BY id"
            ).fetchall()
            forms = connection.execute(
                "SELECT form, division_id, level, kind, share, old_parent_ids FROM name_form"
                " ORDER BY form, level, kind, share DESC, division_id"
            ).fetchall()
            prefixes = connection.execute(
                "SELECT prefix, division_id FROM id_prefix ORDER BY prefix, division_id"
            ).fetchall()
        self.codes: list[str] = [row[0] for row in rows]
        self.names: list[str] = [row[1] for row in rows]
        self.levels: list[int] = [row[2] for row in rows]
        self.parents: list[int] = [-1 if row[3] is None else row[3] for row in rows]
        self.postcodes: list[str | None] = [row[4] for row in rows]
        self._buckets = self._bucket([*forms, *self._variants(forms)])
        self._children: dict[int, list[tuple[str, int, int, str]]] = defaultdict(list)
        for form, division, level, kind, _, _ in forms:
            if kind in ("official", "short", "alias", "historic") and len(form) >= 2:
                self._children[self.parents[division]].append((form, division, level, kind))
        self._prefixes: dict[str, list[int]] = defaultdict(list)
        for prefix, division in prefixes:
            self._prefixes[prefix].append(division)
        self._sounds = {
            row["character"]: frozenset(fold_sound(s) for s in row["syllables"].split())
            for row in words("syllables")
        }
        self._shapes = {(row["a"], row["b"]) for row in words("look_alikes")}

    def _variants(self, forms: Sequence[_Row]) -> list[_Row]:
        """Towns with another rank's suffix (乡, 镇, 街道), where no sibling is called so.

        Ranks change more often than tables follow, and people write the one they grew up with.
        """
        taken = {(self.parents[division], form) for form, division, _, _, _, _ in forms}
        out: list[_Row] = []
        for form, division, level, kind, _, _ in forms:
            if level != 4 or kind != "official":
                continue
            suffix = next((s for s in _RANKS if form.endswith(s)), None)
            if suffix is None or len(form) - len(suffix) < 2:
                continue
            stem = form[: -len(suffix)]
            for other in _RANKS:
                variant = stem + other
                if (self.parents[division], variant) not in taken:
                    out.append((variant, division, 4, "variant", 1.0, None))
        return out

    @staticmethod
    def _bucket(
        forms: Sequence[_Row],
    ) -> dict[str, list[tuple[str, int, tuple[Form, ...]]]]:
        meanings: dict[str, list[Form]] = defaultdict(list)
        for form, division, level, kind, share, old_parents in forms:
            if len(form) >= 2:
                meanings[form].append(
                    Form(division, level, kind, share or 1.0, tuple(old_parents or ()))
                )
        buckets: dict[str, list[tuple[str, int, tuple[Form, ...]]]] = defaultdict(list)
        for form, means in meanings.items():
            buckets[form[:2]].append((form, len(form), tuple(means)))
        for bucket in buckets.values():
            bucket.sort(key=lambda entry: (-entry[1], entry[0]))
        return dict(buckets)

    def hits(self, key: str) -> list[Hit]:
        """Every division name in `key`, by start, longest first; overlapping ones included."""
        found: list[Hit] = []
        get = self._buckets.get
        for start in range(len(key) - 1):
            bucket = get(key[start : start + 2])
            if bucket is None:
                continue
            for form, length, meanings in bucket:
                if length == 2 or key.startswith(form, start):
                    found.append(Hit(start, start + length, meanings))
        return found

    def children(self, division: int) -> Sequence[tuple[str, int, int, str]]:
        """Names to read below a division; -1 asks for provinces."""
        return self._children.get(division, ())

    def sounds(self, character: str) -> frozenset[str]:
        """Folded syllables of a character; empty where it has none."""
        return self._sounds.get(character, frozenset())

    def looks_like(self, a: str, b: str) -> bool:
        """Whether the two are on the list of look-alikes, in either order."""
        return (a, b) in self._shapes or (b, a) in self._shapes

    def by_id_prefix(self, prefix: str) -> Sequence[int]:
        """Divisions in force that an ID-card prefix of six digits means; empty where unknown."""
        return self._prefixes.get(prefix, ())
