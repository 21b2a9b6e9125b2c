"""Putting a restriction on a child's record and taking it off: who may, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from kinfold.access.restrictions import latest_review
from kinfold.access.words import Label
from kinfold.service.records.actions import restricting
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.models import (
    Alert,
    AuditEntry,
    PersonIndex,
    Restriction,
    RestrictionRequest,
    RoleHeld,
)
from kinfold.service.records.reads.restrictions import can_be_named, current, restricted_records
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.access.restrictions.restricting import LONG_AGO, RESTRICTING, WORDS, asked, put_on, sent
from tests.integration.council import World

pytestmark = pytest.mark.django_db


# ---- putting it on
@pytest.mark.parametrize("role", RESTRICTING)
def test_who_may_restricts_alone_and_only_those_named_open_the_record(world: World, web: Any, role: str) -> None:
    put_on(world, "social_worker", by=role)

    assert web("social_worker").get(f"/children/{world.uid()}/").status_code == 200
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 404
    assert web("team_manager").get(f"/children/{world.uid()}/").status_code == 404
    assert web("head_of_service").get(f"/children/{world.uid()}/").status_code == 200
    assert web("independent_reviewing_officer").get(f"/children/{world.uid()}/").status_code == 200


def test_it_is_put_on_by_a_form_that_is_checked_first(world: World, web: Any) -> None:
    client, href = web("head_of_service"), f"/children/{world.uid()}/restriction/put/"

    check = client.post(href, sent(world, "social_worker"))

    assert "Check before you go on" in check.content.decode()
    assert not Restriction.objects.exists()
    done = client.post(href, sent(world, "social_worker", checked="yes"), follow=True).content.decode()
    assert "The record is restricted, from now on" in done
    assert WORDS.replace("'", "&#x27;") in done
    assert "Asha Lind" in done
    row = Restriction.objects.get()
    assert (row.reason, row.label, row.by) == (
        "domestic_abuse",
        "restricted",
        "Hal Brook, Head of service or nominated officer",
    )
    assert PersonIndex.objects.get(pk=world.persons["child"].pk).label == "restricted"


def test_somebody_who_wants_to_change_something_finds_what_they_typed(world: World, web: Any) -> None:
    page = web("head_of_service").post(
        f"/children/{world.uid()}/restriction/put/", sent(world, "social_worker", change="yes")
    )

    assert WORDS.replace("'", "&#x27;") in page.content.decode()
    assert "<textarea" in page.content.decode()
    assert not Restriction.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"reason": ""}, "Choose why the record is restricted", id="no reason"),
        pytest.param({"because": "why"}, "Say what has happened, in 10 characters or more", id="no account"),
        pytest.param({"named": []}, "Choose who may still open the record", id="nobody is left"),
        pytest.param({"named": [str(uuid4())]}, "from the list", id="somebody who is not offered"),
        pytest.param({"review_date_year": "2099"}, "The review date must be after today", id="too late a review"),
    ],
)
def test_a_slip_is_named_and_restricts_nothing(world: World, web: Any, change: dict[str, Any], message: str) -> None:
    said = {**sent(world, "social_worker"), **change, "checked": "yes"}

    page = web("head_of_service").post(f"/children/{world.uid()}/restriction/put/", said).content.decode()

    assert "<title>Error: " in page
    assert message in page
    assert not Restriction.objects.exists()


def test_only_those_whom_a_list_lets_in_can_be_named(world: World) -> None:
    offered = [words for _, words in can_be_named(world.reader("head_of_service"), world.persons["child"])]

    assert offered == [
        "Asha Lind, Social worker", "Ben Ode, Social worker", "Cora Venn, Team manager or practice supervisor",
    ]  # fmt: skip


def test_nobody_of_the_childs_family_can_be_named(world: World) -> None:
    aunt = world.accounts["social_worker 2"].person
    assert aunt is not None
    world.persons["aunt"] = aunt
    world.say("aunt_or_uncle", "aunt", party="child")

    offered = [words for _, words in can_be_named(world.reader("head_of_service"), world.persons["child"])]

    assert "Ben Ode, Social worker" not in offered


# ---- a team manager asks
def test_a_team_manager_asks_and_nothing_changes_until_somebody_answers(world: World, web: Any) -> None:
    said = put_on(world, "social_worker", "team_manager", by="team_manager")

    assert said.startswith("Asked.")
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 200
    told_of = set(Alert.objects.filter(sort="restriction").values_list("account__name", flat=True))
    assert told_of == {"Hal Brook", "Rowena Castell", "Nadia Fenn"}
    assert not any("Robin" in alert.title for alert in Alert.objects.all())

    href = f"/restrictions/requests/{RestrictionRequest.objects.get().uid}/"
    assert web("team_manager").get(href).status_code == 403
    done = web("head_of_service").post(href, {"answer": "agree"}, follow=True).content.decode()

    assert "The record is restricted, from now on" in done
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 404
    assert web("team_manager").get(f"/children/{world.uid()}/").status_code == 200
    assert not Alert.objects.filter(sort="restriction", done_at__isnull=True).exists()
    assert web("head_of_service").get(href).status_code == 404


def test_a_request_is_declined_with_a_reason_and_the_one_who_asked_is_told(world: World, web: Any) -> None:
    put_on(world, "social_worker", by="team_manager")
    href = f"/restrictions/requests/{RestrictionRequest.objects.get().uid}/"

    assert "Say why" in web("head_of_service").post(href, {"answer": "decline"}).content.decode()
    web("head_of_service").post(href, {"answer": "decline", "because": "She has left the front desk"})

    row = RestrictionRequest.objects.get()
    assert (row.agreed, row.answer) == (False, "She has left the front desk")
    assert not Restriction.objects.exists()
    assert "declined" in Alert.objects.get(account=world.accounts["team_manager"]).title


def test_nobody_asks_twice_or_answers_what_they_asked_for_themselves(world: World) -> None:
    put_on(world, "social_worker", by="team_manager")
    manager = world.accounts["team_manager"]
    request = str(RestrictionRequest.objects.get().uid)
    RoleHeld.objects.create(
        account=manager, role="head_of_service", held_by=world.holder, from_date=LONG_AGO, granted_by="test"
    )

    with pytest.raises(NotPermitted):
        restricting.answer(world.reader("team_manager"), request, agree=True)
    RoleHeld.objects.filter(account=manager, role="head_of_service").delete()
    with pytest.raises(InputError, match="already"):
        put_on(world, "social_worker", by="team_manager")


def test_a_team_manager_takes_nothing_off(world: World, web: Any) -> None:
    put_on(world, "social_worker", "team_manager")

    with pytest.raises(NotPermitted):
        restricting.take_off(world.reader("team_manager"), world.uid(), because="It was a mistake")
    assert web("team_manager").get(f"/children/{world.uid()}/restriction/end/").status_code == 403
    assert current(world.persons["child"]) is not None


# ---- taking it off, and looking at it again
def test_it_is_taken_off_with_a_reason_and_its_history_stays(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    page = web("head_of_service").post(
        f"/children/{world.uid()}/restriction/end/", {"because": "Put on the wrong record"}, follow=True
    )

    assert "The restriction is taken off" in page.content.decode()
    assert "Put on the wrong record" in page.content.decode()
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 200
    assert PersonIndex.objects.get(pk=world.persons["child"].pk).label == "open"
    row = Restriction.objects.get()
    assert row.until_at is not None
    assert (row.ended_by, row.ended_because) == (
        "Hal Brook, Head of service or nominated officer",
        "Put on the wrong record",
    )


def test_taking_it_off_needs_a_reason(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    page = web("head_of_service").post(f"/children/{world.uid()}/restriction/end/", {"because": ""})

    assert "Say why it is taken off" in page.content.decode()
    assert current(world.persons["child"]) is not None


def test_looking_at_it_again_keeps_the_earlier_one_and_changes_who_is_named(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    again = restricting.Asked("known_to_staff", "The aunt has left; a cousin has come", [str(world.accounts["social_worker 2"].uid)],
                              latest_review(timezone.localdate()))  # fmt: skip
    restricting.put_on(world.reader("director_of_childrens_services"), world.uid(), again)

    assert web("social_worker").get(f"/children/{world.uid()}/").status_code == 404
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 200
    first, second = Restriction.objects.order_by("pk")
    assert (first.ended_because, second.until_at) == ("looked at again and kept", None)
    assert PersonIndex.objects.get(pk=world.persons["child"].pk).label == "restricted"


def test_a_sealed_label_beside_it_stays_when_the_restriction_is_taken_off(world: World) -> None:
    put_on(world, "social_worker")
    restrict(person=world.persons["child"], label=Label.ADDRESS_PROTECTED, named=[], by="test", because="a test")

    restricting.take_off(world.reader("head_of_service"), world.uid(), because="The reason is over")

    assert PersonIndex.objects.get(pk=world.persons["child"].pk).label == "address_protected"


# ---- the list of what is to be looked at again
def test_the_list_has_first_what_is_first_to_be_looked_at_again(world: World, web: Any) -> None:
    put_on(world, "social_worker")
    soon = asked(world, "social_worker", review_date=timezone.localdate() + timedelta(days=3))
    restricting.put_on(world.reader("head_of_service"), world.uid("other"), soon)
    Restriction.objects.filter(person=world.persons["other"]).update(
        review_date=timezone.localdate() - timedelta(days=1)
    )

    names = [one.name for one in restricted_records(world.reader("head_of_service"))]
    page = web("head_of_service").get("/restrictions/").content.decode()

    assert names == ["Tia Marsh", "Robin Quill"]
    assert "Overdue" in page
    assert page.index("Tia Marsh") < page.index("Robin Quill")
    assert AuditEntry.objects.filter(action="list").exists()


def test_a_manager_who_is_not_named_does_not_see_the_record_in_the_list(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    page = web("team_manager").get("/restrictions/").content.decode()

    assert "Robin Quill" not in page
    assert "No record that you could restrict is restricted" in page
