"""Teams, workers and their caseloads, cover and leavers, as a reader may see them: children not listed are not counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from kinfold.access.roles import ROLES, role_of_allocation
from kinfold.access.things import day_of
from kinfold.access.words import ReachSort, Verb
from kinfold.service.records.models import (
    Account,
    ApiClient,
    BodyFact,
    Holder,
    IdentifierKey,
    PersonFact,
    PersonIndex,
    RoleHeld,
    SpellFact,
    Thing,
)
from kinfold.service.records.reads.caseload import STATUSES, Case, fill_statuses
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, index_rows, rows_of, uids_in
from kinfold.service.records.reads.spells import SQL, listed_sql, open_spells
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.errors import NotPermitted

# A child with one of these open must have somebody who answers for them.
INVOLVED = (
    "care_period", "child_protection_plan", "section_47_enquiry", "child_in_need_plan", "assessment", "referral_episode",
)  # fmt: skip
MOST = 100  # children to choose from on one page


@dataclass(slots=True)
class Worker:
    """Somebody children are allocated to. `cases` counts the children of theirs whom the reader may see."""

    pk: int
    uid: str
    held_by: int
    name: str
    job_title: str = ""
    agency: bool | None = None
    team: int | None = None
    account: str = ""
    left: date | None = None
    is_active: bool = True
    cases: int = 0
    others: int = 0


@dataclass(slots=True)
class Team:
    """A team with its workers. `pk` 0 is those of no team."""

    pk: int
    uid: str
    name: str
    workers: list[Worker] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Return how many cases the team has, of those the reader may see."""
        return sum(worker.cases for worker in self.workers)


@dataclass(slots=True)
class Cover:
    """Cover that is or will be in force: who is away, who stands in, from when until when, why."""

    absent: str
    absent_uid: str
    stands_in: str
    stands_in_uid: str
    since: date | None
    until: date | None
    reason: str


@dataclass(slots=True)
class People:
    """The teams, and the children whom nobody answers for."""

    teams: list[Team]
    unallocated: list[Case]
    counts_children: bool


def lists_children(reader: Reader) -> bool:
    """Return whether some role of the reader may see lists of children at all."""
    return listed_sql(reader) is not None


def is_case_work(payload: dict[str, Any]) -> bool:
    """Return whether an allocation makes somebody answer for the child: not a reviewing officer's or a chair's."""
    if payload.get("is_primary") is False:
        return False
    role = role_of_allocation(payload.get("role"))
    return role in ROLES and ReachSort.OPEN_ALLOCATION in ROLES[role].reach


def people(reader: Reader) -> People:
    """
    Return every team of the reader's councils with its workers and caseloads, and the children without a worker.

    Those without a worker stand in order of how pressing they are. Records nothing: the page says whom it showed.
    """
    listed = listed_sql(reader)
    teams: list[Team] = []
    unallocated: list[Case] = []
    for holder in Holder.objects.filter(pk__in=reader.holders).order_by("code"):
        with as_system():
            teams += _teams(holder.pk, listed, day_of(reader.now))
            if listed is not None:
                unallocated += _unallocated(holder.pk, listed, day_of(reader.now))
    return People(teams, unallocated, listed is not None)


def _teams(held_by: int, listed: SQL | None, today: date) -> list[Team]:
    workers = {worker.pk: worker for worker in workers_of(held_by, today)}
    _count(workers, held_by, listed)
    found = {pk: Team(pk, uid, name) for pk, uid, name in team_names(held_by)}
    apart = Team(0, "", "No team recorded")
    for worker in workers.values():
        if not worker.is_active and not worker.cases:
            continue
        found.get(worker.team or 0, apart).workers.append(worker)
    return [*sorted(found.values(), key=lambda team: team.name.casefold()), *([apart] if apart.workers else [])]


def team_names(held_by: int) -> list[tuple[int, str, str]]:
    """Return the teams of a holder: number, public id, name."""
    rows = BodyFact.objects.filter(
        held_by_id=held_by, kind="department_details", known_to__isnull=True, status="final"
    ).values_list("subject_id", "subject__uid", "payload")
    return [(pk, str(uid), payload.get("name") or "A team without a name") for pk, uid, payload in rows]


def workers_of(held_by: int, today: date) -> list[Worker]:
    """Return the workers of a holder whose name is known, by name: from the record, from accounts, or both."""
    accounts = {a.person_id: a for a in Account.objects.filter(held_by_id=held_by, person__isnull=False)}
    names = dict(
        PersonIndex.objects.filter(held_by_id=held_by, sort="worker").exclude(name="").values_list("person_id", "name")
    )
    details = _details(held_by)
    posts = _posts(held_by, today)
    codes = dict(IdentifierKey.objects.filter(held_by_id=held_by, sort="body").values_list("value", "thing_id"))
    partners = _partners(held_by)
    staff = {pk for pk in accounts if pk in names or pk in details or pk in posts or pk in partners}
    things = Thing.objects.filter(pk__in={*names, *staff}, sort="worker").values_list("pk", "uid")
    found = []
    for pk, uid in things:
        said, account = details.get(pk, {}), accounts.get(pk)
        found.append(
            Worker(
                pk=pk, uid=str(uid), held_by=held_by, name=names.get(pk) or (account.name if account else ""),
                job_title=said.get("job_title") or partners.get(pk, ""), agency=said.get("agency"),
                team=posts.get(pk) or codes.get(said.get("department") or ""), account=str(account.uid) if account else "",
                left=account.left if account else None, is_active=account.is_active if account else True,
            )
        )  # fmt: skip
    return sorted(found, key=lambda worker: (worker.name.casefold(), worker.pk))


def _partners(held_by: int) -> dict[int, str]:
    """Return whom other organisations sent, whom no file of the council names, with where they work: no systems of theirs."""
    roles = [
        name for name, role in ROLES.items() if role.allocation_roles and ReachSort.PARTNER_AGREEMENT in role.reach
    ]
    held = RoleHeld.objects.filter(
        held_by_id=held_by, role__in=roles, until_date__isnull=True, account__person__isnull=False
    ).exclude(account__in=ApiClient.objects.values("account"))
    return {person: name for person, name in held.values_list("account__person_id", "account__organisation") if person}


def _details(held_by: int) -> dict[int, dict[str, Any]]:
    rows = PersonFact.objects.filter(
        held_by_id=held_by, kind="worker_details", known_to__isnull=True, status="final"
    ).values_list("subject_id", "payload")
    return dict(rows)


def _posts(held_by: int, today: date) -> dict[int, int]:
    rows = RoleHeld.objects.filter(held_by_id=held_by, scope__isnull=False, account__person__isnull=False).filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today)
    )
    return {person: team for person, team in rows.values_list("account__person_id", "scope_id") if person and team}


def _count(workers: dict[int, Worker], held_by: int, listed: SQL | None) -> None:
    cases: dict[int, set[int]] = defaultdict(set)
    others: dict[int, set[int]] = defaultdict(set)
    for child, worker, payload in open_allocations(held_by, listed):
        (cases if is_case_work(payload) else others)[worker].add(child)
    for pk, worker_ in workers.items():
        worker_.cases, worker_.others = len(cases[pk]), len(others[pk] - cases[pk])


def open_allocations(
    held_by: int, listed: SQL | None, *, worker: int | None = None
) -> list[tuple[int, int, dict[str, Any]]]:
    """Return child, worker and what it says for every open allocation of children who may be listed."""
    if listed is None:
        return []
    rows = SpellFact.objects.filter(
        held_by_id=held_by, kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final",
        party__isnull=False,
    )  # fmt: skip
    if worker is not None:
        rows = rows.filter(party_id=worker)
    sql, parameters = listed
    allowed = {row[0] for row in fetch(f"select person from person_index where person in ({sql})", parameters)}
    return [row for row in rows.values_list("subject_id", "party_id", "payload") if row[0] in allowed and row[1]]


def _unallocated(held_by: int, listed: SQL, today: date) -> list[Case]:
    """Return the listed children with something open and nobody who answers for them."""
    sql, parameters = listed
    marks = ", ".join(f"'{kind}'" for kind in INVOLVED)
    rows = fetch(
        f"select distinct s.subject from spell_fact s where s.kind in ({marks}) and s.held_by = %s "
        f"and s.known_to is null and s.valid_to is null and s.status = 'final' and s.subject in ({sql})",
        [held_by, *parameters],
    )
    served = {child for child, _, payload in open_allocations(held_by, listed) if is_case_work(payload)}
    left = sorted({row[0] for row in rows} - served)
    open_now = {
        child
        for kind in INVOLVED
        for child, spells in open_spells(kind, held_by=held_by, persons=left, day=today).items()
        if any(spell.doubt is None and spell.goes_on for spell in spells)
    }
    order = {words: place for place, (_, words) in enumerate(STATUSES)}
    return sorted(cases_of(sorted(open_now)), key=lambda case: order.get(case.first_status, len(order)))


def cases_of(children: Sequence[int]) -> list[Case]:
    """Return children as a caseload shows them, by name. Hand in only children who may be listed."""
    rows = sorted(index_rows(list(children)[:5000]), key=lambda row: (row.name.casefold(), row.person_id))
    found = [
        Case(
            uid=row.uid, name=row.name, la_child_id=row.la_child_id, birth_date=row.birth_date,
            expected_birth_date=row.expected_birth_date, person=row.person_id,
        )
        for row in rows
    ]  # fmt: skip
    fill_statuses(found)
    return found


def say_shown(reader: Reader, cases: Iterable[Case], action: str) -> None:
    """Record one View with the ids of the children shown."""
    by_holder: dict[int, list[str]] = {}
    shown = list(cases)
    rows = {row.person_id: row.held_by_id for row in index_rows([case.person for case in shown])}
    for case in shown:
        by_holder.setdefault(rows[case.person], []).append(case.uid)
    for held_by, uids in by_holder.items():
        reader.looked(held_by, action, uids, because="allocation of work")


def team(reader: Reader, uid: str) -> Team:
    """Return one team with its workers. Raises NotPermitted for what is no team of the reader's councils."""
    thing = find_person(uid)
    if thing.held_by_id not in reader.holders:
        raise NotPermitted("There is nothing here that you can open.")
    with as_system():
        found = {t.pk: t for t in _teams(thing.held_by_id, listed_sql(reader), day_of(reader.now))}
    if thing.pk not in found:
        raise NotPermitted("There is nothing here that you can open.")
    return found[thing.pk]


@dataclass(slots=True)
class WorkersPage:
    """One worker: cases the reader may see, cover, and what the reader may do."""

    worker: Worker
    team_name: str
    team_uid: str
    cases: list[Case]
    others: list[Case]
    covers: list[Cover]
    may_allocate: bool


def find_worker(reader: Reader, uid: str) -> Worker:
    """Return a worker of the reader's councils. Raises NotPermitted for anybody else."""
    thing = find_person(uid)
    if thing.held_by_id in reader.holders and thing.sort == "worker":
        with as_system():
            for worker in workers_of(thing.held_by_id, day_of(reader.now)):
                if worker.pk == thing.pk:
                    return worker
    raise NotPermitted("There is nothing here that you can open.")


def worker_page(reader: Reader, uid: str, *, action: str = "a worker's children") -> WorkersPage:
    """Return a worker with the children of theirs whom the reader may list, and record the View."""
    worker = find_worker(reader, uid)
    listed = listed_sql(reader)
    with as_system():
        rows = open_allocations(worker.held_by, listed, worker=worker.pk)
        mine = {child for child, _, payload in rows if is_case_work(payload)}
        cases, others = cases_of(sorted(mine)), cases_of(sorted({row[0] for row in rows} - mine))
        covers = _covers(worker.held_by, worker.pk, day_of(reader.now))
        names = {pk: (name, team_uid) for pk, team_uid, name in team_names(worker.held_by)}
    name, team_uid = names.get(worker.team or 0, ("", ""))
    worker.cases, worker.others = len(cases), len(others)
    say_shown(reader, [*cases, *others], action)
    return WorkersPage(worker, name, team_uid, cases, others, covers, has_power(reader, Verb.ALLOCATE))


def has_power(reader: Reader, verb: Verb) -> bool:
    """Return whether some role of the reader has a power at all; the rule is asked again for each child."""
    return any(verb in ROLES[name].powers for name in reader.role_names if name in ROLES)


def _covers(held_by: int, worker: int, today: date) -> list[Cover]:
    rows = (
        SpellFact.objects.filter(held_by_id=held_by, kind="cover", known_to__isnull=True, status="final")
        .filter(Q(subject_id=worker) | Q(party_id=worker))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .order_by("valid_from")
        .values_list("subject_id", "party_id", "subject__uid", "party__uid", "valid_from", "valid_to", "payload")
    )
    found = list(rows)
    ids = {pk for row in found for pk in row[:2] if pk}
    names = {w.pk: w.name for w in workers_of(held_by, today) if w.pk in ids}
    return [
        Cover(names.get(a, "A worker"), str(au), names.get(b or 0, "A worker"), str(bu), since, until,
              payload.get("reason") or "")
        for a, b, au, bu, since, until, payload in found
    ]  # fmt: skip


def workers_to_choose(reader: Reader, held_by: int) -> list[tuple[str, str]]:
    """Return the workers of a holder to whom children can be allocated, with their team, for choosing one."""
    if held_by not in reader.holders:
        return []
    with as_system():
        teams = {pk: name for pk, _, name in team_names(held_by)}
        rows = [w for w in workers_of(held_by, day_of(reader.now)) if w.is_active]
    return [
        (w.uid, f"{w.name} ({where})" if (where := teams.get(w.team or 0) or w.job_title) else w.name) for w in rows
    ]


def children_to_allocate(reader: Reader, uids: Sequence[str]) -> list[Case]:
    """Return the children named whom the reader may list and allocate, by name; the others are left out."""
    wanted = uids_in(uids)[:MOST]
    rows = rows_of(reader.listed().filter(person__uid__in=wanted))
    sight = Sight(reader, rows)
    return cases_of([row.person_id for row in rows if sight.may(Verb.ALLOCATE, row.person_id)])


def unallocated(reader: Reader) -> list[Case]:
    """Return the listed children whom nobody answers for and whom the reader may allocate."""
    found = people(reader).unallocated[:MOST]
    rows = index_rows([case.person for case in found])
    sight = Sight(reader, rows)
    return [case for case in found if sight.may(Verb.ALLOCATE, case.person)]
