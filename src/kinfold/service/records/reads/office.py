"""Accounts and the roles they hold, for the administrator: no case content is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kinfold.access.things import day_of
from kinfold.service.records.models import Account, ApiClient, RoleHeld, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import uids_in
from kinfold.service.records.reads.staff import team_names
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the administrator sees it. `worker` is the public id of who it is, where that is a worker."""

    uid: str
    name: str
    email: str
    organisation: str
    is_active: bool
    started: date | None
    left: date | None
    worker: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role an account holds or held; `team` is empty where it is over no one team."""

    pk: int
    role: str
    team: str
    since: date
    until: date | None
    because: str


def accounts(reader: Reader, *, words: str = "") -> list[AccountLine]:
    """Return the accounts of people in the reader's councils, those at work first; those of machines are left out."""
    rows = Account.objects.filter(held_by__in=reader.holders).select_related("person")
    rows = rows.exclude(pk__in=ApiClient.objects.values("account_id"))
    if words.strip():
        rows = rows.filter(Q(name__icontains=words.strip()) | Q(email__icontains=words.strip()))
    found = list(rows.order_by("-is_active", "name", "pk")[:1000])
    held = _roles([row.pk for row in found], day_of(reader.now))
    return [_line(row, held.get(row.pk, ())) for row in found]


def account(reader: Reader, uid: str) -> tuple[AccountLine, list[RoleLine]]:
    """Return one account with every role it holds or held, newest first. Raises NotPermitted for any other council's."""
    row = Account.objects.filter(uid__in=uids_in([uid]), held_by__in=reader.holders).select_related("person").first()
    if row is None:
        raise NotPermitted("There is nothing here that you can open.")
    with as_system():
        teams = {pk: name for pk, _, name in team_names(row.held_by_id or 0)}
    held = RoleHeld.objects.filter(account=row).order_by("-from_date", "-pk")
    lines = [
        RoleLine(one.pk, one.role, teams.get(one.scope_id or 0, ""), one.from_date, one.until_date, one.because) for one in held
    ]  # fmt: skip
    return _line(row, _roles([row.pk], day_of(reader.now)).get(row.pk, ())), lines


def _roles(accounts_: list[int], today: date) -> dict[int, tuple[str, ...]]:
    rows = RoleHeld.objects.filter(account_id__in=accounts_, from_date__lte=today).filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today)
    )
    found: dict[int, tuple[str, ...]] = {}
    for pk, role in rows.order_by("role").values_list("account_id", "role"):
        found[pk] = (*found.get(pk, ()), role)
    return found


def _line(row: Account, roles: tuple[str, ...]) -> AccountLine:
    person: Thing | None = row.person
    worker = str(person.uid) if person is not None and person.sort == "worker" else ""
    return AccountLine(
        str(row.uid), row.name, row.email, row.organisation, row.is_active, row.started, row.left, worker, roles
    )


def teams_to_choose(reader: Reader) -> list[tuple[str, str]]:
    """Return the teams of the reader's council, for choosing one."""
    with as_system():
        found = [(uid, name) for held_by in reader.holders for _, uid, name in team_names(held_by)]
    return sorted(found, key=lambda one: one[1].casefold())


def council_of(reader: Reader) -> int:
    """Return the council the reader's account belongs to. Raises NotPermitted where it belongs to none."""
    if reader.account.held_by_id is None:
        raise NotPermitted("There is nothing here that you can open.")
    return reader.account.held_by_id
