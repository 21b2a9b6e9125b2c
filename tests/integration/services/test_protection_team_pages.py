"""A multi-agency child protection team: set up, filled, ended by a day; its decisions with each agency's view."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kinfold.service.records.models import BodyFact, EventFact, SpellFact, Thing
from tests.integration.services.conftest import World, typed

pytestmark = pytest.mark.django_db
REQUIRED = ("education", "social work", "health", "police")


def today() -> date:
    return timezone.localdate()


def set_up(client: Any, name: str = "North team") -> str:
    answer = client.post("/multi-agency-teams/new/", {"name": name, **typed("since", today() - timedelta(days=30))})
    assert answer.status_code == 302, answer.content.decode()
    return str(BodyFact.objects.filter(kind="department_details").latest("pk").subject.uid)


def join(client: Any, team: str, agency: str, who: str, **rest: str) -> Any:
    said = {"agency": agency, "practitioner": who, **typed("day", today() - timedelta(days=20)), **rest}
    return client.post(f"/multi-agency-teams/{team}/members/new/", said)


def words(client: Any, at: str) -> str:
    return str(client.get(at).content.decode())


def test_a_team_is_set_up_filled_and_says_whom_it_lacks_when_somebody_leaves(services: World, web: Any) -> None:
    client = web("team_manager")
    team = set_up(client)
    at = f"/multi-agency-teams/{team}/"
    assert "Missing: education, social work, health and police" in words(client, at)

    for agency in REQUIRED:
        assert join(client, team, agency, f"Pat of {agency}").status_code == 302
    page = words(client, at)
    assert "Complete" in page
    assert "Pat of police" in page

    gone = SpellFact.objects.get(kind="child_protection_team_member", payload__agency="police")
    answer = client.post(
        f"{at}members/{gone.fact}/end/", {**typed("last", today() - timedelta(days=1)), "reason": "A new post"}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = words(client, at)
    assert "Missing: police" in page
    assert "A new post" in page
    rows = words(client, "/multi-agency-teams/?as=csv")
    assert "police,,,,,missing" in rows


def test_what_makes_no_sense_is_refused_in_words(services: World, web: Any) -> None:
    client = web("team_manager")
    team = set_up(client)
    join(client, team, "health", "Dr Amin")
    member = SpellFact.objects.get(kind="child_protection_team_member")
    end = f"/multi-agency-teams/{team}/members/{member.fact}/end/"

    for answer, said in (
        (client.post("/multi-agency-teams/new/", {"name": "NORTH  team", **typed("since", today())}), "of that name already"),
        (join(client, team, "health", "dr amin"), "is in North team already"),
        (client.post(end, typed("last", today() - timedelta(days=40))), "before the day on which they joined"),
    ):  # fmt: skip
        assert said in answer.content.decode()


def decided(world: World, team: str) -> str:
    row = Thing.objects.get(uid=team)
    world.persons["team"] = row
    return world.say("multi_agency_decision", party="team", valid_from=today() - timedelta(days=2),
                     values={"matter": "Conference about harm at home", "choice": "Hold a conference"})  # fmt: skip


def test_each_agencys_view_is_kept_with_a_decision_and_dissent_with_its_reasons(services: World, web: Any) -> None:
    manager, worker = web("team_manager"), web("social_worker")
    team = set_up(manager)
    for agency in REQUIRED:
        join(manager, team, agency, f"Pat of {agency}")
    fact = decided(services, team)
    at = f"/children/{services.uid()}/team-decisions/{fact}/"
    page = words(worker, at)
    assert "No view is kept yet of education, social work, health and police." in page
    police = SpellFact.objects.get(kind="child_protection_team_member", payload__agency="police")
    assert "Pat of police" in words(worker, f"{at}view/?of={police.fact}")

    said = {
        "agency": "police",
        "organisation": "Northshire Police",
        "practitioner": "Pat of police",
        "view": "disagrees",
    }
    assert "Say why they disagree" in worker.post(f"{at}view/", said).content.decode()
    assert worker.post(f"{at}view/", {**said, "reasons": "The father is on bail"}).status_code == 302
    school = {"agency": "other", "organisation": "Larch Primary School", "practitioner": "Ms Ade", "view": "agrees"}
    assert worker.post(f"{at}view/", school).status_code == 302

    page = words(manager, at)
    assert "Dissent: Police (Northshire Police)" in page
    assert "The father is on bail" in page
    assert "Larch Primary School" in page
    assert "No view is kept yet of education, social work and health." in page
    now = EventFact.objects.get(fact=fact, known_to__isnull=True)
    assert now.payload["agencies_for"] == ["Larch Primary School"]
    assert EventFact.objects.filter(fact=fact).count() == 3
    assert "Conference about harm at home" in words(manager, f"/multi-agency-teams/{team}/")


def test_the_form_for_a_decision_offers_the_teams_that_are_set_up(services: World, web: Any) -> None:
    set_up(web("team_manager"), "Coast team")

    page = words(web("social_worker"), f"/children/{services.uid()}/record/multi_agency_decision/")

    assert "Coast team" in page


def test_who_may_set_up_a_team_and_who_may_not(services: World, web: Any) -> None:
    team = set_up(web("team_manager"))
    fact = decided(services, team)

    for role, at, status in (
        ("social_worker", f"/multi-agency-teams/{team}/", 200),
        ("director_of_childrens_services", f"/multi-agency-teams/{team}/", 200),
        ("social_worker", "/multi-agency-teams/new/", 403),
        ("director_of_childrens_services", f"/multi-agency-teams/{team}/members/new/", 403),
        ("information_governance", "/multi-agency-teams/", 403),
        ("elective_home_education_officer", f"/children/{services.uid()}/team-decisions/{fact}/", 403),
    ):
        assert web(role).get(at).status_code == status, (role, at)
