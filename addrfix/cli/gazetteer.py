"""`addrfix gazetteer`: build, show and search the gazetteer."""

from __future__ import annotations

import click


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
    from addrfix import database
    from addrfix.places import building
    from addrfix.places.gazetteer import show_progress
    from addrfix.places.version import file_name

    target = database.cache_folder() / file_name()
    built = building.build(target, show_progress, force=force)
    click.echo(f"{'built' if built else 'already there'}: {target}", err=True)
