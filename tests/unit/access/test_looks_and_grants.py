"""What the family sees of who looked; how access is given for a time, and the glass broken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kinfold.access.grants import (
    REASONS,
    agree_as_second,
    open_break_glass,
    review_due,
    told_at_once,
)
from kinfold.access.looks import Hold, ViewEntry, for_family, hold_back
from kinfold.access.policy import may
from kinfold.access.things import Actor, Reach, Thing, reach_map
from kinfold.access.words import Label, ReachSort, Sort, Verb
from kinfold.terms.errors import InputError, NotPermitted
from kinfold.terms.working_days import bank_holidays

NOW = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
TODAY = date(2026, 3, 5)
TIA = Thing(sort=Sort.CHILD, held_by=1, person=11)
HOLIDAYS = bank_holidays(2026, 2027)
WHY = "Police are at the door with her now"


def an_actor(number: int, role: str, sort: ReachSort | None = None) -> Actor:
    rows = [Reach(1, number, 11, sort, date(2026, 1, 1), None, "you work with her")] if sort else []
    return Actor(id=number, roles=frozenset({role}), holders=frozenset({1}), reach=reach_map(rows))


WORKER = an_actor(900, "social_worker")
MANAGER = an_actor(901, "team_manager", ReachSort.TEAM)
GOVERNANCE = an_actor(902, "information_governance", ReachSort.WHOLE_COUNCIL)
ARCHIVIST, OTHER_ARCHIVIST = (
    an_actor(903, "adoption_archivist", ReachSort.APPOINTMENT),
    an_actor(904, "adoption_archivist"),
)


def look(number: int, day: int, role: str = "Social worker", reason: str = "a visit") -> ViewEntry:
    return ViewEntry(number, 11, datetime(2026, 3, day, 9, tzinfo=UTC), 900, "Invented Council", role, reason)


def test_the_family_sees_organisation_role_reason_and_day_newest_first_and_no_name() -> None:
    shown = for_family([look(1, 2), look(2, 3, "Team manager"), look(3, 3, "Team manager")], [], TODAY)

    assert [(line.on.day, line.organisation, line.role, line.reason) for line in shown] == [
        (3, "Invented Council", "Team manager", "a visit"),
        (2, "Invented Council", "Social worker", "a visit"),
    ]


def test_a_look_held_back_is_not_in_the_familys_list() -> None:
    hold = Hold(view=2, by=901, reason="The father is at the same school", since=TODAY, review_on=date(2026, 4, 1))

    family = for_family([look(1, 2), look(2, 3)], [hold], TODAY)

    assert [line.on.day for line in family] == [2]


def test_a_hold_past_its_review_date_stays_back() -> None:
    hold = Hold(view=1, by=901, reason="danger", since=TODAY, review_on=date(2026, 4, 1))

    assert for_family([look(1, 2)], [hold], date(2026, 5, 1)) == []


def test_a_released_hold_shows_the_look_again() -> None:
    hold = Hold(1, 901, "danger", TODAY, date(2026, 4, 1), released_on=date(2026, 3, 20))

    assert for_family([look(1, 2)], [hold], date(2026, 3, 19)) == []
    assert len(for_family([look(1, 2)], [hold], date(2026, 3, 20))) == 1


def test_a_manager_holds_a_look_back_with_a_reason_and_a_review_date() -> None:
    made = hold_back(MANAGER, TIA, view=4, reason="Her father works there", review_on=date(2026, 4, 1), now=NOW)

    assert (made.by, made.view, made.since) == (901, 4, TODAY)


@pytest.mark.parametrize(
    ("actor", "reason", "review_on", "error"),
    [
        pytest.param(WORKER, "Her father works there", date(2026, 4, 1), NotPermitted, id="not a social worker"),
        pytest.param(MANAGER, "danger", date(2026, 4, 1), InputError, id="no account of the danger"),
        pytest.param(MANAGER, "Her father works there", TODAY, InputError, id="no review date after today"),
        pytest.param(MANAGER, "Her father works there", date(2027, 4, 1), InputError, id="a review a year away"),
    ],
)
def test_a_look_is_not_held_back_lightly(actor: Actor, reason: str, review_on: date, error: type[Exception]) -> None:
    with pytest.raises(error):
        hold_back(actor, TIA, view=4, reason=reason, review_on=review_on, now=NOW)


def test_breaking_the_glass_opens_one_record_for_four_hours() -> None:
    grant = open_break_glass(WORKER, TIA, reason="out_of_hours", text=WHY, now=NOW)
    holding = Actor(id=900, roles=WORKER.roles, holders=WORKER.holders, grants=(grant,))

    assert grant.until - grant.since == timedelta(hours=4)
    assert may(holding, Verb.READ_NARRATIVE, TIA, NOW)
    assert not may(holding, Verb.WRITE, TIA, NOW)
    assert not may(holding, Verb.READ, TIA, NOW + timedelta(hours=4))


@pytest.mark.parametrize(
    ("actor", "reason", "text", "label", "error"),
    [
        pytest.param(WORKER, "curiosity", WHY, None, InputError, id="a reason that is not on the list"),
        pytest.param(WORKER, "out_of_hours", "because", None, InputError, id="no account in their own words"),
        pytest.param(WORKER, "out_of_hours", WHY, Label.SEALED, NotPermitted, id="a sealed record"),
        pytest.param(WORKER, "out_of_hours", WHY, Label.LADO_VAULT, NotPermitted, id="an allegation"),
        pytest.param(WORKER, "out_of_hours", WHY, Label.PRIVILEGED, NotPermitted, id="legal advice"),
        pytest.param(an_actor(9, "data_analyst"), "out_of_hours", WHY, None, NotPermitted, id="an analyst"),
        pytest.param(an_actor(9, "provider_user"), "out_of_hours", WHY, None, NotPermitted, id="a provider"),
    ],
)
def test_the_glass_does_not_break(
    actor: Actor, reason: str, text: str, label: Label | None, error: type[Exception]
) -> None:
    thing = Thing(sort=Sort.CHILD, held_by=1, person=11, labels=frozenset({label} if label else ()))

    with pytest.raises(error):
        open_break_glass(actor, thing, reason=reason, text=text, now=NOW)


def test_the_list_of_reasons_is_told_to_somebody_who_gives_another() -> None:
    with pytest.raises(InputError, match="A child may be in immediate danger"):
        open_break_glass(WORKER, TIA, reason="", text=WHY, now=NOW)
    assert len(REASONS) >= 4


def test_the_look_is_reviewed_in_two_working_days_and_the_night_teams_in_one() -> None:
    grant = open_break_glass(WORKER, TIA, reason="out_of_hours", text=WHY, now=NOW)

    assert review_due(grant, {"social_worker"}, HOLIDAYS) == date(2026, 3, 9)
    assert review_due(grant, {"emergency_duty_team"}, HOLIDAYS) == date(2026, 3, 6)


def test_others_are_told_at_once() -> None:
    assert told_at_once(team_managers=[901, 900], information_governance=[902], actor=900) == {901, 902}


def test_only_another_person_with_the_same_power_agrees_to_unseal() -> None:
    grant = agree_as_second(OTHER_ARCHIVIST, to=903, holder=1, person=11, act="unseal", reason="An adult asks", now=NOW)

    assert (grant.granted_by, grant.subject) == (904, "unseal")
    for second, to in ((OTHER_ARCHIVIST, 904), (WORKER, 903)):
        with pytest.raises(NotPermitted):
            agree_as_second(second, to=to, holder=1, person=11, act="unseal", reason="An adult asks", now=NOW)
