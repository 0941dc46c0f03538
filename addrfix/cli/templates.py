"""`addrfix templates`: list, check and approve the templates of letters."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.governing_options import approvals_option, rules_option
from addrfix.cli.options import as_of_option, note
from addrfix.text.counting import counted

_NAME = "NAME|FOLDER"


@click.group("templates", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """List, check and approve the templates of letters.

    A template is shipped, or a folder of your own (docs/templates.md). An approval freezes its
    files and the rules by hash: whoever changes either has to have it approved again.

    Example: addrfix templates list
    """


@command.command("list")
@click.argument("names", metavar=f"[{_NAME}]...", nargs=-1)
@rules_option
@approvals_option
def show(names: tuple[str, ...], rules: Path | None, approvals: Path | None) -> None:
    """Show name, kind, version, hash and approval; of the shipped templates by default.

    Example: addrfix templates list
    """
    from addrfix.flow.compliance import Governing
    from addrfix.flow.templates import template_states

    for state in template_states(names, Governing(rules, approvals)):
        click.echo(state.line())


@command.command()
@click.argument("names", metavar=f"{_NAME}...", nargs=-1, required=True)
@click.option(
    "--sender", type=click.Path(path_type=Path, dir_okay=False),
    help="A sender file: check the rules on sender and template too.",
)  # fmt: skip
@rules_option
@approvals_option
@as_of_option
def check(
    names: tuple[str, ...],
    sender: Path | None,
    rules: Path | None,
    approvals: Path | None,
    as_of: str | None,
) -> None:
    """Read templates, tell every fault, and exit with 1 where a rule that blocks is broken.

    Example: addrfix templates check lawyer_letter --sender sender.toml
    """
    from addrfix.flow.compliance import Governing
    from addrfix.flow.templates import check_template

    day, blocked = as_of_day(as_of), False
    for name in names:
        governing = Governing(rules, approvals)
        state, found = check_template(name, governing, sender=sender, as_of=day)
        for finding in found:
            words = finding.text or ""
            click.echo(f"{name}\t{finding.severity}\t{finding.rule}\t{finding.note}\t{words}")
            blocked = blocked or finding.severity == "block"
        note(f"{name}: {counted(len(found), 'finding')}, {state.approval.state}")
    if blocked:
        raise SystemExit(1)


@command.command()
@click.argument("names", metavar=f"{_NAME}...", nargs=-1, required=True)
@click.option("--by", required=True, metavar="WHO", help="Who approves, by name or role.")
@rules_option
@approvals_option
@as_of_option
def approve(
    names: tuple[str, ...],
    by: str,
    rules: Path | None,
    approvals: Path | None,
    as_of: str | None,
) -> None:
    """Take down that somebody approved templates as they are, under the rules as they are.

    Example: addrfix templates approve my_letter --by "legal department"
    """
    from addrfix.flow.compliance import Governing
    from addrfix.flow.templates import approve_templates

    governing = Governing(rules, approvals)
    path, states = approve_templates(names, governing, by=by, as_of=as_of_day(as_of))
    for state in states:
        click.echo(state.line())
    note(f"{counted(len(states), 'template')} approved: {path}")
