"""The report as one HTML page that needs nothing else: no host, no file, no network."""

from __future__ import annotations

import json
import re
from functools import cache

from addrfix import __version__
from addrfix.knowledge import folder
from addrfix.outcomes import tables
from addrfix.outcomes.figures import Figures, Rate
from addrfix.outcomes.markup import both, folded, number, percent, said, scale, table, yuan
from addrfix.outcomes.page_data import chart_data
from addrfix.outcomes.province_tiles import province_tiles
from addrfix.outcomes.readings import READINGS
from addrfix.outcomes.wording import label, same, text

_SLOT = re.compile(r"\{\{(t:)?([a-z_:]+)\}\}")
_VENDOR = ("d3.min.js", "plot.umd.min.js")


@cache
def _part(name: str) -> str:
    return (folder("templates") / "report" / name).read_text(encoding="utf-8")


def html_page(figures: Figures) -> str:
    """The page. Same figures, same characters.

    Raises:
        BadSettings: `templates/report/` lacks a text or a slot.
    """
    slots = {
        "version": __version__,
        "plain_title": f"{text('title').zh} · {text('title').en}",
        "css": _part("page.css"),
        "script": _part("page.js"),
        "vendor": "\n".join(_part(f"vendor/{name}") for name in _VENDOR),
        "data": _json(chart_data(figures)),
        "made_up": _made_up(figures),
        "facts": _facts(figures),
        "not_tracked": _not_tracked(figures),
        "cards": "".join(_card(figures.total, reading) for reading in READINGS),
        "stack": _stack(figures),
        "table:overall": folded(tables.signers_table(figures)),
        "tiles": province_tiles(figures),
        "table:dimensions": _dimensions(figures),
        "reasons": _faults(figures)
        + _chart("reasons", tables.reasons_table(figures), "no_returns"),
        "time": _times(figures),
        "table:maturity": folded(tables.weeks_table(figures))
        + folded(tables.ripeness_table(figures)),
        "calibration": _calibration(figures),
        "uplift": _uplift(figures),
        "cost": _cost(figures),
        "bad_places": _bad_places(figures),
        "held": _held(figures),
    }
    return _SLOT.sub(lambda slot: said(slot[2]) if slot[1] else slots[slot[2]], _part("page.html"))


def _json(data: object) -> str:
    """JSON that cannot end the script element it stands in."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return plain


def _made_up(figures: Figures) -> str:
    if not figures.specimen:
        return ""
    return (
        f'<p class="specimen" role="note" style="margin:0"><b>{said("made_up")}</b> · '
        f"{said('made_up_note')}</p>"
    )


def _facts(figures: Figures) -> str:
    asked = ""
    if figures.where is not None:
        asked = f"<br>{said('where_filter')} <b>{both(same(figures.where))}</b>"
    if not figures.total.mailed:
        asked += f"<br>{said('no_letters')}"
    return (
        f"{said('as_of')} <b>{figures.as_of.isoformat()}</b> · "
        f"{said('batches')} <b>{number(len(figures.batches))}</b> · "
        f"{said('letters')} <b>{number(figures.total.mailed)}</b>{asked}"
    )


def _not_tracked(figures: Figures) -> str:
    waiting = [batch.batch for batch in figures.batches if batch.outcomes is None]
    if not waiting:
        return ""
    named = ", ".join(waiting[:10]) + (" …" if len(waiting) > 10 else "")
    return f'<p class="note">{said("no_outcomes")}{both(same(named))}</p>'


def _card(total: Rate, reading: str) -> str:
    interval = total.interval(reading)
    main = " main" if reading == "standard" else ""
    if interval is None:
        value = '<div class="big">–</div>'
    else:
        value = (
            f'<div class="big">{interval.share * 100:.1f}<small> %</small></div>{scale(interval)}'
            f'<div class="range">95 %: {percent(interval.low)} – {percent(interval.high)}</div>'
        )
    return (
        f'<div class="card{main}"><div class="name">{said(reading)}</div>{value}'
        f'<div class="base">{number(getattr(total, reading))} {said("of")} '
        f"{number(total.counted)} {said('counted')}</div>"
        f'<div class="what">{said(reading + "_note")}</div></div>'
    )


def _stack(figures: Figures) -> str:
    total = figures.total
    signed = [(count.value or "untold", count.letters) for count in figures.signers]
    order = ("self", "household", "unit", "unattended", "untold")
    parts = sorted(signed, key=lambda part: order.index(part[0]))
    parts += [(name, getattr(total, name)) for name in tables.NOT_SIGNED]
    shown = [(name, letters) for name, letters in parts if letters]
    if not shown:
        return ""
    bars = "".join(
        f'<span class="c-{name}" style="flex:{letters}"></span>' for name, letters in shown
    )
    keys = "".join(
        f'<li><i class="c-{name}"></i>{said(name)}<b>{number(letters)}</b> '
        f"<em>{percent(letters / total.mailed)}</em></li>"
        for name, letters in shown
    )
    return f'<div class="stack" aria-hidden="true">{bars}</div><ul class="keys">{keys}</ul>'


def _dimensions(figures: Figures) -> str:
    names = [name for name in tables.known_dimensions(figures) if name != "province"]
    parts = []
    for name in names:
        if name == "city":
            parts.append(f'<p class="note paper">{said("small_not_printed")}</p>')
        parts.append(folded(tables.rate_table(name, figures.by[name])))
    return "".join(parts)


def _chart(name: str, data: tables.Table, empty: str) -> str:
    if not data.rows:
        return f'<p class="empty">{said(empty)}</p>'
    return f'<figure class="chart" id="chart-{name}"></figure>{folded(data)}'


def _faults(figures: Figures) -> str:
    """What the colours of the bars mean."""
    faults = dict.fromkeys(reason.fault for reason in figures.reasons if reason.fault)
    keys = "".join(
        f'<li><i class="f-{fault}"></i>{both(label("fault", fault))}</li>' for fault in faults
    )
    return f'<ul class="keys"><li><em>{said("fault")}:</em></li>{keys}</ul>' if keys else ""


def _numbers(pairs: list[tuple[str, str]]) -> str:
    items = "".join(f"<div><dt>{said(key)}</dt><dd>{value}</dd></div>" for key, value in pairs)
    return f'<dl class="numbers">{items}</dl>'


def _times(figures: Figures) -> str:
    total = figures.total
    if total.median_days is None:
        return f'<p class="empty">{said("no_times")}</p>'
    numbers = _numbers([("median_days", str(total.median_days)), ("p90_days", str(total.p90_days))])
    return numbers + _chart("time", tables.days_table(figures), "no_times")


def _calibration(figures: Figures) -> str:
    brier, error = figures.brier, figures.calibration_error
    if brier is None or error is None:
        return f'<p class="empty">{said("no_scores")}</p>'
    numbers = _numbers([("brier", f"{brier:.3f}"), ("ece", f"{error:.3f}")])
    data = table(tables.calibration_table(figures))
    chart = '<figure class="chart" id="chart-calibration"></figure>'
    waiting = figures.total.open
    warning = f'<p class="note"><b>{number(waiting)}</b> {said("calibration_open")}</p>'
    return f'{numbers}{warning if waiting else ""}<div class="pair">{chart}{data}</div>'


def _uplift(figures: Figures) -> str:
    """The verdict in words first; a chart only where there is something to draw."""
    proof = figures.uplift.proof("standard")
    mark = "proven" if proof.is_proven else "unproven"
    verdict = f'<p class="verdict {mark}">{said(f"proof.{proof}")}</p>'
    if not figures.uplift.pairs:
        return verdict
    chart = '<figure class="chart" id="chart-uplift"></figure>'
    return verdict + chart + table(tables.uplift_table(figures))


def _cost(figures: Figures) -> str:
    if not figures.cost:
        return f'<p class="empty">{said("no_rates")}</p>'
    whole = figures.cost[0]
    per = [(f"per_signed_{r}", yuan(cost)) for r in READINGS if (cost := whole.per_signed(r))]
    missing = whole.mailed - whole.priced
    warning = f'<p class="note"><b>{number(missing)}</b> {said("unpriced")}</p>' if missing else ""
    return _numbers(per) + warning + table(tables.cost_table(figures))


def _bad_places(figures: Figures) -> str:
    data = tables.bad_places_table(figures)
    if not data.rows:
        return f'<p class="empty">{said("no_bad_places")}</p>'
    return f"{_numbers([('places', str(len(data.rows)))])}{folded(data)}"


def _held(figures: Figures) -> str:
    data = tables.held_table(figures)
    if not data.rows:
        return f'<p class="empty">{said("none_held")}</p>'
    return f'<div class="narrow">{table(data)}</div>'
