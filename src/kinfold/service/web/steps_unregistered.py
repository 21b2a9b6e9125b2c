"""What can be done now in a case about an unregistered setting, each as a form."""

from __future__ import annotations

from functools import cache
from typing import Any

from kinfold.market.cases.unregistered import REASONS_PLACED, SOURCES, Working, next_states
from kinfold.market.ownership.companies_house import company_uid
from kinfold.market.penalties import Act, may_prosecute
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.market.unregistered import DETERMINATIONS, PROSECUTION
from kinfold.service.records.reads.market_cases import CasePage, penalties_from
from kinfold.service.records.reads.market_operators import choices_of, may_run_it
from kinfold.service.records.reads.market_ownership import held
from kinfold.service.web.market_forms import REASONS, Ask, Step
from kinfold.service.web.steps_of_cases import answer, cites, decision, evidence, plainly, with_numbers
from kinfold.terms.errors import InputError
from kinfold.terms.places import authorities, demo_authorities

NONE_OF_THESE = "none"
CATEGORIES = ("children's home", "supported accommodation", "independent fostering agency", "residential family centre",
              "holiday scheme")  # fmt: skip
TITLES = {
    "opened": "Open the case", "closed": "Close the case", "warning letter": "Send a warning letter",
    "ceased": "Record that it has ceased", "applied": "Record that it has applied to register",
    "continues": "Record that it continues", "enforcement": "Go on to enforcement",
}  # fmt: skip
INTELLIGENCE = (
    Ask("source", "Where it came from", "one", plainly(SOURCES)), Ask("received_on", "Day it was received", "day"),
    Ask("hint", "What was said about the setting", "long", hint="Do not name children."),
)  # fmt: skip


@cache
def councils() -> list[tuple[str, str]]:
    """Return the councils that may have placed a child, the invented ones last."""
    real = [(one.la_code, one.name) for one in authorities()]
    return real + [(one.la_code, one.name) for one in demo_authorities()]


def council_name(code: str) -> str:
    """Return a council's name, its code where nobody knows it."""
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    return dict(councils())


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address, what waits for somebody first."""
    if not page.may_write:
        return {}
    working: Working = page.working
    proposed = working.second_officer.line.said if working.second_officer else {}
    found = answer(page, working.second_officer, what=proposed.get("determination") or proposed.get("chosen") or "")
    if working.state == "intelligence":
        found["triage"] = _triage()
    if working.state != "closed":
        found |= {"evidence": evidence(), "stay": _stay()}
        found |= _of_the_children(working)
        found |= _who_runs_it(working)
    found["intelligence"] = Step("Add intelligence", "intelligence", INTELLIGENCE)
    if working.state in ("opened", "enquiry"):
        found["visit"] = _visit()
    if working.second_officer is None:
        if working.state == "enquiry":
            found["determine"] = _determine(page)
        if working.state == "enforcement":
            found["route"] = _route(page, pack(JURISDICTION, page.today))
        for to in next_states(working):
            found[to.replace(" ", "-")] = decision(TITLES[to], [to], alone=True)
    return found


def _triage() -> Step:
    return Step(
        "Triage", "triaged",
        (Ask("immediate_risk", "Are children at immediate risk?", "yes_no",
             hint="If they are, tell the council and the police today: this page does not do it for you."), REASONS),
    )  # fmt: skip


def _stay() -> Step:
    return Step(
        "Record a child who stays or stayed there", "stay",
        (Ask("child", "The child, by a letter", hint="Such as Child A. Never a name."),
         Ask("council", "The council that placed the child", "one", councils()),
         Ask("begun", "First night", "day"), Ask("ended", "Day they left", "day", required=False),
         Ask("fee", "Fee in pounds a week", "pounds", required=False),
         Ask("deprivation_of_liberty", "Is there an order that deprives the child of liberty?", "yes_no"),
         Ask("reason", "Why the child was placed where nobody is registered", "one", plainly(REASONS_PLACED))),
    )  # fmt: skip


def _of_the_children(working: Working) -> dict[str, Step]:
    found = {}
    open_ = [one for one in working.stays if not one.said.get("ended") and str(one.number) not in working.ended]
    if open_:
        choices = [(str(one.number), f"{one.said['child']}, since {one.said['begun']}") for one in open_]
        found["left"] = Step("Record that a child left", "stay ended",
                             (Ask("of", "Who", "one", choices), Ask("ended", "Day they left", "day")),
                             made=lambda said: {**said, "of": int(said["of"])})  # fmt: skip
    codes = {one.said["council"] for one in working.stays}
    to_tell = [(code, council_name(code)) for code in sorted(codes - working.told.keys())]
    waiting = [(code, council_name(code)) for code in sorted(working.told.keys() - working.answers.keys())]
    if to_tell:
        found["council-told"] = Step("Record that a council was told", "council told",
                                     (Ask("council", "Council", "one", to_tell), Ask("on", "Day", "day"),
                                      Ask("how", "Who was told, and how")))  # fmt: skip
    if waiting:
        found["council-answered"] = Step("Record a council’s answer", "council answered",
                                         (Ask("council", "Council", "one", waiting), Ask("on", "Day", "day"),
                                          Ask("answer", "What it will do for the child", "long")))  # fmt: skip
    return found


def _who_runs_it(working: Working) -> dict[str, Step]:
    """Return the step that says which company or person runs the setting: none where no ownership statement was loaded."""
    if held() is None:
        return {}
    choices = choices_of(may_run_it(str(working.opened.said.get("operator") or "")))
    return {
        "operator": Step(
            "Decide who runs it" if working.operator is None else "Decide again who runs it", "operator",
            (Ask("entity", "Who runs the setting", "one", [*choices, (NONE_OF_THESE, "None of these, or not known")]),
             Ask("number", "Or its number in the companies register", required=False, hint="Eight characters, such as 01234567."),
             Ask("reasons", "On which documents this rests", "long")),
            words="Other cases are then shown whose operator is the same, or is connected through ownership. The last decision holds.",
            made=_chosen,
        )
    }  # fmt: skip


def _chosen(said: dict[str, Any]) -> dict[str, Any]:
    number = str(said.pop("number", "") or "").strip()
    uid = company_uid(number) if number else "" if said["entity"] == NONE_OF_THESE else said["entity"]
    found = held()
    entity = next((one for one in found.entities if one.uid == uid), None) if found and uid else None
    if uid and entity is None:
        raise InputError(f"No company {number} is in the ownership statements that were loaded. Check its number.")
    return {"entity": uid, "called": entity.name or uid if entity else "none of those that are held"}


def _visit() -> Step:
    return Step(
        "Record a visit", "visit",
        (Ask("on", "Day of the visit", "day"), Ask("who", "Who visited"),
         Ask("children_seen", "How many children were seen", "number"), Ask("found", "What was found", "long")),
    )  # fmt: skip


def _determine(page: CasePage) -> Step:
    step = decision(
        "Propose what the setting is", ["determined"], alone=False,
        asks=(Ask("determination", "Determination", "one", plainly(DETERMINATIONS)),
              Ask("category", "Category", "one", plainly(CATEGORIES), required=False, hint="Needed where it is registrable."),
              Ask("test", "How the statutory test is met, or is not", "long"), cites(page, required=False)),
    )  # fmt: skip
    return Step(step.title, step.sort, step.asks, step.button, step.words, step.also, with_numbers)


def _route(page: CasePage, policy: Pack) -> Step:
    standing = tuple(penalties_from(page.row))
    routes = [
        one
        for one in policy["ladder_routes"]
        if one != PROSECUTION or may_prosecute(Act(page.row.reference, penalties=standing))
    ]
    stands = f"{', '.join(standing)} stands for it: nobody may be prosecuted for the same act." if standing else ""
    step = decision(
        "Propose a route", ["outcome"], alone=False,
        asks=(Ask("repeat", "Has the operator done this before?", "yes_no", hint="Look at “Who runs it, and its other settings” in the case."),
              Ask("harm", "Harm, or risk of it", "one", plainly(("low", "medium", "high"))),
              Ask("now", "The setting now", "one", plainly(("applied", "ceased", "continuing"))),
              Ask("emergency", "Did a council ask for the placement in an emergency?", "yes_no"),
              Ask("evidence_beyond_doubt", "Is there evidence beyond reasonable doubt?", "yes_no"),
              Ask("public_interest", "Is it in the public interest to go on?", "yes_no"),
              Ask("chosen", "Route you choose", "one", plainly(routes), hint=stands),
              Ask("departure", "If it is not the one that the ladder recommends: why", "long", required=False)),
    )  # fmt: skip
    return Step(step.title, step.sort, step.asks, step.button,
                f"{step.words} The ladder is worked out from your answers and kept with them.", step.also, _whole)  # fmt: skip


def _whole(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "departure": said.get("departure") or ""}
