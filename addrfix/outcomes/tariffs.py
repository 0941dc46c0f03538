"""What a letter costs: prices by carrier, product and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from addrfix.model.errors import BadInput

COLUMNS = ("carrier", "product", "per_letter", "per_sheet", "from", "to")
_HIGHEST = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What letters of a product cost from one day to another, both included."""

    carrier: str
    product: str
    per_letter: Decimal
    """Yuan: postage, registration, envelope, handling."""
    per_sheet: Decimal
    """Yuan: paper and print."""
    from_day: date | None
    """None: since ever."""
    to_day: date | None
    """None: until further notice."""

    def meets(self, other: Tariff) -> bool:
        """Whether a letter could fall under both."""
        return (
            (self.carrier, self.product) == (other.carrier, other.product)
            and (self.from_day or date.min) <= (other.to_day or date.max)
            and (other.from_day or date.min) <= (self.to_day or date.max)
        )


def tariffs(rows: Sequence[Mapping[str, object]], where: str) -> tuple[Tariff, ...]:
    """Check the rows of a rate file.

    Args:
        rows: by COLUMNS; `per_sheet`, `from` and `to` may be empty or missing.
        where: the file, for messages.

    Raises:
        BadInput: a row lacks carrier, product or price, a price or day cannot be read, or two rows
            price the same letters.
    """
    if not rows:
        raise BadInput(f"{where}: no rates; write a row for each carrier and product")
    found: list[Tariff] = []
    for number, row in enumerate(rows, start=1):
        tariff = _tariff(row, f"{where}, rate {number}")
        for earlier, other in enumerate(found, start=1):
            if tariff.meets(other):
                raise BadInput(
                    f"{where}: rates {earlier} and {number} are both for {tariff.carrier} "
                    f"{tariff.product} on the same days; let one end before the other begins"
                )
        found.append(tariff)
    return tuple(found)


def _tariff(row: Mapping[str, object], where: str) -> Tariff:
    carrier, product = (_word(row.get(name)) for name in ("carrier", "product"))
    if not carrier or not product:
        raise BadInput(f"{where}: carrier and product must be named as in the manifest")
    per_letter = _price(row.get("per_letter"), f"{where}: per_letter")
    if per_letter is None:
        raise BadInput(f"{where}: per_letter is missing; write 0 where a letter costs nothing")
    per_sheet = _price(row.get("per_sheet"), f"{where}: per_sheet") or Decimal(0)
    from_day = _day(row.get("from"), f"{where}: from")
    to_day = _day(row.get("to"), f"{where}: to")
    if from_day and to_day and to_day < from_day:
        raise BadInput(f"{where}: it ends on {to_day}, before it begins on {from_day}")
    return Tariff(carrier, product, per_letter, per_sheet, from_day, to_day)


def _word(value: object) -> str:
    return "" if value is None else str(value).strip()


def _price(value: object, where: str) -> Decimal | None:
    """Yuan with at most four places."""
    text = _word(value)
    if not text:
        return None
    try:
        price = Decimal(text)
        is_price = 0 <= price <= _HIGHEST and price == price.quantize(Decimal("0.0001"))
    except InvalidOperation as error:
        raise BadInput(f"{where} is {text}; write yuan as a number, e.g. 4.20") from error
    if not is_price:
        raise BadInput(
            f"{where} is {text}; write 0 to {_HIGHEST} yuan with four decimal places at most"
        )
    return price


def _day(value: object, where: str) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = _word(value)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError as error:
        raise BadInput(f"{where} is {text}; write a day as 2026-07-01") from error
