"""Both READMEs say what the program does: examples are run, tables come from the data."""

import doctest
import os
import re
from pathlib import Path

import pytest
from golden_lines import lines
from readme_examples import PAGES, ROOT, Desk, commands, rendered

from addrfix.cli import COMMANDS
from addrfix.cli.gazetteer import command as gazetteer
from addrfix.model.table import CLEAN_COLUMNS
from addrfix.model.terms import Outcome, Relation, SignClass, Source, Verdict
from addrfix.score.choose import ranked
from addrfix.score.holds import BARS, CASE_HOLDS

PAGE = {language: path.read_text(encoding="utf-8") for language, path in PAGES.items()}
CLOSED_SETS = {
    "clean_column": list(CLEAN_COLUMNS),
    "outcome": [member.value for member in Outcome],
    "relation": [member.value for member in Relation],
    "sign_class": [member.value for member in SignClass],
    "verdict": [member.value for member in Verdict],
}
RENEW = "run scripts/renew_readme.py and look at the difference"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("readme").resolve())


@pytest.mark.parametrize("language", PAGES)
def test_examples_and_tables_are_true(language: str, desk: Desk) -> None:
    assert rendered(PAGE[language], language, desk) == PAGE[language], RENEW


@pytest.mark.parametrize("language", PAGES)
def test_python_examples_are_true(language: str, desk: Desk) -> None:
    rendered(PAGE[language], language, desk)
    [block] = re.findall(r"```python\n(.*?)```", PAGE[language], re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, PAGES[language].name, None, 0)
    failures: list[str] = []
    before = Path.cwd()
    os.chdir(desk.folder)
    try:
        doctest.DocTestRunner(verbose=False).run(example, out=failures.append)
    finally:
        os.chdir(before)
    assert example.examples
    assert not failures, "".join(failures)


def test_the_pairs_show_each_relation() -> None:
    """A renewed page must not turn a mistake into an example."""
    [pairs] = re.findall(
        r"^a,b,relation,similarity\n(.*?)```", PAGE["en"], re.DOTALL | re.MULTILINE
    )
    assert [line.split(",")[2] for line in pairs.splitlines()] == CLOSED_SETS["relation"]


def test_every_command_has_an_example() -> None:
    shown = {tuple(command.split()[1:3]) for command in commands(PAGE["en"])}
    first = {words[0] for words in shown}
    assert first >= set(COMMANDS)
    assert {("gazetteer", name) for name in gazetteer.commands} <= shown


def test_both_pages_have_the_same_parts() -> None:
    english, chinese = (PAGE[language] for language in PAGES)
    assert commands(english) == [line.replace(" --lang zh", "") for line in commands(chinese)]
    for pattern in (r"^(#+) ", r"^<!-- (.*?) -->$", r"^```(\w*)$", r"\]\(([^#)]+)\)"):
        found = [re.findall(pattern, _alike(page), re.MULTILINE) for page in (english, chinese)]
        assert found[0] == found[1], pattern


def _alike(page: str) -> str:
    return page.replace(".zh-CN.", ".").replace("README.md", "")


@pytest.mark.parametrize("language", PAGES)
def test_links_lead_somewhere(language: str) -> None:
    page = PAGE[language]
    for target in re.findall(r"\]\(([^)]+)\)", page):
        if target.startswith("#"):
            heads = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
            assert target[1:] in {_anchor(head) for head in heads}, target
        else:
            assert (ROOT / target).is_file(), target


def _anchor(head: str) -> str:
    return re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")


@pytest.mark.parametrize("name", CLOSED_SETS)
def test_closed_sets_are_those_of_the_code(name: str) -> None:
    assert [row["word"] for row in lines("readme_words") if row["set"] == name] == CLOSED_SETS[name]


def test_holds_are_those_of_pick() -> None:
    listed = [row["word"] for row in lines("readme_words") if row["set"] == "pick_hold"]
    choose = Path(ranked.__code__.co_filename).read_text(encoding="utf-8")
    by_score = set(re.findall(r'"(below_threshold|over_budget)"', choose))
    assert len(listed) == len(set(listed))
    assert set(listed) == {*BARS.values(), *CASE_HOLDS, *by_score}


def test_sources_are_those_of_the_code() -> None:
    for page in PAGE.values():
        table = page.partition("<!-- table sources -->")[2].partition("<!-- end -->")[0]
        assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(Source)


def test_one_word_for_one_idea() -> None:
    rows = lines("readme_glossary")
    for column in ("term", "chinese", "meaning", "meaning_zh"):
        words = [row[column] for row in rows]
        assert len(words) == len(set(words)), column
        assert all(words), column
