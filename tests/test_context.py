"""What the case knows decides what the text leaves open, and nothing else."""

from __future__ import annotations

import pytest

from addrfix.flow.clean import Engine
from addrfix.model.nouns import CaseFacts

OPEN = "朝阳区云台路5号"  # 北京市 or 长春市


@pytest.mark.parametrize(
    ("facts", "city", "reason"),
    [
        (CaseFacts(phone="13000101234"), "北京市", "context_phone"),
        (CaseFacts(phone="+86 130-0010-1234"), "北京市", "context_phone"),
        (CaseFacts(phone="0431-85550123"), "长春市", "context_phone"),
        (CaseFacts(id_no="220104199001011231"), "长春市", "context_id_card"),
        # The card may name the very county, the phone only a city.
        (CaseFacts(id_no="220104199001011231", phone="13000101234"), "长春市", "context_id_card"),
        # A phone of a third city tells nothing here.
        (CaseFacts(phone="0571-85550123"), None, "ambiguous_division"),
        (CaseFacts(phone="12345"), None, "ambiguous_division"),
        (CaseFacts(), None, "ambiguous_division"),
    ],
)
def test_what_decides(reading: Engine, facts: CaseFacts, city: str | None, reason: str) -> None:
    _, [place] = reading.read([OPEN], [facts])
    assert (place.city, reason in place.issues) == (city, True)
    assert (place.verdict == "ambiguous") == (city is None)


def test_other_addresses_go_before_the_phone(reading: Engine) -> None:
    facts = [CaseFacts("C1", phone="13000101234")] * 2
    _, places = reading.read([OPEN, "长春市朝阳区人民大街8号"], facts)
    assert (places[0].city, places[0].issues) == ("长春市", ["context_case"])


def test_nothing_overrules_the_text(reading: Engine) -> None:
    _, [place] = reading.read(["长春市朝阳区云台路5号"], [CaseFacts(phone="13000101234")])
    assert (place.city, place.issues) == ("长春市", [])


def test_without_context_it_stays_open(reading: Engine) -> None:
    _, [place] = reading.read([OPEN])
    assert place.verdict == "ambiguous"


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("1300010", {"110000"}),
        ("0731", {"430100", "430300"}),
        ("010", {"110000"}),
        ("1000000", set()),
        ("0000", set()),
        ("9999999", set()),
    ],
)
def test_homes_of_numbers(reading: Engine, prefix: str, codes: set[str]) -> None:
    assert {reading.index.codes[d] for d in reading.index.by_phone(prefix)} == codes
