"""Family hubs, what they offer, and a referral that is answered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from kinfold.service.records.models import BodyFact, EventFact

pytestmark = pytest.mark.django_db
DAY = {"since_day": "3", "since_month": "3", "since_year": "2026"}


def test_a_hub_is_added_with_a_service_and_can_be_referred_to(world: Any, web: Any) -> None:
    client = web("social_worker")
    assert "No hub is recorded" in client.get("/hubs/").content.decode()

    added = client.post("/hubs/", {"name": "Harbour Hub"})
    client.post(added["Location"], {**DAY, "service": "Parenting course", "practice_guide": "Parenting through change"})

    page = client.get("/hubs/").content.decode()
    assert "Harbour Hub" in page
    assert "Parenting through change" in page
    assert "Harbour Hub" in client.get(f"/children/{world.uid()}/record/service_referral/").content.decode()


def test_two_hubs_of_one_name_are_refused(world: Any, web: Any) -> None:
    client = web("social_worker")
    client.post("/hubs/", {"name": "Harbour Hub"})

    assert "There is a hub of that name already" in client.post("/hubs/", {"name": "harbour hub"}).content.decode()


def test_a_service_answers_a_referral_with_a_reason_when_it_declines(world: Any, web: Any) -> None:
    fact = world.say("service_referral", values={"service": "Parenting course"}, valid_from=world.before)
    client, href = web("social_worker"), f"/children/{world.uid()}/record/service_answer/"
    said = {"version": "0", "which": fact, "answer": "declined", "answered_date_day": "3", "answered_date_month": "3",
            "answered_date_year": "2026"}  # fmt: skip

    silent = client.post(href, said)
    client.post(href, {**said, "version": "1", "declined_reason": "Full until June"})
    client.post(f"{href}check/", {"version": "2"})

    assert "Why did it decline?" in silent.content.decode()
    assert (
        EventFact.objects.get(kind="service_referral", known_to__isnull=True).payload["declined_reason"]
        == "Full until June"
    )


def test_a_hub_shows_what_it_answered_and_who_came_by_programme_and_practice_guide(world: Any, web: Any) -> None:
    client = web("social_worker")
    client.post("/hubs/", {"name": "Harbour Hub"})
    world.persons["hub"] = BodyFact.objects.get(kind="partner_details").subject
    today = timezone.localdate()
    for answer in ("accepted", "declined", None):
        said = {"service": "Parenting course", **({"answer": answer} if answer else {})}
        world.say("service_referral", party="hub", values=said, valid_from=today)
    for who, came in (("child", True), ("child", True), ("mother", True), ("mother", False)):
        values = {"programme": "Parenting course", "practice_guide": "Parenting through change", "attended": came}
        world.say("service_attendance", who, party="hub", values=values, valid_from=today)
    world.say("service_attendance", party="hub", values={"programme": "Long ago"}, valid_from=world.before)

    page = client.get("/hubs/").content.decode()

    assert "1 accepted, 1 declined, 1 not answered yet" in page
    told = re.sub(r"<[^>]+>", " ", page.split("Who came to Harbour Hub")[-1])
    assert re.search(r"Parenting through change\s+.*?2\s+.*?3\s+.*?1\s", told, re.S), told
    assert "Long ago" not in page
