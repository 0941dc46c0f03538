"""The witnesses that say which division is meant; one file each.

Names are weighed first (`reading/chain.py`); witnesses of the text speak before the structure is
known, those of the elements after it, those of the case last. `gazetteer/words/witnesses.tsv` holds
what each is worth, its reason code, its sentences and its examples; `reading/weighing.py` adds up.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from addrfix.model.errors import BadSettings
from addrfix.model.protocols import DivisionIndex
from addrfix.reading.witnesses import (
    beginning,
    core_district,
    id_card,
    other_address,
    own_place,
    phone,
    postcode,
    road_community,
    road_name,
    town_below,
    village,
    village_name,
)
from addrfix.reading.witnesses.weights import weights
from addrfix.reading.witnesses.witness import Witness

GROUP = "addrfix.witnesses"
_SHIPPED = (
    town_below, village, village_name, road_name, road_community, beginning, postcode,
    core_district, own_place, id_card, other_address, phone,
)  # fmt: skip


def installed(index: DivisionIndex, without: frozenset[str] = frozenset()) -> tuple[Witness, ...]:
    """Shipped witnesses first, then those of the entry point group, by name.

    Args:
        index: the divisions.
        without: names of witnesses to leave out.

    Raises:
        BadSettings: an entry point does not load, or `witnesses.tsv` has no row for a witness.
    """
    found: list[Witness] = [module.create(index) for module in _SHIPPED]
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            found.append(point.load()(index))
        except Exception as wrong:
            raise BadSettings(
                f"witness {point.name} ({point.value}) does not load: {wrong}"
            ) from wrong
    for witness in found:
        if witness.name not in weights():
            raise BadSettings(f"witnesses.tsv has no row for the witness {witness.name}")
    return tuple(witness for witness in found if witness.name not in without)
