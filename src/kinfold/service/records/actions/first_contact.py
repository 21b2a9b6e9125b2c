"""A first contact: somebody gets in touch about a child whom the reader does not work with, or whom nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from kinfold.record.declare import KINDS
from kinfold.service.records import audit
from kinfold.service.records.actions import facts, people
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.commits import writing
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Account, Alert, Reach, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

CONTACT, BECAUSE = "contact", "first contact"
_NOTHING: Mapping[str, Any] = {"valid_from": None, "valid_to": None, "party": None, "ref": None}


def contact_about_known(reader: Reader, uid: str, *, day: date, said: Mapping[str, Any]) -> str:
    """
    Record a contact about a child on record and tell those who work with them; return the contact's public id.

    It opens nothing: whoever records it may go on not seeing the record. The caller has asked whether the reader may
    know of the child.
    """
    row = find_person(uid)
    values = checked(KINDS[CONTACT], said, valid_from=day, valid_to=None)
    with as_system():
        fact = facts.record_fact(kind=CONTACT, subject=row, values=values, by=str(reader.account.uid), because=BECAUSE,
                                 valid_from=day, today=reader.now.date())  # fmt: skip
        audit.append(row.held_by_id, [{"actor": str(reader.account.uid), "action": "recorded contact",
                                       "person": str(row.uid)}])  # fmt: skip
        for account in _working_with(row, reader.now.date()):
            Alert.objects.create(account=account, held_by_id=row.held_by_id, sort=BECAUSE, at=timezone.now(),
                                 title=f"{reader.account.name} recorded a contact about a child you work with",
                                 href=f"/children/{row.uid}/")  # fmt: skip
    return str(fact)


def _working_with(row: Thing, today: date) -> list[Account]:
    now = Reach.objects.filter(person=row, sort="open_allocation", from_date__lte=today).exclude(until_date__lte=today)
    return list(Account.objects.filter(person__in=now.values("actor"), is_active=True))


def contact_about_new(
    reader: Reader, *, forename: str, surname: str, born: date | None, day: date, said: Mapping[str, Any]
) -> str:
    """
    Add a child nobody knew, with the contact, and return the child's public id.

    Whoever records it works with the child until the child is passed on. Raises InputError without a name.
    """
    holder, worker, by = reader.account.held_by, reader.account.person, str(reader.account.uid)
    if holder is None or worker is None:
        raise InputError("Your account belongs to no council.")
    name = {"forename": forename.strip(), "surname": surname.strip(), "name_type": "LEGAL"}
    if not (name["forename"] or name["surname"]):
        raise InputError("Enter a forename or a surname. Where neither is known, write “Unknown”.")
    named = checked(KINDS["name"], {part: text for part, text in name.items() if text}, valid_from=None, valid_to=None)
    values = checked(KINDS[CONTACT], said, valid_from=day, valid_to=None)
    with as_system():
        with writing(held_by=holder.pk, by=by, because=BECAUSE) as change:
            made = Thing.objects.create(word="person", sort="child", held_by=holder)
            facts.write_version(change, kind="name", subject=made.pk, values=named, **_NOTHING)
            if born:
                details = {"birth_date": born}
                facts.write_version(change, kind="person_details", subject=made.pk, values=details, **_NOTHING)
            facts.write_version(change, kind=CONTACT, subject=made.pk, values=values, **{**_NOTHING, "valid_from": day})
            audit.append(holder.pk, [{"actor": by, "action": "added child", "person": str(made.uid)}], at=change.at)
        index_persons(holder.pk, {made.pk})
        people.allocate(children=[made], worker=worker, role="SOCIAL_WORKER", by=by, because=BECAUSE,
                        today=reader.now.date())  # fmt: skip
    return str(made.uid)
