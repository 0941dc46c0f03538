"""Every rule has a letter that breaks it and one that keeps it; the shipped one breaks none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from letter_samples import AS_OF, CASES, composer, facts, sender, template
from rule_letters import Made, findings

from addrfix.knowledge import folder, read_tsv
from addrfix.letters.batch_checks import BATCH_CHECKS
from addrfix.letters.checks import CHECKS, check_letter
from addrfix.letters.findings import WINDOW, Letter
from addrfix.letters.rules import SEVERITIES, read_rules
from addrfix.letters.sender_checks import SENDER_CHECKS, check_sender
from addrfix.letters.template import KINDS
from addrfix.model.errors import BadSettings

ROWS = read_tsv(CASES / "letter_rules.tsv")
RULES = folder("templates") / "rules"
KEPT, NOT_ASKED = "-", "not asked"


def rows(*, kept: bool) -> list[dict[str, str]]:
    return [row for row in ROWS if (row["finding"] in (KEPT, NOT_ASKED)) == kept]


def name(row: dict[str, str]) -> str:
    return f"{row['rule']}-{row['field']}-{row['finding']}"


def test_the_plain_letter_breaks_no_rule() -> None:
    letter = Letter(composer().draft(facts()), sender(), composer())
    assert check_letter(letter, template().kind) == []
    assert check_sender(sender(), template(), AS_OF) == []


@pytest.mark.parametrize("row", rows(kept=False), ids=name)
def test_a_letter_that_breaks_the_rule_is_found(row: dict[str, str]) -> None:
    _, found = findings(row["field"], row["value"])
    assert (row["rule"], row["finding"]) in found


@pytest.mark.parametrize("row", rows(kept=True), ids=name)
def test_a_letter_that_keeps_the_rule_passes(row: dict[str, str]) -> None:
    kind, found = findings(row["field"], row["value"])
    assert read_rules()[row["rule"]].applies(kind) == (row["finding"] == KEPT)
    assert row["rule"] not in {rule for rule, _ in found}


@pytest.mark.parametrize("rule", sorted(read_rules().rules))
def test_a_rule_has_a_function_a_breach_and_a_pass(rule: str) -> None:
    assert [*CHECKS, *SENDER_CHECKS, *BATCH_CHECKS].count(rule) == 1
    said = {row["finding"] for row in ROWS if row["rule"] == rule}
    assert KEPT in said
    assert said - {KEPT, NOT_ASKED}


def test_tables_speak_of_rules_and_kinds_that_there_are() -> None:
    book = read_rules()
    groups = {rule.partition("_")[0] for rule in book.rules}
    assert {word.rule for word in book.forbidden} <= groups
    assert {element.rule for element in book.elements} <= groups
    assert {word.rule for word in book.statuses} <= set(book.rules)
    kinds = {kind.lstrip("!") for rule in book.rules.values() for kind in rule.kinds}
    kinds |= {kind for element in book.elements for kind in element.kinds}
    assert kinds <= {*KINDS, "all"}
    assert {row["rule"] for row in ROWS} == set(book.rules)


def test_a_law_is_cited_from_the_day_on_which_it_is_in_force() -> None:
    law, articles = "中华人民共和国民法典", read_rules()
    assert articles.in_force(law, 675, date(2021, 1, 1))
    assert not articles.in_force(law, 675, date(2020, 12, 31))
    assert not articles.in_force(law, 9000, date(2021, 1, 1))
    assert not articles.in_force("中华人民共和国合同法", 675, date(2021, 1, 1))


def test_every_note_of_its_own_is_explained() -> None:
    listed = {row["reason"] for row in read_tsv(RULES / "hold_reasons.tsv")}
    notes = {row["finding"].split(":")[0] for row in ROWS if ":" in row["finding"]}
    assert notes <= listed


def test_every_rule_that_no_machine_checks_names_somebody() -> None:
    told = read_tsv(RULES / "not_by_machine.tsv")
    assert len({row["what"] for row in told}) == len(told) > 20
    assert all(row["who"] and row["when"] and row["source"] for row in told)


def test_a_guarantor_named_in_the_file_may_be_written_to() -> None:
    letter = facts(recipient="赵担保", guarantor="赵担保")
    draft = composer().draft(letter)
    assert check_letter(Letter(draft, sender(), composer()), "lawyer_letter") == []
    text = "\n".join(draft.lines())
    assert "您提供担保的陈𬭎䶮与松影示例小额贷款有限公司（以下简称“原债权人”）之间的" in text
    assert "在担保责任范围内按下列方式清偿" in text
    assert "第六百八十一条" in text
    assert "第六百八十一条" not in "\n".join(composer().draft(facts()).lines())


def test_a_creditor_that_lent_the_money_itself_tells_of_no_assignment() -> None:
    assigned, own = Made(), Made()
    own.change("sender.assignor_name", "")
    told, untold = ("\n".join(made.letter().draft.lines()) for made in (assigned, own))
    assert "原债权人已于2026年5月20日将上述债权及其从权利转让给委托人。" in told
    assert "就您与委托人之间的借款合同事宜" in untold
    assert "与委托人建立借款合同关系" in untold
    assert "原债权人" not in untold


def test_the_senders_own_numbers_may_stand_in_the_text() -> None:
    assert len(sender().signatories[0].licence_no) == 17
    assert sender().signatories[0].licence_no in Made().letter().text


def test_no_finding_repeats_what_a_field_says() -> None:
    personal = ("recipient", "standardized", "case_id", "contract_no")
    for row in rows(kept=False):
        if row["field"] in personal:
            made = Made()
            made.change(row["field"], row["value"])
            found = check_letter(made.letter(), made.template.kind)
            assert found
            assert not any(row["value"] in finding.reason for finding in found)
            assert not any(row["value"] in (finding.text or "") for finding in found)


def test_words_of_an_address_are_not_repeated() -> None:
    made = Made()
    made.change("standardized", "湖南省长沙市岳麓区逾期催收中心1号")
    [found] = [f for f in check_letter(made.letter(), made.template.kind) if f.rule[:3] == "E01"]
    assert found.text == WINDOW


def test_a_finding_shows_the_words_that_it_is_about() -> None:
    made = Made()
    made.change("text", "还款后可为您消除征信记录。")
    [found] = check_letter(made.letter(), made.template.kind)
    assert (found.severity, found.text) == ("warn", "消除征信")


# A compliance officer's own tables


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "rules"
    place.mkdir()
    yield place


def write(path: Path, header: str, *lines: str) -> None:
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")


HEADER = "rule\tseverity\tkinds\tparameter\twhat\twhat_zh\tfound\tsource"


def test_a_row_of_ones_own_changes_that_rule_only(own: Path) -> None:
    write(
        own / "checks.tsv", HEADER, "D03_yearly_cost\tblock\tall\t18\tw\tz\tabove {parameter} %\ts"
    )
    book, shipped = read_rules(own), read_rules()
    changed = book["D03_yearly_cost"]
    assert (changed.severity, changed.parameter, changed.found) == ("block", 18.0, "above 18 %")
    assert {**book.rules, changed.name: None} == {**shipped.rules, changed.name: None}
    assert book.sha256 != shipped.sha256
    letter = Made(facts=facts(interest=facts().principal / 5)).letter()
    found = check_letter(replace(letter, book=book), "lawyer_letter")
    assert [finding.rule for finding in found] == ["D03_yearly_cost"]


def test_another_table_of_ones_own_replaces_the_shipped_one(own: Path) -> None:
    header = "rule\tkind\texpression\twhere\tunless\twhy\tsource"
    write(own / "forbidden_words.tsv", header, "C03\tword\t函告\ttext\t\ttest\ttest")
    letter = Made().letter()
    letter = replace(letter, book=read_rules(own))
    found = check_letter(letter, "lawyer_letter")
    assert [finding.reason for finding in found] == ["forbidden_word:C03:text"]


@pytest.mark.parametrize(
    ("table", "content", "told"),
    [
        ("checks.tsv", f"{HEADER}\nE12_text_is_printable\tmaybe\tall\t\t\t\t\t", "severity maybe"),
        ("checks.tsv", f"{HEADER}\nE12_text_is_printable\twarn\tall\t\t\t\t\t", "must stay block"),
        ("checks.tsv", f"{HEADER}\nE03_window_only_recipient\toff\tall\t\t\t\t\t", "stay block"),
        ("checks.tsv", f"{HEADER}\nD03_yearly_cost\twarn\tall\tmuch\t\t\t\t", "is no number"),
        ("checks.tsv", f"{HEADER}\nZ99_new\twarn\tall\t\t\t\t\t", "no rule Z99_new"),
        ("checks.tsv", "rule\tseverity\nD03_yearly_cost\twarn", "no column"),
        ("words.tsv", "a\tb\n1\t2", "words.tsv is no table of rules"),
        ("elements.tsv", "rule\tkinds\telement\texpression\nC10\tall\tx\t(", "not a regular"),
        ("lending_rates.tsv", "from\tper_cent\n2026-13-01\t3", "2026-13-01 is no day"),
        (
            "forbidden_words.tsv",
            "rule\tkind\texpression\twhere\tunless\nC03\tword\tx\tnowhere\t",
            "nowhere, which is no place",
        ),
    ],
)
def test_a_table_that_does_not_hold_is_told(own: Path, table: str, content: str, told: str) -> None:
    (own / table).write_text(content + "\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=told):
        read_rules(own)


def test_a_folder_without_tables_is_told(own: Path) -> None:
    with pytest.raises(BadSettings, match="no table of rules"):
        read_rules(own)
    with pytest.raises(BadSettings, match="no folder of rules"):
        read_rules(own / "nowhere")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_that_excel_saved(own: Path, encoding: str) -> None:
    row = "D03_yearly_cost\tblock\tall\t18\tw\t成本\tf\ts"
    (own / "checks.tsv").write_text(f"{HEADER}\n{row}\n", encoding=encoding)
    if encoding == "utf-8-sig":
        assert read_rules(own)["D03_yearly_cost"].what_zh == "成本"
        return
    with pytest.raises(BadSettings, match="save it as UTF-8"):
        read_rules(own)


def test_the_examples_of_the_manual_hold(own: Path) -> None:
    manual = (folder("templates").parent / "docs" / "rules.md").read_text(encoding="utf-8")
    [checks] = re.findall(r"```\n(rule\t.*?)```", manual, re.DOTALL)
    [word] = re.findall(r"```\n(C05\t.*?)```", manual, re.DOTALL)
    (own / "checks.tsv").write_text(checks, encoding="utf-8")
    shipped = (RULES / "forbidden_words.tsv").read_text(encoding="utf-8")
    (own / "forbidden_words.tsv").write_text(shipped + word, encoding="utf-8")
    book = read_rules(own)
    assert (book["D03_yearly_cost"].severity, book["D03_yearly_cost"].parameter) == ("block", 20)
    made = Made()
    made.change("text", "本所已保全您的财产。")
    found = check_letter(replace(made.letter(), book=book), "lawyer_letter")
    assert [finding.rule for finding in found] == ["C05_no_unproven_proceeding"]


def test_severities_are_used(own: Path) -> None:
    assert {rule.severity for rule in read_rules().rules.values()} <= set(SEVERITIES)
