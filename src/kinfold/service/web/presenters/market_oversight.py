"""Provider oversight as its pages show it: the triage of groups, one group's signal, and the sections of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.oversight import truth_table
from kinfold.market.oversight.working import CONFIRMED, OPEN, Concern, Working
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.signals.triage import Signal, Triage
from kinfold.service.records.actions.market_notices import NOTICES
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines, Section, address, day_of_text, state_cell
from kinfold.service.web.presenters.services import crumbs

SHOWN = 40
HEADINGS = ("Group", "Below good", "Judged", "Expected", "Rate from", "Rate to", "Chance that it is well above", "Chance in the family",
            "Not judged", "Suspended")  # fmt: skip


TITLES_OF_NOTICES = {"restriction proposed": "Notice of a proposal to restrict growth", "growth restricted": "Notice of the decision to restrict growth",
                     "cancellation proposed": "Notice of a proposal to cancel registrations", "cancellation": "Notice of the decision to cancel registrations"}  # fmt: skip
WHICH = {to: which for which, to in NOTICES.items()}


def list_page(listed: Triage | None, day: date | None, cases: Sequence[CasePage], today: date) -> dict[str, Any]:
    """Return the page of groups to look at first, with the cases under way above them."""
    open_ = [one for one in cases if one.state != "closed"]
    late = sum(one.working.is_late(today) for one in open_)
    return {
        "figures": [
            FigureItem(len(open_), "open cases"),
            FigureItem(sum(one.working.second_officer is not None for one in open_), "wait for a second officer"),
            FigureItem(late, "plans overdue"),
        ],
        "cases": _cases(cases, today), "triage": _triage(listed, cases), "listed": listed,
        "day": day_words(day) if day else "", "crumbs": crumbs(("Provider oversight", "")),
    }  # fmt: skip


def _cases(cases: Sequence[CasePage], today: date) -> Table:
    columns = [Column("Case"), Column("Group"), Column("State"), Column("Concerns confirmed", True), Column("Statutory test"),
               Column("Plan due")]  # fmt: skip
    lines = [
        [Cell(one.row.reference, address(one.row)), one.row.name, state_cell(one), len(one.working.confirmed()),
         "Met" if one.working.case.trigger and one.working.case.trigger.met else "Not met",
         Cell(day_words(one.working.due) if one.working.due else "", tag=Tag("Overdue", "red") if one.working.is_late(today) else None)]
        for one in cases
    ]  # fmt: skip
    return Table("Cases", columns, lines, empty="No case is open. Choose a group below and open the first.")


def interval_words(listed: Triage | None) -> str:
    """Return what the column of rates is called: with how wide their intervals are."""
    return f"Rate ({listed.interval:.0%} interval)" if listed else "Rate"


def _triage(listed: Triage | None, cases: Sequence[CasePage]) -> Table:
    known = {one.row.about: one for one in reversed(cases) if one.state != "closed"}
    columns = [Column("Group"), Column("Below good, of those judged"), Column("Expected", True), Column(interval_words(listed)),
               Column("Chance that it is well above", True), Column("By chance alone", True), Column("Not judged", True),
               Column("Case")]  # fmt: skip
    lines = [
        [Cell(one.name, reverse("oversight_open", args=[one.group])), f"{one.rate.k} of {one.rate.n}", f"{one.rate.expected:.1f}",
         f"{one.rate.low:.0%} to {one.rate.high:.0%}", f"{one.rate.above:.0%}", f"{one.family_chance:.2f}", one.not_judged,
         Cell(known[one.group].row.reference, address(known[one.group].row)) if one.group in known else "None"]
        for one in (listed.signals[:SHOWN] if listed else ())
    ]  # fmt: skip
    return Table("Groups to look at first", columns, lines, empty="No group has enough judged homes to be compared.")


def signal_rows(listed: Triage) -> list[list[Any]]:
    """Return every signal as a file holds it."""
    return [
        [one.name, one.rate.k, one.rate.n, round(one.rate.expected, 2), round(one.rate.low, 4), round(one.rate.high, 4),
         round(one.rate.above, 4), round(one.family_chance, 4), one.not_judged, one.suspended]
        for one in listed.signals
    ]  # fmt: skip


def signal_page(name: str, listed: Triage, signal: Signal | None) -> dict[str, Any]:
    """Return one group's signal in words, above the form that opens a case."""
    if signal is None:
        rows = [SummaryRow("Signal", "None: it has too few judged homes to be compared with others.")]
    else:
        rate = signal.rate
        rows = [
            SummaryRow("Below good", f"{rate.k} of {rate.n} judged children’s homes",
                       note=f"{rate.expected:.1f} would be expected. {signal.not_judged} are not judged yet."),
            SummaryRow("Rate, shrunk towards that of all groups", f"{rate.low:.0%} to {rate.high:.0%}"),
            SummaryRow("Chance that its rate is well above the usual one", f"{rate.above:.0%}"),
            SummaryRow("How often chance alone makes some group look so", f"{signal.family_chance:.2f}",
                       note=f"{listed.scanned} groups were looked at together."),
            SummaryRow("Suspended", signal.suspended),
        ]  # fmt: skip
    return {"title": name, "rows": rows, "how_well": listed.how_well, "cannot_see": listed.cannot_see}


def signal_said(signal: Signal | None) -> dict[str, Any]:
    """Return what a case keeps of the signal that stood when it was opened."""
    if signal is None:
        return {}
    rate = signal.rate
    return {"signal": {"below good": rate.k, "judged": rate.n, "expected": round(rate.expected, 2), "low": round(rate.low, 3),
                       "high": round(rate.high, 3), "by chance": round(signal.family_chance, 3)}}  # fmt: skip


def sections(page: CasePage) -> list[Section]:
    """Return the parts of a case of oversight."""
    working: Working = page.working
    return [
        _trigger(working, page.today),
        _concerns(working),
        _group(working),
        _notice(page, working),
        *_plan(working),
        *_proposal(page, working),
        _decisions(working),
    ]


def _trigger(working: Working, today: date) -> Section:
    columns = [Column("The statute asks"), Column("Holds"), Column("It rests on")]
    holds = {True: Tag("Yes", "green"), False: Tag("No", "grey"), None: Tag("Not reached", "grey")}
    policy = pack(JURISDICTION, today)
    table = truth_table(working.group, working.confirmed(), policy)
    lines: Lines = [[one.asks, Cell("", tag=holds[one.holds]), one.rests_on] for one in table]
    trigger = working.case.trigger
    said = trigger.reason if trigger else "The group has not been verified yet."
    met = "A notice may be drafted." if trigger and trigger.met else "A notice may not be drafted."
    return Section(
        "The statutory test", words=f"{met} {said} Only concerns that another person has confirmed count; a figure never does.",
        tables=[Table(f"{policy.values['plan_notice_registered'].source}. {policy['commencement_s14']}.", columns, lines)],
    )  # fmt: skip


def _concerns(working: Working) -> Section:
    columns = [Column("Establishment"), Column("Issue"), Column("Severity"), Column("Grounds to cancel"), Column("Raised by"),
               Column("State")]  # fmt: skip
    lines = [
        [Cell(one.line.said["establishment"], reverse("market_setting", args=[one.line.said["establishment"]])), _issue(one),
         one.line.said.get("severity", ""), "Yes" if one.line.said["grounds_for_cancellation"] else "No", one.line.name,
         Cell("", tag=_concern_tag(one))]
        for one in working.concerns.values()
    ]  # fmt: skip
    return Section("Concerns", tables=[Table("Concerns about its establishments", columns, lines, quiet_caption=True,
                                             empty="No concern has been raised. Add evidence, then raise the first.")])  # fmt: skip


def _issue(concern: Concern) -> str:
    said = concern.line.said
    cited = ", ".join(str(one) for one in said["evidence"])
    return f"{said['issue']} {said.get('regulation') or ''} (exhibits {cited})".replace("  ", " ")


def _concern_tag(concern: Concern) -> Tag:
    who = f" by {concern.answer.name}" if concern.answer else ""
    colour = {CONFIRMED: "green", OPEN: "yellow"}.get(concern.state, "grey")
    return Tag(f"{concern.state[:1].upper()}{concern.state[1:]}{who}", colour)


def _group(working: Working) -> Section:
    links = [Link("Its settings and judgements", reverse("market_group", args=[working.case.group]))]
    if working.group is None or working.group_line is None:
        return Section(
            "The group",
            words="It is known by its published name only. Verify who owns whom before a notice.",
            links=links,
        )
    group = working.group
    rows = [
        SummaryRow("Parent undertaking", group.parent or "None", note="" if group.parent_is_undertaking else "Not established to be one in law."),
        *(SummaryRow(one.name, ", ".join(sorted(one.establishments))) for one in group.subsidiaries),
        SummaryRow("Verified", f"{working.group_line.name}, {day_words(working.group_line.day)}", note=working.group_line.reasons),
    ]  # fmt: skip
    return Section("The group", rows=rows, links=links)


def _notice(page: CasePage, working: Working) -> Section:
    href = reverse("oversight_notice", args=[page.row.uid])
    if working.served_on is None:
        trigger = working.case.trigger
        draft = [Link("Look at the notice as it would be served today", href)] if trigger and trigger.met else []
        return Section("The notice", words="No notice has been served.", links=draft)
    rows = [SummaryRow("Served on", day_words(working.served_on)),
            SummaryRow("Plan due by the end of", day_words(working.due), note="Overdue." if working.is_late(page.today) else "")]  # fmt: skip
    return Section("The notice", rows=rows, links=[Link("The notice as it was served", href)])


def _plan(working: Working) -> list[Section]:
    if not working.plans:
        return []
    found = []
    for number, plan in enumerate(working.plans, start=1):
        done = {one.said["action"]: one for one in working.progress}
        lines = [[one, done[one].said["found"] if one in done else "Nothing recorded",
                  "Yes" if one in done and done[one].said.get("done") else "No"] for one in plan.said["actions"]]  # fmt: skip
        table = Table(f"Version {number}, received {day_of_text(plan.said.get('received_on'))}",
                      [Column("Action"), Column("Progress"), Column("Done")], lines)  # fmt: skip
        found.append(table)
    rows = [SummaryRow("Senior manager", working.facts.get("senior_manager", "Not named"))]
    return [Section("The improvement plan", rows=rows, tables=found)]


def _proposal(page: CasePage, working: Working) -> list[Section]:
    """Return the notices of proposal and of decision about registrations, and the representations on them."""
    served = [line for line in page.journal if line.said.get("serves") in TITLES_OF_NOTICES]
    if not served:
        return []
    links = [
        Link(f"{TITLES_OF_NOTICES[line.said['serves']]}, served on {day_of_text(line.said.get('served_on'))}",
             f"{reverse('oversight_notice', args=[page.row.uid])}?which={WHICH[line.said['serves']]}")
        for line in served
    ]  # fmt: skip
    until = working.representations_until
    words = f"Representations may be made until the end of {day_words(until)}." if until else ""
    lines = [[day_of_text(one.said.get("received_on")), one.said["representations"]] for one in working.representations]
    table = Table(
        "Representations",
        [Column("Received"), Column("What the provider says")],
        lines,
        quiet_caption=True,
        empty="None have been received.",
    )
    return [Section("Registrations", words=words, links=links, tables=[table])]


def _decisions(working: Working) -> Section:
    lines = [
        [day_words(one.on), one.to[:1].upper() + one.to[1:], one.by, one.reasons, one.pack]
        for one in working.case.decisions
    ]
    rows = []
    if basis := working.facts.get("legal_basis"):
        rows = [SummaryRow("Growth is restricted", working.facts.get("scope", ""), note=f"Legal basis: {basis}."),
                SummaryRow("Until", day_of_text(working.facts.get("until"), "no day was set"))]  # fmt: skip
    columns = [Column("On"), Column("Decided"), Column("By"), Column("Reasons"), Column("Policy")]
    return Section("Decisions, and reasons for not acting", rows=rows,
                   tables=[Table("Decisions", columns, lines, quiet_caption=True, empty="Nothing has been decided yet.")])  # fmt: skip
