"""What is kept once for a family: its group, made when it is first needed, and its plan."""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.access.words import Verb
from kinfold.casework import ToWrite
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.models import Thing
from kinfold.service.records.reads.families import groups_of, members_of
from kinfold.service.records.reads.papers import thing_of_kind
from kinfold.service.records.reads.reader import Reader


def write_for_family(reader: Reader, children: Sequence[Thing], told: ToWrite, *, because: str) -> str:
    """
    Write a fact once for the family of some children, as the reader; return its public id.

    It is about each of them: the reader must be able to write it about every one. Inside an action's transaction.
    """
    kind = KINDS[told.kind]
    for child in children:
        thing = thing_of_kind(reader.thing(child), kind, kind.label_default)
        reader.insist(Verb.WRITE, thing, action=f"record {kind.name}"[:40])
    said = checked(kind, told.values, valid_from=told.valid_from, valid_to=told.valid_to)
    fact = facts.record_fact(
        kind=kind.name, subject=family_for(reader, children, because=because), values=said, by=str(reader.account.uid),
        because=because, valid_from=told.valid_from, valid_to=told.valid_to, about=children, today=reader.now.date(),
    )  # fmt: skip
    return str(fact)


def family_for(reader: Reader, children: Sequence[Thing], *, because: str) -> Thing:
    """Return the family that the first child belongs to, with the others in it; made where there is none yet."""
    by = str(reader.account.uid)
    found = groups_of(children[0].pk)
    if found:
        group = Thing.objects.get(pk=found[0])
    else:
        group = Thing.objects.create(word="person", sort="group", held_by_id=children[0].held_by_id)
        facts.record_fact(kind="group_details", subject=group, values={"group_type": "family"}, by=by, because=because)
    inside = {row.pk for row in members_of(group.pk)}
    for child in children:
        if child.pk not in inside:
            facts.record_fact(
                kind="member_of_group", subject=child, party=group, values={"role": "child"}, by=by, because=because,
                valid_from=reader.now.date(),
            )  # fmt: skip
    return group
