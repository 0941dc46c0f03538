"""`report --where`: what conditions mean, what they refuse, and that none of it becomes SQL."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from golden_lines import lines
from hypothesis import given
from hypothesis import strategies as st
from made_batches import made_batch

from addrfix.cli.report import command
from addrfix.database import open_memory
from addrfix.model.errors import BadUsage
from addrfix.outcomes.where import COLUMNS, condition

LETTERS = """
CREATE TABLE every_letter (
    id VARCHAR, batch VARCHAR, batch_week DATE, created_on DATE, template VARCHAR, carrier VARCHAR,
    product VARCHAR, firm VARCHAR, sheets INTEGER, province VARCHAR, city VARCHAR, district VARCHAR,
    source VARCHAR, kind VARCHAR, granularity VARCHAR, p_signed DECIMAL(9, 6), decile INTEGER,
    arm VARCHAR, outcome VARCHAR, sign_class VARCHAR, return_reason VARCHAR, posted_on DATE,
    final_on DATE
);
INSERT INTO every_letter BY NAME VALUES
"""
ROWS: list[dict[str, object]] = [
    {"id": "a", "province": "四川省", "city": "成都市", "p_signed": 0.2,
     "product": "registered_letter", "created_on": "2026-02-20", "batch_week": "2026-02-16",
     "decile": 1, "outcome": "signed", "sign_class": "self", "posted_on": "2026-02-21",
     "firm": "甲律所"},
    {"id": "b", "province": "四川省", "city": "成都市", "p_signed": 0.5,
     "product": "registered_letter", "created_on": "2026-03-02", "batch_week": "2026-03-02",
     "decile": 5, "outcome": "returned", "return_reason": "MOVED",
     "posted_on": "2026-03-03", "firm": "甲律所"},
    {"id": "c", "province": "浙江省", "city": "杭州市", "p_signed": 0.9, "product": "ems",
     "created_on": "2026-03-03", "batch_week": "2026-03-02", "decile": 10, "outcome": "signed",
     "sign_class": "unit", "posted_on": "2026-03-04", "firm": "乙律所"},
    {"id": "d", "product": "registered_letter", "created_on": "2026-03-10",
     "batch_week": "2026-03-09", "outcome": "in_transit"},
]  # fmt: skip


@pytest.fixture(scope="module")
def letters() -> duckdb.DuckDBPyConnection:
    connection = open_memory()
    connection.execute(LETTERS.split("INSERT")[0])
    for row in ROWS:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"INSERT INTO every_letter ({names}) VALUES ({marks})", list(row.values())
        )
    return connection


def _left(connection: duckdb.DuckDBPyConnection, written: str) -> list[str]:
    asked = condition(written)
    query = f"SELECT id FROM every_letter WHERE {asked.sql} ORDER BY id"
    return [row[0] for row in connection.execute(query, list(asked.values)).fetchall()]


@pytest.mark.parametrize(
    ("written", "left"), [(row["condition"], row["letters"]) for row in lines("report_where")]
)
def test_what_a_condition_leaves(
    letters: duckdb.DuckDBPyConnection, written: str, left: str
) -> None:
    assert _left(letters, written) == ([] if left == "-" else left.split(","))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("provnce = 'x'", r"no column 'provnce' \(did you mean province\?\); there are batch, "),
        ("recipient = 'x'", "no column 'recipient'; there are batch"),
        ("case_id = 'x'", "no column 'case_id'"),
        ("province ~ 'x'", "no operator '~' for province; there are =, !=, <, <=, >, >=, in, like"),
        ("province is null", "no operator 'is' for province"),
        ("province not = 'x'", "no operator '=' for province"),
        ("outcome = 'sgined'", "outcome is never 'sgined'; there are signed, returned, in_transit"),
        ("p_signed > high", "p_signed is a number; 'high' is none"),
        ("p_signed > nan", "'nan' is none"),
        ("p_signed > 1e999999", "'1e999999' is none"),
        ("posted_on > 2026-13-01", "posted_on is a day, written 2026-07-01; '2026-13-01' is none"),
        ("p_signed like '0%'", "p_signed is a number; like is for text"),
        ("province = 'x", "the closing quote is missing"),
        ("province =", "it ends too early"),
        ("", "it ends too early"),
        ("   ", "it ends too early"),
        ("(province = 'x'", "a closing bracket is missing"),
        ("province = 'x')", r"'\)' stands where `and` or `or` should"),
        ("province = 'x' product = 'y'", "'product' stands where"),
        ("province in 'x'", "after `in` stand values in brackets"),
        ("province in ('x' 'y')", "a closing bracket is missing"),
        ("province = ('x')", r"'\(' stands where a value should"),
        ("= 'x'", "no column '='"),
        ("'province' = 'x'", "no column 'province'"),
        ("(" * 60 + "province = 'x'" + ")" * 60, "more than 40 brackets"),
        ("not " * 60 + "province = 'x'", "more than 40 brackets"),
        ("province = '" + "x" * 2000 + "'", "longer than 2,000 characters"),
    ],
)  # fmt: skip
def test_what_a_condition_refuses(written: str, said: str) -> None:
    with pytest.raises(BadUsage, match=said):
        condition(written)


INJECTIONS = (
    "province = 'x'; DROP TABLE letter",
    "province = 'x' UNION SELECT * FROM pick",
    "1 = 1",
    "province = 'x' -- comment",
    "province = 'x' /* comment */ or 1 = 1",
    "province = (SELECT max(name) FROM pick)",
    "province = 'x' or (SELECT 1)",
    'province = "x" or "province" = province',
    "province like 'x' ESCAPE '!'",
    "province = $1",
    "read_text('/etc/passwd') = 'x'",
    "province || city = 'x'",
    "province = ? ; COPY letter TO '/tmp/x'",
    "province\x00 = 'x'",
)


@pytest.mark.parametrize("written", INJECTIONS)
def test_sql_is_refused_or_stays_a_value(letters: duckdb.DuckDBPyConnection, written: str) -> None:
    try:
        asked = condition(written)
    except BadUsage:
        return
    _only_ours(asked.sql)
    assert _left(letters, written) == []


OURS = {
    "IS", "NOT", "DISTINCT", "FROM", "COALESCE", "FALSE", "IN", "LIKE", "AND", "OR", *COLUMNS,
}  # fmt: skip


def _only_ours(sql: str) -> None:
    """Nothing but our own words and signs, and numbered places for the values."""
    for word in re.findall(r"\$\d+|\w+|<=|>=|[(),<>]|\S", sql):
        assert word in OURS or re.fullmatch(r"\$\d+|<=|>=|[(),<>]", word), word


pieces = st.sampled_from(
    [*COLUMNS, "=", "!=", "<", "<=", "in", "like", "and", "or", "not", "(", ")", ",", "'", '"',
     "'四川省'", "0.5", "2026-03-01", "signed", ";", "--", "/*", "$1", "?", "NULL", "SELECT", "%"]
)  # fmt: skip


@given(st.one_of(st.lists(pieces, max_size=14).map(" ".join), st.text(max_size=60)))
def test_any_text_is_refused_in_words_or_made_of_our_own(written: str) -> None:
    try:
        asked = condition(written)
    except BadUsage:
        return
    _only_ours(asked.sql)
    places = [int(place) for place in re.findall(r"\$(\d+)", asked.sql)]
    assert places == list(range(1, len(asked.values) + 1))
    open_memory().execute(LETTERS.split("INSERT")[0]).execute(
        f"SELECT id FROM every_letter WHERE {asked.sql}", list(asked.values)
    ).fetchall()


def test_values_are_of_the_columns_kind() -> None:
    asked = condition("p_signed > 0.3 and created_on > 2026-03-01 and province = 0.3")
    assert asked.values == (Decimal("0.3"), date(2026, 3, 1), "0.3")
    assert not asked.keeps_arms_alike
    assert condition("firm = 'x' or batch_week > 2026-03-01").keeps_arms_alike


def test_the_command_says_what_is_wrong_and_shows_what_was_asked(tmp_path: Path) -> None:
    folder = made_batch(tmp_path / "batch", letters=60)
    wrong = CliRunner().invoke(command, [str(folder), "--where", "prov = 1"])
    assert isinstance(wrong.exception, BadUsage)
    asked = ["--as-of", "2026-04-01", "--where", "product = 'ems' and province != '<b>'"]
    shown = CliRunner().invoke(command, [str(folder), *asked])
    assert "Only letters with product = 'ems' and province != '<b>'" in shown.stdout
    page = tmp_path / "report.html"
    assert CliRunner().invoke(command, [str(folder), *asked, "-o", str(page)]).exit_code == 0
    assert "province != &#x27;&lt;b&gt;&#x27;" in page.read_text(encoding="utf-8")
    nothing = CliRunner().invoke(command, [str(folder), "--where", "province = '无'"])
    assert nothing.exit_code == 0 and "No letter meets the condition." in nothing.stdout
