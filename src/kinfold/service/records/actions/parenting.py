"""Corporate parenting: adding a public body, recording what it did and offers, and its yearly report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from kinfold.access.words import Verb
from kinfold.care.corporate_parenting import ACTION, REPORT, Year
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.services import keep, said_only
from kinfold.service.records.models import BodyFact, Thing
from kinfold.service.records.reads.parenting import asked_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


def _insist(reader: Reader, held_by: int | None, kind: str) -> None:
    reader.insist(Verb.WRITE, asked_of(held_by), action=f"record {kind}")


def add_body(reader: Reader, *, said: Mapping[str, Any]) -> str:
    """Add a public body under its name, and return its public id. Raises InputError for one that is there already."""
    holder = reader.account.held_by
    if holder is None:
        raise InputError("Your account belongs to no council.")
    _insist(reader, holder.pk, "partner_details")
    name = str(said.get("name") or "").strip()
    if not name:
        raise InputError("Enter the name of the body.")
    with as_system():
        same = BodyFact.objects.filter(held_by=holder, kind="partner_details", known_to__isnull=True)
        if any(str(row.payload.get("name") or "").casefold() == name.casefold() for row in same):
            raise InputError(f"{name} is in the list already.")
        made = Thing.objects.create(word="body", sort="organisation", held_by=holder)
        values = {**said_only(said), "name": name, "organisation_code": str(said.get("organisation_code") or uuid4())}
        facts.record_fact(kind="partner_details", subject=made, values=values, by=str(reader.account.uid),
                          because="corporate parenting")  # fmt: skip
    return str(made.uid)


def record_action(reader: Reader, body: Thing, *, day: date, said: Mapping[str, Any]) -> str:
    """Record what a body did for one part of the duty."""
    _insist(reader, body.held_by_id, ACTION)
    return keep(reader, body, kind=ACTION, values=said, day=day, because="corporate parenting")


def record_offer(reader: Reader, body: Thing, *, day: date, said: Mapping[str, Any]) -> str:
    """Record something that a body offers to children in care and care leavers from `day`."""
    _insist(reader, body.held_by_id, "service_offered")
    values = {"for_whom": "children in care and care leavers", **said}
    return keep(reader, body, kind="service_offered", values=values, day=day, because="corporate parenting")


def record_report(reader: Reader, body: Thing, *, year: Year, day: date, address: str) -> str:
    """Record that a body published its report of a year."""
    _insist(reader, body.held_by_id, "published_report")
    values = {"report_type": REPORT, "step": "published", "period": year.name, "address": address}
    return keep(reader, body, kind="published_report", values=values, day=day, because="yearly report published")
