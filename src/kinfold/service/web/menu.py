"""The menu: its entries in order, what each is for, and which of them somebody's role may reach."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from kinfold.access.matrix import ROUTES, may_reach
from kinfold.service.records.reads.reader import OF_FAMILY, Reader
from kinfold.service.web.components import Link


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the menu leads to: its route, its name there, and what one does there."""

    route: str
    text: str
    does: str = ""


MENU = (
    Entry("home", "Home"),
    Entry("search", "Find a child"),
    Entry("my_dates", "My next dates", "What comes next, and the plans that were shared with you"),
    Entry("my_record", "Your record", "What was released to you, who has looked, and how to ask for a copy"),
    Entry("tonight", "Tonight", "Where every child in care is tonight, with whom and since when"),
    Entry("wall", "Due", "What is due by law: overdue, today and coming up"),
    Entry("casework_approvals", "Approvals", "Forms that wait for you to approve them or send them back"),
    Entry("safety_wall", "Safety wall", "Incidents, deaths and children at risk, for the director"),
    Entry("incidents", "Incidents", "Serious incidents, from notification to what was learned"),
    Entry("home_education", "Home education", "Requests for consent, the decision and its review"),
    Entry("parenting", "Corporate parenting", "What public bodies offer to children in care and care leavers"),
    Entry("panel", "Notified", "Incidents that councils have notified, and the Panel’s answers"),
    Entry("lists", "Lists", "Ask the record a question, keep it, take it away as a file"),
    Entry("loads", "Files", "Load a council’s files, put quarantined rows right, see what came in"),
    Entry("pairs", "Same child?", "Pairs of records that may be one child, side by side"),
    Entry("agreements", "Sharing", "Which organisation may ask for what, and why"),
    Entry("unusual_looks", "Unusual looks", "Looks at records that somebody should ask about"),
    Entry(
        "restrictions", "Restricted records", "Records that only a named list may open, and when to look at each again"
    ),
    Entry("sealed_records", "Adoption", "Seal a record after an adoption order, or open one by law"),
    Entry("people", "People", "Teams, workers, allocations, cover and leavers"),
    Entry("records_to_decide", "Records to decide", "Requests for copies, and records whose time to be kept is over"),
    Entry("oversight", "Provider oversight", "Groups to look at first, and the cases that are open"),
    Entry("provider", "Your homes", "Notices served on you, your plans, your homes and their free places"),
    Entry("provider_returns", "Your returns", "Your financial returns and plans, and when the next one is due"),
    Entry("market_signals", "Signals", "Groups to look at first, and figures of unregistered settings"),
    Entry("unregistered", "Unregistered settings", "From intelligence to outcome, with the children there"),
    Entry("penalties", "Penalties", "Notices of intention, representations, final notices and appeals"),
    Entry("finance", "Financial oversight", "Groups that meet a condition, their returns, stages and warnings"),
    Entry(
        "registrations",
        "Applications",
        "Homes that apply to be registered: who is next, the fast track, and what it came to",
    ),
    Entry("workforce", "Workforce", "Managers in post, qualifications, vacancies and turnover, by home and group"),
    Entry(
        "capital",
        "Capital programme",
        "Places delivered, on track, late and to come, by kind, and what stands in their way",
    ),
    Entry("market_price", "Profit and price", "Fees, costs and margins, and what a cap would do"),
    Entry("market_warnings", "Advance warnings", "Groups that may stop caring for children"),
)
# Those who open only their own record have nobody to look for and no work that falls due.
FAMILY_MENU = ("my_dates", "my_record")
FOOTER = (
    Entry("market", "Register of providers"),
    Entry("not_held", "What Kinfold does not hold"),
    Entry("documents", "Documents"),
    Entry("privacy", "Your information"),
)


def only_family(reader: Reader) -> bool:
    """Return whether somebody is here for their own or their child's record alone."""
    return bool(reader.role_names) and set(reader.role_names) <= OF_FAMILY


def menu_of(reader: Reader) -> list[Entry]:
    """Return the entries that somebody's role may reach, in order."""
    family = only_family(reader)
    return [
        entry for entry in MENU
        if (rule := ROUTES.get(f"web:{entry.route}")) and may_reach(reader.actor, rule)
        and (not family or entry.route in FAMILY_MENU)
    ]  # fmt: skip


def footer() -> list[Entry]:
    """Return what stands at the foot of every page: open to anybody."""
    return [entry for entry in FOOTER if (rule := ROUTES.get(f"web:{entry.route}")) and rule.without_sign_in]


def links(entries: list[Entry], request: HttpRequest) -> list[Link]:
    """Return the entries as links; one whose pages this installation lacks is left out."""
    found = []
    for entry in entries:
        try:
            href = reverse(entry.route)
        except NoReverseMatch:
            continue
        found.append(Link(entry.text, href, about=entry.does, current=request.path == href))
    return found
