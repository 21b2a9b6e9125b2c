"""What a young person is told of a duty, in words meant for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kinfold.duties.catalogue import duty_catalogue
from kinfold.terms.errors import SettingError

FILE = Path(__file__).parent / "words_for_child.toml"


@lru_cache(maxsize=1)
def words_for_child() -> Mapping[str, str]:
    """Return the words by the identifier of a duty. Raises SettingError for one that is not in the catalogue."""
    found: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    unknown = [duty for duty in found if duty not in duty_catalogue().duties]
    if unknown:
        raise SettingError(f"{FILE.name}: there is no duty called {unknown[0]}. Remove it or correct it")
    return found
