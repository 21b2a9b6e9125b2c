"""
Consent to home education: request, grounds, decision, review, and the child leaving the roll.

Consent is needed while a section 47 enquiry is open or a child protection plan runs, for a child of a special school,
and (an uncertain limb) where a plan ran in the past five years. An enquiry or plan that opens after the request and
before the child leaves the roll brings the duty into play.

Source: Education Act 1996, s. 434A, as inserted by the Children's Wellbeing and Schools Act 2026, s. 37: enacted, and
in force from a day that the commencement switch gives. Until then the school tells the council and may not refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.care.case import (
    Fact,
    Step,
    day_in,
    facts_of_case,
    finished,
    not_needed,
    not_yet,
    of_kind,
    openings,
    waiting,
)
from kinfold.terms.law import DatedValue, load_law

DUTY = "ED01"
LAW = Path(__file__).parent / "home_education.toml"
ENQUIRY, PLAN = "section 47 enquiry", "child protection plan"
PAST_PLAN, SPECIAL = "plan in the past five years", "special school"
REQUEST, CONSENT, STEP, LEFT = (
    "home_education_request", "home_education_consent", "home_education_step", "school_deregistration",
)  # fmt: skip


class HomeEducationState(StrEnum):
    """Where a request stands. The order is that of what needs doing first."""

    LEFT_WITHOUT_CONSENT = "left the roll without consent"
    UNDER_REVIEW = "under review"
    DECIDE_AGAIN = "to be decided again"
    TO_DECIDE = "to be decided"
    NOT_NEEDED = "consent not needed"
    REFUSED = "refused"
    UPHELD = "refusal upheld"
    GRANTED = "granted"
    LEFT = "left the roll"
    WITHDRAWN = "withdrawn"


# States in which the council has something to do.
OPEN = frozenset(
    {
        HomeEducationState.LEFT_WITHOUT_CONSENT,
        HomeEducationState.UNDER_REVIEW,
        HomeEducationState.DECIDE_AGAIN,
        HomeEducationState.TO_DECIDE,
    }
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason why consent is needed: `certain` is false for the limb of the law that was not read in full."""

    name: str
    because: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class HomeEducationCase:
    """One request with what followed from it."""

    request: Fact
    state: HomeEducationState
    grounds: tuple[Ground, ...]
    steps: tuple[Step, ...]
    in_force: bool
    waiting_days: int
    decision: Fact | None = None
    review: Fact | None = None
    removal: Fact | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the council has something to do."""
        return self.state in OPEN


@cache
def _law() -> dict[str, DatedValue]:
    return dict(load_law(LAW))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February: the day after 28 February has wholly passed
        return date(day.year - years, 3, 1)


def grounds_for(request: Fact, facts: Iterable[Fact], *, until: date) -> tuple[Ground, ...]:
    """
    Return why consent is needed for `request`, from the facts known and from what the request states.

    `until` is the day the child left the roll, or today: what opens before it counts. Source: Education Act 1996,
    s. 434A(2) to (4); the five-year limb was added at Report stage and is uncertain.
    """
    asked = request.valid_from or until
    known = list(facts)
    found = [Ground(ENQUIRY, _since("A section 47 enquiry", one), True)
             for one in of_kind(known, "section_47_enquiry") if _held(one, asked, until) and not _led_on(one, asked)]  # fmt: skip
    plans = of_kind(known, "child_protection_plan")
    found += [Ground(PLAN, _since("A child protection plan", one), True) for one in plans if _held(one, asked, until)]
    past = _years_before(asked, _law()["plan_in_the_past"].on(asked))
    found += [
        Ground(PAST_PLAN, f"A child protection plan ended on {one.valid_to:%-d %B %Y}.", False)
        for one in plans
        if one.valid_to is not None and past < one.valid_to <= asked
    ]
    named = {one.name for one in found}
    stated = [one for one in request.payload.get("grounds") or () if one not in named]
    found += [Ground(one, "Stated when the request was recorded.", one != PAST_PLAN) for one in stated]
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def _held(spell: Fact, asked: date, until: date) -> bool:
    """Return whether a spell ran on the day of the request, or began before `until`."""
    began = spell.valid_from is not None and spell.valid_from <= until
    return began and (spell.valid_to is None or spell.valid_to > asked)


def _led_on(enquiry: Fact, asked: date) -> bool:
    """
    Return whether an enquiry without an end is over by what it says: a conference was held by `asked`, or none needed.

    The census has no field for the end of an enquiry; what it led to is all that is said of it.
    """
    if enquiry.valid_to is not None:
        return False
    conference = day_in(enquiry.payload, "initial_conference_date")
    return enquiry.payload.get("conference_not_required") is True or (conference is not None and conference <= asked)


def _since(what: str, spell: Fact) -> str:
    return f"{what} has run since {spell.valid_from:%-d %B %Y}."


def home_education_cases(facts: Sequence[Fact], *, today: date, in_force: date | None) -> list[HomeEducationCase]:
    """Return one child's requests as cases, the earliest first. `in_force` is the day the law began, if it has one."""
    requests = openings(facts, REQUEST)
    return [_case(one, facts, facts_of_case(facts, one, requests), today, in_force) for one in requests]


def _case(
    request: Fact, everything: Sequence[Fact], own: Sequence[Fact], today: date, in_force: date | None
) -> HomeEducationCase:
    removals = of_kind(own, LEFT)
    removal = removals[0] if removals else None
    grounds = grounds_for(request, everything, until=(removal.valid_from or today) if removal else today)
    decisions, reviews = of_kind(own, CONSENT), of_kind(own, STEP, step="review decided")
    asked = of_kind(own, STEP, step="review asked for")
    withdrawn = of_kind(own, STEP, step="request withdrawn")
    decision, review = _last(decisions), _last(reviews)
    law = in_force is not None and in_force <= (removal.valid_from or today if removal else today)
    state = _state(decision, review, _last(asked), _last(withdrawn), removal, needed=bool(grounds), law=law)
    return HomeEducationCase(
        request=request, state=state, grounds=grounds, in_force=law, decision=decision, review=review, removal=removal,
        steps=_steps(request, grounds, own, state, today),
        waiting_days=max((today - (request.valid_from or today)).days, 0),
    )  # fmt: skip


def _last(facts: Sequence[Fact]) -> Fact | None:
    return facts[-1] if facts else None


def _after(one: Fact | None, other: Fact | None) -> bool:
    """Return whether `one` is there and not before `other`."""
    return one is not None and (other is None or (one.valid_from or date.min) >= (other.valid_from or date.min))


def _state(
    decision: Fact | None, review: Fact | None, asked: Fact | None, withdrawn: Fact | None, removal: Fact | None, *,
    needed: bool, law: bool,
) -> HomeEducationState:  # fmt: skip
    answer = _answer(decision, review, asked, needed=needed)
    if removal is not None:
        without = needed and law and answer is not HomeEducationState.GRANTED
        return HomeEducationState.LEFT_WITHOUT_CONSENT if without else HomeEducationState.LEFT
    if withdrawn is not None and _after(withdrawn, decision):
        return HomeEducationState.WITHDRAWN
    return answer


_REVIEWED: dict[Any, HomeEducationState] = {
    "upheld": HomeEducationState.UPHELD,
    "overturned": HomeEducationState.GRANTED,
    "to be decided again": HomeEducationState.DECIDE_AGAIN,
}


def _answer(decision: Fact | None, review: Fact | None, asked: Fact | None, *, needed: bool) -> HomeEducationState:
    if decision is None:
        return HomeEducationState.TO_DECIDE if needed else HomeEducationState.NOT_NEEDED
    if review is not None and _after(review, decision) and _after(review, asked):
        return _REVIEWED.get(review.payload.get("outcome"), HomeEducationState.UPHELD)
    if decision.payload.get("decision") == "granted":
        return HomeEducationState.GRANTED
    if asked is not None and _after(asked, decision):
        return HomeEducationState.UNDER_REVIEW
    return HomeEducationState.REFUSED


def _steps(
    request: Fact, grounds: Sequence[Ground], own: Sequence[Fact], state: HomeEducationState, today: date
) -> tuple[Step, ...]:
    return (
        finished("request", "Request received", request),
        _grounds_step(request, grounds, today),
        _decision_step(own, grounds, state, today),
        _told_step(own, today),
        _review_step(own, state, today),
        _removal_step(own, grounds, state, today),
    )


def _grounds_step(request: Fact, grounds: Sequence[Ground], today: date) -> Step:
    stated = set(request.payload.get("grounds") or ())
    missing = [one.name for one in grounds if one.name not in stated]
    if missing:
        because = f"The record shows a ground that the request does not state: {', '.join(missing)}."
        return waiting("grounds", "Confirm the grounds", today=today, because=because)
    because = f"Consent is needed: {', '.join(sorted(stated))}." if stated else "Nothing on record asks for consent."
    return finished("grounds", "Confirm the grounds", request, because=because)


def _decision_step(own: Sequence[Fact], grounds: Sequence[Ground], state: HomeEducationState, today: date) -> Step:
    name, label = "decision", "Decide on consent"
    decision = _last(of_kind(own, CONSENT))
    if state is HomeEducationState.DECIDE_AGAIN:
        return waiting(name, label, today=today, because="The review sent the decision back.", duty=DUTY)
    if decision is not None:
        return finished(name, label, decision, because=f"Consent was {decision.payload.get('decision')}.", duty=DUTY)
    if state is HomeEducationState.WITHDRAWN:
        return not_needed(name, label, "The request was withdrawn.")
    if not grounds:
        return not_needed(name, label, "No ground for consent is on record.")
    return waiting(name, label, today=today, because="The Act sets no time: decide without delay.", duty=DUTY)


def _told_step(own: Sequence[Fact], today: date) -> Step:
    name, label = "told", "Tell the parent the decision, the reasons and how to ask for a review"
    decision = _last(of_kind(own, CONSENT))
    if decision is None:
        return not_yet(name, label, "There is no decision yet.")
    told = day_in(decision.payload, "review_route_told_date")
    if told is not None:
        return finished(name, label, decision, on=told)
    return waiting(name, label, today=today)


def _review_step(own: Sequence[Fact], state: HomeEducationState, today: date) -> Step:
    name, label = "review", "Review of a refusal"
    decided, asked = (
        _last(of_kind(own, STEP, step="review decided")),
        _last(of_kind(own, STEP, step="review asked for")),
    )
    if decided is not None and _after(decided, asked):
        return finished(name, label, decided, because=f"The review: {decided.payload.get('outcome')}.")
    if state is HomeEducationState.UNDER_REVIEW:
        return waiting(name, label, today=today, because="The parent has asked for a review.")
    if state is HomeEducationState.REFUSED:
        return not_yet(name, label, "The parent has not asked for one.")
    return not_needed(name, label, "Nothing was refused.")


def _removal_step(own: Sequence[Fact], grounds: Sequence[Ground], state: HomeEducationState, today: date) -> Step:
    name, label = "removal", "The child leaves the school roll"
    removal = _last(of_kind(own, LEFT))
    if removal is not None:
        return finished(name, label, removal, because=f"{state.value.capitalize()}.", duty=DUTY)
    if state is HomeEducationState.WITHDRAWN:
        return not_needed(name, label, "The request was withdrawn.")
    if state is HomeEducationState.UPHELD:
        return not_needed(name, label, "Consent was refused, and the review upheld it.")
    if grounds and state is not HomeEducationState.GRANTED:
        return not_yet(name, label, "Consent must come before the child is taken off the roll.")
    return waiting(name, label, today=today, because="The school may take the child off the roll.")
