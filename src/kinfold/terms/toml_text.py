"""The text of a TOML file as tables, refused with the file's name and the line when it is not sound."""

from __future__ import annotations

import tomllib
from typing import Any

from kinfold.terms.errors import SettingError


def tables_of(text: str, *, file: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises SettingError, naming `file` and where in it, when it is not sound."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{file}: not sound TOML: {error}") from None
