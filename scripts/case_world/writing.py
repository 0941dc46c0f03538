"""How an address gets into the file: what is left out, short, misspelt, glued on or worse."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from case_world.places import Division, Map, Place, village_stem
from case_world.settings import Settings, Words, slips
from case_world.ties import Ties

_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_DIGITS = "零一二三四五六七八九"


@dataclass
class Entry:
    """One address as the file gives it, and the truth about it."""

    place: Place
    text: str = ""
    state: str = "ok"
    """ok, demolished, or why it is no address: a key of [state] in world.toml."""
    completeness: str = "door"
    slips: list[str] = field(default_factory=list)
    """Slips that touch divisions: misspelt, wrong_parent, old_name, repeated, truncated."""
    missing: int = 0
    """Levels above the town that are neither written nor implied by a municipality."""
    tie: str | None = None
    """Kind of tie that the text leaves open; see case_world/ties.py."""


@dataclass
class Clerk:
    """Types addresses."""

    dice: random.Random
    settings: Settings
    words: Words
    places: Map
    ties: Ties
    _slips: dict[str, list[str]] = field(default_factory=slips)

    def _chance(self, name: str) -> bool:
        return self.dice.random() < self.settings("quality", name)

    def _dirty(self, name: str) -> bool:
        """As `_chance`, for dirt that most worlds do without: there no dice are thrown for it."""
        chance = self.settings("dirt", name)
        return chance > 0 and self.dice.random() < chance

    def write(self, place: Place, source: str, name: str, phone: str) -> Entry:
        """An address of that source, dead ones included."""
        entry = Entry(place)
        entry.state = self._state(source)
        if entry.state not in ("ok", "demolished"):
            entry.text, entry.completeness = self._dead(entry.state, place), "none"
            return entry
        table = "completeness_rural" if place.rural else "completeness"
        shares = self.settings.shares(table)
        entry.completeness = self.dice.choices(list(shares), list(shares.values()))[0]
        if place.company and entry.completeness in ("building", "compound"):
            entry.completeness = "door"
        entry.tie = self.ties.of(place)
        if entry.tie is None:
            entry.text = self._divisions(entry) + self._tail(entry)
        else:
            entry.text = self._tied(entry, entry.tie)
        self._around(entry, name, phone)
        return entry

    def _tied(self, entry: Entry, kind: str) -> str:
        """A text that leaves open which of several places is meant; see case_world/ties.py."""
        if entry.completeness in ("district", "town"):
            entry.completeness = "village" if entry.place.rural else "compound"
        chain = self.ties.chain(entry.place, kind)
        named = {division.level for division in chain}
        entry.missing = len({2, 3} - named)
        if kind == "moved_town":
            entry.slips.append("old_parent")
        head = "".join("".join(village_stem(d.name)) if d.level == 5 else d.name for d in chain)
        tail = self._tail(entry)
        if kind == "road_after_district":
            road = self.ties.road(entry.place)
            # The road decides nothing, so it has to be there.
            tail = tail.replace(entry.place.road, road) if entry.place.road in tail else road + tail
        postcode = self.ties.postcode(entry.place, kind)
        if not postcode:
            return head + tail
        if self.dice.random() < 0.3:
            return f"{postcode} {head}{tail}"
        before, behind = self.dice.choice(((" ", ""), (",", ""), (" 邮编", ""), ("(邮编:", ")")))
        return f"{head}{tail}{before}{postcode}{behind}"

    def _state(self, source: str) -> str:
        factors = {
            "collective": 2.0 if source in ("id_card", "household_register") else 0.5,
            "site": 10.0 if source == "workplace" else 0.0,
            "locker": 10.0 if source == "delivery" else 0.0,
        }
        roll = self.dice.random()
        for state, share in self.settings.shares("state").items():
            roll -= share * factors.get(state, 1.0)
            if roll < 0:
                return state
        return "ok"

    def _dead(self, state: str, place: Place) -> str:
        """Text of an entry that is no door."""
        if state == "placeholder":
            return self.words.one("placeholder")
        above = place.division.chain()
        head = "".join(division.name for division in above[: self.dice.randint(0, len(above))])
        name = self.words.one(state)
        if state in ("site", "net_cafe") and self.dice.random() < 0.6:
            name = self.words.one("company") + name
        return head + name

    def _divisions(self, entry: Entry) -> str:
        """The chain as written."""
        chain = entry.place.division.chain()
        deepest = {"district": 3, "town": 4}.get(entry.completeness, 5)
        written: list[str] = []
        drop = self._dropped(entry)
        for division in chain:
            if division.level > deepest or division.level in drop:
                continue
            name = self._name(division, entry)
            if division.level == 2 and self._chance("wrong_parent"):
                name = self._wrong_city(division)
                entry.slips.append("wrong_parent")
            written.append(name)
            if division.level <= 2 and self._dirty("filler"):
                written.append(self.words.one("filler"))
            if division.level <= 3 and self._chance("repeated"):
                written.append(name)
        there = {division.level for division in chain}
        entry.missing = len([level for level in drop & {2, 3} if level in there])
        return "".join(written)

    def _dropped(self, entry: Entry) -> set[int]:
        rural = entry.place.rural
        town = "drop_town_rural" if rural else "drop_town_urban"
        levels = {1: "drop_province", 2: "drop_city", 3: "drop_district", 4: town}
        drop = {level for level, name in levels.items() if self._chance(name)}
        if entry.completeness in ("district", "town"):
            drop -= {3, 4} if entry.completeness == "district" else {4}
        return drop

    def _wrong_city(self, city: Division) -> str:
        others = [
            county.parent.name
            for county in self.places.counties
            if county.parent and county.parent.level == 2 and county.parent is not city
            and county.code[:2] == city.code[:2]
        ]  # fmt: skip
        return self.dice.choice(others) if others else city.name

    def _name(self, division: Division, entry: Entry) -> str:
        """One division's name as the clerk knows it."""
        name = division.name
        if division.level == 5:
            stem, kind = village_stem(name)
            return stem + kind
        if division.level == 1 and self._chance("short_province"):
            name = division.short
        if division.level == 2 and self._chance("short_city"):
            name = division.short
        old = self.places.old_names.get(division.code)
        if old and self._chance("old_county_name" if division.level == 3 else "old_town_name"):
            name = self.dice.choice(old)
            entry.slips.append("old_name")
        elif division.level >= 2 and self._chance("misspelt"):
            wrong = self._misspelt(name)
            if wrong != name:
                entry.slips.append("misspelt")
            name = wrong
        return name

    def _misspelt(self, name: str) -> str:
        at = [index for index, char in enumerate(name[:-1]) if char in self._slips]
        if at:
            index = self.dice.choice(at)
            return name[:index] + self.dice.choice(self._slips[name[index]]) + name[index + 1 :]
        if len(name) > 3:  # two characters change places, or one is lost
            index = self.dice.randrange(len(name) - 2)
            if self.dice.random() < 0.5:
                return name[:index] + name[index + 1] + name[index] + name[index + 2 :]
            return name[:index] + name[index + 1 :]
        return name

    def _tail(self, entry: Entry) -> str:
        """What stands below the divisions."""
        place, done = entry.place, entry.completeness
        if done in ("district", "town"):
            return ""
        if place.rural:
            return self._rural(place, done)
        road = f"{place.road}{place.number}号"
        if done == "road_number":
            return road
        parts = road if self.dice.random() < 0.7 or not place.compound else ""
        parts += place.compound
        if done in ("building", "door") and place.building:
            parts += self._door(place, done)
        return parts + place.company

    def _rural(self, place: Place, done: str) -> str:
        if done == "village":
            return ""
        group = f"{place.group}{place.group_word}"
        if self._chance("chinese_numerals"):
            group = f"{numeral(place.group)}{place.group_word}"
            if place.group_word == "村民小组":
                group = "第" + group
        return group if done == "village_group" else f"{group}{place.number}号"

    def _door(self, place: Place, done: str) -> str:
        if done == "door" and self._chance("terse_numbers"):
            numbers = [str(place.building), str(place.unit or ""), place.room]
            return "-".join(number for number in numbers if number)
        building = str(place.building)
        if self._chance("chinese_numerals"):
            building = numeral(place.building)
        text = building + self.dice.choice(("号楼", "号楼", "栋", "幢", "座"))
        if done == "building":
            return text
        if place.unit:
            text += f"{place.unit}单元"
        return text + place.room + self.dice.choice(("室", "室", "", "房", "号"))

    def _around(self, entry: Entry, name: str, phone: str) -> None:
        """Notes, labels, glued persons, widths and cuts."""
        for dirt in ("country", "list_number", "label"):
            if self._dirty(dirt):
                entry.text = self.words.one(dirt) + entry.text
        if self._dirty("code"):
            entry.text += f"[{self.dice.randint(1000, 9999)}]"
        if self._dirty("receiver"):
            entry.text += name + "收"
        if self._dirty("form"):
            entry.text = f"收件人：{name} 电话：{phone} 地址：{entry.text}"
        if entry.state == "demolished":
            entry.text += self.words.one("dead_note")
        if self._chance("note"):
            entry.text += self.words.one("note")
        if self._chance("glued_person"):
            glued = name + phone if self.dice.random() < 0.7 else phone
            front = self.dice.random() < 0.6
            entry.text = glued + entry.text if front else entry.text + glued
        if self._chance("full_width"):
            entry.text = entry.text.translate(_WIDE)
        if self._chance("spaces") and len(entry.text) > 6:
            at = self.dice.randrange(2, len(entry.text) - 2)
            entry.text = entry.text[:at] + " " + entry.text[at:]
        if self._chance("truncated") and len(entry.text) > 14:
            entry.text = entry.text[: self.dice.randint(8, len(entry.text) - 4)]
            entry.slips.append("truncated")


def numeral(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
