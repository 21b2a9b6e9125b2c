"""Whom somebody works with: their own children, their team's, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kinfold.access.words import ReachSort
from kinfold.service.records.models import Alert, PersonIndex, Reach, SpellFact
from kinfold.service.records.reads.going_on import ended_by_another_door, said_to_go_on
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

# What a worker looks for first, in this order, with the words for it.
STATUSES = (
    ("care_period", "Looked after"),
    ("child_protection_plan", "Child protection plan"),
    ("child_in_need_plan", "Child in need plan"),
    ("section_47_enquiry", "Section 47 enquiry"),
    ("assessment", "Assessment"),
    ("referral_episode", "Open referral"),
    ("leaving_care", "Care leaver"),
)
MOST = 500
# By which sorts of reach somebody works with a child themselves: theirs, one they were appointed to, a partner's.
OWN = (ReachSort.OPEN_ALLOCATION.value, ReachSort.APPOINTMENT.value, ReachSort.PARTNER_AGREEMENT.value)


@dataclass(slots=True)
class Case:
    """One child of a caseload: who, what is open, since when, and who works with them."""

    uid: str
    name: str
    la_child_id: str
    birth_date: date | None
    expected_birth_date: date | None
    statuses: list[tuple[str, date | None]] = field(default_factory=list)
    since: date | None = None
    workers: list[str] = field(default_factory=list)
    person: int = 0

    @property
    def first_status(self) -> str:
        """Return the most pressing open status in words."""
        return self.statuses[0][0] if self.statuses else "Nothing open"


def mine(reader: Reader) -> list[Case]:
    """Return the children with whom the reader works now, by name, and record the View."""
    return _cases(reader, OWN, "my children")


def team(reader: Reader) -> list[Case]:
    """Return the children of the teams the reader leads, by name, and record the View."""
    return _cases(reader, ("team",), "my team")


def _cases(reader: Reader, sorts: Sequence[str], action: str) -> list[Case]:
    day = reader.now.date()
    reached = Reach.objects.filter(
        actor_id=reader.account.person_id, sort__in=sorts, person__isnull=False, from_date__lte=day
    ).exclude(until_date__lte=day)
    since = dict(reached.values_list("person_id", "from_date"))
    if not since:
        return []
    rows = list(reader.listed().filter(pk__in=list(since)).select_related("person").order_by("name", "pk")[:MOST])
    cases = [
        Case(
            uid=str(row.person.uid), name=row.name, la_child_id=row.la_child_id, birth_date=row.birth_date,
            expected_birth_date=row.expected_birth_date, since=since[row.pk], person=row.pk,
        )
        for row in rows
    ]  # fmt: skip
    fill_statuses(cases)
    by_holder: dict[int, list[str]] = {}
    for row in rows:
        by_holder.setdefault(row.held_by_id, []).append(str(row.person.uid))
    for held_by, uids in by_holder.items():
        reader.looked(held_by, action, uids, because="own work")
    return cases


def fill_statuses(cases: Sequence[Case]) -> None:
    """Fill what is open for each child, the most pressing first, and who works with them."""
    by_person = {case.person: case for case in cases}
    kinds = [kind for kind, _ in STATUSES]
    words = dict(STATUSES)
    with as_system():
        rows = SpellFact.objects.filter(
            said_to_go_on([*kinds, "allocation"]), ~ended_by_another_door(), subject_id__in=list(by_person)
        )
        found = list(rows.values_list("subject_id", "kind", "valid_from", "party_id"))
        workers = dict(
            PersonIndex.objects.filter(pk__in={party for *_, party in found if party}).values_list("pk", "name")
        )
    for person, kind, since, party in found:
        case = by_person[person]
        if kind == "allocation":
            if party and workers.get(party) and workers[party] not in case.workers:
                case.workers.append(workers[party])
        elif words[kind] not in [word for word, _ in case.statuses]:
            case.statuses.append((words[kind], since))
    order = {word: place for place, (_, word) in enumerate(STATUSES)}
    for case in cases:
        case.statuses.sort(key=lambda status: order[status[0]])


def alerts(reader: Reader) -> list[Alert]:
    """Return what waits for the reader, newest first."""
    return list(Alert.objects.filter(account=reader.account, done_at__isnull=True).order_by("-at")[:50])
