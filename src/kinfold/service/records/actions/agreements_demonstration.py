"""The demonstration's other organisations: six invented ones with agreements, clients, and children whom they know."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings

from kinfold.outside.custodians.children import ORGANISATIONS, Organisation
from kinfold.service.records.actions import api_clients
from kinfold.service.records.actions.agreements import add_organisation, add_own, make_agreement
from kinfold.service.records.models import Holder, PersonIndex, SharingOrganisation
from kinfold.service.records.reads.finding_person import known_by
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Rule

BECAUSE = "demonstration"
MOST_CHILDREN = 4_000
# The role under which an organisation's system signs in: the partner's own, which opens next to nothing.
ROLE_OF_SORT = {
    OrganisationSort.EDUCATION: "school_safeguarding_lead",
    OrganisationSort.HEALTH: "looked_after_children_nurse",
    OrganisationSort.POLICE: "police_partner",
    OrganisationSort.HOUSING: "housing_officer",
    OrganisationSort.LOCAL_AUTHORITY: "designated_social_care_officer",
}
EXISTENCE = frozenset({Mode.EXISTENCE})
BOTH = frozenset(Mode)
SAFEGUARDING, HELP = frozenset({Purpose.SAFEGUARDING}), frozenset({Purpose.FAMILY_HELP})
# What each organisation tells a council, and for what: existence alone, or what the record says too.
TELLS = {
    "vale-schools": ((BOTH, SAFEGUARDING | HELP | {Purpose.EDUCATION}),),
    "harrow-health": ((BOTH, SAFEGUARDING), (EXISTENCE, HELP)),
    "vale-police": ((BOTH, SAFEGUARDING),),
    "vale-youth-justice": ((EXISTENCE, SAFEGUARDING),),
    "vale-homes": ((BOTH, SAFEGUARDING), (EXISTENCE, HELP)),
    "ashford-vale": ((BOTH, SAFEGUARDING),),
}


def custodians_file() -> Path:
    """Return where the invented systems' children, clients and secrets lie."""
    return Path(settings.DATA) / "custodians.json"


def add_sharing(holder: Holder, *, today: date) -> bool:
    """Add the invented organisations to one invented council, once; return whether they were added."""
    with as_system():
        if SharingOrganisation.objects.filter(held_by=holder).exists():
            return False
    own = add_own(holder, by=BECAUSE)
    make_agreement(own, _own_agreement(own), by=BECAUSE, because="what the council tells the Vale partners")
    clients = {}
    for one in ORGANISATIONS:
        clients[one.code] = _client(holder, one, today)
        row = add_organisation(
            holder, code=one.code, name=one.name, sort=OrganisationSort(one.sort),
            record_types=[RecordType(one.record_type)], by=BECAUSE, client_id=clients[one.code]["client_id"],
        )  # fmt: skip
        make_agreement(
            row, agreement_for(one), by=BECAUSE, because="information sharing agreement of the Vale partners"
        )
    _write(holder, clients)
    return True


def agreement_for(one: Organisation) -> Agreement:
    """Return what an invented organisation tells councils, and the police where somebody must be kept safe."""
    rules = [
        Rule(
            allows=True, modes=modes, record_types=frozenset({RecordType(one.record_type)}), purposes=purposes,
            sorts=frozenset({OrganisationSort.LOCAL_AUTHORITY, OrganisationSort.HEALTH, OrganisationSort.POLICE}),
            reason="Working Together to Safeguard Children",
        )
        for modes, purposes in TELLS[one.code]
    ]  # fmt: skip
    return Agreement(holder=one.code, defaults=tuple(rules))


def _own_agreement(own: SharingOrganisation) -> Agreement:
    """Return what the council itself tells its partners, where a child must be kept safe."""
    rule = Rule(
        allows=True, modes=BOTH, record_types=frozenset({RecordType.CHILDRENS_SERVICES}), purposes=SAFEGUARDING,
        sorts=frozenset({OrganisationSort.EDUCATION, OrganisationSort.HEALTH, OrganisationSort.POLICE}),
        reason="Working Together to Safeguard Children",
    )  # fmt: skip
    return Agreement(holder=own.code, defaults=(rule,))


def _client(holder: Holder, one: Organisation, today: date) -> dict[str, str]:
    with as_system():
        made = api_clients.add_client(
            holder=holder, organisation=one.name, roles=[ROLE_OF_SORT[OrganisationSort(one.sort)]],
            scopes=["custodian.work"], by=BECAUSE, today=today,
        )  # fmt: skip
    return {"client_id": made.client_id, "secret": made.secret}


def _write(holder: Holder, clients: dict[str, dict[str, str]]) -> None:
    with as_system():
        ids = PersonIndex.objects.filter(held_by=holder, sort="child", birth_date__isnull=False).order_by("person_id")
        children = _children(ids.values_list("person_id", flat=True)[:MOST_CHILDREN])
    said = json.dumps({"seed": 1, "children": children, "clients": clients}, ensure_ascii=False)
    descriptor = os.open(custodians_file(), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(said)


def _children(persons: Iterable[int]) -> list[dict[str, str]]:
    names = ("given", "family", "birth_date", "postcode", "nhs_number", "upn")
    return [{name: str(one.get(name) or "") for name in names} for one in known_by(persons).values()]
