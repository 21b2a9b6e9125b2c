"""
Where the register is kept: columns on disk under the data folder, replaced as a whole.

The published files are public and are read whole, so they need no tables of the service: what is kept are the rows of
each file (Parquet), and the register is built from them when it is opened (a fifth of a second for all years). A folder
is written beside the old one and a pointer is moved to it last, so that a reader sees either the old or the new.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from kinfold.market.reading import Delivery, delivery_of, read_delivery
from kinfold.market.register import Register, build
from kinfold.terms.errors import InputError, SettingError
from kinfold.terms.postcodes import data_folder

_PARTS = ("settings", "inspections", "flows", "premises")
_POINTER = "current"


def market_folder(folder: Path | None = None) -> Path:
    """Return where the market's files lie: `market` in the data folder."""
    return (folder or data_folder()) / "market"


def load(paths: Iterable[Path], *, folder: Path | None = None) -> dict[str, Any]:
    """
    Take published files into the store and return what was read.

    A table that was loaded before under the same name is replaced, so loading again changes nothing. Raises FileRefused
    where nothing could be read; then nothing changes.
    """
    return keep(read_delivery(paths), folder=folder)


def keep(delivery: Delivery, *, folder: Path | None = None) -> dict[str, Any]:
    """
    Put a delivery's rows beside those that are kept, save the register, and return what it holds.

    Raises InputError while another load is under way: of two that began together the later would undo the earlier.
    """
    place = market_folder(folder)
    with alone(place):
        before = _read(place)
        whole = _joined(before, delivery) if before else delivery
        register = build(whole)
        _write(place, whole)
    opened.cache_clear()
    return {
        "files": delivery.files,
        "notes": register.notes,
        "days": [day.isoformat() for day in register.days],
        "settings": register.spells.height,
        "sightings": register.sightings.height,
        "inspections": register.inspections.height,
        "joiners_and_leavers": register.flows.height,
        "premises": register.premises.height,
    }


def open_register(folder: Path | None = None) -> Register:
    """Return the register that is kept. Raises InputError, saying how to load one, where there is none."""
    place = market_folder(folder)
    pointer = place / _POINTER
    if not pointer.exists():
        raise InputError(
            "No register of providers has been loaded. Load Ofsted's provider-level files with `kinfold market load "
            "FILES`, or an invented register with `kinfold market load --invented`."
        )
    return opened(place, pointer.read_text(encoding="utf-8").strip())


@lru_cache(maxsize=2)
def opened(place: Path, version: str) -> Register:
    """Return the register of one version; kept in memory, because pages ask for it again and again."""
    delivery = _read(place)
    if delivery is None:
        raise InputError(f"The register {version} is not whole. Load the published files again.")
    return build(delivery)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold the market's lock for the length of a block; the system lets go of it when a process dies."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / ".loading").open("w")
    except OSError as error:
        raise SettingError(
            f"The register cannot be written ({error.strerror}). Set KINFOLD_DATA to a folder that this program may write to."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                "Another load into the market's files is under way. Wait until it has finished, then load your files: nothing of "
                "yours was taken in."
            ) from None
        yield


def _joined(before: Delivery, now: Delivery) -> Delivery:
    """Return the rows of both; a table of the same name is the newer one's."""
    names = {str(file["file"]) for file in now.files}
    parts = {
        part: pl.concat([getattr(before, part).filter(~pl.col("source").is_in(names)), getattr(now, part)])
        for part in _PARTS
    }
    files = [file for file in before.files if file["file"] not in names] + now.files
    return delivery_of(parts, files=files, notes=now.notes)


def _read(place: Path) -> Delivery | None:
    pointer = place / _POINTER
    if not pointer.exists():
        return None
    folder = place / pointer.read_text(encoding="utf-8").strip()
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return delivery_of({part: pl.read_parquet(folder / f"{part}.parquet") for part in _PARTS}, files=about["files"])
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"The market's files in {folder.name} cannot be read ({error.__class__.__name__}). Remove the folder `market` in "
            "the data folder and load the published files again."
        ) from error


def _write(place: Path, delivery: Delivery) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(mkdtemp(prefix="register-", dir=place))
        for part in _PARTS:
            getattr(delivery, part).write_parquet(folder / f"{part}.parquet")
        (folder / "about.json").write_text(json.dumps({"files": delivery.files}), encoding="utf-8")
        unfinished = place / f".{_POINTER}.{folder.name}"
        unfinished.write_text(folder.name, encoding="utf-8")
        os.replace(unfinished, place / _POINTER)
    except OSError as error:
        raise SettingError(
            f"The register cannot be written ({error.strerror}). Set KINFOLD_DATA to a folder that this program may write to."
        ) from None
    for old in place.glob("register-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
