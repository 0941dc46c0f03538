"""Numbers that come back from the carrier, bound to the letters of a batch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.carriers.binding_files import (
    BindingLine,
    binding_lines,
    named_by,
    recognise_bindings,
)
from addrfix.carriers.tracking_number import NumberFault, fault_of
from addrfix.dispatch.folder import MANIFEST
from addrfix.dispatch.number_store import NumberStore
from addrfix.dispatch.records import (
    BINDING_SCHEMA,
    BINDINGS,
    current_numbers,
)
from addrfix.files import read_table
from addrfix.flow.batch_folder import read_batch_table, write_parquet
from addrfix.flow.batch_lock import alone
from addrfix.flow.batch_records import cancellations
from addrfix.flow.numbers import objections
from addrfix.model.errors import BadInput
from addrfix.text.counting import counted

_SHOWN = 20
_KEYS = ("recipient", "standardized", "postcode", "letter_no", "print_file", "start_page")


@dataclass(frozen=True, slots=True)
class BindOptions:
    """How a file of numbers is to be read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Role to header, over the recognised headers."""
    encoding: str | None = None
    sheet: str | None = None
    replace: bool = False
    """A letter that has another number gets the new one: its label was spoiled."""
    store: NumberStore | None = None
    """Numbers that it gave, or will give, to other letters are refused."""


@dataclass(slots=True)
class Bound:
    """What a run of `bind` did."""

    lines: int = 0
    """Lines with a number."""
    new: int = 0
    """Letters that got a number."""
    replaced: int = 0
    """Of them, those that had another one."""
    missing: int = 0
    """Letters of the batch that have none now, without the cancelled ones."""
    notes: list[str] = field(default_factory=list)


def bind(batch: Path, source: Path, options: BindOptions, on: date) -> Bound:
    """Bind the numbers of a file; all of it or, where a line is at fault, nothing.

    The same file again changes nothing.

    Raises:
        BadInput: the file is no table, lacks a column, or has lines at fault; tells the first ones
            by their number.
        BatchProblem: the folder is no batch, or another run is at work on it.
    """
    table = read_table(source, encoding=options.encoding, sheet=options.sheet)
    columns = recognise_bindings(table.frame.columns, chosen=options.columns)
    lines, without = binding_lines(table.frame, columns)
    done = Bound(lines=len(lines), notes=list(table.notes))
    if without:
        done.notes.append(f"{counted(without, 'line')} without a number left out")
    manifest = read_batch_table(batch / MANIFEST, "letter_id", "tracking_no", *_KEYS)
    with alone(batch):
        old = bound_rows(batch)
        pairs, faults = _Letters(manifest).named(lines)
        faults += _number_faults(lines, manifest, options.store)
        faults += _conflicts(pairs, manifest, old, options.replace)
        if faults:
            raise BadInput(_told(source, faults))
        fresh = _fresh(pairs, manifest, old)
        done.new, done.replaced = len(fresh), _replaced(fresh, manifest, old)
        rows = [(letter, number, on) for letter, number in fresh]
        table_of_all = pl.concat([old, pl.DataFrame(rows, schema=BINDING_SCHEMA, orient="row")])
        if fresh:
            write_parquet(table_of_all, batch / BINDINGS)
    gone = cancellations(batch)["letter_id"].to_list()
    going = current_numbers(manifest, table_of_all).filter(~pl.col("letter_id").is_in(gone))
    done.missing = going["tracking_no"].null_count()
    done.notes += _remarks(lines, fresh, gone)
    return done


def bound_rows(batch: Path) -> pl.DataFrame:
    """The bindings of a batch, in the order of binding; empty where there are none."""
    path = batch / BINDINGS
    if not path.is_file():
        return pl.DataFrame(schema=BINDING_SCHEMA)
    rows = read_batch_table(path, "letter_id", "tracking_no")
    if "bound_on" not in rows.columns:
        rows = rows.with_columns(bound_on=pl.lit(None, dtype=pl.Date))
    return rows.select(pl.col(name).cast(kind) for name, kind in BINDING_SCHEMA.items())


class _Letters:
    """Finds the letter that a line names."""

    def __init__(self, manifest: pl.DataFrame) -> None:
        self._rows: list[dict[str, Any]] = manifest.to_dicts()
        keys: dict[str, Callable[[Mapping[str, Any]], str]] = {
            "letter_id": lambda row: _plain(row["letter_id"]),
            "letter_no": lambda row: _plain(row["letter_no"]),
            "print_file": lambda row: f"{_file(row['print_file'])}:{row['start_page']}",
            "recipient": lambda row: _plain(row["recipient"]),
        }
        self._by: dict[str, dict[str, list[int]]] = {key: {} for key in keys}
        for place, row in enumerate(self._rows):
            for key, of in keys.items():
                self._by[key].setdefault(of(row), []).append(place)

    def named(
        self, lines: Sequence[BindingLine]
    ) -> tuple[list[tuple[int, str, str]], list[tuple[int, str]]]:
        """Line, letter and number of the lines that name a letter, and what is at fault."""
        pairs: list[tuple[int, str, str]] = []
        faults: list[tuple[int, str]] = []
        for line in lines:
            places = self._places(line.cells)
            if len(places) == 1:
                pairs.append((line.line, self._rows[places[0]]["letter_id"], line.number))
            elif not places:
                faults.append((line.line, "names no letter of this batch"))
            else:
                faults.append((line.line, f"fits {len(places)} letters; name it by letter_id"))
        return pairs, faults

    def _places(self, cells: Mapping[str, str]) -> list[int]:
        """The letters that a line may mean; what else it says of the letter must agree."""
        roles = named_by(cells)
        if not roles:
            return []
        if roles == ("position",):
            at = _whole(cells["position"])
            places = [at - 1] if at is not None and 1 <= at <= len(self._rows) else []
        elif roles == ("print_file", "start_page"):
            page = _whole(cells["start_page"])
            places = self._by["print_file"].get(f"{_file(cells['print_file'])}:{page}", [])
        else:
            places = self._by[roles[0]].get(_plain(cells[roles[0]]), [])
        return [place for place in places if self._agrees(self._rows[place], cells)]

    def _agrees(self, row: Mapping[str, Any], cells: Mapping[str, str]) -> bool:
        pairs = (("recipient", "recipient"), ("address", "standardized"), ("postcode", "postcode"))
        return all(
            _alike(cells[role], row[column] or "") for role, column in pairs if role in cells
        )


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).upper()


def _alike(written: str, ours: str) -> bool:
    """The same text; `*` in the file stands for what the carrier hides."""
    parts = [re.escape(part) for part in re.split(r"\*+", _plain(written))]
    return re.fullmatch(".+".join(parts), _plain(ours)) is not None


def _file(name: str) -> str:
    """`print/0001.pdf`, `0001` and `1` are one file."""
    stem = re.split(r"[\\/]", _plain(name))[-1].removesuffix(".PDF")
    return stem.lstrip("0") or stem


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", _plain(text)) else None


def _number_faults(
    lines: Sequence[BindingLine], manifest: pl.DataFrame, store: NumberStore | None
) -> list[tuple[int, str]]:
    faults: list[tuple[int, str]] = []
    ours = frozenset(manifest["letter_id"])
    refused = objections(store, (line.number for line in lines), ours) if store else {}
    for line in lines:
        if not re.fullmatch(r"[0-9A-Z]{8,30}", line.number):
            faults.append((line.line, "has no tracking number where one should be"))
        elif fault_of(line.number) is NumberFault.CHECK_DIGIT:
            faults.append((line.line, f"{line.number} has a wrong check digit"))
        elif line.number in refused:
            faults.append((line.line, f"{line.number} {refused[line.number]}"))
    return faults


def _conflicts(
    pairs: Sequence[tuple[int, str, str]], manifest: pl.DataFrame, old: pl.DataFrame, replace: bool
) -> list[tuple[int, str]]:
    """Numbers that another letter has, and letters that have another number."""
    owners = {
        number: letter
        for letter, number in [
            *manifest.select("letter_id", "tracking_no").drop_nulls().iter_rows(),
            *old.select("letter_id", "tracking_no").iter_rows(),
        ]
    }
    now = dict(current_numbers(manifest, old).iter_rows())
    here: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for line, letter, number in pairs:
        owner = owners.setdefault(number, letter)
        if owner != letter:
            faults.append((line, f"{number} is the number of letter {owner}"))
        elif here.setdefault(letter, number) != number:
            faults.append((line, f"letter {letter} has {here[letter]} in a line before"))
        elif now[letter] not in (None, number) and not replace:
            faults.append(
                (line, f"letter {letter} has {now[letter]} (--replace, if that label was spoiled)")
            )
    return faults


def _fresh(
    pairs: Sequence[tuple[int, str, str]], manifest: pl.DataFrame, old: pl.DataFrame
) -> list[tuple[str, str]]:
    """Letters with their new numbers, in manifest order."""
    now = dict(current_numbers(manifest, old).iter_rows())
    wanted = {letter: number for _, letter, number in pairs}
    return [
        (letter, wanted[letter])
        for letter in manifest["letter_id"]
        if letter in wanted and now[letter] != wanted[letter]
    ]


def _replaced(fresh: Sequence[tuple[str, str]], manifest: pl.DataFrame, old: pl.DataFrame) -> int:
    now = dict(current_numbers(manifest, old).iter_rows())
    return sum(now[letter] is not None for letter, _ in fresh)


def _told(source: Path, faults: Sequence[tuple[int, str]]) -> str:
    listed = [f"  line {line}: {what}" for line, what in sorted(faults)[:_SHOWN]]
    if len(faults) > _SHOWN:
        listed.append(f"  and {len(faults) - _SHOWN} more")
    return "\n".join(
        [f"{source.name}: {counted(len(faults), 'fault')}, nothing was bound:", *listed]
    )


def _remarks(
    lines: Sequence[BindingLine], fresh: Sequence[tuple[str, str]], gone: Sequence[str]
) -> list[str]:
    said: list[str] = []
    for fault, what in (
        (NumberFault.UNKNOWN_FORMAT, "of a form that no known carrier uses"),
        (NumberFault.DOUBTFUL_CHECK_DIGIT, "with a check digit that looks wrong"),
    ):
        doubtful = [line.line for line in lines if fault_of(line.number) is fault]
        if doubtful:
            said.append(f"{counted(len(doubtful), 'number')} {what} (first in line {doubtful[0]})")
    if (
        lines
        and all(named_by(line.cells) == ("position",) for line in lines)
        and not any({"recipient", "address"} & line.cells.keys() for line in lines)
    ):
        said.append("letters are named by their place alone: compare a few with the envelopes")
    bound = [letter for letter, _ in fresh if letter in gone]
    if bound:
        said.append(f"{counted(len(bound), 'cancelled letter')} got a number, {bound[0]} first")
    return said
