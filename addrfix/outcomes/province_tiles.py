"""The provinces as a grid of tiles: where letters are signed for, without a map."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor

from addrfix.outcomes.figures import Figures, Rate
from addrfix.outcomes.markup import folded, number, percent, said
from addrfix.outcomes.readings import READINGS
from addrfix.outcomes.tables import rate_table
from addrfix.outcomes.wording import Tile, tiles

LEVELS = 6
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)


def province_tiles(figures: Figures) -> str:
    """The grid with its legend and table; a sentence where no province is known."""
    rates = {rate.value: rate for rate in figures.by["province"]}
    if not any(rates):
        return f'<p class="empty">{said("no_province")}</p>'
    low, step = _scale([rate for value, rate in rates.items() if value and not rate.is_small])
    cells = "".join(_tile(tile, rates.get(tile.province), low, step) for tile in tiles())
    data = rate_table("province", figures.by["province"])
    letters = {tile.province: tile.letters for tile in tiles()}
    anchors = [f"p-{letters[row.key]}" if row.key in letters else None for row in data.rows]
    return (
        f'<p class="note">{said("where_note")}</p>'
        f'<div class="where"><div><div class="tiles">{cells}</div>{_legend(low, step)}</div>'
        '<figure class="chart" id="chart-province"></figure></div>'
        f"{folded(data, anchors)}"
    )


def _scale(rates: Sequence[Rate]) -> tuple[float, float]:
    """Lowest share and width of a shade; the same in all three readings, so that they compare."""
    shares = [
        interval.share
        for rate in rates
        for reading in READINGS
        if (interval := rate.interval(reading))
    ]
    if not shares:
        return 0.0, _STEPS[-1]
    for step in _STEPS:
        low = floor(min(shares) / step) * step
        if ceil((max(shares) - low) / step) <= LEVELS:
            return low, step
    return 0.0, _STEPS[-1]


def _tile(tile: Tile, rate: Rate | None, low: float, step: float) -> str:
    place = f"grid-column:{tile.column};grid-row:{tile.row}"
    name = (
        f'<span class="name"><span data-l="zh" lang="zh-CN">{escape(tile.name.zh)}</span>'
        f'<span data-l="en" lang="en"><span class="long">{escape(tile.name.en)}</span>'
        f'<span class="brief">{escape(tile.letters)}</span></span></span>'
    )
    if rate is None:
        return f'<span class="tile" style="{place}">{name}</span>'
    faces = "".join(_face(rate, reading, name, low, step) for reading in READINGS)
    return f'<a class="tile" href="#p-{tile.letters}" style="{place}">{faces}</a>'


def _face(rate: Rate, reading: str, name: str, low: float, step: float) -> str:
    interval = rate.interval(reading)
    if interval is None or rate.is_small:
        shade = "ks"
    else:
        shade = f"k{min(LEVELS - 1, max(0, floor((interval.share - low) / step + 1e-9)))}"
    value = percent(interval.share, 0) if interval else "–"
    return (
        f'<span class="face {reading} {shade}">{name}<span class="value">{value}</span>'
        f'<span class="n">n {number(rate.counted)}</span></span>'
    )


def _legend(low: float, step: float) -> str:
    shades = "".join(
        f'<li><i class="k{level}"></i>{percent(low + level * step, 0)} – '
        f"{percent(low + (level + 1) * step, 0)}</li>"
        for level in range(LEVELS)
        if low + level * step < 1
    )
    return f'<ul class="legend">{shades}<li><i class="ks"></i>{said("fewer")}</li></ul>'
