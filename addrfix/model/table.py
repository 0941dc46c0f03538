"""The columns of the tables that pass between stages and of those that users see.

In a batch a noun is a set of columns; this is where their names stand, once. Canonical columns
are what input headers are recognised as; clean columns are what reading an address adds.
"""

from __future__ import annotations

# What input headers are recognised as (`gazetteer/words/headers.tsv` maps words to these).
CASE_COLUMNS = (
    "case_id", "name", "id_no", "phone", "principal", "interest", "fees", "total", "loan_date",
    "due_date", "contract_no", "guarantor", "case_status", "opt_out",
)  # fmt: skip
ADDRESS_COLUMNS = ("address", "source", "recorded_on")
HISTORY_COLUMNS = ("posted_on", "result", "return_reason", "result_on", "tracking_no")
CANONICAL_COLUMNS = CASE_COLUMNS + ADDRESS_COLUMNS + HISTORY_COLUMNS

# What `clean` adds, in this order. Lists are list columns in memory and `|`-joined in CSV.
CLEAN_COLUMNS = (
    "province", "city", "district", "town", "village", "division_code",
    "devzone", "road", "road_number", "poi", "subpoi", "building", "unit", "floor", "room", "group",
    "detail", "unread", "postcode", "text_recipient", "text_phone", "standardized", "granularity",
    "verdict", "confidence", "inferred", "replaced", "issues",
)  # fmt: skip
LIST_COLUMNS = ("inferred", "replaced", "issues", "reasons")

PICK_COLUMNS = (
    "case_id", "row", "decision", "p_signed", "reasons", "standardized", "postcode", "recipient",
    "source", "runner_up_row", "runner_up_p",
)  # fmt: skip

MANIFEST_COLUMNS = (
    "letter_id", "case_id_hash", "recipient", "standardized", "postcode", "template", "letter_no",
    "tracking_no", "carrier", "product", "pages", "sheets", "sha256", "print_file", "start_page",
    "end_page", "p_signed", "created_on",
)  # fmt: skip

OUTCOME_COLUMNS = (
    "tracking_no", "letter_id", "outcome", "sign_class", "return_reason", "posted_on", "final_on",
    "attempts",
)  # fmt: skip
