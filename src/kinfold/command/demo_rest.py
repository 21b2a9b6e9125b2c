"""The rest of the demonstration's files, loaded while its first pages are already open."""

from __future__ import annotations

import sys
from pathlib import Path

from kinfold.command.demo import _add_cases, _load
from kinfold.command.line import start_service

if __name__ == "__main__":
    start_service()
    _load(Path(sys.argv[1]), first=False)
    _add_cases()
