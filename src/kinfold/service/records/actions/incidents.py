"""Serious incidents: recording, criteria, the director's submission, and each step to done recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.care.case import StepState
from kinfold.care.corporate_parenting import year_of
from kinfold.care.incidents import INCIDENT, LOCAL, REVIEW, SUBMISSION
from kinfold.service.records.actions import people
from kinfold.service.records.actions.facts import record_fact
from kinfold.service.records.actions.services import change_step, insist_on_writing, keep, said_only, write_step
from kinfold.service.records.models import BodyFact, Holder, RoleHeld, Thing
from kinfold.service.records.reads.child_fact import version_mark
from kinfold.service.records.reads.incidents import IncidentPage, submission
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import SAFEGUARDING, today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

MANAGER, APPOINTED = "safeguarding_partnership_manager", "SAFEGUARDING_PARTNERSHIP"
PANEL, PARTNERS = "the Panel", "safeguarding partners"


def record_incident(reader: Reader, uid: str, *, aware: datetime, said: Mapping[str, Any]) -> str:
    """Record that the council became aware, appoint the partnership's managers to the case, and return its id."""
    if aware > timezone.now():
        raise InputError("The moment the council became aware must be now or in the past.")
    row = find_person(uid)
    values = {**said, "aware_at": aware.isoformat()}
    fact = write_step(
        reader, row, slice_name=SAFEGUARDING, kind=INCIDENT, values=values, day=timezone.localtime(aware).date(),
        because="the council became aware",
    )  # fmt: skip
    _appoint(reader, row)
    return fact


def _appoint(reader: Reader, row: Thing) -> None:
    """Appoint each manager of the safeguarding partnership to the case: the appointment is what opens it to them."""
    with as_system():
        held = RoleHeld.objects.filter(
            held_by=row.held_by_id, role=MANAGER, until_date__isnull=True, account__person__isnull=False
        ).select_related("account__person")
        for one in held:
            if one.account.person is not None:
                people.allocate(
                    children=[row], worker=one.account.person, role=APPOINTED, by=str(reader.account.uid),
                    because="serious incident", today=today_of(reader), replace=False, is_primary=False,
                )  # fmt: skip


def decide_criteria(reader: Reader, page: IncidentPage, said: Mapping[str, Any]) -> None:
    """Write whether the incident is notifiable, and why, onto it. Raises InputError without reasons."""
    if not str(said.get("reasons") or "").strip():
        raise InputError("Say why it is notifiable, or why not.")
    incident: Any = page.case.incident
    change_step(
        reader, page.opened.row, slice_name=SAFEGUARDING, word="event", fact=page.fact,
        made_from=version_mark("event", incident.id), values=said, because="criteria decided",
    )  # fmt: skip


def submit(reader: Reader, page: IncidentPage, *, outcome: str, reasons: str, content: str) -> None:
    """
    Decide as the director to submit the notification, and send it; or return it with reasons.

    Raises NotPermitted, recorded, for anybody who does not decide it and for whoever recorded the incident.
    """
    reader.insist(Verb.DECIDE, submission(reader, page.opened.row, page.case.incident), action="submit notification")
    if page.case.step("submission").state not in (StepState.TO_DO, StepState.OVERDUE):
        raise InputError("There is nothing to submit: it is not decided to be notifiable, or was submitted already.")
    if outcome != "approved" and not reasons.strip():
        raise InputError("Say what has to be put right before it is submitted.")
    today, row = today_of(reader), page.opened.row
    answer = {"regulation": SUBMISSION, "outcome": outcome, "stage": "director", "approved_by": reader.account.name,
              "reasons": reasons, "concerns": page.fact}  # fmt: skip
    keep(reader, row, kind="approval", values=answer, day=today, because="submission decided")
    if outcome == "approved":
        values = {"notification_type": "serious incident", "direction": "sent", "recipients": [PANEL, PARTNERS],
                  "channel": "portal", "sent_at": timezone.now().isoformat(), "content": content,
                  "concerns": page.fact}  # fmt: skip
        keep(reader, row, kind="notification", values=values, day=today, because="notified to the Panel")


def _write(reader: Reader, page: IncidentPage, kind: str, values: Mapping[str, Any], day: date, because: str) -> str:
    return write_step(
        reader, page.opened.row, slice_name=SAFEGUARDING, kind=kind, day=day, because=because,
        values={**values, "concerns": page.fact},
    )  # fmt: skip


def _insist_started(page: IncidentPage, step: str) -> None:
    found = page.case.step(step)
    if found.state is StepState.NOT_YET:
        raise InputError(found.because)
    if found.state is StepState.NOT_NEEDED:
        raise InputError(f"This step is not needed. {found.because}")


def tell_partners(reader: Reader, page: IncidentPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that the safeguarding partners were told of the event."""
    values = {**said, "notification_type": "event to safeguarding partners", "direction": "sent",
              "recipients": [PARTNERS]}  # fmt: skip
    return _write(reader, page, "notification", values, day, "partners told")


def send_rapid_review(reader: Reader, page: IncidentPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record the rapid review as it was sent to the Panel on `day`."""
    _insist_started(page, "rapid_review")
    told = page.case.step("notification").done_on
    if told is not None and day < told:
        raise InputError("The rapid review cannot be sent before the incident was notified.")
    return _write(
        reader, page, "rapid_review", {**said, "sent_to_panel_date": day.isoformat()}, day, "rapid review sent"
    )


def decide_review(reader: Reader, page: IncidentPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record the partners' decision whether to commission a local review, with its reasons."""
    _insist_started(page, "decision")
    if not str(said.get("reasons") or "").strip():
        raise InputError("Give the reasons: the Panel is told them.")
    if page.case.step("decision").is_finished:
        raise InputError("This is decided already. Correct the decision on the child's record.")
    values = {**said, "matter": LOCAL, "authority": said.get("authority") or PARTNERS}
    return _write(reader, page, "decision", values, day, "decided on a practice review")


def start_review(reader: Reader, page: IncidentPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record who reviews and what the review asks."""
    _insist_started(page, "practice_review")
    values = {**said, "review_type": said.get("review_type") or "local"}
    return _write(reader, page, "practice_review", values, day, "practice review started")


def plan_publication(reader: Reader, page: IncidentPage, said: Mapping[str, Any]) -> None:
    """Record the day on which the report is to be published: the day for sending it before is counted back from it."""
    review: Any = next((one for one in reversed(page.case.facts) if one.kind == "practice_review"), None)
    if review is None:
        raise InputError("Begin the practice review first.")
    change_step(
        reader, page.opened.row, slice_name=SAFEGUARDING, word="spell", fact=str(review.fact),
        made_from=version_mark("spell", review.id), values=said, because="publication planned",
    )  # fmt: skip


def review_step(reader: Reader, page: IncidentPage, *, step: str, day: date, said: Mapping[str, Any]) -> str:
    """Record a step of the practice review: the final report, its sending, its publication, reasons for a delay."""
    _insist_started(page, "practice_review")
    if not any(one.kind == "decision" and one.payload.get("choice") == REVIEW for one in page.case.facts):
        raise InputError("No practice review was commissioned.")
    return _write(reader, page, "practice_review_step", {**said, "step": step}, day, f"practice review: {step}")


def recommend(reader: Reader, page: IncidentPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record a recommendation of the review; it gets the next number where none is given."""
    if not str(said.get("words") or "").strip():
        raise InputError("Enter what is recommended.")
    numbers = [one.number or 0 for one in page.case.recommendations]
    number = said.get("number") or max(numbers, default=0) + 1
    if number in numbers:
        raise InputError(f"There is a recommendation {number} already.")
    return _write(reader, page, "recommendation", {**said, "number": number}, day, "recommendation made")


def follow_recommendation(
    reader: Reader, page: IncidentPage, fact: str, *, made_from: str, said: Mapping[str, Any], done_on: date | None
) -> None:
    """
    Record the answer to a recommendation, what changed, and the day it was done.

    Raises InputError for one that is done without saying what changed, or refused without a reason.
    """
    found = page.recommendation(fact)
    answer = said.get("answer") or found.fact.payload.get("answer")
    changed = str(said.get("what_changed") or found.what_changed).strip()
    if (done_on is not None or answer == "refused") and not changed:
        raise InputError("Say what changed and how it is known; where it is refused, say why.")
    if done_on is not None and (done_on > today_of(reader) or done_on < (found.fact.valid_from or done_on)):
        raise InputError("The day it was done must lie between the recommendation and today.")
    change_step(
        reader, page.opened.row, slice_name=SAFEGUARDING, word="spell", fact=fact, made_from=made_from, values=said,
        because="recommendation followed", until=done_on,
    )  # fmt: skip


def notify_death(reader: Reader, uid: str, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that a death was notified, to whom and when: that of a looked-after child, a care leaver, or any child."""
    row = find_person(uid)
    insist_on_writing(reader, row, SAFEGUARDING, "notification")
    sent = timezone.now().isoformat() if day == today_of(reader) else ""
    values = said_only({**said, "direction": "sent", "sent_at": sent})
    return keep(reader, row, kind="notification", values=values, day=day, because="death notified")


def council_body(holder: Holder, *, by: str) -> Thing:
    """Return the council as a body that facts are about, made on first use."""
    with as_system():
        found = BodyFact.objects.filter(held_by=holder, kind="council_details", known_to__isnull=True).first()
        if found is not None:
            subject: Thing = found.subject
            return subject
        made = Thing.objects.create(word="body", sort="organisation", held_by=holder)
        record_fact(
            kind="council_details", subject=made, values={"name": holder.name, "la_code": holder.code[:3]}, by=by,
            because="the council itself", valid_from=year_of(timezone.localdate()).starts,
        )  # fmt: skip
        return made


def record_learning(reader: Reader, *, day: date, said: Mapping[str, Any]) -> str:
    """Record something learned, without names, so that others can find it."""
    holder = _own_holder(reader)
    _insist_on_body(reader, holder, "record learning_point")
    body = council_body(holder, by=str(reader.account.uid))
    return keep(reader, body, kind="learning_point", values=said, day=day, because="learning recorded")


def publish_report(reader: Reader, *, report_type: str, period: str, day: date, address: str) -> str:
    """Record that a yearly report was published, which is what its duty waits for."""
    holder = _own_holder(reader)
    _insist_on_body(reader, holder, "record published_report")
    body = council_body(holder, by=str(reader.account.uid))
    values = {"report_type": report_type, "step": "published", "period": period, "address": address}
    return keep(reader, body, kind="published_report", values=values, day=day, because="yearly report published")


def _own_holder(reader: Reader) -> Holder:
    holder = reader.account.held_by
    if holder is None:
        raise InputError("Your account belongs to no council.")
    return holder


def _insist_on_body(reader: Reader, holder: Holder, action: str) -> None:
    asked = Asked(sort=Sort.RECORD, held_by=holder.pk, slice=SAFEGUARDING)
    reader.insist(Verb.WRITE, asked, action=action)
