"""The demonstration's invented cases: written through the actions, once, so that every list has something to show."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kinfold.care.home_education import HomeEducationState
from kinfold.care.incidents import IncidentState
from kinfold.service.records.actions import people
from kinfold.service.records.actions.hubs_demonstration import add_hubs
from kinfold.service.records.actions.incidents_demonstration import add_cases
from kinfold.service.records.models import Account, EventFact
from kinfold.service.records.reads.home_education import requests
from kinfold.service.records.reads.incidents import incidents
from tests.integration.services.conftest import World

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_cases_in_every_part_of_the_services(services: World, web: Any) -> None:
    worker = services.accounts["social_worker"]
    more = [services.add(f"child {n}", "child", f"Invented{n}", "Example", date(2013, 1, n + 1)) for n in range(5)]
    people.allocate(children=more, worker=worker.person, role="SOCIAL_WORKER", by="test", because="a test",
                    today=date(2025, 5, 1))  # fmt: skip
    services.say("leaving_care", "sister", valid_from=date(2025, 1, 1))
    Account.objects.update(persona="for a test")
    today = timezone.localdate()

    made = add_cases(services.holder, today=today)
    assert add_hubs(services.holder, today=today) == 2

    assert made > 10
    assert add_cases(services.holder, today=today) == add_hubs(services.holder, today=today) == 0
    director = services.reader("director_of_childrens_services")
    assert Counter(one.case.state for one in incidents(director)) == {
        IncidentState.SUBMISSION: 1, IncidentState.RAPID_REVIEW: 1, IncidentState.RECOMMENDATIONS: 1,
    }  # fmt: skip
    assert {one.case.state for one in requests(director)} >= {
        HomeEducationState.GRANTED,
        HomeEducationState.UNDER_REVIEW,
    }
    assert EventFact.objects.filter(kind="death", held_by=services.holder).count() == 1
    hubs = web("social_worker").get("/hubs/").content.decode()
    for words in ("Quayside Family Hub", "Hilltop Family Hub", "Parenting through change", "Accepted", "Declined"):
        assert words.lower() in hubs.lower()
    wall = web("director_of_childrens_services").get("/safety-wall/").content.decode()
    assert "Notify" in wall
