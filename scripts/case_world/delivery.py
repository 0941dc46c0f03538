"""Who signs for a letter: the model that both the history and the truth come from.

    P(signed) = P(door found) x P(signed | door found)
    P(door found) = found[completeness] x slip^slips x missing_level^missing       (live entries)
    logit P(signed | door found) = logit signed[what the place is to the debtor that day]
                                   + debtor + town + compound

The last three are drawn once per debtor, town and compound from normal distributions with mean 0
and the spreads of world.toml. Dead entries: demolished, placeholders, institutions and net cafés
are never signed for; collective registers, lockers and sites as world.toml says.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from case_world.people import Person
from case_world.settings import Settings
from case_world.writing import Entry

_SIGNERS = {
    "home": (("本人签收", 0.62), ("家人代收", 0.24), ("物业代收", 0.14)),
    "family_rural": (("家人代收", 0.75), ("本人签收", 0.25)),
    "family_urban": (("家人代收", 0.70), ("本人签收", 0.20), ("物业代收", 0.10)),
    "work": (("本人签收", 0.70), ("物业代收", 0.30)),
}
_OTHER_SIGNERS = (("本人签收", 0.4), ("物业代收", 0.4), ("家人代收", 0.2))
_ABSENT = (("查无此人", 0.55), ("迁移新址不明", 0.30), ("逾期未领", 0.15))


@dataclass
class Post:
    """Delivers letters."""

    dice: random.Random
    settings: Settings
    seed: str
    _effects: dict[str, float] = field(default_factory=dict)

    def found(self, entry: Entry) -> float:
        """Chance that the postman stands before the right door."""
        if entry.state != "ok":
            return 1.0
        s = self.settings
        chance = s("found", entry.completeness) * s("found", "slip") ** len(entry.slips)
        return chance * s("found", "missing_level") ** entry.missing

    def signed_there(self, entry: Entry, person: Person, day: date) -> float:
        """Chance that the letter is signed for at the door."""
        if entry.state in ("collective", "locker", "site"):
            return self.settings("signed", entry.state)
        if entry.state != "ok":
            return 0.0
        base = self.settings("signed", person.relation(entry.place, day))
        town = entry.place.division.code[:9]
        odds = math.log(base / (1.0 - base)) + person.ease
        odds += self._effect(f"town {town}", "town_spread")
        odds += self._effect(f"compound {entry.place.compound_key}", "compound_spread")
        return 1.0 / (1.0 + math.exp(-odds))

    def p_signed(self, entry: Entry, person: Person, day: date) -> float:
        """Chance that a letter sent that day is signed for."""
        fault = 1.0 - self.settings("letters", "carrier_fault")
        return fault * self.found(entry) * self.signed_there(entry, person, day)

    def _effect(self, key: str, spread: str) -> float:
        # Drawn by name, not in turn: the same town weighs the same in every file of a seed.
        if key not in self._effects:
            own = random.Random(f"{self.seed} {key}")
            self._effects[key] = own.gauss(0.0, self.settings("signed", spread))
        return self._effects[key]

    def deliver(self, entry: Entry, person: Person, day: date) -> tuple[str, str, date]:
        """Result, return reason ("" where signed for) and day of the result."""
        dice = self.dice
        if dice.random() < self.settings("letters", "carrier_fault"):
            return "退回", "无法投递", day + timedelta(days=dice.randint(3, 15))
        if dice.random() >= self.found(entry):
            return "退回", dice.choice(("地址不详", "地址不详", "查无此人")), self._back(day)
        relation = person.relation(entry.place, day)
        if dice.random() < self.signed_there(entry, person, day):
            signers = _SIGNERS.get(relation, _OTHER_SIGNERS)
            who = dice.choices([w for w, _ in signers], [share for _, share in signers])[0]
            return who, "", day + timedelta(days=dice.randint(1, 6))
        return "退回", self._reason(entry, relation), self._back(day)

    def _back(self, day: date) -> date:
        return day + timedelta(days=self.dice.randint(4, 22))

    def _reason(self, entry: Entry, relation: str) -> str:
        if entry.state == "demolished":
            return "原址拆迁"
        if entry.state == "placeholder":
            return "地址不详"
        if entry.state == "ok" and relation in ("home", "family_rural", "family_urban"):
            refused, away = self.settings("letters", "refused"), self.settings("letters", "away")
            roll = self.dice.random()
            if roll < refused and relation == "home":
                return "拒收"
            return "长期外出" if roll < refused + away else "逾期未领"
        return self.dice.choices([w for w, _ in _ABSENT], [share for _, share in _ABSENT])[0]
