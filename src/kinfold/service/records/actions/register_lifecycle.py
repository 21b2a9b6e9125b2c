"""
What happens to identifiers over time, with the national service: traced, verified, refreshed, replaced, found wrong.

No answer is no finding: while the service is away, nothing is marked and everything waits for the next round. Who was
verified is not asked about again until the entry's day comes, so a round costs as few questions as it can.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kinfold.identity.decide import Decision
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import shipped_model
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.matching import Judge, look_up
from kinfold.outside.demographic_service.patient import Found, Patient
from kinfold.outside.demographic_service.reconcile import compared
from kinfold.outside.demographic_service.search import Asked, Search
from kinfold.service.records import audit
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.register import BY, bring_up_to_date, supersede
from kinfold.service.records.models import PersonIndex, RegisterEntry
from kinfold.service.records.reads.register_people import names_of
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system

Progress = Callable[[int, int], None]
_Standing = RegisterEntry.Standing
_PERIODS = Path(__file__).with_name("register_periods.toml")
# Points that say who somebody is: where one of these differs the entry is not verified. A home may differ.
WHO = frozenset({"birth_date", "given", "family"})
NO_SUCH_NUMBER = frozenset({"INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND", "INVALIDATED_RESOURCE"})
NO_ANSWER = "the national service gave no answer"
# What each check came to, as the family reads it.
_SAID: Mapping[str, str] = {
    _Standing.UNVERIFIED: "It was not sure enough to say.", _Standing.VERIFIED: "It is right.",
    _Standing.DIFFERENT: "What it has is not what we have.", _Standing.NOT_FOUND: "It has none.",
}  # fmt: skip


class National(Protocol):
    """The national service, as far as a round asks it (`outside.demographic_service.client.Client`)."""

    def search(self, search: Search) -> Found:
        """Return whom a search found."""

    def patient(self, nhs_number: str) -> Patient | None:
        """Return the person with a number."""


@dataclass(slots=True)
class Round:
    """What a round came to: how many of each."""

    checked: int = 0
    verified: int = 0
    different: int = 0
    not_found: int = 0
    superseded: int = 0
    traced: int = 0
    asked_of_a_person: int = 0
    no_answer: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Return the round in words, for those who run the service; nobody is named in it."""
        words = [
            f"{self.checked} checked", f"{self.verified} verified", f"{self.different} with other particulars",
            f"{self.not_found} not found", f"{self.superseded} replaced", f"{self.traced} traced",
            f"{self.asked_of_a_person} left to a person",
        ]  # fmt: skip
        if self.no_answer:
            words.append(f"{NO_ANSWER}, so the others wait: {' '.join(self.notes)}")
        return ", ".join(words)


def periods() -> dict[str, int]:
    """Return after how many days an entry is checked again, by how it stands."""
    with _PERIODS.open("rb") as file:
        return {name: int(said["days"]) for name, said in tomllib.load(file).items()}


def go_round(
    held_by: int, service: National, *, today: date, most: int = 1_000, progress: Progress | None = None
) -> Round:
    """
    Check the NHS numbers that are due, and look for one for those who have none; at most `most` children in a round.

    Stops at the first question that gets no answer: what is left waits.
    """
    bring_up_to_date(held_by)
    done = Round()
    due = list(_due(held_by, today)[:most])
    for number, entry in enumerate(due):
        try:
            _check(entry, service, done, today=today)
        except NoAnswer as wrong:
            done.no_answer += 1
            done.notes.append(str(wrong))
            break
        done.checked += 1
        if progress is not None:
            progress(number + 1, len(due))
    bring_up_to_date(held_by)
    return done


def _due(held_by: int, today: date) -> list[RegisterEntry]:
    rows = RegisterEntry.objects.filter(held_by_id=held_by, state=RegisterEntry.State.CURRENT)
    rows = rows.filter(Q(check_on__isnull=True) | Q(check_on__lte=today))
    return list(rows.exclude(reason="unborn").select_related("person").order_by("check_on", "pk"))


def _check(entry: RegisterEntry, service: National, done: Round, *, today: date) -> None:
    asked = _asked(entry)
    if entry.sort == RegisterEntry.Sort.PROVISIONAL:
        _trace(entry, asked, service, done, today=today)
        return
    try:
        patient = service.patient(entry.value)
    except Refused as refused:
        if refused.code not in NO_SUCH_NUMBER:  # it refuses us, not the number: that is no answer about any child
            raise NoAnswer(str(refused)) from refused
        patient = None
    if patient is None:
        _stand(entry, _Standing.NOT_FOUND, (), today=today)
        done.not_found += 1
        return
    differing = tuple(difference.point for difference in compared(asked, patient)[0])
    standing = _Standing.DIFFERENT if WHO & set(differing) else _Standing.VERIFIED
    if patient.nhs_number != entry.value and standing == _Standing.VERIFIED:
        _replaced(entry, patient.nhs_number)
        done.superseded += 1
        return
    _stand(entry, standing, differing, today=today)
    done.verified += standing == _Standing.VERIFIED
    done.different += standing == _Standing.DIFFERENT


def _trace(entry: RegisterEntry, asked: Asked, service: National, done: Round, *, today: date) -> None:
    """Look for the NHS number of a child who has none; what is not sure is left to a person."""
    size = PersonIndex.objects.filter(held_by=entry.held_by_id, sort="child").count()
    found = look_up(asked, service.search, Judge(shipped_model(), Rarity(size=size)))
    if found.decision is Decision.ERROR and found.made:
        raise NoAnswer(found.why)
    if found.decision is Decision.MATCH and found.best is not None:
        _number_found(entry, found.best.patient.nhs_number)
        done.traced += 1
        return
    done.asked_of_a_person += found.decision in (Decision.POTENTIAL, Decision.MANY)
    _stand(entry, _Standing.NOT_FOUND if found.decision is Decision.NONE else _Standing.UNVERIFIED, (), today=today)


def _number_found(entry: RegisterEntry, number: str) -> None:
    """Record a traced number as a fact; the provisional identifier yields to it."""
    with as_system(), transaction.atomic():
        facts.record_fact(
            kind="identifier", subject=entry.person, values={"identifier_type": "nhs_number", "value": number},
            by=BY, because="traced with the national demographic service", ref=number,
        )  # fmt: skip
        bring_up_to_date(entry.held_by_id)
        new = RegisterEntry.objects.filter(person=entry.person_id, value=number)
        new.update(standing=_Standing.VERIFIED, checked_at=timezone.now(),
                   check_on=timezone.localdate() + timedelta(days=periods()[_Standing.VERIFIED]))  # fmt: skip


def _replaced(entry: RegisterEntry, number: str) -> None:
    """The service holds another number for this one now: the record says both, and the register uses the new."""
    because = "superseded in the national demographic service"
    with as_system(), transaction.atomic():
        facts.record_fact(
            kind="identifier", subject=entry.person, values={"identifier_type": "nhs_number", "value": number},
            by=BY, because=because, ref=number,
        )  # fmt: skip
        supersede(entry, value=number, by=BY, because=because)


def _stand(entry: RegisterEntry, standing: str, differing: tuple[str, ...], *, today: date) -> None:
    days = periods()[standing]
    with as_system(), transaction.atomic():
        RegisterEntry.objects.filter(pk=entry.pk).update(
            standing=standing,
            differing=list(differing),
            checked_at=timezone.now(),
            check_on=today + timedelta(days=days),
        )
        audit.append(
            entry.held_by_id,
            [
                {
                    "actor": BY,
                    "action": "identifier checked",
                    "person": str(entry.person.uid),
                    "reason": f"the national demographic service was asked about the NHS number. {_SAID[standing]}",
                    "body": {"standing": standing, "model": shipped_model().digest},
                }
            ],
            at=timezone.now(),
        )


def _asked(entry: RegisterEntry) -> Asked:
    """Return a child as the national service is asked about them."""
    kept = one_person(entry.person_id)[0]
    index = PersonIndex.objects.filter(pk=kept).first()
    given, _, family = names_of([kept]).get(kept, ("", "", ""))
    return Asked(
        given=given,
        family=family,
        birth_date=index.birth_date if index else None,
        gender={"M": "male", "F": "female"}.get(index.sex if index else "", ""),
        postcode=index.postcode if index else "",
        nhs_number=entry.value if entry.sort == RegisterEntry.Sort.NATIONAL else "",
    )
