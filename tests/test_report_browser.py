"""The report as a person meets it: opened in headless Chromium, read, filtered, printed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from made_batches import script
from playwright.sync_api import Browser, Page, sync_playwright

from addrfix.flow.report import report_figures, write_report

CHARTS = ("province", "compare", "uplift", "reasons", "time", "maturity", "calibration")
AS_OF = date(2026, 7, 10)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("browser")
    maker, rates = script("make_year"), root / "rates.csv"
    rates.write_text("carrier,product,per_letter\nchinapost,ems,12\n", encoding="utf-8")
    # Weekly batches up to the report's own day, so that some are still young.
    folders = maker.made_year(root / "year", maker.Year(letters=4_000, batches=52, holdout=0.2))
    path = root / "report.html"
    write_report(report_figures(folders, as_of=AS_OF, rates=rates), path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    finder = script("browser")
    program = finder.find()
    assert program is not None, finder.NO_BROWSER
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=finder.switches())
        yield opened
        opened.close()


class Watched:
    """A page and everything it said or asked for."""

    def __init__(self, browser: Browser, path: Path, **options: object) -> None:
        context = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", **options}
        self.page: Page = browser.new_page(**context)  # type: ignore[arg-type]
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def check(self) -> None:
        """Nothing went wrong and nothing was asked for but the file itself."""
        assert self.faults == []
        assert [url for url in self.requests if not url.startswith("data:")] == self.requests[:1]
        assert self.requests[0].startswith("file:")


@pytest.fixture
def watched(browser: Browser, report: Path) -> Iterator[Watched]:
    opened = Watched(browser, report)
    yield opened
    opened.check()
    opened.page.close()


def _marks(page: Page, chart: str) -> int:
    """Drawn things of a chart, axes and grid apart."""
    found = page.locator(
        f"#chart-{chart} svg g[aria-label]:not([aria-label*='axis']):not([aria-label*='grid'])"
        " :is(circle, rect, line, path)"
    )
    return found.count()


@pytest.mark.parametrize(
    ("width", "theme", "lang"),
    [(1280, "light", "zh-CN"), (390, "dark", "zh-CN"), (1280, "dark", "en"), (390, "light", "en")],
)
def test_every_chart_is_drawn_at_every_width(
    browser: Browser, report: Path, width: int, theme: str, lang: str
) -> None:
    size = {"width": width, "height": 900}
    opened = Watched(browser, report, viewport=size, color_scheme=theme, locale=lang)
    page = opened.page
    for chart in CHARTS:
        assert _marks(page, chart) >= 3, chart
        box = page.locator(f"#chart-{chart} svg").first.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width, chart
    # Nothing sticks out: wide tables scroll within their own box.
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("data-lang") == lang[:2]
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128
    assert light == (theme == "light")
    opened.check()
    page.close()


def _dots(page: Page) -> int:
    return page.locator("#chart-compare circle").count()


def test_choosing_a_dimension_draws_and_shows_it(watched: Watched) -> None:
    page = watched.page
    keys = page.evaluate("JSON.parse(document.getElementById('figures').textContent).dimensions")
    assert len(keys) >= 10
    for place, dimension in enumerate(keys):
        page.select_option("select[name=dimension]", str(place))
        assert _dots(page) == min(60, len(dimension["rows"])), dimension["key"]
        shown = page.locator("details[id^=table-]:not([hidden])").evaluate_all(
            "boxes => boxes.map(box => box.id)"
        )
        others = {f"table-{other['key']}" for other in keys} - {f"table-{dimension['key']}"}
        assert f"table-{dimension['key']}" in shown and not others & set(shown)


def test_finding_rows_and_hiding_small_ones(watched: Watched) -> None:
    page = watched.page
    page.select_option("select[name=dimension]", label="城市")
    everything = page.locator("#table-city tbody tr").count()
    page.fill("input[name=find]", "广东")
    page.evaluate("document.getElementById('table-city').open = true")
    visible = page.locator("#table-city tbody tr:visible")
    assert 0 < visible.count() < everything
    assert all("广东" in text for text in visible.locator("th").all_inner_texts())
    assert _dots(page) == visible.count()
    page.fill("input[name=find]", "没有这个城市")
    assert _dots(page) == 0 and visible.count() == 0
    page.fill("input[name=find]", "")
    small = page.locator("#table-city tbody tr.small:visible")
    assert small.count() > 0
    page.check("input[name=hide_small]")
    assert small.count() == 0 < visible.count() < everything
    page.uncheck("input[name=hide_small]")
    assert visible.count() == everything


def test_a_telephone_shows_counts_beside_long_reasons(browser: Browser, report: Path) -> None:
    opened = Watched(browser, report, viewport={"width": 390, "height": 900})
    page = opened.page
    count = page.locator("#h-held ~ * tbody td:last-child").first
    word = page.locator("#h-held ~ * tbody tr:first-child > :first-child")
    word.evaluate("cell => { cell.textContent = '很长的原因'.repeat(20); }")
    box = count.bounding_box()
    assert box is not None and box["x"] + box["width"] <= 390
    opened.check()
    page.close()


def test_every_interval_is_drawn_whole(watched: Watched) -> None:
    page = watched.page
    page.select_option("select[name=dimension]", label="城市")
    cells = page.evaluate(
        "JSON.parse(document.getElementById('figures').textContent)"
        ".dimensions.find(one => one.key === 'city').rows.slice(0, 60).map(row => row.standard)"
    )
    lines = page.locator("#chart-compare g[aria-label=rule] line").evaluate_all(
        "lines => lines.map(line => line.x2.baseVal.value - line.x1.baseVal.value)"
    )[-len(cells) :]
    scales = [drawn / (high - low) for drawn, (_, low, high) in zip(lines, cells, strict=True)]
    assert max(scales) - min(scales) < 1


def test_readings_languages_and_themes(watched: Watched) -> None:
    page = watched.page
    faces = {}
    for reading in ("strict", "standard", "broad"):
        page.check(f"input[name=reading][value={reading}]", force=True)
        faces[reading] = page.locator("a.tile .face:visible .value").all_inner_texts()
        dots = page.locator("#chart-compare circle").evaluate_all(
            "circles => circles.map(circle => circle.getAttribute('cx'))"
        )
        faces[f"{reading} chart"] = dots
    assert len(faces["strict"]) == page.locator("a.tile").count() >= 30
    assert faces["strict"] != faces["standard"] != faces["broad"]
    assert faces["strict chart"] != faces["standard chart"] != faces["broad chart"]
    assert page.locator("h1").inner_text() == "签收分析报告"
    page.check("input[name=lang][value=en]", force=True)
    assert page.locator("h1").inner_text() == page.title() == "Sign-for report"
    assert not re.search("[\u4e00-\u9fff]", page.locator("#h-uplift, .verdict").first.inner_text())
    page.check("input[name=theme][value=dark]", force=True)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", ground)[:3])) < 3 * 128


def test_a_tile_leads_to_its_row(watched: Watched) -> None:
    page = watched.page
    page.click("a.tile[href='#p-GD']")
    row = page.locator("#p-GD")
    assert row.is_visible() and "广东省" in row.inner_text()


def test_pointing_at_a_mark_tells_its_figures(watched: Watched) -> None:
    page = watched.page
    page.locator("#chart-compare circle").first.hover()
    tip = page.locator("#chart-compare g[aria-label=tip]")
    assert re.search(r"\d+\.\d %", tip.text_content() or "")


def test_the_keyboard_is_enough(watched: Watched) -> None:
    page = watched.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.focus("input[name=lang]:checked")
    page.keyboard.press("ArrowRight")
    assert page.locator("html").get_attribute("lang") == "en"
    page.focus("select[name=dimension]")
    page.keyboard.press("Home")
    assert page.locator("#table-batch").is_visible()
    page.focus("#table-batch summary")
    page.keyboard.press("Enter")
    assert page.locator("#table-batch table").is_visible()
    for name in ("reading", "theme"):
        page.focus(f"input[name={name}]:checked")
        page.keyboard.press("ArrowRight")
    assert page.locator("html").get_attribute("data-reading") == "broad"
    # Every tab stop shows where it is.
    page.focus("input[name=find]")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline not in ("", "none")


def test_on_paper_stand_all_tables_and_no_controls(watched: Watched) -> None:
    page = watched.page
    page.fill("input[name=find]", "没有")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    large = page.locator("#table-city tbody tr:not(.small)").count()
    assert page.locator("#table-city tbody tr:visible").count() == large > 20
    assert page.locator(".controls:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_without_scripts_every_table_is_there(browser: Browser, report: Path) -> None:
    opened = Watched(browser, report, java_script_enabled=False)
    page = opened.page
    assert page.locator("noscript").is_visible()
    assert page.locator(".controls:visible").count() == 0
    for key in (
        "outcomes",
        "province",
        "source",
        "city",
        "reasons",
        "time",
        "weeks",
        "maturity",
        "bad_places",
    ):
        page.locator(f"#table-{key} summary").click()
        assert page.locator(f"#table-{key} table").is_visible(), key
    opened.check()
    page.close()


def test_a_browser_that_is_named_goes_before_those_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    finder, named = script("browser"), tmp_path / "browser"
    found = finder.find()
    monkeypatch.setenv("ADDRFIX_BROWSER", str(named))
    assert finder.find() == found
    named.touch()
    assert finder.find() == named


def test_an_installation_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = script("browser")
    steps: list[list[str]] = []

    def hang(command: list[str], *, timeout: float, **_: object) -> None:
        assert timeout == finder.SECONDS
        steps.append(command)
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(finder, "_places", lambda: iter(()))
    monkeypatch.setattr(finder.subprocess, "run", hang)
    assert finder.provide(Path(sys.executable)) is False
    assert steps[-1] == [sys.executable, "-m", "playwright", "install", "chromium"]
