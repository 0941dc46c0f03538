"""Every way in which divisions of levels 1 to 4 are written, with what each way means today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from addrfix.knowledge import words
from addrfix.places.former_parents import Lineages
from addrfix.places.names import confusions, short_name, spellings

_SHORTEST = 2
_COUNTY, _TOWN = 3, 4


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division as the forms need it."""

    id: int
    code: str
    level: int
    name: str
    short_name: str
    parent_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A former name, or a former place of a name, and one division that took its place."""

    level: int
    old_code: str
    """Empty where no list tells it."""
    old_name: str
    old_parent_ids: tuple[int, ...]
    until_year: int
    division_id: int
    share: float


@dataclass(frozen=True, slots=True)
class NameForm:
    """One row of `name_form`."""

    form: str
    division_id: int
    level: int
    kind: str
    until_year: int | None = None
    share: float = 1.0
    old_parent_ids: tuple[int, ...] = ()
    old_name: str | None = None
    old_code: str | None = None


Seen = dict[tuple[str, int], NameForm]


def all_forms(
    divisions: Sequence[DivisionRow],
    history: Sequence[HistoryRow],
    aliases: Iterable[tuple[str, int]],
    extra: Iterable[NameForm],
) -> list[NameForm]:
    """All forms, sorted by form, level, kind and division; one row per form and division.

    Args:
        divisions: levels 1 to 4.
        history: former names with a successor.
        aliases: (form, division id).
        extra: forms of zones and regiments, which are no divisions.
    """
    seen: Seen = {}
    lineages = Lineages(divisions, history)
    rows = {row.id: row for row in divisions}
    # Zones counted as counties are written in many ways, of which `extra` knows more.
    divisions = [row for row in divisions if not (row.kind == "zone" and row.level < _TOWN)]
    for row in divisions:
        _add(seen, NameForm(row.name, row.id, row.level, _kind(row, "official")))
    for row in divisions:
        _add(seen, NameForm(row.short_name, row.id, row.level, _kind(row, "short")))
    for form, division in aliases:
        _add(seen, NameForm(form, division, rows[division].level, "alias"))
    for row in divisions:
        for form in spellings(row.name, row.level):
            _add(seen, NameForm(form, row.id, row.level, _kind(row, "alias")))
    _add_history(seen, history, lineages)
    _add_confusions(seen, divisions, history)
    _add_plain_spellings(seen, divisions)
    _add_former_parents(seen, lineages)
    for zone in extra:
        _add(seen, zone)
    _drop_everyday_words(seen)
    return sorted(seen.values(), key=lambda f: (f.form, f.level, f.kind, -f.share, f.division_id))


def _add_confusions(
    seen: Seen, divisions: Sequence[DivisionRow], history: Sequence[HistoryRow]
) -> None:
    """X乡 for X镇 and the like, where no other town of the county is called so.

    Townships became towns and towns became streets long before the lists begin, and people write
    on what they grew up with.
    """
    taken = {(row.parent_id, row.name) for row in divisions if row.level == _TOWN}
    homes = {row.id: row.parent_id for row in divisions}
    # A town of that name was there once and became another one.
    taken |= {(homes.get(row.division_id), row.old_name) for row in history if row.level == _TOWN}
    for row in divisions:
        if row.level == _TOWN and row.kind in ("official", "former"):
            for form, trust in confusions(row.name, row.level):
                if (row.parent_id, form) not in taken:
                    _add(seen, NameForm(form, row.id, row.level, "alias", share=trust))


def _add_plain_spellings(seen: Seen, divisions: Sequence[DivisionRow]) -> None:
    """湖父镇 for 湖㳇镇: a common character for a rare one, where no sibling is called so."""
    plain: dict[str, list[str]] = defaultdict(list)
    for spelling in words("rare_characters"):
        plain[spelling["character"]].append(spelling["written"])
    taken = {(row.parent_id, row.name) for row in divisions}
    for row in divisions:
        rare = plain.keys() & set(row.short_name)
        if row.level < _COUNTY or not rare or row.kind != "official":
            continue
        for character in sorted(rare):
            for written in plain[character]:
                name = row.name.replace(character, written)
                if (row.parent_id, name) not in taken:
                    for form in (name, *spellings(name, row.level)):
                        _add(seen, NameForm(form, row.id, row.level, "alias"))


def _add_former_parents(seen: Seen, lineages: Lineages) -> None:
    """Let every form of a division tell what the division once lay in."""
    for key, form in seen.items():
        if former := lineages.former(form.division_id):
            told = tuple(sorted({*form.old_parent_ids, *former}))
            seen[key] = replace(form, old_parent_ids=told)


def _drop_everyday_words(seen: Seen) -> None:
    """Take out forms that are ordinary words: 第一 for 第一街道, 开发区 for a zone in a county."""
    everyday = {(row["form"], row["kind"]) for row in words("everyday_forms")}
    for key in [key for key, form in seen.items() if (form.form, form.kind) in everyday]:
        del seen[key]


def _kind(row: DivisionRow, kind: str) -> str:
    if row.kind == "zone":
        return "zone"
    if row.kind == "former":
        return "historic" if kind == "official" else "historic_short"
    return kind


def _add(seen: Seen, form: NameForm) -> None:
    """Keep the first row of a form and division: the order of adding is the order of trust."""
    if len(form.form) >= _SHORTEST:
        seen.setdefault((form.form, form.division_id), form)


def _add_history(seen: Seen, history: Sequence[HistoryRow], lineages: Lineages) -> None:
    """Former names, the latest bearer of a name first; parents of all periods are put together.

    A farm or regiment that only the statistics bureau lists proves nothing against its county.
    """
    parents: dict[tuple[str, int], set[int]] = defaultdict(set)
    for row in history:
        if lineages.is_in_force(row.division_id):
            parents[row.old_name, row.division_id].update(row.old_parent_ids)
    latest = sorted(history, key=lambda r: (-r.until_year, r.level, r.old_code, -r.share))
    for kind in ("historic", "historic_short", "alias"):
        for row in latest:
            own = tuple(sorted(parents[row.old_name, row.division_id]))
            short = short_name(row.old_name, row.level)
            forms: tuple[str, ...] = (row.old_name,)
            if kind == "historic_short":
                forms = (short,)
            elif kind == "alias":
                forms = spellings(row.old_name, row.level)
            for form in forms:
                _add(
                    seen,
                    NameForm(
                        form, row.division_id, row.level,
                        "historic" if kind == "alias" else kind,
                        row.until_year, row.share, own, row.old_name, row.old_code or None,
                    ),
                )  # fmt: skip
