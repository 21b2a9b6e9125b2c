"""Agreements in force, the policy they make, and what the pages show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from kinfold.access.things import Thing as About
from kinfold.access.words import Sort, Verb
from kinfold.service.records.models import Account, AgreementVersion, PolicyHead, SharingOrganisation
from kinfold.service.records.reads.reader import Reader
from kinfold.sharing.agreements import (
    Agreement,
    Agreements,
    Decision,
    Directory,
    OrganisationSort,
    RecordType,
    Request,
    decided,
)
from kinfold.sharing.comparing import Change, changes
from kinfold.sharing.enforcing import Enforcer, Head
from kinfold.sharing.finding import Custodian
from kinfold.sharing.policy import Policy, compiled
from kinfold.sharing.reading import read_agreement
from kinfold.terms.errors import InputError, NotPermitted, SettingError

NOT_A_PARTY = (
    "Your organisation has no place in the sharing agreements here. Ask information governance to add it to the list."
)


def for_sharing(reader: Reader) -> Reader:
    """Return the reader with the reason that looking after agreements gives them, where they gave none."""
    return replace(reader, reason=reader.reason or "looking after sharing agreements")


def insist_on_agreements(reader: Reader, *, action: str) -> int:
    """Return the holder whose agreements the reader looks after. Raises NotPermitted, recorded, for others."""
    held_by = reader.account.held_by_id
    if held_by is None:
        raise NotPermitted("There is nothing here that you can open.")
    reader.insist(Verb.GRANT, About(sort=Sort.CONFIG, held_by=held_by), action=action)
    return held_by


def organisations_of(held_by: int) -> Sequence[SharingOrganisation]:
    """Return the organisations of a holder's directory that have not left it, by name."""
    return list(SharingOrganisation.objects.filter(held_by_id=held_by, ended_at__isnull=True).order_by("name"))


def custodian_of(row: SharingOrganisation) -> Custodian:
    """Return an organisation as one that may be asked."""
    return Custodian(
        row.code, row.name, OrganisationSort(row.sort), frozenset(RecordType(one) for one in row.record_types)
    )


def own_organisation(reader: Reader, held_by: int) -> SharingOrganisation:
    """
    Return for which organisation the reader asks: their own by its name, the holder's for its own people.

    Raises InputError where their organisation is no party here: nobody asks under somebody else's name.
    """
    return organisation_named(reader.account, held_by)


def custodian_of_client(client_id: str) -> SharingOrganisation:
    """Return the organisation whose system is an API client. Raises NotPermitted for a client that is of none."""
    rows = SharingOrganisation.objects.filter(client_id=client_id, ended_at__isnull=True)
    row = rows.select_related("held_by").first() if client_id else None
    if row is None:
        raise NotPermitted("There is nothing here that you can open.")
    return row


def organisation_named(account: Account, held_by: int) -> SharingOrganisation:
    """Return the organisation of an account's holder or partner. Raises InputError where it is in no agreement here."""
    rows = SharingOrganisation.objects.select_related("held_by").filter(held_by_id=held_by, ended_at__isnull=True)
    named = rows.filter(name=account.organisation).first()
    if named is None and account.held_by_id == held_by:
        holder = account.held_by
        own = rows.filter(code=holder.code).first() if holder else None
        named = own if own and account.organisation in ("", holder.name if holder else "") else None
    if named is None:
        raise InputError(NOT_A_PARTY)
    return named


def in_force(held_by: int) -> tuple[Agreements, Directory]:
    """Return the latest version of every agreement of a holder's organisations, and their directory."""
    rows = SharingOrganisation.objects.filter(held_by_id=held_by, ended_at__isnull=True)
    directory = {row.code: OrganisationSort(row.sort) for row in rows}
    latest: dict[str, Agreement] = {}
    for row in _latest(held_by):
        latest[row.organisation.code] = agreement_of(row)
    return latest, directory


def _latest(held_by: int) -> list[AgreementVersion]:
    versions = AgreementVersion.objects.filter(organisation__held_by_id=held_by, organisation__ended_at__isnull=True)
    found: dict[int, AgreementVersion] = {}
    for row in versions.select_related("organisation").order_by("version"):
        found[row.organisation_id] = row
    return list(found.values())


def latest_version(organisation: SharingOrganisation) -> AgreementVersion | None:
    """Return the version of an organisation's agreement that holds; None where it never made one."""
    return AgreementVersion.objects.filter(organisation=organisation).order_by("-version").first()


@lru_cache(maxsize=4096)
def _read(text: str) -> Agreement:
    return read_agreement(text)


def agreement_of(row: AgreementVersion) -> Agreement:
    """Return a kept version as an agreement; a revoked one opens nothing, whatever its text says."""
    return replace(_read(row.text), version=row.version, revoked=row.revoked)


def _head(held_by: int) -> Head:
    found = PolicyHead.objects.filter(pk=held_by).values_list("number", "digest").first()
    if found is None:
        raise SettingError("No sharing agreement has been made here.")
    return Head(*found)


def _policy(held_by: int) -> Policy:
    return compiled(*in_force(held_by))


@lru_cache(maxsize=512)
def _enforcer(database: str, held_by: int) -> Enforcer:
    return Enforcer(lambda: _head(held_by), lambda _: _policy(held_by))


def enforcer_for(held_by: int) -> Enforcer:
    """Return the enforcer of a holder's policy: one a process, which reads the head again within half a second."""
    return _enforcer(str(connection.settings_dict["NAME"]), held_by)


def allowed_now(held_by: int, request: Request) -> bool:
    """Return whether a request is allowed by the head as it stands at this moment, however lately it was read."""
    try:
        return _fresh(held_by).allows(request)
    except Exception:  # whatever goes wrong, the door is closed
        return False


def _fresh(held_by: int) -> Enforcer:
    enforcer = enforcer_for(held_by)
    enforcer.look_again()
    return enforcer


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as the list of agreements shows it."""

    code: str
    name: str
    sort: OrganisationSort
    record_types: tuple[RecordType, ...]
    version: int
    revoked: bool
    made_at: datetime | None
    system: bool


def parties(reader: Reader) -> list[Party]:
    """Return every organisation of the reader's holder with where its agreement stands."""
    held_by = insist_on_agreements(reader, action="sharing agreements")
    versions = {row.organisation_id: row for row in _latest(held_by)}
    return [_party(row, versions.get(row.pk)) for row in organisations_of(held_by)]


def _party(row: SharingOrganisation, version: AgreementVersion | None) -> Party:
    return Party(
        row.code, row.name, OrganisationSort(row.sort), tuple(RecordType(one) for one in row.record_types),
        version.version if version else 0, bool(version and version.revoked), version.made_at if version else None,
        bool(row.client_id),
    )  # fmt: skip


def party_of(reader: Reader, code: str) -> SharingOrganisation:
    """Return an organisation by its code. Raises NotPermitted where the reader looks after no such."""
    held_by = insist_on_agreements(reader, action="sharing agreement")
    row = SharingOrganisation.objects.filter(held_by_id=held_by, code=code, ended_at__isnull=True).first()
    if row is None:
        raise NotPermitted("There is nothing here that you can open.")
    return row


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of an agreement, with who made it, when and why."""

    version: int
    revoked: bool
    made_at: datetime
    made_by: str
    because: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An organisation's agreement: its versions, the latest first, and whom it may name."""

    party: Party
    versions: tuple[Kept, ...]
    others: tuple[tuple[str, str], ...]


def agreement_page(reader: Reader, code: str) -> AgreementPage:
    """Return an organisation's agreement with all its versions."""
    row = party_of(reader, code)
    rows = list(AgreementVersion.objects.filter(organisation=row).order_by("-version"))
    names = dict(Account.objects.filter(uid__in=[one.made_by for one in rows if len(one.made_by) == 36])
                 .values_list("uid", "name"))  # fmt: skip
    by = {str(uid): name for uid, name in names.items()}
    kept = tuple(
        Kept(one.version, one.revoked, one.made_at, by.get(one.made_by, one.made_by), one.because, agreement_of(one))
        for one in rows
    )
    others = tuple((one.code, one.name) for one in organisations_of(row.held_by_id) if one.pk != row.pk)
    return AgreementPage(_party(row, rows[0] if rows else None), kept, others)


def compare(reader: Reader, code: str, *, before: int, after: int, on: date) -> list[tuple[date, list[Change]]]:
    """
    Return what one version of an agreement would tell more, or less, than another: on a day, and whenever that changes.

    The first item is of `on` itself; others are of later days on which a line begins or ends. Version 0 is none at all.
    """
    page = agreement_page(reader, code)
    known = {one.version: one.agreement for one in page.versions}
    if not {before, after} <= {0, *known}:
        raise InputError("Choose two versions that there are.")
    _, directory = in_force(insist_on_agreements(reader, action="compare agreements"))
    chosen = [known[version] for version in (before, after) if version]
    policies = [
        compiled({code: known[version]} if version else {}, directory) for version in (before, after)
    ]  # fmt: skip
    found = [(day, list(changes(policies[0], policies[1], on=day))) for day in _turning_days(chosen, on)]
    return [one for place, one in enumerate(found) if place == 0 or one[1] != found[place - 1][1]]


def _turning_days(agreements: Sequence[Agreement], on: date) -> list[date]:
    """Return a day and every later one on which a line of the agreements begins or ends."""
    rules = [rule for one in agreements for rule in (*one.defaults, *one.exceptions)]
    return [on, *sorted({day for rule in rules for day in (rule.since, rule.until) if day and day > on})]


def explained(reader: Reader, request: Request) -> Decision:
    """Return what the agreements in force say of a request and why, rule by rule as they are written."""
    held_by = insist_on_agreements(reader, action="explain a refusal")
    agreements, directory = in_force(held_by)
    return decided(agreements, directory, request)
