"""Read the tables this room keeps in TOML beside its code, with a message that names the file when one is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from kinfold.terms.errors import StructureBroken

HERE = Path(__file__).parent
Word = TypeVar("Word", bound=StrEnum)


def read_table(path: Path) -> dict[str, dict[str, Any]]:
    """Return the tables of a TOML file by name. Raises StructureBroken, naming the file, if it cannot be read."""
    try:
        with path.open("rb") as source:
            return tomllib.load(source)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StructureBroken(f"{path.name} cannot be read: {error}") from error


def words(kind: type[Word], values: Iterable[str], *, where: str) -> frozenset[Word]:
    """Return `values` as members of `kind`. Raises StructureBroken, naming `where`, for one that is not."""
    return frozenset(word(kind, value, where=where) for value in values)


def word(kind: type[Word], value: str, *, where: str) -> Word:
    """Return `value` as a member of `kind`. Raises StructureBroken, naming `where`, if it is not one."""
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise StructureBroken(f"{where}: {value} is not one of {known}") from None


def refuse_unknown(table: Mapping[str, Any], known: Iterable[str], *, where: str) -> None:
    """Raise StructureBroken if `table` has a key that nothing reads: a misspelt rule must not pass in silence."""
    unread = sorted(set(table) - set(known))
    if unread:
        raise StructureBroken(f"{where}: nothing reads {', '.join(unread)}")
