"""Aliases, zones and regiments: names that are no official division's name, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from addrfix.knowledge import table_rows, words
from addrfix.model.errors import BadSettings
from addrfix.places.forms import DivisionRow, HistoryRow, NameForm
from addrfix.places.names import short_name
from addrfix.places.regiments import regiment_forms

_TOWN_LEVEL = 4
EVERY_TOWN = "*"
"""Stands in `town_moves.tsv` for all towns of a county."""
_ZONE_LEVEL = 3
"""Zones stand in an address where a county would stand."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone or new area that is no division, and where it lies."""

    name: str
    forms: tuple[str, ...]
    """Every way to write it, the name first."""
    counties: tuple[int, ...]
    """Division ids, largest part first; empty where nobody tells."""
    shares: tuple[float, ...]
    city: int
    """Division id of the prefecture or province."""
    also_under: tuple[int, ...]
    """Other prefectures that addresses name above it."""
    kind: str
    source: str


class Divisions:
    """Levels 1 to 4 by code, for tables that name codes."""

    def __init__(self, rows: Iterable[DivisionRow]) -> None:
        """Index the rows."""
        self.rows = tuple(rows)
        self._by_code: Mapping[str, DivisionRow] = {row.code: row for row in self.rows}

    def of(self, code: str, table: str) -> DivisionRow:
        """The division of a code that a knowledge table names.

        Raises:
            BadSettings: the gazetteer has no such code.
        """
        if code not in self._by_code:
            raise BadSettings(f"{table}: the code {code} is in no division table")
        return self._by_code[code]

    def below(self, division: int) -> list[DivisionRow]:
        """The divisions right below one, by id."""
        return [row for row in self.rows if row.parent_id == division]

    def ids(self, codes: str, table: str) -> tuple[int, ...]:
        """Ids of codes separated by blanks."""
        return tuple(self.of(code, table).id for code in codes.split())


def aliases(divisions: Divisions) -> list[tuple[str, int]]:
    """(form, division id) of the hand-kept aliases and of names that towns bear in later lists."""
    named = (("aliases", "alias"), ("later_names", "later_name"))
    return [
        (row[column], divisions.of(row["code"], f"{name}.tsv").id)
        for name, column in named
        for row in table_rows(name)
    ]


def moved_towns(divisions: Divisions) -> list[HistoryRow]:
    """Towns that left a county while their name stayed, from the hand-kept `town_moves.tsv`.

    Raises:
        BadSettings: a code is unknown, or the county left is not the one that the row names.
    """
    table = "town_moves.tsv"
    found = []
    for row in table_rows(table.removesuffix(".tsv")):
        left, home = divisions.of(row["former"], table), divisions.of(row["code"], table)
        if left.name != row["once_in"]:
            raise BadSettings(f"{table}: {row['former']} is {left.name}, not {row['once_in']}")
        if row["name"] == EVERY_TOWN:
            below = [town for town in divisions.below(home.id) if town.kind == "official"]
        else:
            below = [home]
        found += [
            HistoryRow(
                _TOWN_LEVEL, "", town.name if row["name"] == EVERY_TOWN else row["name"],
                (left.id,), int(row["until"]), town.id, 1.0,
            )
            for town in below
        ]  # fmt: skip
    return found


def zones(divisions: Divisions) -> list[Zone]:
    """Zones of `zones.tsv`, then those of `zone_ties.tsv` that it does not have."""
    found: dict[tuple[str, int], Zone] = {}
    for row in table_rows("zones"):
        zone = _zone(divisions, row, "zones.tsv")
        found[zone.name, zone.city] = zone
    for row in table_rows("zone_ties"):
        zone = _zone(divisions, {"short_forms": "", "kind": "zone", **row}, "zone_ties.tsv")
        known = found.get((zone.name, zone.city))
        if known is None or not known.counties:
            found[zone.name, zone.city] = zone
    return [found[key] for key in sorted(found)]


def _zone(divisions: Divisions, row: Mapping[str, str], table: str) -> Zone:
    counties = divisions.ids(row["counties"], table)
    shares = tuple(float(share) for share in row["shares"].split())
    if len(shares) != len(counties):
        raise BadSettings(f"{table}: {row['name']} has not one share for each county")
    city = divisions.of(row["city"], table)
    return Zone(
        row["name"],
        tuple(
            dict.fromkeys((row["name"], *row["short_forms"].split(), *_short(row["name"], city)))
        ),
        counties,
        shares,
        city.id,
        divisions.ids(row.get("also_under", ""), table),
        row["kind"],
        table,
    )


def _short(name: str, city: DivisionRow) -> Iterator[str]:
    """Shorter forms of a zone's name by `words/zone_suffixes.tsv`."""
    short_city = short_name(city.name, city.level)
    # 张家口市察北管理区 is written 察北管理区 where the city has been named already.
    for prefix in (city.name, short_city):
        if name.startswith(prefix) and len(name) - len(prefix) >= len("察北管理区"):
            yield name[len(prefix) :]
            break
    for row in words("zone_suffixes"):
        if not name.endswith(row["suffix"]):
            continue
        stem = name[: -len(row["suffix"])]
        # Provincial zones put the province in front: 河北沧州经济开发区.
        at = stem.find(short_city)
        stem = stem[at:] if at > 0 else stem
        for spelling in row["spellings"].split() if stem else ():
            yield spelling.replace("{}", stem)
            yield spelling.replace("{}", stem.removesuffix("市"))
        if stem.removesuffix("市") == short_city:
            yield from row["bare"].split()
        return


def zone_forms(found: Iterable[Zone]) -> Iterator[NameForm]:
    """Every way to write a zone, once per county it lies in; the city where no county is known."""
    for zone in found:
        places = list(zip(zone.counties, zone.shares, strict=True)) or [(zone.city, 1.0)]
        above = tuple(dict.fromkeys((zone.city, *zone.also_under)))
        for form in zone.forms:
            for division, share in places:
                yield NameForm(
                    form, division, _ZONE_LEVEL, "zone", None, share, above, zone.name, None
                )


def quarter_forms(divisions: Divisions) -> Iterator[NameForm]:
    """Quarters of Hong Kong and Macau: written like towns, and no divisions (`quarters.tsv`)."""
    for row in table_rows("quarters"):
        district = divisions.of(row["code"], "quarters.tsv")
        if district.name != row["district"]:
            raise BadSettings(f"quarters.tsv: {row['code']} is {district.name}")
        yield NameForm(row["quarter"], district.id, _TOWN_LEVEL, "quarter")


def extra_forms(divisions: Divisions, found: Iterable[Zone]) -> list[NameForm]:
    """Forms of zones, of the corps' divisions and regiments, and of quarters."""
    rows = table_rows("regiments")
    cities = {row["city"]: divisions.of(row["city"], "regiments.tsv") for row in rows}
    corps = regiment_forms(divisions.rows, rows, cities)
    return [*zone_forms(found), *corps, *quarter_forms(divisions)]
