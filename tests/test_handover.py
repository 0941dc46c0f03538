"""approve, cancel, handover: what goes to print house and post, and what never does."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import zxingcpp
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import AS_OF, SENDER, case, cases, picks
from test_batch_documents import folder, made, paper

from addrfix.carriers.binding_files import recognise_bindings
from addrfix.cli import approve, cancel, handover
from addrfix.dispatch.folder import file_sha256, write_json
from addrfix.dispatch.pdf_pages import picked_pages
from addrfix.dispatch.records import sample_of
from addrfix.files import read_table
from addrfix.flow.batch_approval import approve as approved
from addrfix.flow.bind import BindOptions, bind
from addrfix.flow.cancel import cancel as cancelled
from addrfix.flow.handover import hand_over
from addrfix.flow.handover_settings import handover_settings, label_sheet
from addrfix.flow.label_drawing import labels_pdf
from addrfix.flow.letters import make_batch
from addrfix.flow.numbers import (
    NumberSource,
    add_range,
    number_store,
)
from addrfix.flow.report import report_figures
from addrfix.flow.track import track
from addrfix.flow.verify import verify_batch
from addrfix.model.errors import BadInput, BadUsage, BatchProblem

NAMES = ("王小满", "陈𬭎", "龚䶮㛃", "欧阳一二", "买买提·吐尔逊", "路云杉")
LONG = (
    "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县纳达齐牛录乡"
    "样张村3组12号综合服务中心大楼2单元1604室"
)
DAY = date(2026, 7, 2)
PRODUCT = "registered_letter"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of six letters with numbers of a store, made by 张三."""
    home = tmp_path_factory.mktemp("handover")
    (home / "key").write_bytes(b"a secret of the tests only")
    store = number_store(home / "numbers.journal")
    add_range(store, PRODUCT, "XA00000000100", "XA00000000109", DAY)
    frame = cases(*(case(n, name=name) for n, name in enumerate(NAMES)))
    make_batch(
        picks(frame), frame, template="lawyer_letter", sender=SENDER, out=home / "batch",
        as_of=AS_OF, progress=False, secret=home / "key",
        numbers_from=NumberSource(store, PRODUCT), made_by="张三",
    )  # fmt: skip
    return home / "batch"


@pytest.fixture
def batch(whole: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(whole, tmp_path / "batch"))


@pytest.fixture
def ids(batch: Path) -> list[str]:
    return list(pl.read_parquet(batch / "manifest.parquet")["letter_id"])


def run(command: Any, *arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments), "--as-of", "2026-07-02"])


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [document[at].get_textpage().get_text_range() for at in range(len(document))]


def listed(folder: Path) -> list[dict[str, str]]:
    text = (folder / "manifest_utf8.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_without_approval_no_file_is_written(batch: Path, tmp_path: Path) -> None:
    stopped = run(handover.command, batch, "-o", tmp_path / "out")
    assert isinstance(stopped.exception, BatchProblem)
    assert "nobody has approved it" in str(stopped.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch"]
    looked = run(approve.command, batch)
    assert "sample: 6 of 6 letters" in looked.stderr and "not approved" in looked.stderr
    assert isinstance(run(handover.command, batch, "-o", tmp_path / "out").exception, BatchProblem)


def test_the_sample_can_be_drawn_again_and_is_looked_at_as_one_file(batch: Path) -> None:
    approved(batch, None, DAY)
    before = files(batch)
    approved(batch, None, date(2026, 9, 9))
    assert files(batch) == before
    assert len(texts(batch / "sample" / "sample.pdf")) == 12
    rows = read_table(batch / "sample" / "sample.csv").frame
    assert rows["page"].to_list() == ["1", "3", "5", "7", "9", "11"]
    for name, page in zip(NAMES, range(0, 12, 2), strict=True):
        assert name in texts(batch / "sample" / "sample.pdf")[page].replace("\u200b", "")
    assert verify_batch(batch, progress=False).differences == []


@given(count=st.integers(0, 4000), seed=st.integers(0, 99))
def test_a_sample_is_a_hundredth_and_at_least_thirty(count: int, seed: int) -> None:
    letters = [f"L{place}" for place in range(count)]
    sample = sample_of(letters, f"{seed:064x}")
    assert len(sample) == len(set(sample)) == min(count, max(30, -(-count // 100)))
    assert sample == [letter for letter in letters if letter in set(sample)]
    # Who shuffles the letters gets the same sample; another batch gets another one.
    assert set(sample_of(letters[::-1], f"{seed:064x}")) == set(sample)
    if count > 200:
        assert sample_of(letters, f"{seed + 100:064x}") != sample


@pytest.mark.parametrize("who", ["张三", " 张 三 "])
def test_who_made_the_batch_does_not_approve_it(batch: Path, who: str) -> None:
    with pytest.raises(BadUsage, match="made the batch; a second person has to approve it"):
        approved(batch, who, DAY)
    with pytest.raises(BadUsage, match="say who approves"):
        approved(batch, "  ", DAY)
    assert not (batch / "approval.json").exists()


def test_an_approval_stays_and_holds_for_this_batch_only(batch: Path, tmp_path: Path) -> None:
    assert "approved by 李四 on 2026-07-02" in run(approve.command, batch, "--by", "李四").stderr
    assert "already approved by 李四" in run(approve.command, batch, "--by", "王五").stderr
    record = json.loads((batch / "approval.json").read_text(encoding="utf-8"))
    assert record["approved_by"] == "李四" and len(record["sample"]) == 6
    assert record["sample_sha256"] == file_sha256(batch / "sample" / "sample.pdf")
    write_json(batch / "approval.json", record | {"batch_sha256": "0" * 64})
    with pytest.raises(BatchProblem, match="of a batch with another hash"):
        hand_over(batch, tmp_path / "out", DAY)
    assert any("approval.json" in line for line in verify_batch(batch, progress=False).differences)


@pytest.fixture
def handed(batch: Path, tmp_path: Path) -> Path:
    approved(batch, "李四", DAY)
    hand_over(batch, tmp_path / "out", DAY)
    return tmp_path / "out"


def test_what_is_handed_over(batch: Path, handed: Path, ids: list[str]) -> None:
    assert sorted(files(handed)) == [
        "SHA256SUMS", "handover.pdf", "labels.pdf", "manifest.xlsx", "manifest_gb18030.csv",
        "manifest_utf8.csv", "print/0001.pdf",
    ]  # fmt: skip
    assert (handed / "print/0001.pdf").read_bytes() == (batch / "print/0001.pdf").read_bytes()
    rows = listed(handed)
    assert list(rows[0]) == list(handover_settings().columns.values())
    assert [row["函件编号"] for row in rows] == ids
    assert [row["收件人"] for row in rows] == list(NAMES)
    assert [row["起始页"] for row in rows] == ["1", "3", "5", "7", "9", "11"]
    text = (handed / "manifest_utf8.csv").read_text(encoding="utf-8-sig")
    assert (handed / "manifest_gb18030.csv").read_bytes().decode("gb18030") == text
    book = read_table(handed / "manifest.xlsx").frame
    assert book["邮件号"].to_list() == [row["邮件号"] for row in rows]
    record = json.loads((batch / "handover.json").read_text(encoding="utf-8"))
    assert (record["letters"], record["pages"], record["cancelled"]) == (6, 12, 0)
    assert verify_batch(batch, progress=False).differences == []


def test_nothing_private_leaves_the_house(batch: Path, handed: Path) -> None:
    hidden = pl.read_parquet(batch / "private" / "picks.parquet")
    secrets = {str(value) for name in ("case_id", "id_no", "contract_no") for value in hidden[name]}
    secrets |= set(pl.read_parquet(batch / "manifest.parquet")["case_id_hash"])
    outside = (handed / "manifest_utf8.csv").read_text(encoding="utf-8-sig")
    outside += "".join(texts(handed / "handover.pdf") + texts(handed / "labels.pdf"))
    assert len(secrets) > 10
    assert [secret for secret in secrets if secret in outside] == []


def test_hashes_to_sign_are_those_of_the_files(batch: Path, handed: Path) -> None:
    lines = (handed / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert sums == {
        name: digest
        for name, digest in files(handed).items()
        if name not in ("SHA256SUMS", "handover.pdf")
    }
    [page] = texts(handed / "handover.pdf")
    batch_hash = json.loads((batch / "batch.json").read_text(encoding="utf-8"))["batch_sha256"]
    wanted = (
        "函件交接单", "样张", "张三", "李四", "2026-07-02", "中国邮政 挂号信函", batch_hash,
        file_sha256(handed / "SHA256SUMS"), sums["print/0001.pdf"], "经办人签字",
    )  # fmt: skip
    squeezed = "".join(page.split())
    assert [text for text in wanted if "".join(text.split()) not in squeezed] == []


def test_handed_over_again_is_the_same_to_the_byte(
    batch: Path, handed: Path, tmp_path: Path
) -> None:
    again = run(handover.command, batch, "-o", tmp_path / "again")
    assert "already handed over on 2026-07-02" in again.stderr
    assert files(tmp_path / "again") == files(handed)
    with pytest.raises(BadUsage, match="exists and is not empty"):
        hand_over(batch, handed, DAY)


def test_after_the_hand_over_nothing_is_cancelled(
    batch: Path, handed: Path, ids: list[str]
) -> None:
    with pytest.raises(BatchProblem, match="handed over on 2026-07-02: no letter"):
        cancelled(batch, [ids[0]], DAY)
    assert not (batch / "cancellations.parquet").exists()


def test_a_cancelled_letter_is_in_no_file_that_goes_out(
    batch: Path, ids: list[str], tmp_path: Path
) -> None:
    told = run(cancel.command, batch, ids[1].lower(), ids[4], "--reason", "已还款")
    assert "2 letters cancelled, 2 of 6 in all" in told.stderr
    assert "0 letters cancelled, 2 of 6" in run(cancel.command, batch, ids[4]).stderr
    approved(batch, "李四", DAY)
    done = hand_over(batch, tmp_path / "out", DAY)
    assert (done.letters, done.cancelled) == (4, 2)
    out = tmp_path / "out"
    assert [path.name for path in (out / "print").iterdir()] == ["0001r.pdf"]
    rows = listed(out)
    assert [row["序号"] for row in rows] == ["1", "3", "4", "6"]
    pages = texts(out / "print/0001r.pdf")
    assert len(pages) == 8
    for row in rows:
        assert row["打印文件"] == "print/0001r.pdf"
        for page in range(int(row["起始页"]), int(row["结束页"]) + 1):
            assert row["函件编号"] in pages[page - 1]
    gone = (ids[1], ids[4], NAMES[1], NAMES[4])
    whole_text = "".join(pages + texts(out / "labels.pdf")) + "".join(map(str, rows))
    assert [name for name in gone if name in whole_text] == []
    assert verify_batch(batch, progress=False).differences == []


def test_a_cancelled_letter_is_cancelled_for_track_and_report(
    batch: Path, ids: list[str], tmp_path: Path
) -> None:
    cancelled(batch, ids[:1], DAY)
    assert not (batch / "outcomes.parquet").exists()
    assert report_figures([batch], as_of=date(2026, 8, 1)).total.cancelled == 1
    track(batch, [])
    cancelled(batch, ids[:2], DAY)
    table = pl.read_parquet(batch / "outcomes.parquet")
    assert table["outcome"].to_list() == ["cancelled", "cancelled", *["in_transit"] * 4]
    assert table["return_reason"].to_list()[:2] == ["RECALLED"] * 2
    assert table["final_on"].to_list()[:2] == [DAY] * 2
    results = tmp_path / "results.csv"
    results.write_text(
        "邮件号,操作码,操作时间\nXA00000000101,704,2026-07-05\nXA00000000102,704,2026-07-05\n",
        encoding="utf-8",
    )
    assert track(batch, [results]).outcomes == {"cancelled": 1, "in_transit": 3, "signed": 2}
    # The carrier delivered one after all: that is what became of it.
    assert pl.read_parquet(batch / "outcomes.parquet")["outcome"][1] == "signed"
    assert pl.read_parquet(batch / "events.parquet").height == 2
    # It leaves every rate, since nobody meant to send it.
    total = report_figures([batch], as_of=date(2026, 8, 1)).total
    assert (total.mailed, total.cancelled) == (6, 2)


def test_a_strange_letter_cancels_nothing(batch: Path, ids: list[str]) -> None:
    with pytest.raises(BadInput, match="nothing was cancelled"):
        cancelled(batch, [ids[0], "7K3F9Q2M-000123-7"], DAY)
    assert not (batch / "cancellations.parquet").exists()


def test_all_letters_of_a_file_cancelled(batch: Path, ids: list[str], tmp_path: Path) -> None:
    cancelled(batch, ids, DAY)
    approved(batch, "李四", DAY)
    done = hand_over(batch, tmp_path / "out", DAY)
    assert (done.letters, done.print_files) == (0, 0)
    assert listed(tmp_path / "out") == []


def test_the_list_that_comes_back_can_be_bound(batch: Path, ids: list[str], tmp_path: Path) -> None:
    headers = list(handover_settings().columns.values())
    assert recognise_bindings(headers).keys() >= {"tracking_no", "letter_id", "position"}
    cancelled(batch, [ids[0]], DAY)
    approved(batch, "李四", DAY)
    hand_over(batch, tmp_path / "out", DAY)
    back = tmp_path / "out" / "manifest_gb18030.csv"
    assert bind(batch, back, BindOptions(), DAY).new == 0
    changed = back.read_bytes().replace(b"XA00000000105", b"XA00000000199")
    (tmp_path / "back.csv").write_bytes(changed)
    done = bind(batch, tmp_path / "back.csv", BindOptions(replace=True), DAY)
    assert (done.new, done.replaced) == (1, 1)
    hand_over(batch, tmp_path / "again", DAY)
    assert listed(tmp_path / "again")[-1]["邮件号"] == "XA00000000199"


@pytest.mark.parametrize("name", ["print/0001.pdf", "batch.json"])
def test_a_changed_batch_is_neither_approved_nor_handed_over(
    batch: Path, tmp_path: Path, name: str
) -> None:
    approved(batch, "李四", DAY)
    content = (batch / name).read_bytes()
    (batch / name).write_bytes(content.replace(b"2026", b"2025") + b" ")
    with pytest.raises(BatchProblem, match="addrfix verify"):
        hand_over(batch, tmp_path / "out", DAY)
    with pytest.raises(BatchProblem, match="addrfix verify"):
        approved(batch, "王五", DAY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch"]


def _label_rows(count: int) -> Iterator[dict[str, Any]]:
    for place in range(count):
        yield {
            "position": place + 1, "recipient": NAMES[place % 6], "postcode": "410205",
            "standardized": LONG if place % 3 else "湖南省样张县云台镇样张村3组12号",
            "letter_id": f"7K3F9Q2M-{place:06d}-7", "tracking_no": f"XA{place:011d}",
        }  # fmt: skip


@pytest.mark.parametrize("name", [None, "a4_3x7", "a4_2x7"])
def test_labels_lie_on_their_sheet_and_scan(name: str | None) -> None:
    sheet = label_sheet(name)
    per_page = sheet.columns * sheet.rows
    rows = list(_label_rows(per_page + 1))
    content = labels_pdf(rows, sheet, "labels", DAY)
    assert content == labels_pdf(rows, sheet, "labels", DAY)
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == 2
        page = document[0]
        image = page.render(scale=300 / 72, grayscale=True).to_pil()
        found = {code.text: code.position for code in zxingcpp.read_barcodes(image)}
        assert found.keys() == {row["tracking_no"] for row in rows[:per_page]}
        dots = 300 / 25.4
        text_page = page.get_textpage()
        for place, row in enumerate(rows[:per_page]):
            down, across = divmod(place, sheet.columns)
            left = sheet.left + across * (sheet.width + sheet.gap_x)
            top = sheet.top + down * (sheet.height + sheet.gap_y)
            corner = found[row["tracking_no"]].top_left
            assert left < corner.x / dots < left + sheet.width
            assert top < corner.y / dots < top + sheet.height
            box = [mm / 25.4 * 72 for mm in (left, top, left + sheet.width, top + sheet.height)]
            text = text_page.get_text_bounded(box[0], 841.89 - box[3], box[2], 841.89 - box[1])
            squeezed = "".join(text.split())
            for part in (row["recipient"], row["standardized"], row["postcode"]):
                assert part in squeezed


def test_an_unknown_sheet_of_labels_is_told(batch: Path, tmp_path: Path) -> None:
    approved(batch, "李四", DAY)
    with pytest.raises(BadUsage, match="there are a4_3x8, a4_3x7"):
        hand_over(batch, tmp_path / "out", DAY, labels="b5")


def test_pages_that_were_left_out_are_not_in_the_file(batch: Path) -> None:
    content = picked_pages([(batch / "print/0001.pdf", [3, 4])], DAY)
    assert content == picked_pages([(batch / "print/0001.pdf", [3, 4])], DAY)
    assert len(content) < (batch / "print/0001.pdf").stat().st_size
    assert b"CreationDate(D:20260702000000" in content
    with pytest.raises(BatchProblem, match="pages cannot be read"):
        picked_pages([(batch / "print/0001.pdf", [99])], DAY)


def test_a_letter_is_known_by_its_case_too(batch: Path, ids: list[str]) -> None:
    told = run(cancel.command, batch, ids[0], "--case", "C0000", "--case", "C0003")
    assert "2 letters cancelled, 2 of 6 in all" in told.stderr
    gone = pl.read_parquet(batch / "cancellations.parquet")["letter_id"].to_list()
    assert gone == [ids[0], ids[3]]
    strange = run(cancel.command, batch, ids[1], "--case", "C9999").exception
    assert "C9999: no letter in" in str(strange) and "held.csv" in str(strange)
    assert "name letters, or cases" in str(run(cancel.command, batch).exception)
    shutil.rmtree(batch / "private")
    assert isinstance(run(cancel.command, batch, "--case", "C0001").exception, BatchProblem)
    assert "1 letter cancelled, 3 of 6" in run(cancel.command, batch, ids[1]).stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("approval.json", "{}"),
        ("approval.json", '{"approved_on": "soon", "approved_by": "x", "batch_sha256": "x"}'),
        ("approval.json", "[1]"),
        ("handover.json", '{"handed_over_on": 7}'),
        ("cancellations.parquet", "PAR1"),
        ("bindings.parquet", "PAR1"),
    ],
)
def test_a_damaged_record_is_told_in_one_sentence(
    batch: Path, tmp_path: Path, name: str, content: str
) -> None:
    approved(batch, "李四", DAY)
    (batch / name).write_text(content, encoding="utf-8")
    with pytest.raises(BatchProblem, match=f"{name}.* damaged"):
        hand_over(batch, tmp_path / "out", DAY)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_neither_folder_nor_record(
    batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    approved(batch, "李四", DAY)
    with monkeypatch.context() as broken:
        broken.setattr("addrfix.flow.handover.shutil.copyfile", full)
        with pytest.raises(BatchProblem, match=r"somewhere cannot be used .No space left"):
            hand_over(batch, tmp_path / "out", DAY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch"]
    assert not (batch / "handover.json").exists()
    assert hand_over(batch, tmp_path / "out", DAY).is_new


def test_documents_behind_a_letter_leave_with_it(tmp_path: Path) -> None:
    """Odd numbers of pages, so that each letter is followed by an empty back."""
    papers = {f"d{number}.pdf": paper(1, word=f"paper{number}-") for number in range(3)}
    rows = "".join(f"C000{n},d{n}.pdf,传票,示例法院,（2026）湘0104民初{n}号\n" for n in range(3))
    table = folder(tmp_path, rows, **{name[:2]: content for name, content in papers.items()})
    made(tmp_path, cases(*(case(n, name=name) for n, name in enumerate(NAMES[:3]))), table)
    batch = tmp_path / "batch"
    ids = list(pl.read_parquet(batch / "manifest.parquet")["letter_id"])
    cancelled(batch, [ids[1]], DAY)
    approved(batch, "李四", DAY)
    hand_over(batch, tmp_path / "out", DAY)
    pages = texts(tmp_path / "out" / "print" / "0001r.pdf")
    assert [row["起始页"] for row in listed(tmp_path / "out")] == ["1", "5"]
    found = [next((n for n in range(3) if f"paper{n}-" in page), None) for page in pages]
    assert found == [None, None, 0, None, None, None, 2, None]
    assert len(texts(batch / "sample" / "sample.pdf")) == 9
