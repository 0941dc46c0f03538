"""Signs finished letters with the firm's key: PAdES, baseline B-B (ETSI EN 319 142-1), by pyHanko.

The key is loaded once and signs any number of letters. A signature is an incremental update: the
pages are not touched. Its bytes depend on the letter, the key and the day alone: RSA signs by
PKCS #1 v1.5 and elliptic curves by RFC 6979, which draw no random numbers, and the time stated is
the beginning of the letter's day in China. It is the signer's word, not a time stamp's.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from addrfix.model.errors import BadInput, BadUsage

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate
    from pyhanko.pdf_utils.generic import ArrayObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers import Signer

FIELD = "LawFirm"
_CHINA = timezone(timedelta(hours=8))
_NOT_INSTALLED = "signing needs the extra `sign`: pip install addrfix[sign]"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A PKCS #12 file and its password, as they go to the processes that sign.

    Neither is ever shown: both are left out of the representation.
    """

    pkcs12: bytes = field(repr=False)
    password: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signing:
    """A key that was tried, and the certificate that it signs with."""

    key: SigningKey
    certificate_sha256: str


def tried(key: SigningKey, day: date) -> Signing:
    """A key whose password fits and whose certificate holds on a day.

    Raises:
        AddrfixError: as `LetterSigner` says.
    """
    return Signing(key, LetterSigner(key, day).certificate_sha256)


class LetterSigner:
    """Signs PDF files with one key.

    Args:
        key: the key.
        day: of the letters; the certificate must hold then.

    Raises:
        BadUsage: pyHanko is not installed.
        BadInput: wrong password, no key or certificate, or a certificate that does not hold on
            the day.
    """

    def __init__(self, key: SigningKey, day: date) -> None:
        signer, self.certificate_sha256, size = _load(key, day)
        self._signer: Signer = signer
        self._when = datetime(day.year, day.month, day.day, tzinfo=_CHINA)
        # In hexadecimal; certificates, attributes and signature fit in with room to spare.
        self._reserved = 2 * (size + 1500)

    def sign(self, content: bytes) -> bytes:
        """A PDF file with an invisible signature over all of it."""
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
        from pyhanko.sign.signers.pdf_byterange import SignatureObject

        writer = _writer(content)
        steps = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
        next(steps)
        place = SignatureObject(
            timestamp=self._when, subfilter=SigSeedSubFilter.PADES, bytes_reserved=self._reserved
        )
        steps.send(SigObjSetup(sig_placeholder=place))
        digest, out = steps.send(SigIOSetup(md_algorithm="sha256", output=io.BytesIO()))
        signed = asyncio.run(
            self._signer.async_sign(digest.document_digest, "sha256", use_pades=True)
        )
        steps.send(signed.dump())
        return bytes(out.getvalue())


def _writer(content: bytes) -> IncrementalPdfFileWriter:
    """A writer of the update whose bytes depend on the content alone."""
    from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class _Update(IncrementalPdfFileWriter):
        @classmethod
        def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
            """The second half of the document id, random in pyHanko, from the content."""
            first, _ = super()._handle_id(prev)  # type: ignore[no-untyped-call]
            second = ByteStringObject(hashlib.sha256(content).digest()[:16])
            return ArrayObject([first, second])

        def _update_meta(self) -> None:
            """Leave the document information as it is; pyHanko would put the clock in."""

    return _Update(io.BytesIO(content))


def _load(key: SigningKey, day: date) -> tuple[Signer, str, int]:
    """The signer, the SHA-256 of its certificate and the size of what a signature carries."""
    try:
        from asn1crypto import x509
        from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
        from pyhanko.sign.signers import Signer as Base
    except ImportError as error:
        raise BadUsage(_NOT_INSTALLED) from error
    try:
        private, certificate, more = pkcs12.load_key_and_certificates(key.pkcs12, key.password)
    except ValueError as error:
        raise BadInput("the signing key: not a PKCS #12 file, or the password is wrong") from error
    if private is None or certificate is None:
        raise BadInput("the signing key: the file holds no private key with its certificate")
    _check_day(certificate, day)
    raw = _raw_signature(private)
    chain = [each.public_bytes(Encoding.DER) for each in (certificate, *more)]

    class _Firm(Base):
        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            return raw(data)

    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    parsed = [x509.Certificate.load(der) for der in chain]
    store.register_multiple(parsed)
    signer = _Firm(signing_cert=parsed[0], cert_registry=store)
    return signer, hashlib.sha256(chain[0]).hexdigest(), sum(map(len, chain))


def _check_day(certificate: Certificate, day: date) -> None:
    since = certificate.not_valid_before_utc.astimezone(_CHINA).date()
    until = certificate.not_valid_after_utc.astimezone(_CHINA).date()
    if not since <= day <= until:
        raise BadInput(
            f"the signing key: its certificate holds from {since} to {until}, "
            f"the letters are of {day}"
        )


def _raw_signature(private: PrivateKeyTypes) -> Callable[[bytes], bytes]:
    """A function that signs bytes with SHA-256, without random numbers."""
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(private, rsa.RSAPrivateKey):
        return lambda data: private.sign(data, padding.PKCS1v15(), SHA256())
    if isinstance(private, ec.EllipticCurvePrivateKey):
        algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
        return lambda data: private.sign(data, algorithm)
    raise BadInput("the signing key: neither an RSA key nor one of an elliptic curve")
