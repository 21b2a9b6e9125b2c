"""Teams, workers, settings and accounts, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.access.roles import ROLES
from kinfold.service.records.reads.caseload import Case
from kinfold.service.records.reads.office import AccountLine, RoleLine
from kinfold.service.records.reads.settings import Setting, SettingsPage, Stay
from kinfold.service.records.reads.staff import Cover, People, Team, Worker, WorkersPage
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import age_words, count_words, day_words
from kinfold.service.web.presenters import people as present_people
from kinfold.service.web.presenters.tonight import HOME_LABELS, home_of

SHOWN = 30  # children without a worker on the page of teams; the rest are counted
FULL = 20  # cases at which a caseload is marked; the Department's census asks for the average, councils set their own


def people_page(found: People, *, may_allocate: bool, administers: bool) -> dict[str, Any]:
    """Return the teams; before them, in red and with words, the children whom nobody answers for."""
    workers = [worker for team in found.teams for worker in team.workers]
    return {
        "title": "Teams and people",
        "figures": [
            *([FigureItem(len(found.unallocated), "children without a worker", "#unallocated")] if found.counts_children else []),
            FigureItem(len(found.teams), "teams"), FigureItem(len(workers), "workers"),
        ],
        "unallocated": unallocated_table(found.unallocated[:SHOWN]) if found.unallocated else None,
        "more": max(len(found.unallocated) - SHOWN, 0),
        "unallocated_said": count_words(len(found.unallocated), "child has", "children have"),
        "teams": [team_table(team, counts=found.counts_children) for team in found.teams if team.workers],
        "team_links": [Link(team.name, reverse("team", args=[team.uid])) for team in found.teams if team.uid],
        "allocate_href": reverse("allocate") if may_allocate and found.unallocated else "",
        "accounts_href": reverse("accounts") if administers else "",
    }  # fmt: skip


def unallocated_table(cases: Sequence[Case]) -> Table:
    """Return children without a worker."""
    rows = [
        [
            Cell(_named(case), href=reverse("child", args=[case.uid]), tag=Tag("No worker", "red")),
            Cell(case.first_status), Cell(day_words(case.statuses[0][1]) if case.statuses else ""),
        ]
        for case in cases
    ]  # fmt: skip
    return Table("Children without a worker", [Column("Child"), Column("What is open"), Column("Since")], rows,
                 quiet_caption=True)  # fmt: skip


def _named(case: Case) -> str:
    return case.name or case.la_child_id or "Name not known"


def team_table(team: Team, *, counts: bool) -> Table:
    """Return the workers of a team with the number of their cases."""
    columns = [Column("Worker", sort="ascending"), Column("Post", sort="none")]
    columns += (
        [Column("Cases", numeric=True, sort="none"), Column("Other roles", numeric=True, sort="none")] if counts else []
    )
    rows = [[_worker(worker), Cell(_post(worker)), *(_counts(worker) if counts else [])] for worker in team.workers]
    said = f": {count_words(team.cases, 'case')}" if counts else ""
    return Table(f"{team.name}{said}", columns, rows, empty="Nobody is in this team.")


def _worker(worker: Worker) -> Cell:
    tag = Tag("Left", "grey") if not worker.is_active else None
    return Cell(worker.name or "Name not known", href=reverse("worker", args=[worker.uid]), tag=tag)


def _post(worker: Worker) -> str:
    parts = [worker.job_title, "agency" if worker.agency else ""]
    return ", ".join(part for part in parts if part)


def _counts(worker: Worker) -> list[Cell]:
    tag = Tag("Many", "orange") if worker.cases > FULL else None
    return [Cell(worker.cases, order=f"{worker.cases:05d}", tag=tag), Cell(worker.others, order=f"{worker.others:05d}")]


def team_page(team: Team, *, counts: bool) -> dict[str, Any]:
    """Return one team."""
    return {
        "title": team.name,
        "figures": [FigureItem(len(team.workers), "workers"), *([FigureItem(team.cases, "cases")] if counts else [])],
        "table": team_table(team, counts=counts),
        "crumbs": [Link("People", reverse("people")), Link(team.name)],
    }


def worker_page(found: WorkersPage, *, today: date, may_leave: bool) -> dict[str, Any]:
    """Return one worker: who they are, cases, cover, and what may be done."""
    worker = found.worker
    rows = [
        SummaryRow("Team", found.team_name or "Not recorded",
                   [Link("Open", reverse("team", args=[found.team_uid]), about="the team")] if found.team_uid else ()),
        SummaryRow("Post", _post(worker) or "Not recorded"),
        SummaryRow("Signs in", "Yes" if worker.account and worker.is_active else "No"),
        SummaryRow("Left", day_words(worker.left) if worker.left else "No"),
    ]  # fmt: skip
    links = []
    if found.may_allocate and worker.is_active:
        links.append(Link("Arrange cover", reverse("cover", args=[worker.uid])))
    if found.may_allocate and found.cases:
        links.append(Link("Allocate some of their children to others", f"{reverse('allocate')}?of={worker.uid}"))
    if may_leave and worker.is_active:
        links.append(Link("They are leaving", reverse("leaver", args=[worker.uid])))
    return {
        "title": worker.name, "worker": worker, "rows": rows, "links": links, "today": today,
        "cases": present_people.cases("Children they answer for", found.cases) if found.cases else None,
        "others": present_people.cases("Children they work with in another role", found.others) if found.others else None,
        "covers": covers_table(found.covers, today) if found.covers else None,
        "crumbs": [Link("People", reverse("people")), Link(worker.name)],
    }  # fmt: skip


def covers_table(covers: Sequence[Cover], today: date) -> Table:
    """Return cover that is or will be in force."""
    rows = [
        [
            Cell(one.absent, href=reverse("worker", args=[one.absent_uid])),
            Cell(one.stands_in, href=reverse("worker", args=[one.stands_in_uid])),
            Cell(day_words(one.since)), Cell(day_words(one.until)), Cell(one.reason),
            Cell("", tag=Tag("Now", "green") if one.since and one.since <= today else Tag("Coming", "blue")),
        ]
        for one in covers
    ]  # fmt: skip
    columns = [
        Column("Away"),
        Column("Stands in"),
        Column("From"),
        Column("Until, not including"),
        Column("Why"),
        Column("State"),
    ]
    return Table("Cover", columns, rows)


def child_choices(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Return children for choosing some: name and what is open."""
    return [(case.uid, f"{_named(case)} ({case.first_status.lower()})") for case in cases]


# ---- settings
def settings_page(found: Sequence[Setting], *, words: str) -> dict[str, Any]:
    """Return the homes and other settings that were found."""
    rows = [
        [
            Cell(one.name or f"URN {one.urn}", href=reverse("organisation", args=[one.uid])), Cell(one.urn),
            Cell(str(one.details.get("provider_name") or "")), Cell(one.now, order=f"{one.now:05d}"),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column("Setting"), Column("URN"), Column("Provider"), Column("Our children there now", numeric=True)]
    return {"words": words, "table": Table("Homes and other settings", columns, rows, quiet_caption=True,
            empty="No setting is known by that name or number. Placements in a file bring them here.")}  # fmt: skip


def setting_page(found: SettingsPage, *, today: date) -> dict[str, Any]:
    """Return one setting: what the register says, who lives there now, who has lived there."""
    one = found.setting
    name = one.name or f"URN {one.urn}"
    shown = ("setting_type", "sector", "provider_name", "owner_name", "places", "age_range", "region")
    labels = {"setting_type": "Kind", "sector": "Sector", "provider_name": "Provider", "owner_name": "Owner",
              "places": "Registered places", "age_range": "Ages", "region": "Region"}  # fmt: skip
    rows = [SummaryRow("URN", one.urn or "Not recorded")]
    rows += [SummaryRow(labels[key], str(one.details[key])) for key in shown if one.details.get(key)]
    return {
        "title": name, "rows": rows, "earlier": found.earlier,
        "figures": [FigureItem(len(found.now), "of our children there now"), FigureItem(len(found.before) + found.earlier, "placements before")],
        "now": _stays("There now", found.now, today, "None of the children you may see lives here now."),
        "before": _stays("Before, the latest first", found.before, today, "None of the children you may see lived here before."),
        "crumbs": [Link("Homes", reverse("organisations")), Link(name)],
    }  # fmt: skip


def _stays(title: str, stays: Sequence[Stay], today: date, empty: str) -> Table:
    rows = [
        [
            Cell(stay.name or stay.la_child_id or "Name withheld", href=reverse("child", args=[stay.uid])),
            Cell(age_words(stay.birth_date, today)),
            Cell(HOME_LABELS[home_of(stay.placement_type)] if stay.placement_type else ""),
            Cell(day_words(stay.since), order=str(stay.since or "")),
            Cell(day_words(stay.until) if stay.until else "now", order=str(stay.until or "9999")),
        ]
        for stay in stays
    ]  # fmt: skip
    columns = [
        Column("Child"),
        Column("Age now"),
        Column("Kind of home"),
        Column("From", sort="none"),
        Column("Until", sort="none"),
    ]
    return Table(title, columns, rows, empty=empty)


# ---- accounts
def accounts_page(found: Sequence[AccountLine], *, words: str) -> dict[str, Any]:
    """Return the accounts of a council with their roles. Nothing of any case."""
    rows = [
        [
            Cell(one.name, href=reverse("account", args=[one.uid]), tag=None if one.is_active else Tag("Closed", "grey")),
            Cell(one.email), Cell(one.organisation), Cell(", ".join(_role(name) for name in one.roles) or "No role"),
        ]
        for one in found
    ]  # fmt: skip
    columns = [
        Column("Name", sort="ascending"),
        Column("Signs in as", sort="none"),
        Column("Organisation", sort="none"),
        Column("Roles"),
    ]
    return {"words": words, "table": Table("Accounts", columns, rows, quiet_caption=True, empty="No account is found.")}


def _role(name: str) -> str:
    return ROLES[name].label if name in ROLES else name


def account_page(one: AccountLine, held: Sequence[RoleLine], *, today: date) -> dict[str, Any]:
    """Return one account with every role it holds or held."""
    rows = [
        SummaryRow("Signs in as", one.email), SummaryRow("Organisation", one.organisation or "Not recorded"),
        SummaryRow("Account", "Open" if one.is_active else f"Closed {day_words(one.left)}"),
        SummaryRow("Started", day_words(one.started) or "Not recorded"),
    ]  # fmt: skip
    lines = [
        [
            Cell(_role(line.role)), Cell(line.team or "The whole council"), Cell(day_words(line.since)),
            Cell(day_words(line.until) if line.until else "goes on"), Cell(line.because),
        ]
        for line in held
    ]  # fmt: skip
    columns = [Column("Role"), Column("Where"), Column("From"), Column("Until"), Column("Why")]
    return {
        "title": one.name, "account": one, "rows": rows,
        "held": Table("Roles", columns, lines, empty="This account has no role, so it opens nothing."),
        "open_roles": [(line.pk, f"{_role(line.role)}{f', {line.team}' if line.team else ''}") for line in held
                       if line.until is None or line.until > today],
        "worker_href": reverse("leaver", args=[one.worker]) if one.worker and one.is_active else "",
        "crumbs": [Link("People", reverse("people")), Link("Accounts", reverse("accounts")), Link(one.name)],
    }  # fmt: skip
