"""What passes between the stages that read an address, as one record each.

Offsets are positions in the folded text unless a name says `raw`; ends are exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from addrfix.model.terms import ElementKind, SpanLabel

SHORT_KINDS = ("short", "historic_short")
"""Kinds of `Form` that leave the rank out (西湖 for 西湖区)."""
HISTORIC_KINDS = ("historic", "historic_short")
"""Kinds of `Form` that are no longer in force."""
REPAIR_KINDS = ("sound", "shape", "missing", "added", "swapped", "changed")
"""Kinds of `Mention` that were made out although misspelt, by the slip."""


class Form(NamedTuple):
    """One meaning of a written division name."""

    division: int
    """Id of the division in force that it means."""
    level: int
    """Level that the name had when it was in force; the division may sit at another today."""
    kind: str
    """official, short, alias, historic, historic_short, zone or quarter."""
    share: float
    """Share of the former division that went to this one; 1.0 where there is one successor."""
    old_parents: tuple[int, ...]
    """Divisions in force that it once stood under and no longer does; of a former name, all that it
    stood under then."""


class Trait:
    """What the meanings of a name have in common, as bits; worked out once a name.

    Plain integers: an enum would cost more than what it saves in the scan.
    """

    FULL: Final = 1
    """One of them is no short form."""
    OLD_TOWN: Final = 2
    """All are short forms or former names of towns; some hold the names of city and county too."""
    COUNTY: Final = 4
    """One is a county or what is above it, or a quarter that is written like one."""
    OFFICIAL_COUNTY: Final = 8
    """One is a county or what is above it, by its official name."""
    OFFICIAL_CITY: Final = 16
    """One is a city or province by its official name."""


class Hit(NamedTuple):
    """A division name found in the text, with all it may mean."""

    start: int
    end: int
    forms: tuple[Form, ...]
    traits: int = 0
    """Trait flags of `forms`; 0 says that they were not worked out."""


def traits_of(forms: tuple[Form, ...]) -> int:
    """The traits of a name with these meanings."""
    found: int = Trait.OLD_TOWN
    for form in forms:
        short = form.kind in SHORT_KINDS
        if not short:
            found |= Trait.FULL
        if not short and not (form.kind == "historic" and form.level == 4):
            found &= ~Trait.OLD_TOWN
        if (form.level <= 3 and form.kind != "zone") or form.kind == "quarter":
            found |= Trait.COUNTY
        if form.kind == "official" and form.level <= 3:
            found |= Trait.OFFICIAL_COUNTY
            if form.level <= 2:
                found |= Trait.OFFICIAL_CITY
    return found


class Span(NamedTuple):
    """A labelled piece of the text."""

    start: int
    end: int
    label: SpanLabel


class Element(NamedTuple):
    """A piece of the text and what it is; the elements of a text cover it, in order."""

    start: int
    end: int
    kind: ElementKind


class Mention(NamedTuple):
    """A division name that a reading believes in."""

    start: int
    end: int
    division: int
    level: int
    kind: str
    """A kind of Form, or the repair that made it readable: sound, shape, missing, added, changed,
    swapped."""


class VillageHit(NamedTuple):
    """A village or community of the gazetteer found in the text."""

    start: int
    end: int
    code: str
    name: str
    town: int
    """Id of the town it belongs to."""


class PlaceHit(NamedTuple):
    """A place of the user's own found in the text."""

    start: int
    end: int
    label: str
    """road, poi or community."""
    division: int
    """Id of the deepest division that the user's file names for it."""


class Testimony(NamedTuple):
    """What one witness says for one division."""

    witness: str
    division: int
    """It speaks for this division, for what lies in it and for what it lies in."""
    weight: float
    """Log-odds."""
    start: int = -1
    """Where in the text it rests on something; -1 where it rests on the case."""
    end: int = -1
    mentions: tuple[Mention, ...] = ()
    """Names that are read as divisions once it is believed."""


CLEAR: Final = 4.0
"""A lead, in log-odds, beyond which more makes no difference."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent explanation of the division names in a text."""

    division: int
    """The deepest division it arrives at."""
    score: float
    mentions: tuple[Mention, ...]
    contradicted: tuple[Hit, ...] = ()
    """Names in the text that this reading cannot explain."""
    repeated: tuple[Mention, ...] = ()
    """Further copies of names that it believes in."""
    lead: float = CLEAR
    """Of the best one: by how much it leads the next on another branch, as far as was looked."""
    former: tuple[Mention, ...] = ()
    """Names of what one of its divisions once lay in: 宝安区 before 观澜街道, now of 龙华区."""


@dataclass(slots=True)
class ParsedAddress:
    """What is written: spans, and the readings of the division names, best first."""

    raw: str
    text: str
    key: str
    offset: tuple[int, ...] | None
    readings: tuple[Reading, ...] = ()
    spans: tuple[Span, ...] = ()
    recipient: str | None = None
    phone: str | None = None
    postcode: str | None = None
    notes: tuple[str, ...] = ()
    """Remarks to the courier that were taken out of the address."""
    village: VillageHit | None = None
    issues: list[str] = field(default_factory=list)
    names: tuple[Reading, ...] = ()
    """The readings by the division names alone, before any other witness was heard."""
    margin: float = 0.0
    """Log-odds by which the first reading leads the next one on another branch."""
    ledger: tuple[Testimony, ...] = ()
    """What the witnesses said, names apart: these stand in the readings."""
    deciding: tuple[str, ...] = ()
    """Witnesses without which the names alone would have said less or something else."""
    reasons: tuple[str, ...] = ()
    """Their reason codes."""
    ends: tuple[int, ...] | None = None
    """Where each character ends in the raw text; None where each is one character there."""
    written: str = ""
    """The folded text before anything was taken out of it; as long as `text`."""
    whole_key: str = ""
    """`written` in simplified script."""
    taken: list[Element] = field(default_factory=list)
    """What is no address and was taken out of the text, in any order."""
    beside: tuple[Element, ...] = ()
    """What lies between the spans and was not taken out: marks, ties and what is unread."""
    copied: list[tuple[int, int, int]] = field(default_factory=list)
    """Blocks taken out as copies: start, end, and how far off the original begins."""
    copies: tuple[Span, ...] = ()
    """Labelled pieces of repeated blocks and of filler levels; none of them is read twice."""
    id_no: str | None = None
    """An identity number in the text whose check digit is right."""

    @property
    def elements(self) -> tuple[Element, ...]:
        """All of `written`, in order: each character belongs to exactly one element."""
        spans = [Element(s.start, s.end, ElementKind(s.label.value)) for s in self.spans]
        return tuple(sorted((*spans, *self.taken, *self.beside)))

    def raw_span(self, span: Span) -> tuple[int, int, str]:
        """The span in code points of the raw text."""
        first, end, label = span
        # `str`, since the value of a member of an enum takes three times as long to look up.
        if self.offset is None:
            return first, end, str(label)
        last = self.offset[end - 1] + 1 if self.ends is None else self.ends[end - 1]
        return self.offset[first], last, str(label)


@dataclass(slots=True)
class ResolvedAddress:
    """A place, how it was arrived at, and whether a letter may go there.

    The fields up to `issues` are the columns of `addrfix clean` (`model.table.CLEAN_COLUMNS`).
    """

    province: str | None = None
    city: str | None = None
    district: str | None = None
    town: str | None = None
    village: str | None = None
    division_code: str | None = None
    devzone: str | None = None
    road: str | None = None
    road_number: str | None = None
    poi: str | None = None
    subpoi: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    group: str | None = None
    detail: str | None = None
    unread: str | None = None
    """What of the text no element explains; never part of `standardized`."""
    postcode: str | None = None
    text_recipient: str | None = None
    text_phone: str | None = None
    standardized: str | None = None
    granularity: str = "none"
    verdict: str = "undeliverable"
    confidence: float | None = None
    inferred: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    """Code points of the raw text, CCKS-2021 labels."""
    candidates: list[str] = field(default_factory=list)
    """Full names of the readings that the text and its case leave open."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case knows beside the text of one address; None where the file has no such column."""

    case_id: str | None = None
    id_no: str | None = None
    phone: str | None = None


NO_FACTS = CaseFacts()
