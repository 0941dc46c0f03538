"""Kuaidi100: state and sub-state, and the carrier's words where a line has no code."""

from __future__ import annotations

from dataclasses import dataclass, field

from addrfix.carriers import words as say
from addrfix.carriers.plain_text import PlainText, completed
from addrfix.model.event import EventReading, EventWords


@dataclass(frozen=True, slots=True)
class TrackingService:
    """A service that passes on other carriers' traces under states of its own."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)

    def read(self, words: EventWords) -> EventReading:
        """The finer code decides, then the coarser, then a state's exact name, then the words."""
        for column in ("sub_state", "state"):
            code = getattr(words, column)
            if not code:
                continue
            told = say.state(self.name, code)
            return completed(told, words) if told else EventReading(unknown=(column,))
        told = say.state(self.name, words.operation) if words.operation else None
        return completed(told, words) if told else PlainText().read(words)


def create() -> TrackingService:
    """The carrier."""
    return TrackingService("kuaidi100")
