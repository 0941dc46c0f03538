"""Letters whose tracking numbers come from the store: reserved, used, kept through failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from letter_samples import AS_OF, SENDER, case, cases, picks

from addrfix.cli import letters, numbers
from addrfix.dispatch.folder import file_sha256
from addrfix.files import write_table
from addrfix.flow.letters import make_batch
from addrfix.flow.numbers import (
    NumberSource,
    add_range,
    number_store,
    range_lines,
    remarks,
    void_numbers,
)
from addrfix.flow.verify import verify_batch
from addrfix.letters.facts import LetterFacts
from addrfix.letters.readback import missing_from
from addrfix.model.errors import BadInput, BadUsage, LetterProblem

PRODUCT = "registered_letter"
NAMES = ("王小满", "陈𬭎", "欧阳一二")


@pytest.fixture
def source(tmp_path: Path) -> NumberSource:
    """A store with five numbers."""
    (tmp_path / "key").write_bytes(b"a secret of the tests only")
    store = number_store(tmp_path / "numbers.journal")
    add_range(store, PRODUCT, "XA00000000101", "XA00000000105", AS_OF)
    return NumberSource(store, PRODUCT)


def made(out: Path, source: NumberSource | None, count: int = 3, **more: Any) -> list[str]:
    """The numbers of a batch of some letters."""
    frame = cases(*(case(n, name=NAMES[n % 3]) for n in range(count)))
    make_batch(
        picks(frame), frame, template="lawyer_letter", sender=SENDER, out=out, as_of=AS_OF,
        progress=False, secret=out.parent / "key", numbers_from=source, **more,
    )  # fmt: skip
    return pl.read_parquet(out / "manifest.parquet")["tracking_no"].to_list()


def _full(*_: object) -> None:
    raise OSError("no space left")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_letters_have_the_numbers_of_the_store(tmp_path: Path, source: NumberSource) -> None:
    assert made(tmp_path / "batch", source) == [f"XA0000000010{n}" for n in (1, 2, 3)]
    [line] = range_lines(source.store)
    assert (line.given, line.free, line.next) == (3, 2, "XA00000000104")
    assert remarks(source.store) == []
    assert verify_batch(tmp_path / "batch", progress=False).differences == []


def test_the_same_batch_made_again_has_the_same_numbers(
    tmp_path: Path, source: NumberSource
) -> None:
    made(tmp_path / "batch", source)
    before = source.store.path.read_bytes()
    made(tmp_path / "again", source)
    assert files(tmp_path / "again") == files(tmp_path / "batch")
    assert source.store.path.read_bytes() == before


def test_a_batch_that_failed_keeps_its_numbers_for_the_next_try(
    tmp_path: Path, source: NumberSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, pytest.raises(LetterProblem, match="no space left"):
        broken.setattr("addrfix.flow.letters.write_lists", _full)
        made(tmp_path / "batch", source)
    [open_batch] = remarks(source.store)
    assert "has 3 numbers and was not finished: make it again" in open_batch
    assert made(tmp_path / "other", source, 2) == ["XA00000000104", "XA00000000105"]
    assert made(tmp_path / "batch", source) == [f"XA0000000010{n}" for n in (1, 2, 3)]
    assert remarks(source.store) == [f"{PRODUCT}: used up"]


def test_numbers_that_were_made_void_meanwhile_are_not_printed(
    tmp_path: Path, source: NumberSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, pytest.raises(LetterProblem, match="no space left"):
        broken.setattr("addrfix.flow.letters.write_lists", _full)
        made(tmp_path / "batch", source)
    void_numbers(source.store, "XA00000000102", "XA00000000102", AS_OF)
    assert made(tmp_path / "batch", source) == [f"XA0000000010{n}" for n in (1, 4, 3)]
    assert verify_batch(tmp_path / "batch", progress=False).differences == []


def test_the_number_of_a_letter_that_is_held_at_last_becomes_void(
    tmp_path: Path, source: NumberSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = missing_from

    def lacking(read: Any, facts: LetterFacts, *more: Any, **named: Any) -> str | None:
        return "name" if facts.recipient == NAMES[1] else real(read, facts, *more, **named)

    monkeypatch.setattr("addrfix.flow.letter_drawing.missing_from", lacking)
    assert made(tmp_path / "batch", source) == ["XA00000000101", "XA00000000103"]
    [line] = range_lines(source.store)
    assert (line.given, line.void, line.free) == (2, 1, 2)


def test_too_few_numbers_are_told_before_a_letter_is_drawn(
    tmp_path: Path, source: NumberSource
) -> None:
    before = source.store.path.read_bytes()
    with pytest.raises(BadInput, match=f"1 number of {PRODUCT} is missing: 6 are needed and 5"):
        made(tmp_path / "batch", source, 6)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == []
    assert source.store.path.read_bytes() == before
    with pytest.raises(BadUsage, match="the sender file says product = registered_letter"):
        made(tmp_path / "batch", NumberSource(source.store, "other"))


def test_numbers_of_a_file_are_not_those_of_the_store(
    tmp_path: Path, source: NumberSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADDRFIX_DATA", str(tmp_path))
    (tmp_path / "numbers.txt").write_text("XA00000000103\n", encoding="utf-8")
    with pytest.raises(BadInput, match="1 number of the store, first in line 1: XA00000000103 is"):
        made(tmp_path / "batch", None, 1, numbers=tmp_path / "numbers.txt")
    void_numbers(source.store, "XA00000000103", "XA00000000103", AS_OF)
    found = made(tmp_path / "batch", None, 1, numbers=tmp_path / "numbers.txt")
    assert found == ["XA00000000103"]


def test_the_command_takes_numbers_from_the_store(tmp_path: Path) -> None:
    frame = cases(*(case(n, name=name) for n, name in enumerate(NAMES[:2])))
    write_table(picks(frame), tmp_path / "picks.csv")
    write_table(frame, tmp_path / "cases.csv")
    (tmp_path / "key").write_bytes(b"a secret of the tests only")
    store, day = ["--store", str(tmp_path / "n.journal")], ["--as-of", "2026-07-01"]
    where = [
        str(tmp_path / "picks.csv"), "--cases", str(tmp_path / "cases.csv"), "--template",
        "lawyer_letter", "--sender", str(SENDER), "-o", str(tmp_path / "batch"), "--secret",
        str(tmp_path / "key"), "--quiet", "--numbers-from", PRODUCT, *store, "--made-by", "张三",
    ]  # fmt: skip
    run = CliRunner().invoke
    assert "no numbers yet" in str(run(letters.command, [*where, *day]).exception)
    added = ["add", PRODUCT, "XA00000000107", "XA00000000108", *store, *day]
    assert run(numbers.command, added).exit_code == 0
    assert run(letters.command, [*where, *day]).exit_code == 0
    manifest = pl.read_parquet(tmp_path / "batch" / "manifest.parquet")
    assert manifest["tracking_no"].to_list() == ["XA00000000107", "XA00000000108"]
    facts = json.loads((tmp_path / "batch" / "batch.json").read_text(encoding="utf-8"))
    assert facts["made_by"] == "张三"
    assert f"{PRODUCT}: used up" in run(numbers.command, ["list", *store]).stderr
    both = run(letters.command, [*where, *day, "--numbers", str(tmp_path / "key")])
    assert "--numbers and --numbers-from: give one of the two" in str(both.exception)
