"""The multi-agency team: who must be in it on a day, and what follows from each agency's view of a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from kinfold.care.child_protection_team import (
    View,
    agencies_without_view,
    composition,
    seats,
    views_of,
    with_views,
)

SET_UP = date(2027, 1, 4)


@dataclass
class Said:
    payload: dict[str, Any]
    valid_from: date | None = SET_UP
    valid_to: date | None = None
    kind: str = "child_protection_team_member"
    fact: str = field(default="1")


def member(agency: str, since: date = SET_UP, until: date | None = None) -> Said:
    return Said({"agency": agency, "practitioner": f"A person of {agency}"}, since, until)


FOUR = ("education", "social work", "health", "police")


def test_the_law_wants_four_agencies_and_says_where() -> None:
    assert tuple(seat.agency for seat in seats()) == FOUR
    assert all(seat.source.startswith("Children Act 2004, s.16EA(4)") for seat in seats())


@pytest.mark.parametrize(
    ("agencies", "missing"),
    [
        ((), FOUR),
        (FOUR, ()),
        (("education", "social work", "health"), ("police",)),
        (("police", "police", "health", "social work"), ("education",)),
        (("other", "other"), FOUR),
        ((*FOUR, "other"), ()),
    ],
)
def test_a_team_says_whom_it_lacks(agencies: tuple[str, ...], missing: tuple[str, ...]) -> None:
    found = composition([member(one) for one in agencies], SET_UP)

    assert tuple(seat.agency for seat in found.missing) == missing
    assert found.is_whole is (not missing)


@pytest.mark.parametrize(
    ("day", "in_team", "past", "to_come"),
    [
        (date(2027, 1, 3), 0, 0, 1),
        (date(2027, 1, 4), 1, 0, 0),
        (date(2027, 3, 31), 1, 0, 0),
        (date(2027, 4, 1), 0, 1, 0),
    ],
)
def test_a_member_is_in_the_team_from_the_first_day_to_the_last(
    day: date, in_team: int, past: int, to_come: int
) -> None:
    found = composition([member("health", SET_UP, date(2027, 4, 1))], day)

    assert (len(found.members), len(found.past), len(found.to_come)) == (in_team, past, to_come)


POLICE = View("police", "Sgt Dunne", "Northshire Police", "disagrees", "The father is on bail")
SCHOOL = View("other", "Ms Ade", "Larch Primary School", "agrees", "")


def test_whoever_disagrees_is_named_with_the_reasons() -> None:
    said = with_views(Said({"matter": "Conference"}, kind="multi_agency_decision"), [SCHOOL, POLICE])

    assert said["agencies_for"] == ["Larch Primary School"]
    assert said["agencies_against"] == ["Police (Northshire Police)"]
    assert said["dissent"] == "Police (Northshire Police): The father is on bail"
    assert said["matter"] == "Conference"


def test_an_agency_that_changes_its_mind_leaves_no_dissent_behind() -> None:
    first = with_views(Said({"matter": "Conference"}), [POLICE])
    agreed = View("police", "Sgt Dunne", "Northshire Police", "agrees", "Bail has ended")

    said = with_views(Said(first), [agreed])

    assert said["agencies_for"] == ["Police (Northshire Police)"]
    assert "agencies_against" not in said
    assert "dissent" not in said


def test_what_was_typed_of_another_agency_stays_and_what_was_typed_of_the_same_one_goes() -> None:
    typed = Said({"matter": "Conference", "agencies_for": ["Police", "Housing"], "dissent": "Housing was late"})

    said = with_views(typed, [POLICE])

    assert said["agencies_for"] == ["Housing"]
    assert said["dissent"] == "Housing was late\nPolice (Northshire Police): The father is on bail"


def test_views_are_read_back_as_they_were_given() -> None:
    assert views_of(Said(with_views(Said({"matter": "Conference"}), [POLICE, SCHOOL]))) == (POLICE, SCHOOL)


def test_the_required_agencies_whose_view_is_wanted_are_those_in_the_team_that_day() -> None:
    team = composition([member("police"), member("health")], SET_UP)

    assert agencies_without_view(Said({"matter": "x"}), team) == ("Health", "Police")
    assert agencies_without_view(Said(with_views(Said({"matter": "x"}), [POLICE])), team) == ("Health",)
    assert agencies_without_view(Said({"matter": "x", "contribution_only": True}), team) == ()
