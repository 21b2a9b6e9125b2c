"""Making, changing and revoking what organisations let one another know: each change is a new policy at once."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.actions.fetching import stop_what_no_longer_stands
from kinfold.service.records.models import AgreementVersion, Holder, PolicyHead, SharingOrganisation
from kinfold.service.records.reads.agreements import in_force, insist_on_agreements, latest_version, party_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Agreement, OrganisationSort, RecordType, Rule
from kinfold.sharing.policy import digest_of
from kinfold.sharing.reading import read_agreement
from kinfold.sharing.writing import agreement_text
from kinfold.terms.errors import EditConflict, InputError

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,58}")


def add_organisation(
    holder: Holder, *, code: str, name: str, sort: OrganisationSort, record_types: Sequence[RecordType] = (), by: str,
    client_id: str | None = None,
) -> SharingOrganisation:  # fmt: skip
    """
    Add an organisation to a holder's directory, or change what is said of it.

    `client_id` is the API client by which its system pulls work. Raises InputError for a code that will not do.
    """
    if not CODE.fullmatch(code):
        raise InputError("The short name of an organisation has small letters, digits and hyphens: elmshire-police.")
    with as_system(), transaction.atomic():
        said = {"name": name[:120], "sort": sort.value, "record_types": sorted(one.value for one in record_types)}
        row, _ = SharingOrganisation.objects.update_or_create(
            held_by=holder, code=code, defaults=said | ({"client_id": client_id} if client_id else {}),
            create_defaults={**said, "client_id": client_id, "added_at": timezone.now(), "added_by": by},
        )  # fmt: skip
        _new_head(holder.pk)
        audit.append(holder.pk, [{"actor": by, "action": "organisation added", "body": {"organisation": code}}])
    return row


def add_own(holder: Holder, *, by: str) -> SharingOrganisation:
    """Add the holder itself to its directory, so that its people can ask others."""
    return add_organisation(
        holder, code=holder.code, name=holder.name, sort=OrganisationSort.LOCAL_AUTHORITY, by=by,
    )  # fmt: skip


def add_party(
    reader: Reader, *, code: str, name: str, sort: OrganisationSort, record_types: Sequence[RecordType], client_id: str
) -> SharingOrganisation:
    """Add an organisation as somebody who looks after agreements. Raises InputError for what will not do."""
    held_by = insist_on_agreements(reader, action="add an organisation")
    with as_system():
        if SharingOrganisation.objects.filter(held_by_id=held_by, code=code).exists():
            raise InputError("There is an organisation of that short name already.")
        taken = client_id and SharingOrganisation.objects.filter(client_id=client_id).exists()
        if taken:
            raise InputError("Another organisation pulls its work with that client.")
        holder = Holder.objects.get(pk=held_by)
    return add_organisation(
        holder, code=code, name=name, sort=sort, record_types=record_types, by=str(reader.account.uid),
        client_id=client_id or None,
    )  # fmt: skip


def write_agreement(
    reader: Reader, code: str, *, defaults: Sequence[Rule], exceptions: Sequence[Rule], made_from: int, because: str
) -> AgreementVersion:
    """
    Keep a new version of an organisation's agreement; it holds at once.

    Raises EditConflict when another version was made since `made_from`, InputError for rules that will not do.
    """
    row = party_of(reader, code)
    said = Agreement(holder=code, version=made_from + 1, defaults=tuple(defaults), exceptions=tuple(exceptions))
    read_agreement(agreement_text(said))  # what cannot be read back is not kept
    return _keep(row, said, made_from=made_from, by=_by(reader, row), because=because)


def revoke(reader: Reader, code: str, *, because: str) -> AgreementVersion:
    """Revoke an organisation's agreement: from this moment it opens nothing, and what is under way is stopped."""
    row = party_of(reader, code)
    latest = latest_version(row)
    if latest is None or latest.revoked:
        raise InputError("There is no agreement in force to revoke.")
    said = replace(read_agreement(latest.text), version=latest.version + 1, revoked=True)
    return _keep(row, said, made_from=latest.version, by=_by(reader, row), because=because)


def _by(reader: Reader, row: SharingOrganisation) -> audit.Said:
    return reader.as_said() | {"organisation": reader.account.organisation or row.held_by.name}


def make_agreement(organisation: SharingOrganisation, agreement: Agreement, *, by: str, because: str) -> None:
    """Keep a version of an agreement for the demonstration and for commands, which stand outside the pages."""
    latest = latest_version(organisation)
    made_from = latest.version if latest else 0
    said = replace(agreement, version=made_from + 1)
    _keep(organisation, said, made_from=made_from, by={"actor": by, "role": "command"}, because=because)


def _keep(
    row: SharingOrganisation, said: Agreement, *, made_from: int, by: audit.Said, because: str
) -> AgreementVersion:
    with as_system(), transaction.atomic():
        SharingOrganisation.objects.select_for_update().get(pk=row.pk)
        latest = latest_version(row)
        if (latest.version if latest else 0) != made_from:
            raise EditConflict("Somebody else changed this agreement first. Look at their version, then change it.")
        kept = AgreementVersion.objects.create(
            organisation=row, version=said.version, text=agreement_text(said), revoked=said.revoked, made_by=by["actor"],
            made_at=timezone.now(), because=because[:200],
        )  # fmt: skip
        digest = _new_head(row.held_by_id)
        stop_what_no_longer_stands(row)
        audit.append(row.held_by_id, [{
            **by, "action": "agreement revoked" if said.revoked else "agreement written", "reason": because,
            "body": {"organisation": row.code, "version": said.version, "policy": digest},
        }])  # fmt: skip
    return kept


def _new_head(held_by: int) -> str:
    """Name the policy that the agreements now make. Its number never goes back, however wrong a machine's clock is."""
    before = PolicyHead.objects.select_for_update().filter(pk=held_by).first()
    number = max(time.time_ns(), before.number + 1 if before else 0)
    digest = digest_of(*in_force(held_by))
    PolicyHead.objects.update_or_create(
        held_by_id=held_by, defaults={"number": number, "digest": digest, "changed_at": timezone.now()}
    )
    return digest
