"""The places of the made-up lender: real divisions, invented roads, compounds and doors."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from case_world.settings import Words

_VILLAGE = re.compile(
    r"(?:社区)?(?:居民|村民)?委员会$|(?:社区)?(?:居|村)委会$|社区$|村村民委员会$|村$"
)


@dataclass(frozen=True, slots=True)
class Division:
    """One division with its chain."""

    code: str
    name: str
    short: str
    level: int
    parent: Division | None

    def chain(self) -> list[Division]:
        """From the province down to this one."""
        return [*(self.parent.chain() if self.parent else []), self]

    def official(self) -> dict[str, str | None]:
        """Names by level as `clean` gives them.

        Of a municipality the city is the province; of a county directly under a province the city
        is the county; a city without counties has no district.
        """
        by = {division.level: division.name for division in self.chain()}
        if 2 not in by and 3 in by:
            by[2] = by[1] if by[1].endswith("市") else by[3]
        names = ("province", "city", "district", "town", "village")
        return {name: by.get(level) for level, name in enumerate(names, start=1)}


@dataclass(frozen=True, slots=True)
class Place:
    """One door."""

    division: Division
    """Its town, or its village where it is rural."""
    rural: bool
    road: str = ""
    number: int = 0
    compound: str = ""
    building: int = 0
    unit: int = 0
    room: str = ""
    group: int = 0
    group_word: str = ""
    company: str = ""

    @property
    def compound_key(self) -> str:
        """What tells compounds (or villages) apart."""
        return f"{self.division.code}{self.compound}"


@dataclass
class Map:
    """Divisions to draw from, and what was built there so far."""

    dice: random.Random
    words: Words
    counties: list[Division] = field(default_factory=list)
    towns: dict[str, list[Division]] = field(default_factory=dict)
    villages: dict[str, list[Division]] = field(default_factory=dict)
    old_names: dict[str, list[str]] = field(default_factory=dict)
    """Code of a county or town to names that it or what went into it once had."""
    old_codes: dict[str, list[str]] = field(default_factory=dict)
    """Code of a county to six-digit codes it once had."""
    phones: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Code of a city to the mobile numbers at home there: first and last seven digits."""
    _built: dict[str, list[Place]] = field(default_factory=dict)

    def somewhere(self, near: Division | None = None) -> Division:
        """A county, in the same province as another where one is given and the dice say so."""
        if near is not None and self.dice.random() < 0.6:
            near_by = [c for c in self._of_province(near.code[:2]) if c.code in self.towns]
            return self.dice.choice(near_by)
        return self.dice.choice(self.counties)

    def _of_province(self, prefix: str) -> list[Division]:
        return [county for county in self.counties if county.code.startswith(prefix)]

    def home(self, county: Division, *, urban: bool) -> Place:
        """A home in a county; compounds fill up, so that neighbours exist."""
        town = self._town(county, urban=urban)
        if not urban and self.villages.get(town.code):
            village = self.dice.choice(self.villages[town.code])
            return Place(
                village, True, group=self.dice.randint(1, 18),
                group_word=self.words.one("village_group"), number=self.dice.randint(1, 240),
            )  # fmt: skip
        built = self._built.setdefault(town.code, [])
        if built and self.dice.random() < 0.7:
            shell = self.dice.choice(built)
        else:
            shell = self._shell(town)
            built.append(shell)
        return Place(
            town, False, shell.road, shell.number, shell.compound, self.dice.randint(1, 32),
            self.dice.choice((0, 1, 1, 2, 2, 3, 4)),
            f"{self.dice.randint(1, 33)}0{self.dice.randint(1, 6)}",
        )  # fmt: skip

    def workplace(self, county: Division) -> Place:
        """An office, a shop or a works in a county."""
        town = self._town(county, urban=True)
        shell = self._shell(town)
        w = self.words.one
        if self.dice.random() < 0.25:
            company = w("company") + w("shop")
        else:
            company = w("company") + w("company_field") + w("company_suffix")
        room = f"{self.dice.randint(1, 25)}{self.dice.randint(1, 20):02d}"
        if self.dice.random() < 0.5:
            return Place(town, False, shell.road, shell.number, company=company)
        return Place(
            town, False, shell.road, shell.number, shell.compound, self.dice.randint(1, 9), 0,
            room, company=company,
        )  # fmt: skip

    def _shell(self, town: Division) -> Place:
        w = self.words.one
        stem = w("road_after_place") if self.dice.random() < 0.06 else w("road")
        return Place(
            town, False, stem + w("road_suffix"), self.dice.randint(1, 999),
            w("compound") + w("compound_suffix"),
        )  # fmt: skip

    def _town(self, county: Division, *, urban: bool) -> Division:
        towns = self.towns[county.code]
        if urban:
            streets = [town for town in towns if town.name.endswith(("街道", "镇"))]
            towns = streets or towns
        else:
            towns = [town for town in towns if self.villages.get(town.code)] or towns
        return self.dice.choice(towns)


def village_stem(name: str) -> tuple[str, str]:
    """Name of a village without its committee, and whether it is 村 or 社区."""
    stem = _VILLAGE.sub("", name) or name
    kind = "社区" if "社区" in name or "居" in name[len(stem) :] else "村"
    return (stem.removesuffix("村") or stem) if kind == "村" else stem, kind


def load(gazetteer: Path, dice: random.Random, words: Words) -> Map:
    """Official divisions of the mainland, with history."""
    frame = (
        pl.read_parquet(
            gazetteer / "divisions.parquet",
            columns=["code", "level", "name", "short_name", "parent_code", "kind"],
        )
        .filter((pl.col("kind") == "official") & ~pl.col("code").str.contains("^(71|81|82)"))
        .sort("level", "code")
    )
    made: dict[str, Division] = {}
    drawn = Map(dice, words)
    for code, level, name, short, parent, _ in frame.iter_rows():
        above = made.get(parent) if parent else None
        if level > 1 and above is None:
            continue
        division = Division(code, name, short or name, level, above)
        made[code] = division
        if level == 4 and above is not None:
            drawn.towns.setdefault(above.code, []).append(division)
        elif level == 5 and above is not None:
            drawn.villages.setdefault(above.code, []).append(division)
    drawn.counties = [made[code] for code in sorted(drawn.towns)]
    _history(gazetteer, drawn, made)
    _phones(gazetteer, drawn)
    return drawn


def _phones(gazetteer: Path, drawn: Map) -> None:
    ranges = pl.read_parquet(gazetteer / "phone_prefixes.parquet").filter(
        (pl.col("kind") == "mobile") & (pl.col("codes").list.len() == 1)
    )
    for first, last, codes in ranges.sort("first").select("first", "last", "codes").iter_rows():
        drawn.phones.setdefault(codes[0], []).append((int(first), int(last)))


def _history(gazetteer: Path, drawn: Map, made: dict[str, Division]) -> None:
    """Former names and codes of counties and towns that still are one place."""
    frame = pl.read_parquet(gazetteer / "history.parquet").filter(
        (pl.col("share") >= 0.9) & (pl.col("until_year") >= 1990) & pl.col("level").is_in([3, 4])
    )
    for row in frame.sort("new_code", "old_code", "old_name").iter_rows(named=True):
        now = made.get(row["new_code"])
        if now is None or now.level != row["level"]:
            continue
        if row["old_name"] != now.name and row["old_name"] not in ("郊区", "城区", "街道"):
            drawn.old_names.setdefault(now.code, []).append(row["old_name"])
        if row["level"] == 3 and row["old_code"] != now.code:
            drawn.old_codes.setdefault(now.code, []).append(row["old_code"])
