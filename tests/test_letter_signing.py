"""Signed letters: read by pyHanko and by ours, the same bytes every time, tampering found."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import made_keys
import pikepdf
import polars as pl
import pytest
from asn1crypto import x509
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import AS_OF, SENDER, case, cases, drawn, page_images, page_texts, picks
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from addrfix.cli.letters import command
from addrfix.dispatch.folder import read_json
from addrfix.flow.letters import make_batch
from addrfix.flow.verify import verify_batch
from addrfix.letters import signature_check
from addrfix.letters.signature_check import signature_fault
from addrfix.letters.signing import LetterSigner, SigningKey
from addrfix.model.errors import AddrfixError, BadInput, BadUsage


@cache
def signer(kind: str) -> LetterSigner:
    return LetterSigner(SigningKey(made_keys.key_file(kind), made_keys.PASSWORD), AS_OF)


@cache
def signed(kind: str) -> bytes:
    return signer(kind).sign(drawn())


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_pyhanko_finds_the_signature_whole_and_valid(kind: str) -> None:
    reader = PdfFileReader(io.BytesIO(signed(kind)))
    [embedded] = reader.embedded_signatures
    trust = ValidationContext(
        trust_roots=[x509.Certificate.load(made_keys.der(kind))],
        moment=datetime(2026, 7, 2, tzinfo=UTC),
    )
    found = validate_pdf_signature(embedded, trust)
    assert found.bottom_line
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert embedded.self_reported_timestamp.isoformat() == "2026-07-01T00:00:00+08:00"


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_same_letter_gives_the_same_bytes(kind: str) -> None:
    again = LetterSigner(SigningKey(made_keys.key_file(kind), made_keys.PASSWORD), AS_OF)
    assert again.sign(drawn()) == signed(kind)
    assert again.certificate_sha256 == signer(kind).certificate_sha256


def test_the_pages_are_not_touched() -> None:
    plain = drawn()
    assert signed("rsa").startswith(plain)
    assert page_texts(signed("rsa")) == page_texts(plain)
    pairs = zip(page_images(signed("rsa")), page_images(plain), strict=True)
    assert all(one.tobytes() == other.tobytes() for one, other in pairs)
    with pikepdf.open(io.BytesIO(signed("rsa"))) as pdf:
        assert str(pdf.docinfo["/ModDate"]) == "D:20260701000000+08'00'"


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_our_own_reader_agrees(kind: str) -> None:
    assert signature_fault(signed(kind), signer(kind).certificate_sha256) is None


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_is_found(place: float, bit: int) -> None:
    content = bytearray(signed("rsa"))
    opened = content.rindex(b"/Contents <") + len(b"/Contents ")
    closed = content.index(b">", opened)
    outside = [*range(opened), *range(closed + 1, len(content))]
    content[outside[int(place * len(outside))]] ^= 1 << bit
    assert signature_fault(bytes(content), signer("rsa").certificate_sha256)


def test_what_is_added_or_exchanged_is_found() -> None:
    name, ours = signer("rsa").certificate_sha256, signed("rsa")
    assert signature_fault(ours + b"\n", name) == signature_check.CHANGED
    assert signature_fault(drawn(), name) == signature_check.UNSIGNED
    assert signature_fault(b"", name) == signature_check.UNSIGNED
    assert signature_fault(signed("other"), name) == signature_check.OTHER_KEY
    start = ours.rindex(b"/Contents <") + len(b"/Contents <")
    broken = ours[:start] + b"30" * 8 + ours[start + 16 :]
    assert signature_fault(broken, name) == signature_check.BROKEN


@pytest.mark.parametrize(
    ("key", "day", "told"),
    [
        (SigningKey(b"no key", b""), AS_OF, "not a PKCS #12 file, or the password is wrong"),
        (SigningKey(made_keys.key_file("rsa"), b"wrong"), AS_OF, "password is wrong"),
        (
            SigningKey(made_keys.key_file("rsa"), made_keys.PASSWORD),
            date(2027, 3, 1),
            "holds from 2026-01-01 to 2027-01-01, the letters are of 2027-03-01",
        ),
        (
            SigningKey(made_keys.key_file_without_certificate(), made_keys.PASSWORD),
            AS_OF,
            "no private key with its certificate",
        ),
        (
            SigningKey(made_keys.key_file_of_another_kind(), made_keys.PASSWORD),
            AS_OF,
            "neither an RSA key nor",
        ),
    ],
)
def test_a_key_that_cannot_sign_is_told(key: SigningKey, day: date, told: str) -> None:
    with pytest.raises(BadInput, match=told) as error:
        LetterSigner(key, day)
    assert "wrong'" not in str(error.value)


def test_a_file_without_a_password_signs() -> None:
    key = SigningKey(made_keys.key_file("rsa", b""), b"")
    assert LetterSigner(key, AS_OF).sign(drawn()) == signed("rsa")


def test_a_key_shows_neither_itself_nor_its_password() -> None:
    assert repr(SigningKey(b"key", b"password")) == "SigningKey()"


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyhanko.sign.signers", None)
    with pytest.raises(BadUsage, match=r"addrfix\[sign\]"):
        LetterSigner(SigningKey(b"", b""), AS_OF)


# Batches


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.key"
    path.write_bytes(b"a secret of the tests only")
    return path


def made(out: Path, secret: Path, kind: str | None = "rsa") -> Path:
    frame = cases(case(1), case(2))
    key = SigningKey(made_keys.key_file(kind), made_keys.PASSWORD) if kind else None
    make_batch(
        picks(frame), frame, template="lawyer_letter", sender=SENDER, out=out, as_of=AS_OF,
        secret=secret, progress=False, sign=key,
    )  # fmt: skip
    return out


def test_every_letter_of_a_batch_is_signed_and_verified(tmp_path: Path, secret: Path) -> None:
    out = made(tmp_path / "batch", secret)
    facts = read_json(out / "batch.json")
    name = facts["signature"]["certificate_sha256"]
    for path in (out / "letters").iterdir():
        assert signature_fault(path.read_bytes(), name) is None
    assert verify_batch(out, progress=False).differences == []
    again = made(tmp_path / "again", secret)
    assert (again / "batch.json").read_bytes() == (out / "batch.json").read_bytes()
    plain = read_json(made(tmp_path / "plain", secret, kind=None) / "batch.json")
    assert "signature" not in plain
    assert plain["batch_id"] != facts["batch_id"]


def test_verify_tells_a_letter_that_was_signed_again(tmp_path: Path, secret: Path) -> None:
    out = made(tmp_path / "batch", secret)
    path = min((out / "letters").iterdir())
    path.write_bytes(signer("other").sign(drawn()))
    told = verify_batch(out, progress=False).differences
    assert f"{path.stem}: {signature_check.OTHER_KEY}" in told


def command_line(tmp_path: Path, secret: Path) -> list[str]:
    frame = cases(case(1))
    picks(frame).with_columns(pl.col("reasons").list.join("|")).write_csv(tmp_path / "picks.csv")
    frame.drop("input_issues").write_csv(tmp_path / "cases.csv")
    (tmp_path / "firm.p12").write_bytes(made_keys.key_file("rsa"))
    return [
        str(tmp_path / "picks.csv"), "--cases", str(tmp_path / "cases.csv"), "--template",
        "lawyer_letter", "--sender", str(SENDER), "-o", str(tmp_path / "out"), "--as-of",
        "2026-07-01", "--quiet", "--secret", str(secret), "--sign", str(tmp_path / "firm.p12"),
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["file", "variable"])
def test_the_password_comes_from_a_file_or_a_variable(
    tmp_path: Path, secret: Path, where: str
) -> None:
    words, surroundings = command_line(tmp_path, secret), {}
    if where == "file":
        (tmp_path / "password").write_bytes(made_keys.PASSWORD + b"\r\nnot this\r\n")
        words += ["--sign-password-file", str(tmp_path / "password")]
    else:
        surroundings["ADDRFIX_SIGN_PASSWORD"] = made_keys.PASSWORD.decode()
    done = CliRunner().invoke(command, words, env=surroundings, catch_exceptions=False)
    assert done.exit_code == 0
    assert made_keys.PASSWORD.decode() not in done.output
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or made_keys.PASSWORD not in path.read_bytes()
    assert read_json(tmp_path / "out" / "batch.json")["signature"]["field"] == "LawFirm"


def test_without_a_password_nothing_is_made(tmp_path: Path, secret: Path) -> None:
    done = CliRunner().invoke(command, command_line(tmp_path, secret))
    assert isinstance(done.exception, BadUsage)
    assert not (tmp_path / "out").exists()


def test_a_password_file_without_a_key_is_told(tmp_path: Path, secret: Path) -> None:
    words = [word for word in command_line(tmp_path, secret)[:-2]]
    (tmp_path / "password").write_bytes(b"")
    words += ["--sign-password-file", str(tmp_path / "password")]
    done = CliRunner().invoke(command, words)
    assert isinstance(done.exception, AddrfixError)
    words += ["--sign", str(tmp_path / "firm.p12")]
    done = CliRunner().invoke(command, words)
    assert "is empty" in str(done.exception)


def test_verify_without_the_extra_says_what_it_left_out(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = made(tmp_path / "batch", secret)
    monkeypatch.setattr("addrfix.flow.verify.find_spec", lambda name: None)
    monkeypatch.setattr("addrfix.flow.verify.signature_fault", None)
    done = verify_batch(out, progress=False)
    assert done.differences == []
    assert [line for line in done.notes if "addrfix[sign]" in line]
