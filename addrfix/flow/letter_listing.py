"""What a batch folder says about its letters: manifest, held cases, checks, hashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from addrfix import __version__
from addrfix.dispatch import folder as places
from addrfix.dispatch.ids import batch_id, batch_secret, case_id_hash
from addrfix.dispatch.making import Making
from addrfix.dispatch.manifest import SCHEMA, write_parquet
from addrfix.files import TableWriter, write_table
from addrfix.flow.documents import document_rows
from addrfix.flow.letter_drawing import Share, read_share
from addrfix.flow.letter_plan import Batch, Plan, applied_rules
from addrfix.letters.signing import FIELD, Signing

# Columns of the picks that the manifest or nobody needs beside a letter.
_NOT_PRIVATE = ("decision", "fact_contradict", "fact_case_id", "fact_opt_out", "fact_total")
# What a share's record says of a letter.
_DRAWN: dict[str, Any] = {
    "letter_id": pl.String,
    "pages": pl.Int32,
    "own_pages": pl.Int32,
    "sha256": pl.String,
    "print_file": pl.String,
    "start_page": pl.Int32,
    "end_page": pl.Int32,
}


def write_lists(
    batch: Batch, plan: Plan, shares: Sequence[range], making: Making, user_secret: bytes
) -> dict[str, Any]:
    """Write every table of a batch and, last, `batch.json`; gives the content of the latter.

    Args:
        batch: what stays the same.
        plan: what was accepted and held.
        shares: places in `plan.accepted` of the letters of each print file.
        making: where the letters lie, and the records of what was drawn.
        user_secret: what keys case ids.

    What grows with the number of letters is written share by share; the manifest alone is held.
    """
    inside = making.batch
    secret = batch_secret(user_secret, batch_id(plan.code, batch.created_on))
    manifest = _write_shares(batch, plan, shares, making, secret)
    letters = map(places.letter_file, manifest["letter_id"])
    making.keep_only((*letters, *manifest["print_file"].unique()))
    write_parquet(manifest, inside / places.MANIFEST)
    for copy in places.MANIFEST_COPIES:
        write_table(manifest, inside / copy)
    write_table(_held(plan), inside / places.HELD)
    (inside / places.SECRET).write_bytes(secret.hex().encode("ascii") + b"\n")
    hidden = places.hashes_of(inside, places.PRIVATE_FILES)
    places.write_json(inside / places.PRIVATE_HASHES, dict(hidden))
    sealed = places.sealed_facts(_facts(batch, plan, manifest, inside))
    places.write_json(inside / places.BATCH, sealed)
    return sealed


def _write_shares(
    batch: Batch, plan: Plan, shares: Sequence[range], making: Making, secret: bytes
) -> pl.DataFrame:
    """Write the tables of checks and picks; gives the manifest."""
    rows: list[pl.DataFrame] = []
    behind: list[pl.DataFrame] = []
    findings = _findings(plan)
    checks = TableWriter(making.batch / places.CHECKS)
    picks = TableWriter(making.batch / places.PICKS)
    with checks, picks:
        # A batch of no letters has its tables too.
        for number, share in enumerate(shares or [range(0)], start=1):
            letters = _letters(batch, plan, share, read_share(making, number))
            rows.append(_manifest(batch, letters, secret))
            checks.write(_checks(batch, findings, letters["letter_id"]))
            picks.write(_private(letters))
            if batch.documents:
                behind.append(document_rows(letters))
    if batch.documents:
        write_parquet(pl.concat(behind), making.batch / places.DOCUMENTS)
    return pl.concat(rows)


def _facts(batch: Batch, plan: Plan, manifest: pl.DataFrame, inside: Path) -> dict[str, Any]:
    """What `batch.json` says; every other file is written already."""
    print_files = manifest["print_file"].unique(maintain_order=True).to_list()
    pages = int(manifest["pages"].sum())
    return {
        "format": places.FORMAT,
        "batch_id": batch_id(plan.code, batch.created_on),
        "as_of": batch.created_on.isoformat(),
        "addrfix": __version__,
        "template": {
            "name": batch.template.name,
            "kind": batch.template.kind,
            "version": batch.template.version,
            "sha256": batch.template.sha256,
            "amounts": batch.template.states_amounts,
        },
        "fonts": {
            path.name: places.file_sha256(path)
            for path in (*batch.template.fonts, *batch.sender.larger_fonts)
        },
        "rules_sha256": batch.compliance.book.sha256,
        "approval": asdict(batch.compliance.approval),
        "firm": batch.sender.firm_name,
        "sender_sha256": batch.sender.sha256,
        "specimen": batch.sender.specimen,
        **({"made_by": batch.made_by} if batch.made_by else {}),
        **({"signature": _signature(batch.signing)} if batch.signing else {}),
        "watermark": _watermark(batch),
        "barcode_mm": batch.template.barcode_mm,
        "qr_mm": batch.template.qr_mm,
        "counts": {
            "letters": manifest.height,
            "held": len(plan.held),
            "print_files": len(print_files),
        },
        "held_by_reason": held_by_reason(plan),
        "totals": {"pages": pages, "sheets": int(manifest["sheets"].sum())},
        "files": places.hashes_of(inside, (*_fixed_files(batch), *print_files)),
        "letters_sha256": places.chained(manifest["sha256"]),
        "private_sha256": places.file_sha256(inside / places.PRIVATE_HASHES),
    }


def _fixed_files(batch: Batch) -> tuple[str, ...]:
    """The files beside letters, print files and `batch.json`."""
    return (*places.FIXED_FILES, *([places.DOCUMENTS] if batch.documents else []))


def held_by_reason(plan: Plan) -> dict[str, int]:
    """Cases held by their first reason, most frequent first, without the field or character."""
    counts = Counter(held.reasons[0].split(":U+")[0] for held in plan.held)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _signature(signing: Signing) -> dict[str, str]:
    return {"field": FIELD, "certificate_sha256": signing.certificate_sha256}


def _watermark(batch: Batch) -> str | None:
    return batch.template.texts["watermark"][0].words if batch.sender.specimen else None


def _letters(batch: Batch, plan: Plan, share: range, record: Share | None) -> pl.DataFrame:
    """The printed rows of a share with their ids and files, in the order of their numbers."""
    names = {name: pl.String for name in ("letter_id", "letter_no", "tracking_no")}
    ids = pl.DataFrame([batch.ids(plan.code, place) for place in share], schema=names)
    rows = batch.material.rows[plan.accepted[share.start : share.stop]]
    drawn = pl.DataFrame([asdict(letter) for letter in record.drawn] if record else [], _DRAWN)
    whole = pl.concat([ids, rows], how="horizontal")
    return whole.join(drawn, on="letter_id", how="inner", maintain_order="left")


def _manifest(batch: Batch, letters: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    hashes = [case_id_hash(secret, case) for case in letters["case_id"]]
    return letters.select(
        # More places than spreadsheets keep would make the copies differ.
        pl.col("p_signed").round(6),
        pl.Series("case_id_hash", hashes, dtype=pl.String),
        pl.lit(batch.template.name).alias("template"),
        pl.lit(batch.sender.carrier).alias("carrier"),
        pl.lit(batch.sender.product).alias("product"),
        ((pl.col("pages") + 1) // 2).alias("sheets"),
        pl.lit(batch.created_on).alias("created_on"),
        *(
            "letter_id", "recipient", "standardized", "postcode", "letter_no", "tracking_no",
            "pages", "sha256", "print_file", "start_page", "end_page",
        ),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())  # fmt: skip


def _held(plan: Plan) -> pl.DataFrame:
    return pl.DataFrame(
        [(held.case_id, held.row, held.reasons[0], list(held.reasons)) for held in plan.held],
        schema={
            "case_id": pl.String,
            "row": pl.Int64,
            "reason": pl.String,
            "reasons": pl.List(pl.String),
        },
        orient="row",
    )


def _findings(plan: Plan) -> pl.DataFrame:
    """The rules that only warn or inform, by letter."""
    return pl.DataFrame(
        [(name, finding.rule, finding.note, finding.text) for name, finding in plan.findings],
        schema=dict.fromkeys(("letter_id", "rule", "note", "text"), pl.String),
        orient="row",
    )


def _checks(batch: Batch, findings: pl.DataFrame, letter_ids: pl.Series) -> pl.DataFrame:
    """One row per printed letter and rule.

    `note` and `text` tell what a finding is about: the reason, and words of the letter as they are
    printed. A letter that breaks a rule that blocks is not printed and not here.
    """
    book = batch.compliance.book
    applied = [(name, book[name].severity) for name in applied_rules(batch)]
    table = pl.DataFrame(applied, schema={"rule": pl.String, "severity": pl.String}, orient="row")
    whole = letter_ids.to_frame().join(table, how="cross", maintain_order="left_right")
    joined = whole.join(findings, on=["letter_id", "rule"], how="left", maintain_order="left")
    passed = pl.col("note").is_null()
    return joined.select("letter_id", "rule", "severity", passed.alias("passed"), "note", "text")


def _private(letters: pl.DataFrame) -> pl.DataFrame:
    """Picks and facts of the printed cases, for learning, tracking and verifying."""
    facts = {name: name.removeprefix("fact_") for name in letters.columns if name[:5] == "fact_"}
    kept = letters.drop(*_NOT_PRIVATE, *(name for name in _DRAWN if name != "letter_id"))
    return kept.rename(
        {old: new for old, new in facts.items() if old in kept.columns and new not in kept.columns},
    ).drop([name for name in kept.columns if name[:5] == "fact_" and facts[name] in kept.columns])
