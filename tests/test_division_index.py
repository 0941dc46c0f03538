"""The in-memory index: the fast scan against a plain one, and its file on disk."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from pathlib import Path

from golden_lines import lines

from addrfix.flow.clean import Engine
from addrfix.places.division_index import MemoryDivisionIndex
from addrfix.places.gazetteer import Gazetteer, open_gazetteer


def test_the_scan_finds_what_a_plain_search_finds(reading: Engine) -> None:
    index = reading.index
    meant: dict[str, set[int]] = defaultdict(set)
    with open_gazetteer().connect() as connection:
        for form, division in connection.execute(
            "SELECT form, division_id FROM name_form WHERE kind = 'official'"
        ).fetchall():
            meant[form].add(division)
    draw = random.Random(5)
    names = draw.sample(sorted(meant), 400)
    texts = [line["address"] for line in lines("reading")]
    texts += ["".join(draw.sample(names, 3)) for _ in range(300)]
    for text in texts:
        plain = {
            (start, end, division)
            for start in range(len(text))
            for end in range(start + 2, len(text) + 1)
            for division in meant.get(text[start:end], ())
        }
        fast = {
            (hit.start, hit.end, form.division)
            for hit in index.hits(text)
            for form in hit.forms
            if form.kind == "official"
        }
        # What is a word for a rank or a zone is never read as a division (街道, 开发区).
        missed = {text[start:end] for start, end, _ in plain - fast}
        assert fast <= plain
        assert all(not index.hits(name) or len(name) < 2 for name in missed), missed


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    copy = tmp_path / "gazetteer.duckdb"
    shutil.copy(open_gazetteer().path, copy)
    gazetteer = Gazetteer(copy)
    first = MemoryDivisionIndex(gazetteer)
    [kept] = [path for path in tmp_path.iterdir() if ".index" in path.name]
    whole = kept.read_bytes()
    damaged = bytearray(whole)
    damaged[len(damaged) // 2] ^= 0xFF
    for broken in (bytes(damaged), whole[:1000], b"", b"no index"):
        kept.write_bytes(broken)
        again = MemoryDivisionIndex(gazetteer)
        assert again.names == first.names
        assert again.hits("浙江省杭州市西湖区") == first.hits("浙江省杭州市西湖区")
        assert kept.read_bytes() == whole
