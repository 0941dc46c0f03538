"""`addrfix gazetteer`: build, show and search the gazetteer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import (
    as_of_option,
    column_option,
    encoding_option,
    json_line,
    note,
    overrides,
    sheet_option,
)
from addrfix.text.counting import counted

if TYPE_CHECKING:
    from addrfix.places.lookup import Meaning

_SHOWN = 10
"""Rows shown of each check that fails."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Build, show and search the gazetteer.

    It is built by itself on first use; these commands are for looking into it.

    Example: addrfix gazetteer lookup 江干区
    """


@command.command()
@click.option("--force", is_flag=True, help="Build again although the file is there.")
def build(force: bool) -> None:
    """Build the gazetteer's file in the user's cache.

    Example: addrfix gazetteer build
    """
    from addrfix.folders import cache_folder
    from addrfix.places import building
    from addrfix.places.gazetteer import show_progress
    from addrfix.places.version import file_name

    target = cache_folder() / file_name()
    built = building.build(target, show_progress, force=force)
    note(f"{'built' if built else 'already there'}: {target}")


@command.command()
def info() -> None:
    """Show version, sources with licences and dates, and rows per level.

    Example: addrfix gazetteer info
    """
    from addrfix import compiled
    from addrfix.places.gazetteer import open_gazetteer
    from addrfix.places.summary import summarise

    found = summarise(open_gazetteer())
    click.echo(f"version  {found.version}")
    click.echo(f"file     {found.path} ({found.megabytes:.1f} MB)")
    click.echo(f"reading  {'compiled' if compiled.available() else 'interpreted'}")
    click.echo("rows")
    for level, kind, count in found.levels:
        click.echo(f"  level {level} {kind:<9} {count:>9,}")
    for what, count in found.tables:
        click.echo(f"  {what:<39} {count:>9,}")
    click.echo("sources")
    for name, licence, date, what in found.sources:
        click.echo(f"  {name}, as of {date}, {licence}: {what}")


@command.command()
@click.argument("asked", metavar="NAME|CODE", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a meaning.")
def lookup(asked: tuple[str, ...], as_json: bool) -> None:
    """Show what a name or code means, with ancestors and history.

    Exit code 1 where one of them means nothing.

    Example: addrfix gazetteer lookup 江干区 330113
    """
    from dataclasses import asdict

    from addrfix.places.gazetteer import open_gazetteer
    from addrfix.places.lookup import look_up

    gazetteer, missing = open_gazetteer(), False
    for question in asked:
        # An argument that is not UTF-8 holds lone surrogates, which no database takes.
        meanings = look_up(gazetteer, question.encode("utf-8", "replace").decode().strip())
        if not meanings:
            note(f"{question}: not in the gazetteer")
            missing = True
        for meaning in meanings:
            if as_json:
                row = {"asked": question, **asdict(meaning)}
                click.echo(json_line(row))
            else:
                click.echo("\n".join(_lines(meaning)))
    if missing:
        raise SystemExit(1)


def _lines(meaning: Meaning) -> list[str]:
    """A meaning as a person reads it: one line, and one more for each former name."""
    place = " ".join((*meaning.above, meaning.name))
    postcode = f", {meaning.postcode}" if meaning.postcode else ""
    asked = meaning.asked_as
    if meaning.until_year:
        asked += f" until {meaning.until_year}"
    if meaning.share < 1:
        asked += f", {meaning.share:.0%} of it"
    lines = [f"{meaning.code}  {place}  [{meaning.kind}{postcode}; asked as {asked}]"]
    for old in meaning.history:
        share = f", {old.share:.0%} of it" if old.share < 1 else ""
        why = f"; {old.why}" if old.why else ""
        believed = old.believed or "no source"
        years = f"{old.from_year}–{old.until_year}"
        lines.append(f"    once {old.code} {old.name} {years}{share} ({believed}{why})")
    return lines


@command.command()
def check() -> None:
    """Prove the gazetteer's own consistency; exit code 1 where something is wrong.

    Example: addrfix gazetteer check
    """
    from addrfix.places.checking import run_checks
    from addrfix.places.gazetteer import open_gazetteer

    checks = run_checks(open_gazetteer())
    for result in checks:
        click.echo(f"{'ok  ' if not result.faults else 'FAIL'}  {result.name}")
        for what, where in result.faults[:_SHOWN]:
            click.echo(f"        {what} {where}")
        if len(result.faults) > _SHOWN:
            click.echo(f"        and {len(result.faults) - _SHOWN} more")
    if any(result.faults for result in checks):
        raise SystemExit(1)


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@column_option
@encoding_option
@sheet_option
@click.option("--coordinates", type=click.Choice(("wgs84", "gcj02", "bd09")), help="Their system.")
@click.option("--source", help="What the file is called from now on.  [default: its name]")
@click.option("--licence", help="The licence under which you hold it.")
@as_of_option
def import_(
    path: Path,
    column: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
    coordinates: str | None,
    source: str | None,
    licence: str | None,
    as_of: str | None,
) -> None:
    """Take in your own places: a table, or a Gaode, Tencent or OSM-style export.

    Importing the same source again replaces what was imported before.

    Example: addrfix gazetteer import compounds.csv --column name=小区 --coordinates gcj02
    """
    from addrfix.flow.gazetteer import Origin, import_places

    origin = Origin(source or path.name, licence, coordinates, as_of_day(as_of))
    done = import_places(path, overrides(column), origin, encoding=encoding, sheet=sheet)
    for sentence in done.notes:
        note(sentence)
    note(f"{counted(done.taken, 'place')} taken in ({done.layout} layout)")
    for reason, rows in sorted(done.refused.items()):
        shown = ", ".join(str(row) for row in rows[:_SHOWN])
        more = " …" if len(rows) > _SHOWN else ""
        lines = "row" if len(rows) == 1 else "rows"
        note(f"{len(rows):,} {lines} left out, {reason}: {lines} {shown}{more}")


@command.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write."
)
def export(output: Path) -> None:
    """Give back your own places as a table, coordinates in WGS-84.

    Example: addrfix gazetteer export -o places.xlsx
    """
    from addrfix.flow.gazetteer import export_places

    note(f"{counted(export_places(output), 'place')} written to {output}")
