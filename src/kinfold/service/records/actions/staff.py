"""Allocation, cover and leavers, and accounts and their roles, as a reader: the rule of access first, then the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kinfold.access.things import Thing, day_of
from kinfold.access.words import Sort, Verb
from kinfold.service.records import audit
from kinfold.service.records.actions import people
from kinfold.service.records.actions.facts import write_version
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Account, Holder, RoleHeld, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reaching import write_reach
from kinfold.service.records.reads.office import council_of
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, index_rows, rows_of, uids_in
from kinfold.service.records.reads.staff import find_worker
from kinfold.service.records.scope import as_system
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError, NotPermitted

NOBODY = "none"


def children_to_change(reader: Reader, uids: Sequence[str], action: str) -> list[ThingRow]:
    """Return the children named, each of whom the reader may allocate. Raises NotPermitted, recorded, if one is not."""
    wanted = uids_in(uids)
    rows = rows_of(reader.listed().filter(person__uid__in=wanted))
    if len(rows) != len(set(uids)):
        raise NotPermitted("There is nothing here that you can open.")
    sight = Sight(reader, rows)
    for row in rows:
        decision = sight.may(Verb.ALLOCATE, row.person_id)
        if not decision:
            reader.refused(action, sight.thing(row.person_id), decision)
            raise NotPermitted(decision.shown)
    found = {thing.pk: thing for thing in ThingRow.objects.filter(pk__in=[row.person_id for row in rows])}
    return [found[row.person_id] for row in rows]


def _worker(reader: Reader, uid: str) -> ThingRow:
    found = find_worker(reader, uid)
    if not found.is_active:
        raise InputError(f"{found.name} has left. Choose somebody who works here.")
    return find_person(uid)


def allocate_children(
    reader: Reader, *, children: Sequence[str], worker: str, role: str, because: str
) -> people.Allocated:
    """
    Allocate children, one or many at once, to a worker from today; return how many changed. All of it, or none.

    Raises InputError for what must be put right and NotPermitted, recorded, where one of them is not the reader's.
    """
    if not children:
        raise InputError("Choose at least one child.")
    if not because.strip():
        raise InputError("Say why the children are allocated.")
    if not code_set("allocation_role").is_valid(role):
        raise InputError("Choose the role in which the worker is allocated.")
    things = children_to_change(reader, children, "allocate")
    to = _worker(reader, worker)
    with as_system():
        return people.allocate(
            children=things, worker=to, role=role, by=str(reader.account.uid), because=because.strip(),
            today=day_of(reader.now),
        )  # fmt: skip


def _open_children(worker: int) -> list[int]:
    """Return every child with an open allocation to a worker, whoever may see them."""
    rows = SpellFact.objects.filter(
        party_id=worker, kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final"
    )
    return sorted(set(rows.values_list("subject_id", flat=True)))


def arrange_cover(reader: Reader, *, absent: str, stands_in: str, first: date, end: date, reason: str) -> None:
    """
    Let one worker stand in for another from `first` up to, not including, `end`.

    Cover opens every child of the absent worker to the one who stands in, so the reader must be one who may
    allocate each of them. Raises InputError and NotPermitted as `allocate_children` does.
    """
    away, instead = find_person(find_worker(reader, absent).uid), _worker(reader, stands_in)
    if away.pk == instead.pk:
        raise InputError("Choose somebody else to stand in.")
    if first < day_of(reader.now):
        raise InputError("Cover must begin today or later")
    with as_system():
        children = index_rows(_open_children(away.pk))
        sight = Sight(reader, children)
        if not all(sight.may(Verb.ALLOCATE, row.person_id) for row in children):
            raise InputError("You cannot arrange cover for all of this worker’s children. Ask a head of service.")
        people.cover(absent=away, stands_in=instead, first=first, end=end, reason=reason, by=str(reader.account.uid))


def leave_and_allocate(
    reader: Reader, *, worker: str, to: str, each: Mapping[str, str], because: str, role: str = "SOCIAL_WORKER"
) -> int:
    """
    Record that a worker leaves today and allocate their children to others, in one transaction; return how many.

    `to` is the worker who takes the children of whom `each` says nothing; NOBODY leaves a child without a worker,
    and the team sees it in red. Sign-in of the one who leaves stops at once.
    """
    leaver = find_worker(reader, worker)
    if leaver.account == str(reader.account.uid):
        raise InputError("Somebody else must record that you leave.")
    if not because.strip():
        raise InputError("Say why.")
    groups: dict[str, list[str]] = {}
    for child, chosen in each.items():
        groups.setdefault(chosen or to or NOBODY, []).append(child)
    taken = {uid: children_to_change(reader, children, "allocate") for uid, children in groups.items() if uid != NOBODY}
    workers = {uid: _worker(reader, uid) for uid in taken}
    if any(found.pk == leaver.pk for found in workers.values()):
        raise InputError("Choose somebody other than the one who leaves.")
    with as_system():
        _leave(reader, leaver.pk, because)
        for uid, children in taken.items():
            people.allocate(
                children=children, worker=workers[uid], role=role, by=str(reader.account.uid), because=because.strip(),
                today=day_of(reader.now),
            )  # fmt: skip
    return sum(len(children) for children in taken.values())


def _leave(reader: Reader, worker: int, because: str) -> None:
    account = Account.objects.filter(person_id=worker, is_active=True).first()
    if account is not None:
        _insist_on_leaving(reader, worker)
        people.leave(account=account, by=str(reader.account.uid), today=day_of(reader.now))
        return
    _insist_on_leaving(reader, worker)
    _end_allocations(reader, worker, because)


def _insist_on_leaving(reader: Reader, worker: int) -> None:
    """Refuse, recorded, to close the work of somebody whom the reader neither manages nor administers."""
    row = ThingRow.objects.get(pk=worker)
    grant = reader.decide(Verb.GRANT, _office(row.held_by_id, beneficiary=worker))
    children = index_rows(_open_children(worker))
    sight = Sight(reader, children)
    if grant or (children and any(sight.may(Verb.ALLOCATE, child.person_id) for child in children)):
        return
    raise InputError(
        "Only somebody who allocates this worker’s children, or an administrator, records that they leave."
    )


def _end_allocations(reader: Reader, worker: int, because: str) -> None:
    """End the open allocations of a worker who has no account."""
    today, by = day_of(reader.now), str(reader.account.uid)
    held_by = ThingRow.objects.values_list("held_by_id", flat=True).get(pk=worker)
    with writing(held_by=held_by, by=by, because=because[:200]) as change:
        rows = list(
            SpellFact.objects.filter(
                party_id=worker, kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final"
            ).select_related("subject")
        )
        for old in rows:
            write_version(
                change, kind="allocation", subject=old.subject_id, values=old.payload, valid_from=old.valid_from,
                valid_to=max(today, old.valid_from or today), party=old.party_id, ref=old.ref, old=old,
            )  # fmt: skip
        write_reach(held_by, {old.subject_id for old in rows})
        audit.append(
            held_by,
            [{"actor": by, "action": "allocations ended", "persons": sorted({str(old.subject.uid) for old in rows}),
              "reason": because[:200]}],
            at=change.at,
        )  # fmt: skip


# ---- accounts and roles
def _office(held_by: int, *, beneficiary: int | None) -> Thing:
    return Thing(sort=Sort.CONFIG, held_by=held_by, slice="configuration", beneficiary=beneficiary)


def _insist_on_granting(reader: Reader, held_by: int | None, beneficiary: int | None) -> None:
    thing = _office(held_by or 0, beneficiary=beneficiary)
    reader.insist(Verb.GRANT, thing, action="grant")


def account_of(reader: Reader, uid: str) -> Account:
    """Return an account of the reader's councils. Raises NotPermitted for any other."""
    found = (
        Account.objects.filter(uid__in=uids_in([uid]), held_by__in=reader.holders)
        .select_related("held_by", "person")
        .first()
    )
    if found is None:
        raise NotPermitted("There is nothing here that you can open.")
    return found


def make_account(reader: Reader, *, email: str, name: str, organisation: str, worker: str) -> Account:
    """Make an account in the reader's council; `worker` is the public id of who it is in the record, or empty."""
    held_by = council_of(reader)
    _insist_on_granting(reader, held_by, None)
    person = _worker(reader, worker) if worker else None
    if person is not None and Account.objects.filter(person=person).exists():
        raise InputError("This worker already has an account.")
    with as_system():
        return people.add_account(
            email=email.strip(), name=" ".join(name.split()), holder=Holder.objects.get(pk=held_by),
            by=str(reader.account.uid), today=day_of(reader.now), organisation=organisation.strip(), worker=person,
        )  # fmt: skip


def start_again(reader: Reader, *, account: str) -> Account:
    """Let somebody of the reader's councils set up their sign-in anew, and return their account."""
    found = account_of(reader, account)
    _insist_on_granting(reader, found.held_by_id, found.person_id)
    if found.pk == reader.account.pk:
        raise InputError("Somebody else must do this for you. You can change your own password yourself.")
    with as_system():
        people.start_again(account=found, by=str(reader.account.uid))
    return found


def grant_role(
    reader: Reader, *, account: str, role: str, team: str, because: str, until: date | None = None
) -> RoleHeld:
    """Give an account of the reader's councils a role from today, over a team where one is named."""
    found = account_of(reader, account)
    _insist_on_granting(reader, found.held_by_id, found.person_id)
    if not because.strip():
        raise InputError("Say why the role is given.")
    if until is not None and until <= day_of(reader.now):
        raise InputError("The role must end after today")
    today = day_of(reader.now)
    scope = find_person(team) if team else None
    if scope is not None and scope.held_by_id != found.held_by_id:
        raise NotPermitted("There is nothing here that you can open.")
    same = RoleHeld.objects.filter(account=found, role=role, scope=scope, until_date__isnull=True)
    if same.exists():
        raise InputError("They hold this role already.")
    with as_system():
        return people.give_role(
            account=found, role=role, by=str(reader.account.uid), because=because.strip(), today=today, scope=scope,
            until=until,
        )  # fmt: skip


def end_role(reader: Reader, *, account: str, held: int) -> None:
    """End one role of an account today; what it opened closes at once."""
    found = account_of(reader, account)
    _insist_on_granting(reader, found.held_by_id, found.person_id)
    row = RoleHeld.objects.filter(pk=held, account=found, until_date__isnull=True).first()
    if row is None:
        raise InputError("They do not hold this role now.")
    people.end_role(held=row, by=str(reader.account.uid), because="role ended", today=day_of(reader.now))
