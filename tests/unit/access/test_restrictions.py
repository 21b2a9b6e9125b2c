"""Why and until when a record is restricted, who may do it alone, and that nothing tells the others that it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kinfold.access.policy import may
from kinfold.access.restrictions import (
    REASONS,
    appointed_in_any_case,
    check_restriction,
    due_soon,
    latest_review,
    masked_in_any_case,
    open_in_any_case,
    restricts_alone,
    usual_review,
)
from kinfold.access.roles import ROLES
from kinfold.access.things import Actor, Reach, Thing, reach_map
from kinfold.access.words import Label, ReachSort, Sort, Verb
from kinfold.terms.errors import InputError

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SAID = {"reason": "domestic_abuse", "because": "Her former partner's sister works on the front desk"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"reason": "curiosity"}, "Choose why", id="a reason that is not on the list"),
        pytest.param({"because": " why   "}, "10 characters", id="no account of what happened"),
        pytest.param({"review_date": TODAY}, "after today", id="looked at again today"),
        pytest.param({"review_date": date(2026, 9, 4)}, "3 September 2026", id="later than half a year"),
    ],
)
def test_a_restriction_has_a_reason_an_account_and_a_review_in_time(change: dict[str, object], message: str) -> None:
    said = {**SAID, "review_date": usual_review(TODAY), **change}

    with pytest.raises(InputError, match=message):
        check_restriction(**said, today=TODAY)  # type: ignore[arg-type]


def test_the_last_day_of_the_policy_is_in_time() -> None:
    check_restriction(**SAID, review_date=latest_review(TODAY), today=TODAY)


@pytest.mark.parametrize(
    ("day", "soon"),
    [(date(2026, 3, 18), True), (date(2026, 3, 19), False), (date(2026, 3, 1), True)],
    ids=["in a fortnight", "a day later", "overdue"],
)
def test_a_review_is_due_soon_a_fortnight_before_its_day(day: date, soon: bool) -> None:
    assert due_soon(day, TODAY) is soon


def test_every_reason_has_a_label() -> None:
    assert all(REASONS.values())
    assert {"staff_child", "domestic_abuse", "protected_placement"} <= set(REASONS)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_team_manager_asks_and_three_roles_restrict_alone(role: str) -> None:
    alone = {"head_of_service", "director_of_childrens_services", "information_governance"}

    assert restricts_alone(frozenset({role})) is (role in alone)
    assert (Verb.RESTRICT in ROLES[role].powers_two_people) is (role == "team_manager")


def test_who_opens_it_in_any_case_is_said_by_role() -> None:
    assert "Director of children's services" in open_in_any_case()
    assert "Social worker" not in open_in_any_case()
    assert "Placement or commissioning officer" in masked_in_any_case()
    assert "Independent reviewing officer" in appointed_in_any_case()


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("sort", list(ReachSort))
def test_whoever_is_refused_a_restricted_child_is_told_what_is_told_of_nobody(role: str, sort: ReachSort) -> None:
    """However somebody reaches the child: a refusal for the restriction reads as for a child who is not there."""
    row = Reach(1, 900, 11, sort, date(2020, 1, 1), None, "a test")
    actor = Actor(id=900, roles=frozenset({role}), holders=frozenset({1}), reach=reach_map([row]))
    child = Thing(sort=Sort.CHILD, held_by=1, person=11, labels=frozenset({Label.RESTRICTED}), ask="Hal Brook")
    elsewhere = Thing(sort=Sort.CHILD, held_by=2, person=12)

    for verb in Verb:
        decision = may(actor, verb, child, NOW)
        if decision.allowed or decision.rule != "restricted":
            continue
        assert decision.shown == may(actor, verb, elsewhere, NOW).shown, verb


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_those_who_may_know_get_the_hint_whom_to_ask(role: str) -> None:
    actor = Actor(id=900, roles=frozenset({role}), holders=frozenset({1}))
    child = Thing(sort=Sort.CHILD, held_by=1, person=11, labels=frozenset({Label.RESTRICTED}), ask="Hal Brook")

    decision = may(actor, Verb.SEARCH, child, NOW)

    assert not decision.allowed
    assert ("Hal Brook" in decision.shown) <= ROLES[role].knows_restricted
