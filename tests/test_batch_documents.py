"""Documents of courts go out behind a letter as they are, or the case is held."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from letter_samples import AS_OF, SENDER, case, cases, picks
from reportlab.pdfgen.canvas import Canvas

from addrfix.flow.documents import documents_of, read_documents
from addrfix.flow.letters import BatchSummary, make_batch
from addrfix.flow.verify import verify_batch
from addrfix.letters.enclosure import BadDocument, Given, enclosed, extent, page_count
from addrfix.model.errors import BadInput, BadUsage

HEADER = "案件编号,文件,文书名称,法院,案号\n"
COURT = "样张市示例区人民法院,（2026）湘0104民初0001号"


def paper(pages: int, size: tuple[float, float] = (595.3, 841.9), word: str = "page") -> bytes:
    """A PDF of so many pages, each with its number."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=size, invariant=1)
    for number in range(pages):
        canvas.drawString(72, 700, f"{word} {number + 1}")
        canvas.setFillGray(0.5)
        canvas.circle(300, 400, 40 + 10 * number, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def folder(tmp_path: Path, rows: str, **files: bytes) -> Path:
    """A table of documents and their files."""
    place = tmp_path / "documents"
    place.mkdir()
    (place / "list.csv").write_text(HEADER + rows, encoding="utf-8")
    for name, content in files.items():
        (place / f"{name}.pdf").write_bytes(content)
    return place / "list.csv"


def made(tmp_path: Path, frame: pl.DataFrame, documents: Path | None, **more: Any) -> BatchSummary:
    secret = tmp_path / "team.key"
    secret.write_bytes(b"a secret of the tests only")
    options: dict[str, Any] = {"template": "court_forwarding", "out": tmp_path / "batch"} | more
    return make_batch(
        picks(frame), frame, sender=SENDER, as_of=AS_OF, progress=False, secret=secret,
        documents=documents, **options,
    )  # fmt: skip


def test_documents_go_out_behind_their_letter_as_they_are(tmp_path: Path) -> None:
    ruling, summons = paper(2, word="ruling"), paper(1, word="summons")
    rows = (
        f"C0001,ruling.pdf,民事裁定书,{COURT}\nC0001,summons.pdf,传票,{COURT}\n"
        f"C0002,summons.pdf,传票,{COURT}\n"
    )
    table = folder(tmp_path, rows, ruling=ruling, summons=summons)
    # A case without amounts: a page that forwards papers claims nothing.
    summary = made(tmp_path, cases(case(1), case(2, principal=None)), table)
    assert (summary.letters, summary.held) == (2, {})
    out = tmp_path / "batch"
    assert verify_batch(out, progress=False, check_barcodes=None).differences == []
    manifest = pl.read_parquet(out / "manifest.parquet")
    # Cover and its back, two pages, one page; each document begins on a front.
    assert manifest["pages"].to_list() == [5, 3]
    assert manifest["start_page"].to_list() == [1, 7]
    listed = pl.read_parquet(out / "documents.parquet")
    assert listed["start_page"].to_list() == [3, 5, 3]
    hashes = [hashlib.sha256(content).hexdigest() for content in (ruling, summons, summons)]
    assert listed["sha256"].to_list() == hashes
    texts = pages_of((out / "letters" / f"{manifest['letter_id'][0]}.pdf").read_bytes())
    assert [text[:9].strip() for text in texts[1:]] == ["", "ruling 1", "ruling 2", "summons 1"]
    assert "民事裁定书" in texts[0]
    printed = pages_of((out / "print" / "0001.pdf").read_bytes())
    assert len(printed) == 10
    assert printed[8].startswith("summons 1")
    kept = pl.read_parquet(out / "private" / "picks.parquet")
    assert documents_of(kept["documents"][0])[0].title == "民事裁定书"


def pages_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [str(page.get_textpage().get_text_range()) for page in document]


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    batches = []
    for name in ("a", "b"):
        place = tmp_path / name
        place.mkdir()
        table = folder(place, f"C0001,x.pdf,传票,{COURT}\n", x=paper(1))
        made(place, cases(case(1)), table)
        batches.append(place / "batch")
    for path in sorted(batches[0].rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (batches[1] / path.relative_to(batches[0])).read_bytes()


def encrypted(owner: str, user: str) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper(1))) as pdf:
        pdf.save(written, encryption=pikepdf.Encryption(owner=owner, user=user))
    return written.getvalue()


@pytest.mark.parametrize(
    ("row", "content", "reason"),
    [
        (f"C0001,x.pdf,传票,{COURT}", b"%PDF-1.4 cut", "document_damaged"),
        (f"C0001,x.pdf,传票,{COURT}", b"", "document_damaged"),
        (f"C0001,x.pdf,传票,{COURT}", paper(2)[:300], "document_damaged"),
        (f"C0001,x.pdf,传票,{COURT}", encrypted("a", "b"), "document_encrypted"),
        (f"C0001,x.pdf,传票,{COURT}", encrypted("a", ""), "document_encrypted"),
        (f"C0001,x.pdf,传票,{COURT}", paper(1, (842, 1191)), "document_not_a4"),
        (f"C0001,y.pdf,传票,{COURT}", paper(1), "document_missing"),
        (f"C0001,../../secret.pdf,传票,{COURT}", paper(1), "document_missing"),
        (f"C0001,/etc/passwd,传票,{COURT}", paper(1), "document_missing"),
        ("C0001,x.pdf,传票,,", paper(1), "document_details_missing"),
        (f"C0009,x.pdf,传票,{COURT}", paper(1), "document_none"),
        (f"C0001,x.pdf,\U0001f600,{COURT}", paper(1), "character_without_glyph:U+1F600:documents"),
        (f"C0001,x.pdf,{'票' * 300},{COURT}", paper(1), "too_long:documents"),
    ],
)  # fmt: skip
def test_documents_that_hold_their_case(
    tmp_path: Path, row: str, content: bytes, reason: str
) -> None:
    (tmp_path / "secret.pdf").write_bytes(paper(1))
    table = folder(tmp_path, f"{row}\nC0002,good.pdf,传票,{COURT}\n", x=content, good=paper(1))
    summary = made(tmp_path, cases(case(1), case(2)), table)
    assert summary.letters == 1
    with (tmp_path / "batch" / "held.csv").open(encoding="utf-8-sig", newline="") as opened:
        assert [held["reason"] for held in csv.DictReader(opened)] == [reason]
    assert verify_batch(tmp_path / "batch", progress=False).differences == []


def test_a_letter_whose_document_was_changed_is_told(tmp_path: Path) -> None:
    table = folder(tmp_path, f"C0001,x.pdf,传票,{COURT}\n", x=paper(1))
    made(tmp_path, cases(case(1)), table)
    out = tmp_path / "batch"
    name = pl.read_parquet(out / "manifest.parquet")["letter_id"][0]
    path = out / "letters" / f"{name}.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    assert any("its hash differs" in said for said in verify_batch(out, progress=False).differences)
    (out / "documents.parquet").unlink()
    assert "documents.parquet: missing" in verify_batch(out, progress=False).differences


@pytest.mark.parametrize("lost", [True, False])
def test_a_file_that_changes_while_the_batch_is_made_holds_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    table = folder(tmp_path, f"C0001,x.pdf,传票,{COURT}\n", x=paper(1))

    def read_then_lost(path: Path) -> pl.DataFrame:
        found = read_documents(path)
        if lost:
            shutil.rmtree(path.parent)
        else:
            (path.parent / "x.pdf").write_bytes(paper(1, word="other"))
        return found

    monkeypatch.setattr("addrfix.flow.letters.read_documents", read_then_lost)
    summary = made(tmp_path, cases(case(1)), table)
    assert summary.held == {"E14_reads_back:document": 1}


def test_the_option_fits_the_template(tmp_path: Path) -> None:
    table = folder(tmp_path, f"C0001,x.pdf,传票,{COURT}\n", x=paper(1))
    with pytest.raises(BadUsage, match=r"court_forwarding puts documents behind.*give --documents"):
        made(tmp_path, cases(case(1)), None)
    with pytest.raises(BadUsage, match=r"lawyer_letter does not put.*leave out --documents"):
        made(tmp_path, cases(case(1)), table, template="lawyer_letter")
    (table.parent / "bad.csv").write_text("案件编号,文件\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no column title"):
        made(tmp_path, cases(case(1)), table.parent / "bad.csv")


def test_pages_that_are_put_behind_look_like_the_original(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(paper(3))
    given = Given(path, hashlib.sha256(paper(3)).hexdigest(), 3)
    behind = [(1, [given]), (2, [given])]
    whole = enclosed(paper(2, word="cover"), behind, fill=True)
    assert [text.split()[0] if text else "" for text in pages_of(whole)] == [
        "cover", "", "page", "page", "page", "", "cover", "", "page", "page", "page", "",
    ]  # fmt: skip
    assert whole == enclosed(paper(2, word="cover"), behind, fill=True)
    with pypdfium2.PdfDocument(whole) as made_, pypdfium2.PdfDocument(paper(3)) as original:
        for number in range(3):
            pictures = [
                bytes(page.render(scale=1).buffer) for page in (made_[2 + number], original[number])
            ]
            assert pictures[0] == pictures[1]


def test_extents() -> None:
    assert extent(1, [2, 1]).starts == (3, 5)
    assert (extent(2, []).pages, extent(1, [1]).pages) == (2, 3)
    with pytest.raises(BadDocument):
        page_count(b"no PDF")
