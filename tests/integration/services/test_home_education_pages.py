"""A consent request through its pages: recorded, decided by the officer, reviewed by the director."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kinfold.service.records.models import AuditEntry, EventFact
from tests.integration.services.conftest import World, typed

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def ask(world: World, web: Any, days_ago: int = 10, **more: Any) -> str:
    client = web("social_worker")
    form = {
        **typed("day", today() - timedelta(days=days_ago)),
        "parents_reasons": "School makes Robin unhappy.",
        **more,
    }
    answer = client.post(f"/children/{world.uid()}/home-education/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return str(EventFact.objects.filter(kind="home_education_request").latest("pk").fact)


def href(world: World, fact: str, step: str = "") -> str:
    return f"/children/{world.uid()}/home-education/{fact}/" + (f"{step}/" if step else "")


def decide(client: Any, world: World, fact: str, decision: str = "refused", days_ago: int = 5) -> Any:
    form = {**typed("day", today() - timedelta(days=days_ago)), "decision": decision, "reasons": "An enquiry is open."}
    return client.post(href(world, fact, "decision"), form)


def test_the_officer_reaches_a_child_only_once_a_parent_has_asked(services: World, officer: Any, web: Any) -> None:
    assert "Robin Quill" not in officer.get("/home-education/").content.decode()

    fact = ask(services, web)

    page = officer.get("/home-education/").content.decode()
    assert "Robin Quill" in page
    assert "Enacted, not in force" in page
    assert "School makes Robin unhappy." in officer.get(href(services, fact)).content.decode()


def test_an_open_enquiry_is_found_as_a_ground_and_asked_to_be_confirmed(
    services: World, officer: Any, web: Any
) -> None:
    services.say("section_47_enquiry", valid_from=today() - timedelta(days=20))
    fact = ask(services, web)

    page = officer.get(href(services, fact)).content.decode()
    assert "A section 47 enquiry has run since" in page
    assert "To be decided" in page
    answer = officer.post(href(services, fact, "grounds"), {"grounds": ["section 47 enquiry"]})

    assert answer.status_code == 302
    newest = EventFact.objects.get(kind="home_education_request", known_to__isnull=True)
    assert newest.payload["grounds"] == ["section 47 enquiry"]


def test_a_refusal_is_told_reviewed_and_overturned_by_another_person(services: World, officer: Any, web: Any) -> None:
    services.say("section_47_enquiry", valid_from=today() - timedelta(days=20))
    fact = ask(services, web)
    director = web("director_of_childrens_services")

    assert decide(officer, services, fact).status_code == 302
    told = officer.post(href(services, fact, "told"), typed("day", today() - timedelta(days=4)))
    asked = officer.post(
        href(services, fact, "review-asked"),
        {**typed("day", today() - timedelta(days=3)), "reviewed_by": "director of children's services"},
    )
    review = {**typed("day", today()), "reviewed_by": "director of children's services", "outcome": "overturned",
              "reasons": "The enquiry has ended."}  # fmt: skip
    own = officer.post(href(services, fact, "review"), review)
    decided = director.post(href(services, fact, "review"), review)

    assert [one.status_code for one in (told, asked, own, decided)] == [302, 302, 404, 302]
    page = officer.get(href(services, fact)).content.decode()
    assert "Granted" in page
    assert AuditEntry.objects.filter(action="refused: decide review of refusal").exists()


def test_the_letter_says_the_reasons_and_the_way_to_a_review(services: World, officer: Any, web: Any) -> None:
    fact = ask(services, web)
    decide(officer, services, fact)

    letter = officer.get(href(services, fact, "letter")).content.decode()

    assert "An enquiry is open." in letter
    assert "look at this decision again" in letter


@pytest.mark.parametrize(
    ("step", "form", "said"),
    [
        pytest.param("decision", {"decision": "refused"}, "Enter why", id="a refusal without reasons"),
        pytest.param("told", {}, "no decision", id="told before a decision"),
        pytest.param("review", {"reviewed_by": "Secretary of State", "outcome": "upheld", "reasons": "x"},
                     "No review is under way", id="a review that nobody asked for"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(
    services: World, officer: Any, web: Any, step: str, form: dict[str, str], said: str
) -> None:
    fact = ask(services, web)

    answer = officer.post(href(services, fact, step), {**typed("day", today()), **form})

    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_leaving_the_roll_is_always_recorded_and_is_a_breach_once_it_is_law(
    services: World, officer: Any, web: Any
) -> None:
    services.say("section_47_enquiry", valid_from=today() - timedelta(days=20))
    fact = ask(services, web)

    answer = officer.post(href(services, fact, "removal"), typed("day", today()))

    assert answer.status_code == 302
    assert "Left the roll</strong>" in officer.get(href(services, fact)).content.decode()
    imagined = officer.get(href(services, fact) + "?in_force=2026-01-01").content.decode()
    assert "Left the roll without consent" in imagined
    assert officer.get(href(services, fact) + "?in_force=soon").status_code == 400


def test_the_gate_is_shown_when_the_law_is_imagined_in_force(services: World, officer: Any, web: Any) -> None:
    services.say("section_47_enquiry", valid_from=today() - timedelta(days=20))
    fact = ask(services, web)

    assert "May the child be taken off the roll?" not in officer.get(href(services, fact)).content.decode()
    imagined = officer.get(href(services, fact) + "?in_force=2026-01-01").content.decode()

    assert "May the child be taken off the roll?" in imagined
    assert "Not met" in imagined


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_kept_as_a_file(services: World, officer: Any, web: Any, form: str) -> None:
    ask(services, web)

    answer = officer.get(f"/home-education/?as={form}")

    assert answer.status_code == 200
    assert f"home-education.{form}" in answer["Content-Disposition"]


def test_the_list_leads_to_the_form_by_the_childs_number(services: World, web: Any) -> None:
    client = web("social_worker")

    assert client.get("/home-education/?child=C1001")["Location"].endswith(f"{services.uid()}/home-education/new/")
    assert client.get("/home-education/?child=C9999").status_code == 400
