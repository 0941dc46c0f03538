"""QR codes (ISO/IEC 18004) of letter ids: text to dark modules."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET_MODULES = 4
"""Light modules that the standard asks for on every side."""
# Weighing the eight masks against each other takes five times as long as the rest; a reader takes
# the mask from the symbol, and a letter id has no large even areas that a mask must break up.
_MASK = 2


@lru_cache(maxsize=4)
def modules(text: str) -> tuple[bytes, ...]:
    """Rows of a QR code from the top, a byte a module, 1 is dark; without the quiet zone.

    Error correction M: up to 15 % of the symbol may be lost. A letter id gives 21 modules a side.

    Raises:
        ValueError: empty, or longer than a QR code holds.
    """
    code = segno.make_qr(text, error="m", boost_error=False, mask=_MASK)
    return tuple(map(bytes, code.matrix))
