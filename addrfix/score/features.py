"""What a case's addresses say about it, as numbers for risk models; one row a case.

Everything is counted on the as-of day from the rows of the file alone. Names, types and units stand
in FEATURES and, with their meaning, in docs/features.md.
"""

from __future__ import annotations

import hashlib
import hmac

import polars as pl

from addrfix.score.distance import LEVELS, with_distances
from addrfix.score.factors import kind
from addrfix.score.place_keys import key_table

HOME_SOURCES = ("residence", "delivery", "contract", "court_confirmed", "credit_report")
"""Sources that tell where the debtor lives; the registers tell where somebody once did."""
_WORK = "workplace"
_DAYS = 365.25

FEATURES: dict[str, str] = {
    "case_id": "text",
    "addresses": "count", "usable": "count", "places": "count", "districts": "count",
    "cities": "count", "provinces": "count", "sources": "count",
    "undated_share": "share 0-1", "newest_days": "days", "oldest_days": "days",
    "home_places": "count", "home_moves": "count", "home_years": "years",
    "home_work_level": LEVELS, "home_id_level": LEVELS, "work_id_level": LEVELS,
    "home_phone_level": LEVELS,
    "home_work_km": "km", "home_id_km": "km", "work_id_km": "km",
    "blocked_share": "share 0-1", "undeliverable_share": "share 0-1",
    "missing_detail_share": "share 0-1",
    "cases_at_door": "count", "cases_at_building": "count", "cases_at_compound": "count",
    "home_kind": "word", "work_kind": "word", "home_rural": "yes or no",
}  # fmt: skip
"""Feature to unit, in the order of the columns."""
TOKENS = ("door_tokens", "building_tokens", "compound_tokens")
"""Columns of `tokens_of`."""
_SHARED = ("door", "building", "compound")
_TOKEN_FORM = "addrfix-place-1"
"""Goes into every token; raised when keys of places change, so that old tokens match no new one."""


def features_of(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per case with the columns of FEATURES, in the order of the cases.

    Takes candidates from `addrfix.score.evidence.prepare`, every case whole.
    """
    rows = rows.with_columns(_places(rows), kind.create().expression())
    rows = rows.filter(_written()).sort("_case", "recorded_on", "source", "_text_key")
    cases = _counts(rows).join(_stability(rows), on="_case", how="left", maintain_order="left")
    ends = _ends(rows)
    cases = with_distances(cases.join(ends, on="_case", how="left", maintain_order="left"))
    for scope, found in _rings(rows).items():
        column = f"cases_at_{scope}"
        cases = cases.join(found.rename({"cases": column}), on="_case", how="left")
    return cases.sort("_first").rename({"_case": "case_id"}).select(*FEATURES)


def tokens_of(rows: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """One row per case: `case_id` and TOKENS, each a sorted list of 64 hexadecimal digits.

    A token is HMAC-SHA-256 under the key over a place in one form: equal wherever the place is
    equal, and silent without the key. A place with a name and a number has two.

    Takes candidates from `addrfix.score.evidence.prepare`.
    """
    keys = key_table(rows).filter(pl.col("scope").is_in(_SHARED))
    distinct = keys.select("scope", "key").unique()
    made = distinct.with_columns(
        pl.Series("token", [_token(key, *cells) for cells in distinct.iter_rows()], pl.String)
    )
    cases = rows.with_row_index("at").select("at", "_case")
    long = keys.join(made, on=["scope", "key"]).join(cases, on="at")
    out = cases.select("_case").unique(maintain_order=True)
    for scope, column in zip(_SHARED, TOKENS, strict=True):
        mine = long.filter(pl.col("scope") == scope).group_by("_case")
        lists = mine.agg(pl.col("token").unique().sort().alias(column))
        out = out.join(lists, on="_case", how="left", maintain_order="left")
    return out.rename({"_case": "case_id"})


def _token(key: bytes, scope: str, place: str) -> str:
    message = f"{_TOKEN_FORM}|{scope}|{place}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _written() -> pl.Expr:
    """Rows with an address; of a case without any, its first row stays."""
    has = pl.coalesce("address", "standardized").is_not_null()
    return has | (~has.any().over("_case") & (pl.int_range(pl.len()).over("_case") == 0))


def _places(rows: pl.DataFrame) -> pl.Series:
    """A number for each row's place within its case: rows that share a key are at one place.

    What only names a division is a place by its text.
    """
    fine = key_table(rows).filter(pl.col("scope").is_in(["compound", "building", "group"]))
    cases = rows.with_row_index("at").select("at", "_case", "_text_key", label="at")
    texts = cases.select("at", scope=pl.lit("text"), key="_text_key").drop_nulls()
    links = pl.concat([fine.select("at", "scope", "key"), texts]).join(cases, on="at")
    # A place that is named in one row and numbered in another needs a second round.
    for _ in range(3):
        links = links.with_columns(pl.col("label").min().over("_case", "scope", "key"))
        links = links.with_columns(pl.col("label").min().over("at"))
    found = links.group_by("at").agg(pl.col("label").first().alias("_place"))
    joined = cases.select("at").join(found, on="at", how="left", maintain_order="left")
    return joined["_place"]


def _counts(rows: pl.DataFrame) -> pl.DataFrame:
    has = pl.coalesce("address", "standardized").is_not_null()
    verdict = pl.col("verdict")
    dead = verdict.is_in(["blocked", "undeliverable"])

    def distinct(digits: int) -> pl.Expr:
        code = pl.col("division_code")
        named = code.str.slice(0, digits)
        whole = (named.str.len_chars() == digits) & ~(named.str.ends_with("00") & (digits > 2))
        return named.filter(whole).n_unique()

    def share(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(False).filter(has).mean()

    return rows.group_by("_case", maintain_order=True).agg(
        pl.col("_position").min().alias("_first"),
        has.sum().alias("addresses"),
        (has & ~dead.fill_null(False)).sum().alias("usable"),
        pl.col("_place").filter(has).n_unique().alias("places"),
        distinct(6).alias("districts"),
        distinct(4).alias("cities"),
        distinct(2).alias("provinces"),
        pl.col("source").filter(has).n_unique().alias("sources"),
        share(pl.col("recorded_on").is_null()).alias("undated_share"),
        pl.col("_age_days").filter(has).min().alias("newest_days"),
        pl.col("_age_days").filter(has).max().alias("oldest_days"),
        share(verdict == "blocked").alias("blocked_share"),
        share(verdict == "undeliverable").alias("undeliverable_share"),
        share(verdict == "missing_detail").alias("missing_detail_share"),
    )


def _homes(rows: pl.DataFrame) -> pl.DataFrame:
    dead = pl.col("verdict").is_in(["blocked", "undeliverable"]).fill_null(False)
    return rows.filter(pl.col("source").is_in(HOME_SOURCES), ~dead)


def _stability(rows: pl.DataFrame) -> pl.DataFrame:
    """Places of the home over time; rows are sorted by date within their case."""
    dated = _homes(rows).filter(pl.col("recorded_on").is_not_null())
    place = pl.col("_place")
    newest = place == place.last().over("_case")
    since = (pl.col("recorded_on").max() - pl.col("recorded_on").min()).dt.total_days() / _DAYS
    moves = dated.group_by("_case").agg(
        place.n_unique().alias("home_places"),
        (place.rle_id().last()).alias("home_moves"),
    )
    years = dated.filter(newest).group_by("_case").agg(since.round(2).alias("home_years"))
    return moves.join(years, on="_case", how="left")


def _ends(rows: pl.DataFrame) -> pl.DataFrame:
    """Where the case lives, works, was registered and has its phone, and the kinds of places."""
    placed = pl.col("_district").is_not_null()
    rural = pl.col("_k_village").is_not_null() & ~pl.col("_k_village").str.ends_with("社区")
    home = (
        _homes(rows)
        .group_by("_case")
        .agg(
            pl.col("_district").filter(placed).last().alias("_home"),
            pl.col("kind").last().alias("home_kind"),
            rural.last().alias("home_rural"),
        )
    )
    dead = pl.col("verdict").is_in(["blocked", "undeliverable"]).fill_null(False)
    work = (
        rows.filter(pl.col("source") == _WORK, ~dead)
        .group_by("_case")
        .agg(
            pl.col("_district").filter(placed).last().alias("_work"),
            pl.col("kind").last().alias("work_kind"),
        )
    )
    own = rows.group_by("_case").agg(
        pl.col("_id_prefix").drop_nulls().min(),
        pl.col("_phone_homes").list.first().drop_nulls().min().alias("_phone"),
    )
    return own.join(home, on="_case", how="left").join(work, on="_case", how="left")


def _rings(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """For each width the most cases of the file that one of a case's places has: `_case`, `cases`.

    The case itself counts; null where none of its addresses names so narrow a place.
    """
    keys = key_table(rows).join(rows.with_row_index("at").select("at", "_case"), on="at")
    found = {}
    for scope in _SHARED:
        at = keys.filter(pl.col("scope") == scope).select("key", "_case").unique()
        at = at.with_columns(pl.len().over("key").alias("cases"))
        found[scope] = at.group_by("_case").agg(pl.col("cases").max())
    return found
