"""Whether two like names mean one place, given what else two addresses share.

A name alone must be rare enough: the bits that it carries (`rarity`) are held against those that
its kind and its surroundings ask for, the sum of the rows of `gazetteer/words/compare_bits.tsv`
that apply.
"""

from __future__ import annotations

from functools import cache

from addrfix.compare.anchors import EQUAL, LIKE, Anchor
from addrfix.compare.endings import Kind, endings_part
from addrfix.compare.rarity import bits
from addrfix.knowledge import words

PARTED = frozenset(("district_differs", "town_differs"))
# What two addresses share that makes a common name enough.
_CONTEXT = frozenset(
    (
        "same_road_number",
        "near_road_number",
        "same_main_number",
        "same_road",
        "same_district",
        "same_city",
        "same_town",
    )
)
# Differences that leave little beside the name.
_LOOSE = ("beside", "finer_name", "part_differs", "name_differs")
_ALSO = ("one_names_city", "gate_differs", "other_building")
# China has some 2^20 compounds, so a name of 20 bits may stand twice.
_RARE = 25.0


def one_place(found: Anchor, reasons: list[str], lacks: list[str]) -> bool:
    """Whether the two names of an anchor mean one place.

    Args:
        found: the names.
        reasons: what else agrees or differs, divisions and roads.
        lacks: what would keep the two addresses from being the same.
    """
    if not PARTED.isdisjoint(reasons):
        # Clerks mix up neighbouring districts: only a rare name may stand against that.
        return found.score >= EQUAL and bits(found.stretch) >= _RARE
    enough = _CONTEXT - {"same_city"} if Kind.VILLAGE in found.kinds else _CONTEXT
    context = found.pairs >= 2 or not enough.isdisjoint(reasons)
    if found.score < LIKE:
        return context and not found.beside and "other_road" not in reasons
    if not context and "one_names_city" not in reasons and _need_company(found):
        return False
    return context or bits(found.stretch) >= needed(found, reasons, lacks)


def _need_company(found: Anchor) -> bool:
    """Names that are no more than alike say nothing alone: 云台嘉园 and 云台世家 are two places."""
    if found.score < EQUAL:
        short, long = sorted((found.one.core, found.other.core), key=len)
        return short not in long
    sites = found.kinds <= {Kind.SITE, Kind.OTHER}
    return sites and endings_part(found.one.ending, found.other.ending)


@cache
def _asked() -> dict[str, tuple[float, float]]:
    """Term → bits that it asks for where all else agrees, and where something differs."""
    return {
        row["term"]: (float(row["same"]), float(row["partial"])) for row in words("compare_bits")
    }


def needed(found: Anchor, reasons: list[str], lacks: list[str]) -> float:
    """Bits that a name must carry to stand for one place where nothing else is shared."""
    column = 1 if lacks else 0
    return sum(_asked()[term][column] for term in _terms(found, reasons, lacks))


def _terms(found: Anchor, reasons: list[str], lacks: list[str]) -> list[str]:
    """The terms of `compare_bits.tsv` that apply."""
    terms = ["name", *_terms_of_kind(found.kinds)]
    if found.score < EQUAL:
        terms.append("like_name")
    if found.kinds == {Kind.SITE} and "same_building" in reasons:
        terms.append("same_building")
    if "other_road" in reasons and found.kinds != {Kind.FIRM}:
        terms.append("other_road")
    terms += ["loose" for lack in lacks if lack in _LOOSE]
    return terms + [term for term in _ALSO if term in reasons or term in lacks]


def _terms_of_kind(kinds: set[Kind]) -> list[str]:
    terms = [kind.value for kind in (Kind.SITE, Kind.FIRM, Kind.OTHER) if kinds == {kind}]
    if Kind.VILLAGE in kinds:
        terms.append("village")
    elif kinds & {Kind.TENANT, Kind.BRANCH}:
        terms.append("chain")
    elif Kind.INSTITUTION in kinds:
        terms.append("institution")
    return terms
