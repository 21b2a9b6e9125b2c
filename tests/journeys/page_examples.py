"""
An example of every page: who opens it, and where in the town; which routes are no pages, and which a journey opens.

`test_every_page.py` opens each of them, and fails for a route that is named nowhere here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from kinfold.access.matrix import ROUTES
from kinfold.access.words import Installation
from tests.journeys.conftest import Served
from tests.journeys.made_for_pages import (
    a_clock,
    a_family,
    a_look,
    a_restricted_child,
    a_restriction_asked,
    an_allocation,
    an_open_allocation,
    first_duty,
    with_a_census,
    with_a_register,
    with_owners,
)
from tests.journeys.town import Town


@dataclass(frozen=True)
class Example:
    """Who opens a page, and what its address needs."""

    who: str
    of: Callable[[Town], list[Any]] = lambda town: []
    ask: str = ""
    installation: str = ""  # where it is not the first of those that have the page


def child(name: str = "robin", *facts: str) -> Callable[[Town], list[Any]]:
    """Return the arguments of a page about a child, and of facts on it."""
    return lambda town: [town.uid(name), *(town.facts[fact] for fact in facts)]


def thing(name: str) -> Callable[[Town], list[Any]]:
    """Return the argument of a page about somebody or something."""
    return lambda town: [town.uid(name)]


def number(*names: str) -> Callable[[Town], list[Any]]:
    """Return the arguments of a page about something with a number."""
    return lambda town: [town.numbers[name] for name in names]


def a_case(sort: str, *more: str) -> Callable[[Town], list[Any]]:
    """Return the arguments of a page about the regulator's case of a sort."""
    return lambda town: [town.facts[f"case of {sort}"], *more]


PAGES: dict[str, Example] = {
    "home": Example("worker"),
    "search": Example("worker", ask="?q=Robbin+Quil"),
    "child": Example("worker", child()),
    "child_looks": Example("governance", child()),
    "break_glass": Example("worker", child("tia")),
    "break_glass_review": Example("governance", number("break glass")),
    "fact": Example("worker", lambda town: ["event", town.facts["review"]]),
    "personas": Example(""),
    "wall": Example("worker"),
    "team_wall": Example("manager"),
    "child_clocks": Example("worker", child()),
    "duties": Example(""),
    "duty": Example("", lambda town: [first_duty()]),
    "market": Example("", lambda town: with_a_register([])),
    "market_settings": Example("", lambda town: with_a_register([])),
    "market_setting": Example("", lambda town: with_a_register(["SC90001"])),
    "market_diversity": Example("", lambda town: with_a_register([])),
    "market_policy": Example(""),
    "market_workforce": Example("", lambda town: with_a_census(town, [])),
    "workforce": Example("registrar", lambda town: with_a_census(town, [])),
    "workforce_group": Example("registrar", lambda town: with_a_census(town, ["tarn 1"])),
    "workforce_import": Example("registrar"),
    "provider_workforce": Example("provider", lambda town: with_a_register([])),
    "provider_workforce_home": Example("provider", lambda town: with_a_register(["SC90002"])),
    "registrations": Example("registrar"),
    "registration_open": Example("registrar"),
    "registration_case": Example("registrar", a_case("registration")),
    "registration_step": Example("registrar", a_case("registration", "fitness")),
    "capital": Example("funding analyst"),
    "capital_barriers": Example("funding analyst"),
    "capital_open": Example("funding analyst"),
    "capital_import": Example("funding analyst"),
    "capital_case": Example("funding analyst", a_case("project")),
    "capital_step": Example("funding analyst", a_case("project", "reached")),
    "market_groups": Example("", lambda town: with_a_register([])),
    "market_group": Example("", lambda town: with_a_register(["tarn 1"])),
    "market_ownership": Example("analyst", lambda town: with_owners([]), ask="?of=invented-provider-1"),
    "market_owner_match": Example("oversight officer", lambda town: with_owners(with_a_register(["tarn 1"]))),
    "oversight": Example("oversight officer", lambda town: with_a_register([])),
    "oversight_open": Example("oversight officer", lambda town: with_a_register(["tarn 1"])),
    "oversight_case": Example("oversight officer", a_case("oversight")),
    "oversight_step": Example("oversight officer", a_case("oversight", "concern")),
    "oversight_notice": Example("oversight officer", a_case("oversight")),
    "unregistered": Example("enforcement officer"),
    "unregistered_open": Example("enforcement officer"),
    "unregistered_case": Example("enforcement officer", lambda town: with_owners(a_case("unregistered")(town))),
    "unregistered_step": Example("enforcement officer", a_case("unregistered", "stay")),
    "penalties": Example("enforcement officer", installation="regulator"),
    "market_signals": Example("financial analyst", lambda town: with_a_register([])),
    "provider": Example("provider", lambda town: with_a_register([])),
    "provider_notice": Example("provider", lambda town: [town.facts["notice"], "improvement-plan"]),
    "provider_plan": Example("provider", lambda town: [town.facts["notice"]]),
    "provider_returns": Example("provider in oversight", lambda town: []),
    "provider_returns_new": Example("provider in oversight", lambda town: []),
    "provider_returns_plan": Example("provider in oversight", lambda town: ["contingency"]),
    "provider_returns_receipt": Example("provider in oversight", lambda town: [town.numbers["return"]]),
    "provider_vacancies": Example("provider", lambda town: with_a_register([])),
    "penalty_case": Example("enforcement officer", a_case("penalty"), installation="regulator"),
    "finance": Example("financial analyst", lambda town: with_a_register([]), ask="?homes=5"),
    "finance_open": Example("financial analyst", lambda town: with_a_register(["tarn 2"])),
    "finance_case": Example("financial analyst", a_case("financial")),
    "finance_return": Example("financial analyst", a_case("financial")),
    "finance_ratios": Example("financial analyst", a_case("financial")),
    "finance_stress": Example("financial analyst", a_case("financial")),
    "finance_step": Example("financial analyst", a_case("financial", "warning-updated")),
    "market_warnings": Example("warned"),
    "market_warning": Example("warned", lambda town: [town.facts["case of financial"], town.numbers["warning"]]),
    "market_exit": Example("head", lambda town: with_a_register(["tarn 1"])),
    "market_price": Example("financial analyst", ask="?group={group}"),
    "loads": Example("analyst"),
    "load": Example("analyst", number("load")),
    "load_take_back": Example("analyst", number("load")),
    "load_rows": Example("analyst", number("load")),
    "load_row": Example("analyst", number("load", "row")),
    "tonight": Example("night"),
    "handover": Example("night"),
    "lists": Example("manager"),
    "list_build": Example("manager", ask="?kind=care_period"),
    "list_saved": Example("manager", lambda town: [town.facts["list"]]),
    "people": Example("manager"),
    "team": Example("manager", thing("team")),
    "worker": Example("manager", thing("sam")),
    "cover": Example("manager", thing("sam")),
    "leaver": Example("manager", thing("sam")),
    "allocate": Example("manager", ask="?child={robin}"),
    "allocation_undo": Example("manager", lambda town: [an_allocation(town)]),
    "child_allocations": Example("manager", child()),
    "allocation_end": Example("manager", lambda town: [town.uid(), an_open_allocation(town)]),
    "organisations": Example("manager"),
    "organisation": Example("manager", thing("home")),
    "accounts": Example("administrator"),
    "account": Example("administrator", lambda town: [town.who["worker"].uid]),
    "family": Example("worker", child()),
    "family_tie_new": Example("worker", child(), ask="?q=Ottoline"),
    "family_tie": Example("worker", child("robin", "mother of robin")),
    "papers": Example("worker", child()),
    "upload_paper": Example("worker", child()),
    "paper": Example("worker", child("robin", "note")),
    "note_edit": Example("worker", child("robin", "note")),
    "paper_withdraw": Example("worker", child("robin", "note")),
    "paper_release": Example("governance", child("robin", "note")),
    "notes": Example("worker", child()),
    "note_new": Example("worker", child()),
    "note_write": Example("worker", lambda town: [town.uid(), "note"]),
    "bundle": Example("worker", child()),
    "child_rights": Example("governance", child()),
    "family_access": Example("governance", child()),
    "legal_hold": Example("governance", child()),
    "legal_hold_end": Example("governance", child("agatha", "hold")),
    "disposal": Example("governance", child("percival")),
    "erase_fact": Example("governance", lambda town: [town.uid(), "paper", town.facts["note"]]),
    "hold_back": Example("governance", lambda town: [town.uid(), a_look(town)]),
    "subject_access": Example("governance", child()),
    "subject_access_request": Example("governance", child("robin", "request")),
    "records_to_decide": Example("governance"),
    "record_to_decide": Example("governance 2", lambda town: [town.facts["proposal"]]),
    "my_record": Example("parent"),
    "my_record_ask": Example("parent", child()),
    "my_dates": Example("young person"),
    "say_why": Example("governance", child()),
    "register_rounds": Example("governance"),
    "restriction": Example("head", lambda town: [a_restricted_child(town)]),
    "restriction_put": Example("head", child()),
    "restriction_end": Example("head", lambda town: [a_restricted_child(town)]),
    "restrictions": Example("head", lambda town: [a_restricted_child(town), a_restriction_asked(town)][:0]),
    "restriction_request": Example("head", lambda town: [a_restriction_asked(town)]),
    "kept_where": Example("administrator"),
    "record_something": Example("worker", child()),
    "casework_form": Example("worker", lambda town: [town.uid(), "contact"]),
    "casework_letters": Example("worker", child()),
    "casework_letter": Example("worker", lambda town: [town.uid(), "letter_before_proceedings"]),
    "casework_hubs": Example("worker"),
    "protection_teams": Example("manager"),
    "protection_team_new": Example("manager"),
    "protection_team": Example("manager", thing("protection team")),
    "protection_team_member_new": Example("manager", thing("protection team"), ask="?agency=police"),
    "protection_team_member_end": Example(
        "manager", lambda town: [town.uid("protection team"), town.facts["team member"]]
    ),
    "team_decision": Example("worker", child("robin", "team decision")),
    "team_decision_view": Example("worker", child("robin", "team decision")),
    "one_family": Example("worker", lambda town: [a_family(town)]),
    "casework_approvals": Example("manager"),
    "service_wall": Example("head"),
    "timeliness": Example("head"),
    "first_contact": Example("worker"),
    "council_record": Example("manager", lambda town: ["post"]),
    "due_calendar": Example("worker"),
    "clock_proof": Example("worker", child(), ask="?clock={clock}"),
    "clock_reason": Example("worker", child(), ask="?clock={clock}"),
    "what_if": Example("worker"),
    "home_education": Example("worker"),
    "home_education_new": Example("worker", child()),
    "incidents": Example("worker"),
    "incident_new": Example("worker", child()),
    "safety_wall": Example("director"),
    "learning": Example("partnership"),
    "learning_new": Example("partnership"),
    "partnership_report": Example("partnership"),
    "parenting": Example("worker"),
    "parenting_body_new": Example("worker"),
    "parenting_report": Example("director"),
    "parenting_council": Example("director"),
    "parenting_council_record": Example("worker", lambda town: ["offer"]),
    "parenting_council_report": Example("worker"),
    "parenting_council_write": Example("worker"),
    "sealed_records": Example("adoption"),
    "seal": Example("adoption", child("poppy")),
    "unseal": Example("archivist", child("hester")),
    "seal_request": Example("adoption 2", lambda town: [town.facts["seal request"]]),
    "adopted_record": Example("adoption"),
    "pairs": Example("governance"),
    "pair": Example("governance", lambda town: [town.facts["pair"]]),
    "register": Example("governance", child()),
    "who_else": Example("worker", child()),
    "who_else_ask": Example("worker", child()),
    "may_i_share": Example(
        "worker", child(), ask="?purpose=safeguarding&record_type=health&sharer=health&to=somebody-else"
    ),
    "ask": Example("worker", lambda town: [town.facts["ask"]]),
    "fetched": Example("worker", lambda town: [town.facts["fetched"]]),
    "shared_space": Example("worker", child()),
    "agreements": Example("governance"),
    "agreement": Example("governance", lambda town: ["vale-schools"]),
    "agreement_rule": Example("governance", lambda town: ["vale-schools"]),
    "agreement_rule_out": Example("governance", lambda town: ["vale-schools", "rule", 0]),
    "agreement_revoke": Example("governance", lambda town: ["vale-schools"]),
    "agreement_compare": Example("governance", lambda town: ["vale-schools"], ask="?before=0&after=1"),
    "agreement_why": Example(
        "governance", ask="?holder=vale-police&asker=990&mode=content&record_type=crime_justice&purpose=education"
    ),
    "organisation_add": Example("governance"),
    "unusual_looks": Example("governance"),
    "documents": Example(""),
    "document": Example("", lambda town: ["tutorials/first-hour"]),
    "not_held": Example(""),
    "privacy": Example("worker"),
}
FILES = frozenset({
    "load_rows_file", "paper_file", "bundle_pdf", "subject_access_file", "my_record_file", "home_education_letter", "incident_notice", "oversight_exhibit", "oversight_disclosure", "unregistered_exhibit", "unregistered_disclosure", "penalty_exhibit", "penalty_disclosure", "finance_template", "capital_template", "capital_exhibit", "capital_disclosure", "registration_exhibit", "registration_disclosure", "workforce_template", "provider_workforce_template", "provider_returns_template", "provider_returns_file", "finance_exhibit", "finance_disclosure",
})  # fmt: skip
NOT_PAGES = dict.fromkeys(FILES, "a file") | {
    "load_go_on": "answers a button and sends back to the load",
    "load_confirm": "answers a button and sends back to the load",
    "load_again": "answers a button and sends on to the new load",
    "note_draft": "answers the page's own script",
    "casework_draft": "answers the page’s own script",
    "shared_space_take_back": "answers a button and sends back to the space",
    "shared_space_follow": "answers a button and sends back to the space",
    "ask_stop": "answers a button and sends back to the ask",
    "ask_fetch": "answers a button and sends on to the record",
    "pairs_find": "answers a button and sends back to the pairs",
    "pair_undo": "answers a button and sends back to the pair",
    "calendar_feed": "a calendar for other programs",
    "healthz": "answers monitoring",
    "readyz": "answers monitoring",
    "metrics": "answers monitoring",
}
# Pages in the middle of a case, which the journeys that work through one open, and those of another installation.
IN_A_CASE = frozenset({
    "provider_representations", "death_notice", "panel", "penalty_notice", "penalty_open", "penalty_step",
    "casework_check", "casework_each", "casework_approval", "casework_hub", "home_education_case", "home_education_step", "incident_case",
    "incident_message", "incident_reply", "incident_recommendation", "incident_step", "panel_case", "panel_reply",
    "panel_message", "parenting_body", "parenting_record", "parenting_council_decide",
    "family_plan_correct",
})  # fmt: skip


def installation_of(route: str) -> str:
    """Return the sort of installation to open a page in: what its example says, else a council's, where it has it."""
    if route in PAGES and PAGES[route].installation:
        return PAGES[route].installation
    rule = ROUTES.get(f"web:{route}")  # a second address of a page has no rule of its own
    return (
        "council"
        if rule is None or Installation.COUNCIL in rule.installations
        else min(one.value for one in rule.installations)
    )


def address_of(route: str, served: Served) -> str:
    """Return where the example of a route is opened."""
    example = PAGES[route]
    with served.database():
        ask = example.ask.format(
            robin=served.town.uid(),
            group=served.town.facts["case of financial"],
            clock=quote(a_clock(served.town)) if "{clock}" in example.ask else "",
        )
        return reverse(route, args=example.of(served.town)) + ask
