"""The figures of a report by a second, plain method: loops over rows, no SQL, no columns."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.flow.report import batch_files
from addrfix.knowledge import words
from addrfix.outcomes.figures import (
    DIMENSIONS,
    BadPlace,
    Band,
    Cost,
    Count,
    CurvePoint,
    Figures,
    Rate,
    Reason,
    Ripeness,
)
from addrfix.outcomes.tariffs import Tariff
from addrfix.outcomes.uplift import Arm, Uplift

Letter = dict[str, Any]
SIGNERS: Mapping[str, tuple[str | None, ...]] = {
    "strict": ("self", "household"),
    "standard": ("self", "household", "unit"),
    "broad": ("self", "household", "unit", "unattended", None),
}


def read_letters(folders: Sequence[Path], as_of: date) -> list[Letter]:
    """Every letter as one plain dict, joined by its id."""
    meaning = {row["reason"]: row for row in words("return_reasons")}
    letters: list[Letter] = []
    for number, folder in enumerate(folders):
        facts = json.loads((folder / "batch.json").read_text(encoding="utf-8"))
        manifest, picks, outcomes = (
            {row["letter_id"]: row for row in _rows(folder / name)}
            for name in ("manifest.parquet", "private/picks.parquet", "outcomes.parquet")
        )
        known = {letter_id: _known(row, as_of) for letter_id, row in outcomes.items()}
        finals = [row["final_on"] for row in known.values() if row["final_on"]]
        until = max(finals) if finals else None
        for letter_id, row in manifest.items():
            pick = picks[letter_id]
            letter = row | pick | known[letter_id]
            reason = meaning.get(letter["return_reason"], {})
            created = date.fromisoformat(str(row["created_on"]))
            if created > as_of:
                continue
            kinds = [f[5:] for f in pick.get("factors") or [] if f.startswith("kind=")]
            letter |= {
                "batch": facts["batch_id"], "number": number, "firm": facts.get("firm"),
                "created_on": created, "until": until, "arm": pick.get("arm"),
                "batch_week": (created - timedelta(days=created.weekday())).isoformat(),
                "kind": kinds[0] if kinds else None, "district": pick.get("district"),
                "place": pick.get("poi") or pick.get("village"),
                "fault": reason.get("fault"), "effect": reason.get("address_effect"),
            }  # fmt: skip
            letters.append(letter)
    chances = sorted(letter["p_signed"] for letter in letters)
    first = {chance: place for place, chance in reversed(list(enumerate(chances)))}
    for letter in letters:
        letter["decile"] = str(1 + 10 * first[letter["p_signed"]] // len(chances))
    return letters


def _known(outcome: Letter, as_of: date) -> Letter:
    """The outcome as far as it was known on the day."""
    known = dict(outcome)
    if known["final_on"] and known["final_on"] > as_of:
        known |= {"outcome": "in_transit", "sign_class": None, "return_reason": None}
        known["final_on"] = None
    if known["posted_on"] and known["posted_on"] > as_of:
        known["posted_on"] = None
    return known


def _rows(path: Path) -> list[Letter]:
    return list(pl.read_parquet(path, glob=False).iter_rows(named=True))


def is_signed(letter: Letter, reading: str) -> bool:
    return letter["outcome"] == "signed" and letter["sign_class"] in SIGNERS[reading]


def is_excluded(letter: Letter) -> bool:
    return letter["outcome"] == "cancelled" or is_carrier_fault(letter)


def is_carrier_fault(letter: Letter) -> bool:
    outcome, fault = letter["outcome"], letter["fault"]
    return bool(outcome == "lost" or (outcome == "returned" and fault == "carrier"))


def days_of(letter: Letter) -> int | None:
    if letter["final_on"] is None or letter["posted_on"] is None:
        return None
    days = (letter["final_on"] - letter["posted_on"]).days
    return days if days >= 0 else None


def _hits(some: Iterable[Letter]) -> tuple[int, int, int]:
    counts = [0, 0, 0]
    for letter in some:
        for place, reading in enumerate(SIGNERS):
            counts[place] += is_signed(letter, reading)
    return counts[0], counts[1], counts[2]


def plain_rate(value: str | None, some: list[Letter]) -> Rate:
    days = sorted(
        taken
        for letter in some
        if letter["outcome"] == "signed" and (taken := days_of(letter)) is not None
    )
    back = [x for x in some if x["outcome"] == "returned" and not is_carrier_fault(x)]
    return Rate(
        value,
        len(some),
        sum(letter["outcome"] == "cancelled" for letter in some),
        sum(is_carrier_fault(letter) for letter in some),
        *_hits(some),
        len(back),
        sum(letter["outcome"] == "in_transit" for letter in some),
        days[ceil(0.5 * len(days)) - 1] if days else None,
        days[ceil(0.9 * len(days)) - 1] if days else None,
    )


def _grouped(letters: Iterable[Letter], key: Callable[[Letter], Any]) -> dict[Any, list[Letter]]:
    groups: dict[Any, list[Letter]] = defaultdict(list)
    for letter in letters:
        groups[key(letter)].append(letter)
    return groups


def _dimension(letters: list[Letter], name: str) -> tuple[Rate, ...]:
    groups = _grouped(letters, lambda letter: letter[name])
    rates = [plain_rate(value, some) for value, some in groups.items()]

    def place(rate: Rate) -> tuple[Any, ...]:
        inner: Any = 0
        if name == "batch":
            inner = groups[rate.value][0]["number"]
        elif name == "decile":
            inner = int(rate.value or 0)
        elif name == "batch_week":
            inner = rate.value
        return (rate.value is None, inner, -rate.mailed, rate.value or "")

    return tuple(sorted(rates, key=place))


def _reasons(letters: list[Letter]) -> tuple[Reason, ...]:
    groups = _grouped(
        (x for x in letters if x["outcome"] == "returned"),
        lambda x: (x["return_reason"], x["fault"], x["effect"]),
    )
    found = [
        Reason(value, fault, effect, len(some)) for (value, fault, effect), some in groups.items()
    ]
    return tuple(sorted(found, key=lambda r: (-r.letters, r.value is None, r.value)))


def _signers(letters: list[Letter]) -> tuple[Count, ...]:
    tally = Counter(x["sign_class"] for x in letters if x["outcome"] == "signed")
    return tuple(
        Count(value, many)
        for value, many in sorted(tally.items(), key=lambda i: (-i[1], i[0] is None, i[0]))
    )


def _ripeness(letters: list[Letter], as_of: date) -> tuple[Ripeness, ...]:
    found = []
    for batch, some in _grouped(letters, lambda x: x["batch"]).items():
        posted = [x["posted_on"] for x in some if x["posted_on"]]
        waiting = [x for x in some if x["outcome"] == "in_transit"]
        ages = [(as_of - x["posted_on"]).days for x in waiting if x["posted_on"]]
        found.append(
            Ripeness(
                batch,
                len(some),
                len(waiting),
                min(posted, default=None),
                max(posted, default=None),
                len(some) - len(posted),
                max(ages, default=None),
            )
        )
    return tuple(found)


def _curve(letters: list[Letter], horizon: int) -> tuple[CurvePoint, ...]:
    known = [
        x for x in letters
        if not is_excluded(x) and x["posted_on"] and x["until"] and x["posted_on"] <= x["until"]
    ]  # fmt: skip
    weeks = _grouped(known, lambda x: x["posted_on"] - timedelta(days=x["posted_on"].weekday()))
    points = _points(None, known, horizon)
    for week in sorted(weeks):
        youngest = min((x["until"] - x["posted_on"]).days for x in weeks[week])
        points += _points(week, weeks[week], min(horizon, youngest))
    return tuple(points)


def _points(week: date | None, some: list[Letter], last: int) -> list[CurvePoint]:
    points = []
    for day in range(last + 1):
        old = [x for x in some if (x["until"] - x["posted_on"]).days >= day]
        if not old:
            break
        by_then = [x for x in old if (taken := days_of(x)) is not None and taken <= day]
        waiting = _waiting(old, day)
        signed = sum(is_signed(x, "standard") for x in by_then)
        returned = sum(x["outcome"] == "returned" for x in by_then)
        points.append(CurvePoint(week, day, len(old), signed, returned, waiting))
    return points


def _waiting(old: list[Letter], day: int) -> int:
    open_ = 0
    for letter in old:
        taken = days_of(letter)
        open_ += letter["outcome"] == "in_transit" or (taken is not None and taken > day)
    return open_


def _calibration(letters: list[Letter]) -> tuple[Band, ...]:
    settled = [
        x for x in letters if x["outcome"] in ("signed", "returned") and not is_carrier_fault(x)
    ]
    found = []
    groups = _grouped(settled, lambda x: min(9, int(Decimal(str(x["p_signed"])) * 10)))
    for band in sorted(groups):
        promised, errors, hits = Decimal(0), Decimal(0), 0
        for letter in groups[band]:
            chance, hit = Decimal(str(letter["p_signed"])), is_signed(letter, "standard")
            promised, hits = promised + chance, hits + hit
            errors += (chance - hit) ** 2
        found.append(Band(band, len(groups[band]), promised, hits, errors))
    return tuple(found)


def plain_uplift(
    letters: list[Letter], everything: list[Letter], as_of: date, mature: int
) -> Uplift:
    first: dict[str, tuple[Any, ...]] = {}
    for x in everything:
        if x["posted_on"]:
            place = (x["posted_on"], x["number"], x["letter_id"])
            first[x["case_id"]] = min(place, first.get(x["case_id"], place))
    counted = [
        x for x in letters
        if x["arm"] and x["posted_on"] and not is_excluded(x)
        and first[x["case_id"]] == (x["posted_on"], x["number"], x["letter_id"])
        and (as_of - x["posted_on"]).days >= mature
    ]  # fmt: skip
    pairs = []
    for number, some in sorted(_grouped(counted, lambda x: x["number"]).items()):
        arms = {
            arm: Arm(number, len(of), *_hits(of), sum(x["outcome"] == "in_transit" for x in of))
            for arm, of in _grouped(some, lambda x: x["arm"]).items()
        }
        if len(arms) == 2:
            pairs.append((arms["model"], arms["trade_rule"]))
    return Uplift(tuple(pairs))


def _cost(letters: list[Letter], tariffs: Sequence[Tariff]) -> tuple[Cost, ...] | None:
    if not tariffs:
        return None
    sent = [x for x in letters if x["outcome"] != "cancelled"]
    whole = [_one_cost((None, None), sent, tariffs)]
    parts = [
        _one_cost(key, some, tariffs)
        for key, some in _grouped(sent, lambda x: (x["carrier"], x["product"])).items()
    ]
    return tuple(whole + sorted(parts, key=lambda c: (-c.mailed, c.carrier, c.product)))


def _one_cost(
    key: tuple[str | None, str | None], some: list[Letter], tariffs: Sequence[Tariff]
) -> Cost:
    amount, priced = Decimal(0), []
    for letter in some:
        day = letter["posted_on"] or letter["created_on"]
        for tariff in tariffs:
            if (tariff.carrier, tariff.product) != (letter["carrier"], letter["product"]):
                continue
            if (tariff.from_day or day) <= day <= (tariff.to_day or day):
                amount += tariff.per_letter + tariff.per_sheet * letter["sheets"]
                priced.append(letter)
    return Cost(*key, len(some), len(priced), amount, *_hits(priced))


def _bad_places(letters: list[Letter], everything: list[Letter], most: int) -> tuple[BadPlace, ...]:
    def key(x: Letter) -> tuple[Any, ...]:
        where = (x["province"], x["city"], x["district"], x["place"])
        return (*where, x["letter_id"] if x["place"] is None else None)

    good = {
        key(x) for x in everything if x["outcome"] == "signed" or x["return_reason"] == "REFUSED"
    }
    found = []
    groups = _grouped((x for x in letters if x["outcome"] != "cancelled"), key)
    for where, some in groups.items():
        province, city, district, place, _ = where
        bad = [
            x for x in some
            if x["outcome"] == "returned"
            and x["return_reason"] in ("DEMOLISHED", "ADDR_NOT_EXIST")
        ]  # fmt: skip
        if bad and where not in good:
            found.append(
                BadPlace(
                    province,
                    city,
                    district,
                    place,
                    len(some),
                    len(bad),
                    sorted({x["return_reason"] for x in bad}),
                    max(x["final_on"] for x in bad),
                    max(x["letter_id"] for x in bad),
                )
            )
    found.sort(key=lambda p: (-p.bad, -(p.last_on or date.min).toordinal(), p.letter_id))
    return tuple(found[:most])


def plain_figures(
    folders: Sequence[Path],
    *,
    as_of: date,
    horizon: int,
    mature: int,
    most_places: int,
    tariffs: Sequence[Tariff] = (),
    keep: Callable[[Letter], bool] | None = None,
    where: str | None = None,
) -> Figures:
    """All figures of some batch folders; `keep` says which letters a filter leaves."""
    everything = read_letters(folders, as_of)
    letters = [letter for letter in everything if keep is None or keep(letter)]
    batches = tuple(batch_files(folder) for folder in folders)
    held: Counter[str] = Counter()
    for batch in batches:
        held.update(batch.held)
    signed = [x for x in letters if x["outcome"] == "signed"]
    days = Counter(taken for x in signed if (taken := days_of(x)) is not None)
    return Figures(
        as_of=as_of,
        batches=batches,
        where=where,
        total=plain_rate("all", letters),
        by={name: _dimension(letters, name) for name in DIMENSIONS},
        signers=_signers(letters),
        reasons=_reasons(letters),
        days=tuple(sorted(days.items())),
        ripeness=_ripeness(letters, as_of),
        curve=_curve(letters, horizon),
        calibration=_calibration(letters),
        held=() if keep else tuple(
            Count(*item) for item in sorted(held.items(), key=lambda i: (-i[1], i[0]))
        ),
        uplift=plain_uplift(letters, everything, as_of, mature),
        cost=_cost(letters, tariffs),
        bad_places=_bad_places(letters, everything, most_places),
    )  # fmt: skip
