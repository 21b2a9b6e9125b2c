"""What somebody decided about sharing something of a child: to share, or not to, with the reasons. Both are kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.models import SharingDecision
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Purpose
from kinfold.sharing.lawful import bases
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision: with whom, what, what for, whether it is shared, why, and whether the family was told."""

    with_whom: str
    what: str
    purpose: Purpose
    shared: bool
    because: str
    told_family: bool | None


def record_decision(reader: Reader, uid: str, decided: Decided) -> SharingDecision:
    """Record a decision about sharing. Raises InputError without reasons, NotPermitted where the child is not theirs."""
    row, _ = open_person(reader, uid, action="decide about sharing")
    if not decided.because.strip():
        raise InputError("Say why: a decision without its reasons helps nobody later.")
    basis = bases()[decided.purpose]
    with as_system(), transaction.atomic():
        made = SharingDecision.objects.create(
            held_by_id=row.held_by_id, person=row, by=reader.account, at=timezone.now(), with_whom=decided.with_whom[:120],
            what=decided.what[:200], purpose=decided.purpose.value, basis=basis.power[:300], shared=decided.shared,
            because=decided.because.strip(), told_family=decided.told_family,
        )  # fmt: skip
        audit.append(row.held_by_id, [{
            "actor": str(reader.account.uid), "organisation": reader.account.organisation,
            "role": ", ".join(reader.role_names)[:60],
            "action": "decided to share" if decided.shared else "decided not to share", "person": uid,
            "reason": basis.label, "body": {"decision": str(made.uid), "purpose": decided.purpose.value},
        }])  # fmt: skip
    return made
