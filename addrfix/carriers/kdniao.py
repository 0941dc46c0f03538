"""KDNiao (快递鸟): the same shape as Kuaidi100, with codes of its own."""

from __future__ import annotations

from addrfix.carriers.kuaidi100 import TrackingService


def create() -> TrackingService:
    """The carrier."""
    return TrackingService("kdniao")
