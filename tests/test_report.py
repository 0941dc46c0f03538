"""`addrfix report`: every figure by a second, plain method; page, workbook and terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from golden_lines import lines
from made_batches import made_batch, script
from plain_figures import Letter, plain_figures, read_letters

from addrfix.carriers.tracking_number import formats
from addrfix.cli.report import command
from addrfix.dispatch.records import CANCELLATION_SCHEMA
from addrfix.flow.report import report_figures, write_report
from addrfix.flow.track import track
from addrfix.knowledge import folder, read_tsv, template_names
from addrfix.model.errors import BadUsage, BatchProblem
from addrfix.outcomes.figures import HORIZON, MOST_PLACES, Figures
from addrfix.outcomes.intervals import Difference, Interval
from addrfix.outcomes.page import html_page
from addrfix.outcomes.tables import every_table
from addrfix.outcomes.terminal import terminal_report
from addrfix.outcomes.uplift import MATURE
from addrfix.outcomes.wording import Words, label, tiles

AS_OF = date(2026, 4, 1)


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three tracked batches a week apart, the last one still young."""
    root = tmp_path_factory.mktemp("report")
    maker = script("make_results")
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
    return read_letters(batches, AS_OF)


def test_every_figure_of_tracked_batches(found: Figures, batches: list[Path]) -> None:
    assert found.total.mailed == 750
    assert found.total.carrier_fault > 0 and found.total.cancelled > 0 and found.total.open > 0
    plain = plain_figures(
        batches, as_of=AS_OF, horizon=HORIZON, mature=MATURE, most_places=MOST_PLACES
    )
    assert found == plain


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 18)])
def test_a_report_of_an_earlier_day_knows_what_was_known_then(
    batches: list[Path], day: date
) -> None:
    found = report_figures(batches, as_of=day)
    assert found.total.mailed == {1: 0, 8: 250, 18: 750}[day.day]
    assert found == plain_figures(
        batches, as_of=day, horizon=HORIZON, mature=MATURE, most_places=MOST_PLACES
    )


def test_deciles_are_tenths_of_the_letters(found: Figures) -> None:
    assert [rate.value for rate in found.by["decile"]] == [str(n) for n in range(1, 11)]
    assert all(abs(rate.mailed - 75) < 5 for rate in found.by["decile"])


def test_the_curves_reach_every_week(found: Figures) -> None:
    weeks = {point.week for point in found.curve}
    assert weeks == {None, *(date(2026, 3, day) for day in (2, 9, 16))}
    for point in found.curve:
        assert point.signed + point.returned + point.open <= point.letters


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


@pytest.mark.parametrize(
    "reason",
    [row["word"] for row in lines("readme_words") if row["set"] == "pick_hold"]
    + [row["reason"] for row in read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")]
    + ["B08_case_open:closed", "D10_yearly_cost_limit:yearly_cost_over_limit"],
)
def test_every_reason_for_a_hold_has_words(reason: str) -> None:
    words = label("hold", reason)
    assert reason not in words
    assert re.search("[\u4e00-\u9fff]", words.zh) and " " in words.en


@pytest.mark.parametrize(
    "kind", [row["kind"] for row in read_tsv(folder("gazetteer") / "score" / "kinds.tsv")]
)
def test_every_kind_of_place_has_words(kind: str) -> None:
    words = label("kind", kind)
    assert words.en != words.zh and kind not in words


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("template", name) for name in template_names()),
        *((kind, getattr(known, kind)) for known in formats() for kind in ("carrier", "product")),
    ],
)
def test_what_the_post_and_the_shipped_templates_are_called(kind: str, value: str) -> None:
    words = label(kind, value)
    assert words.en != value and re.search("[\u4e00-\u9fff]", words.zh)


def test_letters_taken_back_leave_every_rate(tmp_path: Path) -> None:
    folder = made_batch(tmp_path / "batch", letters=40)
    ids = pl.read_parquet(folder / "manifest.parquet")["letter_id"]
    rows = [
        (ids[3], AS_OF, None),
        (ids[5], AS_OF + timedelta(days=1), "paid"),
        (ids[3], AS_OF, None),
    ]
    gone = pl.DataFrame(rows, schema=CANCELLATION_SCHEMA, orient="row")
    gone.write_parquet(folder / "cancellations.parquet")
    for days, cancelled in ((0, 1), (1, 2)):
        total = report_figures([folder], as_of=AS_OF + timedelta(days=days)).total
        assert (total.mailed, total.cancelled, total.open) == (40, cancelled, 40 - cancelled)
        assert total.counted == 40 - cancelled


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
    assert [d["key"] for d in data["dimensions"]][:3] == ["batch", "batch_week", "city"]
    assert len(data["provinces"]["rows"]) == len(found.by["province"])
    assert sum(row["letters"] for row in data["reasons"]) == sum(r.letters for r in found.reasons)
    known = [rate for rate in found.by["province"] if rate.value]
    for tile in tiles():
        assert (f'href="#p-{tile.letters}"' in page) == any(r.value == tile.province for r in known)


def test_nothing_of_a_person_reaches_the_page(found: Figures, letters: list[Letter]) -> None:
    page = html_page(found)
    # The one letter that stands for each place proposed for the blacklist is named, no other.
    named = {place.letter_id for place in found.bad_places}
    assert named
    for letter in letters:
        assert (letter["letter_id"] in page) == (letter["letter_id"] in named)
    for letter in letters[:50]:
        for column in ("tracking_no", "case_id", "case_id_hash", "standardized"):
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


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Figures with everything in them: a hold-out, costs, several firms."""
    root = tmp_path_factory.mktemp("year")
    rates, maker = root / "rates.csv", script("make_year")
    rates.write_text(
        "carrier,product,per_letter\nchinapost,ems,12\nchinapost,registered_letter,4.2\n",
        encoding="utf-8",
    )
    folders = maker.made_year(root / "year", maker.Year(letters=2_000, batches=52, holdout=0.2))
    return report_figures(folders, as_of=date(2026, 7, 10), rates=rates)


def _flat(cell: object) -> list[object]:
    """A cell of a table as the cells of the workbook."""
    if isinstance(cell, Interval | Difference):
        return list(cell)
    if isinstance(cell, Words):
        return [cell.en if cell.en == cell.zh else f"{cell.en} {cell.zh}"]
    return [float(cell) if isinstance(cell, Decimal) else cell]


def test_the_workbook_holds_every_table(year: Figures, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(year, path)
    sheets = every_table(year)
    assert {"uplift", "cost", "bad_places", "weeks", "firm", "kind"} <= {t.key for t in sheets}
    for table in sheets:
        read = pl.read_excel(path, sheet_name=table.key)
        assert read.height == len(table.rows) > 0, table.key
        for row, line in zip(table.rows, read.iter_rows(), strict=True):
            meant = [part for cell in row.cells if cell is not None for part in _flat(cell)]
            found = [cell for cell in line if cell is not None]
            assert len(found) == len(meant), table.key
            for cell, part in zip(found, meant, strict=True):
                if isinstance(part, date):
                    assert str(cell)[:10] == part.isoformat()
                else:
                    assert cell == (pytest.approx(part) if isinstance(part, float) else part)


@pytest.mark.parametrize("chinese", [False, True])
def test_the_terminal_shows_every_table(year: Figures, chinese: bool) -> None:
    shown = terminal_report(year, chinese=chinese).split("\n")
    for table in every_table(year):
        title = table.title.zh if chinese else table.title.en
        # The long ones are for the chart and the workbook.
        assert (title in shown) == (table.key not in ("curves", "time")), table.key
    assert not any(len(line) != len(line.rstrip()) for line in shown)


def test_the_page_shows_every_table(year: Figures) -> None:
    read = _Page()
    read.feed(html_page(year))
    shown = {name.removeprefix("table-") for name in read.ids}
    # Some stand open in their section, and the curves are the chart; the workbook has their points.
    unfolded = {"all", "calibration", "held", "uplift", "cost", "curves"}
    assert {table.key for table in every_table(year)} - shown == unfolded


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
