"""Ids of batches and letters: short, sure against slips, the same for the same input.

A letter id is `BBBBBBBB-000001-C`: the batch's eight characters, the letter's place in the batch,
and a check character (ISO 7064, MOD 37,36) that finds every single wrong character and every swap
of two neighbours. The characters are those of Crockford's base 32, without I, L, O and U.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import date
from heapq import nsmallest

CODES_CHECKED = 20
"""Letters of a batch whose barcode and QR code are decoded where nobody asks for more."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER_ID = re.compile(rf"([{_ALPHABET}]{{8}})-(\d{{6,}})-([0-9A-Z])")


def batch_code(digest: bytes) -> str:
    """Eight characters of a digest over everything that goes into a batch."""
    number = int.from_bytes(digest[:5], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))


def batch_id(code: str, as_of: date) -> str:
    """The id of a batch: its day and its code."""
    return f"{as_of:%Y%m%d}-{code}"


def letter_id(code: str, number: int) -> str:
    """The id of the letter at a place of a batch, counted from 1."""
    body = f"{code}{number:06d}"
    return f"{code}-{number:06d}-{check_character(body)}"


def check_character(body: str) -> str:
    """The check character of digits and capital letters (ISO 7064, MOD 37,36)."""
    product = 36
    for char in body:
        total = (product + _VALUES.index(char)) % 36 or 36
        product = total * 2 % 37
    return _VALUES[(37 - product) % 36]


def is_letter_id(text: str) -> bool:
    """Is this a letter id with the right check character."""
    found = _LETTER_ID.fullmatch(text)
    return found is not None and check_character(found[1] + found[2]) == found[3]


def sample(letter_ids: Iterable[str], size: int | None) -> frozenset[str]:
    """Some of the letters, the same each time, from all over the batch; all where `size` is None.

    Those whose ids have the smallest hashes: nobody chooses them, and each letter is as likely.
    """
    if size is None:
        return frozenset(letter_ids)
    hashed = ((hashlib.sha256(name.encode()).digest(), name) for name in letter_ids)
    return frozenset(name for _, name in nsmallest(size, hashed))


def batch_secret(user_secret: bytes, batch: str) -> bytes:
    """The secret of one batch; whoever learns it learns nothing about other batches."""
    return hmac.new(user_secret, f"addrfix batch {batch}".encode(), hashlib.sha256).digest()


def case_id_hash(secret: bytes, case_id: str) -> str:
    """What stands for a case in the manifest; without the secret it cannot be guessed back."""
    return hmac.new(secret, case_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
