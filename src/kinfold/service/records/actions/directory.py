"""Starters, movers and leavers as a council's own directory tells of them, at each sign-in through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.access.directory import GroupRule, rules_for
from kinfold.service.records.actions import people
from kinfold.service.records.models import Account, Holder, IdentifierKey, RoleHeld, Thing
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

BY = "directory"
NO_GROUP = (
    "Your organisation’s directory puts you in no group that opens Kinfold. Ask your manager, or whoever gives out "
    "access in your organisation, to put you in the right group. Then sign in again."
)
CLOSED = "Your account is closed. Ask whoever gives out access in your organisation to open it again."
ANOTHERS = (
    "There is already an account with your e-mail address, and your directory does not say that the address is "
    "yours. Ask whoever runs the directory to send the claim email_verified."
)
NO_ADDRESS = (
    "Your organisation’s directory did not say your e-mail address. Ask whoever runs it to send the claim email."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a directory says of somebody who has signed in to it, after everything it signed was checked."""

    email: str
    email_verified: bool
    name: str
    groups: tuple[str, ...]


def signed_in(said: Said, *, known: Account | None, rules: Sequence[GroupRule], today: date) -> Account:
    """
    Return the account of somebody who signed in through the directory, with the roles of their groups.

    `known` is the account that their subject in the directory was joined to; None the first time. A starter gets
    an account; an account an administrator made is joined by a verified address. Raises InputError, for the person,
    when no group of theirs opens anything: what the directory gave them before is then ended, with their sessions.
    """
    account = known or _by_address(said)
    if account is not None and not account.is_active:
        raise InputError(CLOSED)
    met = rules_for(said.groups, rules, council=_council(account))
    if not met:
        if account is not None:
            leaves_groups(account, today=today)
        raise InputError(NO_GROUP)
    with as_system():
        made = account or _starter(said, met[0], today)
        if known is None:
            made.set_unusable_password()  # from now on the directory alone says who they are
            made.save(update_fields=["password"])
        _give_and_end(made, met, today)
    return made


def _council(account: Account | None) -> str:
    return account.held_by.code if account is not None and account.held_by is not None else ""


def _by_address(said: Said) -> Account | None:
    if not said.email:
        raise InputError(NO_ADDRESS)
    found = Account.objects.filter(email__iexact=said.email).select_related("held_by").first()
    if found is not None and not said.email_verified:
        raise InputError(ANOTHERS)
    return found


def _starter(said: Said, first: GroupRule, today: date) -> Account:
    holder = Holder.objects.filter(code=first.council).first()
    if holder is None:
        raise InputError(f"Your group belongs to {first.council}, for which Kinfold holds no records here.")
    name = " ".join(said.name.split())[:120] or said.email.partition("@")[0]
    return people.add_account(email=said.email, name=name, holder=holder, by=BY, today=today)


def _give_and_end(account: Account, met: Sequence[GroupRule], today: date) -> None:
    """Give the roles the groups give and end those that the directory gave before and no longer does."""
    wanted = {
        (rule.role, scope.pk if scope else None): (rule, scope) for rule in met for scope in [_team(account, rule)]
    }
    open_now = RoleHeld.objects.filter(account=account, until_date__isnull=True)
    held = {(role, scope) for role, scope in open_now.values_list("role", "scope_id")}
    for row in open_now.filter(granted_by=BY):
        if (row.role, row.scope_id) not in wanted:
            people.end_role(held=row, by=BY, because="no longer in the group", today=today)
    for (role, team), (rule, scope) in wanted.items():
        if (role, team) not in held:
            people.give_role(
                account=account, role=role, by=BY, because=f"group {rule.group}"[:200], today=today, scope=scope
            )


def _team(account: Account, rule: GroupRule) -> Thing | None:
    if not rule.team:
        return None
    key = IdentifierKey.objects.filter(held_by=account.held_by, sort="body", value=rule.team).select_related("thing")
    found = key.first()
    if found is None:
        raise InputError(f"Your group is of team {rule.team}, which Kinfold does not know. Tell your administrator.")
    return found.thing


def leaves_groups(account: Account, *, today: date) -> None:
    """End what the directory gave somebody who is in none of its groups any more, and their sessions at once."""
    with as_system():
        for row in RoleHeld.objects.filter(account=account, until_date__isnull=True, granted_by=BY):
            people.end_role(held=row, by=BY, because="in no group any more", today=today)
        people.end_sessions(account=account, by=BY, because="in no group of the directory any more")
