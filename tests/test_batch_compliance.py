"""What a batch has to keep to: own rules, approvals, past letters, the record in each file."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest
from click.testing import CliRunner, Result
from letter_samples import AS_OF, SENDER, case, cases, documents, facts, picks, sender

from addrfix.cli.templates import command as templates
from addrfix.dispatch.folder import read_json
from addrfix.flow.batch_folder import read_batch_table
from addrfix.flow.compliance import Governing
from addrfix.flow.letters import BatchSummary, make_batch
from addrfix.flow.past_letters import past_letters
from addrfix.flow.verify import verify_batch
from addrfix.knowledge import folder, template_names
from addrfix.letters.approval import frozen, shipped_hashes
from addrfix.letters.checks import check_letter
from addrfix.letters.compose import Composer
from addrfix.letters.findings import Letter
from addrfix.letters.sender_checks import check_sender
from addrfix.letters.template_files import find_template, read_template
from addrfix.model.errors import BadInput, BadUsage


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "team.key"
    path.write_bytes(b"a secret of the tests only")
    return path


def made(out: Path, secret: Path, frame: pl.DataFrame, **more: Any) -> BatchSummary:
    options: dict[str, Any] = {
        "template": "lawyer_letter", "sender": SENDER, "as_of": AS_OF, "progress": False,
        "governing": Governing(approvals=out.parent / "none.json"),
    }  # fmt: skip
    return make_batch(picks(frame), frame, out=out, secret=secret, **(options | more))


def findings(out: Path) -> list[tuple[str, str]]:
    checks = read_batch_table(out / "checks.parquet", "rule", "passed", "note")
    return list(checks.filter(~pl.col("passed")).select("rule", "note").iter_rows())


# The shipped templates


@pytest.mark.parametrize("name", template_names())
def test_a_shipped_template_breaks_no_rule_with_correct_data(name: str) -> None:
    template = read_template(name)
    drawer = Composer(template, sender(), AS_OF)
    given = documents() if template.takes_documents else ()
    letter = Letter(drawer.draft(facts(documents=given)), sender(), drawer)
    assert check_sender(sender(), template, AS_OF) == []
    assert check_letter(letter, template.kind) == []


def test_the_shipped_hashes_are_those_of_the_templates() -> None:
    """After a template was changed on purpose: scripts/renew_goldens.py."""
    now = {name: frozen(read_template(name), find_template(name)) for name in template_names()}
    assert shipped_hashes() == now


# Approvals


def own_template(tmp_path: Path) -> Path:
    place = tmp_path / "our_letter"
    shutil.copytree(folder("templates") / "lawyer_letter", place)
    text = place / "letter.txt"
    text.write_text(text.read_text("utf-8").replace("特此函告。", "特此函达。"), encoding="utf-8")
    return place


def approve(place: Path, approvals: Path, *more: str) -> Result:
    words = ["approve", str(place), "--approvals", str(approvals), "--as-of", "2026-06-30", *more]
    return CliRunner().invoke(templates, words)


def test_an_own_template_is_told_until_somebody_approves_it(tmp_path: Path, secret: Path) -> None:
    place, approvals = own_template(tmp_path), tmp_path / "kept" / "approvals.json"
    governing, frame = Governing(approvals=approvals), cases(case(1))
    summary = made(tmp_path / "a", secret, frame, template=str(place), governing=governing)
    assert summary.letters == 1
    assert findings(tmp_path / "a") == [("I04_template_approved", "template_not_approved")]
    assert any("I04_template_approved" in line for line in summary.lines())

    done = approve(place, approvals, "--by", " 法务  王主任 ")
    assert done.exit_code == 0
    assert "approved by 法务 王主任 on 2026-06-30" in done.output
    made(tmp_path / "b", secret, frame, template=str(place), governing=governing)
    assert findings(tmp_path / "b") == []
    told = read_json(tmp_path / "b" / "batch.json")["approval"]
    assert (told["state"], told["by"], told["on"]) == ("approved", "法务 王主任", "2026-06-30")

    (place / "letter.txt").write_bytes((place / "letter.txt").read_bytes() + b"\n// later\n")
    made(tmp_path / "c", secret, frame, template=str(place), governing=governing)
    assert findings(tmp_path / "c") == [("I04_template_approved", "template_not_approved")]


def test_an_approval_holds_for_the_rules_that_it_was_given_under(
    tmp_path: Path, secret: Path
) -> None:
    place, approvals, rules = own_template(tmp_path), tmp_path / "a.json", tmp_path / "rules"
    assert approve(place, approvals, "--by", "legal").exit_code == 0
    rules.mkdir()
    shutil.copy(folder("templates") / "rules" / "citations.tsv", rules)
    with (rules / "citations.tsv").open("a", encoding="utf-8", newline="\n") as table:
        table.write("中华人民共和国合同法\t1\t1999-10-01\n")
    governing = Governing(rules=rules, approvals=approvals)
    made(tmp_path / "b", secret, cases(case(1)), template=str(place), governing=governing)
    assert findings(tmp_path / "b") == [("I04_template_approved", "template_rules_changed")]
    assert approve(place, approvals, "--by", "legal", "--rules", str(rules)).exit_code == 0
    made(tmp_path / "c", secret, cases(case(1)), template=str(place), governing=governing)
    assert findings(tmp_path / "c") == []
    assert len(json.loads(approvals.read_text("utf-8"))["approvals"]) == 2


def test_who_wants_approvals_gets_no_letter_without_one(tmp_path: Path, secret: Path) -> None:
    approvals = tmp_path / "a.json"
    governing = Governing(approvals=approvals, require_approval=True)
    summary = made(tmp_path / "a", secret, cases(case(1)), governing=governing)
    assert summary.held == {"I04_template_approved:template_not_approved": 1}
    done = CliRunner().invoke(
        templates, ["approve", "lawyer_letter", "--by", "legal", "--approvals", str(approvals)]
    )
    assert done.exit_code == 0
    assert made(tmp_path / "b", secret, cases(case(1)), governing=governing).letters == 1


def test_files_that_editors_leave_behind_do_not_count(tmp_path: Path) -> None:
    place = own_template(tmp_path)
    before = frozen(read_template(str(place)), place)
    (place / ".letter.txt.swp").write_bytes(b"x")
    (place / "letter.txt~").write_bytes(b"x")
    assert frozen(read_template(str(place)), place) == before
    (place / "seal.png").write_bytes(b"x")
    assert frozen(read_template(str(place)), place) != before


def test_nobody_approves_nothing(tmp_path: Path) -> None:
    done = approve(own_template(tmp_path), tmp_path / "a.json", "--by", "  ")
    assert isinstance(done.exception, BadUsage)
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize("content", ["", "[]", '{"format": 9}', '{"format": 1, "approvals": [{}]}'])
def test_damaged_approvals_are_told_and_kept(tmp_path: Path, content: str) -> None:
    approvals = tmp_path / "a.json"
    approvals.write_text(content, encoding="utf-8")
    done = approve(own_template(tmp_path), approvals, "--by", "legal")
    assert isinstance(done.exception, BadInput)
    assert "approve again" in str(done.exception)
    assert approvals.read_text("utf-8") == content


def test_templates_are_listed_with_their_state(tmp_path: Path) -> None:
    words = ["list", "--approvals", str(tmp_path / "none.json")]
    done = CliRunner().invoke(templates, words, catch_exceptions=False)
    rows = [line.split("\t") for line in done.output.splitlines()]
    assert [row[0] for row in rows] == list(template_names())
    assert {row[4] for row in rows} == {"shipped"}


def test_a_template_is_checked_with_its_sender(tmp_path: Path) -> None:
    words = ["check", "lawyer_letter", "--sender", str(SENDER), "--as-of"]
    assert CliRunner().invoke(templates, [*words, "2026-07-01"]).exit_code == 0
    done = CliRunner().invoke(templates, [*words, "2030-07-01"])
    assert done.exit_code == 1
    assert "block\tA04_mandate_covers_date\tmandate_not_in_force" in done.output


def test_forbidden_words_of_a_template_are_told_before_there_is_a_letter(tmp_path: Path) -> None:
    place = own_template(tmp_path)
    text = place / "letter.txt"
    hidden = "{% if 费用 > 999999 %}否则后果自负。{% endif %}"
    text.write_text(text.read_text("utf-8").replace("特此函达。", hidden), encoding="utf-8")
    words = ["check", str(place), "--sender", str(SENDER), "--as-of", "2026-07-01"]
    done = CliRunner().invoke(templates, words)
    assert done.exit_code == 1
    assert "block\tC03_no_insult_or_threat\tforbidden_word:C03:text" in done.output


# Own rules


def test_own_rules_hold_letters_and_are_named_in_the_batch(tmp_path: Path, secret: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    shipped = (folder("templates") / "rules" / "checks.tsv").read_text("utf-8").splitlines()
    header = next(line for line in shipped if line.startswith("rule\t"))
    row = next(line for line in shipped if line.startswith("B03_")).replace("\twarn\t", "\tblock\t")
    (rules / "checks.tsv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    frame = cases(case(1, source="workplace"), case(2))
    governing = Governing(rules=rules, approvals=tmp_path / "none.json")
    summary = made(tmp_path / "a", secret, frame, governing=governing)
    assert summary.held == {"B03_workplace_address:workplace_address": 1}
    made(tmp_path / "b", secret, frame)
    mine, theirs = (read_json(tmp_path / name / "batch.json") for name in "ab")
    assert mine["rules_sha256"] != theirs["rules_sha256"]
    assert mine["batch_id"] != theirs["batch_id"]


def test_a_rule_that_informs_is_listed_and_not_told(tmp_path: Path, secret: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    shipped = (folder("templates") / "rules" / "checks.tsv").read_text("utf-8").splitlines()
    header = next(line for line in shipped if line.startswith("rule\t"))
    row = next(line for line in shipped if line.startswith("B03_")).replace("\twarn\t", "\tinfo\t")
    (rules / "checks.tsv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    governing = Governing(rules=rules, approvals=tmp_path / "none.json")
    summary = made(tmp_path / "a", secret, cases(case(1, source="workplace")), governing=governing)
    assert findings(tmp_path / "a") == [("B03_workplace_address", "workplace_address")]
    assert not any("B03" in line for line in summary.lines())


# The total of the file


@pytest.mark.parametrize(
    ("total", "held"),
    [
        (["5270.00"], {}),
        ([None], {}),
        (["5270.01"], {"D01_sums_add_up:total_differs_from_file": 1}),
        # Rows that name different totals are no statement about the case.
        (["5270.01", "17.00"], {}),
    ],
)
def test_a_total_of_the_file_is_compared(
    tmp_path: Path, secret: Path, total: list[str | None], held: dict[str, int]
) -> None:
    frame = cases(*(case(1, row=n, source=f"s{n}") for n in range(len(total))))
    frame = frame.with_columns(pl.Series("total", total, pl.String).cast(pl.Decimal(18, 2)))
    chosen = picks(frame).head(1)
    out = tmp_path / "batch"
    summary = make_batch(
        chosen, frame, template="lawyer_letter", sender=SENDER, out=out, as_of=AS_OF,
        secret=secret, progress=False,
    )  # fmt: skip
    assert summary.held == held


# Letters of the past


def test_a_letter_too_soon_after_another_is_told(tmp_path: Path, secret: Path) -> None:
    first, frame = tmp_path / "first", cases(case(1), case(2, id_no="430104199003074527"))
    made(first, secret, frame, as_of=AS_OF - timedelta(days=29))
    renewed = tmp_path / "sender.toml"
    text = SENDER.read_text("utf-8").replace("letter_no_start = 1 ", "letter_no_start = 100 ")
    renewed.write_text(text, encoding="utf-8")
    shutil.copy(SENDER.parent / "seal.png", tmp_path)
    # One of the two by its case, the other by the person, under another case id.
    later = cases(case(1), case(7, id_no="430104199003074527"), case(8, id_no="430104199003074535"))
    past = past_letters([first])
    made(tmp_path / "second", secret, later, past=past, sender=renewed)
    assert findings(tmp_path / "second") == [("B06_days_between_letters", "letter_too_soon")] * 2
    day_after = AS_OF + timedelta(days=1)
    made(tmp_path / "third", secret, later, past=past, sender=renewed, as_of=day_after)
    assert findings(tmp_path / "third") == []


def test_a_letter_number_is_not_given_twice(tmp_path: Path, secret: Path) -> None:
    first, frame = tmp_path / "first", cases(case(1))
    made(first, secret, frame, as_of=date(2026, 3, 1))
    past = past_letters([first])
    summary = made(tmp_path / "second", secret, cases(case(2)), past=past)
    assert summary.held == {"A10_letter_no_new:letter_no_used": 1}


def test_past_letters_by_a_file_that_knows_the_person_only(tmp_path: Path, secret: Path) -> None:
    past = pl.DataFrame(
        {
            "row": [0, 1],
            "id_no": ["430104199003074519", None],
            "posted_on": [AS_OF - timedelta(days=3), AS_OF],
            "_outcome": ["signed", None],
        }
    )
    made(tmp_path / "a", secret, cases(case(1)), past=past)
    assert findings(tmp_path / "a") == [("B06_days_between_letters", "letter_too_soon")]
    gone = past.with_columns(pl.lit("cancelled").alias("_outcome"))
    made(tmp_path / "b", secret, cases(case(1)), past=gone)
    assert findings(tmp_path / "b") == []


# The record in each file


def record(path: Path) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        assert list(pdf.attachments) == ["record.json"]
        file = pdf.attachments["record.json"].get_file()
        assert file.mime_type == "application/json"
        told: dict[str, Any] = json.loads(file.read_bytes())
        return told


def test_a_letter_carries_a_record_that_tells_nothing_about_anybody(
    tmp_path: Path, secret: Path
) -> None:
    out = tmp_path / "batch"
    made(out, secret, cases(case(1, source="workplace", principal=Decimal("7654.32"))))
    [path] = (out / "letters").iterdir()
    told, sealed = record(path), read_json(out / "batch.json")
    assert told["letter_id"] == path.stem
    assert told["as_of"] == "2026-07-01"
    assert told["rules_sha256"] == sealed["rules_sha256"]
    assert told["template"]["sha256"] == sealed["approval"]["sha256"]
    assert told["found"] == ["B03_workplace_address:workplace_address"]
    checks = read_batch_table(out / "checks.parquet", "rule")
    assert set(told["checked"]) == set(checks["rule"])
    text = json.dumps(told, ensure_ascii=False)
    for private in (
        "王小满",
        "7654",
        "7,654",
        "430104199003074519",
        "13800000000",
        "C0001",
        "桐梓坡",
    ):
        assert private not in text
    assert path.stat().st_size <= 110_000
    assert verify_batch(out, progress=False).differences == []
