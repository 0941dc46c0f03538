"""`addrfix parse`: read one address and explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from addrfix.cli.options import json_line

if TYPE_CHECKING:
    from addrfix.flow.ledger import Ledger
    from addrfix.model.nouns import ResolvedAddress


@click.command("parse")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--explain", is_flag=True, help="Show every witness about the division.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Of the sentences.")
def command(text: tuple[str, ...], as_json: bool, explain: bool, lang: str) -> None:
    """Read one address at a time and explain it: its parts, what was inferred, the verdict.

    `-` reads addresses from stdin, one a line. With --explain the ledger follows: what spoke for
    which division, with its weight in log-odds, and what was left open.

    Example: addrfix parse 深圳南山区粤海街道科技园路1号3栋502
    """
    from addrfix.flow.clean import engine
    from addrfix.flow.ledger import ledger_of

    texts = _texts(text)
    parsed, places = engine().read(texts)
    for written, address, place in zip(texts, parsed, places, strict=True):
        ledger = ledger_of(address, engine().index, chinese=lang == "zh") if explain else None
        if as_json:
            record = _record(written, place)
            if ledger is not None:
                record["ledger"] = ledger.record()
            click.echo(json_line(record))
        else:
            lines = _lines(written, place) + (_ledger_lines(ledger) if ledger is not None else [])
            click.echo("\n".join(lines))


def _texts(given: tuple[str, ...]) -> list[str]:
    """The addresses asked for; `-` stands for the lines of stdin that are not empty."""
    texts: list[str] = []
    for text in given:
        if text == "-":
            with click.open_file("-", encoding="utf-8") as lines:
                texts += [line.rstrip("\r\n") for line in lines if line.strip()]
        else:
            texts.append(text)
    return texts


def _ledger_lines(ledger: Ledger) -> list[str]:
    lines = [f"  {'margin':<15}{ledger.margin:+.2f}"]
    for entry in ledger.entries:
        mark = "*" if entry.decided else " "
        lines.append(f"  {mark}{entry.witness:<14}{entry.weight:+.2f}  {entry.sentence}")
    lines += [f"  {'left open':<15}{division}" for division in ledger.left_open]
    return lines


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
            lines.append(f"  {name:<15}{value}" + (f"  [{', '.join(how)}]" if how else ""))
    for name in ("devzone", "road", "road_number", "poi", "subpoi", "building", "unit", "floor",
                 "room", "group", "detail", "unread", "division_code", "postcode", "text_recipient",
                 "text_phone", "standardized"):  # fmt: skip
        value = getattr(place, name)
        if value is not None:
            lines.append(f"  {name:<15}{value}")
    sure = "" if place.confidence is None else f", confidence {place.confidence:.2f}"
    lines.append(f"  {'verdict':<15}{place.verdict} ({place.granularity}{sure})")
    lines += [f"  {'reason':<15}{code}: {meaning.get(code, code)}" for code in place.issues]
    lines += [f"  {'may also be':<15}{candidate}" for candidate in place.candidates]
    return lines
