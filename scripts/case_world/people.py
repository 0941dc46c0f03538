"""The debtors of the made-up lender and the lives they led."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from case_world.places import Division, Map, Place
from case_world.settings import Settings, Words
from case_world.ties import Ties

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_PHONE_PREFIXES = ("130", "135", "137", "139", "150", "158", "176", "181", "186", "189", "199")
# Every two hundredth debtor, from these on, has a rare character in the name, so that even a small
# file has some.
_RARE = {3: "rare_given", 11: "rare_given", 29: "rare_given", 17: "unprintable_given"}
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Person:
    """A debtor; the timelines begin at their first day and are in order."""

    case_id: str
    name: str
    id_no: str
    phone: str
    principal: float
    interest: float
    fees: float
    loan_date: date
    register: Place
    """Home of the household register, where parents may live."""
    homes: tuple[tuple[date, Place], ...]
    jobs: tuple[tuple[date, Place], ...]
    contact: Place
    contact_name: str
    contact_relation: str
    ease: float
    """Log-odds by which this debtor signs more readily than others."""

    def home_on(self, day: date) -> Place:
        """Where the debtor lived that day."""
        return _on(self.homes, day)

    def job_on(self, day: date) -> Place:
        """Where the debtor worked that day."""
        return _on(self.jobs, day)

    def relation(self, place: Place, day: date) -> str:
        """What a place is to the debtor that day; a key of [signed] in world.toml."""
        if place == self.home_on(day):
            return "home"
        if place == self.register:
            return "family_rural" if place.rural else "family_urban"
        if any(place == home for _, home in self.homes):
            return "old_home"
        if place == self.contact:
            return "contact"
        return "work" if place == self.job_on(day) else "old_work"


def _on(timeline: tuple[tuple[date, Place], ...], day: date) -> Place:
    return next((place for since, place in reversed(timeline) if since <= day), timeline[0][1])


@dataclass
class Registry:
    """Makes debtors, one after the other."""

    dice: random.Random
    settings: Settings
    words: Words
    places: Map
    as_of: date
    ties: Ties

    def debtor(self, case_id: str, number: int) -> Person:
        """The debtor of a number, made anew."""
        s, dice = self.settings, self.dice
        county = self.ties.county() or self.places.somewhere()
        register = self.places.home(county, urban=dice.random() < s("people", "urban") * 0.7)
        lives = county
        if dice.random() < s("people", "migrated"):
            lives = self.ties.county() or self.places.somewhere(county)
        begin = self.as_of - timedelta(days=s("people", "history_years") * _YEAR)
        homes = [(begin, register), *self._homes(begin, lives, county)]
        jobs = self._jobs(begin, lives)
        born = self.as_of - timedelta(days=dice.uniform(22, 58) * _YEAR)
        principal = round(min(max(math.exp(dice.gauss(8.9, 0.8)), 500.0), 200_000.0), 2)
        loan_date = self.as_of - timedelta(days=dice.randint(240, 1_800))
        kin = register if dice.random() < 0.3 else self.places.home(county, urban=True)
        return Person(
            case_id=case_id,
            name=self._name(number),
            id_no=self.id_number(county, born),
            phone=self._phone(lives),
            principal=principal,
            interest=round(principal * dice.uniform(0.01, 0.2), 2),
            fees=dice.choice((0.0, 0.0, 35.0, 88.8, 200.0)),
            loan_date=loan_date,
            register=register,
            homes=tuple(homes),
            jobs=tuple(jobs),
            contact=kin,
            contact_name=self.words.one("surname") + self.words.one("given"),
            contact_relation=self.words.one("relation"),
            ease=dice.gauss(0.0, s("signed", "person_spread")),
        )

    def _phone(self, lives: Division) -> str:
        """A mobile number, in some worlds often one of the city where the debtor lives."""
        at_home = self.settings("people", "phone_at_home")
        if at_home > 0 and self.dice.random() < at_home:
            city = next((d for d in lives.chain() if d.level == 2), lives.chain()[0])
            ranges = self.places.phones.get(city.code)
            if ranges:
                first, last = self.dice.choice(ranges)
                return f"{self.dice.randint(first, last)}{self.dice.randrange(10**4):04d}"
        return self.dice.choice(_PHONE_PREFIXES) + f"{self.dice.randrange(10**8):08d}"

    def _homes(self, begin: date, lives: Division, county: Division) -> list[tuple[date, Place]]:
        """Moves after the first home; who left the county has one at least."""
        s, dice = self.settings, self.dice
        days = self._events(begin, s("people", "moves_a_year"))
        if lives is not county and not days:
            days = [begin + timedelta(days=dice.uniform(0.1, 0.9) * (self.as_of - begin).days)]
        urban = s("people", "urban")
        return [(day, self.places.home(lives, urban=dice.random() < urban)) for day in days]

    def _jobs(self, begin: date, lives: Division) -> list[tuple[date, Place]]:
        days = [begin, *self._events(begin, self.settings("people", "jobs_a_year"))]
        return [(day, self.places.workplace(lives)) for day in days]

    def _events(self, begin: date, a_year: float) -> list[date]:
        """Days of a Poisson process."""
        days: list[date] = []
        day = begin
        while a_year > 0:
            day += timedelta(days=max(1.0, self.dice.expovariate(a_year) * _YEAR))
            if day >= self.as_of:
                break
            days.append(day)
        return days

    def _name(self, number: int) -> str:
        given = self.words.one("given")
        if number % 200 in _RARE:
            return self.words.one("surname") + self.words.one(_RARE[number % 200]) + given
        if self.dice.random() < 0.65:
            given += self.words.one("given")
        return self.words.one("surname") + given

    def id_number(self, county: Division, born: date) -> str:
        """A number of 18 places with a code of the county and the right check digit."""
        old = self.places.old_codes.get(county.code)
        prefix = county.code[:6]
        if old and self.dice.random() < self.settings("people", "old_id_prefix"):
            prefix = self.dice.choice(old)
        if len(county.code) == 6 and county.level == 2:
            prefix = county.code[:4] + "00"  # a city without counties
        body = f"{prefix}{born:%Y%m%d}{self.dice.randint(1, 999):03d}"
        total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
        return body + "10X98765432"[total % 11]
