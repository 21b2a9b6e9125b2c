"""Multi-agency child protection teams: setting one up, keeping who is in it, and each agency's view of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from kinfold.access.words import Verb
from kinfold.care.child_protection_team import DECISION, DISAGREES, MEMBER, TEAM_TYPE, View, views_of, with_views
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.actions.services import insist_on_writing, keep
from kinfold.service.records.models import Thing
from kinfold.service.records.reads import child_protection_teams as reads
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

BECAUSE = "multi-agency child protection team"


def _insist(reader: Reader, held_by: int, action: str) -> None:
    reader.insist(Verb.WRITE, reads.asked_of(held_by), action=action)


def set_up(reader: Reader, *, name: str, since: date) -> str:
    """Set up a team of the reader's council from a day, and return its public id."""
    holder = reader.account.held_by
    if holder is None:
        raise NotPermitted("There is nothing here that you can open.")
    _insist(reader, holder.pk, "set up a team")
    name = " ".join(name.split())
    if any(one.name.casefold() == name.casefold() for one in reads.teams(reader)):
        raise InputError("There is a team of that name already.")
    if since > today_of(reader):
        raise InputError("The day must be today or in the past.")
    values = {"name": name, "team_type": TEAM_TYPE, "constituted_date": since.isoformat()}
    with as_system():
        made = Thing.objects.create(word="body", sort="team", held_by=holder)
        facts.record_fact(kind="department_details", subject=made, values=values, by=str(reader.account.uid),
                          because=BECAUSE, today=today_of(reader))  # fmt: skip
    return str(made.uid)


def add_member(reader: Reader, uid: str, *, since: date, said: Mapping[str, Any]) -> str:
    """Add a practitioner to a team from a day. Raises InputError for one who is in it already for that agency."""
    row, team = reads.team(reader, uid)
    _insist(reader, row.held_by_id, "add a member of a team")
    now = reads.members_on(row.pk, since).members
    who = (str(said.get("agency")), str(said.get("practitioner") or "").casefold())
    if any((one.payload.get("agency"), str(one.payload.get("practitioner") or "").casefold()) == who for one in now):
        raise InputError(f"{said.get('practitioner')} is in {team.name} already.")
    return keep(reader, row, kind=MEMBER, values=said, day=since, because=BECAUSE)


def end_member(reader: Reader, uid: str, fact: str, *, last: date, reason: str) -> None:
    """End somebody's time in a team: `last` is their last day in it. Raises InputError for one before they joined."""
    row, team = reads.team(reader, uid)
    _insist(reader, row.held_by_id, "end a member of a team")
    if str(fact) not in {str(one.fact) for one in team.members.members}:
        raise InputError("They are not in the team now. Go back to the team and choose somebody who is.")
    with as_system():
        old = facts.current_version("spell", fact)
    if last > today_of(reader):
        raise InputError("The day must be today or in the past.")
    if old.valid_from is not None and last < old.valid_from:
        raise InputError("The last day must not be before the day on which they joined.")
    values = {**old.payload, **({"end_reason": reason} if reason else {})}
    with as_system():
        facts.correct_fact(
            word="spell", fact=fact, made_from=old.pk, values=values, by=str(reader.account.uid), because=BECAUSE,
            valid_from=old.valid_from, valid_to=last + timedelta(days=1),
        )  # fmt: skip


def give_view(reader: Reader, uid: str, fact: str, *, view: View) -> None:
    """
    Keep one agency's view of a decision; a view that the same agency gave before is replaced, and its version kept.

    Raises NotPermitted, recorded, where the reader does not write about the child.
    """
    page = reads.decision(reader, uid, fact)
    if view.view == DISAGREES and not view.reasons.strip():
        raise InputError("Say why they disagree.")
    insist_on_writing(reader, page.opened.row, reads.SLICE, DECISION)
    with as_system():
        old = facts.current_version("event", fact)
        others = [one for one in views_of(page.decision) if _whose(one) != _whose(view)]
        values = checked(KINDS[DECISION], with_views(page.decision, [*others, view]), valid_from=old.valid_from,
                         valid_to=None, changed=frozenset({"views"}))  # fmt: skip
        facts.correct_fact(
            word="event", fact=fact, made_from=old.pk, values=values, by=str(reader.account.uid),
            because="view of an agency", valid_from=old.valid_from, valid_to=None,
        )  # fmt: skip


def _whose(view: View) -> tuple[str, str, str]:
    return view.agency, view.organisation.casefold(), view.practitioner.casefold()
