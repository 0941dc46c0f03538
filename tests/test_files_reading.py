"""Every file is read or refused in one sentence; no row is lost."""

import csv
import io
import random
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.files import InputTable, iter_tables, read_table, recognise
from addrfix.files import decoding as decoding_module
from addrfix.files import reading as reading_module
from addrfix.model.errors import AddrfixError, BadInput, BadUsage

HEADER = "案件编号,姓名,地址,登记日期"
ONE = "A1,甲,北京市朝阳区甲路1号,2023-05-01"
TWO = "A2,乙,上海市徐汇区乙路2号,2023-05-02"


def read(folder: Path, data: bytes | str, name: str = "in.csv", **options: str) -> InputTable:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path, **options)


def cells(table: InputTable) -> list[tuple[object, ...]]:
    return table.frame.rows()


TWO_ROWS = [tuple(ONE.split(",")), tuple(TWO.split(","))]


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADER}\n{ONE}\n{TWO}\n".encode(),
        f"{HEADER}\n{ONE}\n{TWO}".encode(),
        f"{HEADER}\n{ONE}\n{TWO}\n\n\n".encode(),
        f"\ufeff{HEADER}\r\n{ONE}\r\n{TWO}\r\n".encode(),
        f"{HEADER}\r{ONE}\r{TWO}\r".encode(),
        f"{HEADER}\n{ONE}\n{TWO}\n".encode("gb18030"),
        f"{HEADER}\n{ONE}\n{TWO}\n".encode("utf-16"),
        f"{HEADER}\n{ONE}\n{TWO}\n".encode("utf-16-le"),
        f"{HEADER}\n{ONE}\n{TWO}\n".encode("utf-16-be"),
        f"{HEADER}\n{ONE}\n{TWO}\n".replace(",", "\t").encode(),
        f"{HEADER}\n{ONE}\n{TWO}\n".replace(",", ";").encode(),
        f"{HEADER}\n{ONE}\n{TWO}\n".replace(",", "|").encode(),
        f"sep=;\n{HEADER}\n{ONE}\n{TWO}\n".replace(",", ";").encode(),
        f"2026年委案清单,,,\n导出人：某,,,\n\n{HEADER}\n{ONE}\n{TWO}\n".encode(),
        f"2026年委案清单\n{HEADER}\n{ONE}\n{TWO}\n".encode(),
        ("\n".join('"' + line.replace(",", '","') + '"' for line in (HEADER, ONE, TWO))).encode(),
        f"{HEADER},\n{ONE},\n{TWO},\n".encode(),
    ],
)
def test_the_same_table_in_many_forms(tmp_path: Path, data: bytes) -> None:
    table = read(tmp_path, data)
    assert [row[:4] for row in cells(table)] == TWO_ROWS
    assert table.frame.columns[:4] == HEADER.split(",")
    assert table.unread == ()


@pytest.mark.parametrize("name", ["𬭎", "䶮", "㛃", "𠮷"])
def test_rare_characters_in_gb18030(tmp_path: Path, name: str) -> None:
    table = read(tmp_path, f"{HEADER}\nA1,{name},北京市,\n".encode("gb18030"))
    assert table.frame["姓名"].to_list() == [name]
    assert table.notes == ("in.csv was read as GB18030",)


def test_cells_stay_as_written(tmp_path: Path) -> None:
    row = ("007", " 甲 ", "1e5", "2023-5-1")
    table = read(tmp_path, HEADER + "\n" + ",".join(row))
    assert cells(table) == [row]
    assert set(table.frame.dtypes) == {pl.String}


def test_encoding_given(tmp_path: Path) -> None:
    data = f"{HEADER}\nA1,甲,臺北,\n".encode("big5", "replace")
    assert read(tmp_path, data, encoding="big5").frame["地址"].to_list() == ["臺北"]
    with pytest.raises(BadUsage, match="no such encoding"):
        read(tmp_path, data, encoding="klingon")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"%PDF-1.7\n", "a.csv", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.csv", "PNG"),
        (random.Random(1).randbytes(5000), "a.csv", "not a table"),
        (random.Random(2).randbytes(300), "a.txt", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", r"save it as \.xlsx"),
        (b"<html><table></table></html>", "a.xls", r"save it as \.xlsx"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "broken"),
        (b"PAR1" + bytes(100) + b"PAR1", "a.parquet", "broken Parquet"),
        (b"\x1f\x8b\x08" + bytes(50), "a.csv.gz", "unpack"),
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf", "a.csv", "empty"),
        (b"\n \n\n", "a.csv", "empty"),
        (b'[{"a":1},', "a.json", "not valid JSON"),
        (b'{"a"\n', "a.jsonl", "no line is a JSON object"),
        ("甲,11010119900307663X,北京市".encode(), "a.csv", "not headers"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, name: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        read(tmp_path, data, name)


def test_zip_and_missing_file_and_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(BadInput, match="ZIP archive"):
        read_table(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="folder"):
        read_table(tmp_path)


def test_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    for data in (HEADER, HEADER + "\n", HEADER + "\r\n\r\n"):
        table = read(tmp_path, data)
        assert table.frame.shape == (0, 4)
        assert [part.frame.shape for part in iter_tables(tmp_path / "in.csv")] == [(0, 4)]


def test_rows_with_too_few_or_too_many_cells_are_kept_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, f"{HEADER}\n{ONE}\nA3,丙\nA4,丁,北京,2023,多,余\n\n{TWO}\n")
    assert cells(table) == [
        TWO_ROWS[0],
        ("A3", "丙", None, None),
        ("A4", "丁", "北京", "2023,多,余"),
        (None, None, None, None),
        TWO_ROWS[1],
    ]
    assert table.unread == (
        "in.csv, line 3: 2 cells where the header has 4",
        "in.csv, line 4: 6 cells where the header has 4",
    )


@pytest.mark.parametrize("at", [0, 1])
def test_a_quotation_mark_never_closed_swallows_no_row(tmp_path: Path, at: int) -> None:
    rows = [ONE, TWO, ONE]
    rows[at] = rows[at].replace(",", ',"', 1)
    table = read(tmp_path, "\n".join([HEADER, *rows]))
    assert table.frame["案件编号"].to_list() == ["A1", "A2", "A1"]
    assert table.frame["登记日期"].to_list() == ["2023-05-01", "2023-05-02", "2023-05-01"]
    assert len(table.unread) == 1
    assert f"line {at + 2}: a quotation mark" in table.unread[0]


def test_two_quotation_marks_rows_apart_swallow_no_row(tmp_path: Path) -> None:
    rows = [ONE.replace("北京", '"北京'), TWO, TWO, ONE[:-10] + '2023"', TWO]
    table = read(tmp_path, "\n".join([HEADER, *rows]))
    assert table.frame["案件编号"].to_list() == ["A1", "A2", "A2", "A1", "A2"]


def test_quoted_line_ends_and_doubled_and_stray_marks(tmp_path: Path) -> None:
    table = read(tmp_path, f'{HEADER}\nA1,甲,"北京\n朝阳",\nA2,"""乙""",5"楼,\n{TWO}\n')
    assert table.frame["地址"].to_list() == ["北京\n朝阳", '5"楼', "上海市徐汇区乙路2号"]
    assert table.frame["姓名"].to_list() == ["甲", '"乙"', "乙"]
    assert table.unread == ()


def test_headers_that_repeat_or_are_blank(tmp_path: Path) -> None:
    table = read(tmp_path, "案件编号,地址,地址,\nA1,x,y,z\n")
    assert table.frame.columns == ["案件编号", "地址", "地址_duplicated_0", "column_4"]
    assert cells(table) == [("A1", "x", "y", "z")]
    assert len(table.notes) == 2


def test_nul_bytes_and_long_cells_pass(tmp_path: Path) -> None:
    table = read(tmp_path, f"{HEADER}\nA1,甲\0甲,{'长' * 10_000},\n")
    assert cells(table) == [("A1", "甲\0甲", "长" * 10_000, None)]


def test_mixed_encodings_are_read_line_by_line(tmp_path: Path) -> None:
    lines = [HEADER, ONE, TWO, ONE]
    for odd, main, other in ((2, "utf-8", "gb18030"), (3, "gb18030", "utf-8")):
        data = b"\n".join(
            line.encode(other if number == odd else main) for number, line in enumerate(lines)
        )
        table = read(tmp_path, data)
        assert table.frame["地址"].to_list() == [line.split(",")[2] for line in lines[1:]]
        assert any(f"from line {odd + 1} on" in note for note in table.notes)
        assert table.unread == ()


def test_bytes_that_fit_no_encoding_are_marked_and_told(tmp_path: Path) -> None:
    data = f"{HEADER}\n{ONE}\n".encode() + TWO.encode().replace(b"\xe4\xb9", b"\xff\xff")
    table = read(tmp_path, data)
    assert table.frame.height == 2
    assert "\ufffd" in table.frame["姓名"][1]
    assert table.unread == ("in.csv, line 3: bytes that do not decode were replaced by U+FFFD",)


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(f"{HEADER}\n{ONE}\n".encode("gb18030")))
    monkeypatch.setattr(sys, "stdin", stream)
    assert cells(read_table("-")) == TWO_ROWS[:1]


def test_json_lines_keep_numbers_and_rows(tmp_path: Path) -> None:
    data = '{"case_id":"007","n":1,"x":1.10}\nbroken\n{"case_id":8,"v":["a"],"o":{"k":1}}\n'
    table = read(tmp_path, data, "a.jsonl")
    assert table.frame.to_dict(as_series=False) == {
        "case_id": ["007", None, "8"], "n": [1, None, None], "x": ["1.10", None, None],
        "v": [None, None, ["a"]], "o": [None, None, '{"k": 1}'],
    }  # fmt: skip
    assert table.unread == ("a.jsonl, line 2: not a JSON object",)


def test_json_array(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"地址":"甲","手机号":13800000001},3]', "a.json")
    assert cells(table) == [("甲", 13800000001), (None, None)]
    assert len(table.unread) == 1


def test_parquet_keeps_types(tmp_path: Path) -> None:
    frame = pl.DataFrame({"地址": ["甲"], "n": [1], "d": [None]}, schema_overrides={"d": pl.Date})
    frame.write_parquet(tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").frame.equals(frame)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("说明").write_row(0, 0, ["导出说明"])
    sheet = book.add_worksheet("数据")
    sheet.merge_range(0, 1, 0, 3, "2026年委案清单")
    for column, header in enumerate(("案件编号", "姓名", "身份证号", "地址"), start=1):
        sheet.write(2, column, header)
    sheet.merge_range(3, 1, 5, 1, "A1")
    sheet.write_row(3, 2, ["甲", 110101199003070011, "北京市"])
    sheet.write_row(4, 2, ["甲", "11010119900307663X", "上海市"])
    sheet.write_row(5, 2, ["甲", "", "天津市"])
    sheet.write_row(7, 1, ["A2", "乙"])
    sheet.write_blank(20, 1, None, book.add_format({"bold": True}))
    book.close()
    return path


def test_workbook(workbook: Path) -> None:
    table = read_table(workbook)
    assert cells(table) == [
        ("A1", "甲", "110101199003070000", "北京市"),
        (None, "甲", "11010119900307663X", "上海市"),
        (None, "甲", None, "天津市"),
        (None, None, None, None),
        ("A2", "乙", None, None),
    ]
    assert [(m.header, m.first, m.last, m.value) for m in table.merged] == [
        ("案件编号", 1, 2, "A1")
    ]
    told = " ".join(table.notes)
    assert "sheet 数据 was read; not read: 说明" in told
    assert "1 title row above" in told
    assert "merged cells in 案件编号" in told


def test_sheet_can_be_chosen(workbook: Path) -> None:
    assert read_table(workbook, sheet="说明").frame.columns == ["导出说明"]
    with pytest.raises(BadUsage, match="it has 说明, 数据"):
        read_table(workbook, sheet="无")


def test_half_a_workbook_is_refused(workbook: Path) -> None:
    workbook.write_bytes(workbook.read_bytes()[:2000])
    with pytest.raises(BadInput, match="broken workbook"):
        read_table(workbook)


SMALL = st.text(alphabet='ab,"\n\r;甲乙\t\0 \U00020bb7', max_size=6)
ROW = st.tuples(SMALL, SMALL, SMALL, SMALL)


def _fits(row: tuple[str, ...]) -> bool:
    """Not a cell that looks like swallowed rows, nor one with an old Mac line end.

    (More than eight NUL bytes are taken for a file that is no table, see below.)
    """
    return not any(("\n" in cell and "," in cell) or "\r" in cell for cell in row)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ROW.filter(_fits), max_size=12).filter(
        lambda rows: sum(cell.count("\0") for row in rows for cell in row) <= 8
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_csv_writers_write_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], encoding: str
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER.split(","), *rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    table = read_table(path)
    assert table.frame.rows() == [tuple(cell or None for cell in row) for row in rows]
    assert table.unread == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet='ab,"\n;甲乙\t', max_size=6), max_size=20), st.integers(1, 40))
def test_the_answer_does_not_depend_on_how_the_file_is_cut(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], piece: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.csv"
    path.write_text("\n".join([HEADER, ONE, *lines, TWO]), encoding="utf-8", newline="")
    whole = read_table(path)
    with pytest.MonkeyPatch.context() as patch:
        # Pieces no smaller than the header, which is looked for in the first one.
        patch.setattr(reading_module, "PIECE", len(f"{HEADER}\n{ONE}\n".encode()) + piece)
        cut = read_table(path)
    assert cut.frame.rows() == whole.frame.rows()
    assert cut.unread == whole.unread
    parts = list(iter_tables(path, batch_rows=piece))
    assert [row for part in parts for row in part.frame.rows()] == whole.frame.rows()
    assert [part.first_row for part in parts] == [piece * n for n in range(len(parts))]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([".csv", ".jsonl", ".json", ".xlsx", ".parquet"]))
def test_no_bytes_bring_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"
    for content in (data, f"{HEADER}\n{ONE}\n".encode() + data + f"\n{TWO}\n".encode()):
        path.write_bytes(content)
        try:
            table = read_table(path)
        except AddrfixError as error:
            assert str(error)
        else:
            recognise(table.frame.columns)
            assert table.frame.width > 0


def test_a_piece_boundary_inside_a_character_is_no_boundary() -> None:
    data = f"{HEADER}\n{ONE}\n".encode("gb18030")
    pieces = (data[n : n + 1] for n in range(len(data)))
    decoder = decoding_module.Decoder("a.csv", "gbk")
    assert "".join(decoder.texts(pieces)) == f"{HEADER}\n{ONE}\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read_when_it_is_named(tmp_path: Path, codec: str) -> None:
    data = "\n".join([HEADER, ONE, TWO]).encode(codec)
    assert cells(read(tmp_path, data, encoding=codec)) == TWO_ROWS
    if codec == "utf-16-le":
        assert cells(read(tmp_path, data, encoding="utf-16")) == TWO_ROWS
        assert cells(read(tmp_path, b"\xff\xfe" + data, encoding="UTF-16")) == TWO_ROWS


@pytest.mark.parametrize("encoding", ["utf-32", "idna", "punycode", "rot13", "hex", "utf-7", "hz"])
def test_what_is_no_encoding_of_files_is_wrong_usage(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadUsage, match="gb18030"):
        read(tmp_path, "\n".join([HEADER, ONE]), encoding=encoding)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be",
     "big5", "latin-1", "cp1252", "ascii"],
)  # fmt: skip
@given(data=st.binary(min_size=1, max_size=200))
def test_any_bytes_in_any_encoding_are_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for content in (data, HEADER.encode() + b"\n" + data):
        try:
            read(folder, content, encoding=encoding)
        except AddrfixError as error:
            assert "in.csv" in str(error)


def test_a_file_that_is_not_in_utf16_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"in\.csv is not in UTF-16"):
        read(tmp_path, "\n".join([HEADER, ONE]), encoding="utf-16")
