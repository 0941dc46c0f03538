"""Options of `letters` and `run`: what a batch has to keep to, and whether it is signed."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from addrfix.model.errors import BadInput, BadUsage

if TYPE_CHECKING:
    from addrfix.flow.signing_key import SigningKey

PASSWORD_VARIABLE = "ADDRFIX_SIGN_PASSWORD"
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)

rules_option = click.option(
    "--rules", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
    help="Your own tables of rules, put over the shipped ones (docs/rules.md).",
)  # fmt: skip
approvals_option = click.option(
    "--approvals", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Who approved which template.  [default: approvals.json in your configuration folder]",
)  # fmt: skip
_OPTIONS = (
    rules_option,
    approvals_option,
    click.option(
        "--require-approval", is_flag=True,
        help="Print only with a template that somebody approved (`addrfix templates approve`).",
    ),
    click.option(
        "--sign", "sign_key", type=_FILE, metavar="KEY.p12",
        help="Sign every letter with this key (docs/signing.md). The password comes from "
        f"--sign-password-file, the variable {PASSWORD_VARIABLE}, or is asked for.",
    ),
    click.option(
        "--sign-password-file", "password_file", type=_FILE, metavar="FILE",
        help="A file whose first line is the key's password.",
    ),
)  # fmt: skip


def governing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Rules, approvals, signature; the command gets them as `governing` and `sign`."""

    @functools.wraps(command)
    def gathered(
        *,
        rules: Path | None,
        approvals: Path | None,
        require_approval: bool,
        sign_key: Path | None,
        password_file: Path | None,
        **others: Any,  # noqa: ANN401  # whatever else the command takes
    ) -> None:
        from addrfix.flow.compliance import Governing

        command(
            governing=Governing(rules, approvals, require_approval),
            sign=_signing_key(sign_key, password_file),
            **others,
        )

    whole: Callable[..., None] = gathered
    for option in reversed(_OPTIONS):
        whole = option(whole)
    return whole


def _signing_key(path: Path | None, password_file: Path | None) -> SigningKey | None:
    if path is None:
        if password_file is not None:
            raise BadUsage("--sign-password-file is for --sign KEY.p12")
        return None
    from addrfix.flow.signing_key import read_signing_key

    return read_signing_key(path, _password(password_file))


def _password(path: Path | None) -> bytes:
    """The key's password; never an argument, which other users of the machine could read."""
    if path is not None:
        try:
            return path.read_bytes().splitlines()[0]
        except (OSError, IndexError) as error:
            raise BadInput(f"the password file {path} cannot be read or is empty") from error
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE].encode("utf-8")
    if not sys.stdin.isatty():
        raise BadUsage(
            f"--sign needs the key's password: --sign-password-file FILE or {PASSWORD_VARIABLE}"
        )
    asked: str = click.prompt("Password of the key", hide_input=True, err=True, default="")
    return asked.encode("utf-8")
