"""Clocks and duties, as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.things import Actor
from kinfold.duties import Clock, State, calendars_known_on, catalogue_rows
from kinfold.duties.arithmetic import LONDON, When, day_of, moment_of
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.clock import STATE_WORDS
from kinfold.duties.duty import Duty
from kinfold.duties.plain import any_in_words
from kinfold.duties.table import Case, cases, practically
from kinfold.service.records.reads.clock_wall import PAGE, Line, Show, Wall
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag, pages
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.due_buttons import button
from kinfold.service.web.presenters.lists import changed
from kinfold.terms.errors import InputError

COLOURS = {
    State.BREACHED: "red", State.DUE: "orange", State.AMBER: "yellow", State.RUNNING: "blue", State.PAUSED: "grey",
    State.MET: "green", State.MET_LATE: "purple", State.DORMANT: "grey", State.NOT_APPLICABLE: "grey",
    State.SUPERSEDED: "grey",
}  # fmt: skip


def tag_of(state: State) -> Cell:
    """Return the cell that says the state of a clock."""
    return Cell("", tag=Tag(STATE_WORDS[state], COLOURS[state]), order=str(list(STATE_WORDS).index(state)))


def when_due(due: When | None, practical: date | None) -> str:
    """Return the last day in words, with the hour where the duty counts hours and the last working day if another."""
    if due is None:
        return "no day"
    day = day_of(due)
    words = (
        f"{day_words(day)} at {moment_of(due).astimezone(LONDON):%H:%M}"
        if isinstance(due, datetime)
        else day_words(day)
    )
    return words if practical in (None, day) else f"{words} (last working day {day_words(practical)})"


def wall_page(wall: Wall, *, which: str, actor: Actor, passed: bool = False) -> dict[str, Any]:
    """
    Return a wall: numbers first, then one line a clock in plain English, with the button that meets it.

    `passed` says that its day has passed: its links then lead to the same day.
    """
    counts = wall.counts
    kept = f"as_known_on={wall.day.isoformat()}&" if passed else ""

    def part(show: Show, name: str = which) -> str:
        return f"{reverse(ADDRESSES[name])}?{kept}show={show}"

    return {
        "figures": figures(counts, wall.due_today, part, today="due that day" if passed else "due today"),
        "table": Table(TITLES[wall.show], _wall_columns(), [_wall_row(line, actor) for line in wall.lines],
                       empty=EMPTY_THEN if passed else EMPTY[wall.show]),
        "today": wall.day,
        "passed": passed,
        "now": reverse(ADDRESSES[which]),
        "working": wall.working,
        "more": [Link("How duties were kept", reverse("timeliness")), Link("What if these became law", reverse("what_if")),
                 Link("Your calendar", reverse("due_calendar")), Link("The duties themselves", reverse("duties"))],
        "walls": [Link(label, part(wall.show, name) if passed else reverse(ADDRESSES[name]), current=name == which)
                  for name, label in WALLS.items()],
        "parts": [Link(f"{TITLES[show]} ({counts[show]:,})", part(show), current=show is wall.show)
                  for show in Show],
        "pages": pages(page=wall.page, size=PAGE, total=counts[wall.show],
                       address=lambda number: f"{part(wall.show)}&page={number}", noun="lines"),
    }  # fmt: skip


def figures(
    counts: Mapping[Show, int], due_today: int, part: Callable[[Show], str], *, today: str = "due today"
) -> list[FigureItem]:
    """Return the numbers that head a wall; `part` gives the address of a part of it."""
    return [
        FigureItem(f"{counts[Show.OVERDUE]:,}", "overdue", part(Show.OVERDUE)),
        FigureItem(f"{due_today:,}", today, part(Show.NOW)),
        FigureItem(f"{counts[Show.NOW] - due_today:,}", "due soon", part(Show.NOW)),
        FigureItem(f"{counts[Show.COMING]:,}", "coming up", part(Show.COMING)),
    ]


def figures_at_home(counts: Mapping[Show, int], due_today: int, *, which: str) -> list[FigureItem]:
    """Return the same numbers for somebody's first page, each with the part of the wall that lists what it counts."""
    return figures(counts, due_today, lambda show: f"{reverse(ADDRESSES[which])}?show={show}")


ADDRESSES = {"mine": "wall", "team": "team_wall", "service": "service_wall"}
WALLS = {"mine": "Mine", "team": "My team’s", "service": "My service’s"}
TITLES = {Show.NOW: "Today and soon", Show.OVERDUE: "Overdue", Show.COMING: "Coming up"}
EMPTY_THEN = "What was known by the end of that day puts nothing here."
EMPTY = {
    Show.NOW: "Nothing is due today or soon for the children you work with. “Coming up” shows what comes after.",
    Show.OVERDUE: "Nothing is overdue.",
    Show.COMING: "Nothing is coming up. When a fact starts a clock it stands here.",
}


def council_part(found: Sequence[Clock], *, may_record: bool) -> dict[str, Any]:
    """Return the council's own clocks below its wall, with what may be recorded to meet them."""
    rows = [[Cell(c.duty.label, href=reverse("duty", args=[c.duty.id])), Cell(when_due(c.due, c.practical_due)),
             tag_of(c.state), Cell(c.because), Cell(c.duty.who)] for c in found]  # fmt: skip
    columns = [
        Column("What"),
        Column("By"),
        Column("State"),
        Column("Why, and the source"),
        Column("Who answers for it"),
    ]
    empty = (
        "Nothing is due of the council itself, or its own record is not begun. Record a post or a report to begin it."
    )
    offered = {"A post is filled": "post", "Something was published, reviewed or sent": "report"}
    return {
        "council": Table("Due of the council itself", columns, rows, empty=empty),
        "council_record": [Link(label, reverse("council_record", args=[what])) for label, what in offered.items()]
        if may_record else [],
        "council_recorders": "" if may_record else _recorders(),
    }  # fmt: skip


def _recorders() -> str:
    """Return who records what the council itself does, for those who do not: the director asks them."""
    held = [ROLES[role].label for role in ROUTES["web:council_record"].roles]
    return " or the ".join(label[:1].lower() + label[1:] for label in sorted(held))


def _wall_columns() -> list[Column]:
    return [Column("Child"), Column("What"), Column("By"), Column("State"), Column("Why, and the source"),
            Column("Who answers for it"), Column("What to do", quiet=True)]  # fmt: skip


def _wall_row(line: Line, actor: Actor) -> list[Cell]:
    return [
        Cell(line.name, href=reverse("child_clocks", args=[line.uid])),
        Cell(line.duty.label, href=reverse("duty", args=[line.duty.id])),
        Cell(when_due(line.due, line.practical_due), href=proof_address(line.uid, line.key),
             order=str(line.due_day or ""), about=f": the proof, {line.duty.label}, {line.name}"),
        tag_of(line.state),
        Cell(line.because),
        Cell(line.accountable),
        button(line.duty, line.part, line.uid, about=f": {line.duty.label}, {line.name}", actor=actor),
    ]  # fmt: skip


def proof_address(uid: str, key: str) -> str:
    """Return the address of the proof of one clock of a child."""
    return f"{reverse('clock_proof', args=[uid])}?{urlencode({'clock': key})}"


def child_page(
    found: Sequence[Clock], *, uid: str, on: date, page: int, query: QueryDict, actor: Actor
) -> dict[str, Any]:
    """Return one child's clocks: what waits and what is late first, a part at a time; then what was met, then the rest."""
    waiting: list[Clock] = []
    done: list[Clock] = []
    rest: list[Clock] = []
    for clock in found:
        to_do, met = clock.is_waiting or clock.is_overdue, clock.state in (State.MET, State.MET_LATE)
        (waiting if to_do else done if met else rest).append(clock)
    page = min(page, max(-(-len(waiting) // WAITING), 1))
    shown = waiting[(page - 1) * WAITING : page * WAITING]
    return {
        "on": on,
        "waiting": _clock_table("Due and overdue", shown, uid, "Nothing is due for this child.", actor),
        "pages": pages(page=page, size=WAITING, total=len(waiting), noun="that are due or overdue",
                       address=lambda number: changed(query, page=str(number))),
        "done": _clock_table("Met", done[:AT_REST], uid, "Nothing recorded has met a duty yet."),
        "more_done": max(0, len(done) - AT_REST),
        "rest": _clock_table("Not running", rest[:AT_REST], uid, "There is nothing else."),
        "more_at_rest": max(0, len(rest) - AT_REST),
        "timeliness": f"{reverse('timeliness')}?child={uid}",
    }  # fmt: skip


WAITING = 25  # lines of what is due or overdue on one part of a child's page
AT_REST = 15  # of what asks for nothing; the command line and the API list all of it


def _clock_table(title: str, found: Sequence[Clock], uid: str, empty: str, actor: Actor | None = None) -> Table:
    """Return clocks as a table; with `actor` each has the button by which they can meet it."""
    columns = [
        Column("What"),
        Column("By"),
        Column("State"),
        Column("Why, and the source"),
        Column("Proof", quiet=True),
        *([Column("What to do", quiet=True)] if actor is not None else []),
    ]
    rows = [
        [
            Cell(c.duty.label, href=reverse("duty", args=[c.duty.id])),
            Cell(when_due(c.due, c.practical_due), order=str(c.due or "")), tag_of(c.state), Cell(c.because),
            Cell("Prove it", href=proof_address(uid, c.key), about=f": {c.duty.label}"),
            *([button(c.duty, c.part.label, uid, about=f": {c.duty.label}", actor=actor)] if actor is not None else []),
        ]
        for c in found
    ]  # fmt: skip
    return Table(title, columns, rows, empty=empty)


def duty_page(catalogue: Catalogue, duty_id: str) -> dict[str, Any]:
    """Return one duty with its worked cases. Raises InputError for one that is not in the catalogue."""
    row = next((row for row in catalogue_rows(catalogue) if row["id"] == duty_id), None)
    if row is None:
        raise InputError(f"There is no duty called {duty_id}.")
    worked = cases(catalogue.duty(duty_id), calendars_known_on(None), catalogue)
    return {
        "duty": row,
        "rows": _plainly(catalogue.duty(duty_id), row),
        "notation": [SummaryRow(head, row[name]) for name, head in
                     (("trigger", "Starts"), ("rule", "Rule"), ("completion", "Meets it"))],
        "table": Table("Worked cases: what happens, and what is then due", key="cases",
                       columns=[Column("If this happens"), Column("this is then due"), Column("How it is counted")],
                       rows=[_case(case) for case in worked]),
        "crumbs": [Link("Home", reverse("home")), Link("Duties", reverse("duties")), Link(duty_id)],
    }  # fmt: skip


def _plainly(duty: Duty, row: Mapping[str, Any]) -> list[SummaryRow]:
    """Return a duty as somebody reads it who has never seen the notation of the catalogue."""
    parts = {name: any_in_words(patterns) for name, patterns in duty.completion.items()}
    source = [Link("Read it", duty.source.href, about=": the source")] if duty.source.href else ()
    said = [
        SummaryRow("By when", row["deadline"]), SummaryRow("For whom", row["applies_to"]),
        SummaryRow("Who does it", row["who"]), SummaryRow("If it is not done, it goes to", ", then ".join(duty.escalation)),
        SummaryRow("What starts it", any_in_words(duty.trigger)), SummaryRow("What meets it", list(dict.fromkeys(parts.values()))),
        SummaryRow("Source", row["source"], source), SummaryRow("Law", row["commencement"], note=row["mark"]),
        SummaryRow("In force since", day_words(duty.since) if duty.since else ""),
        SummaryRow("Until", day_words(duty.until) if duty.until else ""),
        SummaryRow("Days counted by", str(row["calendar"]).replace("_", " ").replace("england and wales", "working days of England and Wales"),
                   note=row["calendar_note"]),
        SummaryRow("How sure this is", row["sureness"], note=row["verified"]),
        SummaryRow("What to know as well", row["edge_cases"]),
    ]  # fmt: skip
    return [one for one in said if one.value not in (None, "", [], ())]


def _case(case: Case) -> list[Cell]:
    return [Cell(f"{case.happened} ({case.why})"), Cell(f"{case.then}{practically(case)}"), Cell(case.arithmetic)]
