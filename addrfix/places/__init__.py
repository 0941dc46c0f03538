"""The gazetteer: build, open, look up, import, history."""

from addrfix.places.gazetteer import Gazetteer, open_gazetteer

__all__ = ["Gazetteer", "open_gazetteer"]
