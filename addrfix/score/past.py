"""What earlier letters say about a debtor and about a place, on the day a letter is thought of.

Only what was known by that day counts: results of later days are left out, so a history that is
learnt from never sees its own future.
"""

from __future__ import annotations

import polars as pl

from addrfix.score.blacklist import hits, learned
from addrfix.score.evidence import DOOR_KEYS, KEYS
from addrfix.score.knowledge import settings

HERE = ("signed", "refused", "gone", "incomplete", "absent", "unclaimed", "returned")
CAME_BACK = ("gone", "incomplete", "absent", "returned")
"""What a letter that came back said; the address is not tried again. A refusal or a letter that
nobody collected came back too, but from an address that holds."""

_WIDTHS = ("town", "village", "compound", "building", "door")
_NOTHING = {
    "_here": pl.String(), "_elsewhere": pl.String(), "_last_letter": pl.Date(),
    "_reported": pl.String(), "_place_lift": pl.Float64(), "_place_gone": pl.Boolean(),
    "_gone_by": pl.String(),
}  # fmt: skip


def with_past(rows: pl.DataFrame, letters: pl.DataFrame | None, *, same_day: bool) -> pl.DataFrame:
    """The prepared candidates with what earlier letters showed.

    Args:
        rows: candidates from `prepare`.
        letters: earlier letters, prepared the same way and judged (`addrfix.score.results`), with
            `posted_on` and `result_on`; None where there are none.
        same_day: whether a result of the very day counts (choosing: yes; learning: no).

    Adds `_here` (one of HERE: the latest letter of this debtor to this address), `_elsewhere`
    (signed or gone: any other address of the debtor), `_last_letter` (day of posting, result or
    none), `_reported` (DECEASED where a return says so), `_place_lift` (log-odds against the usual
    of letters to this place), `_place_gone` and `_gone_by` (the letter that says so). Null where
    nothing is known.
    """
    if letters is None or letters.is_empty():
        return rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in _NOTHING.items())
    letters = with_findings(letters)
    gone = hits(rows, learned(letters), pl.col("_asked_on"), same_day=same_day)
    rows = rows.with_columns(gone.alias("_gone_by"), gone.is_not_null().alias("_place_gone"))
    rows = rows.with_row_index("_candidate")
    rows = rows.join(_of_debtor(rows, letters, same_day), on="_candidate", how="left")
    rows = rows.join(_of_place(rows, letters, same_day), on="_candidate", how="left")
    return rows.sort("_candidate").drop("_candidate")


def with_findings(letters: pl.DataFrame) -> pl.DataFrame:
    """Judged letters with what they showed (`_what`), since when that is known, and a name."""
    name = pl.col("_letter_name") if "_letter_name" in letters.columns else pl.lit("a letter")
    return letters.with_columns(
        what().alias("_what"),
        pl.coalesce("result_on", "posted_on").alias("_known_on"),
        name.alias("_letter_name"),
    )


def what() -> pl.Expr:
    """One word for what a judged letter showed about its debtor and address; null: nothing."""
    effect, outcome = pl.col("_effect"), pl.col("_outcome")
    return (
        pl.when(outcome == "signed")
        .then(pl.lit("signed"))
        # No result yet, or one in words that nobody knows, shows nothing either.
        .when(outcome.ne_missing("returned"))
        .then(None)
        .when(effect == "exclude")
        .then(None)
        .when(effect == "valid")
        .then(pl.lit("refused"))
        .when(effect == "weak_valid")
        .then(pl.lit("unclaimed"))
        .when(effect == "hard")
        .then(pl.lit("gone"))
        .when((effect == "soft") & (pl.col("_fault") == "address"))
        .then(pl.lit("incomplete"))
        .when(effect == "soft")
        .then(pl.lit("absent"))
        .otherwise(pl.lit("returned"))
    )


def _before(same_day: bool) -> pl.Expr:
    known, asked = pl.col("_known_on"), pl.col("_asked_on")
    return known <= asked if same_day else known < asked


def _of_debtor(rows: pl.DataFrame, letters: pl.DataFrame, same_day: bool) -> pl.DataFrame:
    """One row per candidate that has earlier letters to its debtor."""
    keys = ["_text_key", *DOOR_KEYS, *KEYS["compound"], "_group_key", "_k_building"]
    mine = rows.select("_candidate", "_asked_on", "_person", "case_id", *keys)
    theirs = letters.with_row_index("_letter").select(
        "_letter", "_person", "case_id", "_what", "_reason", "_known_on", "posted_on",
        *(pl.col(key).alias(f"{key}_then") for key in keys),
    )  # fmt: skip
    # A batch folder may know the case only, a history file the person too: either will do. A row
    # without both is nobody's: its number says nothing outside of its file.
    found = [mine.join(theirs, on=on) for on in ("_person", "case_id")]
    wanted = [name for name in found[0].columns if not name.startswith(("_person", "case_id"))]
    pairs = pl.concat([pair.select(wanted) for pair in found]).unique(["_candidate", "_letter"])
    pairs = pairs.filter(
        pl.col("posted_on") <= pl.col("_asked_on")
        if same_day
        else pl.col("posted_on") < pl.col("_asked_on")
    )
    known = _before(same_day)
    here = known & _same_address()
    latest = pl.col("_what").sort_by("_known_on", "_letter")
    return pairs.group_by("_candidate").agg(
        latest.filter(here.sort_by("_known_on", "_letter")).drop_nulls().last().alias("_here"),
        pl.when((known & ~here & (pl.col("_what") == "signed")).any())
        .then(pl.lit("signed"))
        .when((known & ~here & (pl.col("_what") == "gone")).any())
        .then(pl.lit("gone"))
        .alias("_elsewhere"),
        pl.col("posted_on").max().alias("_last_letter"),
        pl.col("_reason")
        .filter(known & (pl.col("_reason") == "DECEASED"))
        .first()
        .alias("_reported"),
    )


def _same_address() -> pl.Expr:
    """Whether candidate and letter are one address.

    Of two texts about one compound or group, one without a door counts as the same, unless it names
    another building.
    """

    def shared(*keys: str) -> pl.Expr:
        equal = [(pl.col(key) == pl.col(f"{key}_then")).fill_null(False) for key in keys]
        return pl.any_horizontal(equal)

    vague = pl.all_horizontal(pl.col(key).is_null() for key in DOOR_KEYS)
    beside = (pl.col("_k_building") != pl.col("_k_building_then")).fill_null(False)
    within = vague & ~beside & shared(*KEYS["compound"], "_group_key")
    return shared("_text_key", *DOOR_KEYS) | within


def _of_place(rows: pl.DataFrame, letters: pl.DataFrame, same_day: bool) -> pl.DataFrame:
    """One row per candidate: `_place_lift`."""
    limits = settings()["history"]
    arrived = pl.col("_what").is_in(["signed", "refused"])
    lost = (pl.col("_effect") == "hard") & (pl.col("_scope") == "place")
    events = (
        letters.filter(pl.col("_known_on").is_not_null())
        .with_columns(
            # Not collected: half a sign that the place holds. What speaks about one debtor only is
            # left out.
            pl.when(arrived)
            .then(1.0)
            .when(pl.col("_what") == "unclaimed")
            .then(0.5)
            .when(lost)
            .then(0.0)
            .alias("_reached"),
        )
        .filter(pl.col("_reached").is_not_null())
    )
    events = events.with_columns(_place_key(width).alias(f"_at_{width}") for width in _WIDTHS)
    asked = rows.select(
        "_candidate", "_asked_on", *(_place_key(width).alias(f"_at_{width}") for width in _WIDTHS)
    )
    asked = asked.sort("_asked_on", "_candidate").with_columns(pl.lit("").alias("_at_all"))
    for width in ("all", *_WIDTHS):
        asked = _counted(asked, events.with_columns(pl.lit("").alias("_at_all")), width, same_day)
    share = (pl.col("_reached_all") + 0.5) / (pl.col("_letters_all") + 1)
    usual = share
    for width in _WIDTHS:
        k = float(limits[width])
        share = (pl.col(f"_reached_{width}") + k * share) / (pl.col(f"_letters_{width}") + k)
    some = pl.sum_horizontal(pl.col(f"_letters_{width}") for width in _WIDTHS) > 0
    return asked.select(
        "_candidate",
        pl.when(some).then(_odds(share) - _odds(usual)).alias("_place_lift"),
    )


def _odds(share: pl.Expr) -> pl.Expr:
    """Log-odds; near 0 and 1 a few letters would move them far, so beyond 5 and 95 % all is one."""
    within = share.clip(0.05, 0.95)
    return (within / (1 - within)).log()


def _place_key(width: str) -> pl.Expr:
    return pl.coalesce(KEYS[width])


def _counted(asked: pl.DataFrame, events: pl.DataFrame, width: str, same_day: bool) -> pl.DataFrame:
    """Letters, and letters that reached it, known by each candidate's day."""
    key = f"_at_{width}"
    totals = (
        events.filter(pl.col(key).is_not_null())
        .group_by(key, "_known_on")
        .agg(
            pl.len().cast(pl.Float64).alias(f"_letters_{width}"),
            pl.col("_reached").sum().alias(f"_reached_{width}"),
        )
        .sort("_known_on", key)
    )
    sums = [f"_{name}_{width}" for name in ("letters", "reached")]
    totals = totals.with_columns(pl.col(name).cum_sum().over(key) for name in sums)
    return asked.join_asof(
        totals,
        left_on="_asked_on",
        right_on="_known_on",
        by=key,
        strategy="backward",
        allow_exact_matches=same_day,
        check_sortedness=False,
    ).select(*asked.columns, *(pl.col(name).fill_null(0.0) for name in sums))
