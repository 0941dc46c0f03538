"""Toneless pinyin of division names, with the readings that only place names have."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from addrfix.knowledge import words


def syllables(short_name: str, name: str) -> str:
    """One toneless syllable per character of the short name, separated by spaces.

    A reading of `gazetteer/words/place_readings.tsv` for the whole short name wins over one for a
    single character, which wins over pypinyin's. ü is written v.
    """
    whole, single = _readings()
    if short_name in whole:
        return whole[short_name]
    # The full name gives pypinyin more context; only the short name's part of it is kept.
    context = name if name.startswith(short_name) else short_name
    read = [_read(character, single, heard) for character, heard in _heard(context)]
    return " ".join(read[: len(short_name)])


def _heard(text: str) -> list[tuple[str, str]]:
    heard = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)
    if len(heard) != len(text):
        # Characters without a reading come out together: read one by one.
        heard = [lazy_pinyin(one, style=Style.NORMAL, v_to_u=False)[0] for one in text]
    return list(zip(text, heard, strict=True))


def _read(character: str, single: dict[str, str], heard: str) -> str:
    return single.get(character, heard)


def _readings() -> tuple[dict[str, str], dict[str, str]]:
    rows = words("place_readings")
    whole = {row["name"]: row["syllables"] for row in rows if len(row["name"]) > 1}
    single = {row["name"]: row["syllables"] for row in rows if len(row["name"]) == 1}
    return whole, single
