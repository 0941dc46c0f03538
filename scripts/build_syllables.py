"""Writes gazetteer/words/syllables.tsv: the toneless readings of every character in common use.

Reading a text must not wait for pypinyin to load, so its knowledge is put into a table here, once.
Run it again after a change of the pypinyin version: `python scripts/build_syllables.py`.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

from pypinyin import Style, pinyin

TARGET = Path(__file__).parent.parent / "gazetteer" / "words" / "syllables.tsv"
# CJK Unified Ideographs that GB18030 has had in two bytes since GBK: what keyboards produce.
FIRST, LAST = 0x4E00, 0x9FA5


def readings(character: str) -> list[str]:
    """Toneless syllables of one character, ü written v, in pypinyin's order of frequency."""
    [found] = pinyin(
        character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False
    ) or [[]]
    return list(dict.fromkeys(found))


def main() -> int:
    """Write the table whole."""
    lines = [
        "# Toneless syllables of characters, for finding sound-alike slips.",
        f"# source: pypinyin {version('pypinyin')} (MIT); made by scripts/build_syllables.py",
        "# version: 1",
        "character\tsyllables",
    ]
    for code in range(FIRST, LAST + 1):
        character = chr(code)
        if found := readings(character):
            lines.append(f"{character}\t{' '.join(found)}")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{TARGET.name}: {len(lines) - 4} characters", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
