"""Checks the signature of a finished letter: whole file, unchanged, by the key that was named.

It does not ask whether anybody trusts the certificate: that is for the reader's own list of
authorities. Beside pyHanko, which signs, this is a second reader: PDFium finds the signature.
"""

from __future__ import annotations

import ctypes
import hashlib
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # it ships no types

UNSIGNED = "it has no signature"
CHANGED = "it was changed after it was signed"
OTHER_KEY = "it was signed with another key"
BROKEN = "its signature cannot be read"


def signature_fault(content: bytes, certificate_sha256: str) -> str | None:
    """What is wrong with the signature of a PDF file; None where nothing is.

    Args:
        content: the file.
        certificate_sha256: of the certificate that must have signed.

    Raises:
        ImportError: the extra `sign` is not installed.
    """
    from asn1crypto import cms
    from cryptography.exceptions import InvalidSignature

    found = _signature(content)
    if found is None:
        return UNSIGNED
    ranges, contents = found
    if not _covers(content, ranges):
        return CHANGED
    start, length, after, rest = ranges
    digest = hashlib.sha256(content[start : start + length])
    digest.update(content[after : after + rest])
    try:
        message = cms.ContentInfo.load(contents)
        if contents[len(message.dump()) :].strip(b"\0"):
            return BROKEN
        signed = message["content"]
        certificate = signed["certificates"][0].chosen.dump()
        signer = signed["signer_infos"][0]
        attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
        stated = attributes["message_digest"][0].native
        # Signed as a SET, though it is stored with a tag of its own.
        to_sign = signer["signed_attrs"].untag().dump()
        signature = signer["signature"].native
    except (ValueError, KeyError, TypeError, IndexError):
        return BROKEN
    if hashlib.sha256(certificate).hexdigest() != certificate_sha256:
        return OTHER_KEY
    try:
        _verify(certificate, signature, to_sign)
    except (InvalidSignature, ValueError, TypeError):
        return CHANGED
    return None if stated == digest.digest() else CHANGED


def _verify(certificate: bytes, signature: bytes, data: bytes) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(SHA256()))
    else:
        raise TypeError("a key that addrfix does not sign with")


def _covers(content: bytes, ranges: tuple[int, ...]) -> bool:
    """Is everything signed but the signature itself, which stands between the two ranges."""
    start, length, after, rest = ranges
    if start != 0 or after + rest != len(content) or not 0 < length < after:
        return False
    gap = content[length:after]
    framed = gap[:1] == b"<" and gap[-1:] == b">"
    return framed and not gap[1:-1].strip(b"0123456789abcdefABCDEF")


def _signature(content: bytes) -> tuple[tuple[int, ...], bytes] | None:
    """Byte range and content of the only signature of a file; None where there is not one."""
    document: Any = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        return None
    try:
        if pdfium.FPDF_GetSignatureCount(document) != 1:
            return None
        place = pdfium.FPDF_GetSignatureObject(document, 0)
        if pdfium.FPDFSignatureObj_GetByteRange(place, None, 0) != 4:
            return None
        ranges = (ctypes.c_int * 4)()
        pdfium.FPDFSignatureObj_GetByteRange(place, ranges, 4)
        size = pdfium.FPDFSignatureObj_GetContents(place, None, 0)
        contents = ctypes.create_string_buffer(size)
        pdfium.FPDFSignatureObj_GetContents(place, contents, size)
        return tuple(ranges), contents.raw
    finally:
        pdfium.FPDF_CloseDocument(document)
