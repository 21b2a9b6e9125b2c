"""Applications to register as their pages show them: the queue, what each route came to, and one application with every rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.market.cases.journal import day_said
from kinfold.market.cases.registration import (
    COMPLETE,
    DECIDED,
    PROPOSED,
    REFUSED,
    RETURNED,
    SUBMITTED,
    VISITS,
    Clock,
    Working,
    clocks,
    next_due,
    provisions,
    representations_until,
)
from kinfold.market.oversight.notice import last_day
from kinfold.market.policy import Pack, pack_said
from kinfold.market.supply.fast_track import (
    FACTS,
    FAST_TRACK,
    FITNESS,
    NEEDS,
    OPENS,
    STANDARD,
    Explained,
    answer_words,
    eligibility,
    in_force,
)
from kinfold.market.supply.queue import Outcome, first_come, outcomes, route_of
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, FigureItem, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines, Section, address, state_cell
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name
from kinfold.terms.working_days import bank_holidays, working_days_between

TITLE = "Applications to register"
STAGES = {SUBMITTED: "Received", RETURNED: "Sent back", COMPLETE: "Complete, no route yet", FAST_TRACK: "Fast track, not visited",
          STANDARD: "Usual way, not visited", VISITS: "Visited, being decided", PROPOSED: "Notice of proposal", "appealed": "Appeal"}  # fmt: skip
HEADINGS = ("Application", "Home", "Provider", "Council", "Provision", "Places", "Need", "Received", "State", "Route", "By the rules", "Why",
            "Next", "By", "Late")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application with the clock it stands under."""

    page: CasePage
    clock: Clock | None


def holidays_of(today: date) -> frozenset[date]:
    """Return the bank holidays that clocks near today need."""
    return bank_holidays(today.year - 2, today.year + 2)


def queue_of(cases: Sequence[CasePage], policy: Pack, today: date) -> list[Waiting]:
    """Return the applications that are not decided, in the order in which they are to be worked."""
    holidays = holidays_of(today)
    found = [
        Waiting(one, next_due(one.working, holidays=holidays, policy=policy))
        for one in cases
        if one.working.now not in DECIDED
    ]
    return [found[at] for at in first_come([(one.page.working, one.clock) for one in found])]


def in_order(cases: Sequence[CasePage], policy: Pack, today: date) -> list[Working]:
    """Return every application, those that wait first and in the order in which they are to be worked."""
    waiting = [one.page.working for one in queue_of(cases, policy, today)]
    return [*waiting, *(one.working for one in cases if one.working.now in DECIDED)]


def list_page(cases: Sequence[CasePage], policy: Pack, today: date, judged: Mapping[str, str]) -> dict[str, Any]:
    """Return the queue: where applications stand as a picture first, then who is next, then what each route came to (`judged`: first judgements)."""
    waiting = queue_of(cases, policy, today)
    late = sum(one.clock is not None and one.clock.is_late(today) for one in waiting)
    fast = sum(one.page.working.is_fast for one in waiting)
    counts = {label: sum(one.page.working.now == state for one in waiting) for state, label in STAGES.items()}
    decided = [one for one in cases if one.working.now in DECIDED]
    return {
        "title": TITLE, "empty": not cases,
        "said": f"{len(waiting)} applications wait, {fast} of them on the fast track. {late} are past a last day." if waiting else "No application waits.",
        "figures": [FigureItem(len(waiting), "wait"), FigureItem(fast, "on the fast track"), FigureItem(late, "past a last day"),
                    FigureItem(len(decided), "decided")],
        "chart": BarChart("Applications that wait, by where they stand", [Amount(label, count) for label, count in counts.items()], what="Where they stand"),
        "queue": _queue(waiting, today), "routes": _routes(outcomes([one.working for one in cases], holidays=holidays_of(today), policy=policy, judged=judged)),
        "decided": _decided(decided), "crumbs": crumbs((TITLE, "")),
    }  # fmt: skip


def _queue(waiting: Sequence[Waiting], today: date) -> Table:
    columns = [
        Column("Application"),
        Column("Home"),
        Column("Council"),
        Column("Places", True),
        Column("State"),
        Column("By the rules"),
        Column("Next, by when"),
    ]
    lines: Lines = [
        [Cell(one.page.row.reference, address(one.page.row)), one.page.row.name, council_name(one.page.working.opened.said["council"]),
         one.page.working.opened.said.get("places") or 0, state_cell(one.page), eligibility(one.page.working.said, today).route.capitalize(), _next(one.clock, today)]
        for one in waiting
    ]  # fmt: skip
    return Table(
        "In the order to be worked: the fast track first, then by the next last day",
        columns,
        lines,
        empty="No application waits.",
    )


def _next(clock: Clock | None, today: date) -> Cell:
    if clock is None:
        return Cell("Waits for whoever applied")
    late = Tag("Late", "red") if clock.is_late(today) else None
    return Cell(f"{clock.what}: {day_words(clock.due)}", tag=late)


def _routes(found: Sequence[Outcome]) -> Table:
    columns = [Column("Route"), Column("Applications", True), Column("Wait", True), Column("Registered", True), Column("Refused", True),
               Column("Withdrawn", True), Column("Working days from complete to decided, in the middle", True), Column("Decided in time", True),
               Column("Good or better at the first inspection", True)]  # fmt: skip
    lines: Lines = [
        [one.route.capitalize(), one.applications, one.waiting, one.registered, one.refused, one.withdrawn,
         "None decided" if one.days is None else f"{one.days:g}", "None decided" if one.in_time is None else f"{one.in_time:.0%}",
         f"{one.good} of {one.inspected}" if one.inspected else "None inspected"]
        for one in found
    ]  # fmt: skip
    return Table("What each route came to", columns, lines, empty="No application yet.")


def _decided(cases: Sequence[CasePage]) -> Table:
    columns = [Column("Application"), Column("Home"), Column("Route"), Column("Outcome")]
    lines: Lines = [
        [Cell(one.row.reference, address(one.row)), one.row.name, route_of(one.working).capitalize(), state_cell(one)]
        for one in cases
    ]
    return Table("Decided", columns, lines, empty="None yet.")


def rows_of(cases: Sequence[CasePage], policy: Pack, today: date) -> list[list[Any]]:
    """Return every application as a file holds it, those that wait first in their order."""
    waiting = queue_of(cases, policy, today)
    every = [*waiting, *(Waiting(one, None) for one in cases if one.working.now in DECIDED)]
    return [_row(one, today) for one in every]


def _row(one: Waiting, today: date) -> list[Any]:
    working: Working = one.page.working
    said, found = working.opened.said, eligibility(working.said, today)
    return [
        one.page.row.reference, one.page.row.name, said["provider"], council_name(said["council"]), _provision(one.page),
        said.get("places"), answer_words("need", working.said.get("need")), day_said(working.opened, "received_on"), working.now, route_of(working),
        found.route, found.because, one.clock.what if one.clock else "", one.clock.due if one.clock else None,
        one.clock.is_late(today) if one.clock else None,
    ]  # fmt: skip


def sections(page: CasePage, policy: Pack, area: Mapping[str, Any] | None) -> list[Section]:
    """Return the parts of an application's page; `area` are the register's figures of its council's area."""
    working: Working = page.working
    return [
        _application(page, area), _rules(working, page.today), _clocks(working, policy, page.today), _fitness(working, page.today),
        _visits(working), *_decision(working, policy),
    ]  # fmt: skip


def _provision(page: CasePage) -> str:
    """Return what is applied for in words, by the policy of the day on which it was recorded."""
    line = page.working.opened
    said = str(line.said["provision"])
    return provisions(pack_said(line.said, line.day)).get(said, said)


def _application(page: CasePage, area: Mapping[str, Any] | None) -> Section:
    working: Working = page.working
    said = working.opened.said
    rows = [
        SummaryRow("Provider", said["provider"]), SummaryRow("Provision", _provision(page), note=f"{said.get('places') or 0} places"),
        SummaryRow("Council", council_name(said["council"]), note=_area_words(area)), SummaryRow("Received", day_words(day_said(working.opened, "received_on"))),
        *(SummaryRow(fact.label, answer_words(name, working.said.get(name)).capitalize()) for name, fact in FACTS.items()),
    ]  # fmt: skip
    return Section("What the application says", rows=rows)


def _area_words(area: Mapping[str, Any] | None) -> str:
    if area is None:
        return "The register has no children’s home there, or none is loaded."
    return (f"The register has {area['homes']} children’s homes with {area['places']} places there; the largest owner has {area['largest']:.0%} of the homes. "
            "How many are free it does not say.")  # fmt: skip


def _rules(working: Working, today: date) -> Section:
    day = working.route.day if working.route else today
    found = eligibility(working.said, day)
    chosen = working.route
    rows = [SummaryRow("By the rules", found.route.capitalize(), note=found.because)]
    if chosen is not None:
        rows.append(
            SummaryRow(
                "Decided",
                chosen.said["route"].capitalize(),
                note=f"{chosen.name}, {day_words(chosen.day)}: {chosen.reasons}",
            )
        )
        if chosen.said.get("departure"):
            rows.append(SummaryRow("Why this departs from the rules", chosen.said["departure"]))
    tables = [
        _explained("One of these opens the fast track", found.explained, OPENS),
        _explained("All of these are needed", found.explained, NEEDS),
    ]
    words = f"Rules of {day_words(day)}. They change the order and the days, never the checks of fitness."
    return Section("Why it may go on the fast track, or may not", words, rows, tables)


def _explained(title: str, found: Sequence[Explained], unit: str) -> Table:
    columns = [Column("Rule"), Column("Holds"), Column("What the application says"), Column("What the rule rests on")]
    tags = {True: Tag("Yes", "green"), False: Tag("No", "red"), None: Tag("Not said", "yellow")}
    lines: Lines = [
        [
            one.label,
            Cell("", tag=tags[one.holds]),
            one.told[:1].upper() + one.told[1:],
            f"{one.source} ({one.certainty})",
        ]
        for one in found
        if one.unit == unit
    ]
    return Table(title, columns, lines)


def _clocks(working: Working, policy: Pack, today: date) -> Section:
    holidays = holidays_of(today)
    columns = [Column("What"), Column("By"), Column("Done"), Column("State"), Column("Rests on")]
    lines: Lines = []
    for one in clocks(working, holidays=holidays, policy=policy):
        value = policy.values[one.rule]
        lines.append([one.what, day_words(one.due), day_words(one.done) if one.done else "", _state(one, today, holidays),
                      f"{policy[one.rule]} {value.unit}. {value.source} ({value.certainty})"])  # fmt: skip
    return Section("Clocks", tables=[Table("Last days", columns, lines, quiet_caption=True)])


def _state(clock: Clock, today: date, holidays: frozenset[date]) -> Cell:
    late = clock.is_late(today)
    if clock.done is not None:
        return Cell("", tag=Tag("Done late" if late else "Done", "purple" if late else "green"))
    left = (
        working_days_between(clock.due, today, holidays) if late else working_days_between(today, clock.due, holidays)
    )
    return Cell(
        (f"{left} working day{'' if left == 1 else 's'} {'over' if late else 'left'}") if left else "",
        tag=Tag("Late" if late else "Under way", "red" if late else "blue"),
    )


def _fitness(working: Working, today: date) -> Section:
    columns = [Column("Check"), Column("Met"), Column("On what this rests"), Column("By"), Column("Source")]
    lines: Lines = []
    for rule in in_force(today, FITNESS):
        one = working.fitness.get(rule.name)
        tag = (
            Tag("Not checked", "grey")
            if one is None
            else Tag("Met", "green")
            if one.said["met"]
            else Tag("Not met", "red")
        )
        lines.append([rule.label, Cell("", tag=tag), one.said["what"] if one else "", f"{one.name}, {day_words(one.day)}" if one else "",
                      f"{rule.source} ({rule.certainty})"])  # fmt: skip
    return Section(
        "Checks of fitness, the same on every route", tables=[Table("Fitness", columns, lines, quiet_caption=True)]
    )


def _visits(working: Working) -> Section:
    columns = [Column("Day"), Column("Who"), Column("What was found")]
    lines: Lines = [[day_words(day_said(one)), one.said["who"], one.said["found"]] for one in working.visits]
    return Section(
        "Visits", tables=[Table("Visits", columns, lines, quiet_caption=True, empty="The home was not visited yet.")]
    )


def _decision(working: Working, policy: Pack) -> list[Section]:
    rows = []
    until = representations_until(working, policy)
    if working.proposal is not None and until is not None:
        value = policy.values["registration_representations"]
        what = (
            "To refuse"
            if working.proposal.said["proposes"] == "refuse"
            else f"Conditions: {working.proposal.said.get('conditions') or 'not written'}"
        )
        rows += [SummaryRow("Notice of proposal", what, note=working.proposal.reasons),
                 SummaryRow("Representations until the end of", day_words(until), note=f"{value.source} ({value.certainty})")]  # fmt: skip
        rows += [
            SummaryRow("Representations", one.said["representations"], note=day_words(day_said(one, "received_on")))
            for one in working.representations
        ]
    if working.decided is not None:
        proposed, agreed = working.decided
        rows.append(
            SummaryRow(
                "Decision",
                proposed.said["to"].capitalize(),
                note=f"{proposed.name} proposed: {proposed.reasons} {agreed.name} agreed on {day_words(agreed.day)}.",
            )
        )
        if proposed.said.get("urn"):
            rows.append(SummaryRow("Number", proposed.said["urn"], note=proposed.said.get("conditions") or ""))
    if REFUSED in working.days:
        value = policy.values["registration_appeal"]
        rows.append(SummaryRow("Appeal until the end of", day_words(last_day(working.days[REFUSED], int(policy["registration_appeal"]))),
                               note=f"{value.source} ({value.certainty})"))  # fmt: skip
    rows += [
        SummaryRow(f"Sent on {day_words(line.day)}", line.said["notice"])
        for line in working.journal
        if line.said.get("notice")
    ]
    return [Section("Decision", rows=rows)] if rows else []
