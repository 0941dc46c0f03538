"""Answers of tracking services: JSON in which a letter holds a list of lines.

Kuaidi100 (`nu`, `state`, `data: [{time, context, statusCode}]`) and KDNiao (`LogisticCode`,
`StateEx`, `Traces: [{AcceptTime, AcceptStation}]`), one answer, a list of them, or one a line.
"""

from __future__ import annotations

import json
from typing import Any

Cells = dict[str, str | None]


def rows_of(text: str) -> list[Cells]:
    """One row a line of every trace; what the answer says of the letter repeats on its rows.

    A letter's own scalars give way to a line's of the same name. Lists of anything but objects and
    deeper nesting are left out.

    Raises:
        ValueError: the text is neither JSON nor JSON Lines of objects.
    """
    rows: list[Cells] = []
    for answer in _answers(text):
        rows.extend(_unfolded(answer))
    return rows


def _answers(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    answers = found if isinstance(found, list) else [found]
    if not answers or not all(isinstance(answer, dict) for answer in answers):
        raise ValueError("no objects")
    return answers


def _unfolded(answer: dict[str, Any]) -> list[Cells]:
    own = {key: _cell(value) for key, value in answer.items() if not isinstance(value, list | dict)}
    rows: list[Cells] = []
    for value in answer.values():
        # An envelope such as {"lastResult": {...}}: what is inside is the answer.
        inner = [value] if isinstance(value, dict) else value
        if not isinstance(inner, list) or not inner or not isinstance(inner[0], dict):
            continue
        nested = [row for item in inner if isinstance(item, dict) for row in _unfolded(item)]
        rows.extend({**own, **row} for row in nested)
    return rows or [own]


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    return json.dumps(value) if isinstance(value, bool) else str(value)
