"""How duties were kept, as it may leave in a file: a child is named only where a role of the reader exports names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kinfold.service.records.models import Thing
from kinfold.service.records.reads.clock_proof import LateOne
from kinfold.service.records.reads.exports import export_names
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, index_rows
from kinfold.service.records.scope import as_system

NAMED = ("service_list", "team_list")


def late_to_leave(reader: Reader, late: Sequence[LateOne]) -> list[LateOne]:
    """Return what was late for a file: the rule is asked of each child, and who may not leave by name stays without."""
    names = export_names(reader, NAMED)
    if not names:
        return [replace(one, name="") for one in late]
    with as_system():
        persons = dict(Thing.objects.filter(uid__in={one.uid for one in late}).values_list("uid", "pk"))
    of = {str(uid): pk for uid, pk in persons.items()}
    sight = Sight(reader, index_rows(list(of.values())))
    return [one if sight.exports(of[one.uid], names) else replace(one, name="") for one in late if one.uid in of]
