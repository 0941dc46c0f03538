"""`report --rates`: reading what letters cost, and what a signed letter comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_batches import made_batch, script

from addrfix.cli.report import command
from addrfix.flow.report import read_rates, report_figures
from addrfix.flow.track import track
from addrfix.model.errors import BadInput
from addrfix.outcomes.page import html_page
from addrfix.outcomes.tables import cost_table
from addrfix.outcomes.tariffs import Tariff

HEAD = "carrier,product,per_letter,per_sheet,from,to\n"
TOML = """
[[rate]]
carrier = "chinapost"
product = "registered"
per_letter = 4.2
per_sheet = 0.12
from = 2026-01-01
to = 2026-06-30

[[rate]]
carrier = "chinapost"
product = "ems"
per_letter = 12
"""
MEANT = (
    Tariff("chinapost", "registered", Decimal("4.2"), Decimal("0.12"), date(2026, 1, 1),
           date(2026, 6, 30)),
    Tariff("chinapost", "ems", Decimal(12), Decimal(0), None, None),
)  # fmt: skip


def _written(folder: Path, content: str, name: str = "rates.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_table_and_toml_say_the_same(tmp_path: Path) -> None:
    rows = "chinapost,registered,4.20,0.12,2026-01-01,2026-06-30\nchinapost,ems,12,,,\n"
    assert read_rates(_written(tmp_path, TOML, "rates.toml")) == MEANT
    assert read_rates(_written(tmp_path, HEAD + rows)) == MEANT
    path = tmp_path / "gb.csv"
    path.write_bytes((HEAD + rows).encode("gb18030"))
    assert read_rates(path) == MEANT


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",registered,4,,,", "rate 1: carrier and product must be named"),
        ("chinapost,registered,,,,", "rate 1: per_letter is missing; write 0"),
        ("chinapost,registered,dear,,,", "rate 1: per_letter is dear; write yuan"),
        ("chinapost,registered,-1,,,", "per_letter is -1; write 0 to 10000"),
        ("chinapost,registered,4.00001,,,", "four decimal places at most"),
        ("chinapost,registered,NaN,,,", "per_letter is NaN; write yuan as a number"),
        ("chinapost,registered,4,x,,", "per_sheet is x"),
        ("chinapost,registered,4,,May,", "from is May; write a day as 2026-07-01"),
        ("chinapost,registered,4,,2026-05-02,2026-05-01", "it ends on 2026-05-01, before"),
        ("a,b,4,,,2026-05-01\na,b,5,,2026-05-01,", "rates 1 and 2 are both for a b"),
        ("", "no rates; write a row"),
    ],
)
def test_rates_that_do_not_hold(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_rates(_written(tmp_path, f"{HEAD}{row}\n"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rates.csv", "carrier,per_letter\nx,1\n", "has no product; a rate has carrier, product"),
        ("rates.csv", "carrier,product,per_letter,price\nx,y,1,2\n", "has a price that is not"),
        ("rates.toml", "rate = [", "cannot be read as TOML"),
        ("rates.toml", "[rates]\n", r"write a \[\[rate\]\] for each"),
        ("rates.toml", "rate = [1]\n", r"write a \[\[rate\]\] for each"),
    ],
)  # fmt: skip
def test_files_that_are_no_rates(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_rates(_written(tmp_path, content, name))


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cost")
    folder = made_batch(root / "batch", letters=200)
    results = root / "results.csv"
    results.write_bytes(script("make_results").results(folder, seed=7, posted=None, days=40))
    track(folder, [results])
    return folder


def test_the_cost_of_a_signed_letter(batch: Path, tmp_path: Path) -> None:
    rates = _written(tmp_path, HEAD + "chinapost,registered,4.2,0.12,2026-01-01,\n")
    found = report_figures([batch], as_of=date(2026, 6, 1), rates=rates)
    assert found.cost is not None
    whole, registered, ems = found.cost
    assert whole.mailed == registered.mailed + ems.mailed == 200 - found.total.cancelled
    assert ems.priced == ems.amount == 0
    assert ems.per_letter() is ems.per_signed("broad") is None
    assert whole.amount == registered.amount == registered.priced * Decimal("4.32")
    assert registered.per_letter() == Decimal("4.32")
    per_signed = registered.per_signed("standard")
    assert per_signed == registered.amount / registered.standard > Decimal("4.32")
    row = cost_table(found).rows[0]
    assert row.cells[2:6] == (whole.mailed, whole.priced, whole.amount, Decimal("4.32"))
    page = html_page(found)
    assert f"<b>{ems.mailed}</b>" in page and "letters have no price" in page
    assert f"<dd>{per_signed:.2f}</dd>" in page


def test_letters_of_days_without_a_rate_have_no_cost(batch: Path, tmp_path: Path) -> None:
    rates = _written(tmp_path, HEAD + "chinapost,registered,4.2,,,2025-12-31\n")
    found = report_figures([batch], as_of=date(2026, 6, 1), rates=rates)
    assert found.cost is not None
    assert {cost.priced for cost in found.cost} == {0}
    assert "letters have no price" in html_page(found)


def test_the_command_with_and_without_rates(batch: Path, tmp_path: Path) -> None:
    rates = _written(tmp_path, TOML, "rates.toml")
    asked = [str(batch), "--as-of", "2026-06-01"]
    told = CliRunner().invoke(command, [*asked, "--rates", str(rates)]).stdout
    assert "What a signed letter costs" in told and "Signed, standard, yuan" in told
    assert "What a signed letter costs" not in CliRunner().invoke(command, asked).stdout
    wrong = CliRunner().invoke(command, [*asked, "--rates", str(_written(tmp_path, "x\n1\n"))])
    assert isinstance(wrong.exception, BadInput)
