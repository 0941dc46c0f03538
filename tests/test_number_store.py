"""The store of tracking numbers: none given twice, none lost, whatever happens in between."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.carriers.number_range import number_of, range_between, serial_of
from addrfix.carriers.tracking_number import fault_of, s10_check_digit
from addrfix.cli.numbers import command
from addrfix.dispatch.number_store import NumberStore
from addrfix.flow.numbers import NumberSource, add_range, objections, range_lines, remarks
from addrfix.model.errors import BadInput, BadUsage

DAY = date(2026, 7, 1)
WORKER = """
import itertools, sys
from datetime import date
from pathlib import Path
from addrfix.dispatch.number_store import NumberStore
store, name, turns = NumberStore(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for turn in itertools.count() if turns == 0 else range(turns):
    letters = [f"{name}-{turn}-{place}" for place in range(1 + turn % 4)]
    numbers = store.take("p", f"{name}{turn}", letters, date(2026, 7, 1))
    for letter, (_, serial) in zip(letters, numbers):
        print(letter, serial, flush=True)
print("done", flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> NumberStore:
    made = NumberStore(tmp_path / "deep" / "numbers.journal")
    made.add("p", "XA####", 1, 9, DAY)
    return made


def taken(store: NumberStore, batch: str, *letters: str, product: str = "p") -> list[int]:
    return [serial for _, serial in store.take(product, batch, letters, DAY)]


def test_numbers_go_out_in_order_and_a_letter_keeps_its_own(store: NumberStore) -> None:
    assert taken(store, "B1", "a", "b", "c") == [1, 2, 3]
    assert taken(store, "B2", "a") == [4]
    assert taken(store, "B1", "c", "d", "a") == [3, 5, 1]
    assert taken(NumberStore(store.path), "B1", "a", "b", "c", "d") == [1, 2, 3, 5]


def test_nothing_is_taken_where_not_enough_are_free(store: NumberStore) -> None:
    store.add("q", "XB####", 1, 3, DAY)
    before = store.path.read_bytes()
    with pytest.raises(BadInput, match=r"2 numbers of p are missing: 11 are needed and 9 are free"):
        taken(store, "B", *map(str, range(11)))
    with pytest.raises(BadInput, match=r"the store has p, q.*numbers add r FIRST LAST"):
        taken(store, "B", "a", product="r")
    assert store.path.read_bytes() == before
    assert taken(store, "B", *map(str, range(9))) == list(range(1, 10))


def test_a_second_range_follows_the_first(store: NumberStore) -> None:
    store.add("p", "XB####", 50, 52, DAY)
    assert store.take("p", "B", list("abcdefghijk"), DAY)[-3:] == [
        ("XA####", 9), ("XB####", 50), ("XB####", 51),
    ]  # fmt: skip
    states = store.ranges()
    assert [(s.given, s.void, s.free, s.next) for s in states] == [(9, 0, 0, None), (2, 0, 1, 52)]


@pytest.mark.parametrize(("first", "last"), [(1, 9), (9, 20), (0, 1), (3, 4), (0, 100)])
def test_ranges_do_not_overlap(store: NumberStore, first: int, last: int) -> None:
    with pytest.raises(BadInput, match=r"overlaps one|already"):
        store.add("q", "XA####", first, last, DAY)


def test_void_numbers_are_passed_over_and_never_come_back(store: NumberStore) -> None:
    assert store.void("XA####", 2, 3, DAY, "spoiled") == 2
    assert taken(store, "B", "a", "b") == [1, 4]
    assert store.void("XA####", 3, 5, DAY) == 2
    assert taken(store, "B", "a", "b", "c") == [1, 6, 7]
    with pytest.raises(BadInput, match="not all of these"):
        store.void("XA####", 9, 10, DAY)
    [state] = store.ranges()
    assert (state.given, state.void, state.free, state.next) == (3, 4, 2, 8)


def test_a_finished_batch_voids_what_it_did_not_print(store: NumberStore) -> None:
    taken(store, "B1", "a", "b", "c")
    assert store.ledger().open_batches() == {"B1": 3}
    store.close("B1", ["b"], DAY)
    store.close("B1", ["b"], DAY)
    assert store.ledger().open_batches() == {}
    assert store.ranges()[0].void == 1
    assert taken(store, "B2", "x") == [4]
    assert store.void_batch("B1", DAY) == 2
    assert taken(store, "B1", "a") == [5]
    with pytest.raises(BadInput, match="batch B3 has no numbers"):
        store.void_batch("B3", DAY)


def test_a_line_without_its_end_was_never_promised(store: NumberStore) -> None:
    taken(store, "B1", "a")
    whole = store.path.read_bytes()
    taken(store, "B2", "b")
    last = store.path.read_bytes()[len(whole) :]
    for cut in (0, 1, 8, 9, len(last) // 2, len(last) - 1):
        store.path.write_bytes(whole + last[:cut])
        assert taken(store, "B3", "c") == [2]
        assert taken(store, "B1", "a") == [1]


def test_a_damaged_line_stops_everything(store: NumberStore) -> None:
    taken(store, "B1", "a")
    content = bytearray(store.path.read_bytes())
    content[len(content) // 3] ^= 1
    store.path.write_bytes(content)
    with pytest.raises(BadInput, match="line 1 is damaged"):
        taken(store, "B2", "b")
    with pytest.raises(BadInput, match="line 1 is damaged"):
        store.ranges()


def test_without_a_store_nothing_is_taken_or_made(tmp_path: Path) -> None:
    none = NumberStore(tmp_path / "none" / "numbers.journal")
    assert none.ranges() == []
    with pytest.raises(BadInput, match="no numbers yet"):
        none.take("p", "B", ["a"], DAY)
    assert not none.path.parent.exists()


def _started(store: NumberStore, name: str, turns: int) -> subprocess.Popen[str]:
    """A process that takes numbers as soon as it is told to; without turns it never ends."""
    root = Path(__file__).parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(store.path), name, str(turns)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _told(output: str) -> dict[str, int]:
    """Letter to number; the last line of a process that was killed may be cut."""
    whole = output[: output.rfind("\n") + 1].splitlines()
    return {letter: int(number) for letter, _, number in (row.partition(" ") for row in whole)}


def test_two_processes_at_once_never_get_the_same_number(tmp_path: Path) -> None:
    turns = int(os.environ.get("ADDRFIX_TEST_TURNS", "80"))
    store = NumberStore(tmp_path / "numbers.journal")
    store.add("p", "XA###########", 1, 9_999_999, DAY)
    workers = [_started(store, name, turns) for name in "LR"]
    for worker in workers:
        _go(worker)
    outputs = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    told = [_told(output.removesuffix("done\n")) for output in outputs]
    assert [len(one) for one in told] == [sum(1 + turn % 4 for turn in range(turns))] * 2
    numbers = sorted(serial for one in told for serial in one.values())
    # Every number once and none left out.
    assert numbers == list(range(1, len(numbers) + 1))
    assert store.ranges()[0].given == len(numbers)


def test_a_killed_process_loses_no_number_and_repeats_none(tmp_path: Path) -> None:
    store = NumberStore(tmp_path / "numbers.journal")
    store.add("p", "XA###########", 1, 9_999_999, DAY)
    told: dict[str, int] = {}
    for turn in range(int(os.environ.get("ADDRFIX_TEST_KILLS", "4"))):
        worker = _started(store, f"K{turn}n", 0)
        _go(worker)
        assert worker.stdout is not None
        heard = [worker.stdout.readline() for _ in range(3 + turn % 5)]
        worker.kill()
        # Not communicate(): that passes by what readline has read ahead.
        rest = _told("".join(heard) + worker.stdout.read())
        with worker:
            pass
        assert not told.keys() & rest.keys()
        told |= rest
    assert len(set(told.values())) == len(told) >= 12
    for letter, serial in told.items():
        name, turn_of, _ = letter.split("-")
        assert taken(store, name + turn_of, letter) == [serial]
    [state] = store.ranges()
    assert state.given + state.free == 9_999_999
    assert state.next == state.given + 1
    assert taken(store, "after", "x") == [state.next]


RANGES = [
    ("RR473124829CN", "RR473124903CN", "RR########=CN", 9),
    ("RR47312482CN", "RR47312490CN", "RR########=CN", 9),
    ("XA00000000100", "XA00000000199", "XA###########", 100),
    ("xa 0000 0000-100", "XA00000000100", "XA###########", 1),
    ("1015785780598", "1015785790798", "10########=98", 11),
    ("7000000000111", "7000000000120", "#############", 10),
    ("QX12345678", "QX12345699", "QX########", 22),
]


@pytest.mark.parametrize(("first", "last", "pattern", "count"), RANGES)
def test_ranges_count_as_their_format_does(first: str, last: str, pattern: str, count: int) -> None:
    if pattern.startswith("10"):
        last = number_of(pattern, 15785780 + count - 1)
        first = number_of(pattern, 15785780)
    if first == "RR473124829CN":
        last = number_of(pattern, 47312490)
    found = range_between(first, last)
    assert (found.pattern, found.count) == (pattern, count)
    for serial in (found.first, found.last):
        assert serial_of(pattern, number_of(pattern, serial)) == serial


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("RR473124828CN", "RR473124903CN", "check digit is wrong, it would be 9"),
        ("XA00000000100", "XB00000000199", "not of one series"),
        ("XA00000000199", "XA00000000100", "before the first"),
        ("XA00000000100", "XA90000000199", "holds 10,000,000 at most"),
        ("1100000000000", "1100000000099", "carrier's list with --numbers"),
        ("挂号一号", "挂号九号", "is not a tracking number"),
        ("XA1", "XA9", "is not a tracking number"),
    ],
)
def test_what_is_no_range_is_said(first: str, last: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        range_between(first, last)


@given(serial=st.integers(0, 99_999_999))
def test_every_computed_number_passes_its_own_check(serial: int) -> None:
    number = number_of("RR########=CN", serial)
    assert fault_of(number) is None
    assert number[10] == str(s10_check_digit(f"{serial:08d}"))


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("take"), st.integers(0, 3), st.integers(1, 4)),
            st.tuples(st.just("void"), st.integers(1, 30), st.integers(0, 3)),
            st.tuples(st.just("close"), st.integers(0, 3), st.integers(0, 2)),
        ),
        max_size=12,
    )
)
def test_no_number_ever_has_two_letters(
    steps: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = NumberStore(tmp_path_factory.mktemp("store") / "numbers.journal")
    store.add("p", "XA####", 1, 30, DAY)
    had: dict[int, tuple[int, str]] = {}
    void: set[int] = set()
    for kind, first, second in steps:
        if kind == "take":
            letters = [str(place) for place in range(second)]
            try:
                serials = taken(store, f"B{first}", *letters)
            except BadInput:
                continue
            for letter, serial in zip(letters, serials, strict=True):
                assert serial not in void
                assert had.setdefault(serial, (first, letter)) == (first, letter)
        elif kind == "void" and first + second <= 30:
            store.void("XA####", first, first + second, DAY)
            void |= set(range(first, first + second + 1))
        elif kind == "close":
            numbers = store.ledger().numbers_of(f"B{first}")
            store.close(f"B{first}", [str(second)], DAY)
            void |= {numbers[str(second)][1]} if str(second) in numbers else set()
    [state] = store.ranges()
    assert state.void == len(void)
    assert state.given + state.void + state.free == 30


def test_the_command_adds_lists_and_voids(tmp_path: Path) -> None:
    where = ["--store", str(tmp_path / "n.journal"), "--as-of", "2026-07-01"]
    run = CliRunner().invoke
    added = run(command, ["add", "registered_letter", "XA00000000100", "XA00000000104", *where])
    assert (added.exit_code, added.stdout) == (0, "")
    assert "5 numbers of registered_letter added" in added.stderr
    run(command, ["add", "registered_letter", "XA00000000110", "XA00000000111", *where])
    assert (
        "2 numbers made void"
        in run(command, ["void", "XA00000000100", "XA00000000101", *where]).stderr
    )
    listed = run(command, ["list", *where[:2]])
    assert listed.stdout.splitlines()[1].split() == [
        "registered_letter", "XA00000000100", "XA00000000104", "5", "0", "2", "3", "XA00000000102",
    ]  # fmt: skip
    assert "no range holds XA00000000105 to XA00000000109 (5 numbers)" in listed.stderr
    assert '"free": 3' in run(command, ["list", "--json", *where[:2]]).stdout
    with pytest.raises(BadUsage, match="name numbers, or a batch"):
        run(command, ["void", *where], catch_exceptions=False, standalone_mode=False)


@pytest.fixture
def letters_store(tmp_path: Path) -> Iterator[NumberStore]:
    store = NumberStore(tmp_path / "numbers.journal")
    yield store


def test_doubts_about_a_range_are_told(letters_store: NumberStore) -> None:
    first, last = (number_of("10########=98", 15785780 + step) for step in (0, 9))
    count, notes = add_range(letters_store, "registered_letter", first, last, DAY)
    assert count == 10
    assert [note[:40] for note in notes] == [
        "the numbers look like those of express, ", "the check digit of ems numbers is inferr",
    ]  # fmt: skip
    with pytest.raises(BadUsage, match="write the product as in the sender file"):
        add_range(letters_store, "挂号信", "XA00000000100", "XA00000000104", DAY)


def test_a_source_gives_numbers_and_remarks_tell_what_is_open(letters_store: NumberStore) -> None:
    add_range(letters_store, "international", "RR47312482CN", "RR47312483CN", DAY)
    source = NumberSource(letters_store, "international")
    numbers = source.reserve("B1", ["a", "b"], DAY)
    assert numbers[0] == "RR473124829CN" and fault_of(numbers[1]) is None
    assert source.reserve("B1", ["a", "b"], DAY) == numbers
    said = remarks(letters_store)
    assert said[0] == "international: used up" and "batch B1 has 2 numbers" in said[1]
    source.finish("B1", [], DAY)
    assert remarks(letters_store) == ["international: used up"]
    assert range_lines(letters_store)[0].next is None
    assert objections(letters_store, [*numbers, "XA1"], frozenset({"a"})) == {
        numbers[1]: "was given to letter b"
    }
