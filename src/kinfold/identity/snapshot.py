"""
A register kept on disk as arrays, for many millions: written once, opened at once, read where it lies.

`write_snapshot` takes people a table at a time and never holds more than one of them beside a few numbers a person; keys
are sorted a stretch at a time. `open_snapshot` maps the arrays into memory: processes that look up in one snapshot share
it, and what nobody asks for is not read. Every file is checked by its hash. What changes afterwards is laid over it
(`overlay.py`) until a new one is written.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.identity.columns import ROW, Columns, NameList, name_counts, table_of
from kinfold.identity.index import NameArrays, Register, Searched, all_keys, beginning_bits, bits_for, namesakes_of
from kinfold.identity.names import NOBODY, Name, code_of, name_of
from kinfold.identity.rarity import Rarity
from kinfold.terms.errors import InputError

FORMAT = 1
MANIFEST = "snapshot.json"
# Keys are sorted in so many stretches, by their first bits, so that one of fifteen million's takes a tenth of a gigabyte.
_STRETCH_BITS = 5
_ROWS_AT_ONCE = 500_000
# So many names are kept as they are compared; the rest are made of their text when they are asked for.
_NAMES_KEPT = 100_000
_HASHED_AT_ONCE = 1 << 22
Told = Callable[[int], None]
# Each array and what it is of; `names` and `ids` are texts.
_ARRAYS: Mapping[str, npt.DTypeLike] = {
    "table": ROW,
    "filed": np.uint64,
    "starts": np.uint32,
    "namesakes": np.uint8,
    "given_bands": np.uint8,
    "given_known": np.uint8,
    "family_bands": np.uint8,
    "given_counts": np.uint32,
    "family_counts": np.uint32,
    "name_places": np.uint64,
    "codes": np.uint64,
    "code_numbers": np.uint32,
}
_TEXTS = "names.txt"
_IDS = "ids.arrow"


def write_snapshot(folder: Path, people: Iterable[pl.DataFrame], *, progress: Told | None = None) -> int:
    """
    Write people (tables with the columns of `kinfold match`, all as text) as a snapshot; return how many they are.

    `folder` must not be there yet: it appears when it is whole. `progress` is told how many have been read.
    """
    if folder.exists():
        raise InputError(f"{folder.name} is there already. Give another name, or take it away first.")
    part = folder.with_name(f".{folder.name}.part")
    part.mkdir(parents=True)
    try:
        names, rows = _write_table(part, people, progress)
        table = np.memmap(part / "table.bin", dtype=ROW, mode="r", shape=(rows,)) if rows else np.zeros(0, dtype=ROW)
        _write_keys(part, table, NameArrays(names.all))
        namesakes_of(table).tofile(part / "namesakes.bin")
        _write_names(part, table, names.all)
        _write_manifest(part, rows)
        part.replace(folder)
    except BaseException:
        for file in part.iterdir():
            file.unlink()
        part.rmdir()
        raise
    return rows


def _write_table(folder: Path, people: Iterable[pl.DataFrame], progress: Told | None) -> tuple[NameList, int]:
    names, ids, rows = NameList(), list[pl.Series](), 0
    with (folder / "table.bin").open("wb") as file:
        for frame in people:
            table_of(frame, names).tofile(file)
            ids.append(frame["unique_id"].cast(pl.String).fill_null(""))
            rows += frame.height
            if progress:
                progress(rows)
    every = pl.concat(ids) if ids else pl.Series("unique_id", [], dtype=pl.String)
    every.rename("unique_id").to_frame().write_ipc(folder / _IDS, compression="uncompressed")
    return names, rows


def _write_keys(folder: Path, table: npt.NDArray[np.void], kinds: NameArrays) -> None:
    """Write every key with its row, sorted: first into stretches by their first bits, then each stretch in order."""
    bits = bits_for(len(table))
    stretches = [folder / f"keys-{number}" for number in range(1 << _STRETCH_BITS)]
    files = [stretch.open("wb") for stretch in stretches]
    try:
        entries = sum(_spread(table, start, kinds, files, bits) for start in range(0, len(table), _ROWS_AT_ONCE))
    finally:
        for file in files:
            file.close()
    beginning = beginning_bits(entries, 64 - bits)
    counts = np.zeros(1 << beginning, dtype=np.uint32)
    with (folder / "filed.bin").open("wb") as filed:
        for stretch in stretches:
            keys = np.fromfile(stretch, dtype=np.uint64)
            stretch.unlink()
            keys.sort()
            keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
            keys.tofile(filed)
            begun, many = np.unique(keys >> np.uint64(64 - beginning), return_counts=True)
            counts[begun.astype(np.int64)] += many.astype(np.uint32)
    np.concatenate(([0], np.cumsum(counts, dtype=np.uint32))).astype(np.uint32).tofile(folder / "starts.bin")


def _spread(table: npt.NDArray[np.void], start: int, kinds: NameArrays, files: Sequence[Any], bits: int) -> int:
    """Add the keys of some rows to the stretches they belong to; return how many they are."""
    some = np.array(table[start : start + _ROWS_AT_ONCE])
    entries = 0
    for rows, keys in all_keys(some, kinds):
        filed = (keys >> np.uint64(bits - 1) << np.uint64(bits)) | (rows + start).astype(np.uint64)
        stretch = (filed >> np.uint64(64 - _STRETCH_BITS)).astype(np.uint8)
        order = np.argsort(stretch, kind="stable")
        edges = np.searchsorted(stretch[order], np.arange((1 << _STRETCH_BITS) + 1))
        filed = filed[order]
        for number, file in enumerate(files):
            filed[edges[number] : edges[number + 1]].tofile(file)
        entries += len(filed)
    return entries


def _write_names(folder: Path, table: npt.NDArray[np.void], names: Sequence[Name]) -> None:
    rarity = Rarity(len(table), *name_counts(table, names))
    texts = [_written(name).encode() for name in names]
    (folder / _TEXTS).write_bytes(b"".join(texts))
    codes = np.array([code_of(name.text) for name in names], dtype=np.uint64)
    order = np.argsort(codes, kind="stable")
    arrays = {
        "name_places": np.concatenate(([0], np.cumsum([len(text) for text in texts]))),
        "given_bands": [rarity.given_band(name.text) for name in names],
        "given_known": [rarity.is_established(name.text) for name in names],
        "family_bands": [rarity.family_band(name.text) for name in names],
        "given_counts": [rarity.given.get(name.text, 0) for name in names],
        "family_counts": [rarity.family.get(name.text, 0) for name in names],
        "codes": codes[order],
        "code_numbers": order,
    }
    for name, values in arrays.items():
        np.asarray(values).astype(_ARRAYS[name]).tofile(folder / f"{name}.bin")


def _written(name: Name) -> str:
    return "\t".join((name.text, *sorted(name.parts - {name.text})))


def _write_manifest(folder: Path, rows: int) -> None:
    files = {file.name: _hash_of(file) for file in sorted(folder.iterdir())}
    said = {"format": FORMAT, "rows": rows, "files": files}
    (folder / MANIFEST).write_text(json.dumps(said, indent=1), encoding="utf-8")


def _hash_of(file: Path) -> str:
    said = hashlib.sha256()
    with file.open("rb") as read:
        while block := read.read(_HASHED_AT_ONCE):
            said.update(block)
    return said.hexdigest()


class _Names(Sequence[Name]):
    """The names of a snapshot by their numbers, made of their texts as they are asked for; the last used are kept."""

    def __init__(self, texts: bytes, places: npt.NDArray[np.uint64]) -> None:
        self._texts, self._places = texts, places.data
        self._kept: dict[int, Name] = {0: NOBODY}

    def __len__(self) -> int:
        return len(self._places) - 1

    @overload
    def __getitem__(self, number: int) -> Name: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Name]: ...
    def __getitem__(self, number: int | slice) -> Name | Sequence[Name]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        found = self._kept.get(number)
        if found is None:
            found = self._made(number)
            if len(self._kept) >= _NAMES_KEPT:
                self._kept = {0: NOBODY}
            self._kept[number] = found
        return found

    def _made(self, number: int) -> Name:
        if not 0 <= number < len(self):
            raise IndexError(number)
        text, *parts = self._texts[self._places[number] : self._places[number + 1]].decode().split("\t")
        # both halves of a name such as Smith-Smith are one
        return name_of(text, tuple(parts) * 2 if len(parts) == 1 else tuple(parts))


class _Counts(Mapping[str, int]):
    """How many people have each name, as an array by the name's number."""

    def __init__(self, counts: npt.NDArray[np.uint32], number_of: Callable[[str], int], names: Sequence[Name]) -> None:
        self._counts, self._number_of, self._names = counts.data, number_of, names

    def __getitem__(self, text: str) -> int:
        number = self._number_of(text)
        if number < 0:
            raise KeyError(text)
        return int(self._counts[number])

    def __iter__(self) -> Iterator[str]:
        return (name.text for name in self._names)

    def __len__(self) -> int:
        return len(self._names)


class Ids(Sequence[str]):
    """Each row's own number (`unique_id`): those of a snapshot, then those of who is new."""

    def __init__(self, known: pl.Series) -> None:
        self.known = known
        self.new: list[str] = []

    def __len__(self) -> int:
        return len(self.known) + len(self.new)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        return str(self.known[row]) if row < len(self.known) else self.new[row - len(self.known)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An opened snapshot: the register, and each row's `unique_id`."""

    register: Register
    ids: Ids


def is_snapshot(path: Path) -> bool:
    """Return whether a path is a folder in which a snapshot was written."""
    return (path / MANIFEST).is_file()


def open_snapshot(folder: Path, *, check: bool = True) -> Snapshot:
    """
    Return a snapshot, its arrays mapped into memory. Raises InputError where it is not one, or not as it was written.

    `check` works out the hash of every file, which takes seconds for a gigabyte.
    """
    rows = _checked(folder, contents=check)

    def array(name: str) -> npt.NDArray[Any]:
        file = folder / f"{name}.bin"
        kind = np.dtype(_ARRAYS[name])
        return np.memmap(file, dtype=kind, mode="r") if file.stat().st_size else np.zeros(0, dtype=kind)

    places, codes, numbers = array("name_places"), array("codes"), array("code_numbers")
    names = _Names((folder / _TEXTS).read_bytes(), places)
    number_of = _by_code(codes, numbers)
    given, family = (_Counts(array(name), number_of, names) for name in ("given_counts", "family_counts"))
    filed, starts = array("filed"), array("starts")
    bits = bits_for(rows)
    searched = Searched(
        filed,
        starts,
        64 - bits - beginning_of(starts),
        array("namesakes"),
        array("given_bands").data,
        array("given_known").data,
        array("family_bands").data,
        number_of,
    )
    ids = Ids(pl.read_ipc(folder / _IDS)["unique_id"])
    return Snapshot(Register(Columns(array("table"), names, Rarity(rows, given, family)), searched), ids)


def beginning_of(starts: npt.NDArray[np.uint32]) -> int:
    """Return how many bits of a key a directory of these starts is over."""
    return (len(starts) - 1).bit_length() - 1


def _by_code(codes: npt.NDArray[np.uint64], numbers: npt.NDArray[np.uint32]) -> Callable[[str], int]:
    held, number_at = codes.data, numbers.data

    def number_of(text: str) -> int:
        if not (code := code_of(text)):
            return -1
        place = bisect_right(held, code) - 1
        return int(number_at[place]) if place >= 0 and held[place] == code else -1

    return number_of


def _checked(folder: Path, *, contents: bool) -> int:
    """Return how many rows a snapshot says it has, if it is whole."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        rows, files, kind = int(said["rows"]), dict(said["files"]), said["format"]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise InputError(f"{folder.name} is not a snapshot of a register. `kinfold snapshot` writes one.") from wrong
    if kind != FORMAT:
        raise InputError(f"{folder.name} was written by another version of Kinfold. Write it again with this one.")
    for name, expected in files.items():
        if not (folder / name).is_file() or (contents and _hash_of(folder / name) != expected):
            raise InputError(f"{folder.name} is damaged: {name} is not as it was written. Write the snapshot again.")
    return rows
