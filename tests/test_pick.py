"""Choosing: what is sent, what is held and why, what comes next after a return."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import made_letters as made
import polars as pl
import pytest
from click.testing import CliRunner

from addrfix.cli import run
from addrfix.cli.pick import command
from addrfix.flow.candidates import TableOptions
from addrfix.flow.past_letters import read_letters
from addrfix.flow.pick import PickResult, pick_cases
from addrfix.model.errors import BadUsage, BatchProblem
from addrfix.model.table import PICK_COLUMNS
from addrfix.score.results import judged

AS_OF = date(2026, 6, 30)
PERSON = "430523199001011234"
HOME = {
    "source": "residence", "address": "甲县翠湖花园2栋301室", "district": "甲县", "town": "乙镇",
    "division_code": "430523100", "poi": "翠湖花园", "building": "2栋", "room": "301室",
    "standardized": "湖南省邵阳市甲县翠湖花园2栋301室", "postcode": "422000",
    "verdict": "deliverable", "granularity": "room", "confidence": 0.98,
    "recorded_on": date(2026, 3, 1),
}  # fmt: skip
WORK = HOME | {
    "source": "workplace", "address": "甲县和平路8号", "poi": None, "building": None, "room": None,
    "road": "和平路", "road_number": "8号", "standardized": "湖南省邵阳市甲县和平路8号",
}  # fmt: skip
CASE = {"case_id": "C1", "name": "样本甲", "id_no": PERSON, "principal": 1000.0}


def pick(
    *rows: dict[str, Any], past: list[dict[str, Any]] | None = None, **rules: Any
) -> PickResult:
    frame = pl.DataFrame(
        [CASE | {"row": n} | row for n, row in enumerate(rows)], infer_schema_length=None
    )
    letters = None
    if past is not None:
        letters = judged(
            pl.DataFrame([CASE | letter for letter in past], infer_schema_length=None).with_columns(
                pl.col("result", "return_reason").cast(pl.String)
            )
        )
    return pick_cases(frame, as_of=rules.pop("as_of", AS_OF), past=letters, **rules)


def first(result: PickResult) -> dict[str, Any]:
    assert result.picks["p_signed"].null_count() == 0
    return result.picks.row(0, named=True)


def test_columns_and_the_better_address() -> None:
    done = first(pick(WORK, HOME))
    assert tuple(done)[: len(PICK_COLUMNS)] == PICK_COLUMNS
    assert (done["decision"], done["row"], done["source"]) == ("send", 1, "residence")
    assert (done["runner_up_row"], done["recipient"]) == (0, "样本甲")
    assert done["runner_up_p"] < done["p_signed"] < 1
    assert done["standardized"] == HOME["standardized"] and done["postcode"] == "422000"


def test_reasons_are_the_largest_parts_first() -> None:
    result = pick(WORK, HOME)
    chosen = result.candidates.filter(pl.col("rank") == 1).row(0, named=True)
    named = [reason.split("=") for reason in first(result)["reasons"]]
    sizes = [abs(chosen[f"{factor}_weight"]) for factor, _ in named]
    assert sizes == sorted(sizes, reverse=True) and len(sizes) > 1
    assert all(chosen[f"{factor}_level"] == level for factor, level in named)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"verdict": "blocked"}, "all_blocked"),
        ({"verdict": "undeliverable"}, "all_undeliverable"),
        ({"source": "contact"}, "contact_person"),
        ({"opt_out": "是"}, "opted_out"),
        ({"address": None, "standardized": None}, "no_address"),
        ({"case_status": "已结清"}, "case_closed"),
        ({"case_status": "客户有异议"}, "in_dispute"),
        ({"case_status": "债务人身故"}, "deceased"),
        ({"name": None}, "no_recipient"),
    ],
)
def test_hold(change: dict[str, Any], reason: str) -> None:
    done = first(pick(HOME | change, WORK | change))
    assert done["decision"] == "hold"
    assert done["reasons"][0] == reason
    assert done["p_signed"] > 0 and done["row"] in (0, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"opt_out": "否"},
        {"case_status": "未结清"},
        {"case_status": "逾期"},
        {"guarantor": "样本乙"},
    ],
)
def test_no_hold(change: dict[str, Any]) -> None:
    assert first(pick(HOME | change))["decision"] == "send"


def test_an_address_that_is_barred_gives_way_to_a_worse_one() -> None:
    for change in ({"verdict": "blocked"}, {"source": "contact"}, {"opt_out": "Y"}):
        done = first(pick(HOME | change, WORK))
        assert (done["decision"], done["row"], done["runner_up_row"]) == ("send", 1, None)


def test_contact_persons_only_when_allowed() -> None:
    friend = HOME | {"source": "contact"}
    done = first(pick(friend, WORK, allowed=("contact",)))
    assert (done["decision"], done["row"], done["recipient"]) == ("send", 0, "样本甲")


@pytest.mark.parametrize(
    "change", [{"name": "样本丙"}, {"principal": 999.0}, {"id_no": "430523199001011235"}]
)
def test_facts_that_contradict_each_other(change: dict[str, Any]) -> None:
    assert first(pick(HOME, WORK | change))["reasons"][0] == "facts_contradict"
    assert first(pick(HOME, WORK | dict.fromkeys(change)))["decision"] == "send"


def test_loans_under_contracts_of_their_own_do_not_contradict() -> None:
    first_loan, second = {"contract_no": "HT-1"}, {"contract_no": "HT-2", "principal": 999.0}
    assert first(pick(HOME | first_loan, WORK | second))["decision"] == "send"
    for rows in (
        (HOME | first_loan, WORK | second | {"contract_no": None}),
        (HOME | first_loan, WORK | second, WORK | second | {"principal": 998.0}),
        (HOME | first_loan, WORK | second | {"name": "样本丙"}),
    ):
        assert first(pick(*rows))["reasons"][0] == "facts_contradict"


def test_the_recipient_is_never_a_name_out_of_the_address() -> None:
    glued = HOME | {"text_recipient": "样本丁"}
    assert first(pick(glued))["recipient"] == "样本甲"
    done = first(pick(glued | {"name": None}))
    assert (done["recipient"], done["decision"]) == (None, "hold")
    named = first(pick(glued | {"name": None, "guarantor": "样本乙"}))
    assert (named["recipient"], named["decision"]) == ("样本乙", "send")


def letter(where: dict[str, Any], reason: str | None, posted: date) -> dict[str, Any]:
    return where | {
        "posted_on": posted, "result_on": date(2026, 5, 20),
        "result": "退回" if reason else "本人签收", "return_reason": reason,
    }  # fmt: skip


@pytest.mark.parametrize(
    "reason", ["查无此人", "迁移新址不明", "地址不详", "长期外出", "原址拆迁", "无法投递"]
)
def test_an_address_that_came_back_is_not_tried_again(reason: str) -> None:
    back = letter(HOME, reason, date(2026, 5, 1))
    done = first(pick(HOME, WORK, past=[back]))
    assert (done["row"], done["decision"]) == (1, "send")
    both = first(pick(HOME, WORK, past=[back, letter(WORK, reason, date(2026, 5, 1))]))
    assert (both["decision"], both["reasons"][0]) == ("hold", "all_returned")


@pytest.mark.parametrize("reason", ["拒收", "逾期未领", "破损", None])
def test_an_address_that_holds_is_tried_again(reason: str | None) -> None:
    done = first(pick(HOME, WORK, past=[letter(HOME, reason, date(2026, 5, 1))]))
    assert (done["row"], done["decision"]) == (0, "send")


def test_a_refusal_and_a_signature_raise_the_chance() -> None:
    usual = first(pick(HOME))["p_signed"]
    for reason in ("拒收", None):
        assert first(pick(HOME, past=[letter(HOME, reason, date(2026, 5, 1))]))["p_signed"] > usual


def test_a_letter_less_than_30_days_ago_holds_the_case() -> None:
    posted = letter(WORK, None, date(2026, 6, 1)) | {"result_on": None, "result": None}
    assert first(pick(HOME, past=[posted]))["reasons"][0] == "recent_letter"
    assert first(pick(HOME, past=[posted], as_of=date(2026, 7, 1)))["decision"] == "send"
    assert first(pick(HOME, past=[posted], min_days=0))["decision"] == "send"
    assert first(pick(HOME, past=[posted], as_of=date(2026, 5, 31)))["decision"] == "send"


def test_the_debtor_is_reported_dead() -> None:
    done = first(pick(HOME, WORK, past=[letter(HOME, "收件人已去世", date(2026, 5, 1))]))
    assert done["reasons"][0] == "deceased"


def test_threshold_and_budget() -> None:
    done = first(pick(HOME, threshold=0.99))
    assert (done["decision"], done["reasons"][0]) == ("hold", "below_threshold")
    cases = made.cases(50)
    every = pick_cases(cases, as_of=AS_OF).picks
    some = pick_cases(cases, as_of=AS_OF, budget=10).picks
    sent = some.filter(pl.col("decision") == "send")
    assert sent.height == 10
    assert sent["p_signed"].min() >= every.sort("p_signed", descending=True)["p_signed"][9]
    over = some.filter(pl.col("reasons").list.first() == "over_budget")
    assert over.height == every.filter(pl.col("decision") == "send").height - 10
    assert pick_cases(cases, as_of=AS_OF, budget=0).picks["decision"].unique().to_list() == ["hold"]


@pytest.mark.parametrize(
    "rules", [{"threshold": 1.5}, {"holdout": -0.1}, {"budget": -1}, {"min_days": -1}]
)
def test_numbers_out_of_range(rules: dict[str, Any]) -> None:
    with pytest.raises(BadUsage, match="is wanted"):
        pick(HOME, **rules)


def test_holdout_is_drawn_by_case_and_seed_and_takes_the_first_address() -> None:
    cases = made.cases(2000)
    done = pick_cases(cases, as_of=AS_OF, holdout=0.05).picks
    held = done.filter(pl.col("arm") == "trade_rule")
    assert 60 < held.height < 140
    order = cases.group_by("case_id", maintain_order=True).agg(pl.col("row").first())
    assert (
        held.join(order, on="case_id").select((pl.col("row") == pl.col("row_right")).all()).item()
    )
    mixed = cases.sample(fraction=1, shuffle=True, seed=4)
    again = pick_cases(mixed.head(4000), as_of=AS_OF, holdout=0.05).picks
    drawn = set(again.filter(pl.col("arm") == "trade_rule")["case_id"])
    assert drawn <= set(held["case_id"])
    other = pick_cases(cases, as_of=AS_OF, holdout=0.05, seed=1).picks
    assert set(other.filter(pl.col("arm") == "trade_rule")["case_id"]) != set(held["case_id"])


def test_run_keeps_a_hold_out_too(tmp_path: Path) -> None:
    source, secret, batch = (tmp_path / name for name in ("d.csv", "secret.key", "batch"))
    source.write_text(
        "案件编号,姓名,债权人,本金,地址类型,地址\n"
        "C1,样本甲,某某银行,1000,单位地址,杭州市西湖区文三路1号\n"
        "C1,样本甲,某某银行,1000,居住地址,杭州市西湖区文三路9号3幢2单元502室\n",
        encoding="utf-8",
    )
    secret.write_text("7f" * 32 + "\n", encoding="ascii")
    sender = Path(__file__).parent.parent / "templates" / "examples" / "sender.toml"
    options = ["--template", "demand_notice", "--sender", str(sender), "--holdout", "1"]
    options += ["-o", str(batch), "--as-of", AS_OF.isoformat(), "--secret", str(secret)]
    done = CliRunner().invoke(run.command, [str(source), *options])
    assert done.exit_code == 0, done.stderr
    picks = pl.read_parquet(batch / "private" / "picks.parquet")
    assert picks.select("arm", "row").rows() == [("trade_rule", 0)]


def test_every_candidate_is_told() -> None:
    result = pick(HOME | {"verdict": "blocked"}, WORK, WORK | {"source": "contact"})
    told = result.candidates.select("row", "rank", "barred").rows()
    assert told == [(1, 1, None), (2, 2, "contact_person"), (0, 3, "blocked")]


def test_runner_up_is_another_address() -> None:
    done = first(pick(HOME, HOME | {"source": "delivery"}, WORK))
    assert done["runner_up_row"] == 2


def test_cases_without_an_id_stay_apart() -> None:
    rows = [HOME | {"case_id": None, "id_no": None}, WORK | {"case_id": None, "id_no": None}]
    assert pick(*rows).picks["case_id"].to_list() == ["row-0", "row-1"]


def batch(folder: Path, outcome: str | None, reason: str | None = None) -> Path:
    """A batch folder with one letter to the home, as `letters` and `track` leave it."""
    (folder / "private").mkdir(parents=True)
    # Picks may have come through a CSV file: then lists are joined and dates are text.
    picks = pick(HOME, WORK).picks.with_columns(
        pl.col("factors").list.join("|"),
        pl.col("recorded_on").cast(pl.String),
        pl.col("confidence").cast(pl.String),
        letter_id=pl.lit("L1"),
    )
    picks.write_parquet(folder / "private" / "picks.parquet")
    pl.DataFrame({"letter_id": ["L1"], "created_on": [date(2026, 4, 1)]}).write_parquet(
        folder / "manifest.parquet"
    )
    if outcome:
        pl.DataFrame(
            {
                "letter_id": ["L1"], "outcome": [outcome], "sign_class": [None],
                "return_reason": [reason], "posted_on": [date(2026, 4, 2)],
                "final_on": [date(2026, 4, 9)],
            },
            schema_overrides={"sign_class": pl.String, "return_reason": pl.String},
        ).write_parquet(folder / "outcomes.parquet")  # fmt: skip
    return folder


def test_after_a_return_in_a_batch_the_next_best_is_taken(tmp_path: Path) -> None:
    folder = batch(tmp_path / "b", "returned", "NO_SUCH_PERSON")
    past = read_letters([folder], TableOptions()).frame
    frame = pl.DataFrame(
        [CASE | {"row": 0} | HOME, CASE | {"row": 1} | WORK], infer_schema_length=None
    )
    done = first(pick_cases(frame, as_of=AS_OF, past=past))
    assert (done["row"], done["decision"]) == (1, "send")
    refused = read_letters([batch(tmp_path / "r", "returned", "REFUSED")], TableOptions()).frame
    assert first(pick_cases(frame, as_of=AS_OF, past=refused))["row"] == 0
    open_one = read_letters([batch(tmp_path / "o", None)], TableOptions()).frame
    done = first(pick_cases(frame, as_of=date(2026, 4, 10), past=open_one))
    assert done["reasons"][0] == "recent_letter"


def test_a_folder_that_is_no_batch(tmp_path: Path) -> None:
    with pytest.raises(BatchProblem, match="not a whole batch folder"):
        read_letters([tmp_path], TableOptions())


def cleaned_csv(path: Path) -> Path:
    rows = pl.DataFrame([CASE | HOME, CASE | WORK], infer_schema_length=None)
    rows.drop("town").with_columns(issues=pl.lit("renamed_division|courier_note")).write_csv(path)
    return path


def test_the_command_on_a_cleaned_file(tmp_path: Path) -> None:
    source, output, every = cleaned_csv(tmp_path / "in.csv"), tmp_path / "p.csv", tmp_path / "a.csv"
    done = CliRunner().invoke(
        command, [str(source), "-o", str(output), "--all", str(every), "--as-of", "2026-06-30"]
    )
    assert done.exit_code == 0, done.output
    assert "1 to send" in done.stderr and done.stdout == ""
    picked = pl.read_csv(output, infer_schema=False)
    assert picked.columns[: len(PICK_COLUMNS)] == list(PICK_COLUMNS)
    assert picked["row"].to_list() == ["0"]
    assert "|" in picked["reasons"][0]
    assert pl.read_csv(every).height == 2


def test_the_command_refuses_nonsense(tmp_path: Path) -> None:
    source = cleaned_csv(tmp_path / "in.csv")
    for wrong in (["--as-of", "30.6.2026"], ["--threshold", "2"], ["--scorer", str(source)]):
        done = CliRunner().invoke(command, [str(source), "-o", str(tmp_path / "p.csv"), *wrong])
        assert done.exception is not None and done.exit_code != 0
    assert not (tmp_path / "p.csv").exists()


def test_wide_files_tell_the_column_by_the_source(tmp_path: Path) -> None:
    source, output = tmp_path / "wide.csv", tmp_path / "p.parquet"
    source.write_text(
        "案件编号,姓名,户籍地址,居住地址\n"
        "W1,样本甲,湖南省邵阳市邵阳县,湖南省邵阳市邵阳县塘渡口镇和平路8号2栋301室\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(command, [str(source), "-o", str(output), "--as-of", "2026-06-30"])
    assert done.exit_code == 0, done.output
    assert pl.read_parquet(output).select("case_id", "row", "source").rows() == [
        ("W1", 0, "residence")
    ]
