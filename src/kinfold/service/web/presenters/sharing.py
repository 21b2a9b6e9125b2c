"""Who else knows a child, fetched records and agreements, as tables and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.agreements_decisions import Decision, Told
from kinfold.service.records.reads.fetching import Fetched
from kinfold.service.records.reads.finding_asks import AskLine, AskPage, Held, Stands
from kinfold.service.records.reads.shared_space import SharedSpace
from kinfold.service.web.components import Cell, Column, Progress, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType
from kinfold.sharing.finding import State
from kinfold.sharing.lawful import bases

RECORDS = {
    RecordType.CHILDRENS_SERVICES: "Children’s services", RecordType.CRIME_JUSTICE: "Crime and justice",
    RecordType.EDUCATION: "Education", RecordType.HEALTH: "Health", RecordType.PERSONAL: "Home and household",
}  # fmt: skip
SORTS = {
    OrganisationSort.LOCAL_AUTHORITY: "Councils", OrganisationSort.EDUCATION: "Schools and colleges",
    OrganisationSort.HEALTH: "Health services", OrganisationSort.POLICE: "Police and youth justice",
    OrganisationSort.HOUSING: "Housing", OrganisationSort.VOLUNTARY: "Voluntary bodies", OrganisationSort.OTHER: "Others",
}  # fmt: skip
MODES = {Mode.EXISTENCE: "that there is a record", Mode.CONTENT: "what it says"}
STATES = {
    State.NOT_ASKED: ("Not asked: no agreement for this purpose", "grey"),
    State.WAITING: ("Waiting for them", "blue"),
    State.WORKING: ("They are looking", "blue"),
    State.RECORDS: ("Holds something", "green"),
    State.NONE: ("Holds nothing that it may tell you", "grey"),
    State.TEMPORARY_ERROR: ("Their system has a fault: ring them", "orange"),
    State.PERMANENT_ERROR: ("They cannot answer this: ring them", "red"),
    State.NO_RESPONSE: ("No answer: ring them", "orange"),
    State.STOPPED: ("Stopped", "grey"),
}
LINKS = {"waiting": ("On its way", "blue"), "received": ("Arrived", "green"), "stopped": ("Stopped", "red"),
         "failed": ("Not given", "orange"), "ended": ("The link has ended", "grey")}  # fmt: skip
FIELDS = {
    "status": "Status", "since": "Since", "until": "Until", "setting": "School", "urn": "School’s number (URN)",
    "year_group": "Year group", "attendance_percent": "Attendance, per cent",
    "special_educational_needs": "Special educational needs", "practice": "Practice", "conditions": "Conditions",
    "medicines": "Medicines", "immunisations_up_to_date": "Immunisations up to date", "role": "The child was",
    "flags": "Marks", "order": "Order", "worker": "Worker", "team": "Team", "plan": "Plan",
    "legal_status": "Legal status", "other_children": "Other children", "household_size": "People in the household",
    "tenure": "Tenure", "address_lines": "Address", "postcode": "Postcode",
}  # fmt: skip
# Whether the family was told of a decision about sharing; None is "not yet".
TOLD = {True: "Yes", False: "No: it could put somebody at risk", None: "Not yet"}
REFRESH_SECONDS = 3
# How often the page of an ask looks again while it is no older than that.
LOOKING = ((timedelta(minutes=2), REFRESH_SECONDS), (timedelta(minutes=15), 15), (timedelta(hours=1), 60))
_OF_LIST = re.compile(r": list \([^)]*\)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")  # the published forms have days so, and check them


def purpose_label(purpose: Purpose | str) -> str:
    """Return a purpose as a practitioner says it."""
    return bases()[Purpose(purpose)].label


def panel_page(asks: Sequence[AskLine], decisions: Sequence[Decision]) -> dict[str, Any]:
    """Return the tables of a child's panel: what was asked, and what was decided about sharing."""
    columns = [Column("What for"), Column("Asked"), Column("By"), Column("Answers")]
    lines = [
        [Cell(purpose_label(one.purpose), href=reverse("ask", args=[one.uid])), Cell(day_words(one.at.date())),
         Cell(one.by), Cell("Stopped" if one.stopped else f"{one.ended} of {one.asked}")]
        for one in asks
    ]  # fmt: skip
    empty = (
        "Your organisation has not asked anybody yet. Ask, and each organisation that may tell you is asked at once."
    )
    return {"asks": Table("What was asked", columns, lines, empty=empty), "decisions": _decisions(decisions)}


def _decisions(rows: Sequence[Decision]) -> Table:
    columns = [Column("What"), Column("With whom"), Column("What for"), Column("Decision"), Column("Why"),
               Column("Does the family know?"), Column("By"), Column("When")]  # fmt: skip
    lines = [
        [Cell(one.what), Cell(one.with_whom), Cell(purpose_label(one.purpose)),
         Cell("", tag=Tag("Shared", "green") if one.shared else Tag("Not shared", "orange")), Cell(one.because),
         Cell(TOLD[one.told_family]), Cell(one.by.name), Cell(day_words(one.at.date()))]
        for one in rows
    ]  # fmt: skip
    return Table("Decisions about sharing", columns, lines, empty="No decision to share, or not to, is recorded.")


def told_words(told: Told) -> str:
    """Return what our own agreement lets another organisation know."""
    if not told.existence and not told.content:
        return (
            f"The agreement of {told.ours} tells {told.name} nothing of this for this purpose. Ask information governance "
            "before you share it, unless waiting could put the child at risk."
        )
    what = (
        "that there is such a record, and what it says"
        if told.content
        else "that there is such a record, not what it says"
    )
    return f"The agreement of {told.ours} tells {told.name} for this purpose {what}."


def certainty_words(certainty: str) -> str:
    """Return how well the sources were read, without the numbers of the project's own list of duties."""
    return _OF_LIST.sub(": as Kinfold’s list of duties names it", certainty)


def ask_page(found: AskPage, *, now: datetime) -> dict[str, Any]:
    """Return one ask: how far it is, each custodian's state, what came side by side, and what is missing."""
    on_its_way = any(one.state == "waiting" and not one.ended for one in found.fetched)
    running = not found.stopped and (found.ended < found.asked or on_its_way)
    here = [one for one in found.fetched if one.payload]
    return {
        "ask": found,
        "purpose": purpose_label(found.purpose),
        "child_href": reverse("who_else", args=[found.child]),
        "progress": Progress("Heard from, or no longer waited for", found.ended, found.asked,
                             refresh=_look_again(now - found.at, on_its_way=on_its_way) if running else 0),
        "waits": running,
        "custodians": [_custodian(one, found) for one in found.custodians],
        "chronology": chronology(here) if here else None,
        "missing": [one.name for one in found.custodians if one.state in _MISSING],
        "unread": [one.name for one in found.custodians if any(not held.link for held in one.records)],
        "running": running and found.mine,
    }  # fmt: skip


def _look_again(age: timedelta, *, on_its_way: bool) -> int:
    """
    Return in how many seconds the page of an ask so old looks again; 0 where it no longer does so by itself.

    A system that is down can be silent for three days, and each look of the page is one in the child's list of looks.
    """
    if on_its_way:
        return REFRESH_SECONDS
    return next((seconds for until, seconds in LOOKING if age < until), 0)


_MISSING = frozenset({State.WAITING, State.WORKING, State.NO_RESPONSE, State.TEMPORARY_ERROR, State.PERMANENT_ERROR,
                      State.NOT_ASKED, State.STOPPED})  # fmt: skip


def _custodian(one: Stands, found: AskPage) -> dict[str, Any]:
    return {
        "name": one.name,
        "tag": Tag(*STATES[one.state]),
        "records": [_record(held, one, found) for held in one.records],
    }


def _record(held: Held, one: Stands, found: AskPage) -> dict[str, Any]:
    return {
        "label": RECORDS[held.record_type],
        "seen": ""
        if held.confirmed
        else f"known from an earlier question on {day_words(held.seen.date())}; asked again",
        "about": f"from {one.name}",
        "may_ask": held.content and found.mine and not found.stopped and held.link_state not in ("waiting", "received"),
        "existence_only": not held.content,
        "ask_href": reverse("ask_fetch", args=[found.uid, held.uid]),
        "href": reverse("fetched", args=[held.link]) if held.link else "",
        "tag": Tag(*LINKS[held.link_state]) if held.link else None,
    }


def chronology(records: Iterable[Fetched]) -> Table:
    """Return what several organisations wrote down, a line a day and a column an organisation, the newest first."""
    told = [one for one in records if one.payload]
    columns = [Column("Day"), *(Column(one.custodian) for one in told)]
    days: dict[str, dict[int, list[str]]] = {}
    for place, one in enumerate(told):
        for event in one.payload.get("events", ()):
            words = f"{event['kind'].replace('_', ' ').capitalize()}: {event['summary']}"
            days.setdefault(event["date"], {}).setdefault(place, []).append(words)
    lines = [
        [Cell(day_words(date.fromisoformat(day)), order=day),
         *(Cell("; ".join(days[day].get(place, []))) for place in range(len(told)))]
        for day in sorted(days, reverse=True)
    ]  # fmt: skip
    return Table("What happened, as each organisation wrote it down", columns, lines,
                 empty="None of them names anything that happened.")  # fmt: skip


def fetched_page(found: Fetched) -> dict[str, Any]:
    """Return one fetched record: what it says as rows, and what happened as a table."""
    state = "ended" if found.ended and found.state in ("waiting", "received") else found.state
    return {
        "found": found,
        "record": RECORDS[found.record_type],
        "purpose": purpose_label(found.purpose),
        "tag": Tag(*LINKS[state]),
        "state": state,
        "rows": _rows(found.payload),
        "events": chronology([found]) if found.payload else None,
        "ask_href": reverse("ask", args=[found.ask]),
        "progress": Progress("Their system is asked for the record", 0, 1, said="This page looks again by itself",
                             refresh=REFRESH_SECONDS if state == "waiting" else 0),
    }  # fmt: skip


def space_page(found: SharedSpace) -> dict[str, Any]:
    """Return a shared space, each entry with where it is taken back; the address is the page's own child."""
    return {"space": found, "entries": [{"entry": one, "take_back": f"{one.uid}/take-back/"} for one in found.shown]}


def _rows(payload: Mapping[str, Any]) -> list[SummaryRow]:
    rows = [SummaryRow(FIELDS[name], _value(payload[name])) for name in FIELDS if name in payload]
    contact = payload.get("contact")
    if contact:
        words = [contact.get("name", ""), contact.get("role", ""), contact.get("telephone", "")]
        rows.append(SummaryRow("Whom to ring", ", ".join(word for word in words if word)))
    return rows


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "None"
    return day_words(date.fromisoformat(value)) if _DAY.fullmatch(str(value)) else str(value)
