"""Barcode and QR code found in the picture of the page, when a batch is made and verified."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import polars as pl
import pytest
from click.testing import CliRunner
from letter_samples import AS_OF, SENDER, case, cases, facts, golden_letters, picks

from addrfix.cli.batch_options import check_barcodes_option
from addrfix.cli.verify import command
from addrfix.dispatch.ids import CODES_CHECKED, letter_id, sample
from addrfix.flow.letters import BatchSummary, make_batch
from addrfix.flow.verify import verify_batch
from addrfix.knowledge import folder
from addrfix.letters.readback import ReadPdf

FRAME = cases(case(1), case(2), case(3))
POINT = 72 / 25.4


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "team.key"
    path.write_bytes(b"a secret of the tests only")
    return path


def made(
    out: Path, secret: Path, template: str = "lawyer_letter", decoded: int | None = CODES_CHECKED
) -> BatchSummary:
    return make_batch(
        picks(FRAME), FRAME, template=template, sender=SENDER, out=out, as_of=AS_OF, secret=secret,
        progress=False, check_barcodes=decoded,
    )  # fmt: skip


def own_template(place: Path, old: str, new: str) -> str:
    """The lawyer letter with a figure changed."""
    own = Path(shutil.copytree(folder("templates") / "lawyer_letter", place))
    layout = own / "template.toml"
    text = layout.read_text(encoding="utf-8")
    assert old in text
    layout.write_text(text.replace(old, new), encoding="utf-8")
    return str(own)


@pytest.mark.parametrize(
    ("old", "new", "lacks"),
    [
        # Over the text, and over the QR code.
        ("left_mm = 122\ntop_mm = 79", "left_mm = 40\ntop_mm = 120", "qr_code"),
        ("left_mm = 122\ntop_mm = 42", "left_mm = 122\ntop_mm = 80", "barcode"),
    ],
)
def test_a_letter_whose_code_no_reader_finds_is_held(
    tmp_path: Path, secret: Path, old: str, new: str, lacks: str
) -> None:
    template = own_template(tmp_path / "own", old, new)
    all_held = made(tmp_path / "all", secret, template)
    assert all_held.held == {f"E14_reads_back:{lacks}": 3}
    one_held = made(tmp_path / "one", secret, template, decoded=1)
    assert one_held.held == {f"E14_reads_back:{lacks}": 1}
    assert made(tmp_path / "none", secret, template, decoded=0).letters == 3


def test_a_code_that_was_painted_over_is_found(tmp_path: Path, secret: Path) -> None:
    out = tmp_path / "batch"
    made(out, secret)
    manifest = pl.read_parquet(out / "manifest.parquet")
    (first,) = sample(manifest["letter_id"], 1)
    path = out / "letters" / f"{first}.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        left, top = 122 * POINT, (297 - 79) * POINT
        white = f"q 1 g {left} {top - 20} 20 20 re f Q".encode()
        pdf.pages[0].contents_add(white)
        pdf.save(path)
    told = f"{first}: a reader does not find the QR code on the page"
    for decoded, found in ((None, True), (1, True), (0, False)):
        differences = verify_batch(out, progress=False, check_barcodes=decoded).differences
        assert (told in differences) is found
    shown = CliRunner().invoke(command, [str(out), "--quiet", "--check-barcodes", "all"])
    assert told in shown.stdout.splitlines()


@pytest.mark.parametrize("name", sorted(golden_letters()))
def test_a_reader_finds_both_codes_of_every_template(name: str) -> None:
    with ReadPdf(golden_letters()[name]) as read:
        found = {str(kind): text for kind, text in read.codes(0)}
    number = facts().letter_id
    assert found["QR Code"] == number
    assert found["Code 128"] in (number, "XA00000000111")
    assert len(found) == 2


def test_the_sample_is_the_same_each_time_and_spread() -> None:
    names = [letter_id("7K3F9Q2M", number) for number in range(1, 1001)]
    chosen = sample(names, 100)
    assert chosen == sample(reversed(names), 100)
    assert sample(names, 50) < chosen
    assert sample(names, None) == set(names)
    assert sample(names[:3], 20) == set(names[:3])
    by_tenth = [len(chosen & set(names[at : at + 100])) for at in range(0, 1000, 100)]
    assert min(by_tenth) > 2


def test_the_option_takes_a_number_or_all(tmp_path: Path, secret: Path) -> None:
    made(tmp_path / "batch", secret)
    for given, code in (("all", 0), ("0", 0), ("7", 0), ("-1", 2), ("x", 2)):
        asked = [str(tmp_path / "batch"), "--check-barcodes", given, "--quiet"]
        shown = CliRunner().invoke(command, asked)
        assert shown.exit_code == code, shown.output


def test_the_command_takes_as_many_as_the_flow() -> None:
    probe = check_barcodes_option(lambda: None)
    assert probe.__click_params__[0].default == CODES_CHECKED  # type: ignore[attr-defined]
