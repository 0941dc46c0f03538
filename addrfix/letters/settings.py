"""Reads TOML files that people write and reports every fault of a file in one message."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from addrfix.model.errors import BadSettings


def read_toml(path: Path, what: str) -> tuple[dict[str, Any], str]:
    """The content of a TOML file and the SHA-256 of its bytes.

    Raises:
        BadSettings: missing, not UTF-8, or not TOML; names the file and the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadSettings(f"the {what} {path} cannot be read: {error.strerror}") from error
    try:
        return tomllib.loads(data.decode("utf-8-sig")), hashlib.sha256(data).hexdigest()
    except UnicodeDecodeError as error:
        raise BadSettings(
            f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path}: not valid TOML: {error}") from error


class Settings:
    """One table of a TOML file; a getter that finds a fault notes it and gives a harmless value.

    Faults of sub-tables go into the same list; `finish` raises them all at once.
    """

    def __init__(self, values: Mapping[str, Any], place: str, faults: list[str]) -> None:
        self._values = values
        self._place = place
        self._faults = faults
        self._asked: set[str] = set()

    @property
    def keys(self) -> list[str]:
        """Keys in the order of the file."""
        return list(self._values)

    def fault(self, key: str, message: str) -> None:
        """Note a fault of a key."""
        self._faults.append(f"{self._place}{key}: {message}")

    def table(self, key: str, *, required: bool = True) -> Settings:
        """A sub-table; empty where it is missing."""
        value = self._get(key, required)
        if value is not None and not isinstance(value, dict):
            self.fault(key, f"must be a table, written [{self._place}{key}]")
            value = None
        known = value if value is not None else {}
        return Settings(known, f"{self._place}{key}.", self._faults if value is not None else [])

    def tables(self, key: str) -> list[Settings]:
        """An array of tables; at least one."""
        value = self._get(key, True)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            self.fault(key, f"must be one or more tables, written [[{self._place}{key}]]")
            return []
        places = [f"{self._place}{key}[{n}]." for n in range(1, len(value) + 1)]
        return [Settings(v, p, self._faults) for v, p in zip(value, places, strict=True)]

    def subtables(self) -> list[tuple[str, Settings]]:
        """All keys of this table as tables."""
        return [(key, self.table(key)) for key in self._values]

    def items(self, key: str) -> list[Settings]:
        """A list whose items are tables, or texts that stand for `{ text = … }`."""
        value = self._get(key, True)
        if not isinstance(value, list) or not all(isinstance(v, dict | str) for v in value):
            self.fault(key, "must be a list of texts and tables")
            return []
        whole = [{"text": v} if isinstance(v, str) else v for v in value]
        places = [f"{self._place}{key}[{n}]." for n in range(1, len(whole) + 1)]
        return [Settings(v, p, self._faults) for v, p in zip(whole, places, strict=True)]

    def text(
        self,
        key: str,
        *,
        required: bool = True,
        default: str = "",
        form: Callable[[str], str | None] | None = None,
        blank: bool = False,
    ) -> str:
        """A text, trimmed; `form` says what is wrong with it, or None.

        With `blank` it may be empty and keeps its spaces, which leave room on a form.
        """
        value = self._get(key, required)
        if value is None:
            return default
        if not isinstance(value, str) or not (blank or value.strip()):
            self.fault(key, 'must be a text that is not empty, written key = "…"')
            return default
        text = value if blank else value.strip()
        wrong = form(text) if form else None
        if wrong:
            self.fault(key, wrong)
        return text

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fault(key, 'must be a list of texts, written key = ["…", "…"]')
            return ()
        return tuple(value)

    def number(self, key: str, low: float, high: float, *, default: float | None = None) -> float:
        """A number from `low` to `high`; required where there is no default."""
        value = self._get(key, default is None)
        if value is None:
            return default if default is not None else low
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, "must be a number")
        elif not low <= value <= high:
            self.fault(key, f"must lie between {low:g} and {high:g}")
        else:
            return float(value)
        return low

    def numbers(
        self, key: str, low: float, high: float, *, required: bool = True
    ) -> tuple[float, ...]:
        """A list of numbers, each from `low` to `high`."""
        value = self._get(key, required)
        if value is None:
            return ()
        good = isinstance(value, list) and all(
            isinstance(v, int | float) and not isinstance(v, bool) and low <= v <= high
            for v in value
        )
        if not good or not value:
            self.fault(key, f"must be a list of numbers between {low:g} and {high:g}")
            return (low,)
        return tuple(map(float, value))

    def whole(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number from `low` to `high`; required where there is no default."""
        value = self._get(key, default is None)
        if value is None:
            return default if default is not None else low
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(key, f"must be a whole number between {low} and {high}")
            return low
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(key, "must be true or false, without quotes")
            return default
        return value

    def day(self, key: str) -> date:
        """A date."""
        value = self._get(key, True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.fault(key, "must be a date, written 2026-01-31 without quotes")
        return date.min

    def done(self) -> None:
        """Note the keys that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.fault(key, f"is not known here (known: {known})")

    def _get(self, key: str, required: bool) -> Any:  # noqa: ANN401 - TOML has any type
        self._asked.add(key)
        value = self._values.get(key)
        if value is None and required:
            self.fault(key, "is missing")
        return value


def with_lines(path: Path, faults: list[str]) -> list[str]:
    """Faults of keys, each with the file and the line of its key, or of the table it belongs in.

    tomllib does not tell lines, so keys are looked for where people write them: at the beginning
    of a line.
    """
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if found := _TABLE.match(line):
            table = found[1].translate(_NO_QUOTES)
            lines.setdefault(table, number)
        elif found := _KEY.match(line):
            key = found[1].translate(_NO_QUOTES)
            lines.setdefault(f"{table}.{key}" if table else key, number)
    return [f"{_place(path.name, lines, fault.split(': ')[0])}: {fault}" for fault in faults]


def _place(file: str, lines: Mapping[str, int], key: str) -> str:
    while key and key not in lines:
        key = _LAST_PART.sub("", key)
    return f"{file}, line {lines[key]}" if key else file


_TABLE = re.compile(r"\s*\[\[?([^\[\]]+)\]")
_KEY = re.compile(r"""\s*("[^"]+"|'[^']+'|[\w.-]+)\s*=""")
_NO_QUOTES = {ord(mark): None for mark in "\"' "}
_LAST_PART = re.compile(r"(\[\d+\]|(?:^|\.)[^.\[]*)$")


def finish(path: Path, faults: list[str]) -> None:
    """Raise all faults of a file at once.

    Raises:
        BadSettings: there are any; one line each.
    """
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise BadSettings(f"{path}: {count}\n" + "\n".join(f"  {fault}" for fault in faults))
