"""The council's own corporate parenting: what it did, what it offers, and its report from the first word to publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Verb
from kinfold.care.case import Fact
from kinfold.care.corporate_parenting import (
    ACTION,
    APPROVED,
    COUNCILS_REPORT,
    DECISION,
    PARTS_OF_REPORT,
    RETURNED,
    WAITING,
    WRITING,
    Year,
    insist_on_step,
)
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts, parenting
from kinfold.service.records.actions.incidents import council_body
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.actions.services import keep
from kinfold.service.records.models import Account, Alert, Thing
from kinfold.service.records.reads.parenting import asked_of
from kinfold.service.records.reads.parenting_council import council_row, may_decide, our_year
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import NOTHING, today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

DIRECTOR = "director_of_childrens_services"
ALERT = "corporate parenting report"


def _council(reader: Reader, action: str) -> Thing:
    """Return the reader's council as a body, once they may write of it."""
    holder = reader.account.held_by
    if holder is None:
        raise NotPermitted(NOTHING)
    reader.insist(Verb.WRITE, asked_of(holder.pk), action=action)
    return council_body(holder, by=str(reader.account.uid))


def record(reader: Reader, what: str, *, year: Year, day: date, said: Mapping[str, Any]) -> str:
    """Record what the council did by a principle (`action`), what it offers (`offer`), or that its report is published (`publish`)."""
    body = _council(reader, f"record {what}")
    if what == "action":
        return keep(reader, body, kind=ACTION, values=said, day=day, because="corporate parenting")
    if what == "offer":
        return parenting.record_offer(reader, body, day=day, said=said)
    insist_on_step(our_year(reader, year).report, "publish")
    return parenting.record_report(reader, body, year=year, day=day, address=str(said.get("address") or ""))


@transaction.atomic
def write_report(reader: Reader, *, year: Year, said: Mapping[str, str], send: bool) -> None:
    """
    Keep what is written of the council's report; with `send` it goes to the director, who is told.

    Raises InputError where the director has it or approved it, and where it goes to the director with a part missing.
    """
    body = _council(reader, "write the report")
    found = our_year(reader, year).report
    insist_on_step(found, "write")
    values = {name: said.get(name, "").strip() for name in PARTS_OF_REPORT}
    if send and not all(values.values()):
        raise InputError("Write every part of the report before it goes to the director.")
    values |= {"period": year.name, "step": WAITING if send else WRITING, "written_by": reader.account.name}
    if found is not None and not send and found.payload.get("step") == RETURNED:
        values |= {name: found.payload.get(name) or "" for name in ("decided_by", "decided_date", "reasons")}
    _say(reader, body, found, values)
    if send:
        _tell(
            body,
            _directors(body),
            f"{reader.account.name} sent you the corporate parenting report of {year.name}",
            year,
        )


@transaction.atomic
def answer(reader: Reader, *, year: Year, approve: bool, reasons: str) -> None:
    """Approve the council's report, or return it with reasons. Raises InputError without them, NotPermitted for others."""
    ours = our_year(reader, year)
    if not may_decide(reader, ours.report):
        reader.insist(Verb.DECIDE, _decision(ours.held_by), action="approve the report")
    insist_on_step(ours.report, "decide")
    if not approve and not reasons.strip():
        raise InputError("Say why it is returned, so that it can be put right.")
    report, body = ours.report, council_row(ours.held_by)
    if report is None or body is None:
        raise InputError("The report is not with the director now. Look at it again.")
    values = {**report.payload, "step": APPROVED if approve else RETURNED, "decided_by": reader.account.name,
              "decided_date": today_of(reader).isoformat(), "reasons": "" if approve else reasons.strip()}  # fmt: skip
    _say(reader, body, report, values)
    writers = Account.objects.filter(
        held_by_id=ours.held_by, uid=str(getattr(report, "recorded_by", "")), is_active=True
    )
    word = "approved" if approve else "returned"
    _tell(body, list(writers), f"{reader.account.name} {word} the corporate parenting report of {year.name}", year)


def _decision(held_by: int) -> Asked:
    return replace(asked_of(held_by), name=DECISION)


def _say(reader: Reader, body: Thing, old: Fact | None, values: Mapping[str, Any]) -> None:
    said = {name: value for name, value in values.items() if value not in (None, "")}
    day = old.valid_from if old is not None else today_of(reader)
    said = checked(KINDS[COUNCILS_REPORT], said, valid_from=day, valid_to=None)
    by, because = str(reader.account.uid), "corporate parenting report"
    with as_system():
        if old is None:
            facts.record_fact(kind=COUNCILS_REPORT, subject=body, values=said, by=by, because=because, valid_from=day,
                              today=today_of(reader))  # fmt: skip
            return
        now = facts.current_version("event", str(old.fact))
        facts.correct_fact(word="event", fact=str(old.fact), made_from=now.pk, values=said, by=by, because=because,
                           valid_from=day, valid_to=None)  # fmt: skip


def _directors(body: Thing) -> list[Account]:
    held = Account.objects.filter(held_by_id=body.held_by_id, is_active=True, roles_held__role=DIRECTOR)
    return list(held.filter(roles_held__until_date__isnull=True).distinct())


def _tell(body: Thing, accounts: list[Account], title: str, year: Year) -> None:
    """Tell people of the report's next step, and take away what was said of the step before."""
    href = f"/corporate-parenting/our-council/report/?year={year.name}"
    with as_system():
        Alert.objects.filter(held_by_id=body.held_by_id, sort=ALERT, href=href).update(done_at=timezone.now())
        Alert.objects.bulk_create(
            Alert(account=one, held_by_id=body.held_by_id, sort=ALERT, at=timezone.now(), title=title, href=href)
            for one in accounts
        )
