"""A carrier's result file as lines of events: headers to roles, cells to trimmed words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from addrfix.carriers.headings import folded, roles_of, shown_headers
from addrfix.carriers.protocol import best_fit, carriers
from addrfix.carriers.times import read_time
from addrfix.knowledge import words
from addrfix.model.errors import BadInput
from addrfix.model.event import WORD_COLUMNS

ROLES = ("tracking_no", "letter_id", "happened_at", "posted_on", "office", *WORD_COLUMNS)
_IN_NUMBERS = r"[\s\-'‘’`]"


@dataclass(frozen=True, slots=True)
class ResultColumns:
    """What the headers of a result file were recognised as."""

    by_role: Mapping[str, str]
    """Role to header."""
    carrier: str
    """The carrier that the headers point to."""


@dataclass(frozen=True, slots=True)
class ResultLines:
    """The lines of a result file."""

    frame: pl.DataFrame
    """`number` (as compared; `written` as it stands), `happened_at` (Beijing time, null where it
    cannot be read), `carrier`, `office`, `raw_time`, and `raw_<word>` by WORD_COLUMNS."""
    without_number: int
    """Lines that name no letter."""
    without_words: int
    """Lines that say nothing about what happened."""


def recognise_results(
    headers: Sequence[str], *, chosen: Mapping[str, str] | None = None
) -> ResultColumns:
    """Which column of a result file is what; `chosen` (role to header) overrules the words.

    Raises:
        BadUsage: `chosen` names an unknown role or a header that is not there.
        BadInput: no column for the number, the time, or what happened.
    """
    known = _known_headers()
    by_role = roles_of(headers, [(header, role) for header, role, _ in known], ROLES, chosen)
    here = set(map(folded, headers))
    votes = [carrier for header, _, carrier in known if carrier and folded(header) in here]
    _check(by_role, headers)
    return ResultColumns(by_role, best_fit(votes))


def _known_headers() -> list[tuple[str, str, str]]:
    shipped = [(row["header"], row["role"], row["carrier"]) for row in words("result_headers")]
    attached = [
        (header, role, carrier.name)
        for carrier in carriers().values()
        for header, role in carrier.headers.items()
    ]
    return shipped + attached


def _check(by_role: Mapping[str, str], headers: Sequence[str]) -> None:
    needs = (
        ("the tracking number", ("tracking_no", "letter_id")),
        ("the time", ("happened_at",)),
        ("what happened", WORD_COLUMNS),
    )
    missing = [(what, roles[0]) for what, roles in needs if not any(r in by_role for r in roles)]
    if missing:
        raise BadInput(
            f"no column is recognised as {' or '.join(what for what, _ in missing)}; the headers "
            f"are {shown_headers(headers, (header for header, _, _ in _known_headers()))}. "
            "Name one with " + " ".join(f"--column {role}=HEADER" for _, role in missing)
        )


def result_lines(frame: pl.DataFrame, columns: ResultColumns) -> ResultLines:
    """The lines of a file; a date of posting gives a line of its own.

    Lines come in the order of the file; nothing is dropped but what names no letter or says
    nothing, and that is counted.
    """
    cells = _cells(frame, columns)
    posted = cells.filter(pl.col("posted_on").is_not_null()).select(
        "number",
        "written",
        "carrier",
        "office",
        raw_time="posted_on",
        raw_operation=pl.lit("收寄日期"),
    )
    says = pl.any_horizontal(pl.col(f"raw_{word}").is_not_null() for word in WORD_COLUMNS)
    lines = pl.concat([cells.filter(says).drop("posted_on"), posted], how="diagonal")
    named = lines.filter(pl.col("number").is_not_null())
    silent = cells.filter(~says & pl.col("posted_on").is_null()).height
    return ResultLines(_whole_state_once(_timed(named)), lines.height - named.height, silent)


def _cells(frame: pl.DataFrame, columns: ResultColumns) -> pl.DataFrame:
    def cell(role: str) -> pl.Expr:
        header = columns.by_role.get(role)
        if header is None:
            return pl.lit(None, dtype=pl.String)
        whole = pl.col(header)
        if frame.schema[header].is_float():
            # 704.0 and 1.1e12 are what a spreadsheet made of 704 and 1100000000000.
            whole = (
                pl.when(whole == whole.round())
                .then(whole.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(whole.cast(pl.String))
            )
        text = whole.cast(pl.String).str.replace_all(r"[\s\x00]+", " ").str.strip_chars()
        # A spreadsheet writes the code 704 as 704.0.
        text = text.str.replace(r"^(\d+)\.0$", "$1")
        return pl.when(text != "").then(text)

    tidy = [
        cell(role).str.replace_all(_IN_NUMBERS, "").str.to_uppercase()
        for role in ("tracking_no", "letter_id")
    ]
    return frame.select(
        number=pl.coalesce(tidy),
        written=pl.coalesce(cell("tracking_no"), cell("letter_id")),
        carrier=pl.lit(columns.carrier),
        office=cell("office"),
        posted_on=cell("posted_on"),
        raw_time=cell("happened_at"),
        **{f"raw_{word}": cell(word) for word in WORD_COLUMNS},
    )


def _timed(lines: pl.DataFrame) -> pl.DataFrame:
    written = lines["raw_time"].drop_nulls().unique().to_list()
    times = pl.DataFrame(
        {"raw_time": written, "happened_at": [read_time(text) for text in written]},
        schema={"raw_time": pl.String, "happened_at": pl.Datetime("us")},
    )
    return lines.join(times, on="raw_time", how="left", maintain_order="left")


def _whole_state_once(lines: pl.DataFrame) -> pl.DataFrame:
    """Keep a service's state of the whole letter on its latest line only.

    Kuaidi100 and KDNiao repeat it on every line of the trace; read there, a letter would have been
    signed for when it was posted.
    """
    beside = pl.any_horizontal(
        pl.col(f"raw_{word}").is_not_null() for word in ("text", "operation")
    )
    latest = pl.col("happened_at") == pl.col("happened_at").max().over("number")
    once = pl.col("raw_state").n_unique().over("number") == 1
    return lines.with_columns(
        raw_state=pl.when(~(once & beside) | latest.fill_null(False)).then(pl.col("raw_state"))
    )
