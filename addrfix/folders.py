"""Where files of ours live on this machine; nothing is made by asking.

Two environment variables move those places: `ADDRFIX_CACHE` for what can be built again, and
`ADDRFIX_DATA` for what the user has imported, and for words of the user's own.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Where the built gazetteer lies."""
    chosen = os.environ.get("ADDRFIX_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("addrfix", False))


def data_folder() -> Path:
    """Where the user's own places, numbers and words lie."""
    chosen = os.environ.get("ADDRFIX_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("addrfix", False))
