"""Whose wall shows what: each role its own part of the work, and who sees no clocks sees none."""

from __future__ import annotations

import pytest

from kinfold.access.roles import ROLES, Clocks
from kinfold.duties import duty_catalogue
from kinfold.service.records.reads.clock_sight import _seen, slices_of_duties


@pytest.mark.parametrize(
    ("roles", "shown", "hidden"),
    [
        (["virtual_school_head"], "ED04", "CP08"),
        (["safeguarding_partnership_manager"], "SG01", "LA09"),
        (["personal_adviser"], "LC06", "CP08"),
        (["child_protection_team_health"], "LA06", "CP08"),
        (["elective_home_education_officer", "virtual_school_head"], "ED04", "CP08"),
    ],
)
def test_a_role_with_a_part_of_the_work_sees_what_is_due_on_it(roles: list[str], shown: str, hidden: str) -> None:
    seen = _seen(frozenset(roles))

    assert seen is not None
    assert shown in seen
    assert hidden not in seen


def test_who_sees_no_clocks_sees_none_and_who_works_with_the_child_sees_all() -> None:
    assert _seen(frozenset({"elective_home_education_officer"})) == frozenset()
    assert _seen(frozenset()) == frozenset()
    assert _seen(frozenset({"social_worker", "virtual_school_head"})) is None


def test_every_duty_belongs_to_a_part_of_the_work() -> None:
    assert set(slices_of_duties()) == {duty.id for duty in duty_catalogue()}
    assert all(slices_of_duties().values())


@pytest.mark.parametrize("name", [name for name, role in ROLES.items() if role.clocks is Clocks.SLICE])
def test_a_role_that_sees_a_part_is_never_shown_all(name: str) -> None:
    seen = _seen(frozenset({name}))

    assert seen is not None
    assert len(seen) < len(slices_of_duties())
