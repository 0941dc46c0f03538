"""`explain`: what is drawn adds up, is aligned, says holds and blocks, colours only terminals."""

from __future__ import annotations

import math
import re
from pathlib import Path

import made_letters as made
import pytest
from click.testing import CliRunner, Result

from addrfix.cli.explain import command
from addrfix.flow.learn import learn_scorer
from addrfix.score.holds import BARS, CASE_HOLDS
from addrfix.score.knowledge import hold_words
from addrfix.score.results import judged
from addrfix.text.terminal import width

CASES = """案件编号,姓名,身份证号,手机号,地址类型,地址,登记日期
C1,样本甲,430523199001011234,13007391234,居住地址,邵阳市邵阳县塘渡口镇和平路8号2栋301室,2026-03-01
C1,样本甲,430523199001011234,13007391234,单位地址,邵阳县东门街12号宏达机械有限公司,2020-03-01
C1,样本甲,430523199001011234,13007391234,户籍地址,邵阳县人才市场集体户,2020-03-01
C2,样本乙,430523199001011235,13007391235,居住地址,邵阳县某村(已拆迁),2026-03-01
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES, encoding="utf-8")
    return path


def explain(cases: Path, *arguments: str, color: bool = False) -> Result:
    done = CliRunner().invoke(
        command, [str(cases), *arguments, "--as-of", "2026-06-30"], color=color
    )
    return done


def test_parts_add_up_to_the_probability(cases: Path) -> None:
    done = explain(cases, "C1")
    assert done.exit_code == 0, done.output
    blocks = re.split(r"\n(?=\d+\. row )", done.stdout)[1:]
    assert len(blocks) == 3
    for block in blocks:
        parts = [float(x) for x in re.findall(r"^   .*? ([+-]\d+\.\d{3}) [ -]*\|", block, re.M)]
        total, chance = re.findall(r"log-odds \(sum\) +([+-]\d+\.\d{3}) -> p = (\d\.\d{3})", block)[
            0
        ]
        assert sum(parts) == pytest.approx(float(total), abs=0.0006 * len(parts))
        assert 1 / (1 + math.exp(-float(total))) == pytest.approx(float(chance), abs=0.001)


def test_bars_stand_under_each_other(cases: Path) -> None:
    for language in ("en", "zh"):
        lines = explain(cases, "C1", "--lang", language).stdout.splitlines()
        middles = {
            width(line[: line.index("|")]) for line in lines if re.search(r"\d{3} [ -]*\|", line)
        }
        assert len(middles) == 1


def test_why_the_first_goes_before_the_second(cases: Path) -> None:
    last = explain(cases, "C1").stdout.split("row 0 before row 1: ")[1].splitlines()
    gaps = [float(line.split()[0]) for line in last[1:]]
    assert sum(gaps) == pytest.approx(float(last[0]), abs=0.0006 * len(gaps))
    assert [abs(gap) for gap in gaps] == sorted(map(abs, gaps), reverse=True)


def test_holds_and_patterns_are_said(cases: Path) -> None:
    shown = explain(cases, "C2").stdout
    assert "held" in shown and "all_blocked: " in shown
    assert "blocked by: blocked.tsv:demolished" in shown
    third = explain(cases, "C1").stdout.split("\n3. row 2")[1]
    assert "blocked.tsv:collective_register 人才市场" in third


def test_a_row_without_an_id_is_held_as_pick_holds_it(cases: Path) -> None:
    lines = cases.read_text(encoding="utf-8").splitlines()
    nameless = lines[1].replace("C1,", ",", 1).replace("430523199001011234", "")
    cases.write_text("\n".join([*lines, nameless]), encoding="utf-8")
    assert "no_case_id: " in explain(cases, "row-4").stdout
    cases.write_text("\n".join([lines[0], nameless]), encoding="utf-8")
    assert "to send" in explain(cases, "row-0").stdout


def test_an_entry_of_the_users_is_said(cases: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("编号,小区,原因\nX7,邵阳县塘渡口镇和平路8号,整体征收\n", encoding="utf-8")
    shown = explain(cases, "C1", "--blacklist", str(own)).stdout
    assert "blocked by: own.csv:X7 整体征收" in shown
    assert shown.splitlines()[2].startswith("1. row 1")


def test_a_learnt_scorer_is_drawn_with_its_combinations(cases: Path, tmp_path: Path) -> None:
    scorer = tmp_path / "scorer.json"
    learn_scorer(judged(made.history(2000)), scorer, as_of=made.AS_OF)
    done = explain(cases, "C1", "--scorer", str(scorer))
    assert done.exit_code == 0 and " x " in done.stdout
    assert "learned" in done.stderr


def test_colours_for_terminals_alone(cases: Path) -> None:
    assert "\x1b[" not in explain(cases, "C1").stdout
    assert "\x1b[32m" in explain(cases, "C1", color=True).stdout


def test_a_case_that_is_not_there(cases: Path) -> None:
    done = explain(cases, "C9")
    assert "has no case C9" in str(done.exception)
    assert "样本" not in str(done.exception)


def test_talk_holds_no_personal_data(cases: Path) -> None:
    said = explain(cases, "C1").stderr
    assert said and not re.search("样本|邵阳|430523|13007391234", said)


def test_every_hold_has_its_sentence() -> None:
    known = set(hold_words())
    assert known == {
        *(("address", name) for name in BARS),
        *(("case", name) for name in (*BARS.values(), *CASE_HOLDS)),
        ("case", "below_threshold"),
        ("case", "over_budget"),
    }
