"""From the coordinates of Chinese map services to WGS-84.

GCJ-02, in which Gaode and Tencent export, shifts every point in China by some hundred metres; BD-09
of Baidu shifts it once more. The formulas are the published ones of the open `eviltransform` work;
the way back is found by iteration, exact to about a centimetre.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin, sqrt

SYSTEMS = ("wgs84", "gcj02", "bd09")
_AXIS = 6378245.0
"""Half the long axis of the Krasovsky 1940 ellipsoid in metres."""
_ECCENTRICITY = 0.00669342162296594323
"""Its eccentricity, squared."""
_BAIDU = pi * 3000.0 / 180.0
_ENOUGH = 1e-7
"""Degrees, about a centimetre."""
_ROUNDS = 30


def to_wgs84(lat: float, lon: float, system: str) -> tuple[float, float]:
    """WGS-84 (latitude, longitude) in degrees of a point given in `system`.

    Raises:
        ValueError: the system is none of `SYSTEMS`.
    """
    if system == "wgs84":
        return lat, lon
    if system == "bd09":
        lat, lon = _bd09_to_gcj02(lat, lon)
    elif system != "gcj02":
        raise ValueError(f"{system} is none of {', '.join(SYSTEMS)}")
    found_lat, found_lon = lat, lon
    for _ in range(_ROUNDS):
        shifted_lat, shifted_lon = wgs84_to_gcj02(found_lat, found_lon)
        off_lat, off_lon = shifted_lat - lat, shifted_lon - lon
        found_lat, found_lon = found_lat - off_lat, found_lon - off_lon
        if abs(off_lat) < _ENOUGH and abs(off_lon) < _ENOUGH:
            break
    return found_lat, found_lon


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """The shift of GCJ-02; points outside the box of China stay where they are."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = lat / 180.0 * pi
    curve = 1.0 - _ECCENTRICITY * sin(angle) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY) / (curve * sqrt(curve)) * pi / 180.0
    metres_east = _AXIS / sqrt(curve) * cos(angle) * pi / 180.0
    return lat + north / metres_north, lon + east / metres_east


def _bd09_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    radius = sqrt(x * x + y * y) - 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) - 0.000003 * cos(x * _BAIDU)
    return radius * sin(angle), radius * cos(angle)
