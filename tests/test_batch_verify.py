"""`addrfix verify`: any change to a batch folder is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from letter_samples import AS_OF, CASES, SENDER, case, cases, picks

from addrfix.carriers.tracking_number import fault_of, format_of, formats, s10_check_digit
from addrfix.cli.verify import command
from addrfix.dispatch import folder as places
from addrfix.dispatch.manifest import write_parquet
from addrfix.flow.letters import make_batch
from addrfix.flow.verify import verify_batch
from addrfix.knowledge import read_tsv
from addrfix.model.errors import BatchProblem

NAMES = ("王小满", "陈𬭎", "龚䶮㛃")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of three letters."""
    home = tmp_path_factory.mktemp("verify")
    (home / "key").write_bytes(b"a secret of the tests only")
    frame = cases(*(case(n, name=name) for n, name in enumerate(NAMES)))
    make_batch(
        picks(frame), frame, template="lawyer_letter", sender=SENDER, out=home / "batch",
        as_of=AS_OF, progress=False, secret=home / "key",
    )  # fmt: skip
    return home / "batch"


@pytest.fixture
def batch(whole: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(whole, tmp_path / "batch"))


def differences(batch: Path) -> list[str]:
    return verify_batch(batch, progress=False).differences


def letters(batch: Path) -> list[Path]:
    return sorted((batch / "letters").iterdir())


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_batch_that_nobody_touched_is_whole(whole: Path) -> None:
    done = verify_batch(whole, progress=False)
    assert (done.letters, done.differences, done.notes) == (3, [], [])


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 0.9999])
def test_one_changed_byte_of_a_letter_is_found(batch: Path, share: float) -> None:
    path = letters(batch)[1]
    flip(path, int(path.stat().st_size * share))
    assert f"letters/{path.name}: changed (its hash differs)" in differences(batch)


@pytest.mark.parametrize(
    "name",
    ["manifest.parquet", "manifest.csv", "manifest.xlsx", "held.csv", "checks.parquet",
     "print/0001.pdf", "private/picks.parquet", "private/secret.key", "private/hashes.json"],
)  # fmt: skip
def test_one_changed_byte_of_any_other_file_is_found(batch: Path, name: str) -> None:
    flip(batch / name, (batch / name).stat().st_size // 2)
    assert any(line.startswith(f"{name}: changed") for line in differences(batch))


@pytest.mark.parametrize(
    "name", ["manifest.csv", "held.csv", "print/0001.pdf", "private/hashes.json"]
)
def test_a_missing_file_is_found(batch: Path, name: str) -> None:
    (batch / name).unlink()
    assert f"{name}: missing" in differences(batch)


def test_a_missing_letter_is_found(batch: Path) -> None:
    path = letters(batch)[0]
    path.unlink()
    assert differences(batch) == [f"letters/{path.name}: missing"]


@pytest.mark.parametrize("name", ["letters/x.pdf", "print/0002.pdf", "notes.txt", "private/x.csv"])
def test_an_extra_file_is_found(batch: Path, name: str) -> None:
    (batch / name).write_bytes(b"x")
    assert differences(batch) == [f"{name}: extra, not part of this batch"]


@pytest.mark.parametrize("name", ["events.parquet", "outcomes.parquet"])
def test_what_later_commands_add_is_no_difference(batch: Path, name: str) -> None:
    (batch / name).write_bytes(b"x")
    (batch / "private" / ".track.lock").write_bytes(b"")
    assert differences(batch) == []


def test_two_letters_that_changed_places_are_found(batch: Path) -> None:
    first, second = letters(batch)[:2]
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    found = "\n".join(differences(batch))
    assert f"{first.stem}: its text does not say the recipient of the manifest" in found
    assert f"{first.stem}: the barcode says something else than the manifest" in found


def forged(batch: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change the manifest and make all hashes fit, as someone would who knows how."""
    manifest = change(pl.read_parquet(batch / places.MANIFEST))
    write_parquet(manifest, batch / places.MANIFEST)
    facts = places.read_json(batch / places.BATCH)
    facts["files"][places.MANIFEST] = places.file_sha256(batch / places.MANIFEST)
    facts["letters_sha256"] = places.chained(manifest["sha256"])
    places.write_json(batch / places.BATCH, places.sealed_facts(facts))


def first_row(column: str, value: Any) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        chosen = pl.when(pl.int_range(pl.len()) == 0)
        kind = frame.schema[column]
        return frame.with_columns(
            chosen.then(pl.lit(value, kind)).otherwise(pl.col(column)).alias(column)
        )

    return change


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("recipient", "李四", "does not say the recipient"),
        ("standardized", "北京市", "does not say the standardized"),
        ("letter_no", "(2026)湘云麓律函字第9号", "does not say the letter_no"),
        ("case_id_hash", "0" * 64, "case_id_hash is not that of its case"),
        ("tracking_no", "RR473124828CN", "check digit of its tracking number is wrong"),
        ("tracking_no", "RR473124829CN", "the barcode says something else"),
        ("pages", 3, "2 pages where the manifest has 3"),
        ("start_page", 3, "are not its place"),
        ("end_page", 4, "are not its place"),
        ("sha256", "0" * 64, "changed (its hash differs)"),
        ("sheets", 2, "totals.sheets is 3, the manifest has 4"),
    ],
)
def test_a_forged_manifest_is_found(batch: Path, column: str, value: Any, told: str) -> None:
    forged(batch, first_row(column, value))
    found = differences(batch)
    assert any(told in line for line in found)
    # The copies in other formats no longer say the same.
    assert any(line.startswith("manifest.csv: does not say the same") for line in found)


def test_a_letter_id_with_a_slip_is_found(batch: Path) -> None:
    wrong = letters(batch)[0].stem.replace("-000001-", "-000007-")
    forged(batch, first_row("letter_id", wrong))
    assert f"{wrong}: the check character of the letter id is wrong" in differences(batch)


def test_a_print_file_with_pages_out_of_order_is_found(batch: Path) -> None:
    import pikepdf

    path = batch / "print" / "0001.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages.reverse()
        pdf.save(path)
    assert any("is not a page of this letter" in line for line in differences(batch))


def test_bindings_with_a_wrong_number_are_found(batch: Path) -> None:
    rows = {"letter_id": [letters(batch)[0].stem], "tracking_no": ["RR473124828CN"]}
    pl.DataFrame(rows).write_parquet(batch / "bindings.parquet")
    assert any("check digit of its tracking number" in line for line in differences(batch))


def test_changed_facts_of_the_batch_are_found(batch: Path) -> None:
    path = batch / "batch.json"
    text = path.read_text(encoding="utf-8").replace('"specimen": true', '"specimen": false')
    path.write_text(text, encoding="utf-8")
    assert differences(batch) == ["batch.json: its hash is not that of its content"]


def test_a_copy_without_private_can_be_verified(batch: Path) -> None:
    shutil.rmtree(batch / "private")
    done = verify_batch(batch, progress=False)
    assert done.differences == []
    assert len(done.notes) == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"format": 99}', b'{"format": 1}']
)
def test_a_damaged_batch_json_is_told(batch: Path, content: bytes) -> None:
    (batch / "batch.json").write_bytes(content)
    with pytest.raises(BatchProblem, match=r"batch\.json"):
        verify_batch(batch)


def test_no_batch_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(BatchProblem, match="not a batch folder"):
        verify_batch(tmp_path)


def test_the_command(batch: Path) -> None:
    good = CliRunner().invoke(command, [str(batch), "--quiet"])
    assert (good.exit_code, good.stdout) == (0, "")
    assert "3 letters verified" in good.stderr
    flip(letters(batch)[0], 1000)
    (batch / "held.csv").unlink()
    bad = CliRunner().invoke(command, [str(batch), "--quiet"])
    assert bad.exit_code == 1
    lines = bad.stdout.splitlines()
    assert "held.csv: missing" in lines
    assert f"letters/{letters(batch)[0].name}: changed (its hash differs)" in lines
    assert not any(name in bad.output for name in NAMES)


def test_tracking_numbers_are_those_of_the_cases() -> None:
    for row in read_tsv(CASES / "letter_numbers.tsv"):
        known = format_of(row["number"])
        found = (known.name if known else "-", str(fault_of(row["number"]) or "-"))
        assert (row["number"], *found) == (row["number"], row["format"], row["fault"])


def test_the_example_of_each_format_is_one() -> None:
    for known in formats():
        assert format_of(known.example) == known
        assert fault_of(known.example) is None


@pytest.mark.parametrize("serial", ["1234567", "123456789", "1234567a", "１２３４５６７８"])
def test_a_serial_has_eight_digits(serial: str) -> None:
    with pytest.raises(ValueError, match="eight digits"):
        s10_check_digit(serial)
