"""Reads a template's folder: `template.toml` (layout, fields, tables) and a text file.

Everything is read and checked before a letter is drawn: a field that is used but not declared, one
that is declared as required but not used, a table or block that does not exist; each is told with
file, line and field, all in one message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from addrfix.knowledge import folder, template_names
from addrfix.letters.envelope import Window, read_window
from addrfix.letters.facts import AMOUNTS
from addrfix.letters.placeholders import Text
from addrfix.letters.settings import Settings, finish, read_toml, with_lines
from addrfix.letters.template import KINDS, SIGNATURE, Block, FieldUse, Template
from addrfix.letters.template_texts import TextReader
from addrfix.model.errors import BadSettings

# Figures of the layout: dotted key → lowest, highest.
_NUMBERS: Mapping[str, tuple[float, float]] = {
    "page.left_mm": (10, 60),
    "page.right_mm": (10, 60),
    "page.first_top_mm": (30, 200),
    "page.next_top_mm": (10, 100),
    "page.bottom_mm": (10, 80),
    "type.body_pt": (8, 16),
    "type.leading_pt": (10, 40),
    "type.heading_pt": (8, 24),
    "type.small_pt": (6, 12),
    "type.indent_em": (0, 6),
    "type.paragraph_gap_pt": (0, 20),
    "letterhead.size_pt": (10, 40),
    "letterhead.top_mm": (5, 60),
    "letterhead.rule_mm": (5, 80),
    "letterhead.tracking_em": (0, 2),
    "window_block.postcode_pt": (8, 16),
    "barcode.left_mm": (20, 205),
    "barcode.top_mm": (5, 280),
    "barcode.height_mm": (5, 30),
    "barcode.module_mm": (0.25, 0.6),
    "barcode.width_mm": (30, 120),
    "qr.left_mm": (5, 200),
    "qr.top_mm": (5, 280),
    "qr.size_mm": (10, 40),
    "reference.left_mm": (5, 200),
    "reference.top_mm": (5, 280),
    "reference.size_pt": (6, 14),
    "reference.leading_pt": (8, 30),
    "title_block.size_pt": (10, 40),
    "title_block.top_mm": (10, 200),
    "title_block.tracking_em": (0, 2),
    "next_head.top_mm": (5, 60),
    "footer.top_mm": (200, 292),
    "signature.centre_mm": (20, 190),
    "signature.leading_pt": (10, 40),
    "signature.gap_pt": (0, 100),
    "watermark.size_pt": (40, 400),
    "watermark.angle": (-90, 90),
    "watermark.grey": (0.8, 0.97),
}
# Where the QR code stands unless the template says it: right of the window, under the reference.
_DEFAULTS = {"qr.left_mm": 122.0, "qr.top_mm": 79.0, "qr.size_mm": 15.0}
# A template without the block [落款] needs no signature.
_OPTIONAL = ("qr", "signature")
_ONE_TEXT = ("letterhead", "title_block", "next_head", "watermark")
_LINES = ("reference", "footer", "signature")


def find_template(name: str) -> Path:
    """The folder of a shipped template, or of the user's own where `name` is a path.

    A shipped name is the shipped template, whatever lies in the folder where the command runs.

    Raises:
        BadSettings: there is none; lists the shipped ones.
    """
    names = template_names()
    if name in names:
        return folder("templates") / name
    if (Path(name) / "template.toml").is_file():
        return Path(name)
    raise BadSettings(
        f"there is no template {name}: neither a shipped one ({', '.join(names)}) "
        "nor a folder with a template.toml"
    )


def read_template(name: str) -> Template:
    """Read and check a template.

    Raises:
        BadSettings: all faults of the folder in one message, each with file, line and field.
    """
    place = find_template(name)
    path = place / "template.toml"
    values, digest = read_toml(path, "template")
    in_keys: list[str] = []
    faults: list[str] = []
    reader = TextReader(path, faults)
    root = Settings(values, "", in_keys)
    sections, numbers = _figures(root)
    kind = root.text("kind", form=_kind)
    declared = reader.fields(root.table("fields"))
    texts = _texts(reader, sections)
    tables = {key: reader.table(table) for key, table in root.table("tables").subtables()}
    body, flow, text_digest = reader.body(place / root.text("text", form=_file_name), tables)
    in_keys += _unfit(kind, declared)
    if Block(SIGNATURE) in body:
        root.table("signature")
    elif text_digest and kind in KINDS and KINDS[kind].signed:
        faults.append(f"{root.text('text')}: the block [{SIGNATURE}] is missing")
    window, window_digest = _window(root)
    if sections["page"].numbers("size_mm", 100, 500) != (210.0, 297.0):
        sections["page"].fault("size_mm", "must be [210, 297]: letters are printed on A4")
    regular, bold = (_font(place, sections["type"], key) for key in ("regular", "bold"))
    template = Template(
        name=root.text("name"),
        kind=kind,
        title=root.text("title"),
        version=root.text("version"),
        sha256=hashlib.sha256("\n".join((digest, text_digest, window_digest)).encode()).hexdigest(),
        window=window,
        fonts=(regular, bold),
        numbers=numbers,
        window_sizes=sections["window_block"].numbers("size_pt", 8, 16),
        fold_marks_mm=sections["page"].numbers("fold_marks_mm", 1, 296, required=False),
        texts=texts,
        fields=declared,
        body=body,
        flow=flow,
        tables=tables,
    )
    if text_digest:
        reader.required()
    for settings in (root, *sections.values()):
        settings.done()
    finish(place, with_lines(path, in_keys) + faults)
    return template


def _figures(root: Settings) -> tuple[dict[str, Settings], dict[str, float]]:
    """The sections of the layout, and their figures by dotted key."""
    sections = {
        key: root.table(key, required=key not in _OPTIONAL)
        for key in dict.fromkeys(k.split(".")[0] for k in _NUMBERS)
    }
    numbers = {
        key: sections[key.split(".")[0]].number(
            key.split(".")[1], *limits, default=_DEFAULTS.get(key)
        )
        for key, limits in _NUMBERS.items()
    }
    return sections, numbers


def _unfit(kind: str, declared: Mapping[str, FieldUse]) -> Iterator[str]:
    """The fields that do not fit the kind of a template."""
    known = KINDS.get(kind)
    if known and not known.amounts:
        for name, use in declared.items():
            if use.source in AMOUNTS:
                yield f"fields.{name}: a {kind} does not say what is owed"


def _window(root: Settings) -> tuple[Window, str]:
    """The window of the template's envelope, and the SHA-256 of the file that has it."""
    name = root.text("envelope")
    try:
        return read_window(name)
    except BadSettings as error:
        if name:
            root.fault("envelope", str(error))
        return Window(0, 0, 1, 1, 0), ""


def _file_name(text: str) -> str | None:
    same = text == Path(text).name and not set(text) & set("/\\:")
    return None if same else "must be the name of a file in the template's folder"


def _kind(text: str) -> str | None:
    return None if text in KINDS else f"must be one of {', '.join(KINDS)}"


def _texts(reader: TextReader, sections: Mapping[str, Settings]) -> dict[str, tuple[Text, ...]]:
    """The texts of the fixed blocks."""
    texts = {key: (reader.parse(sections[key].text("text")),) for key in _ONE_TEXT}
    lines = {key: tuple(map(reader.parse, sections[key].texts("lines"))) for key in _LINES}
    return texts | lines


def _font(place: Path, settings: Settings, key: str) -> Path:
    """A font file of the template's own folder, or one of `templates/fonts/`."""
    name = settings.text(key, form=_file_name)
    for candidate in (place / name, folder("templates") / "fonts" / name):
        if name and candidate.is_file():
            return candidate
    settings.fault(key, f"there is no font {name} in {place.name}/ or templates/fonts/")
    return place / name
