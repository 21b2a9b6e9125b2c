"""The parts of the work: which one a declared kind belongs to, and which of them stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kinfold.access.tables import HERE, read_table, refuse_unknown
from kinfold.terms.errors import StructureBroken

CASEWORK = "casework"


@dataclass(frozen=True, slots=True)
class Slice:
    """
    One part of the work.

    `personal` says whether it is about named people; `apart`, that even a role which reads the whole case
    reads it only when the role names it.
    """

    name: str
    label: str
    personal: bool
    apart: bool
    kinds: frozenset[str]


def _read() -> dict[str, Slice]:
    found: dict[str, Slice] = {}
    for name, table in read_table(HERE / "slices.toml").items():
        refuse_unknown(table, ("label", "personal", "apart", "kinds"), where=f"slices.toml [{name}]")
        found[name] = Slice(
            name=name,
            label=table["label"],
            personal=table["personal"],
            apart=table.get("apart", False),
            kinds=frozenset(table["kinds"]),
        )
    return found


SLICES: Mapping[str, Slice] = MappingProxyType(_read())


@cache
def _slice_of_kind() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for part in SLICES.values():
        for kind in part.kinds:
            if kind in found:
                raise StructureBroken(f"slices.toml: {kind} belongs to {found[kind]} and to {part.name}")
            found[kind] = part.name
    return found


def slice_of(kind_name: str) -> str:
    """Return the slice that facts of `kind_name` belong to; casework if no slice names the kind."""
    return _slice_of_kind().get(kind_name, CASEWORK)
