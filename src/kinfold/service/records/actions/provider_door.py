"""What a provider does at its own door: representations on a notice, an improvement plan, its vacancies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinfold.access.words import Verb
from kinfold.market.cases.journal import Line
from kinfold.service.records import audit
from kinfold.service.records.actions.market_cases import added
from kinfold.service.records.commits import writing
from kinfold.service.records.models import HomeVacancy
from kinfold.service.records.reads.provider_door import Served, door, insist_own, one_served, own_key
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def represent(reader: Reader, uid: str, *, text: str) -> Line:
    """
    Record a provider's representations on a notice of intention or of proposal served on it. Raises InputError after the last day.

    Representations that come late by letter an officer may still record and consider: that is theirs to decide.
    """
    found = one_served(reader, uid)
    if found.may_represent_until is None:
        raise InputError("The days for representations on this notice are over. Write to the officer named in it.")
    return _sent(reader, found, "representations", {"representations": text, "received_on": found.today.isoformat()})


def send_plan(reader: Reader, uid: str, *, said: Mapping[str, Any]) -> Line:
    """Record the improvement plan that a provider sends: its actions and its senior manager. Raises InputError where none is waited for."""
    found = one_served(reader, uid)
    if not found.may_send_a_plan:
        raise InputError("No plan is waited for now. Write to the officer named in the notice.")
    return _sent(reader, found, "plan", {**said, "received_on": found.today.isoformat()})


def _sent(reader: Reader, found: Served, sort: str, said: Mapping[str, Any]) -> Line:
    insist_own(reader, own_key(reader), Verb.WRITE)
    with writing(
        held_by=found.row.held_by_id,
        by=str(reader.account.uid),
        because=f"{found.row.reference}: {sort} by the provider",
    ) as change:
        return added(
            change, reader, found.row, sort=sort, said={**said, "sent_by": "the provider"}, reasons="", file=None
        )


def keep_vacancies(reader: Reader, said: Mapping[str, int | None], *, note: str = "") -> int:
    """
    Record how many places of the provider's own homes are free, by number; return how many changed.

    A home that nothing was said of stays as it is. Raises InputError for another's home, or for more than the home has.
    """
    page = door(reader)
    insist_own(reader, own_key(reader), Verb.WRITE)
    homes = {one["urn"]: one for one in page.homes}
    changed = {}
    for urn, places in said.items():
        if urn not in homes:
            raise InputError(f"{urn} is not one of your homes.")
        if places is None:
            continue
        most = homes[urn]["places"]
        if places < 0 or (most is not None and places > most):
            raise InputError(f"{urn} has {most} registered places: not more can be free.")
        if urn not in page.vacancies or page.vacancies[urn].places != places:
            changed[urn] = places
    if changed:
        _keep(reader, changed, note)
    return len(changed)


def _keep(reader: Reader, changed: Mapping[str, int], note: str) -> None:
    held_by = reader.account.held_by_id or 0
    with writing(held_by=held_by, by=str(reader.account.uid), because="vacancies said by the provider") as change:
        HomeVacancy.objects.bulk_create(
            HomeVacancy(held_by_id=held_by, urn=urn, places=places, note=note[:200], by=reader.account, name=reader.account.name,
                        at=change.at)
            for urn, places in changed.items()
        )  # fmt: skip
        audit.append(
            held_by,
            [{"actor": change.by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
              "action": change.because, "reason": ", ".join(f"{urn}: {places}" for urn, places in changed.items())[:200]}],
            at=change.at,
        )  # fmt: skip
