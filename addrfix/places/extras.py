"""Aliases and zones: the hand-kept tables of names that are no official division's name."""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.knowledge import folder, read_tsv
from addrfix.model.errors import BadSettings


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of divisions by code."""

    by_code: dict[str, int]

    def of(self, code: str, table: str) -> int:
        """The id of a code that a knowledge table names.

        Raises:
            BadSettings: the gazetteer has no such code.
        """
        if code not in self.by_code:
            raise BadSettings(f"{table}: the code {code} is in no division table")
        return self.by_code[code]


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone, new area or regiment that is no division, and where it lies."""

    name: str
    short_forms: tuple[str, ...]
    counties: tuple[int, ...]
    shares: tuple[float, ...]
    city: int
    kind: str
    source: str

    def forms(self) -> list[tuple[str, int, float]]:
        """(form, division id, share) of every way to write it; the city if no county is known."""
        places = list(zip(self.counties, self.shares, strict=True)) or [(self.city, 1.0)]
        return [
            (form, division, share)
            for form in (self.name, *self.short_forms)
            for division, share in places
        ]


def aliases(ids: Ids) -> list[tuple[str, int]]:
    """(form, division id) of the hand-kept aliases and of names that towns bear in later lists."""
    found = [
        (row["alias"], ids.of(row["code"], "aliases.tsv"))
        for row in read_tsv(folder("gazetteer") / "aliases.tsv")
    ]
    found += [
        (row["later_name"], ids.of(row["code"], "later_names.tsv"))
        for row in read_tsv(folder("gazetteer") / "later_names.tsv")
    ]
    return found


def zone_rows(ids: Ids) -> list[Zone]:
    """Zones of `zones.tsv`."""
    zones = []
    for row in read_tsv(folder("gazetteer") / "zones.tsv"):
        counties = tuple(ids.of(code, "zones.tsv") for code in row["counties"].split())
        shares = tuple(float(share) for share in row["shares"].split())
        if not shares and counties:
            shares = tuple(round(1 / len(counties), 3) for _ in counties)
        if len(shares) != len(counties):
            raise BadSettings(
                f"zones.tsv: {row['name']} has unequal numbers of counties and shares"
            )
        zones.append(
            Zone(
                row["name"], tuple(row["short_forms"].split()), counties, shares,
                ids.of(row["city"], "zones.tsv"), row["kind"], row["source"],
            )
        )  # fmt: skip
    return zones
