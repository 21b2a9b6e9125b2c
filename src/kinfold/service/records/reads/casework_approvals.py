"""Forms that wait for somebody's approval: the queue of whoever may approve, and one of them."""

from __future__ import annotations

from dataclasses import dataclass

from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.casework import Form, form_named
from kinfold.service.records.models import FormDraft, PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework import Written, as_written, may_write
from kinfold.service.records.reads.casework_filling import Filling, filling_seen
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import NotPermitted

MOST = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """One form that waits: about whom, what was typed, and whether the reader may answer it or go on writing."""

    written: Written
    form: Form
    uid: str
    name: str
    may_approve: bool
    may_write: bool
    because: str


def as_decision(reader: Reader, row: FormDraft, about: ThingRow | None = None) -> Thing:
    """
    Return the approval that a form waits for, as the rule of access takes it: whose work it is included.

    `about` is a further child that the form is about as well.
    """
    return reader.thing(
        about or row.person, sort=Sort.DECISION, name=row.decision, slice=slice_of(form_named(row.form).main().kind),
        written_by=row.asked_by.person_id if row.asked_by else None,
    )  # fmt: skip


def queue(reader: Reader) -> list[Waiting]:
    """Return the forms that the reader may approve, the longest waiting first, and record the View."""
    rows = FormDraft.objects.filter(held_by__in=reader.holders, state=FormDraft.State.WAITING)
    rows = rows.select_related("person__held_by", "changed_by", "asked_by").order_by("asked_at")[:MOST]
    found = [row for row in rows if reader.decide(Verb.APPROVE, as_decision(reader, row))]
    for held_by in {row.held_by_id for row in found}:
        reader.looked(held_by, "approvals", [str(row.person.uid) for row in found if row.held_by_id == held_by])
    return [_waiting(reader, row, may_approve=True, because="") for row in found]


def _waiting(reader: Reader, row: FormDraft, *, may_approve: bool, because: str) -> Waiting:
    form = form_named(row.form)
    name = PersonIndex.objects.filter(pk=row.person_id).values_list("name", flat=True).first()
    return Waiting(
        as_written(row), form, str(row.person.uid), name or "Name not known", may_approve,
        may_write(reader, row.person, form), because,
    )  # fmt: skip


def draft_row(number: str) -> FormDraft:
    """Return a form being written by its public id. Raises NotPermitted when there is none."""
    found = FormDraft.objects.select_related("person__held_by", "changed_by", "asked_by").filter(uid=number).first()
    if found is None:
        raise NotPermitted(NOTHING)
    return found


def one_waiting(reader: Reader, number: str) -> tuple[Waiting, Filling]:
    """Return a form that waits with its answers. Raises NotPermitted, recorded, who may neither approve nor write it."""
    row = draft_row(number)
    thing = as_decision(reader, row)
    decision = reader.decide(Verb.APPROVE, thing)
    form = form_named(row.form)
    if not decision and not may_write(reader, row.person, form):
        reader.refused(f"approval {row.form}"[:40], thing, decision)
        raise NotPermitted(NOTHING)
    seen = filling_seen(reader, row.person, form)
    reader.looked(row.held_by_id, "approval", [str(row.person.uid)])
    because = "" if decision else decision.because
    return _waiting(reader, row, may_approve=bool(decision), because=because), seen
