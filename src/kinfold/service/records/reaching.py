"""
The reach table, kept to what `access/reach.py` says follows from the facts.

Called in the transaction that changes an allocation, a household, a team, a role or cover; `kinfold rebuild`
calls it for everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from kinfold.access.reach import Allocation, Cover, Facts, Household, Team, TeamPost, Tied, reach_from
from kinfold.access.reach import RoleHeld as Held
from kinfold.access.roles import ROLES, role_of_allocation
from kinfold.access.things import Reach
from kinfold.access.words import ReachSort
from kinfold.service.records.models import BodyFact, IdentifierKey, RoleHeld, SpellFact, TieFact
from kinfold.service.records.models import Reach as ReachRow
from kinfold.service.records.tables import in_chunks, insert_rows

# Kinds whose change changes reach.
REACHING = frozenset({"allocation", "member_of_group", "cover"})
# Roles whose cohort follows from facts, and the kind that goes on for everybody in it: the virtual school head's are the
# children who are looked after (Children Act 1989, s.22(3B)).
COHORTS = {"virtual_school_head": "care_period"}
COHORT_KINDS = frozenset(COHORTS.values())
# Reach of these sorts follows from facts; the others are written by the action that gives them.
FOLLOWS = tuple(
    sort.value
    for sort in (
        ReachSort.OPEN_ALLOCATION, ReachSort.CLOSED_CASE, ReachSort.TEAM, ReachSort.HOUSEHOLD, ReachSort.APPOINTMENT,
        ReachSort.PARTNER_AGREEMENT,
    )
)  # fmt: skip
LEADS = frozenset({"team_manager", "head_of_service"})
EARLIEST = date(1900, 1, 1)


def write_reach(held_by: int, persons: Iterable[int]) -> None:
    """Make the reach over `persons` (and their households) what follows from the facts held now."""
    wanted = sorted(persons)
    for chunk in in_chunks(wanted, 400):
        households = _households(held_by, chunk)
        everyone = sorted({person for home in households for person in home.persons} | set(chunk))
        today = timezone.localdate()
        rows = {
            row
            for row in reach_from(_facts(held_by, everyone, households))
            if row.person is not None and (row.until is None or row.until > today)  # what is over opens nothing
        }
        replaced = ReachRow.objects.filter(person_id__in=everyone, sort__in=FOLLOWS)
        replaced.delete()
        _insert(row for row in rows if row.sort.value in FOLLOWS)


def write_cohort(held_by: int, persons: Iterable[int]) -> None:
    """Make the reach over `persons` of those whose role has a cohort what follows from what goes on for each."""
    actors, today = _of_cohorts(held_by), timezone.localdate()
    for chunk in in_chunks(sorted(persons), 400) if actors else ():
        ReachRow.objects.filter(person_id__in=chunk, sort=ReachSort.COHORT.value, actor__in=actors).delete()
        rows = reach_from(Facts(ties=_cohorts(held_by, chunk)))
        _insert(row for row in rows if row.until is None or row.until > today)


def write_cohorts(held_by: int, actor: int) -> None:
    """Make the reach of somebody whose role has, or had, a cohort over everybody in it; nothing for anybody else."""
    if actor not in _of_cohorts(held_by):
        return
    persons = set(ReachRow.objects.filter(actor=actor, sort=ReachSort.COHORT.value).values_list("person_id", flat=True))
    for kind in COHORTS.values():
        persons |= set(_going_on(held_by, kind).values_list("subject_id", flat=True))
    write_cohort(held_by, {person for person in persons if person})


def _of_cohorts(held_by: int) -> list[int]:
    """Return whoever holds, or held, a role with a cohort of its own."""
    held = RoleHeld.objects.filter(held_by_id=held_by, role__in=COHORTS, account__person__isnull=False)
    return [actor for actor in held.values_list("account__person_id", flat=True) if actor]


def _going_on(held_by: int, kind: str) -> QuerySet[SpellFact]:
    return SpellFact.objects.filter(
        held_by_id=held_by, kind=kind, known_to__isnull=True, valid_to__isnull=True, status="final"
    )


def write_role_reach(held_by: int, actor: int) -> None:
    """Make an actor's reach over everybody of the holder what follows from the roles they hold."""
    held = RoleHeld.objects.filter(held_by_id=held_by, account__person_id=actor)
    facts = Facts(
        roles=[Held(holder=held_by, actor=actor, role=r.role, since=r.from_date, until=r.until_date) for r in held]
    )
    ReachRow.objects.filter(held_by_id=held_by, actor_id=actor, person__isnull=True).delete()
    _insert(reach_from(facts))


def _insert(rows: Iterable[Reach]) -> None:
    insert_rows(
        ReachRow._meta.db_table,
        ("held_by", "actor", "person", "sort", "from_date", "until_date", "because"),
        [(r.holder, r.actor, r.person, r.sort.value, r.since, r.until, r.because[:120]) for r in rows],
    )


def _facts(held_by: int, persons: Sequence[int], households: Sequence[Household]) -> Facts:
    allocations, ties = _allocations(held_by, persons)
    return Facts(
        allocations=allocations,
        ties=ties,
        teams=_teams(held_by),
        posts=_posts(held_by),
        covers=_covers(held_by),
        households=households,
    )


def _allocations(held_by: int, persons: Sequence[int]) -> tuple[list[Allocation], list[Tied]]:
    """Return allocations of case workers, and of those who come near otherwise: a reviewing officer, a partner's officer."""
    rows = SpellFact.objects.filter(
        held_by_id=held_by, subject_id__in=persons, kind="allocation", known_to__isnull=True, status="final"
    ).values_list("subject_id", "party_id", "valid_from", "valid_to", "payload")
    teams, by_code = _team_of_worker(held_by), _team_by_code(held_by)
    found, ties = [], []
    for person, worker, since, until, payload in rows:
        role = role_of_allocation(payload.get("role"))
        since = since or EARLIEST
        if until is not None and until <= since:
            continue
        if worker and role in ROLES and ReachSort.OPEN_ALLOCATION not in ROLES[role].reach:
            ties.append(
                Tied(holder=held_by, actor=worker, persons=frozenset({person}), sort=_sort_of(role),
                     since=since, until=until, because=f"you are their {_in_a_sentence(ROLES[role].label)}")
            )  # fmt: skip
            continue
        found.append(
            Allocation(holder=held_by, person=person, role=role, since=since, until=until, worker=worker,
                       team=by_code.get(payload.get("team") or "") or (teams.get(worker) if worker else None))
        )  # fmt: skip
    return found, ties


def _sort_of(role: str) -> ReachSort:
    """Return by what sort of reach a role comes near somebody it is allocated to."""
    by_agreement = ReachSort.PARTNER_AGREEMENT in ROLES[role].reach and ReachSort.APPOINTMENT not in ROLES[role].reach
    return ReachSort.PARTNER_AGREEMENT if by_agreement else ReachSort.APPOINTMENT


def _in_a_sentence(label: str) -> str:
    """Return a role's label as it stands within a sentence: abbreviations keep their capitals."""
    return " ".join(word if word.strip("()/").isupper() else word.lower() for word in label.split())


def _cohorts(held_by: int, persons: Sequence[int]) -> list[Tied]:
    """Return whom the holders of roles with a cohort reach by it, of `persons`: from when it began, while it goes on."""
    found = []
    held = RoleHeld.objects.filter(held_by_id=held_by, role__in=COHORTS, account__person__isnull=False)
    for role, actor, since, until in held.values_list("role", "account__person_id", "from_date", "until_date"):
        began: dict[int, date] = {}
        spells = _going_on(held_by, COHORTS[role]).filter(subject_id__in=persons)
        for person, first in spells.values_list("subject_id", "valid_from"):
            began[person] = min(first or EARLIEST, began.get(person, date.max))
        because = f"they are in the cohort of the {_in_a_sentence(ROLES[role].label)}"
        found += [
            Tied(holder=held_by, actor=actor or 0, persons=frozenset({person}), sort=ReachSort.COHORT,
                 since=max(first, since), until=until, because=because)
            for person, first in began.items()
        ]  # fmt: skip
    return found


def _team_of_worker(held_by: int) -> dict[int, int]:
    rows = RoleHeld.objects.filter(held_by_id=held_by, scope__isnull=False, account__person__isnull=False)
    return {person: team for person, team in rows.values_list("account__person_id", "scope_id") if person and team}


def _team_by_code(held_by: int) -> dict[str, int]:
    rows = IdentifierKey.objects.filter(held_by_id=held_by, sort="body").values_list("value", "thing_id")
    return dict(rows)


def _teams(held_by: int) -> list[Team]:
    above = dict(
        TieFact.objects.filter(held_by_id=held_by, kind="part_of", known_to__isnull=True, status="final").values_list(
            "subject_id", "party_id"
        )
    )
    rows = BodyFact.objects.filter(held_by_id=held_by, kind="department_details", known_to__isnull=True, status="final")
    return [
        Team(id=subject, holder=held_by, name=payload.get("name") or "the team", parent=party or above.get(subject))
        for subject, party, payload in rows.values_list("subject_id", "party_id", "payload")
    ]


def _posts(held_by: int) -> list[TeamPost]:
    rows = RoleHeld.objects.filter(
        held_by_id=held_by, scope__isnull=False, account__person__isnull=False, role__in=LEADS
    ).select_related("account")
    return [
        TeamPost(team=row.scope_id or 0, actor=row.account.person_id or 0, since=row.from_date, until=row.until_date,
                 leads=True)
        for row in rows
    ]  # fmt: skip


def _covers(held_by: int) -> list[Cover]:
    rows = SpellFact.objects.filter(
        held_by_id=held_by, kind="cover", known_to__isnull=True, status="final", party__isnull=False
    ).values_list("subject_id", "party_id", "valid_from", "valid_to")
    return [
        Cover(absent=absent, stands_in=stands_in, since=since, until=until)
        for absent, stands_in, since, until in rows
        if since and until and since < until and stands_in
    ]


def _households(held_by: int, persons: Sequence[int]) -> list[Household]:
    """Return the households of `persons` with everybody in them."""
    ties = TieFact.objects.filter(held_by_id=held_by, kind="member_of_group", known_to__isnull=True, status="final")
    groups = ties.filter(subject_id__in=persons).values_list("party_id", flat=True)
    members: dict[int, set[int]] = defaultdict(set)
    open_now = ties.filter(Q(valid_to__isnull=True), party_id__in=list(groups))
    for group, person in open_now.values_list("party_id", "subject_id"):
        if group is not None:
            members[group].add(person)
    return [
        Household(holder=held_by, persons=frozenset(people), since=EARLIEST)
        for people in members.values()
        if len(people) > 1
    ]
