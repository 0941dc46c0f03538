"""How much a name tells: 绿城 stands in every city, 禹香苑 in one.

Two addresses that share nothing but a name are one place only if the name is rare. The measure is
the information of the name, in bits, under the word counts that jieba ships (60 million
in all): everyday words carry few bits, made-up names many. Loaded when first asked for,
half a second; nothing else in the comparison needs it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba


@cache
def _counts() -> jieba.Tokenizer:
    """The words of jieba, read without its cache: that is a file in a folder all users share."""
    import jieba

    counts = jieba.Tokenizer()
    counts.FREQ, counts.total = counts.gen_pfdict(counts.get_dict_file())
    counts.initialized = True
    return counts


@lru_cache(maxsize=65_536)
def bits(name: str) -> float:
    """Information of a name: the rarer its words, the more."""
    counts = _counts()
    total: float = counts.total
    return sum(
        log2(total / max(counts.FREQ.get(word) or 0, 1)) for word in counts.cut(name, HMM=False)
    )
