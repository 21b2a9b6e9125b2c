"""What can be recorded of a project of the capital programme, each as a short form."""

from __future__ import annotations

from typing import Any

from kinfold.market.cases.journal import day_said
from kinfold.market.cases.project import BARRIERS, KINDS, MILESTONES, MONEY, MONEY_STATES, SECTORS, Working
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.market_forms import Ask, Choices, Step
from kinfold.service.web.steps_of_cases import evidence
from kinfold.service.web.steps_unregistered import councils

_OPENING = "opening"


def _choices(labels: dict[str, str] | Any) -> Choices:
    return list(labels.items())


def place_asks(said: dict[str, int] | None = None, *, words: str = "places") -> tuple[Ask, ...]:
    """Return one question for each kind of place; `said` stands in them."""
    known = said or {}
    return tuple(
        Ask(f"places_{kind}", f"{label}: {words}", "number", required=False, value=known.get(kind))
        for kind, label in KINDS.items()
    )


def planned_asks(said: dict[str, str] | None = None) -> tuple[Ask, ...]:
    """Return one question for each milestone: on which day it is planned."""
    known = said or {}
    return tuple(
        Ask(f"planned_{name}", f"{label}: planned for", "any_day", required=False, value=known.get(name))
        for name, label in MILESTONES.items()
    )


def gathered(said: dict[str, Any]) -> dict[str, Any]:
    """Return answers with the places by kind and the planned days by milestone each as one thing; what was left empty is not said."""
    parts: dict[str, dict[str, Any]] = {"places": {}, "planned": {}}
    found: dict[str, Any] = {}
    for name, value in said.items():
        group, _, part = name.partition("_")
        if group in parts and part:
            if value not in (None, ""):
                parts[group][part] = value
        elif value not in (None, ""):
            found[name] = value
    return found | {name: values for name, values in parts.items() if values}


NEW = (
    Ask("project", "Reference of the grant", hint="A project is known by it, in files too."), Ask("name", "Home or project"),
    Ask("council", "Council", "one", councils()), Ask("provider", "Who will run it", required=False),
    Ask("sector", "Sector", "one", _choices(SECTORS), required=False), Ask("round", "Round of the programme", required=False),
    Ask("grant", "Grant", "pounds"), Ask("match", "Match funding", "pounds", required=False), Ask("cost", "Whole cost", "pounds", required=False),
    *place_asks(), *planned_asks(), Ask("reasons", "What was agreed, and where it is written", "long"),
)  # fmt: skip


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address."""
    working: Working = page.working
    if not page.may_write:
        return {}
    if working.end is not None:
        return {"evidence": evidence()}
    found: dict[str, Step] = {}
    waiting = [(name, label) for name, label in MILESTONES.items() if name not in working.done]
    if waiting:
        found["reached"] = _reached(working)
        found["expected"] = _expected(waiting)
    found["barrier"] = Step(
        "Record what stands in the way", "barrier",
        (Ask("barrier", "What it is", "one", _choices(BARRIERS)), Ask("on", "Since when", "day"),
         Ask("what", "What happened, and who decides about it", "long")),
    )  # fmt: skip
    if working.open_barriers():
        found["overcome"] = _overcome(working)
    found["money"] = Step(
        "Record start-up or social finance", "money",
        (Ask("source", "Where it is to come from", "one", _choices(MONEY)), Ask("status", "What came of it", "one", _choices(MONEY_STATES)),
         Ask("amount", "How much", "pounds"), Ask("on", "Day", "day"),
         Ask("terms", "Terms", required=False, hint="Such as rate, years, security.")),
    )  # fmt: skip
    found["change"] = _change(working)
    if _OPENING not in working.done:
        found["end"] = Step(
            "Record that it will not be made", "ended",
            (Ask("because", "What ended it", "one", _choices(BARRIERS)), Ask("on", "Day", "day"), Ask("reasons", "How it came to that", "long")),
            words="Its places then count as places that will not come.",
        )  # fmt: skip
    return found | {"evidence": evidence()}


def _reached(working: Working) -> Step:
    coming = next((name for name in MILESTONES if name not in working.done), None)
    opened = (
        [one for one in place_asks(working.places, words="places opened") if one.value] if coming == _OPENING else []
    )
    return Step(
        "Record a milestone that was reached", "progress",
        (Ask("milestone", "Milestone", "one", _choices(MILESTONES), value=coming), Ask("done_on", "Day it was reached", "day"), *opened,
         Ask("reasons", "Anything to add", "long", required=False, hint="Needed where an earlier day is corrected.")),
        words="Say how many places opened where fewer did than were agreed." if opened else "", made=_with_opened,
    )  # fmt: skip


def _with_opened(said: dict[str, Any]) -> dict[str, Any]:
    found = gathered(said)
    if found.get("milestone") != _OPENING:
        found.pop("places", None)
    return found


def _expected(waiting: Choices) -> Step:
    return Step(
        "Record when a milestone is expected now", "progress",
        (Ask("milestone", "Milestone", "one", waiting), Ask("expected_on", "Expected on", "any_day"),
         Ask("reasons", "Why", "long", required=False)),
        words="What was planned at the grant stays as it was: slippage is counted from it.",
    )  # fmt: skip


def _overcome(working: Working) -> Step:
    choices = [
        (str(one.number), f"{BARRIERS[one.said['barrier']]}, since {day_words(day_said(one))}")
        for one in working.open_barriers()
    ]
    return Step(
        "Record that something stands in the way no more", "overcome",
        (Ask("of", "What", "one", choices), Ask("on", "Since when", "day"), Ask("how", "How it was overcome", "long")),
        made=lambda said: {**said, "of": int(said["of"])},
    )  # fmt: skip


def _change(working: Working) -> Step:
    said = working.said
    money = {name: _pounds(said.get(name)) for name in ("grant", "match", "cost")}
    return Step(
        "Change what was agreed", "change",
        (Ask("grant", "Grant", "pounds", required=False, value=money["grant"]), Ask("match", "Match funding", "pounds", required=False, value=money["match"]),
         Ask("cost", "Whole cost", "pounds", required=False, value=money["cost"]), Ask("provider", "Who will run it", required=False, value=said.get("provider")),
         Ask("urn", "Number (URN)", required=False, value=said.get("urn"), hint="Once it is registered."), *place_asks(working.places),
         Ask("reasons", "Why, and where it is written", "long")),
        words="Slippage is still counted from the days planned at the grant.", made=lambda answers: _changed(working, gathered(answers)),
    )  # fmt: skip


def _pounds(pence: int | None) -> str | None:
    return None if pence is None else f"{pence / 100:.2f}".removesuffix(".00")


def _changed(working: Working, said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value != working.said.get(name)}
