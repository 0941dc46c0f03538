"""Makes up a debtor file, a history of letters and the truth about both.

    python scripts/make_cases.py --cases 200 -o cases.csv
    python scripts/make_cases.py -o cases.csv --history history.csv --truth truth.parquet
    python scripts/make_cases.py -o cases.csv --world bad_workplaces --set quality.misspelt=0.1

Each case lists two to seven addresses as lenders' files do. The same options give the same bytes;
the parameters and the model of who signs are in case_world/world.toml and case_world/delivery.py.
The history is of letters sent in the three years before --as-of to other debtors of the same towns
and compounds, and to some of the same. Divisions are real; nobody and nothing else is.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))

from case_world.delivery import Post
from case_world.people import Person, Registry
from case_world.places import Place, load
from case_world.settings import Settings, Words
from case_world.ties import load_ties
from case_world.writing import Clerk, Entry

from addrfix.files import write_table
from addrfix.knowledge import folder
from addrfix.model.errors import AddrfixError, BadUsage

SOURCES = {
    "id_card": ("身份证地址",),
    "household_register": ("户籍地址", "户籍地址", "户口所在地"),
    "residence": ("申请居住地址", "居住地址", "家庭地址"),
    "workplace": ("单位地址", "单位地址", "公司地址"),
    "delivery": ("收货地址", "电商收货地址"),
    "credit_report": ("征信地址", "征信居住地址"),
    "contact": ("联系人地址", "紧急联系人地址"),
    "contract": ("合同约定送达地址",),
    "court_confirmed": ("法院确认地址",),
}
CASE_HEADERS = (
    "案件编号", "姓名", "身份证号", "手机号", "本金", "利息", "费用", "借款日期", "地址类型",
    "地址", "登记日期",
)  # fmt: skip
LETTER_HEADERS = ("寄出日期", "投递结果", "退回原因", "结果日期")
MOST_ADDRESSES = 7
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a case."""

    source: str
    word: str
    entry: Entry
    recorded_on: date | None


@dataclass
class Lender:
    """Debtors, the addresses listed for them, and the letters they got."""

    seed: str
    settings: Settings
    as_of: date
    dice: random.Random = field(init=False)
    clerk: Clerk = field(init=False)
    registry: Registry = field(init=False)
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        words = Words(self.dice)
        places = load(folder("gazetteer"), self.dice, words)
        ties = load_ties(folder("gazetteer"), places, self.dice, self.settings)
        self.clerk = Clerk(self.dice, self.settings, words, places, ties)
        self.registry = Registry(self.dice, self.settings, words, places, self.as_of, ties)
        self.post = Post(self.dice, self.settings, self.seed)

    def listed(self, person: Person) -> list[Listed]:
        """The rows of a case, two to seven, in any order."""
        rows = []
        for source in SOURCES:
            if self.dice.random() < self.settings("sources", source):
                rows.append(self._row(person, source))
                if self.dice.random() < self.settings("sources", "several"):
                    rows.append(self._row(person, source))
        while len(rows) < 2:
            rows.append(self._row(person, "residence"))
        self.dice.shuffle(rows)
        return rows[:MOST_ADDRESSES]

    def _row(self, person: Person, source: str) -> Listed:
        low, high = self.settings.span("record", source)
        day = self.as_of - timedelta(days=self.dice.uniform(low, high) * _YEAR)
        place = self._place(person, source, day)
        name, phone = person.name, person.phone
        if source == "contact":
            name = person.contact_name
        entry = self.clerk.write(place, source, name, phone)
        if self.dice.random() < self.settings("spreadsheet", "number_became_date"):
            month, number = self.dice.randint(1, 12), self.dice.randint(1, 28)
            entry = Entry(place, f"{month}月{number}日", "number_became_date", "none")
        dated = self.dice.random() >= self.settings("record", "undated")
        return Listed(source, self.dice.choice(SOURCES[source]), entry, day if dated else None)

    def _place(self, person: Person, source: str, day: date) -> Place:
        """The door that such an entry of that day is about."""
        roll = self.dice.random()
        if source in ("id_card", "household_register"):
            return person.register
        if source == "workplace" or (source == "delivery" and roll < 0.2):
            return person.job_on(day)
        if source == "credit_report" and roll < 0.3:
            return person.register if roll < 0.2 else person.job_on(day)
        if source == "contact":
            return person.contact
        return person.home_on(person.loan_date if source == "contract" else day)

    def letters(self, person: Person, rows: list[Listed]) -> Iterator[tuple[Listed, date]]:
        """Up to three letters to a debtor, the next when the last came back."""
        day = self.as_of - timedelta(days=self.dice.randint(60, 1_095))
        order = self.dice.sample(rows, len(rows))
        for listed in order[: self.dice.choice((1, 1, 2, 3))]:
            yield listed, day
            day += timedelta(days=self.dice.randint(25, 60))


def case_cells(person: Person, listed: Listed, name: str, id_no: str, phone: str) -> list[object]:
    """One row as the file gives it."""
    return [
        person.case_id, name, id_no, phone, f"{person.principal:g}", f"{person.interest:g}",
        f"{person.fees:g}", person.loan_date.isoformat(), listed.word, listed.entry.text,
        listed.recorded_on.isoformat() if listed.recorded_on else "",
    ]  # fmt: skip


def truth_cells(lender: Lender, person: Person, listed: Listed, day: date) -> dict[str, object]:
    """What is true about a row."""
    entry = listed.entry
    live = entry.state in ("ok", "demolished")
    return {
        "case_id": person.case_id,
        "source": listed.source,
        "state": entry.state,
        "completeness": entry.completeness,
        "slips": entry.slips,
        "missing": entry.missing,
        "tie": entry.tie,
        "relation": person.relation(entry.place, day),
        **{
            level: name if live else None for level, name in entry.place.division.official().items()
        },
        "code": entry.place.division.code if live else None,
        "p_true": round(lender.post.p_signed(entry, person, day), 6),
    }


class Files:
    """Rows gathered for the files."""

    def __init__(self) -> None:
        self.cases: list[list[object]] = []
        self.history: list[list[object]] = []
        self.truth: list[dict[str, object]] = []

    def add_case(self, lender: Lender, person: Person, rows: list[Listed]) -> None:
        """The rows of a case, with what a spreadsheet did to them."""
        s, dice = lender.settings, lender.dice
        id_no = person.id_no
        if dice.random() < s("spreadsheet", "id_rounded"):
            id_no = id_no[:15] + "000"
        phone = "" if dice.random() < s("spreadsheet", "phone_blank") else person.phone
        odd = dice.randrange(len(rows)) if dice.random() < s("people", "contradiction") else -1
        for number, listed in enumerate(rows):
            name = person.contact_name if number == odd else person.name
            self.cases.append(case_cells(person, listed, name, id_no, phone))
            truth = {"row": len(self.truth), **truth_cells(lender, person, listed, lender.as_of)}
            self.truth.append(truth)

    def add_letters(self, lender: Lender, person: Person, rows: list[Listed], most: int) -> None:
        """Letters to a debtor until one is signed for."""
        for listed, day in lender.letters(person, rows):
            if day > lender.as_of or len(self.history) >= most:
                return
            result, reason, on = lender.post.deliver(listed.entry, person, day)
            cells = case_cells(person, listed, person.name, person.id_no, person.phone)
            self.history.append([*cells, day.isoformat(), result, reason, on.isoformat()])
            if not reason:
                return


def make(lender: Lender, cases: int, letters: int) -> Files:
    """All rows: first the cases, then the letters of the same and of other debtors."""
    files = Files()
    earlier = []
    for number in range(cases):
        person = lender.registry.debtor(f"C{100_000 + number}", number)
        rows = lender.listed(person)
        files.add_case(lender, person, rows)
        if lender.dice.random() < lender.settings("letters", "earlier"):
            earlier.append((person, rows))
    for person, rows in earlier if letters else ():
        # A debtor whose letter was signed for last time is in the file again, too.
        files.add_letters(lender, person, rows, letters)
    number = 0
    while len(files.history) < letters:
        person = lender.registry.debtor(f"H{100_000 + number}", number)
        files.add_letters(lender, person, lender.listed(person), letters)
        number += 1
    return files


def frame(headers: tuple[str, ...], rows: list[list[object]]) -> pl.DataFrame:
    """Rows as text columns."""
    schema = dict.fromkeys(headers, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 6, 30))
    parser.add_argument("-o", "--output", type=Path, required=True, help="debtor file")
    parser.add_argument("--history", type=Path, help="letters sent before, with their results")
    parser.add_argument("--letters", type=int, help="rows of the history (default: 5 a case)")
    parser.add_argument("--truth", type=Path, help="one row per row of the debtor file")
    parser.add_argument("--world", help="a table [world.NAME] of case_world/world.toml")
    parser.add_argument(
        "--set", action="append", default=[], metavar="TABLE.NAME=NUMBER", help="one parameter"
    )
    return parser


def main() -> int:
    """Make and write the files."""
    asked = options().parse_args()
    try:
        changes = dict(_pair(text) for text in asked.set)
        lender = Lender(str(asked.seed), Settings(asked.world, changes), asked.as_of)
        letters = (asked.letters or 5 * asked.cases) if asked.history else 0
        files = make(lender, asked.cases, letters)
        write_table(frame(CASE_HEADERS, files.cases), asked.output)
        if asked.history:
            write_table(frame(CASE_HEADERS + LETTER_HEADERS, files.history), asked.history)
        if asked.truth:
            write_table(pl.DataFrame(files.truth, infer_schema_length=None), asked.truth)
    except AddrfixError as error:
        print(f"make_cases: {error}", file=sys.stderr)
        return error.exit_code
    print(
        f"{asked.cases} cases, {len(files.cases)} addresses, {len(files.history)} letters",
        file=sys.stderr,
    )
    return 0


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise BadUsage(f"--set {text}: write TABLE.NAME=NUMBER")
    return key, value


if __name__ == "__main__":
    sys.exit(main())
