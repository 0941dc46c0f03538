"""`addrfix report`: every figure by a second, plain method; page, workbook and terminal."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html.parser import HTMLParser
from math import ceil, sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from made_batches import made_batch
from test_outcomes_track import _script

from addrfix.cli.report import command
from addrfix.flow.report import report_figures, write_report
from addrfix.flow.track import track
from addrfix.knowledge import words
from addrfix.model.errors import BadUsage, BatchProblem
from addrfix.outcomes.figures import HORIZON, Figures, Rate
from addrfix.outcomes.page import html_page
from addrfix.outcomes.tables import every_table
from addrfix.outcomes.terminal import terminal_report
from addrfix.outcomes.wording import tiles

AS_OF = date(2026, 4, 1)
Letter = Mapping[str, Any]


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three tracked batches a week apart, the last one still young."""
    root = tmp_path_factory.mktemp("report")
    maker = _script("make_results")
    made = []
    for week in range(3):
        folder = root / f"batch {week} [x]"
        day = date(2026, 3, 2) + timedelta(days=7 * week)
        made_batch(folder, letters=250, seed=week + 1, day=day, numbers=week != 1)
        results = root / f"results{week}.csv"
        results.write_bytes(maker.results(folder, seed=7, posted=None, days=9 if week == 2 else 40))
        track(folder, [results])
        made.append(folder)
    return made


@pytest.fixture(scope="module")
def found(batches: list[Path]) -> Figures:
    return report_figures(batches, as_of=AS_OF)


@pytest.fixture(scope="module")
def letters(batches: list[Path]) -> list[Letter]:
    """Every letter as one plain dict, joined without SQL."""
    faults = {row["reason"]: row["fault"] for row in words("return_reasons")}
    every: list[Letter] = []
    for folder in batches:
        batch = json.loads((folder / "batch.json").read_text(encoding="utf-8"))["batch_id"]
        tables = [
            {
                row["letter_id"]: row
                for row in pl.read_parquet(folder / name, glob=False).iter_rows(named=True)
            }
            for name in ("manifest.parquet", "private/picks.parquet", "outcomes.parquet")
        ]
        for letter_id, row in tables[0].items():
            joined = row | tables[1][letter_id] | tables[2][letter_id] | {"batch": batch}
            every.append(joined | {"fault": faults.get(joined["return_reason"])})
    return every


def _excluded(letter: Letter) -> bool:
    damaged = letter["outcome"] == "returned" and letter["fault"] == "carrier"
    return letter["outcome"] in ("cancelled", "lost") or damaged


READINGS = {
    "strict": ("self", "household"),
    "standard": ("self", "household", "unit"),
    "broad": ("self", "household", "unit", "unattended", None),
}


def _signed(letter: Letter, reading: str) -> bool:
    return letter["outcome"] == "signed" and letter["sign_class"] in READINGS[reading]


def _days(letter: Letter) -> int:
    return int((letter["final_on"] - letter["posted_on"]).days)


def _check(rate: Rate, some: list[Letter]) -> None:
    counted = [letter for letter in some if not _excluded(letter)]
    assert rate.mailed == len(some)
    assert rate.counted == len(counted)
    assert rate.is_small == (len(counted) < 30)
    for reading in READINGS:
        hits = sum(_signed(letter, reading) for letter in some)
        assert getattr(rate, reading) == hits
        interval = rate.interval(reading)
        assert interval is not None
        n, p, z = len(counted), hits / len(counted), 1.959963984540054
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        assert interval == pytest.approx((p, middle - half, middle + half), abs=1e-9)
    outcomes = Counter(letter["outcome"] for letter in some)
    assert rate.cancelled == outcomes["cancelled"]
    assert rate.open == outcomes["in_transit"]
    assert rate.returned == sum(x["outcome"] == "returned" for x in counted)
    days = sorted(_days(letter) for letter in some if letter["outcome"] == "signed")
    assert rate.median_days == (days[ceil(0.5 * len(days)) - 1] if days else None)
    assert rate.p90_days == (days[ceil(0.9 * len(days)) - 1] if days else None)


def test_the_whole(found: Figures, letters: list[Letter]) -> None:
    assert found.total.mailed == 750
    assert found.total.carrier_fault > 0 and found.total.cancelled > 0 and found.total.open > 0
    _check(found.total, letters)


@pytest.mark.parametrize(
    "dimension",
    ["batch", "province", "city", "source", "granularity", "template", "product", "carrier"],
)
def test_every_dimension(found: Figures, letters: list[Letter], dimension: str) -> None:
    rates = found.by[dimension]
    assert {rate.value for rate in rates} == {letter[dimension] for letter in letters}
    for rate in rates:
        _check(rate, [letter for letter in letters if letter[dimension] == rate.value])


def test_deciles(found: Figures, letters: list[Letter]) -> None:
    chances = sorted(letter["p_signed"] for letter in letters)

    def decile(letter: Letter) -> str:
        return str(1 + 10 * chances.index(letter["p_signed"]) // len(chances))

    assert [rate.value for rate in found.by["decile"]] == [str(n) for n in range(1, 11)]
    for rate in found.by["decile"]:
        _check(rate, [letter for letter in letters if decile(letter) == rate.value])


def test_signers_reasons_and_days(found: Figures, letters: list[Letter]) -> None:
    signed = [letter for letter in letters if letter["outcome"] == "signed"]
    returned = [letter for letter in letters if letter["outcome"] == "returned"]
    signers = Counter(letter["sign_class"] for letter in signed)
    assert {count.value: count.letters for count in found.signers} == signers
    reasons = Counter(letter["return_reason"] for letter in returned)
    assert {reason.value: reason.letters for reason in found.reasons} == reasons
    assert found.days == tuple(sorted(Counter(map(_days, signed)).items()))


def test_ripeness(found: Figures, letters: list[Letter]) -> None:
    for ripe in found.ripeness:
        some = [letter for letter in letters if letter["batch"] == ripe.batch]
        waiting = [letter for letter in some if letter["outcome"] == "in_transit"]
        assert (ripe.mailed, ripe.open) == (len(some), len(waiting))
        assert ripe.first_posted == min(letter["posted_on"] for letter in some)
        assert ripe.oldest_open_days == max((AS_OF - x["posted_on"]).days for x in waiting)


def _known_until(letters: list[Letter], batch: str) -> date:
    finals: list[date] = [x["final_on"] for x in letters if x["batch"] == batch and x["final_on"]]
    return min(AS_OF, max(finals))


def test_maturity(found: Figures, letters: list[Letter]) -> None:
    until = {letter["batch"]: _known_until(letters, letter["batch"]) for letter in letters}
    counted = [letter for letter in letters if not _excluded(letter)]
    seen = set()
    for point in found.curve:
        week = [
            x
            for x in counted
            if point.week is None
            or x["posted_on"] - timedelta(days=x["posted_on"].weekday()) == point.week
        ]
        old = [x for x in week if (until[x["batch"]] - x["posted_on"]).days >= point.day]
        assert point.week is None or len(old) == len(week)
        by_then = [x for x in old if x["final_on"] and _days(x) <= point.day]
        assert point.letters == len(old) > 0
        assert point.signed == sum(_signed(x, "standard") for x in by_then)
        assert point.returned == sum(x["outcome"] == "returned" for x in by_then)
        seen.add((point.week, point.day))
    assert len(seen) == len(found.curve)
    assert {week for week, _ in seen} == {None, *(date(2026, 3, day) for day in (2, 9, 16))}
    assert max(day for _, day in seen) <= HORIZON


def test_calibration(found: Figures, letters: list[Letter]) -> None:
    settled = [x for x in letters if x["outcome"] in ("signed", "returned") and not _excluded(x)]
    for band in found.calibration:
        some = [x for x in settled if min(9, int(x["p_signed"] * 10)) == band.band]
        assert band.letters == len(some)
        assert band.signed == sum(_signed(x, "standard") for x in some)
        assert band.expected == pytest.approx(sum(x["p_signed"] for x in some) / len(some))
    errors = [(x["p_signed"] - _signed(x, "standard")) ** 2 for x in settled]
    assert found.brier == pytest.approx(sum(errors) / len(errors))
    assert found.calibration_error is not None and 0 < found.calibration_error < 0.2


def test_held_cases(found: Figures) -> None:
    assert sum(count.letters for count in found.held) == 60
    assert [x.letters for x in found.held] == sorted((x.letters for x in found.held), reverse=True)


def test_what_became_of_the_letters_adds_up(found: Figures) -> None:
    table = next(table for table in every_table(found) if table.key == "outcomes")
    assert sum(row.cells[1] for row in table.rows if isinstance(row.cells[1], int)) == 750


def test_a_batch_that_knows_nothing_yet(tmp_path: Path) -> None:
    folder = made_batch(tmp_path / "bare", letters=40)
    (folder / "private" / "picks.parquet").unlink()
    (folder / "held.csv").unlink()
    (folder / "batch.json").unlink()
    bare = report_figures([folder], as_of=AS_OF)
    assert (bare.total.mailed, bare.total.open, bare.total.broad) == (40, 40, 0)
    assert bare.by["province"][0].value is None
    assert not bare.specimen
    page = html_page(bare)
    assert "这些批次未记录信函所在省份" in page and "以下批次尚无投递结果" in page
    assert "bare" in terminal_report(bare)


def test_picks_of_an_older_version_lack_columns(tmp_path: Path) -> None:
    folder = made_batch(tmp_path / "old", letters=40)
    picks = pl.read_parquet(folder / "private" / "picks.parquet")
    picks.select("letter_id", "source").write_parquet(folder / "private" / "picks.parquet")
    some = report_figures([folder, made_batch(tmp_path / "new", letters=9, seed=2)], as_of=AS_OF)
    assert sum(rate.mailed for rate in some.by["source"] if rate.value) == 49
    assert sum(rate.mailed for rate in some.by["province"] if rate.value) == 9


def test_the_same_batch_twice_is_refused(batches: list[Path], tmp_path: Path) -> None:
    with pytest.raises(BatchProblem, match="given twice"):
        report_figures([batches[0], batches[0]], as_of=AS_OF)
    with pytest.raises(BatchProblem, match="not a batch folder"):
        report_figures([tmp_path], as_of=AS_OF)


class _Page(HTMLParser):
    """Tags in balance, and everything that could fetch something."""

    VOID = ("meta", "link", "input", "br", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.links += [known[name] or "" for name in ("src", "href", "action") if name in known]
        self.ids += [known["id"] or ""] if "id" in known else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th", "b"):
            self.cells.append(data)


def test_the_page_stands_alone(found: Figures) -> None:
    page = html_page(found)
    read = _Page()
    read.feed(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    anchors = {f"#{name}" for name in read.ids}
    assert read.links and all(link in anchors or link == "data:," for link in read.links)
    assert "default-src 'none'" in page
    # What is left of addresses are names of XML namespaces and the libraries' own heads.
    urls = set(re.findall(r"https?://[\w./-]+", page))
    assert {url for url in urls if "w3.org" not in url} <= {
        "https://d3js.org",
        "https://github.com/observablehq/plot",
    }
    assert not re.search(r"\{\{|@import|url\(", page.split("<script>")[0])
    assert "1,327" not in page and found.as_of.isoformat() in read.cells
    assert "虚构数据" in page and "Made-up data" in page


def test_the_page_shows_the_figures(found: Figures) -> None:
    page = html_page(found)
    total = found.total.interval("standard")
    assert total is not None
    assert f"{total.share * 100:.1f}<small> %</small>" in page
    data = json.loads(page.split('id="figures">')[1].split("</script>")[0])
    assert data["overall"]["standard"] == pytest.approx(list(total), abs=1e-5)
    assert [d["key"] for d in data["dimensions"]][:2] == ["batch", "city"]
    assert len(data["provinces"]["rows"]) == len(found.by["province"])
    assert sum(row["letters"] for row in data["reasons"]) == sum(r.letters for r in found.reasons)
    known = [rate for rate in found.by["province"] if rate.value]
    for tile in tiles():
        assert (f'href="#p-{tile.letters}"' in page) == any(r.value == tile.province for r in known)


def test_nothing_of_a_person_reaches_the_page(found: Figures, letters: list[Letter]) -> None:
    page = html_page(found)
    for letter in letters[:50]:
        for column in ("letter_id", "tracking_no", "case_id", "case_id_hash", "standardized"):
            assert not letter[column] or letter[column] not in page


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    folder = made_batch(tmp_path / "evil", letters=5)
    facts = {"batch_id": evil, "specimen": False}
    (folder / "batch.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "held.csv").write_text(f"case_id,reason\n1,{evil}\n", encoding="utf-8")
    page = html_page(report_figures([folder], as_of=AS_OF))
    assert "<script>alert" not in page and "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 2


def test_same_input_same_bytes(found: Figures, batches: list[Path], tmp_path: Path) -> None:
    again = report_figures(batches, as_of=AS_OF)
    for name in ("a.html", "a.xlsx"):
        write_report(found, tmp_path / name)
        first = (tmp_path / name).read_bytes()
        write_report(again, tmp_path / name)
        assert (tmp_path / name).read_bytes() == first
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.html", "a.xlsx"]


def test_the_workbook_holds_the_same_tables(found: Figures, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(found, path)
    sheets = {table.key: table for table in every_table(found)}
    for key in ("source", "reasons", "calibration"):
        read = pl.read_excel(path, sheet_name=key)
        assert read.height == len(sheets[key].rows)
    sources = pl.read_excel(path, sheet_name="source")
    for rate, row in zip(found.by["source"], sources.iter_rows(), strict=True):
        interval = rate.interval("strict")
        assert interval is not None
        assert row[1:6] == pytest.approx((rate.mailed, rate.counted, *interval))


def test_the_terminal_in_both_languages(batches: list[Path]) -> None:
    arguments = [*map(str, batches), "--as-of", AS_OF.isoformat()]
    english = CliRunner().invoke(command, arguments)
    chinese = CliRunner().invoke(command, [*arguments, "--lang", "zh"])
    assert english.exit_code == chinese.exit_code == 0
    assert "Residence" in english.stdout and "现住址" in chinese.stdout
    assert "Nothing in it happened" in english.stdout and english.stderr == ""


def test_a_wrong_suffix_is_wrong_usage(batches: list[Path], tmp_path: Path) -> None:
    run = CliRunner().invoke(command, [str(batches[0]), "-o", str(tmp_path / "report.pdf")])
    assert isinstance(run.exception, BadUsage)
    assert list(tmp_path.iterdir()) == []


def _texts(figures: Figures) -> Callable[[str], set[str]]:
    page = html_page(figures)
    return lambda lang: set(re.findall(rf'<span data-l="{lang}"[^>]*>([^<]+)</span>', page))


def test_every_text_is_there_in_both_languages(found: Figures) -> None:
    said = _texts(found)
    assert len(said("en")) > 80
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in said("en"))
    plain = {text for text in said("zh") if not re.search(r"[\u4e00-\u9fff]", text)}
    assert plain == {"／"}
