"""
Folders in which kept files lie open while they are read: removed afterwards, and after a process that died.

A process that is killed cannot tidy up after itself, so whoever opens a folder next removes those of dead
processes on this machine, and anything that has lain there for a day.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_A_DAY = 24 * 60 * 60
_HERE = f"kinfold-{socket.gethostname()[:40].replace('-', '_')}-"


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give an empty folder that only this account reads, and remove it with all that is in it."""
    where = Path(settings.FILE_UPLOAD_TEMP_DIR)
    sweep(where)
    folder = Path(tempfile.mkdtemp(prefix=f"{_HERE}{os.getpid()}-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(where: Path) -> None:
    """Remove what dead processes left behind in `where`."""
    for item in where.iterdir():
        try:
            left = _is_left_behind(item)
        except FileNotFoundError:
            continue  # another process was quicker
        if left:
            shutil.rmtree(item, ignore_errors=True) if item.is_dir() else item.unlink(missing_ok=True)


def _is_left_behind(item: Path) -> bool:
    if time.time() - item.stat().st_mtime > _A_DAY:
        return True
    if not item.name.startswith(_HERE):
        return False
    number = item.name.removeprefix(_HERE).partition("-")[0]
    return number.isdigit() and not _is_alive(int(number))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
