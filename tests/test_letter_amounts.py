from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import CASES

from addrfix.knowledge import read_tsv
from addrfix.letters.amounts import LARGEST, chinese_date, money, money_words, words_to_money

CENTS = st.integers(0, 10**18 - 1).map(lambda cents: Decimal(cents) / 100)


def test_words_are_those_of_the_cases() -> None:
    rows = read_tsv(CASES / "letter_amounts.tsv")
    got = {row["amount"]: money_words(Decimal(row["amount"])) for row in rows}
    assert got == {row["amount"]: row["words"] for row in rows}


@given(CENTS)
def test_words_say_the_figure(amount: Decimal) -> None:
    assert words_to_money(money_words(amount)) == amount


@given(CENTS)
def test_words_have_no_double_zero(amount: Decimal) -> None:
    words = money_words(amount)
    assert "零零" not in words
    assert words.endswith(("整", "分"))


@pytest.mark.parametrize("amount", ["-0.01", "0.001", str(LARGEST + 1)])
def test_amounts_that_cannot_be_said_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="in words"):
        money_words(Decimal(amount))


def test_figures_and_dates() -> None:
    assert money(Decimal("1234567.5")) == "1,234,567.50"
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"
