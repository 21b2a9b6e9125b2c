"""Invented cases of the three services for the demonstration, written through the same actions as real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kinfold.care.corporate_parenting import parts_of_the_duty, year_of
from kinfold.care.incidents import FINAL, LOCAL, PUBLISHED, REVIEW, SENT, SUBMISSION
from kinfold.service.records.actions import home_education, incidents, parenting
from kinfold.service.records.actions.services import keep
from kinfold.service.records.models import Account, EventFact, Holder, Reach, SpellFact, Thing
from kinfold.service.records.reads.home_education import request_page
from kinfold.service.records.reads.incidents import IncidentPage, incident_page
from kinfold.service.records.reads.parenting import body as body_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

BECAUSE = "demonstration"
HARM = ("abuse or neglect known or suspected", "child seriously harmed")
LEARNED = (
    ("Fathers and other men in the home were not asked about.", "men in the home", "rapid review"),
    ("A bruise on a baby was taken for an accident without a doctor's view.", "bruising in babies", "practice review"),
    ("The school's worry was heard three times and joined up once.", "information sharing", "audit"),
)
BODIES = (
    ("Vale Integrated Care Board", "integrated care board", 4), ("Northmoor NHS Trust", "NHS trust", 2),
    ("Inspectorate of Invented Services", "regulator", 5), ("Department for Invention", "government department", 0),
)  # fmt: skip


def add_cases(holder: Holder, *, today: date) -> int:
    """Add the invented cases to an invented council once; return how many. Needs its personas."""
    with as_system():
        if EventFact.objects.filter(held_by=holder, kind="serious_incident").exists():
            return 0
    worker, children = reader_of(holder, "social_worker"), children_of(holder)
    if worker is None or len(children) < 6:
        return 0
    made = _incidents(holder, worker, children[:3], today) + _requests(holder, worker, children[3:6], today)
    return made + _learning(holder, today) + _bodies(worker, today) + _death(holder, today)


def reader_of(holder: Holder, role: str) -> Reader | None:
    """Return somebody of the demonstration who has a role, as a reader; None where nobody has it."""
    with as_system():
        account = Account.objects.filter(held_by=holder, roles_held__role=role).exclude(persona="").first()
    return Reader(account) if account is not None else None


def children_of(holder: Holder) -> list[Thing]:
    """Return children whom the invented social worker works with, those with a plan or enquiry last."""
    worker = reader_of(holder, "social_worker")
    if worker is None:
        return []
    with as_system():
        near = Reach.objects.filter(
            actor_id=worker.account.person_id, sort="open_allocation", person__isnull=False, until_date__isnull=True
        ).values_list("person_id", flat=True)
        protected = set(
            SpellFact.objects.filter(
                subject_id__in=list(near), kind__in=("child_protection_plan", "section_47_enquiry"),
                known_to__isnull=True, valid_to__isnull=True,
            ).values_list("subject_id", flat=True)
        )  # fmt: skip
        rows = sorted(
            Thing.objects.filter(pk__in=list(near), sort="child"), key=lambda one: (one.pk in protected, one.pk)
        )
    return [*rows[:3], *rows[3:][-3:]]


def _incidents(holder: Holder, worker: Reader, children: Sequence[Thing], today: date) -> int:
    manager, director = (
        reader_of(holder, "safeguarding_partnership_manager"),
        reader_of(holder, "director_of_childrens_services"),
    )
    if manager is None or director is None:
        return 0
    told = ("A baby was brought to hospital with bruises that nobody could explain.",
            "A child was hurt by a man who had moved in; two services knew of him.",
            "A teenager was found badly hurt after going missing.")  # fmt: skip
    for place, (child, days) in enumerate(zip(children, (3, 4, 250), strict=True)):
        aware = timezone.now() - timedelta(days=days)
        said = {"criteria": list(HARM), "what_happened": told[place], "incident_date": aware.date().isoformat()}
        fact = incidents.record_incident(worker, str(child.uid), aware=aware, said=said)
        page = incident_page(manager, str(child.uid), fact)
        incidents.decide_criteria(manager, page, {"notifiable": True, "reasons": "Serious harm; abuse is suspected."})
        page = incident_page(_again(director), str(child.uid), fact)
        if place == 1:
            incidents.submit(director, page, outcome="approved", reasons="", content="Two services knew of the man.")
        if place == 2:
            _reviewed(manager, director, page, child, aware.date())
    return len(children)


def _again(reader: Reader) -> Reader:
    """Return the reader afresh: reach that was given meanwhile counts."""
    return Reader(reader.account)


def _reviewed(manager: Reader, director: Reader, page: IncidentPage, child: Thing, aware: date) -> None:
    """Write a review that ran its course, with one recommendation done and one overdue."""

    def at(reader: Reader, kind: str, days: int, **values: Any) -> str:
        values["concerns"] = page.fact
        return keep(reader, child, kind=kind, values=values, day=aware + timedelta(days=days), because=BECAUSE)

    sent = (timezone.now() - timedelta(days=246)).isoformat()
    at(director, "approval", 4, regulation=SUBMISSION, outcome="approved", approved_by=director.account.name)
    at(director, "notification", 4, notification_type="serious incident", direction="sent", sent_at=sent,
       recipients=["the Panel", "safeguarding partners"])  # fmt: skip
    at(manager, "rapid_review", 18, sent_to_panel_date=(aware + timedelta(days=18)).isoformat(), recommends_review=True,
       learning="Missing episodes were answered one by one.")  # fmt: skip
    at(manager, "decision", 25, matter=LOCAL, choice=REVIEW, maker="The three safeguarding partners",
       reasons="The pattern is not known from earlier reviews.")  # fmt: skip
    at(
        manager,
        "practice_review",
        40,
        review_type="local",
        terms_of_reference="How patterns of going missing are seen.",
    )
    for step, days in ((FINAL, 180), (SENT, 185), (PUBLISHED, 200)):
        at(manager, "practice_review_step", days, step=step)
    at(manager, "recommendation", 200, number=1, words="Map every missing episode with its neighbours.",
       theme="missing children", answer="accepted", due_date=(aware + timedelta(days=230)).isoformat())  # fmt: skip
    keep(manager, child, kind="recommendation", day=aware + timedelta(days=200), until=aware + timedelta(days=240),
         because=BECAUSE, values={"number": 2, "words": "Offer every return interview within three days.",
                                  "theme": "missing children", "answer": "accepted", "concerns": page.fact,
                                  "what_changed": "Nine of ten were offered in time in the last quarter."})  # fmt: skip


def _requests(holder: Holder, worker: Reader, children: Sequence[Thing], today: date) -> int:
    officer = reader_of(holder, "elective_home_education_officer")
    if officer is None:
        return 0
    for place, child in enumerate(children):
        asked = today - timedelta(days=6 + 9 * place)
        said = {
            "parents_reasons": "School has become too much for my child.",
            "grounds": ["special school"] if place else [],
        }
        fact = home_education.record_request(worker, str(child.uid), day=asked, said=said)
        if place == 0:
            continue
        decision = {
            "decision": "granted" if place == 1 else "refused",
            "reasons": "We saw the child and the plan for lessons.",
        }
        page = request_page(_again(officer), str(child.uid), fact)
        home_education.decide(officer, page, day=asked + timedelta(days=4), said=decision)
        page = request_page(_again(officer), str(child.uid), fact)
        home_education.parent_told(officer, page, day=asked + timedelta(days=5))
        if place == 2:
            page = request_page(_again(officer), str(child.uid), fact)
            home_education.ask_for_review(officer, page, day=asked + timedelta(days=8),
                                          said={"reviewed_by": "director of children's services"})  # fmt: skip
    return len(children)


def _learning(holder: Holder, today: date) -> int:
    manager = reader_of(holder, "safeguarding_partnership_manager")
    if manager is None:
        return 0
    for place, (words, theme, source) in enumerate(LEARNED):
        incidents.record_learning(manager, day=today - timedelta(days=30 * place + 5),
                                  said={"words": words, "theme": theme, "came_from": source})  # fmt: skip
    return len(LEARNED)


def _bodies(worker: Reader, today: date) -> int:
    year, parts = year_of(today), parts_of_the_duty()
    for name, sort, met in BODIES:
        uid = parenting.add_body(worker, said={"name": name, "partner_type": sort})
        row, _ = body_of(worker, uid, year)
        for part in parts[:met]:
            parenting.record_action(worker, row, day=today - timedelta(days=1), said={
                "duty": part, "what_was_done": "Met young people and wrote down what would change", "people_reached": 12,
            })  # fmt: skip
        if met:
            parenting.record_offer(
                worker, row, day=today - timedelta(days=1), said={"service": "A named person to ring"}
            )
        if met == len(parts):
            parenting.record_report(worker, row, year=year, day=today, address="https://example.invalid/report")
    return len(BODIES)


def _death(holder: Holder, today: date) -> int:
    """Let one care leaver's death become known, of whom the director's wall then asks for the notices."""
    with as_system():
        subject = SpellFact.objects.filter(
            held_by=holder, kind="leaving_care", known_to__isnull=True, valid_to__isnull=True, status="final"
        ).order_by("-subject_id").values_list("subject_id", flat=True).first()  # fmt: skip
        child = Thing.objects.filter(pk=subject).first() if subject else None
    manager = reader_of(holder, "safeguarding_partnership_manager")
    if child is None or manager is None:
        return 0
    known = today - timedelta(days=2)
    keep(manager, child, kind="death", day=known, because=BECAUSE, values={
        "death_date": (known - timedelta(days=20)).isoformat(), "told_by": "The hostel", "was_care_leaver": True,
        "was_looked_after": False, "abuse_known_or_suspected": False,
    })  # fmt: skip
    return 1
