"""Approvals: by somebody else than the author, with reasons when returned, recorded as the author's work."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.service.records.actions.casework_approvals import approve
from kinfold.service.records.models import Alert, EventFact, FormDraft, SpellFact
from kinfold.terms.errors import NotPermitted

pytestmark = pytest.mark.django_db
FOUND = {"day_day": "3", "day_month": "3", "day_year": "2026", "child_seen": "yes", "child_seen_alone": "yes",
         "wishes_recorded": "yes", "factors": ["1A"], "analysis": "Robin needs more sleep", "outcome": "",
         "authorised_date_day": "3", "authorised_date_month": "3", "authorised_date_year": "2026",
         "own_words": "I want my own room"}  # fmt: skip


def sent(world: Any, client: Any) -> FormDraft:
    """Write an assessment and send it for approval."""
    from kinfold.terms.codes import code_set

    fact = world.say("assessment", valid_from=date(2026, 1, 5))
    outcome = code_set("assessment_outcome").codes(date(2026, 3, 3))[0]
    href = f"/children/{world.uid()}/record/assessment/"
    answer = client.post(href, {**FOUND, "version": "0", "which": fact, "outcome": outcome})
    assert answer.status_code == 302, answer.content.decode()[-4000:]
    assert client.post(f"{href}check/", {"version": "1", "how": "happened"}).status_code == 302
    return FormDraft.objects.get()


def test_an_assessment_is_on_the_record_only_once_a_manager_approved_it(world: Any, web: Any) -> None:
    waiting = sent(world, web("social_worker"))
    manager = web("team_manager")
    assert SpellFact.objects.get(kind="assessment", known_to__isnull=True).valid_to is None

    assert "Robin Quill" in manager.get("/approvals/").content.decode()
    page = manager.get(f"/approvals/{waiting.uid}/").content.decode()
    answer = manager.post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "approve": "1"})

    assert "Robin needs more sleep" in page
    assert answer.status_code == 302
    fact = SpellFact.objects.get(kind="assessment", known_to__isnull=True)
    assert fact.valid_to == date(2026, 3, 3)
    assert fact.recorded_by == str(world.accounts["social_worker"].uid)
    said = EventFact.objects.get(kind="approval").payload
    assert (said["outcome"], said["approved_by"], said["requested_by"]) == ("approved", "Cora Venn", "Asha Lind")
    assert "I want my own room" in web("social_worker").get(f"/children/{world.uid()}/").content.decode()
    assert not FormDraft.objects.exists()


def test_nobody_approves_their_own(world: Any, web: Any) -> None:
    waiting = sent(world, web("team_manager"))

    page = web("team_manager").get(f"/approvals/{waiting.uid}/").content.decode()

    assert "It waits for somebody else’s approval" in page
    with pytest.raises(NotPermitted):
        approve(world.reader("team_manager"), str(waiting.uid), version=waiting.version)
    assert "Robin Quill" not in web("team_manager").get("/approvals/").content.decode().split("<main")[1]


def test_a_worker_who_may_not_approve_cannot(world: Any, web: Any) -> None:
    waiting = sent(world, web("social_worker"))

    answer = web("social_worker 2").post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "approve": "1"})

    assert answer.status_code == 404
    assert SpellFact.objects.get(kind="assessment", known_to__isnull=True).valid_to is None


def test_it_is_returned_with_reasons_and_goes_on_from_there(world: Any, web: Any) -> None:
    waiting = sent(world, web("social_worker"))
    manager, author = web("team_manager"), web("social_worker")

    silent = manager.post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "return": "1"})
    told = manager.post(
        f"/approvals/{waiting.uid}/", {"version": waiting.version, "return": "1", "reasons": "Say what Robin eats"}
    )

    assert silent.status_code == 400
    assert told.status_code == 302
    assert Alert.objects.get(account=world.accounts["social_worker"]).title.startswith("Cora Venn returned")
    page = author.get(f"/children/{world.uid()}/record/assessment/").content.decode()
    assert "Say what Robin eats" in page
    assert "Robin needs more sleep" in page
    assert EventFact.objects.get(kind="approval").payload["outcome"] == "returned"
    assert Alert.objects.get(account=world.accounts["social_worker"]).done_at is not None


def test_what_waits_can_be_taken_back_and_is_not_changed_meanwhile(world: Any, web: Any) -> None:
    client = web("social_worker")
    waiting = sent(world, client)
    href = f"/children/{world.uid()}/record/assessment/"

    blocked = client.post(f"{href}draft/", {"version": waiting.version, "analysis": "Another"})
    client.post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "take_back": "1"})

    assert blocked.status_code == 409
    assert FormDraft.objects.get().state == "writing"
    assert client.get(href).status_code == 200


def test_an_approval_of_what_changed_meanwhile_is_refused(world: Any, web: Any) -> None:
    waiting = sent(world, web("social_worker"))
    FormDraft.objects.update(version=waiting.version + 1)

    answer = web("team_manager").post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "approve": "1"})

    assert answer.status_code == 409
    assert SpellFact.objects.get(kind="assessment", known_to__isnull=True).valid_to is None
