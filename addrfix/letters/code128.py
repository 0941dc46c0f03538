"""Code 128 barcodes (ISO/IEC 15417): text to bars and, to check what was printed, bars to text."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Widths of bar, space, bar, space, bar, space of the symbols 0 to 105, in modules; then the stop.
_TABLE = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "211232"
)
_PATTERNS = tuple(_TABLE[at : at + 6] for at in range(0, len(_TABLE), 6))
_STOP = "2331112"
_TO_C, _TO_B, _START_B, _START_C = 99, 100, 104, 105
_SYMBOL = {pattern: value for value, pattern in enumerate(_PATTERNS)}

# A run of digits is worth switching to code set C (two digits a symbol) from four at either end and
# from six in the middle (ISO/IEC 15417, annex E).
_DIGITS = re.compile(r"^\d{4,}|\d{4,}$|\d{6,}")


def bars(text: str) -> tuple[int, ...]:
    """Widths in modules, alternating bar and space, beginning and ending with a bar.

    Raises:
        ValueError: empty, or a character outside of printable ASCII.
    """
    if not text or not all(" " <= char <= "~" for char in text):
        raise ValueError("a Code 128 barcode holds printable ASCII only")
    values: list[int] = []
    at = 0
    for run in _DIGITS.finditer(text):
        # An odd digit stays in set B, before the run where possible, to keep the pairs at the end.
        start = run.start() + (run.end() - run.start()) % 2
        _set_b(values, text[at:start])
        _set_c(values, text[start : run.end()])
        at = run.end()
    _set_b(values, text[at:])
    values.append(_check(values))
    return tuple(int(width) for width in "".join(_PATTERNS[v] for v in values) + _STOP)


def _set_b(values: list[int], text: str) -> None:
    if text:
        values.append(_TO_B if values else _START_B)
        values.extend(ord(char) - 32 for char in text)


def _set_c(values: list[int], digits: str) -> None:
    values.append(_TO_C if values else _START_C)
    values.extend(int(digits[at : at + 2]) for at in range(0, len(digits), 2))


def _check(values: Sequence[int]) -> int:
    return (values[0] + sum(place * value for place, value in enumerate(values))) % 103


def text_of(runs: Sequence[float]) -> str:
    """The text of a barcode whose bars and spaces have been measured in any unit.

    Args:
        runs: widths, alternating bar and space, beginning and ending with a bar.

    Raises:
        ValueError: not a whole Code 128 barcode, or its check symbol is wrong.
    """
    if len(runs) < 6 * 3 + 7 or (len(runs) - 7) % 6:
        raise ValueError("not the number of bars of a Code 128 barcode")
    values: list[int] = []
    for at in range(0, len(runs) - 7, 6):
        six = runs[at : at + 6]
        module = sum(six) / 11
        pattern = "".join(str(round(width / module)) for width in six)
        if pattern not in _SYMBOL:
            raise ValueError("a group of bars is not a Code 128 symbol")
        values.append(_SYMBOL[pattern])
    stop = runs[-7:]
    if "".join(str(round(width / (sum(stop) / 13))) for width in stop) != _STOP:
        raise ValueError("the stop symbol is missing")
    *symbols, check = values
    if check != _check(symbols):
        raise ValueError("the check symbol is wrong")
    return _decoded(symbols)


def _decoded(symbols: Sequence[int]) -> str:
    pairs = symbols[0] == _START_C
    if symbols[0] not in (_START_B, _START_C):
        raise ValueError("a start symbol that addrfix does not use")
    text = ""
    for value in symbols[1:]:
        # 99 is a pair of digits in set C and the way to it in set B.
        if value == (_TO_B if pairs else _TO_C):
            pairs = not pairs
        elif pairs:
            text += f"{value:02d}"
        else:
            text += chr(value + 32)
    return text
