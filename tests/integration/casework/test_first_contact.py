"""A first contact about a child whom the worker does not work with: found on record first, or new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Alert, EventFact, Thing

pytestmark = pytest.mark.django_db
CONTACT = {"day_day": "3", "day_month": "3", "day_year": "2026", "contact_source": "1A", "reason": "Hungry at school"}


@pytest.fixture
def other(world: Any) -> Any:
    """Return the council with a child whom another worker works with."""
    made = world.add("other", "child", "Juniper", "Vale", date(2016, 1, 9))
    index_persons(world.holder.pk, {made.pk})
    world.allocate(world.accounts["team_manager"], "SOCIAL_WORKER", "other")
    return world


def test_a_child_nobody_knew_is_added_and_can_be_referred_at_once(other: Any, web: Any) -> None:
    client = web("social_worker")

    answer = client.post("/contacts/new/", {**CONTACT, "forename": "Wilfred", "surname": "Ashdown", "born_day": "1",
                                            "born_month": "5", "born_year": "2019"})  # fmt: skip

    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Wilfred Ashdown" in page
    assert "Referral" in page
    assert EventFact.objects.get(kind="contact").payload["reason"] == "Hungry at school"


def test_a_child_on_record_is_found_first_and_their_worker_is_told(other: Any, web: Any) -> None:
    client, before = web("social_worker"), Thing.objects.count()
    typed = {**CONTACT, "forename": "Juniper", "surname": "Vale"}

    asked = client.post("/contacts/new/", typed)
    assert asked.status_code == 200
    assert "Is it one of these children?" in asked.content.decode()
    assert not EventFact.objects.filter(kind="contact").exists()
    answer = client.post("/contacts/new/", {**typed, "known": other.uid("other")})

    assert answer.status_code == 302
    assert EventFact.objects.get(kind="contact").subject == other.persons["other"]
    assert Thing.objects.count() == before
    assert Alert.objects.filter(account=other.accounts["team_manager"], sort="first contact").exists()
    assert client.get(f"/children/{other.uid('other')}/").status_code == 404


def test_nobody_is_chosen_whom_the_search_did_not_offer(other: Any, web: Any) -> None:
    typed = {**CONTACT, "forename": "Juniper", "surname": "Vale"}

    answer = web("social_worker").post("/contacts/new/", {**typed, "known": other.uid("mother")})

    assert answer.status_code == 200
    assert not EventFact.objects.filter(kind="contact").exists()


def test_a_contact_without_a_name_says_what_to_do(other: Any, web: Any) -> None:
    page = web("social_worker").post("/contacts/new/", CONTACT).content.decode()

    assert "write “Unknown”" in page
