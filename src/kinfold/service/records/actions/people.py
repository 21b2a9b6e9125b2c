"""Accounts, roles, teams, allocations and cover: who works here, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q, QuerySet

from kinfold.access.roles import ROLES, role_of_allocation
from kinfold.access.words import ReachSort
from kinfold.service.records import audit
from kinfold.service.records.actions.facts import write_version
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.models import Account, Holder, Reach, RoleHeld, SpellFact, Thing
from kinfold.service.records.reaching import write_cohorts, write_reach, write_role_reach
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Allocated:
    """How many children changed hands, and the number of the change, by which it is undone."""

    changed: int
    change: int


def add_account(
    *, email: str, name: str, holder: Holder, by: str, today: date, organisation: str = "", worker: Thing | None = None,
    password: str | None = None, persona: str = "",
) -> Account:  # fmt: skip
    """Make an account for somebody who works here. `worker` is who they are in the record, if the record knows them."""
    if Account.objects.filter(email__iexact=email).exists():
        raise InputError(f"{email} already has an account.")
    with writing(held_by=holder.pk, by=by, because="account added") as change:
        person = worker or Thing.objects.create(word="person", sort="worker", held_by=holder)
        account = Account.objects.create_user(
            email, password, name=name, organisation=organisation or holder.name, held_by=holder, person=person,
            started=today, persona=persona,
        )  # fmt: skip
        _say(change, "account added", {"account": str(account.uid)})
        return account


def give_role(
    *, account: Account, role: str, by: str, because: str, today: date, scope: Thing | None = None,
    until: date | None = None,
) -> RoleHeld:  # fmt: skip
    """Give an account a role from today. Raises InputError for a role that does not exist, or to oneself."""
    if role not in ROLES:
        raise InputError(f"There is no role called {role}. The roles are {', '.join(sorted(ROLES))}.")
    if by == str(account.uid):
        raise InputError("You cannot give a role to yourself.")
    held_by = account.held_by_id or 0
    with writing(held_by=held_by, by=by, because=because) as change:
        held = RoleHeld.objects.create(
            account=account, role=role, held_by_id=held_by, scope=scope, from_date=today, until_date=until,
            granted_by=by, because=because[:200],
        )  # fmt: skip
        _reach_again(held_by, account)
        _say(change, "role given", {"account": str(account.uid), "role": role})
        return held


def end_role(*, held: RoleHeld, by: str, because: str, today: date) -> None:
    """End a role today; what it opened closes at once."""
    account = held.account
    with writing(held_by=account.held_by_id or 0, by=by, because=because) as change:
        RoleHeld.objects.filter(pk=held.pk).update(until_date=max(today, held.from_date))
        _reach_again(change.held_by, account)
        _say(change, "role ended", {"account": str(account.uid), "role": held.role})


def end_sessions(*, account: Account, by: str, because: str) -> None:
    """
    End every session of an account at once; a password it had opens nothing any more.

    A session is bound to the password's hash, so a new unusable one ends them all, wherever they are.
    """
    with writing(held_by=account.held_by_id or 0, by=by, because=because) as change:
        _forget_password(account)
        _say(change, "sessions ended", {"account": str(account.uid)})


def _forget_password(account: Account) -> None:
    account.set_unusable_password()
    account.save(update_fields=["password"])


def start_again(*, account: Account, by: str) -> None:
    """
    Let somebody set up their sign-in anew: the old password, passkeys, app and codes open nothing, sessions end.

    For the first sign-in, for a second factor that is lost, and for an account that nobody has used for long.
    Raises InputError for an account that is closed, or one that the organisation's own directory answers for.
    """
    if not account.is_active:
        raise InputError(f"The account of {account.name} is closed.")
    if SocialAccount.objects.filter(user=account).exists():
        raise InputError(f"{account.name} signs in with their organisation’s own account: Kinfold keeps no password.")
    with writing(held_by=account.held_by_id or 0, by=by, because="sign-in set up anew") as change:
        Authenticator.objects.filter(user=account).delete()
        _forget_password(account)
        Account.objects.filter(pk=account.pk).update(last_login=None)
        account.last_login = None
        _say(change, "sign-in set up anew", {"account": str(account.uid)})


def leave(*, account: Account, by: str, today: date) -> list[str]:
    """
    Close an account of somebody who leaves, and return the public ids of children left without a worker.

    Sign-in stops and every session ends at once; their open allocations end today, so that the team sees who must
    be allocated again.
    """
    held_by = account.held_by_id or 0
    with writing(held_by=held_by, by=by, because="left the organisation") as change:
        Account.objects.filter(pk=account.pk).update(is_active=False, left=today)
        _forget_password(account)
        RoleHeld.objects.filter(account=account).filter(Q(until_date__isnull=True) | Q(until_date__gt=today)).update(
            until_date=today
        )
        open_now = list(_open_allocations().filter(party_id=account.person_id).select_related("subject"))
        for version in open_now:
            _end(change, version, today)
        write_reach(held_by, {version.subject_id for version in open_now})
        _reach_again(held_by, account)
        _say(change, "account closed", {"account": str(account.uid), "allocations_ended": len(open_now)})
        return [str(version.subject.uid) for version in open_now]


def end_allocations(person: Thing, *, by: str, today: date, because: str) -> int:
    """End every open allocation of a person today, whoever it is to; return how many ended."""
    with writing(held_by=person.held_by_id, by=by, because=because) as change:
        open_now = list(_open_allocations().filter(subject=person))
        for version in open_now:
            _end(change, version, today)
        write_reach(person.held_by_id, {person.pk})
        audit.append(
            change.held_by,
            [{"actor": by, "action": "allocations ended", "person": str(person.uid), "reason": because}],
            at=change.at,
        )
    return len(open_now)


def _open_allocations() -> QuerySet[SpellFact]:
    return SpellFact.objects.filter(kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final")


def _end(change: Change, version: SpellFact, today: date, **values: Any) -> None:
    end = max(today, version.valid_from or today)
    write_version(
        change, kind="allocation", subject=version.subject_id, values={**version.payload, **values},
        valid_from=version.valid_from, valid_to=end, party=version.party_id, ref=version.ref, old=version,
    )  # fmt: skip


def allocate(
    *, children: Sequence[Thing], worker: Thing, role: str, by: str, because: str, today: date,
    replace: bool = True, is_primary: bool = True,
) -> Allocated:  # fmt: skip
    """
    Allocate children, one or many at once, to a worker from today; return how many changed, and in which change.

    With `replace`, open allocations of the same role end today. All of it happens, or none.
    """
    if not children:
        raise InputError("Choose at least one child.")
    held_by = children[0].held_by_id
    if any(child.held_by_id != held_by for child in children) or worker.held_by_id != held_by:
        raise InputError("The children and the worker must belong to one council.")
    changed = 0
    with writing(held_by=held_by, by=by, because=because) as change:
        for child in children:
            changed += _allocate_one(change, child, worker, role, today, replace=replace, is_primary=is_primary)
        write_reach(held_by, {child.pk for child in children})
        audit.append(
            held_by,
            [{"actor": by, "action": "allocated", "persons": [str(child.uid) for child in children], "reason": because,
              "body": {"worker": str(worker.uid), "role": role}}],
            at=change.at,
        )  # fmt: skip
    return Allocated(changed, change.number)


def _allocate_one(
    change: Change, child: Thing, worker: Thing, role: str, today: date, *, replace: bool, is_primary: bool
) -> int:
    for version in _open_allocations().filter(subject=child):
        same_role = role_of_allocation(version.payload.get("role")) == role_of_allocation(role)
        if same_role and version.party_id == worker.pk:
            return 0
        if replace and same_role:
            _end(change, version, today)
    write_version(
        change, kind="allocation", subject=child.pk, values={"role": role, "is_primary": is_primary}, valid_from=today,
        valid_to=None, party=worker.pk, ref=None,
    )  # fmt: skip
    return 1


def cover(*, absent: Thing, stands_in: Thing, first: date, end: date, reason: str, by: str) -> None:
    """Let one worker stand in for another from `first` up to, not including, `end`."""
    if end <= first:
        raise InputError("Cover must end after it begins")
    with writing(held_by=absent.held_by_id, by=by, because="cover") as change:
        write_version(
            change, kind="cover", subject=absent.pk, values={"reason": reason}, valid_from=first, valid_to=end,
            party=stands_in.pk, ref=None,
        )  # fmt: skip
        mine = _open_allocations().filter(party=absent).values_list("subject_id", flat=True)
        write_reach(change.held_by, set(mine))
        _say(change, "cover arranged", {"absent": str(absent.uid), "stands_in": str(stands_in.uid)})


def add_team(*, holder: Holder, code: str, name: str, by: str, parent: Thing | None = None) -> Thing:
    """Make a team, or return the one that has the code."""
    from kinfold.service.records.loading.resolve import known_things

    found = known_things(holder.pk, [("body", code)]).get(("body", code))
    if found:
        return Thing.objects.get(pk=found[0])
    with writing(held_by=holder.pk, by=by, because="team added") as change:
        team = Thing.objects.create(word="body", sort="team", held_by=holder)
        remember(holder.pk, [("body", code, team.pk)])
        write_version(
            change, kind="department_details", subject=team.pk, values={"name": name}, valid_from=None, valid_to=None,
            party=parent.pk if parent else None, ref=None,
        )  # fmt: skip
        _say(change, "team added", {"team": str(team.uid)})
        return team


def _reach_again(held_by: int, account: Account) -> None:
    """Make again the reach that follows from an account's roles: over everybody, over a team's children."""
    if account.person_id is None:
        return
    write_role_reach(held_by, account.person_id)
    write_cohorts(held_by, account.person_id)
    workers = RoleHeld.objects.filter(held_by_id=held_by, scope__in=_scopes(account)).values_list(
        "account__person_id", flat=True
    )
    led = SpellFact.objects.filter(
        party_id__in=[w for w in workers if w], kind="allocation", known_to__isnull=True, status="final"
    )
    write_reach(held_by, set(led.values_list("subject_id", flat=True)))


def _scopes(account: Account) -> list[int]:
    return [scope for scope in account.roles_held.values_list("scope_id", flat=True) if scope]


def _say(change: Change, action: str, body: dict[str, Any]) -> None:
    audit.append(
        change.held_by, [{"actor": change.by, "action": action, "reason": change.because, "body": body}], at=change.at
    )


def put_in_sample(*, account: Account, children: Sequence[Thing], by: str, today: date, days: int = 14) -> None:
    """Let an inspector read the children the council put in the sample, for the days of the inspection."""
    held_by = account.held_by_id or 0
    with writing(held_by=held_by, by=by, because="inspection sample") as change:
        Reach.objects.bulk_create(
            Reach(
                held_by_id=held_by, actor=account.person, person=child, sort=ReachSort.INSPECTION_SAMPLE.value,
                from_date=today, until_date=today + timedelta(days=days), because="the council put them in the sample",
            )
            for child in children
        )  # fmt: skip
        audit.append(
            held_by,
            [{"actor": by, "action": "put in the sample", "persons": [str(child.uid) for child in children],
              "body": {"account": str(account.uid)}}],
            at=change.at,
        )  # fmt: skip
