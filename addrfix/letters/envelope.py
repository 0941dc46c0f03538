"""Where an envelope's window shows the page, how the sheet is folded, marks for inserting machines.

Geometries that many use are in `templates/envelopes.toml`; a sender who has measured another writes
it into the sender file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from addrfix.knowledge import folder
from addrfix.letters.omr import Omr, read_omr
from addrfix.letters.settings import Settings, finish, read_toml
from addrfix.model.errors import BadSettings

_SHEET_MM = 297


@dataclass(frozen=True, slots=True)
class Window:
    """A window in millimetres from the top left corner of the first page."""

    left: float
    top: float
    width: float
    height: float
    tolerance: float
    """How far the sheet may move in any direction."""

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope that a sender uses in place of the template's."""

    window: Window
    fold: int
    """Into how many equal parts the sheet is folded."""
    omr: Omr | None

    @property
    def fold_marks_mm(self) -> tuple[float, ...]:
        """Where the sheet is folded, from its upper edge."""
        return tuple(_SHEET_MM * part / self.fold for part in range(1, self.fold))


def read_window(name: str) -> tuple[Window, str]:
    """A window by its name in the file, and the SHA-256 of the file.

    Raises:
        BadSettings: no such envelope, or a figure out of range.
    """
    path = folder("templates") / "envelopes.toml"
    values, digest = _envelopes()
    if name not in values:
        raise BadSettings(f"{path.name} has no envelope {name} (it has {', '.join(values)})")
    faults: list[str] = []
    settings = Settings(values, "", faults).table(name)
    window, _ = _measured(settings)
    settings.done()
    finish(path, faults)
    return window, digest


def read_envelope(settings: Settings) -> Envelope | None:
    """The envelope of a sender file: a `name` of the shipped ones, or measures of its own.

    Faults are noted in the settings; None where there is nothing or a fault.
    """
    if not settings.keys:
        return None
    omr = read_omr(settings.table("omr", required=False))
    name = settings.text("name", required=False)
    if name:
        known, _ = _envelopes()
        if name not in known:
            settings.fault("name", f"{name} is not known (known: {', '.join(known)})")
            return None
        window, fold = _measured(Settings(known[name], f"{name}.", []))
    else:
        window, fold = _measured(settings)
    settings.done()
    return Envelope(window, fold, omr)


def _envelopes() -> tuple[dict[str, Any], str]:
    return read_toml(folder("templates") / "envelopes.toml", "table of envelopes")


def _measured(settings: Settings) -> tuple[Window, int]:
    """The window, and into how many parts the sheet is folded."""
    settings.numbers("size_mm", 50, 400)
    window = Window(
        left=settings.number("left_mm", 0, 200),
        top=settings.number("top_mm", 0, 200),
        width=settings.number("width_mm", 40, 150),
        height=settings.number("height_mm", 20, 100),
        tolerance=settings.number("tolerance_mm", 0, 10),
    )
    return window, settings.whole("fold", 1, 4)
