"""The tables of the report as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from addrfix.outcomes.figures import Figures
from addrfix.outcomes.intervals import Difference, Interval
from addrfix.outcomes.tables import Cell, Table, every_table
from addrfix.outcomes.wording import Words, text
from addrfix.text.terminal import padded, width

_MOST_ROWS = 15
_LEFT_OUT = ("curves", "time")
"""Long tables that only a chart makes readable; the files have them."""
_NEWEST_LAST = ("batch", "batch_week", "weeks", "maturity")
"""Tables in the order of time, of which the end is what one wants to see."""


def terminal_report(figures: Figures, *, chinese: bool = False) -> str:
    """The report as lines of text, ending with a line break.

    Long tables are cut to fifteen rows, the latest where they go by time, and say so. Cells that
    rest on fewer than thirty letters are marked with `~`.
    """
    parts = [_headline(figures, chinese)]
    for data in every_table(figures):
        if data.rows and data.key not in _LEFT_OUT:
            parts.append(_table(data, chinese))
    return "\n\n".join(parts) + "\n"


def _said(words: Words, chinese: bool) -> str:
    return words.zh if chinese else words.en


def _headline(figures: Figures, chinese: bool) -> str:
    line = (
        f"{_said(text('title'), chinese)} · {_said(text('as_of'), chinese)} "
        f"{figures.as_of.isoformat()} · {_said(text('batches'), chinese)} {len(figures.batches)}"
    )
    if figures.where is not None:
        line += f"\n{_said(text('where_filter'), chinese)} {figures.where}"
    if not figures.total.mailed:
        line += f"\n{_said(text('no_letters'), chinese)}"
    if figures.specimen:
        line += f"\n{_said(text('made_up_note'), chinese)}"
    return line


def _table(data: Table, chinese: bool) -> str:
    head = [_said(column, chinese) for column in data.columns]
    newest = data.key in _NEWEST_LAST
    shown = data.rows[-_MOST_ROWS:] if newest else data.rows[:_MOST_ROWS]
    body = [
        [
            _cell(cell, chinese) + ("~" if row.small and isinstance(cell, Interval) else "")
            for cell in row.cells
        ]
        for row in shown
    ]
    widths = [max(width(line[index]) for line in [head, *body]) for index in range(len(head))]
    words = data.word_columns
    lines = [_said(data.title, chinese)] + [_line(line, widths, words) for line in [head, *body]]
    if left := len(data.rows) - len(shown):
        lines.insert(2 if newest else len(lines), f"  … +{left}")
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int], words: Sequence[bool]) -> str:
    placed = [
        padded(cell, columns) if word else " " * (columns - width(cell)) + cell
        for cell, columns, word in zip(cells, widths, words, strict=True)
    ]
    return ("  " + "  ".join(placed)).rstrip()


def _cell(cell: Cell, chinese: bool) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, Words):
        return _said(cell, chinese)
    if isinstance(cell, Interval):
        return f"{cell.share:.1%} ({cell.low * 100:.1f}-{cell.high * 100:.1f})"
    if isinstance(cell, Difference):
        return f"{cell.value * 100:+.1f} ({cell.low * 100:+.1f} to {cell.high * 100:+.1f})"
    if isinstance(cell, Decimal):
        return f"{cell.quantize(Decimal('0.01'), ROUND_HALF_UP)}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.1%}"
    return str(cell)
