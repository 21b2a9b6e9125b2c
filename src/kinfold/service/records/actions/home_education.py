"""Consent to home education: request, grounds, decision, telling the parent, review, leaving the roll."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.access.words import ReachSort, Sort, Verb
from kinfold.care.home_education import CONSENT, LEFT, REQUEST, STEP, HomeEducationState
from kinfold.service.records import audit
from kinfold.service.records.actions.services import change_step, keep, write_step
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Reach, RoleHeld, Thing
from kinfold.service.records.reads.child_fact import version_mark
from kinfold.service.records.reads.home_education import RequestPage
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import HOME_EDUCATION, actor_of, thing_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

OFFICER = "elective_home_education_officer"


def record_request(reader: Reader, uid: str, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that a parent asks, open the case to the council's home education officers, and return its id."""
    row = find_person(uid)
    fact = write_step(
        reader, row, slice_name=HOME_EDUCATION, kind=REQUEST, values=said, day=day, because="a parent asks to home educate"
    )  # fmt: skip
    _open_to_officers(reader, row, day)
    return fact


def _open_to_officers(reader: Reader, row: Thing, day: date) -> None:
    """Let each home education officer of the council reach the child: the cohort is who has asked."""
    with as_system():
        officers = RoleHeld.objects.filter(
            held_by=row.held_by_id, role=OFFICER, until_date__isnull=True, account__person__isnull=False
        ).values_list("account__person_id", flat=True)
        reached = set(Reach.objects.filter(person=row, sort=ReachSort.COHORT.value).values_list("actor_id", flat=True))
        new = [officer for officer in officers if officer not in reached]
        if not new:
            return
        with writing(held_by=row.held_by_id, by=str(reader.account.uid), because="home education request") as change:
            Reach.objects.bulk_create(
                Reach(held_by_id=row.held_by_id, actor_id=officer, person=row, sort=ReachSort.COHORT.value,
                      from_date=day, because="a parent has asked to home educate them")
                for officer in new
            )  # fmt: skip
            audit.append(
                row.held_by_id,
                [{"actor": change.by, "action": "opened to home education", "person": str(row.uid),
                  "reason": change.because}],
                at=change.at,
            )  # fmt: skip


def confirm_grounds(reader: Reader, page: RequestPage, grounds: Sequence[str]) -> None:
    """Write the grounds that were confirmed onto the request."""
    request = page.case.request
    change_step(
        reader, page.opened.row, slice_name=HOME_EDUCATION, word="event", fact=page.fact,
        made_from=version_mark("event", request.id),  # type: ignore[attr-defined]
        values={"grounds": list(grounds)}, because="grounds confirmed",
    )  # fmt: skip


def decide(reader: Reader, page: RequestPage, *, day: date, said: Mapping[str, Any]) -> str:
    """
    Record the council's decision with its reasons, and return its id.

    Raises InputError for a refusal without reasons, for a decision before the request, and where one stands already.
    """
    if page.case.state not in (
        HomeEducationState.TO_DECIDE,
        HomeEducationState.DECIDE_AGAIN,
        HomeEducationState.NOT_NEEDED,
    ):
        raise InputError("This request is decided already. A refusal is looked at again through a review.")
    if not str(said.get("reasons") or "").strip():
        raise InputError("Give the reasons: the parent is told them.")
    _not_before(page, day)
    return write_step(
        reader, page.opened.row, slice_name=HOME_EDUCATION, kind=CONSENT, day=day, because="consent decided",
        values={**said, "decided_by": reader.account.name},
    )  # fmt: skip


def _not_before(page: RequestPage, day: date) -> None:
    asked = page.case.request.valid_from
    if asked is not None and day < asked:
        raise InputError(f"The day must be on or after the request, which came on {asked:%-d %B %Y}.")


def parent_told(reader: Reader, page: RequestPage, *, day: date) -> None:
    """Record the day on which the parent was told the decision and how to ask for a review."""
    decision = page.case.decision
    if decision is None:
        raise InputError("There is no decision to tell the parent of yet.")
    if decision.valid_from is not None and day < decision.valid_from:
        raise InputError("The parent cannot be told before the decision was made.")
    change_step(
        reader, page.opened.row, slice_name=HOME_EDUCATION, word="event", fact=str(decision.fact),
        made_from=version_mark("event", decision.id),  # type: ignore[attr-defined]
        values={"review_route_told_date": day.isoformat()}, because="parent told",
    )  # fmt: skip


def ask_for_review(reader: Reader, page: RequestPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that the parent asks for a refusal to be looked at again."""
    if page.case.state is not HomeEducationState.REFUSED:
        raise InputError("Only a refusal that stands is reviewed.")
    _not_before(page, day)
    return _step(reader, page, day, {**said, "step": "review asked for"}, "review asked for")


def decide_review(reader: Reader, page: RequestPage, *, day: date, said: Mapping[str, Any]) -> str:
    """
    Record what a review decided.

    The director decides the council's own, and never one of a decision they made. That of the Secretary of State is
    recorded as it was received.
    """
    if page.case.state is not HomeEducationState.UNDER_REVIEW:
        raise InputError("No review is under way.")
    _not_before(page, day)
    values = {**said, "step": "review decided"}
    if said.get("reviewed_by") != "director of children's services":
        return _step(reader, page, day, values, "review decided")
    decision = page.case.decision
    asked = thing_of(
        reader, page.opened.row, HOME_EDUCATION, sort=Sort.DECISION, name="escalated_consent_refusal",
        written_by=actor_of(getattr(decision, "recorded_by", None)),
    )  # fmt: skip
    reader.insist(Verb.DECIDE, asked, action="decide review of refusal")
    return keep(
        reader, page.opened.row, kind=STEP, day=day, because="review decided",
        values={**values, "decided_by": reader.account.name},
    )  # fmt: skip


def withdraw(reader: Reader, page: RequestPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that the parent no longer asks."""
    _not_before(page, day)
    return _step(reader, page, day, {**said, "step": "request withdrawn"}, "request withdrawn")


def _step(reader: Reader, page: RequestPage, day: date, values: Mapping[str, Any], because: str) -> str:
    return write_step(
        reader, page.opened.row, slice_name=HOME_EDUCATION, kind=STEP, values=values, day=day, because=because
    )


def record_removal(reader: Reader, page: RequestPage, *, day: date, said: Mapping[str, Any]) -> str:
    """Record that the child left the roll: never refused, since it has happened. A breach shows at once."""
    _not_before(page, day)
    values = {**said, "consent_needed": bool(page.case.grounds)}
    return write_step(
        reader, page.opened.row, slice_name=HOME_EDUCATION, kind=LEFT, values=values, day=day,
        because="the school took the child off the roll",
    )  # fmt: skip
