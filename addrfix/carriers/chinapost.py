"""China Post and EMS: operation, sign-for and undelivered codes."""

from __future__ import annotations

from dataclasses import dataclass, field

from addrfix.carriers import words as say
from addrfix.carriers.plain_text import PlainText, completed
from addrfix.model.event import EventReading, EventWords


@dataclass(frozen=True, slots=True)
class ChinaPost:
    """The operation code decides; without one, the operation's name and then the words."""

    name: str = "chinapost"
    headers: dict[str, str] = field(default_factory=dict)

    def read(self, words: EventWords) -> EventReading:
        """A code that nobody knows is not read at all, whatever stands beside it.

        Nor is one that stands beside the name of another operation: which of the two is wrong
        cannot be told, and a signature must not rest on it.
        """
        if not words.code:
            return PlainText().read(words)
        told = say.operation(words.code)
        if told is None:
            return EventReading(unknown=("code",))
        if words.operation and _is_another(words.code, words.operation):
            return EventReading(unknown=("code", "operation"))
        return completed(told, words)


def _is_another(code: str, name: str) -> bool:
    """Whether the name belongs to operations of another meaning than the code's."""
    named = say.codes_named(name)
    read = say.operation(code)
    return bool(named) and read not in [say.operation(other) for other in named]


def create() -> ChinaPost:
    """The carrier."""
    return ChinaPost()
