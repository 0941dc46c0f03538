"""`addrfix parse`: read one address and explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from addrfix.cli.options import json_line

if TYPE_CHECKING:
    from addrfix.model.nouns import ResolvedAddress


@click.command("parse")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(text: tuple[str, ...], as_json: bool) -> None:
    """Read one address at a time and explain it: its parts, what was inferred, the verdict.

    Example: addrfix parse 深圳南山区粤海街道科技园路1号3栋502
    """
    from addrfix.flow.clean import engine

    _, places = engine().read(text)
    for written, place in zip(text, places, strict=True):
        if as_json:
            click.echo(json_line(_record(written, place)))
        else:
            click.echo("\n".join(_lines(written, place)))


def _record(written: str, place: ResolvedAddress) -> dict[str, object]:
    from addrfix.model.table import CLEAN_COLUMNS

    record: dict[str, object] = {"address": written}
    record.update({name: getattr(place, name) for name in CLEAN_COLUMNS})
    record["spans"] = place.spans
    record["candidates"] = place.candidates
    return record


def _lines(written: str, place: ResolvedAddress) -> list[str]:
    from addrfix.knowledge import words

    meaning = {
        row["code"]: f"{row['meaning_zh']} ({row['meaning']})" for row in words("reason_codes")
    }
    lines = [written]
    for name in ("province", "city", "district", "town", "village"):
        value = getattr(place, name)
        if value is not None:
            how = [w for w, levels in (("inferred", place.inferred), ("replaced", place.replaced))
                   if name in levels]  # fmt: skip
            lines.append(f"  {name:<14}{value}" + (f"  [{', '.join(how)}]" if how else ""))
    for name in ("devzone", "road", "road_number", "poi", "subpoi", "building", "unit", "floor",
                 "room", "group", "detail", "division_code", "postcode", "text_recipient",
                 "text_phone", "standardized"):  # fmt: skip
        value = getattr(place, name)
        if value is not None:
            lines.append(f"  {name:<14}{value}")
    sure = "" if place.confidence is None else f", confidence {place.confidence:.2f}"
    lines.append(f"  {'verdict':<14}{place.verdict} ({place.granularity}{sure})")
    lines += [f"  {'reason':<14}{code}: {meaning.get(code, code)}" for code in place.issues]
    lines += [f"  {'may also be':<14}{candidate}" for candidate in place.candidates]
    return lines
