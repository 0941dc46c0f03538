"""The record that lies in every letter's file: what it is, and by which rules it was checked.

No amount, ID number, phone, name or address: whoever gets the file gets nothing that is not on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from addrfix import __version__
from addrfix.flow.letter_plan import Batch, Plan, applied_rules
from addrfix.letters.facts import LetterFacts
from addrfix.letters.rows import Document

FORMAT = 1


def shared_record(batch: Batch) -> str:
    """What the records of a batch have in common, as JSON."""
    told = {
        "format": FORMAT,
        "addrfix": __version__,
        "as_of": batch.created_on.isoformat(),
        "template": {
            "name": batch.template.name,
            "version": batch.template.version,
            "sha256": batch.compliance.approval.sha256,
            "approval": batch.compliance.approval.state,
        },
        "rules_sha256": batch.compliance.book.sha256,
        "checked": applied_rules(batch),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def findings_by_letter(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Letter id → the rules that only warn or inform and that it breaks, with the note."""
    found: dict[str, tuple[str, ...]] = {}
    for name, finding in plan.findings:
        found[name] = (*found.get(name, ()), f"{finding.rule}:{finding.note}")
    return found


def letter_record(shared: str, facts: LetterFacts, found: Mapping[str, Sequence[str]]) -> bytes:
    """The record of one letter: UTF-8 JSON, the same for the same letter."""
    told: dict[str, Any] = {
        "letter_id": facts.letter_id,
        "letter_no": facts.letter_no,
        **json.loads(shared),
        **({"documents": [_told(each) for each in facts.documents]} if facts.documents else {}),
        "found": list(found.get(facts.letter_id, ())),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8")


def _told(document: Document) -> dict[str, str | int]:
    """A document behind the letter: which file it is, not what it says."""
    return {"sha256": document.sha256, "pages": document.pages}
