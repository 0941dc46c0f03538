"""Wording and figures of the hand-over: `templates/handover.toml` and `templates/labels.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from addrfix.knowledge import folder
from addrfix.letters.settings import Settings, finish, read_toml
from addrfix.model.errors import BadUsage

COLUMNS = (
    "position", "tracking_no", "recipient", "standardized", "postcode", "letter_id", "letter_no",
    "product", "pages", "sheets", "weight_g", "print_file", "start_page", "end_page",
)  # fmt: skip
FACTS = (
    "batch_id", "handed_over_on", "product", "letters", "cancelled", "numbered", "pages", "sheets",
    "weight_kg", "made_by", "approved_by", "approved_on", "sample", "batch_sha256", "sums_sha256",
)  # fmt: skip
_FILES = ("heading", "name", "letters", "pages", "sha256", "more")


@dataclass(frozen=True, slots=True)
class HandoverSettings:
    """What the files of a hand-over say."""

    title: str
    specimen: str
    sheet_g: float
    """Grams of one sheet."""
    envelope_g: float
    """Grams of an empty envelope."""
    columns: Mapping[str, str]
    """Column to header, in the order of the file."""
    words: Mapping[str, str]
    """Carriers and products to what people call them."""
    facts: Mapping[str, str]
    files: Mapping[str, str]
    parties: tuple[str, ...]
    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of labels, in millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap_x: float
    gap_y: float
    inset: float
    text_pt: float


def handover_settings() -> HandoverSettings:
    """The wording of the hand-over.

    Raises:
        BadSettings: the file lacks something; every fault is told.
    """
    path = folder("templates") / "handover.toml"
    values, _ = read_toml(path, "wording of the hand-over")
    faults: list[str] = []
    top = Settings(values, "", faults)
    signatures = top.table("signatures")
    found = HandoverSettings(
        title=top.text("title"),
        specimen=top.text("specimen"),
        sheet_g=top.number("sheet_g", 0.1, 100),
        envelope_g=top.number("envelope_g", 0, 1000),
        columns=_texts(top.table("columns"), COLUMNS),
        words=_texts(top.table("words", required=False)),
        facts=_texts(top.table("facts"), FACTS),
        files=_texts(top.table("files"), _FILES),
        parties=signatures.texts("parties"),
        lines=signatures.texts("lines"),
        note=signatures.text("note"),
    )
    for part in (top, signatures):
        part.done()
    finish(path, faults)
    return found


def _texts(table: Settings, keys: tuple[str, ...] | None = None) -> dict[str, str]:
    """All of some keys, or whatever there is, in the order of the file."""
    found = {key: table.text(key) for key in (table.keys if keys is None else keys)}
    table.done()
    return {key: found[key] for key in table.keys if key in found}


def label_sheet(name: str | None = None) -> LabelSheet:
    """A sheet of labels by its name; the first one of the file without.

    Raises:
        BadUsage: there is none of that name.
        BadSettings: a figure is missing or out of range, or the labels do not fit on A4.
    """
    path = folder("templates") / "labels.toml"
    values, _ = read_toml(path, "table of label sheets")
    if name is not None and name not in values:
        raise BadUsage(f"--labels {name}: there are {', '.join(values)} ({path.name})")
    chosen = name or next(iter(values))
    faults: list[str] = []
    table = Settings(values, "", faults).table(chosen)
    sheet = LabelSheet(
        columns=table.whole("columns", 1, 10),
        rows=table.whole("rows", 1, 30),
        width=table.number("width_mm", 30, 210),
        height=table.number("height_mm", 15, 297),
        left=table.number("left_mm", 0, 100),
        top=table.number("top_mm", 0, 100),
        gap_x=table.number("gap_x_mm", 0, 50),
        gap_y=table.number("gap_y_mm", 0, 50),
        inset=table.number("inset_mm", 0, 20),
        text_pt=table.number("text_pt", 6, 16),
    )
    wide = sheet.left + sheet.columns * (sheet.width + sheet.gap_x) - sheet.gap_x
    high = sheet.top + sheet.rows * (sheet.height + sheet.gap_y) - sheet.gap_y
    if wide > 210.01 or high > 297.01:
        table.fault("width_mm", f"the labels take {wide:g} × {high:g} mm, more than A4 has")
    table.done()
    finish(path, faults)
    return sheet
