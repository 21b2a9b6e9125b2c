"""
Where the inventor keeps what no council would send: who is who, the register of settings, the mistakes made on purpose.

It lies in folders whose name begins with a dot, so that `kinfold load` of a whole invented region finds in it only
the files that councils really send.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = ".invented"


def world_file(out: Path) -> Path:
    """Return where an invented council, region or England says what it is: its seed, its days, its councils."""
    return out / FOLDER / "world.json"


def register_file(out: Path) -> Path:
    """Return where the register of settings lies, with the companies and groups behind them."""
    return out / FOLDER / "settings.csv"


def truth_file(folder: Path) -> Path:
    """Return where one council's folder keeps what only the inventor knows."""
    return folder / FOLDER / "truth.json"


def mistakes_file(folder: Path) -> Path:
    """Return where one council's folder lists the rows that were spoilt on purpose."""
    return folder / FOLDER / "mistakes.json"
