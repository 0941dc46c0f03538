"""The line for the envelope: address elements alone, whatever stands around the address."""

from __future__ import annotations

import re

import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.flow.clean import Engine
from addrfix.knowledge import words
from addrfix.model.nouns import ParsedAddress, ResolvedAddress
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.names import is_plain_name, looks_like_name
from addrfix.reading.asides.notes import take_notes
from addrfix.text.id_numbers import has_check_digit

DRESSED = lines("line")
CLEAN = (
    "江苏省徐州市泉山区云台路8号",
    "江苏省徐州市泉山区云台路8号云台小区3栋502室",
    "浙江省杭州市余杭区良渚街道云帆苑12幢2单元1203室",
    "四川省成都市高新区云台大道128号云台国际中心B座1506",
    "内蒙古自治区包头市达尔罕茂明安联合旗百灵庙镇云台街6号",
)
ADDRESS = frozenset(label.value for label in SpanLabel)
MARKS = frozenset(" ,.;:，。；：、_|·-()[]{}<>/\\&+#?!~=\"'“”*")


def _dressed(form: str, address: str) -> str:
    return form.replace("\\n", "\n").format(a=address)


@pytest.mark.parametrize("row", DRESSED, ids=[row["dressed"] for row in DRESSED])
def test_a_dressed_address_keeps_its_line(reading: Engine, row: dict[str, str]) -> None:
    texts = [*CLEAN, *(_dressed(row["dressed"], address) for address in CLEAN)]
    places = reading.read(texts)[1]
    for plain, dressed in zip(places, places[len(CLEAN) :], strict=False):
        assert dressed.standardized == plain.standardized
        for name, found in (("recipient", dressed.text_recipient), ("phone", dressed.text_phone)):
            if row[name]:
                assert (found or "-") == row[name]


PLACES = lines("line_places")


@pytest.mark.parametrize("row", PLACES, ids=[row["address"] for row in PLACES])
def test_what_looks_like_an_aside_and_is_address_stays(
    reading: Engine, row: dict[str, str]
) -> None:
    [place] = reading.read([row["address"]])[1]
    assert row["kept"] in (place.standardized or "")
    assert place.unread is None


_ROADS = ("云台路", "云帆大道", "云杉街", "云溪巷", "望云东路", "三元里大街")
_ESTATES = ("云台小区", "云帆苑", "云杉国际", "云水人家", "云湖一号院", "老干部宿舍")
_DIVISIONS = (
    "江苏省徐州市泉山区", "浙江省杭州市余杭区良渚街道", "四川省成都市武侯区",
    "湖北省仙桃市沔城回族镇",
    "北京市朝阳区来广营乡", "重庆市忠县忠州街道", "山东省青岛市市南区", "山东省济南市市中区",
    "河南省郑州市金水区", "广东省广州市番禺区石壁街道", "云南省丽江市玉龙纳西族自治县",
)  # fmt: skip
_DOORS = ("8号", "8号3栋502室", "128-2号", "8号3栋2单元1203", "66弄12号301室", "8号附2号")
_clean = st.one_of(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(_DIVISIONS), st.sampled_from(_ROADS), st.sampled_from(_DOORS), st.just(""),
    ),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(_DIVISIONS), st.sampled_from(_ESTATES),
        st.sampled_from(("3栋502室", "12幢2单元1203室", "A座1506", "3-2-502", "5号楼")),
        st.just(""),
    ),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(_DIVISIONS[:4]), st.sampled_from(("云台村", "云溪村", "上云社区")),
        st.sampled_from(("3组12号", "5组", "12号")), st.just(""),
    ),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(address=_clean)
def test_a_clean_text_is_its_own_line(reading: Engine, address: str) -> None:
    [place] = reading.read([address])[1]
    assert place.standardized == address
    assert place.unread is None


def _assert_accounted(address: ParsedAddress) -> None:
    position = 0
    for element in address.elements:
        assert element.start == position < element.end
        position = element.end
    assert position == len(address.written)


def _assert_explained(address: ParsedAddress, place: ResolvedAddress) -> None:
    """The line is official names, then pieces of address elements in order, marks between them."""
    line = place.standardized or ""
    names = "".join(
        dict.fromkeys(n for n in (place.province, place.city, place.district, place.town) if n)
    )
    assert line.startswith(names)
    rest = line[len(names) :]
    pieces = [address.written[e.start : e.end] for e in address.elements if e.kind.value in ADDRESS]
    for piece in pieces:
        if piece and rest.startswith(piece):
            rest = rest[len(piece) :].lstrip("".join(MARKS))
        else:
            rest = rest.lstrip("".join(MARKS))
            if rest.startswith(piece):
                rest = rest[len(piece) :].lstrip("".join(MARKS))
    letters = {c for piece in pieces for c in piece}
    assert all(character in letters or character in MARKS for character in rest)


_FORMS = [row["dressed"] for row in DRESSED]
_SCRAPS = [
    "王小强",
    "13800000001",
    "中国",
    "（",
    "）",
    " ",
    "，",
    "请",
    "收",
    "市辖区",
    "栋",
    "[7839]",
    "的话",
]


@settings(max_examples=300, deadline=None)
@given(
    form=st.sampled_from(_FORMS),
    second=st.sampled_from(_FORMS),
    address=_clean,
    scraps=st.lists(st.sampled_from(_SCRAPS), max_size=3).map("".join),
)
def test_every_character_is_accounted_for_and_the_line_is_explained(
    reading: Engine, form: str, second: str, address: str, scraps: str
) -> None:
    text = _dressed(second, _dressed(form, address)) + scraps
    [parsed], [place] = reading.read([text])
    _assert_accounted(parsed)
    _assert_explained(parsed, place)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_accounted_for(reading: Engine, text: str) -> None:
    [parsed], _ = reading.read([text])
    _assert_accounted(parsed)


def test_kinds_of_elements_hold_all_labels_of_spans() -> None:
    assert [kind.value for kind in ElementKind][: len(SpanLabel)] == [s.value for s in SpanLabel]


@pytest.mark.parametrize("word", word_class("note_say"))
def test_a_note_is_found_by_its_signs(word: str) -> None:
    canvas = Canvas(f"云台路8号,{word}", f"云台路8号,{word}")
    take_notes(canvas)
    assert canvas.has(ElementKind.COURIER_NOTE)


@pytest.mark.parametrize("row", words("given_characters"), ids=lambda row: str(row["character"]))
def test_a_character_of_given_names_makes_one(row: dict[str, str]) -> None:
    assert row["character"] in row["example"] and is_plain_name(row["example"])


@pytest.mark.parametrize(
    ("piece", "name"),
    [("王小强", True), ("欧阳雪", True), ("赵国栋", True), ("人民路", False), ("王家庄", False),
     ("金华市", False), ("高新区", False), ("马云花园", False)],
)  # fmt: skip
def test_a_name_is_told_from_a_place(piece: str, name: bool) -> None:
    assert looks_like_name(piece) is name


@pytest.mark.parametrize(
    ("number", "holds"),
    [("110101199001011237", True), ("110101199001011238", False), ("32030219900101123X", False)],
)
def test_check_digits_are_checked(reading: Engine, number: str, holds: bool) -> None:
    assert has_check_digit(number) is holds
    [parsed], [place] = reading.read([f"江苏省徐州市泉山区云台路8号 {number}"])
    assert ("id_no_check_digit" in place.issues) is not holds
    assert (parsed.id_no is not None) is holds


def test_text_that_is_mostly_unread_is_told(reading: Engine) -> None:
    _, places = reading.read(
        [
            "江苏省徐州市泉山区云台路8号，后面的文字用来看断句",
            "江苏省徐州市，这是一段没有什么用的文字，后面的文字也是用来看断句的",
        ]
    )
    assert [place.verdict for place in places] == ["deliverable", "missing_detail"]
    assert places[0].unread == "后面的文字用来看断句"
    assert all("unread_text" in place.issues for place in places)


@pytest.mark.parametrize("row", words("radicals"), ids=lambda row: str(row["name"]))
def test_a_radical_is_the_character_it_stands_for(reading: Engine, row: dict[str, str]) -> None:
    [parsed], _ = reading.read([f"云台路8号{row['from']}苑"])
    assert parsed.written == f"云台路8号{row['to']}苑"


def test_patterns_of_asides_are_told_apart_from_addresses() -> None:
    for name in ("note_core", "id_number", "phone_mobile", "filler_level"):
        assert not any(re.search(pattern(name), address) for address in CLEAN)
