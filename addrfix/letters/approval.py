"""Which templates a person approved: the template's files and the rules, frozen by hash.

Approvals are rows of a JSON file that the user keeps, each with who approved what and when. A
template that is exactly as it was shipped counts as approved by its makers; `templates/shipped.tsv`
has the hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from addrfix.knowledge import folder, read_tsv
from addrfix.letters.rules import RuleBook
from addrfix.letters.template import Template
from addrfix.model.errors import BadInput

FORMAT = 1
SHIPPED = "shipped.tsv"


@dataclass(frozen=True, slots=True)
class Approved:
    """A row of the file of approvals."""

    template: str
    template_sha256: str
    rules_sha256: str
    by: str
    """A name or a role."""
    on: str
    """ISO date."""
    addrfix: str
    """Version that took it down."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What is known of a template's approval.

    `state`: approved (by a person, under these rules), rules_changed (by a person, under others),
    shipped (as the makers shipped it), edited (shipped, but changed since) or not_approved.
    """

    state: str
    sha256: str
    """Of the template's files; see `frozen`."""
    by: str | None = None
    on: str | None = None
    by_person: bool = False
    """Only a person's approval counts."""

    @property
    def good(self) -> bool:
        """Does it count."""
        return self.state == "approved" or (self.state == "shipped" and not self.by_person)


def frozen(template: Template, place: Path) -> str:
    """SHA-256 over a template: every file of its folder, its fonts and the window's figures.

    Files whose names begin with a full stop or end in ~ are left out: editors leave them behind.
    """
    digest = hashlib.sha256(f"{template.sha256}\n".encode())
    inside = [path for path in sorted(place.rglob("*")) if path.is_file()]
    for path in inside:
        name = path.relative_to(place).as_posix()
        if not name.startswith(".") and "/." not in name and not name.endswith("~"):
            digest.update(f"{name}\t{_sha256(path)}\n".encode())
    for font in template.fonts:
        digest.update(f"{font.name}\t{_sha256(font)}\n".encode())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def shipped_hashes() -> dict[str, str]:
    """Name of a shipped template → its hash as it was shipped."""
    path = folder("templates") / SHIPPED
    return {row["template"]: row["sha256"] for row in read_tsv(path)}


def approval_of(
    template: Template,
    place: Path,
    book: RuleBook,
    approvals: Sequence[Approved],
    *,
    by_person: bool = False,
) -> Approval:
    """The state of a template; the last approval of these very files counts.

    Args:
        template: the template.
        place: its folder.
        book: the rules that its letters are checked by.
        approvals: as `read_approvals` gives them.
        by_person: whether only a person's approval counts.
    """
    digest = frozen(template, place)
    mine = [row for row in approvals if row.template_sha256 == digest]
    current = [row for row in mine if row.rules_sha256 == book.sha256]
    if current:
        return Approval("approved", digest, current[-1].by, current[-1].on, by_person)
    shipped = shipped_hashes().get(template.name)
    if shipped == digest:
        return Approval("shipped", digest, by_person=by_person)
    if mine:
        return Approval("rules_changed", digest, mine[-1].by, mine[-1].on, by_person)
    known = shipped is not None and place.parent == folder("templates")
    return Approval("edited" if known else "not_approved", digest, by_person=by_person)


def read_approvals(path: Path) -> tuple[Approved, ...]:
    """The rows of a file of approvals, oldest first; none where there is no file.

    Raises:
        BadInput: the file is not one that addrfix wrote.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(f"the approvals {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _damaged(path)
    try:
        return tuple(Approved(**row) for row in content["approvals"])
    except (KeyError, TypeError) as error:
        raise _damaged(path) from error


def approvals_text(rows: Sequence[Approved]) -> str:
    """The content of a file of approvals."""
    content = {"format": FORMAT, "approvals": [asdict(row) for row in rows]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def approved(
    template: Template, place: Path, book: RuleBook, *, by: str, on: date, version: str
) -> Approved:
    """The row that says that a template was approved."""
    return Approved(
        template=template.name,
        template_sha256=frozen(template, place),
        rules_sha256=book.sha256,
        by=by,
        on=on.isoformat(),
        addrfix=version,
    )


def _damaged(path: Path) -> BadInput:
    return BadInput(
        f"the approvals {path} are not what `addrfix templates approve` wrote; take them from a "
        "copy, or move the file away and approve again"
    )
