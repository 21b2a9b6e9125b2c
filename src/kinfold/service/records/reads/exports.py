"""Which lists may leave as files: by which role, of which children, and never where a child is kept hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinfold.access.roles import ROLES
from kinfold.access.words import Label
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Row, Sight, index_rows
from kinfold.service.records.reads.tonight import InCare
from kinfold.terms.errors import NotPermitted

# Names of roles.toml under which the night's list may leave as a file, the one without names last.
EXPORTS = ("overnight_list", "service_list", "team_list", "list_without_names")


@dataclass(frozen=True, slots=True)
class Leaving:
    """What may leave in a file: the rows, whether with names, and how many stay behind."""

    rows: Sequence[InCare]
    named: bool
    left_out: int


def export_names(reader: Reader, names: Sequence[str] = EXPORTS) -> list[str]:
    """Return the names of exports that some role of the reader makes, in the order given."""
    held = [ROLES[name] for name in reader.role_names if name in ROLES]
    return [name for name in names if any(name in role.exports for role in held)]


def for_export(reader: Reader, rows: Sequence[InCare]) -> Leaving:
    """
    Return the rows that may leave in a file: the rule is asked for each child, and a concealed home never leaves.

    Raises NotPermitted where no role of the reader exports this list.
    """
    names = export_names(reader)
    index = {row.person_id: row for row in index_rows([row.person for row in rows])}
    if not names:
        raise NotPermitted("Your role does not export this list.")
    sight = Sight(reader, index.values())
    kept = [_leaving(row, index[row.person]) for row in rows if row.person in index and sight.exports(
        row.person, names, labels=frozenset())]  # fmt: skip
    return Leaving(kept, named=names != ["list_without_names"], left_out=len(rows) - len(kept))


def _leaving(row: InCare, index: Row) -> InCare:
    if index.label == Label.ADDRESS_PROTECTED:
        row.withheld, row.setting, row.urn, row.area, row.area_name = True, "", "", "", ""
        row.miles, row.spot, row.inside = None, None, None
    return row
