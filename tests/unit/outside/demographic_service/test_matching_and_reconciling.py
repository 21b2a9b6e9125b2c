from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kinfold.identity.decide import Decision
from kinfold.outside.demographic_service.emulator.service import Fault
from kinfold.outside.demographic_service.matching import look_up
from kinfold.outside.demographic_service.patient import Found, Hit
from kinfold.outside.demographic_service.plans import KINFOLD, PLANS
from kinfold.outside.demographic_service.reconcile import Standing, reconciled
from kinfold.outside.demographic_service.search import Asked, Search
from tests.unit.outside.demographic_service.service_here import JUDGE, Here, service

ROSALIND = Asked(
    given="Rosalind", family="Applecote", birth_date=date(2012, 3, 14), gender="F", postcode="ZZ1 1AA",
    nhs_number="9990000018",
)  # fmt: skip
EDMUND = Asked(given="Edmund", family="Larkrise", birth_date=date(2014, 7, 2), gender="M", postcode="ZZ2 2BB")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with service(tmp_path) as running:
        yield running


def test_our_plan_stops_at_the_first_answer_that_is_sure(here: Here) -> None:
    found = look_up(ROSALIND, here.client.search, JUDGE)

    assert found.decision is Decision.MATCH
    assert found.best is not None
    assert found.best.patient.nhs_number == "9990000018"
    assert [one.rule for one in found.made] == ["NonFuzzyGFD"]
    assert any(one.comparison == "born" and one.weight > 0 for one in found.best.contributions)


@pytest.mark.parametrize(
    ("plan", "calls", "refused"),
    [
        pytest.param("kinfold", 1, 0, id="our plan"),
        pytest.param("strategy1", 5, 0, id="the pilot's first: no fourteenth month"),
        pytest.param("strategy3", 7, 0, id="the pilot's third"),
        pytest.param("strategy4", 5, 0, id="the pilot's fourth"),
        pytest.param("strategy5", 7, 1, id="the pilot's fifth, one of them refused"),
    ],
)
def test_how_many_questions_each_plan_takes_for_a_child_who_is_there(
    here: Here, plan: str, calls: int, refused: int
) -> None:
    found = look_up(ROSALIND, here.client.search, JUDGE, PLANS[plan])

    assert found.decision is Decision.MATCH
    assert len(found.made) == calls
    assert sum(bool(one.refused) for one in found.made) == refused


@pytest.mark.parametrize("plan", sorted(PLANS))
@pytest.mark.parametrize("fault", [Fault(503), Fault(dropped=True), Fault(429, "1"), Fault(401)])
def test_an_outage_is_an_error_by_every_plan_and_never_none(here: Here, plan: str, fault: Fault) -> None:
    here.emulator.knobs.down = fault

    found = look_up(replace(ROSALIND, given="Zebedee"), here.client.search, JUDGE, PLANS[plan])

    assert found.decision is Decision.ERROR
    assert found.why


def test_an_answer_about_somebody_else_is_weighed_and_not_believed(here: Here) -> None:
    edmund = look_up(EDMUND, here.client.search, JUDGE).best
    assert edmund is not None
    stranger = Found((Hit(edmund.patient, 1.0),))

    assert look_up(ROSALIND, lambda _: stranger, JUDGE).decision is Decision.NONE


def test_an_outage_half_way_is_an_error_too(here: Here) -> None:
    def search(question: object) -> object:
        if here.emulator.asked:
            here.emulator.knobs.down = Fault(503)
        return here.client.search(question)  # type: ignore[arg-type]

    found = look_up(replace(ROSALIND, given="Zebedee"), search, JUDGE)  # type: ignore[arg-type]

    assert found.decision is Decision.ERROR
    assert len(found.made) == 1


def test_an_outage_after_a_sure_answer_takes_nothing_back(here: Here) -> None:
    def search(question: Search) -> Found:
        found = here.client.search(question)
        here.emulator.knobs.down = Fault(503)
        return found

    assert look_up(ROSALIND, search, JUDGE).decision is Decision.MATCH


def test_somebody_who_is_not_there_is_none(here: Here) -> None:
    found = look_up(Asked(given="Zebedee", family="Nowhere", birth_date=date(2012, 1, 1)), here.client.search, JUDGE)

    assert found.decision is Decision.NONE
    assert found.people == ()


def test_nothing_to_ask_by_is_an_error(here: Here) -> None:
    assert look_up(Asked(given="Zebedee"), here.client.search, JUDGE).decision is Decision.ERROR


def test_a_twin_who_is_not_there_is_not_matched(here: Here) -> None:
    found = look_up(replace(EDMUND, given="Edgar"), here.client.search, JUDGE)

    assert found.decision is not Decision.MATCH


def test_two_of_one_name_are_many(here: Here) -> None:
    found = look_up(Asked(given="Alice", family="Commonby", birth_date=date(2013, 9, 9)), here.client.search, JUDGE)

    assert found.decision is Decision.MANY


def test_two_of_one_name_are_told_apart_by_the_home(here: Here) -> None:
    asked = Asked(given="Alice", family="Commonby", birth_date=date(2013, 9, 9), gender="F", postcode="ZZ6 6FF")

    found = look_up(asked, here.client.search, JUDGE, replace(KINFOLD, rules=("NonFuzzyGFDPostcode",)))

    assert found.best is not None
    assert found.best.patient.nhs_number == "9990000085"


@pytest.mark.parametrize(
    ("asked", "standing"),
    [
        pytest.param(ROSALIND, Standing.SAME, id="all the same"),
        pytest.param(replace(ROSALIND, nhs_number=""), Standing.SAME, id="we have no number yet"),
        pytest.param(replace(ROSALIND, nhs_number="9990000019"), Standing.NUMBER_NOT_VALID, id="a wrong check digit"),
        pytest.param(replace(ROSALIND, nhs_number="9990000123"), Standing.NUMBER_NOT_FOUND, id="nobody's number"),
        pytest.param(replace(ROSALIND, nhs_number="9990000026"), Standing.NUMBER_OF_ANOTHER, id="another child's"),
        pytest.param(replace(ROSALIND, postcode="ZZ9 4QQ"), Standing.DIFFERENT, id="a former home"),
    ],
)
def test_how_we_stand_beside_the_service(here: Here, asked: Asked, standing: Standing) -> None:
    looked_up = look_up(replace(asked, nhs_number=""), here.client.search, JUDGE)

    found = reconciled(asked, looked_up, here.client.patient)

    assert found.standing is standing
    assert found.nhs_number == "9990000018"


def test_a_superseded_number_of_ours_is_said_with_the_one_that_holds(here: Here) -> None:
    asked = Asked(given="Tobias", family="Fenwright", birth_date=date(2009, 5, 21), gender="M", postcode="ZZ4 4DD",
                  nhs_number="9990000042")  # fmt: skip

    found = reconciled(asked, look_up(replace(asked, nhs_number=""), here.client.search, JUDGE), here.client.patient)

    assert (found.standing, found.nhs_number) == (Standing.NUMBER_SUPERSEDED, "9990000050")


def test_differences_name_both_sides_and_what_one_side_alone_has(here: Here) -> None:
    asked = replace(ROSALIND, postcode="zz94qq", phone="01632 960587", nhs_number="")

    found = reconciled(asked, look_up(asked, here.client.search, JUDGE), here.client.patient)

    assert [(one.point, one.ours, one.theirs) for one in found.differences] == [("postcode", "ZZ94QQ", "ZZ1 1AA")]
    assert found.missing_here == ("nhs_number", "email")
    assert found.missing_there == ()


def test_what_is_hidden_of_a_restricted_child_is_not_called_missing(here: Here) -> None:
    asked = Asked(given="Isolde", family="Quenby", birth_date=date(2011, 11, 30), gender="F", phone="01632960111",
                  postcode="ZZ3 3CC")  # fmt: skip
    sure = replace(look_up(asked, here.client.search, JUDGE), decision=Decision.MATCH)

    found = reconciled(asked, sure, here.client.patient)

    assert found.differences == found.missing_there == ()


def test_an_outage_while_reconciling_is_an_error(here: Here) -> None:
    looked_up = look_up(ROSALIND, here.client.search, JUDGE)
    here.emulator.knobs.down = Fault(503)

    found = reconciled(replace(ROSALIND, nhs_number="9990000026"), looked_up, here.client.patient)

    assert found.standing is Standing.ERROR
