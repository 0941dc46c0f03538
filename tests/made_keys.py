"""Made-up keys of a law firm, as PKCS #12 files. They are made anew for every run of the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PASSWORD = b"of the tests"


@cache
def private_key(kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """A key: rsa, other (RSA too) or ec."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


@cache
def certificate(kind: str) -> x509.Certificate:
    """A certificate of 2026, signed by itself."""
    key = private_key(kind)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "云麓示例律师事务所")])
    usage = dict.fromkeys(
        (
            "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
            "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )


def der(kind: str) -> bytes:
    """The certificate in DER."""
    return certificate(kind).public_bytes(Encoding.DER)


def key_file(kind: str, password: bytes = PASSWORD) -> bytes:
    """The key and its certificate; an empty password leaves the file open."""
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"firm", private_key(kind), certificate(kind), None, locked
    )


def key_file_without_certificate() -> bytes:
    """A key alone."""
    return pkcs12.serialize_key_and_certificates(
        None, private_key("rsa"), None, None, BestAvailableEncryption(PASSWORD)
    )


def key_file_of_another_kind() -> bytes:
    """A key that is neither RSA nor of a curve that letters are signed with."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例")])
    whole = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(8)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, None)
    )
    return pkcs12.serialize_key_and_certificates(
        None, key, whole, None, BestAvailableEncryption(PASSWORD)
    )
