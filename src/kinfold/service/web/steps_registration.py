"""What can be done now with an application to register, each as a short form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kinfold.market.cases.journal import MOVE
from kinfold.market.cases.registration import (
    APPEALED,
    COMPLETE,
    DECIDED,
    PROPOSED,
    REFUSED,
    REGISTERED,
    RETURNED,
    SUBMITTED,
    VISITS,
    WITHDRAWN,
    Working,
)
from kinfold.market.supply.fast_track import FACTS, FAST_TRACK, FITNESS, STANDARD, eligibility, in_force
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.market_forms import REASONS, Ask, Choices, Step
from kinfold.service.web.steps_of_cases import answer, cites, decision, evidence, plainly, with_numbers

ROUTES: Choices = plainly((FAST_TRACK, STANDARD))
TITLES = {COMPLETE: "Record that it is complete", RETURNED: "Send it back with what it lacks", SUBMITTED: "Record that it came back",
          WITHDRAWN: "Record that it was withdrawn", APPEALED: "Record an appeal"}  # fmt: skip


def fact_asks(said: dict[str, Any], *, required: bool = False) -> tuple[Ask, ...]:
    """Return the questions on which the rules rest; what was said stands in them."""
    found = []
    for name, fact in FACTS.items():
        told = said.get(name)
        if fact.choices:
            found.append(Ask(name, fact.label, "one", list(fact.choices.items()), required=required, value=told))
        else:
            value = None if told is None else "yes" if told else "no"
            found.append(Ask(name, fact.label, "yes_no", required=required, value=value))
    return tuple(found)


def without_empty(said: dict[str, Any]) -> dict[str, Any]:
    """Return answers without those that were left empty."""
    return {name: value for name, value in said.items() if value not in (None, "")}


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address, what waits for somebody first."""
    working: Working = page.working
    if not page.may_write:
        return {}
    waiting = working.second_officer
    serves = (
        (Ask("served_on", "Day of service", "any_day", hint="Needed where you agree."),)
        if waiting and waiting.to in (PROPOSED, REFUSED)
        else ()
    )
    found = answer(page, waiting, tuple(replace(one, required=False) for one in serves))
    if working.now not in DECIDED:
        found |= _while_open(page, working)
    if waiting is None:
        found |= _decisions(page, working)
    for to in _alone(working):
        found[to.replace(" ", "-")] = Step(
            TITLES[to], MOVE, (Ask("on", "Day", "day"), REASONS), "Record", also={"to": to}
        )
    return found | {"evidence": evidence()}


def _alone(working: Working) -> tuple[str, ...]:
    return {
        SUBMITTED: (COMPLETE, RETURNED, WITHDRAWN), RETURNED: (SUBMITTED, WITHDRAWN), REFUSED: (APPEALED,), REGISTERED: (), WITHDRAWN: (), APPEALED: (),
    }.get(working.now, (WITHDRAWN,))  # fmt: skip


def _while_open(page: CasePage, working: Working) -> dict[str, Step]:
    found = {"facts": Step("Correct what the application says", "facts", fact_asks(working.said), made=without_empty)}
    if working.now in (COMPLETE, FAST_TRACK, STANDARD):
        found["route"] = _route(page, working)
    if working.now in (FAST_TRACK, STANDARD, VISITS):
        found["visit"] = Step(
            "Record a visit", "visit",
            (Ask("on", "Day of the visit", "day"), Ask("who", "Who visited"), Ask("found", "What was found", "long", hint="Do not name children.")),
        )  # fmt: skip
    if working.now not in (SUBMITTED, RETURNED):
        checks = [(rule.name, rule.label) for rule in in_force(page.today, FITNESS)]
        found["fitness"] = Step(
            "Record a check of fitness", "fitness",
            (Ask("check", "Which check", "one", checks), Ask("met", "Is it met?", "yes_no"), Ask("what", "On what this rests", "long")),
            words="Each check is the same on the fast track. The last word on each counts.",
        )  # fmt: skip
    if working.now == PROPOSED:
        found["representations"] = Step(
            "Record representations", "representations",
            (Ask("received_on", "Day they were received", "day"), Ask("representations", "What was said", "long")),
        )  # fmt: skip
    if working.now == APPEALED:
        found["appeal-decided"] = Step(
            "Record what the tribunal decided", "appeal decided",
            (Ask("outcome", "Outcome", "one", plainly(("allowed", "dismissed"))), Ask("on", "Day", "day"),
             Ask("urn", "Number under which it is registered, if it is allowed", required=False)), made=without_empty,
        )  # fmt: skip
    return found


def _route(page: CasePage, working: Working) -> Step:
    found = eligibility(working.said, page.today)
    return Step(
        "Decide the route", "route",
        (Ask("route", "Route", "one", [one for one in ROUTES if one[0] != working.now], value=found.route), Ask("on", "Day it was decided", "day"), REASONS,
         Ask("departure", "If this departs from the rules: why", "long", required=False)),
        "Decide", f"By the rules: {found.route}. {found.because} The case page has every rule with its answer.",
        also={"rules": found.rules, "by_the_rules": found.route, "explained": {one.name: one.holds for one in found.explained}}, made=without_empty,
    )  # fmt: skip


def _decisions(page: CasePage, working: Working) -> dict[str, Step]:
    asks = {
        REGISTERED: ("Propose to register", (Ask("urn", "Number under which it is registered", hint="Such as SC012345."),
                                             Ask("conditions", "Conditions that whoever applied has agreed to", "long", required=False))),
        PROPOSED: ("Propose a notice of proposal", (Ask("proposes", "What is proposed", "one", [("refuse", "To refuse"), ("conditions", "To set conditions")]),
                                                    Ask("conditions", "Which conditions", "long", required=False))),
        REFUSED: ("Propose to refuse", ()),
    }  # fmt: skip
    possible = {VISITS: (REGISTERED, PROPOSED), PROPOSED: (REGISTERED, REFUSED)}.get(working.now, ())
    found = {}
    for to in possible:
        title, more = asks[to]
        step = decision(title, [to], alone=False, asks=(*more, cites(page, required=False)))
        found[to.replace(" ", "-")] = replace(step, made=lambda said: with_numbers(without_empty(said)))
    return found
