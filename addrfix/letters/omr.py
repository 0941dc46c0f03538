"""Marks that an inserting machine reads (OMR): short dashes in the left margin of every sheet.

Makers agree on little but the idea. So the sender file says which marks there are, in which order
and where; from the machine's manual. What marks can say:

    start       always there: the first mark, by which the machine finds the others
    end         on a letter's last sheet: close the envelope
    sequence1   the letter's place in the batch, counted round from 0 to 7, in binary digits: a
    sequence2   letter that is missing or was fed twice is noticed
    sequence4
    parity      there where the others are odd in number: a mark that was not read is noticed
"""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.letters.marks import Rule
from addrfix.letters.page import PAGE, POINTS_PER_MM
from addrfix.letters.settings import Settings

MARKS = ("start", "end", "sequence1", "sequence2", "sequence4", "parity")


@dataclass(frozen=True, slots=True)
class Omr:
    """The places of the marks, in millimetres from the sheet's upper left corner."""

    left: float
    top: float
    pitch: float
    """From one mark to the next below."""
    length: float
    thickness: float
    marks: tuple[str, ...]

    def rules(self, place: int, *, last: bool) -> tuple[Rule, ...]:
        """The marks of a sheet.

        Args:
            place: of the letter in its batch.
            last: whether it is the letter's last sheet.
        """
        there = {"start"} | ({"end"} if last else set())
        there |= {f"sequence{bit}" for bit in (1, 2, 4) if place & bit}
        there &= set(self.marks)
        if "parity" in self.marks and len(there) % 2:
            there.add("parity")
        left, right = self.left * POINTS_PER_MM, (self.left + self.length) * POINTS_PER_MM
        heights = {
            mark: PAGE[1] - (self.top + self.pitch * row) * POINTS_PER_MM
            for row, mark in enumerate(self.marks)
        }
        width = self.thickness * POINTS_PER_MM
        return tuple(Rule(left, y, right, y, width) for mark, y in heights.items() if mark in there)


def read_omr(settings: Settings) -> Omr | None:
    """The marks of a sender file; None where it asks for none. Faults are noted in the settings."""
    if not settings.keys:
        return None
    marks = settings.texts("marks")
    if len(set(marks)) != len(marks) or not set(marks) <= set(MARKS):
        settings.fault("marks", f"must be some of {', '.join(MARKS)}, each once")
    omr = Omr(
        left=settings.number("left_mm", 4, 200),
        top=settings.number("top_mm", 5, 280),
        pitch=settings.number("pitch_mm", 2, 20),
        length=settings.number("length_mm", 3, 20),
        thickness=settings.number("thickness_mm", 0.2, 2, default=0.5),
        marks=marks,
    )
    settings.done()
    return omr
