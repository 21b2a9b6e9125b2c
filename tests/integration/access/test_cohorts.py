"""A virtual school head reaches every looked-after child of the council, while they are looked after and the role is held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kinfold.access.words import ReachSort
from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Reach, SpellFact
from kinfold.service.records.scope import as_system
from tests.integration.papers.conftest import web, world

__all__ = ["web", "world"]
pytestmark = pytest.mark.django_db


def reached(world: Any, account: Any) -> set[int | None]:
    rows = Reach.objects.filter(actor=account.person, sort=ReachSort.COHORT.value)
    return set(rows.values_list("person_id", flat=True))


def test_the_cohort_follows_who_is_looked_after_and_who_holds_the_role(world: Any, web: Any) -> None:
    head = world.work("virtual_school_head", "Maya Benn")
    child, sister = world.persons["child"].pk, world.persons["sister"].pk
    assert reached(world, head) == {child}

    world.say("care_period", "sister", values={"start_reason": "S"}, valid_from=date(2026, 2, 1))
    assert reached(world, head) == {child, sister}
    assert "Robin" in web("virtual_school_head").get("/search/?q=Robin").content.decode()

    old = SpellFact.objects.get(kind="care_period", subject=sister, known_to__isnull=True)
    with as_system():
        facts.correct_fact(word="spell", fact=str(old.fact), made_from=old.pk, values=old.payload, by="test",
                           because="a test", valid_from=old.valid_from, valid_to=date(2026, 3, 1))  # fmt: skip
    assert reached(world, head) == {child}

    people.end_role(held=head.roles_held.get(), by="test", because="a test", today=timezone.localdate())
    assert not Reach.objects.filter(
        actor=head.person, sort=ReachSort.COHORT.value, until_date__gt=timezone.localdate()
    ).exists()
    assert not Reach.objects.filter(actor=head.person, sort=ReachSort.COHORT.value, until_date__isnull=True).exists()
