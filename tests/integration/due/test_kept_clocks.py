"""Kept clocks: what a wall shows is what the facts say, whoever changed them, and the cost is that of the change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from kinfold.access.words import Label
from kinfold.service.records.actions import clock_keeping, facts
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.actions.clock_keeping import keep_everybody, rules_of
from kinfold.service.records.models import Alert, ClockCheck, Job, KeptClock
from kinfold.service.records.reads.clock_wall import Show, wall
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, know_sizes

from .conftest import TODAY, Council

pytestmark = pytest.mark.django_db


def worked_out(council: Council, on: date) -> set[tuple[str, str, str]]:
    """Return what is to be done for everybody, worked out from the facts there and then."""
    with as_system():
        found = clocks_of_people([child.pk for child in council.persons.values()], council.holder, on=on)
    return {(c.key, c.state.value, str(c.due)) for c in found if c.is_waiting or c.is_overdue}


def shown(council: Council, on: date, role: str = "social_worker", which: str = "mine") -> set[tuple[str, str, str]]:
    """Return the lines of a wall, all parts and pages."""
    found = set()
    for show in Show:
        page = 1
        while lines := wall(council.at_noon(role), on=on, which=which, show=show, page=page).lines:
            found |= {(one.key, one.state.value, str(one.due)) for one in lines}
            page += 1
    return found


def test_a_wall_shows_what_the_facts_say_before_and_after_the_worker_has_worked(council: Council) -> None:
    expected = worked_out(council, TODAY)

    before = shown(council, TODAY)
    council.keep()

    assert before == shown(council, TODAY) == expected
    assert {key.split(":")[0] for key, _, _ in expected} >= {"LA02", "LA12", "LA18"}


def test_a_fact_recorded_a_moment_ago_is_on_the_wall_at_once(council: Council) -> None:
    council.keep()

    council.tell("Robin", "looked_after_visit", {"seen": True, "seen_alone": True}, date(2026, 11, 18))

    assert shown(council, TODAY) == worked_out(council, TODAY)
    assert not any(key.startswith("LA12:") and key.endswith("2026-11-12") for key, _, _ in shown(council, TODAY))


def test_the_cost_of_a_change_is_that_of_the_change(council: Council) -> None:
    for name in ("Wren", "Juniper", "Felix"):
        council.child(name)
        council.tell(name, "care_period", {"start_reason": "S"}, date(2026, 11, 1))
    assert council.keep() == 4

    council.tell("Wren", "looked_after_review", {}, date(2026, 11, 19))

    assert council.keep() == 1
    assert council.keep() == 0


def test_the_passing_of_days_moves_a_wall_without_anybody_being_worked_out(council: Council) -> None:
    council.keep()

    for days in (1, 3, 10, 20):
        day = TODAY + timedelta(days=days)
        assert shown(council, day) == worked_out(council, day)


def test_a_birthday_is_worked_out_on_its_day(council: Council) -> None:
    council.child("Leah", born=date(2010, 11, 25))
    council.tell("Leah", "care_period", {"start_reason": "S"}, date(2024, 12, 1))
    council.keep()

    assert ClockCheck.objects.get(person=council.persons["Leah"]).look_again == date(2026, 11, 25)
    assert council.keep(date(2026, 11, 25)) == 1
    assert KeptClock.objects.filter(person=council.persons["Leah"], duty="LC01").exists()


def test_joined_records_are_one_on_the_wall_and_two_again_when_parted(council: Council) -> None:
    council.child("Robyn")
    council.tell("Robyn", "looked_after_visit", {"seen": True, "seen_alone": True}, date(2026, 11, 17))
    council.keep()
    apart = set(KeptClock.objects.values_list("person_id", "key", "state"))

    facts.merge(person=council.persons["Robyn"], kept=council.persons["Robin"], by="test", because="one child")
    council.keep()
    assert KeptClock.objects.filter(person=council.persons["Robin"], duty="LA12", state="met").exists()
    assert not KeptClock.objects.filter(person=council.persons["Robyn"]).exists()

    facts.unmerge(person=council.persons["Robyn"], by="test", because="two children")
    council.keep()
    assert set(KeptClock.objects.values_list("person_id", "key", "state")) == apart


def test_everything_can_be_made_again_from_the_facts(council: Council) -> None:
    council.keep()
    kept = set(KeptClock.objects.values_list("person_id", "key", "state", "due", "why"))

    KeptClock.objects.all().delete()
    ClockCheck.objects.all().delete()
    keep_everybody(council.holder.pk, today=TODAY)

    assert set(KeptClock.objects.values_list("person_id", "key", "state", "due", "why")) == kept


def test_another_commencement_date_has_everybody_worked_out_again(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.keep()
    before = rules_of(council.holder, TODAY).name

    monkeypatch.setattr(clock_keeping, "days_in_force", lambda: {"LC12": date(2026, 11, 1)})

    assert rules_of(council.holder, TODAY).name != before
    assert council.keep() == 1


def test_a_change_asks_the_worker_once_however_many_facts_it_brings(council: Council) -> None:
    for day in (14, 15, 16):
        council.tell("Robin", "looked_after_visit", {"seen": True}, date(2026, 11, day))

    assert Job.objects.filter(name="keep clocks", state="ready").count() == 1


def test_a_decision_made_before_its_gate_is_told_at_once_to_whoever_answers_for_it(council: Council) -> None:
    council.keep()

    council.tell("Robin", "placement", {"placement_type": "U6", "placement_authority": "213"}, date(2026, 11, 19))
    council.keep()
    council.keep()
    told = list(Alert.objects.filter(sort="gate_breach").values_list("account__name", "href", "title"))

    assert told
    assert {name for name, _, _ in told} <= {"Ines Farrow", "Bram Oduya"}
    assert {href for _, href, _ in told} == {f"/children/{council.uid('Robin')}/due/"}
    assert len(set(told)) == len(told)


def test_a_breach_names_a_sealed_child_to_nobody_whom_the_record_does_not_open_to(council: Council) -> None:
    council.keep()
    with as_system():
        restrict(person=council.persons["Robin"], label=Label.SEALED, named=[], by="test", because="a test")

    council.tell("Robin", "placement", {"placement_type": "U6", "placement_authority": "213"}, date(2026, 11, 19))
    council.keep()

    assert KeptClock.objects.filter(part="gate", state="breached", person=council.persons["Robin"].pk).exists()
    assert not Alert.objects.filter(sort="gate_breach").exists()


def test_history_that_a_load_brings_raises_no_alarm(council: Council) -> None:
    council.child("Poppy")
    council.tell("Poppy", "placement", {"placement_type": "U6", "placement_authority": "213"}, date(2021, 3, 1))
    council.keep()

    council.tell("Poppy", "placement", {"placement_type": "U6", "placement_authority": "213"}, date(2021, 9, 1))
    council.keep()

    assert not Alert.objects.filter(sort="gate_breach", title__contains="Poppy").exists()


def test_the_database_knows_how_large_the_register_is(council: Council) -> None:
    know_sizes("person_index")

    if connection.vendor == "sqlite":
        assert fetch("select count(*) from sqlite_stat1 where tbl = 'person_index'", []) != [(0,)]


def test_nobody_sees_on_a_wall_whom_they_do_not_reach(council: Council) -> None:
    council.child("Hidden", worker="nobody")
    council.tell("Hidden", "care_period", {"start_reason": "S"}, date(2026, 11, 1))
    council.keep()

    mine = wall(council.at_noon("social_worker"), on=TODAY, show=Show.OVERDUE).lines
    service = wall(
        council.at_noon("director_of_childrens_services"), on=TODAY, which="service", show=Show.OVERDUE
    ).lines

    assert "Hidden Quill" not in {line.name for line in mine}
    assert "Hidden Quill" in {line.name for line in service}
