"""
Who may be registered on the fast track: the rules of `policy/england/fast_track.toml` asked of one application, each with why it holds or not.

The rules are data with dates, sources and how sure each is. They open a quicker way through the same tests: none of the checks
of fitness is left out or made lighter by them. An officer decides the route, and may depart from the rules with reasons.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from kinfold.market.policy import topics_of
from kinfold.terms.errors import SettingError
from kinfold.terms.law import DatedValue

FAST_TRACK, STANDARD = "fast track", "standard"
OPENS, NEEDS, FITNESS = "opens", "needs", "fitness"
_TEST = re.compile(r"(?P<fact>\w+) (?P<how>is one of|is at least|is) (?P<what>.+)")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an application says: the question, and the answers there are (none: yes or no)."""

    label: str
    choices: Mapping[str, str] = field(default_factory=dict)


FACTS: Mapping[str, Fact] = {
    "provider_sort": Fact("What the provider is", {
        "council": "A council", "charity": "A charity", "not for profit": "Another body without profit", "company": "A company", "person": "A person",
    }),
    "need": Fact("The need the home is mainly for", {
        "care": "Care without a special need", "deprivation of liberty": "Children deprived of liberty, or at risk of it", "complex health": "Complex health needs",
        "secure": "Secure", "step-down from secure": "The way out of a secure home", "parent and child": "Parents with their child", "short breaks": "Short breaks",
    }),
    "commissioned": Fact("Have a Regional Care Co-operative, or several councils, commissioned the places?"),
    "area_short": Fact("Do councils of the area say in writing that places for this need are short?"),
    "capital_grant": Fact("Is the home made with a grant of the capital programme?"),
    "planning": Fact("Planning permission", {"granted": "Granted", "not needed": "Not needed, as the planning authority says", "applied": "Applied for", "refused": "Refused",
                                             "not applied": "Not applied for"}),
    "location_assessment": Fact("Location assessment", {"suitable": "Done: suitable", "unsuitable": "Done: not suitable", "not done": "Not done"}),
    "manager": Fact("Is a manager named who applies too?"),
    "money": Fact("Is the money to open, and for the first months, in place?"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule asked of an application: whether it holds (None: the application does not say), and what it says."""

    name: str
    label: str
    unit: str
    holds: bool | None
    told: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether an application may go on the fast track, rule by rule. `rules` is the name of the rules as they stood that day."""

    eligible: bool
    rules: str
    explained: Sequence[Explained]
    because: str

    @property
    def route(self) -> str:
        """Return the route that the rules lead to."""
        return FAST_TRACK if self.eligible else STANDARD


@cache
def rules() -> Mapping[str, DatedValue]:
    """Return every rule. Raises SettingError, naming the rule, for a test that asks what no application says."""
    found = topics_of("england")["fast_track"]
    for name, rule in found.items():
        if rule.unit not in (OPENS, NEEDS, FITNESS):
            raise SettingError(f"fast_track.toml [{name}]: unit must be {OPENS}, {NEEDS} or {FITNESS}.")
        if rule.unit != FITNESS:
            for step in rule.steps:
                for test in step.value if isinstance(step.value, tuple) else ():
                    _parts(name, str(test))
    return found


def _parts(name: str, test: str) -> tuple[str, str, str]:
    match = _TEST.fullmatch(test)
    if match is None or match["fact"] not in FACTS:
        raise SettingError(
            f"fast_track.toml [{name}]: “{test}” is no test. Write one such as “planning is one of granted, not needed”; "
            f"what can be asked: {', '.join(FACTS)}."
        )
    return match["fact"], match["how"], match["what"]


def in_force(day: date, unit: str) -> list[DatedValue]:
    """Return the rules of a unit (opens, needs or fitness) in force on a day."""
    return [rule for rule in rules().values() if rule.unit == unit and rule.is_in_force(day)]


def eligibility(said: Mapping[str, Any], day: date) -> Eligibility:
    """Return whether an application (its facts by name) may go on the fast track by the rules of a day, and why or why not."""
    asked = [_asked(rule, said, day) for unit in (OPENS, NEEDS) for rule in in_force(day, unit)]
    opens = [one for one in asked if one.unit == OPENS and one.holds]
    missing = [one for one in asked if one.unit == NEEDS and not one.holds]
    return Eligibility(bool(opens) and not missing, f"fast_track/{day.isoformat()}", asked, _because(opens, missing))


def _because(opens: Sequence[Explained], missing: Sequence[Explained]) -> str:
    if not opens:
        return "No rule opens the fast track for it."
    if missing:
        return "A rule opens the fast track, but this is needed first: " + "; ".join(one.label for one in missing) + "."
    return f"It may: {opens[0].label[:1].casefold()}{opens[0].label[1:]}, and everything needed first is there."


def _asked(rule: DatedValue, said: Mapping[str, Any], day: date) -> Explained:
    tests = [_parts(rule.name, str(test)) for test in rule.on(day)]
    holds = [_holds(said.get(fact), how, what) for fact, how, what in tests]
    whole = False if False in holds else None if None in holds else True
    told = "; ".join(f"{FACTS[fact].label.rstrip('?')}: {answer_words(fact, said.get(fact))}" for fact, _, _ in tests)
    return Explained(rule.name, rule.label, rule.unit, whole, told, rule.source, rule.certainty)


def _holds(told: Any, how: str, what: str) -> bool | None:
    if told is None or told == "":
        return None
    if how == "is at least":
        return float(told) >= float(what)
    wanted = {one.strip() for one in what.split(",")} if how == "is one of" else {what.strip()}
    return ("yes" if told is True else "no" if told is False else str(told)) in wanted


def answer_words(fact: str, told: Any) -> str:
    """Return an answer of an application in words."""
    if told is None or told == "":
        return "not said"
    if isinstance(told, bool):
        return "yes" if told else "no"
    return FACTS[fact].choices.get(str(told), str(told))
