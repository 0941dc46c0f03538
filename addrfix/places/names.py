"""How the name of a division is shortened and in what other ways the same name is written.

The rules are rows of `gazetteer/words/division_suffixes.tsv` and `ethnic_groups.tsv`; this module
only applies them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from addrfix.knowledge import words
from addrfix.model.errors import BadSettings

_SHORTEST = 2
"""A short name of one character would match anywhere, so no name is cut below two."""
_TRUST = 0.8
"""How far a form with another ending is trusted to mean the unit, where the table says nothing."""
_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)}


@dataclass(frozen=True, slots=True)
class Suffix:
    """One row of `division_suffixes.tsv`."""

    text: str
    ethnic: bool
    spellings: tuple[str, ...]
    """Templates in which `{}` is the short name: other names of the same unit."""
    confused: tuple[tuple[str, float], ...]
    """Templates of what the unit is called by mistake or was called before its rise, each with how
    far it is trusted to mean the unit, 0 to 1."""


@cache
def suffixes(level: int) -> tuple[Suffix, ...]:
    """Suffixes of a level, longest first, so that 自治县 is tried before 县."""
    found = [
        Suffix(
            row["suffix"],
            row["ethnic"] == "yes",
            tuple(row["spellings"].split()),
            tuple(map(_with_trust, row["confused"].split())),
        )
        for row in words("division_suffixes")
        if row["level"] == str(level)
    ]
    return tuple(sorted(found, key=lambda suffix: -len(suffix.text)))


def _with_trust(template: str) -> tuple[str, float]:
    form, _, trust = template.partition(":")
    try:
        return form, float(trust) if trust else _TRUST
    except ValueError as error:
        raise BadSettings(
            f"division_suffixes.tsv: {template} has no share behind its colon"
        ) from error


@cache
def _groups() -> tuple[str, ...]:
    named = {row["group"] for row in words("ethnic_groups")}
    bare = {row["bare"] for row in words("ethnic_groups") if row["bare"]}
    return tuple(sorted(named | bare, key=lambda group: (-len(group), group)))


def without_groups(stem: str) -> str:
    """`stem` without the ethnic groups at its end: 务川仡佬族苗族 → 务川.

    A stem that is nothing but groups keeps its first one, without 族 where that leaves two
    characters: 东乡族 → 东乡.
    """
    left = stem
    while True:
        group = next((g for g in _groups() if left.endswith(g)), None)
        if group is None:
            return left
        rest = left[: -len(group)]
        if len(rest) < _SHORTEST:
            bare = left.removesuffix("族")
            return bare if not rest and len(bare) >= _SHORTEST else left
        left = rest


def suffix_of(name: str, level: int) -> Suffix | None:
    """The suffix that shortening takes off; None where the name is not shortened."""
    for suffix in suffixes(level):
        if name.endswith(suffix.text) and len(name) - len(suffix.text) >= _SHORTEST:
            return suffix
    return None


def short_name(name: str, level: int) -> str:
    """The name as it is written in short: 湖北省 → 湖北, 管城回族区 → 管城, 郊区 → 郊区."""
    suffix = suffix_of(name, level)
    if suffix is None:
        return name
    stem = name[: -len(suffix.text)]
    return without_groups(stem) if suffix.ethnic else stem


def spellings(name: str, level: int) -> tuple[str, ...]:
    """Other full spellings of the same division: 花园街道 → 花园街道办事处, 花园办事处.

    Neither the name itself nor its short name is among them.

    Raises:
        BadSettings: a template in `division_suffixes.tsv` has no `{}`.
    """
    suffix = suffix_of(name, level)
    return () if suffix is None else _forms(suffix.spellings, name, level)


def confusions(name: str, level: int) -> tuple[tuple[str, float], ...]:
    """What a division is called by mistake or was called once, with trust: 桴焉镇 → 桴焉乡, 0.5.

    Raises:
        BadSettings: a template in `division_suffixes.tsv` has no `{}`.
    """
    suffix = suffix_of(name, level)
    if suffix is None:
        return ()
    return tuple(
        (form, trust)
        for template, trust in suffix.confused
        for form in _forms((template,), name, level)
    )


def _forms(templates: tuple[str, ...], name: str, level: int) -> tuple[str, ...]:
    short = short_name(name, level)
    found = dict.fromkeys(_fill(template, short) for template in templates)
    return tuple(form for form in found if form not in (name, short))


def _fill(template: str, short: str) -> str:
    if "{}" not in template:
        raise BadSettings(f"division_suffixes.tsv: the spelling {template} has no {{}}")
    return template.replace("{}", short)


def village_stem(name: str) -> str:
    """What is left of a village's name without the words that say what it is: 李家村村委会 → 李家.

    One character may be left (王村 → 王): villages are only looked for next to such a word or below
    a county that is known. Width is folded; numerals stay as they are written.
    """
    plain = name.translate(_WIDTH)
    for suffix in suffixes(5):
        if plain.endswith(suffix.text) and len(plain) > len(suffix.text):
            return plain[: -len(suffix.text)]
    return plain
