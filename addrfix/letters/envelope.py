"""Where an envelope's window shows the page, from `templates/envelopes.toml`."""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.knowledge import folder
from addrfix.letters.settings import Settings, finish, read_toml
from addrfix.model.errors import BadSettings


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


def read_window(name: str) -> tuple[Window, str]:
    """A window by its name in the file, and the SHA-256 of the file.

    Raises:
        BadSettings: no such envelope, or a figure out of range.
    """
    path = folder("templates") / "envelopes.toml"
    values, digest = read_toml(path, "table of envelopes")
    if name not in values:
        raise BadSettings(f"{path.name} has no envelope {name} (it has {', '.join(values)})")
    faults: list[str] = []
    settings = Settings(values, "", faults).table(name)
    settings.numbers("size_mm", 50, 400)
    settings.whole("fold", 1, 4)
    window = Window(
        left=settings.number("left_mm", 0, 200),
        top=settings.number("top_mm", 0, 200),
        width=settings.number("width_mm", 40, 150),
        height=settings.number("height_mm", 20, 100),
        tolerance=settings.number("tolerance_mm", 0, 10),
    )
    settings.done()
    finish(path, faults)
    return window, digest
