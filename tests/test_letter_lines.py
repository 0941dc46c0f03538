from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from letter_samples import CASES, composer

from addrfix.knowledge import read_tsv
from addrfix.letters.lines import CLOSING, OPENING, WITHIN, address_lines, break_lines, units
from addrfix.letters.marks import Placed, Words
from addrfix.letters.readback import ReadPdf

WIDTHS = composer()._regular.widths
TEXTS = st.text(alphabet="一二三四五，。、（）《》“”12345,.-aB 元", max_size=120)


def broken(text: str, measure: float, indent: float = 0.0) -> list[str]:
    return [line.text for line in break_lines(text, WIDTHS, measure, indent=indent)]


def test_lines_are_those_of_the_cases() -> None:
    rows = read_tsv(CASES / "letter_lines.tsv")
    got = {row["text"]: "|".join(broken(row["text"], float(row["measure"]))) for row in rows}
    assert got == {row["text"]: row["lines"] for row in rows}


def test_lines_of_an_address_are_those_of_the_cases() -> None:
    rows = read_tsv(CASES / "letter_addresses.tsv")
    got = {
        (row["text"], row["measure"]): "|".join(
            address_lines(row["text"], WIDTHS, float(row["measure"]))
        )
        for row in rows
    }
    assert got == {(row["text"], row["measure"]): row["lines"] for row in rows}


@given(TEXTS, st.integers(6, 40))
def test_an_address_takes_no_line_more_than_it_must(text: str, measure: int) -> None:
    lines = address_lines(text, WIDTHS, measure)
    assert len(lines) == len(broken(text, measure))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_number_is_not_stretched() -> None:
    line = break_lines("拨打电话400-000-0020核实一二三四", WIDTHS, 11)[0]
    assert line.text == "拨打电话400-000-0020"
    assert line.gap > 0
    # Four places, one behind each character of the words.
    assert abs(line.width + line.gap * 4 - 11) < 1e-6


def test_a_number_is_drawn_as_close_as_it_is_set() -> None:
    face = composer()._regular

    def last_edge(text: str, gap: float) -> float:
        words = Words(face, 10, 100, 700, text, gap, justified=True)
        with ReadPdf(composer().single([(Placed((words,)),)], "t")) as read:
            _, page = read._page(0)
            return float(page.get_charbox(page.count_chars() - 1)[2])

    spread = last_edge("电话400-000-0020", 0.2) - last_edge("电话400-000-0020", 0.0)
    assert abs(spread - 2 * 0.2 * 10) < 0.05


@given(TEXTS, st.integers(12, 40), st.sampled_from([0.0, 2.0]))
def test_nothing_is_lost_or_added(text: str, measure: int, indent: float) -> None:
    assert "".join(broken(text, measure, indent)).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, st.integers(12, 40))
def test_no_line_is_wider_than_the_column(text: str, measure: int) -> None:
    for line in break_lines(text, WIDTHS, measure):
        places = len(line.text) - 1 - sum(map(len, WITHIN.findall(line.text)))
        stretched = line.width + line.gap * places
        assert stretched <= measure + 0.5 + 1e-6


@given(st.text(alphabet="一二三四，。（）《》12元", max_size=120), st.integers(12, 40))
def test_marks_stand_where_they_may(text: str, measure: int) -> None:
    # A run of marks longer than a line has to be cut somewhere.
    if max((len(piece) for piece in units(text)), default=0) > 6:
        return
    lines = broken(text, measure)
    assert not any(line[:1] in CLOSING for line in lines[1:])
    assert not any(line[-1:] in OPENING for line in lines[:-1])


@given(st.lists(st.sampled_from(["本金", "1,234,567.89", "元，", "ABC-123"]), max_size=30))
def test_numbers_stay_whole(pieces: list[str]) -> None:
    lines = broken("".join(f"欠{piece}款" for piece in pieces), 15)
    whole = sum(piece == "1,234,567.89" for piece in pieces)
    assert sum(line.count("1,234,567.89") for line in lines) == whole


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert broken("a" * 100, 10) != ["a" * 100]
    assert "".join(broken("a" * 100, 10)) == "a" * 100


def test_the_last_line_is_not_stretched() -> None:
    lines = break_lines("一二三四五六七八九十" * 3 + "甲", WIDTHS, 10)
    assert [line.gap for line in lines] == [0, 0, 0, 0]
    assert break_lines("一二三四五六七八九（十）一", WIDTHS, 10)[0].gap > 0
