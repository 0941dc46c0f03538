"""The ledger of one address: what spoke for which division, how much, and what was left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from addrfix.model.nouns import ParsedAddress, Reading, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import full_name, tied
from addrfix.reading.witnesses.weights import Weight, weights

_SENTENCES = {
    "names": ("the names “{text}” read as {division}", "地名“{text}”读作{division}"),
    "against": ("; “{text}” stays unexplained", "；“{text}”无法解释"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    witness: str
    """`names` for a reading of the division names, else a row of `witnesses.tsv`."""
    division: str
    """Full name of the division it speaks for."""
    weight: float
    """Log-odds."""
    text: str
    """What in the address it rests on; empty where it rests on the case."""
    sentence: str
    decided: bool
    """Whether the names alone would have said less or something else without it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that spoke about the division of one address."""

    entries: tuple[Entry, ...]
    margin: float
    """Log-odds between what was chosen and the next best."""
    left_open: tuple[str, ...]
    """Full names of the divisions between which nothing decided."""

    def record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return asdict(self)


def ledger_of(parsed: ParsedAddress, index: DivisionIndex, *, chinese: bool) -> Ledger:
    """The ledger of an address that was read.

    Args:
        parsed: from the reader.
        index: the divisions.
        chinese: the language of the sentences.
    """
    known = weights()
    entries = [_of_names(reading, parsed, index, chinese) for reading in parsed.names]
    entries += [
        _of_witness(said, parsed, index, known[said.witness], chinese) for said in parsed.ledger
    ]
    open_ones = tied(parsed.readings, index)
    rivals = dict.fromkeys(full_name(r.division, index) for r in open_ones[1:] and open_ones)
    return Ledger(tuple(entries), round(parsed.margin, 2), tuple(rivals))


def _of_names(
    reading: Reading, parsed: ParsedAddress, index: DivisionIndex, chinese: bool
) -> Entry:
    text = _pieces([(m.start, m.end) for m in reading.mentions], parsed)
    division = full_name(reading.division, index)
    sentence = _SENTENCES["names"][chinese].format(text=text, division=division)
    if reading.contradicted:
        against = _pieces([(hit.start, hit.end) for hit in reading.contradicted], parsed)
        sentence += _SENTENCES["against"][chinese].format(text=against)
    return Entry("names", division, round(reading.score, 2), text, sentence, False)


def _of_witness(
    said: Testimony, parsed: ParsedAddress, index: DivisionIndex, known: Weight, chinese: bool
) -> Entry:
    text = parsed.text[said.start : said.end] if said.start >= 0 else ""
    division = full_name(said.division, index)
    sentence = (known.zh if chinese else known.en).format(text=text, division=division)
    decided = said.witness in parsed.deciding
    return Entry(said.witness, division, round(said.weight, 2), text, sentence, decided)


def _pieces(spans: Sequence[tuple[int, int]], parsed: ParsedAddress) -> str:
    return " ".join(parsed.text[start:end] for start, end in sorted(spans))
