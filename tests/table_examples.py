"""What runs the examples of each table of rules and words: a runner a table, given one row.

A table that names its example has it run as it stands; a table of words has each word put into a
short made-up address or file. A runner fails with an AssertionError.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from addrfix.carriers.binding_files import recognise_bindings
from addrfix.carriers.result_files import recognise_results
from addrfix.carriers.tracking_number import fault_of, format_of
from addrfix.carriers.words import sign
from addrfix.files import read_table, recognise
from addrfix.files.columns import source_of
from addrfix.flow.blacklist_file import read_list
from addrfix.flow.clean import Engine
from addrfix.knowledge import table_rows
from addrfix.letters.rules import read_rules
from addrfix.places.names import short_name, without_groups
from addrfix.places.own_names import label_of
from addrfix.places.own_places import layout_of
from addrfix.reading.reader import common_texts
from addrfix.reading.structure import segment
from addrfix.text.mojibake import Mojibake

Row = Mapping[str, str]
Runner = Callable[[Row, Engine], None]

ELSEWHERE = {
    "words/behind_road": "test_doors.py",
    "words/blocked": "test_words.py",
    "words/carrier_operations": "test_carriers.py",
    "words/carrier_phrases": "test_carriers.py",
    "words/carrier_reason_codes": "test_carriers.py",
    "words/carrier_states": "test_carriers.py",
    "words/collection_points": "test_verdict.py",
    "words/compare_bits": "test_compare.py",
    "words/compare_kinds": "test_compare.py",
    "words/given_characters": "test_line.py",
    "words/latin_names": "test_dirty.py",
    "words/latin_words": "test_dirty.py",
    "words/name_guards": "test_doors.py",
    "words/name_interior": "test_doors.py",
    "words/no_destination": "test_verdict.py",
    "words/not_division_before": "test_words.py",
    "words/number_rules": "test_words.py",
    "words/number_words": "test_doors.py",
    "words/patterns": "test_patterns.py",
    "words/placeholders": "test_words.py",
    "words/radicals": "test_line.py",
    "words/rare_characters": "test_gazetteer_content.py",
    "words/return_reasons": "test_carriers.py",
    "words/road_words": "test_words.py",
    "words/witnesses": "test_witnesses.py",
    "words/word_classes": "test_patterns.py",
    "score/case_status": "test_score_levels.py",
    "score/kinds": "test_score_levels.py",
    "score/opt_out": "test_score_levels.py",
    "score/results": "test_score_levels.py",
    "templates/rules/elements": "test_letter_rules.py",
    "templates/rules/forbidden_words": "test_letter_rules.py",
}
"""Tables whose examples the tests of their area run, and where."""


def _labels(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], str(span.label)) for span in segment(text)]


def _ends(texts: list[str], word: str, labels: set[str]) -> None:
    """In one of the texts an element with one of the labels ends with the word."""
    read = {text: _labels(text) for text in texts}
    found = [said for spans in read.values() for said, label in spans if label in labels]
    assert any(said.endswith(word) for said in found), read


def _binding_header(row: Row, reading: Engine) -> None:
    others = {"tracking_no": "邮件号", "letter_id": "letter_id", "print_file": "print_file",
              "start_page": "start_page"}  # fmt: skip
    headers = [row["header"], *(h for role, h in others.items() if role != row["role"])]
    assert recognise_bindings(headers)[row["role"]] == row["header"]


def _result_header(row: Row, reading: Engine) -> None:
    others = {"tracking_no": "邮件号", "happened_at": "操作时间", "result": "投递结果"}
    headers = [row["header"], *(h for role, h in others.items() if role != row["role"])]
    assert recognise_results(headers).by_role[row["role"]] == row["header"]


def _blacklist_word(row: Row, reading: Engine) -> None:
    address, word = "浙江省衢州市柯城区云台路3号云台小区2幢", row["word"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        if row["kind"] == "scope":
            path.write_text(f"address,scope\n{address},{word}\n", encoding="utf-8")
            assert not any("scope not known" in note for note in read_list(path).notes)
        elif row["meaning"] in ("address", "building", "compound", "village", "division"):
            path.write_text(f"{word}\n{address}\n", encoding="utf-8")
            assert read_list(path).lines == 1
        else:
            path.write_text(f"address,{word}\n{address},\n", encoding="utf-8")
            assert read_table(path).frame.columns[1] == word and read_list(path).lines == 1


def _header(row: Row, reading: Engine) -> None:
    columns = recognise([row["header"]])
    if row["column"] == "address":
        assert columns.addresses == (row["header"],)
        told = columns.address_sources.get(row["header"], "")
        assert told == row["source"] or not row["source"]
    else:
        assert columns.by_role[row["column"]] == row["header"]


def _source(row: Row, reading: Engine) -> None:
    assert source_of(row["word"]) == row["source"]


def _letter_status(row: Row, reading: Engine) -> None:
    cell = row["word"] if row["match"] == "whole" else f"该案{row['word']}"
    statuses = [s for s in read_rules().statuses if s.column == row["column"]]
    first = next(status for status in statuses if status.fits(cell))
    assert (first.reason or "") == (row["reason"] if row["holds"] == "yes" else ""), cell


def _sign_code(row: Row, reading: Engine) -> None:
    for cell in (row["code"], row["name"]):
        read = sign(cell)
        assert read is not None and read.state == row["state"]
        assert (read.sign_class or "", read.return_reason or "") == (
            row["sign_class"],
            row["reason"],
        )


def _division_suffix(row: Row, reading: Engine) -> None:
    level = int(row["level"])
    assert row["example"].endswith(row["suffix"])
    if level < 5:
        assert short_name(row["example"], level) == row["short"]


def _ethnic_group(row: Row, reading: Engine) -> None:
    for group in filter(None, (row["group"], row["bare"])):
        assert without_groups(f"云台{group}") == "云台"


def _forms(key: str, reading: Engine) -> set[tuple[str, str]]:
    """(code, kind) of every meaning of a text that is one name as a whole."""
    codes = reading.index.codes
    return {
        (codes[form.division], form.kind)
        for hit in reading.index.hits(key)
        if (hit.start, hit.end) == (0, len(key))
        for form in hit.forms
    }


def _everyday_form(row: Row, reading: Engine) -> None:
    level_4 = {(code, kind) for code, kind in _forms(row["form"], reading) if len(code) > 6}
    assert row["kind"] not in {kind for _, kind in level_4}


def _generic_name(row: Row, reading: Engine) -> None:
    """In the middle of a text the name is an ordinary word."""
    [place] = reading.read([f"衢州市柯城区云台路3号{row['name']}6栋"])[1]
    assert (place.city, place.district) == ("衢州市", "柯城区")


def _lost_character(row: Row, reading: Engine) -> None:
    made = Mojibake(common_texts(reading.index.names)).repair(row["example"])
    assert made is not None and made.text == row["expect"]


def _own_place_kind(row: Row, reading: Engine) -> None:
    assert label_of("云台", row["word"]) == row["label"]


def _place_ending(row: Row, reading: Engine) -> None:
    if row["kind"] == "office":
        # Ends like a compound, and lacks no building.
        [place] = reading.read([f"衢州市柯城区云台{row['ending']}"])[1]
        assert place.poi == f"云台{row['ending']}" and "missing_building" not in place.issues
        return
    number, label = {"tower": ("1201号", "roomno"), "estate": ("12号", "houseno")}[row["kind"]]
    assert _labels(f"云台{row['ending']}{number}")[-1] == (number, label)


def _place_layout(row: Row, reading: Engine) -> None:
    rows = [r for r in table_rows("words/place_layouts") if r["layout"] == row["layout"]]
    chosen = {row["field"]: row["column"]}
    chosen |= {r["field"]: r["column"] for r in rows if r["marker"] == "yes"}
    if "name" not in chosen:
        chosen["name"] = next(r["column"] for r in rows if r["field"] == "name")
    layout = layout_of([row["column"], *chosen.values()], {})
    assert layout.name == row["layout"] and row["field"] in layout.columns


def _place_word(row: Row, reading: Engine) -> None:
    word = row["word"]
    labels = {"poi", "subpoi", "road", "town"}
    _ends([f"云台{word}", f"云台大厦{word}", f"云台路3号云台{word}"], word, labels)


def _relative_word(row: Row, reading: Engine) -> None:
    word = row["word"]
    label = "intersection" if row["kind"] == "crossing" else "assist"
    texts = [f"云台大厦{word}", f"云台路与云杉路{word}", f"云台路{word}云杉路", f"云台路{word}50米"]
    assert any((word, label) in _labels(text) for text in texts), list(map(_labels, texts))


def _surname(row: Row, reading: Engine) -> None:
    [place] = reading.read([f"{row['surname']}小强13800000001浙江省衢州市柯城区云台路3号"])[1]
    assert place.text_recipient == f"{row['surname']}小强"


def _town_word(row: Row, reading: Engine) -> None:
    word = row["word"]
    [place] = reading.read([f"衢州市柯城区云台{word}云台路3号"])[1]
    raw = f"衢州市柯城区云台{word}云台路3号"
    assert any(raw[a:b].endswith(word) for a, b, label in place.spans if label == "town")


def _tracking_number(row: Row, reading: Engine) -> None:
    known = format_of(row["example"])
    assert known is not None and known.name == row["format"]
    assert fault_of(row["example"]) is None


def _village_word(row: Row, reading: Engine) -> None:
    word = row["word"]
    labels = {"community"} if row["kind"] == "village" else {"village_group"}
    _ends([f"云台{word}5号", f"云台镇云台{word}5号", f"云台村云台{word}5号"], word, labels)


def _zone_word(row: Row, reading: Engine) -> None:
    word = row["word"]
    _ends([f"云台{word}", f"云台镇{word}", f"云台{word}云台路3号"], word, {"devzone", "poi"})


def _zone_suffix(row: Row, reading: Engine) -> None:
    assert row["example"].endswith(row["suffix"])
    assert any(kind == "zone" for _, kind in _forms(row["expect"], reading))


def _alias(row: Row, reading: Engine) -> None:
    assert (row["code"], "alias") in _forms(row["alias"], reading) or row["code"] in {
        code for code, _ in _forms(row["alias"], reading)
    }
    assert reading.index.names[reading.index.codes.index(row["code"])] == row["name"]


def _zone(row: Row, reading: Engine) -> None:
    codes = {code for code, _ in _forms(row["name"], reading)}
    assert codes >= set(row["counties"].split()) if row["counties"] else row["city"] in codes


def _quarter(row: Row, reading: Engine) -> None:
    region = "香港" if row["code"].startswith("81") else "澳门"
    [place] = reading.read([f"{region}{row['quarter']}云台道8号"])[1]
    assert place.district == row["district"], place.district


OPEN = {
    "words/relative_words": {"交叉路口", "十字路口", "丁字路口", "三岔路口"},
    "words/town_words": {"街办"},
    "words/village_words": {"村民委员会", "居民委员会", "社区居民委员会", "湾"},
}
"""Words that no address made here is read by as yet: another word overrules what they say."""

RUNNERS: Mapping[str, Runner] = {
    "words/binding_headers": _binding_header,
    "words/blacklist_words": _blacklist_word,
    "words/carrier_sign_codes": _sign_code,
    "words/division_suffixes": _division_suffix,
    "words/ethnic_groups": _ethnic_group,
    "words/everyday_forms": _everyday_form,
    "words/generic_names": _generic_name,
    "words/headers": _header,
    "words/lost_characters": _lost_character,
    "words/own_place_kinds": _own_place_kind,
    "words/place_endings": _place_ending,
    "words/place_layouts": _place_layout,
    "words/place_words": _place_word,
    "words/relative_words": _relative_word,
    "words/result_headers": _result_header,
    "words/sources": _source,
    "words/surnames": _surname,
    "words/town_words": _town_word,
    "words/tracking_numbers": _tracking_number,
    "words/village_words": _village_word,
    "words/zone_suffixes": _zone_suffix,
    "words/zone_words": _zone_word,
    "templates/rules/case_status": _letter_status,
    "aliases": _alias,
    "quarters": _quarter,
    "zones": _zone,
}
