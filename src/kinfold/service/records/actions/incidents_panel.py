"""The Panel's door: receiving what councils notify, replying, and deciding on a national review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kinfold.access.things import Thing as Asked
from kinfold.access.words import ReachSort, Sort, Verb
from kinfold.care import messages
from kinfold.care.incidents import INCIDENT, NATIONAL, REPLY
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.incidents_messages import (
    known_facts,
    opened,
    received,
    signed,
    trusted_sender,
)
from kinfold.service.records.actions.services import keep, write_step
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.loading.resolve import known_things, remember
from kinfold.service.records.models import EventFact, Holder, IdentifierKey, Reach, RoleHeld, SpellFact, Thing
from kinfold.service.records.reads.incidents import IncidentPage
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import SAFEGUARDING, thing_of, today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

READER, CASE = "practice_review_panel_reader", "panel_case"


def receive(reader: Reader, content: bytes, *, checked: bool) -> tuple[Thing, int]:
    """
    Keep what a council sent, as a case without a name, and return the case and how many facts were new.

    Raises InputError for a file that is no notification or whose signature does not hold. Nothing of it is kept then.
    """
    holder = reader.account.held_by
    if holder is None:
        raise InputError("Your account belongs to no body of this installation.")
    asked = Asked(sort=Sort.RECORD, held_by=holder.pk, slice=SAFEGUARDING)
    reader.insist(Verb.WRITE, asked, action="receive a notification")
    message = opened(content, direction=messages.TO_PANEL)
    by = str(reader.account.uid)
    with transaction.atomic():
        sender = trusted_sender(holder.pk, message, checked=checked, by=by)
        with as_system():
            case = _case_of(holder, message, by)
            changed = _follow_recommendations(case, message, by)
            new = messages.new_facts(message, known_facts(holder.pk, message))
            for one in sorted(new, key=lambda one: one.kind != INCIDENT):
                _keep(case, one, sender, by)
            received(holder.pk, new, case)
    return case, len(new) + changed


def _case_of(holder: Holder, message: messages.Message, by: str) -> Thing:
    found = known_things(holder.pk, [(CASE, message.incident)])[CASE, message.incident]
    if found:
        return Thing.objects.get(pk=found[0])
    if not any(one.kind == INCIDENT for one in message.facts):
        raise InputError("The message does not say what happened. Ask the council to send the whole case again.")
    case = Thing.objects.create(word="person", sort="child", held_by=holder)
    remember(holder.pk, [(CASE, message.incident, case.pk)])
    if message.about.get("sex"):
        facts.record_fact(kind="person_details", subject=case, values={"sex": str(message.about["sex"])[:4]}, by=by,
                          because="as notified")  # fmt: skip
    index_persons(holder.pk, {case.pk})
    _open_to_readers(holder, case)
    return case


def _open_to_readers(holder: Holder, case: Thing) -> None:
    readers = RoleHeld.objects.filter(
        held_by=holder, role=READER, until_date__isnull=True, account__person__isnull=False
    ).values_list("account__person_id", flat=True)
    Reach.objects.bulk_create(
        Reach(held_by=holder, actor_id=actor, person=case, sort=ReachSort.RELEASED.value,
              from_date=timezone.localdate(), because="the council notified it to the Panel")
        for actor in set(readers)
    )  # fmt: skip


def _own_incident(case: Thing) -> str:
    found = EventFact.objects.filter(subject=case, kind=INCIDENT, known_to__isnull=True).values_list("fact", flat=True)
    return str(found.first() or "")


def _keep(case: Thing, one: messages.Carried, sender: Thing, by: str) -> None:
    values: dict[str, Any] = dict(one.values)
    if one.kind != INCIDENT:
        values["concerns"] = _own_incident(case)
    if one.kind == "notification":
        values["direction"] = "received"
    facts.record_fact(
        kind=one.kind, subject=case, values=values, by=by, because="notified by the council", valid_from=one.valid_from,
        valid_to=one.valid_to, party=sender if one.kind == INCIDENT else None,
    )  # fmt: skip


def _follow_recommendations(case: Thing, message: messages.Message, by: str) -> int:
    """Bring recommendations that were received before up to date; return how many changed."""
    held = {
        row.payload.get("number"): row
        for row in SpellFact.objects.filter(subject=case, kind="recommendation", known_to__isnull=True)
    }
    changed = 0
    for one in message.facts:
        old = held.get(one.values.get("number")) if one.kind == "recommendation" else None
        if old is None:
            continue
        values = {**one.values, "concerns": old.payload.get("concerns")}
        if values != old.payload or one.valid_to != old.valid_to:
            facts.correct_fact(word="spell", fact=str(old.fact), made_from=old.pk, values=values, by=by,
                               because="the council wrote again", valid_from=old.valid_from, valid_to=one.valid_to)  # fmt: skip
            changed += 1
    return changed


def reply(reader: Reader, page: IncidentPage, *, words: str, national: str, reasons: str) -> None:
    """
    Record the Panel's reply, and its decision on a national review where it makes one.

    Raises InputError for a decision without reasons, NotPermitted for anybody who does not decide it.
    """
    today, row = today_of(reader), page.opened.row
    if national:
        asked = thing_of(reader, row, SAFEGUARDING, sort=Sort.DECISION, name="national_review")
        reader.insist(Verb.DECIDE, asked, action="decide national review")
        if not reasons.strip():
            raise InputError("Give the reasons for the decision on a national review.")
    _write(reader, page, "practice_review_step", {"step": REPLY, "reply": words}, today)
    if national:
        values = {"matter": NATIONAL, "choice": national, "reasons": reasons, "maker": reader.account.name,
                  "authority": "Child Safeguarding Practice Review Panel", "concerns": page.fact}  # fmt: skip
        keep(reader, row, kind="decision", values=values, day=today, because="national review decided")


def _write(reader: Reader, page: IncidentPage, kind: str, values: Mapping[str, Any], day: date) -> None:
    write_step(
        reader, page.opened.row, slice_name=SAFEGUARDING, kind=kind, values={**values, "concerns": page.fact}, day=day,
        because="the Panel replies",
    )  # fmt: skip


def reply_file(reader: Reader, page: IncidentPage) -> bytes:
    """Return the Panel's replies as a signed file for the council. Raises InputError before there is one."""
    replies = [
        one for one in page.case.facts if one.payload.get("step") == REPLY or one.payload.get("matter") == NATIONAL
    ]
    if not replies:
        raise InputError("There is no reply yet. Write it first.")
    row = page.opened.row
    body = messages.body_of(
        replies, direction=messages.FROM_PANEL, sender_code=row.held_by.code, sender=row.held_by.name,
        incident=_council_incident(row), made_at=timezone.now(),
    )  # fmt: skip
    reader.looked(row.held_by_id, "reply to a council", [page.opened.who.uid], because="sent to the council")
    return signed(body, held_by=row.held_by_id)


def _council_incident(row: Thing) -> str:
    """Return the incident's id at the council that notified it."""
    with as_system():
        return str(IdentifierKey.objects.filter(thing=row, sort=CASE).values_list("value", flat=True).get())
