"""Broken encodings, English and pinyin, masks: as the golden lines say, and never by mistake."""

from __future__ import annotations

import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st
from span_order import assert_spans_lie_in_order

from addrfix.flow.clean import Engine
from addrfix.knowledge import words
from addrfix.model.nouns import ResolvedAddress
from addrfix.places.gazetteer import open_gazetteer
from addrfix.reading.latin import is_latin
from addrfix.reading.latin_words import joined, latin_words
from addrfix.reading.reader import common_texts
from addrfix.text.mojibake import Mojibake

GOLDEN = lines("dirty")
CLEAN = [line["address"] for line in lines("reading") if any(c >= "一" for c in line["address"])]
LEVELS = ("province", "city", "district", "town", "village")
FOREIGN = ["Zürich", "Café", "Straße", "Århus", "naïve", "20°", "·", "é", "Łódź", "Ñandú", "A座"]
ACCIDENTS = (
    ("utf-8", "gbk"),
    ("utf-8", "gb18030"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("gbk", "latin-1"),
)


@pytest.fixture(scope="module")
def mojibake(reading: Engine) -> Mojibake:
    return Mojibake(common_texts(reading.index.names))


def _written(address: str, place: ResolvedAddress) -> dict[str, str]:
    return {
        "spans": "".join(f"[{label} {address[a:b]}]" for a, b, label in place.spans) or "-",
        "divisions": "/".join(getattr(place, level) or "-" for level in LEVELS),
        "verdict": place.verdict,
        "issues": "|".join(place.issues) or "-",
        "standardized": place.standardized or "-",
    }


@pytest.mark.parametrize("line", GOLDEN, ids=[line["note"] for line in GOLDEN])
def test_golden_line(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["address"]])
    found = _written(line["address"], place)
    wanted = {name: line[name] for name in found if line[name]}
    assert {name: found[name] for name in wanted} == wanted


def test_no_name_of_a_division_is_taken_for_broken_text(mojibake: Mojibake) -> None:
    with open_gazetteer().connect() as connection:
        divisions = connection.execute("SELECT name FROM division").fetchall()
        villages = connection.execute(
            "SELECT d.name || v.name FROM village v JOIN division d ON d.id = v.county_id"
        ).fetchall()
    assert len(villages) > 600_000
    assert [name for (name,) in (*divisions, *villages) if mojibake.repair(name)] == []


def test_no_clean_address_is_taken_for_broken_text(mojibake: Mojibake) -> None:
    traditional = str.maketrans({row["to"]: row["from"] for row in words("script_variants")})
    assert CLEAN
    for address in CLEAN:
        assert mojibake.repair(address) is None
        assert mojibake.repair(address.translate(traditional)) is None


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12),
        st.lists(st.sampled_from(FOREIGN), max_size=6).map(" ".join),
    )
)
def test_ordinary_text_stays(mojibake: Mojibake, text: str) -> None:
    assert mojibake.repair(text) is None


@pytest.mark.parametrize(("meant", "read"), ACCIDENTS)
def test_broken_text_is_made_whole(mojibake: Mojibake, meant: str, read: str) -> None:
    addresses = [a for a in CLEAN if len(a) > 12]
    if meant == "gbk":
        addresses = [a for a in addresses if a == a.encode("gb2312", "ignore").decode("gb2312")]
    exact = 0
    for address in addresses:
        broken = address.encode(meant).decode(read, "replace")
        repaired = mojibake.repair(broken)
        assert repaired is not None, address
        exact += repaired.text == address
        end = 0
        for start, stop in zip(repaired.starts, repaired.ends, strict=True):
            assert end <= start < stop <= len(broken)
            end = stop
    # Latin-1 keeps every byte; the others lose some, and a lost one is a guess.
    assert exact >= len(addresses) * (0.97 if read == "latin-1" else 0.6)


_WORDS = """Room 501 Building 3 Hangzhou Xihu District Qu Road Lu No. 12 , Zhejiang China
 310000 Xi'an Town # ( ) 5/F 3-2-501 Autonomous Region 娴欐睙鐪 佹澀宸炲競 æµ™æ±Ÿ çœ Õã½­
 � ? 浙江省 ü *"""
_TEXTS = st.lists(st.sampled_from([*_WORDS.split(), " ", "", ", "]), max_size=14)


@settings(max_examples=300, deadline=None)
@given(pieces=_TEXTS, glue=st.sampled_from(["", " "]))
def test_spans_lie_in_the_raw_text_in_order(reading: Engine, pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    _, [place] = reading.read([text])
    assert_spans_lie_in_order(text, place)


@pytest.mark.parametrize("row", words("latin_names"), ids=lambda row: str(row["name"]))
def test_a_latin_name_means_its_division(reading: Engine, row: dict[str, str]) -> None:
    index = reading.index
    division = index.codes.index(row["code"])
    above = [row["name"]]
    step = index.parents[division]
    while step >= 0:
        above.append(index.pinyin[step])
        step = index.parents[step]
    _, [place] = reading.read([f"Yuntai Road 12, {', '.join(above)}"])
    assert index.names[division] == row["means"]
    assert row["means"] in (place.province, place.city, place.district) or place.candidates


@pytest.mark.parametrize(
    "row", words("latin_words"), ids=lambda row: f"{row['role']} {row['word']}"
)
def test_a_latin_word_has_its_example(reading: Engine, row: dict[str, str]) -> None:
    assert joined(row["word"]) in joined(row["example"])
    if row["role"] in ("name", "before", "after"):
        parsed, _ = reading.read([f"{row['example']}, Hangzhou"])
        labels = {span.label.value for span in parsed[0].spans}
        assert row["label"] in labels or "district" in labels
    assert latin_words().names


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Yuntai Road 12, Hangzhou", True),
        ("Hángzhōu Xīhú Qū", True),
        ("A座501", False),
        ("3-2-501", False),
        ("N/A", False),
        ("浙江省杭州市ABC International Building, Room 501", False),
        ("", False),
    ],
)
def test_only_text_in_latin_letters_is_read_so(text: str, latin: bool) -> None:
    assert is_latin(text) is latin
