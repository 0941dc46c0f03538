"""Templates as a person looks after them: which there are, whether they hold, who approved them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock

from addrfix import __version__
from addrfix.flow.compliance import Governing, compliance_of, default_approvals
from addrfix.knowledge import template_names
from addrfix.letters.approval import Approval, approvals_text, approved, read_approvals
from addrfix.letters.checks import check_words
from addrfix.letters.compose import Composer
from addrfix.letters.draft import Wording
from addrfix.letters.findings import Finding
from addrfix.letters.rules import read_rules
from addrfix.letters.sender import read_sender
from addrfix.letters.sender_checks import check_sender
from addrfix.letters.template import Template
from addrfix.letters.template_files import find_template, read_template
from addrfix.model.errors import BadInput, BadUsage


@dataclass(frozen=True, slots=True)
class TemplateState:
    """A template and what is known of its approval."""

    template: Template
    approval: Approval

    def line(self) -> str:
        """One line for a person: name, kind, version, state, hash."""
        approval = self.approval
        who = f" by {approval.by} on {approval.on}" if approval.by else ""
        name, kind = self.template.name, self.template.kind
        version, digest = self.template.version, approval.sha256[:12]
        return f"{name}\t{kind}\t{version}\t{digest}\t{approval.state}{who}"


def template_states(names: Sequence[str], governing: Governing) -> list[TemplateState]:
    """The templates named, or all shipped ones.

    Raises:
        BadSettings: a template or rules that do not hold.
        BadInput: a file of approvals that is none.
    """
    return [_state(name, governing) for name in names or template_names()]


def check_template(
    name: str, governing: Governing, *, sender: Path | None, as_of: date
) -> tuple[TemplateState, list[Finding]]:
    """Whether a template holds, and, with a sender file, which rules the two of them break.

    Forbidden words are looked for in every branch of the text, printed or not.

    Raises:
        BadSettings: all faults of the template, rules or sender file; a character of theirs that
            no font has.
    """
    state = _state(name, governing)
    if sender is None:
        return state, []
    writer = read_sender(sender)
    Composer(state.template, writer, as_of)
    book = read_rules(governing.rules)
    found = check_sender(writer, state.template, as_of, book=book, approval=state.approval)
    bound = Wording(state.template, writer, as_of).template
    title = "".join(text.words for text in bound.texts["title_block"])
    areas = {"text": "\n".join(bound.words()), "title": title}
    return state, found + check_words(book, state.template.kind, areas)


def approve_templates(
    names: Sequence[str], governing: Governing, *, by: str, as_of: date
) -> tuple[Path, list[TemplateState]]:
    """Take down that somebody approved templates as they are now, under the rules as they are now.

    Gives the file and the states. Approvals are added, never changed: the file is the record of
    who approved what and when. Two commands at once do not lose each other's.

    Raises:
        BadUsage: nobody is named.
        BadSettings: a template or rules that do not hold.
        BadInput: the file of approvals cannot be read or written.
    """
    who = " ".join(by.split())
    if not who:
        raise BadUsage("--by: say who approves, by name or role")
    path = governing.approvals or default_approvals()
    book = read_rules(governing.rules)
    rows = [
        approved(
            read_template(name), find_template(name), book, by=who, on=as_of, version=__version__
        )
        for name in names
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock")):
            text = approvals_text((*read_approvals(path), *rows))
            beside = path.with_name(f".{path.name}.{os.getpid()}.part")
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(path)
    except OSError as error:
        raise BadInput(f"the approvals {path} cannot be written: {error.strerror}") from error
    return path, template_states(names, governing)


def _state(name: str, governing: Governing) -> TemplateState:
    template = read_template(name)
    known = compliance_of(template, name, governing, past=None, as_of=date.min)
    return TemplateState(template, known.approval)
