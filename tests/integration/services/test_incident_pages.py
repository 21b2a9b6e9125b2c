"""A serious incident from awareness to a recommendation that is done, the wall, learning, and the Panel's door."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kinfold.service.records.commits import writing
from kinfold.service.records.models import EventFact, Holder, Reach, SpellFact
from kinfold.service.records.reads import incidents_wall
from kinfold.service.records.reads.caseload import Case, fill_statuses
from kinfold.service.records.reads.person import whole
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from tests.integration.services.conftest import World, typed

pytestmark = pytest.mark.django_db
WHAT = "Bruising that nobody could explain."


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> dict[str, str]:
    return typed("day", today() - timedelta(days=days))


def record(world: World, web: Any, days_ago: int = 3) -> str:
    form = {**ago(days_ago), "time": "15:10", "what_happened": WHAT,
            "criteria": ["abuse or neglect known or suspected", "child seriously harmed"]}  # fmt: skip
    answer = web("social_worker").post(f"/children/{world.uid()}/incidents/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return str(EventFact.objects.filter(kind="serious_incident").latest("pk").fact)


def href(world: World, fact: str, step: str = "") -> str:
    return f"/children/{world.uid()}/incidents/{fact}/" + (f"{step}/" if step else "")


def do(client: Any, world: World, fact: str, step: str, form: dict[str, Any]) -> None:
    answer = client.post(href(world, fact, step), form)
    assert answer.status_code == 302, (step, answer.content.decode())


def notified(world: World, web: Any, days_ago: int = 3) -> str:
    fact = record(world, web, days_ago)
    manager, director = web("safeguarding_partnership_manager"), web("director_of_childrens_services")
    do(manager, world, fact, "criteria", {"notifiable": "yes", "reasons": "Serious harm, and abuse is suspected."})
    do(director, world, fact, "submission", {"outcome": "approved", "content": "A child of three was hurt."})
    return fact


def reviewed(world: World, web: Any) -> str:
    fact = notified(world, web)
    manager = web("safeguarding_partnership_manager")
    do(manager, world, fact, "rapid-review", {**ago(0), "recommends_review": "yes", "learning": "See babies alone."})
    do(
        manager,
        world,
        fact,
        "decision",
        {**ago(0), "choice": "review", "maker": "The three partners", "reasons": "New."},
    )
    return fact


def test_the_partnerships_manager_is_appointed_by_the_incident(services: World, web: Any) -> None:
    manager = web("safeguarding_partnership_manager")
    assert "Robin Quill" not in manager.get("/incidents/").content.decode()

    fact = record(services, web)

    assert "Robin Quill" in manager.get("/incidents/").content.decode()
    assert WHAT in manager.get(href(services, fact)).content.decode()


def test_only_the_director_submits_and_both_days_of_the_rapid_review_are_shown(services: World, web: Any) -> None:
    fact = record(services, web)
    manager, director = web("safeguarding_partnership_manager"), web("director_of_childrens_services")
    do(manager, services, fact, "criteria", {"notifiable": "yes", "reasons": "Serious harm."})

    assert manager.post(href(services, fact, "submission"), {"outcome": "approved"}).status_code == 404
    do(director, services, fact, "submission", {"outcome": "approved"})

    page = manager.get(href(services, fact)).content.decode()
    assert "Rapid review under way" in page
    assert "counted from becoming aware" in page
    told = EventFact.objects.get(kind="notification")
    assert told.payload["recipients"] == ["the Panel", "safeguarding partners"]
    assert told.payload["concerns"] == fact


def test_a_returned_submission_says_what_to_put_right(services: World, web: Any) -> None:
    fact = record(services, web)
    manager, director = web("safeguarding_partnership_manager"), web("director_of_childrens_services")
    do(manager, services, fact, "criteria", {"notifiable": "yes", "reasons": "Serious harm."})

    without = director.post(href(services, fact, "submission"), {"outcome": "returned"})
    do(director, services, fact, "submission", {"outcome": "returned", "reasons": "Say who saw the child."})

    assert "Say what has to be put right" in without.content.decode()
    assert "Returned: Say who saw the child." in manager.get(href(services, fact)).content.decode()


def test_a_review_is_published_and_its_recommendation_followed_to_done(services: World, web: Any) -> None:
    fact = reviewed(services, web)
    manager = web("safeguarding_partnership_manager")
    for step in ("practice-review", "final", "sent", "published"):
        do(manager, services, fact, step, ago(0))
    do(
        manager,
        services,
        fact,
        "recommendation",
        {**ago(0), "words": "Train everybody on bruising.", "theme": "bruising"},
    )
    one = SpellFact.objects.get(kind="recommendation", known_to__isnull=True)
    address = href(services, fact, f"recommendations/{one.fact}")
    mark = manager.get(address).context["form"]["made_from"].value()

    unsaid = manager.post(address, {"made_from": mark, **typed("done_on", today())})
    done = manager.post(
        address,
        {"made_from": mark, "answer": "accepted", "what_changed": "All were trained.", **typed("done_on", today())},
    )
    stale = manager.post(address, {"made_from": mark, "answer": "accepted"})

    assert "Say what changed" in unsaid.content.decode()
    assert done.status_code == 302
    assert stale.status_code == 409
    assert "Closed</strong>" in manager.get(href(services, fact)).content.decode()


def test_a_step_that_must_wait_says_for_what(services: World, web: Any) -> None:
    fact = record(services, web)

    answer = web("safeguarding_partnership_manager").post(
        href(services, fact, "rapid-review"), {**ago(0), "recommends_review": "no"}
    )

    assert "has not been notified yet" in answer.content.decode()


def test_the_notification_names_no_child(services: World, web: Any) -> None:
    fact = notified(services, web)

    letter = web("director_of_childrens_services").get(href(services, fact, "notice")).content.decode()

    assert "section 16C(1)" in letter
    assert "A child of three was hurt." in letter
    assert "Robin" not in letter.split("<main")[1].split("</main")[0]


def test_who_does_not_work_with_the_child_sees_nothing(services: World, web: Any) -> None:
    fact = record(services, web)
    services.work("social_worker", "Una Stranger")

    stranger = web("social_worker 2")

    assert stranger.get(href(services, fact)).status_code == 404
    assert "Robin Quill" not in stranger.get("/incidents/").content.decode()
    assert web("information_governance").get("/incidents/").status_code == 403


def test_the_directors_wall_shows_what_is_overdue_and_who_died(services: World, web: Any) -> None:
    fact = record(services, web, days_ago=30)
    do(web("safeguarding_partnership_manager"), services, fact, "criteria", {"notifiable": "yes", "reasons": "Harm."})
    services.say("death", "sister", values={"death_date": today() - timedelta(days=2), "was_looked_after": True},
                 valid_from=today() - timedelta(days=2))  # fmt: skip
    services.say("child_protection_plan", values={"initial_category": "NEG"}, valid_from=today() - timedelta(days=200))

    page = web("director_of_childrens_services").get("/safety-wall/").content.decode()

    assert "Notify the Panel" in page
    assert "Juniper Quill" in page
    assert "death of a looked-after child" in page.lower()
    assert "children with an open enquiry or protection plan" in page


@pytest.mark.parametrize(
    ("doors", "at_risk"),
    [
        pytest.param({"kinfold": None}, 1, id="typed in, without an end"),
        pytest.param({"daily_feed": None}, 1, id="a door that would have said its end"),
        pytest.param({"cin_census": None}, 0, id="a door that never says an end"),
        pytest.param({"daily_feed": 15}, 0, id="ended"),
        pytest.param({"standard_safeguarding_dataset": 15, "daily_feed": None}, 0, id="ended, by the door that leads"),
    ],
)
def test_an_enquiry_counts_as_open_where_its_door_would_have_said_its_end(
    services: World, doors: dict[str, int | None], at_risk: int
) -> None:
    began = today() - timedelta(days=400)
    child, director = services.persons["child"], services.reader("director_of_childrens_services")
    with as_system(), writing(held_by=services.holder.pk, by="test", because="a file") as change:
        for source, days in doors.items():
            SpellFact.objects.create(
                fact=uuid4(), known_from=change.number, kind="section_47_enquiry", subject=child,
                held_by=services.holder, valid_from=began, recorded_by="test", source=source,
                valid_to=None if days is None else began + timedelta(days=days),
            )  # fmt: skip

    case = Case(uid="", name="", la_child_id="", birth_date=None, expected_birth_date=None, person=child.pk)
    fill_statuses([case])

    assert incidents_wall.wall(director).children == at_risk
    assert ("Section 47 enquiry" in dict(case.statuses)) is bool(at_risk)
    assert (whole(director, services.uid()).now("section_47_enquiry") is not None) is bool(at_risk)


def test_a_death_is_notified_from_its_page(services: World, web: Any) -> None:
    services.say("death", values={"was_looked_after": True}, valid_from=today() - timedelta(days=2))
    client = web("social_worker")
    address = f"/children/{services.uid()}/death/"

    answer = client.post(address, {**ago(0), "notification_type": "death of a looked-after child", "channel": "portal"})

    assert answer.status_code == 302
    assert "Met" in client.get(address).content.decode()


def test_learning_is_recorded_found_and_kept_without_names(services: World, web: Any) -> None:
    manager = web("safeguarding_partnership_manager")
    form = {**ago(0), "words": "Fathers were not asked.", "theme": "men in the home", "came_from": "rapid review"}
    assert manager.post("/learning/new/", form).status_code == 302

    found = web("information_governance").get("/learning/?q=father").content.decode()

    assert "Fathers were not asked." in found
    assert "Fathers were not asked." not in manager.get("/learning/?q=grandparents").content.decode()
    assert "Fathers" in manager.get("/learning/?as=csv").content.decode("utf-8-sig")


def test_a_recommendation_is_found_by_everybody_only_once_the_report_is_published(services: World, web: Any) -> None:
    fact = reviewed(services, web)
    manager, other = web("safeguarding_partnership_manager"), web("information_governance")
    do(manager, services, fact, "practice-review", ago(0))
    do(manager, services, fact, "recommendation", {**ago(0), "words": "Train on bruising.", "theme": "bruising"})
    assert "Train on bruising." in manager.get("/learning/").content.decode()
    assert "Train on bruising." not in other.get("/learning/").content.decode()

    for step in ("final", "sent", "published"):
        do(manager, services, fact, step, ago(0))

    page = other.get("/learning/").content.decode()
    assert "Train on bruising." in page
    assert services.uid() not in page


def test_the_yearly_report_is_built_from_the_record_and_recorded_as_published(services: World, web: Any) -> None:
    notified(services, web)
    manager = web("safeguarding_partnership_manager")

    report = manager.get("/partnership-report/").content.decode()
    assert manager.post("/partnership-report/", ago(0)).status_code == 302

    assert "Notified in time" in report
    assert "Not recorded as published." in report
    assert "Published on" in manager.get("/partnership-report/").content.decode()
    assert "Incidents,Notified to the Panel,1" in manager.get("/partnership-report/?as=csv").content.decode("utf-8-sig")
    assert manager.get("/partnership-report/?year=soon").status_code == 400


# --- the Panel's door ----------------------------------------------------------------------------


@pytest.fixture
def department(services: World, settings: Any) -> World:
    """Return the Department's side: its own holder, with somebody who reads for the Panel."""
    other = World(add_holder(code="DFE", name="Department for Education", sort="department"))
    other.work("practice_review_panel_reader", "Pilar Noon")
    return other


def as_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("message.json", content, content_type="application/json")


def panel_of(department: World, settings: Any) -> Any:
    from tests.integration.services.conftest import Browser

    settings.INSTALLATION = "department"
    client = Browser()
    client.force_login(department.accounts["practice_review_panel_reader"], "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_panel_receives_replies_and_the_council_reads_it_in(
    services: World, web: Any, department: World, settings: Any
) -> None:
    fact = reviewed(services, web)
    manager = web("safeguarding_partnership_manager")
    sent = manager.get(href(services, fact, "message")).content
    assert b"Robin" not in sent

    panel = panel_of(department, settings)
    unchecked = panel.post("/panel/", {"file": as_file(sent)})
    received = panel.post("/panel/", {"file": as_file(sent), "checked": "on"})
    again = panel.post("/panel/", {"file": as_file(sent)}, follow=True)
    page = panel.get("/panel/").content.decode()
    case = EventFact.objects.get(kind="serious_incident", held_by=department.holder)
    where = f"/panel/{case.subject.uid}/{case.fact}/"
    replied = panel.post(where + "reply/", {"words": "We agree.", "national": "not commissioned", "reasons": "Local."})
    back = panel.get(where + "message/").content
    shown = panel.get(where).content.decode()

    settings.INSTALLATION = "council"
    read = manager.post(href(services, fact, "reply"), {"file": as_file(back), "checked": "on"})
    twice = manager.post(href(services, fact, "reply"), {"file": as_file(back)}, follow=True)

    assert "compare the fingerprint" in unchecked.content.decode().replace("\n", " ")
    assert received.status_code == 302
    assert "received before" in again.content.decode()
    assert "Elmshire: case" in page
    assert replied.status_code == 302
    assert "We agree." in shown
    assert read.status_code == 302
    assert "read in before" in twice.content.decode()
    ours = manager.get(href(services, fact)).content.decode()
    assert "We agree." in ours
    assert "National review: not commissioned." in ours
    assert set(EventFact.objects.filter(held_by=department.holder).values_list("subject__held_by", flat=True)) == {
        department.holder.pk
    }


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(
            lambda m: {**m, "sender": "x", "made_at": "2020-01-01T00:00:00+00:00"}, "was changed", id="changed"
        ),
        pytest.param(lambda m: {**m, "signature": "00" * 64}, "was changed", id="another signature"),
        pytest.param(lambda m: {**m, "direction": "from the Panel"}, "goes the other way", id="a reply"),
    ],
)
def test_a_message_that_does_not_hold_leaves_nothing_behind(
    services: World, web: Any, department: World, settings: Any, spoil: Any, said: str
) -> None:
    fact = notified(services, web)
    sent = json.loads(web("director_of_childrens_services").get(href(services, fact, "message")).content)

    panel = panel_of(department, settings)
    answer = panel.post("/panel/", {"file": as_file(json.dumps(spoil(sent)).encode()), "checked": "on"})

    assert said in answer.content.decode()
    assert not EventFact.objects.filter(held_by=department.holder).exists()
    assert not Reach.objects.filter(held_by=department.holder, person__isnull=False).exists()


def test_nothing_leaves_before_the_director_submitted(services: World, web: Any) -> None:
    fact = record(services, web)
    manager = web("safeguarding_partnership_manager")
    do(manager, services, fact, "criteria", {"notifiable": "yes", "reasons": "Serious harm."})

    answer = manager.get(href(services, fact, "message"))

    assert answer.status_code == 400
    assert "has not submitted" in answer.content.decode()


def test_the_panels_pages_do_not_exist_in_a_council(services: World, web: Any) -> None:
    assert web("director_of_childrens_services").get("/panel/").status_code == 404
    assert Holder.objects.count() == 1
