"""Small pieces of the HTML page; everything that comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from addrfix.outcomes.intervals import Difference, Interval
from addrfix.outcomes.tables import Cell, Row, Table
from addrfix.outcomes.wording import Words, text

_THIN = "\u202f"


def both(words: Words) -> str:
    """A text in both languages, of which the page shows one."""
    if words.en == words.zh:
        return escape(words.en)
    return (
        f'<span data-l="en" lang="en">{escape(words.en)}</span>'
        f'<span data-l="zh" lang="zh-CN">{escape(words.zh)}</span>'
    )


def said(key: str) -> str:
    """A text of the report in both languages."""
    return both(text(key))


def number(count: int) -> str:
    """1 234 567, with thin spaces that do not break."""
    return f"{count:,}".replace(",", _THIN)


def percent(share: float, digits: int = 1) -> str:
    """34.5 %."""
    return f"{share * 100:.{digits}f} %"


def points(part: float) -> str:
    """+3.4, of a difference of shares, in percentage points."""
    return f"{part * 100:+.1f}".replace("-", "−")


def yuan(amount: Decimal) -> str:
    """1 234.50, rounded half up as money is."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}".replace(",", _THIN)


def _cell(cell: Cell, is_word: bool = False) -> str:
    if cell is None:
        return '<td class="word">–</td>' if is_word else "<td>–</td>"
    if isinstance(cell, Words):
        return f'<td class="word">{both(cell)}</td>'
    if isinstance(cell, Interval):
        around = f"{cell.low * 100:.1f}–{cell.high * 100:.1f}"
        return f'<td>{percent(cell.share)}<span class="ci">{around}</span></td>'
    if isinstance(cell, Difference):
        around = f"{points(cell.low)} – {points(cell.high)}"
        return f'<td>{points(cell.value)}<span class="ci">{around}</span></td>'
    if isinstance(cell, Decimal):
        return f"<td>{yuan(cell)}</td>"
    if isinstance(cell, date):
        return f"<td>{cell.isoformat()}</td>"
    if isinstance(cell, float):
        return f"<td>{percent(cell)}</td>"
    return f"<td>{number(cell)}</td>"


def _row(row: Row, words: Sequence[bool], anchor: str | None) -> str:
    first = row.cells[0]
    head = both(first) if isinstance(first, Words) else _cell(first)[4:-5]
    marks = (f' id="{anchor}"' if anchor else "") + (' class="small"' if row.small else "")
    cells = "".join(map(_cell, row.cells[1:], words[1:]))
    return f'<tr{marks}><th scope="row">{head}</th>{cells}</tr>'


def table(data: Table, anchors: Sequence[str | None] = ()) -> str:
    """A table with its caption and heads; `anchors` are ids for its rows."""
    words = data.word_columns
    heads = "".join(
        f'<th scope="col"{" class=word" if is_word else ""}>{both(column)}</th>'
        for column, is_word in zip(data.columns, words, strict=True)
    )
    ids = list(anchors) or [None] * len(data.rows)
    rows = "\n".join(_row(row, words, anchor) for row, anchor in zip(data.rows, ids, strict=True))
    return (
        f'<div class="wide" tabindex="0"><table><caption>{both(data.title)}</caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )


def folded(data: Table, anchors: Sequence[str | None] = (), *, is_open: bool = False) -> str:
    """A table that opens on demand, and when the page is printed."""
    opened = " open" if is_open else ""
    return (
        f'<details id="table-{data.key}"{opened}><summary>{said("table")}: {both(data.title)}'
        f"</summary>{table(data, anchors)}</details>"
    )


def scale(interval: Interval) -> str:
    """A share and its interval on a line from 0 to 100 %, as a small picture."""
    share, low, high = (round(part * 100, 2) for part in interval)
    return (
        '<svg class="scale" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="0" y="6" width="100" height="2" fill="var(--line)"/>'
        f'<rect x="{low}" y="4" width="{high - low:.2f}" height="6" '
        'fill="var(--accent)" fill-opacity=".35"/>'
        f'<rect x="{share - 0.3:.2f}" y="1" width=".6" height="12" fill="var(--accent)"/>'
        "</svg>"
    )
