"""Every witness speaks where its row says so, is needed there, and is silent where it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from addrfix.flow.clean import Engine
from addrfix.knowledge import words
from addrfix.model.nouns import CaseFacts, ParsedAddress, PlaceHit
from addrfix.model.protocols import DivisionIndex
from addrfix.reading.reader import Reader
from addrfix.reading.witnesses import installed

ROWS = words("witnesses")


class OnePlace:
    """A look-up of one place of the user's own."""

    def __init__(self, name: str, division: int) -> None:
        self._name, self._division = name, division

    def any(self) -> bool:
        return True

    def find(
        self, probes: Mapping[int, tuple[Sequence[int], Sequence[tuple[int, str]]]]
    ) -> dict[int, list[PlaceHit]]:
        return {
            row: [
                PlaceHit(start, start + len(self._name), "poi", self._division)
                for start, piece in pieces
                if piece.startswith(self._name)
            ]
            for row, (_, pieces) in probes.items()
        }


def _place(case: str, index: DivisionIndex) -> OnePlace | None:
    if not case.startswith("place="):
        return None
    name, code = case.removeprefix("place=").split("@")
    return OnePlace(name, index.codes.index(code))


def _read(reading: Engine, row: Mapping[str, str], without: frozenset[str]) -> ParsedAddress:
    kind, _, value = row["case"].partition("=")
    reader = Reader(
        reading.index,
        reading.villages,
        _place(row["case"], reading.index),
        without=without,
    )
    texts = [row["example"]]
    fact = CaseFacts("C1", value if kind == "id_no" else None, value if kind == "phone" else None)
    if kind == "other":
        texts.append(value)
    return reader.read(texts, [fact] * len(texts))[0]


def _meant(address: ParsedAddress) -> list[int]:
    return [r.division for r in address.readings]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["witness"]))
def test_a_witness_speaks_and_is_needed(reading: Engine, row: dict[str, str]) -> None:
    heard = _read(reading, row, frozenset())
    spoken_for = {
        reading.index.names[t.division] for t in heard.ledger if t.witness == row["witness"]
    }
    assert row["expect"] in spoken_for
    assert row["witness"] in heard.deciding
    silent = _read(reading, row, frozenset((row["witness"],)))
    assert _meant(silent) != _meant(heard), "nothing changes without it"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["witness"]))
def test_a_witness_is_silent(reading: Engine, row: dict[str, str]) -> None:
    [address], _ = reading.read([row["counterexample"]])
    assert row["witness"] not in {said.witness for said in address.ledger}


def test_every_witness_has_a_row_and_every_row_a_witness(reading: Engine) -> None:
    names = {witness.name for witness in installed(reading.index)}
    assert {row["witness"] for row in ROWS} == names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["witness"]))
def test_sentences_stand_in_both_languages(row: dict[str, str]) -> None:
    assert "{division}" in row["en"] and "{division}" in row["zh"]
    assert ("{text}" in row["en"]) == ("{text}" in row["zh"])


CHECKED = "220104199001011231"


@pytest.mark.parametrize(
    ("text", "fact", "district", "city"),
    [
        ("邮编100020朝阳区新华路12号", CaseFacts(), "朝阳区", "北京市"),
        ("朝阳区新华路12号", CaseFacts("C1", "110105199001011232"), "朝阳区", "北京市"),
        # Two kinds of evidence against each other leave it open.
        ("朝阳区云台路12号", CaseFacts("C1", CHECKED, "13000101234"), "朝阳区", "长春市"),
        # A guess never stands against a postcode or an ID card.
        ("邮编131200松原市云台路5号", CaseFacts(), "扶余市", "松原市"),
        ("松原市云台路5号", CaseFacts("C1", "220721199001011230"), None, "松原市"),
        # What is written in full stays, whatever the case says.
        ("长春市朝阳区云台路5号", CaseFacts("C1", "110105199001011232"), "朝阳区", "长春市"),
    ],
)
def test_weighing(
    reading: Engine, text: str, fact: CaseFacts, district: str | None, city: str
) -> None:
    _, [place] = reading.read([text], [fact])
    assert (place.district, place.city) == (district, city)


def test_a_number_with_a_wrong_check_digit_is_no_witness(reading: Engine) -> None:
    _, [place] = reading.read(["朝阳区云台路5号"], [CaseFacts("C1", "220104199001011234")])
    assert place.verdict == "ambiguous"
