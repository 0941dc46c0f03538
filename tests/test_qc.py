"""The quality report: every letter counted, findings with page and words, nobody named."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from letter_samples import AS_OF, SENDER, case, cases, picks
from made_batches import script
from playwright.sync_api import sync_playwright

from addrfix.cli.qc import command
from addrfix.dispatch import folder as places
from addrfix.dispatch.qc import LANGUAGES, QcReport, sections, texts
from addrfix.dispatch.qc_page import qc_page, qc_text
from addrfix.flow.letters import make_batch
from addrfix.flow.qc import qc_report
from addrfix.knowledge import read_tsv
from addrfix.letters.readback import ReadPdf
from addrfix.model.errors import BadUsage, BatchProblem

PEOPLE = ("王小满", "430104199003074519", "13800000000", "C0001", "桐梓坡", "麓谷小镇")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("qc")
    secret, numbers = place / "team.key", place / "numbers.txt"
    secret.write_bytes(b"a secret of the tests only")
    numbers.write_text("XA00000000111\nXA00000000211\nXA00000000311\nXA00000000411\n")
    frame = cases(
        case(1, source="workplace"),
        case(2, interest=Decimal("1300.00")),
        case(3),
        case(4, case_status="已结清"),
        case(5, name="王<b>满"),
        case(6, name="王\u202e满"),
    )
    make_batch(
        picks(frame), frame, template="lawyer_letter", sender=SENDER, out=place / "batch",
        as_of=AS_OF, secret=secret, progress=False, numbers=numbers, made_by="甲 & <乙>",
    )  # fmt: skip
    return place / "batch"


@pytest.fixture(scope="module")
def report(batch: Path) -> QcReport:
    return qc_report(batch)


def test_every_letter_is_counted_and_every_rule(batch: Path, report: QcReport) -> None:
    checks = pl.read_parquet(batch / places.CHECKS)
    assert (report.letters, report.checked, report.share) == (4, 4, "100 %")
    assert {rule.rule for rule in report.rules} == set(checks["rule"])
    assert all(rule.checked == 4 for rule in report.rules)
    found = {rule.rule: rule.found for rule in report.rules if rule.found}
    assert found == {"B03_workplace_address": 1, "D03_yearly_cost": 1}
    counts = dict(report.counts)
    assert (counts["letters"], counts["held_cases"], counts["findings"]) == ("4", "2", "2")


def test_findings_have_a_page_and_words_without_digits(batch: Path, report: QcReport) -> None:
    window, cost = report.examples
    assert (window.rule, window.page, window.excerpt) == ("B03_workplace_address", 1, "[window]")
    ids = pl.read_parquet(batch / places.MANIFEST)["letter_id"]
    assert (cost.rule, cost.letter_id, cost.page) == ("D03_yearly_cost", ids[1], 1)
    assert cost.excerpt is not None
    assert "利息（元）•,•••.••" in cost.excerpt
    assert not re.search(r"\d", cost.excerpt)
    assert not qc_report(batch, examples=0).examples


def test_held_cases_are_told_by_reason(report: QcReport) -> None:
    assert {(held.reason, held.cases) for held in report.held} == {
        ("B08_case_open", 1), ("character_not_printable", 1),
    }  # fmt: skip
    assert all(held.meaning[language] for held in report.held for language in LANGUAGES)


def test_numbers_and_hashes_are_those_of_the_batch(batch: Path, report: QcReport) -> None:
    numbers = dict(report.numbers)
    assert numbers["letter_nos"] == "(2026)湘云麓律函字第1号 – (2026)湘云麓律函字第4号"
    assert (numbers["first_tracking"], numbers["last_tracking"]) == (
        "XA00000000111", "XA00000000411",
    )  # fmt: skip
    sealed = places.read_json(batch / places.BATCH)
    assert dict(report.hashes)["batch_sha256"] == sealed["batch_sha256"]
    assert dict(report.facts)["approval"] == "shipped"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_names_nobody_and_asks_no_other_host(report: QcReport, language: str) -> None:
    for said in (qc_page(report, language), qc_text(report, language)):
        assert not any(private in said for private in PEOPLE)
        assert "http" not in said
        assert "100 %" in said
    assert "甲 &amp; &lt;乙&gt;" in qc_page(report, language)
    assert "src=" not in qc_page(report, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_report_is_there(report: QcReport, language: str) -> None:
    rows = read_tsv(places_of_texts())
    assert all(row["en"] and row["zh"] for row in rows)
    known = texts()
    for section in sections(report, language):
        assert section.key in known
        for key, _ in (*report.facts, *report.counts, *report.numbers, *report.hashes):
            assert key in known
        assert not any(column.startswith("column_") for column in section.columns)


def places_of_texts() -> Path:
    from addrfix.knowledge import folder

    return folder("templates") / "qc" / "text.tsv"


def test_a_copy_without_its_private_folder_shows_the_words_alone(
    batch: Path, tmp_path: Path
) -> None:
    copy = copied(batch, tmp_path, without=places.PRIVATE)
    _, cost = qc_report(copy).examples
    assert (cost.page, cost.excerpt) == (1, "利息")


def copied(batch: Path, tmp_path: Path, without: str = "nothing") -> Path:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(batch, copy, ignore=lambda _, names: {without} & set(names))
    return copy


@pytest.mark.parametrize("name", [places.CHECKS, places.HELD, places.MANIFEST, places.BATCH])
def test_a_batch_that_was_changed_gets_no_report(batch: Path, tmp_path: Path, name: str) -> None:
    copy = copied(batch, tmp_path)
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content.replace(b"4", b"5", 1) + b"\n")
    with pytest.raises(BatchProblem):
        qc_report(copy)


def test_a_letter_that_is_gone_costs_its_page_only(batch: Path, tmp_path: Path) -> None:
    copy = copied(batch, tmp_path, without=places.LETTERS)
    _, cost = qc_report(copy).examples
    assert (cost.page, cost.excerpt) == (None, "利息")


def test_the_share_is_never_rounded_up(report: QcReport) -> None:
    from dataclasses import replace

    assert replace(report, letters=3000, checked=2999).share == "99.9 %"
    assert replace(report, letters=0, checked=0).share == "–"
    assert "var(--block)" in qc_page(replace(report, letters=3000, checked=2999), "en")


def test_the_command_writes_a_page_or_prints(batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "qc.html"
    chinese = [str(batch), "-o", str(out), "--lang", "zh"]
    done = CliRunner().invoke(command, chinese, catch_exceptions=False)
    assert done.exit_code == 0
    first = out.read_bytes()
    CliRunner().invoke(command, chinese, catch_exceptions=False)
    assert out.read_bytes() == first
    assert "函件批次质量检查报告" in first.decode("utf-8")
    done = CliRunner().invoke(command, [str(batch)], catch_exceptions=False)
    assert done.output.startswith("Quality report of a batch of letters\n100 %")
    done = CliRunner().invoke(command, [str(batch), "-o", str(tmp_path / "qc.pdf")])
    assert isinstance(done.exception, BadUsage)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_as_a_browser_shows_and_prints_it(
    report: QcReport, tmp_path: Path, language: str
) -> None:
    path, finder = tmp_path / "qc.html", script("browser")
    path.write_text(qc_page(report, language), encoding="utf-8")
    program = finder.find()
    assert program is not None, finder.NO_BROWSER
    faults: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=finder.switches())
        page = opened.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda said: faults.append(said.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        printed = page.pdf(prefer_css_page_size=True)
        opened.close()
    assert (faults, asked) == ([], [path.as_uri()])
    with ReadPdf(printed) as read:
        assert len(read) == 1
