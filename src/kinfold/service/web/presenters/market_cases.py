"""What every case of the regulator shows: where it stands, what can be done, its evidence, its journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.cases.journal import AGREED, DECLINED, EVIDENCE, MOVE, OPENED, PROPOSAL, Line
from kinfold.market.cases.notices import pounds
from kinfold.service.records.reads.market_cases import (
    FINANCIAL,
    OVERSIGHT,
    PENALTY,
    PROJECT,
    REGISTRATION,
    UNREGISTERED,
    CasePage,
    CaseRow,
    Related,
)
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag, TimelineEntry
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.market_forms import Step
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name

# The beginning of the names of a case's routes, and the name and title of its list.
ROUTES = {OVERSIGHT: "oversight", UNREGISTERED: "unregistered", PENALTY: "penalty", FINANCIAL: "finance", PROJECT: "capital",
          REGISTRATION: "registration"}  # fmt: skip
LISTS = {OVERSIGHT: ("oversight", "Provider oversight"), UNREGISTERED: ("unregistered", "Unregistered settings"),
         PENALTY: ("penalties", "Penalties"), FINANCIAL: ("finance", "Financial oversight"),
         PROJECT: ("capital", "Capital programme"), REGISTRATION: ("registrations", "Applications to register")}  # fmt: skip
RED = frozenset(
    {
        "plan overdue",
        "not complied with",
        "continues",
        "overdue",
        "enforcement",
        "growth restricted",
        "cancellation",
        "ended",
        "refused",
    }
)
GREEN = frozenset({"closed", "completed", "paid", "published", "ceased", "open", "registered"})
Lines = list[list[Cell | str | int | float]]
PARTS = (
    "pack",
    "file_name",
    "notice",
    "lines",
    "subsidiaries",
    "figures",
    "segments",
    "homes",
    "councils",
    "placements",
    "recipients",
    "exit",
    "explained",
    "rules",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a case's page: a heading with words, known things, tables and links, each where there is one."""

    heading: str
    words: str = ""
    rows: Sequence[SummaryRow] = ()
    tables: Sequence[Table] = ()
    links: Sequence[Link] = field(default_factory=tuple)


def address(row: CaseRow) -> str:
    """Return the address of a case."""
    return reverse(f"{ROUTES[row.sort]}_case", args=[row.uid])


def state_tag(state: str) -> Tag:
    """Return a state as a tag."""
    colour = "red" if state in RED else "green" if state in GREEN else "blue"
    return Tag(state[:1].upper() + state[1:], colour)


def state_cell(page: CasePage) -> Cell:
    """Return the state of a case in a list, with who must do something about it where a proposal waits."""
    waiting = page.working.second_officer
    if waiting is None:
        return Cell("", tag=state_tag(page.state))
    own = waiting.line.by == page.reader_uid
    said = f"{waiting.to} is proposed and waits for {'another officer' if own else 'a second officer'}"
    return Cell(said[:1].upper() + said[1:], tag=state_tag(page.state))


def crumbs_of(page: CasePage, *more: str) -> list[Link]:
    """Return the way to a case, and to a step of it."""
    name, title = LISTS[page.row.sort]
    case = (page.row.reference, address(page.row) if more else "")
    return crumbs((title, reverse(name)), case, *((one, "") for one in more))


def case_page(page: CasePage, steps: Mapping[str, Step], sections: Sequence[Section], related: Sequence[Related]) -> dict[str, Any]:  # fmt: skip
    """Return the values of a case's page."""
    waiting = page.working.second_officer
    return {
        "caption": f"{page.row.get_sort_display()}, {page.row.reference}", "title": page.row.name,
        "tag": state_tag(page.state), "waiting": _waiting(page) if waiting else "",
        "steps": [Link(step.title, reverse(f"{ROUTES[page.row.sort]}_step", args=[page.row.uid, place]))
                  for place, step in steps.items()],
        "read_only": not page.may_write, "sections": sections, "evidence": _evidence(page),
        "disclosure": reverse(f"{ROUTES[page.row.sort]}_disclosure", args=[page.row.uid]),
        "related": [Link(f"{one.row.reference}: {one.row.name} ({one.because})", address(one.row)) for one in related],
        "entries": [_entry(line) for line in reversed(page.journal)], "crumbs": crumbs_of(page),
    }  # fmt: skip


def _waiting(page: CasePage) -> str:
    line = page.working.second_officer.line
    what = line.said.get("determination") or line.said.get("chosen") or line.said["to"]
    who = "You proposed" if line.by == page.reader_uid else f"{line.name} proposed"
    then = (
        "Another officer must answer it."
        if line.by == page.reader_uid
        else "A second officer must answer it: that may be you."
    )
    return f"{who} on {day_words(line.day)}: {what}. {then}"


def _evidence(page: CasePage) -> Table:
    columns = [
        Column("Exhibit"),
        Column("What"),
        Column("Power"),
        Column("Obtained"),
        Column("By"),
        Column("Used"),
        Column("File"),
    ]
    lines = [
        [Cell(f"Exhibit {one.number}"), one.said["what"], one.said["power"], day_words(date.fromisoformat(one.said["obtained_on"])),
         one.name, "Yes" if one.said.get("used", True) else "No", _file(page, one)]
        for one in page.journal if one.sort == EVIDENCE
    ]  # fmt: skip
    return Table(
        "Evidence", columns, lines, empty="No evidence yet. Add the first item: concerns and decisions rest on it."
    )


def _file(page: CasePage, line: Line) -> Cell | str:
    if not line.content_sha256:
        return "None"
    name = f"{ROUTES[page.row.sort]}_exhibit"
    return Cell(
        line.said.get("file_name", "File"),
        reverse(name, args=[page.row.uid, line.number]),
        about=f"of exhibit {line.number}",
    )


def _entry(line: Line) -> TimelineEntry:
    titles = {OPENED: "Opened", MOVE: f"Decided: {line.said.get('to')}", PROPOSAL: f"Proposed: {line.said.get('to')}",
              AGREED: "Agreed by a second officer", DECLINED: "Not agreed by a second officer",
              EVIDENCE: f"Evidence: {line.said.get('what')}"}  # fmt: skip
    title = titles.get(line.sort, line.sort[:1].upper() + line.sort[1:])
    said = [f"{name.replace('_', ' ')}: {_words(name, value)}" for name, value in line.said.items()
            if name not in (*PARTS, *_SHOWN.get(line.sort, ()), "to", "of", "group", "name", "serves")
            and value not in (None, "", [], {})]  # fmt: skip
    by_pack = f"By the rules of {line.said['pack']}." if line.sort in DECIDED_BY and line.said.get("pack") else ""
    text = " ".join(filter(None, (line.reasons, f"({'; '.join(said)})" if said else "", by_pack)))
    return TimelineEntry(f"{line.number}. {title}", line.at, by=line.name, text=text)


# Lines that decide something: each says by which policy pack.
DECIDED_BY = frozenset({MOVE, PROPOSAL, AGREED, "route", "override"})
# What a line says and its title has said already.
_SHOWN = {EVIDENCE: ("what",)}


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in ("council", "area"):
        return council_name(value)
    if name in ("fee", "pence", "fees", "means", "grant", "match", "cost", "amount"):
        return pounds(value)
    if name.endswith("_on") or name in ("on", "begun", "ended", "until", "period_end", "begins", "ends"):
        return day_of_text(value)
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return f"{len(value)} row{'' if len(value) == 1 else 's'}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')} {_words(key, one)}" for key, one in value.items())
    return str(value)


def day_of_text(text: str | None, unknown: str = "not said") -> str:
    """Return a day that a line keeps as text, in words."""
    return day_words(date.fromisoformat(text)) if text else unknown
