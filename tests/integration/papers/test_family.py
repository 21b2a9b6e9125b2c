"""The family page: who stands on it, who never does, and changing a tie."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kinfold.service.records.models import AuditEntry, TieFact
from kinfold.service.records.reads.family import family_of

pytestmark = pytest.mark.django_db


def names(family: Any) -> set[str]:
    return {one.name for one in family.people.values()}


def test_a_sister_is_worked_out_from_the_shared_mother(world: Any) -> None:
    family = family_of(world.reader("social_worker"), world.uid())

    sisters = [tie for tie in family.ties if tie.why == "same mother"]
    assert len(sisters) == 1
    assert {"Robin Quill", "Ottoline Brae", "Juniper Quill"} <= names(family)


def test_a_restricted_brother_is_never_shown_to_exist(world: Any, web: Any) -> None:
    answer = web("social_worker").get(f"/children/{world.uid()}/family/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Juniper Quill" in page
    assert "Felix" not in page
    assert world.uid("brother") not in page
    assert "3 people" in page


def test_the_brother_is_there_for_those_who_may_know(world: Any) -> None:
    family = family_of(world.reader("information_governance", "a right"), world.uid())

    assert "Felix Quill" in names(family)


def test_a_family_group_joins_those_with_no_nearer_tie(world: Any) -> None:
    world.add("group", "group", "", "")
    world.add("uncle", "adult", "Bram", "Oake")
    for one in ("child", "uncle"):
        world.say("member_of_group", one, party="group")

    family = family_of(world.reader("social_worker"), world.uid())

    assert [tie.why for tie in family.ties if tie.kind.name == "member_of_group"] == ["in one family group"]
    assert "Bram Oake" in names(family)


def test_the_look_is_recorded(world: Any) -> None:
    family_of(world.reader("social_worker"), world.uid())

    assert AuditEntry.objects.filter(action="family page", person=world.uid()).exists()


def test_somebody_new_is_tied_to_the_child(world: Any, web: Any) -> None:
    client = web("social_worker")
    sent = {"who": "new", "forename": "Maud", "surname": "Brae", "tie": "grandparent:subject", "contact": "supervised"}

    answer = client.post(f"/children/{world.uid()}/family/new/", sent)

    assert answer.status_code == 302
    tie = TieFact.objects.get(kind="grandparent")
    assert tie.party == world.persons["child"]
    assert tie.payload == {"contact": "supervised"}
    assert "Maud Brae" in client.get(f"/children/{world.uid()}/family/").content.decode()


def test_somebody_new_needs_a_name(world: Any, web: Any) -> None:
    answer = web("social_worker").post(f"/children/{world.uid()}/family/new/", {"who": "new", "tie": "friend:subject"})

    assert answer.status_code == 200
    assert "Enter a forename or a surname" in answer.content.decode()
    assert not TieFact.objects.filter(kind="friend").exists()


def test_a_restricted_person_cannot_be_chosen_or_told_apart_from_nobody(world: Any, web: Any) -> None:
    sent = {"who": world.uid("brother"), "tie": "sibling:subject"}

    answer = web("social_worker").post(f"/children/{world.uid()}/family/new/", sent)

    assert "from the list" in answer.content.decode()
    assert not TieFact.objects.filter(kind="sibling").exists()


def change(web: Any, world: Any, **sent: str) -> Any:
    client = web("social_worker")
    fact = TieFact.objects.get(kind="mother_of", party=world.persons["child"], known_to__isnull=True).fact
    href = f"/children/{world.uid()}/family/{fact}/"
    page = client.get(href).content.decode()
    mark = re.search(r'name="made_from" value="([0-9a-f]+)"', page)
    assert mark is not None
    return client, href, {"made_from": mark.group(1), **sent}


def test_a_tie_is_corrected_and_its_earlier_version_kept(world: Any, web: Any) -> None:
    client, href, sent = change(web, world, contact="none", because="the court ordered it")

    assert client.post(href, sent).status_code == 302
    versions = TieFact.objects.filter(kind="mother_of", party=world.persons["child"])
    assert versions.count() == 2
    now = versions.get(known_to__isnull=True)
    assert now.payload["contact"] == "none"


def test_a_tie_ends_on_a_day(world: Any, web: Any) -> None:
    client, href, sent = change(
        web, world, since_day="1", since_month="1", since_year="2020", until_day="1", until_month="2",
        until_year="2026", because="it ended",
    )  # fmt: skip

    assert client.post(href, sent).status_code == 302
    assert "Ties that have ended" in client.get(f"/children/{world.uid()}/family/").content.decode()


def test_two_people_who_change_one_tie_both_keep_their_words(world: Any, web: Any) -> None:
    client, href, first = change(web, world, contact="none", because="one")
    _, _, second = change(web, world, contact="supervised", because="my own words")
    client.post(href, first)

    answer = client.post(href, second)

    assert answer.status_code == 409
    assert "my own words" in answer.content.decode()
    assert (
        TieFact.objects.get(kind="mother_of", party=world.persons["child"], known_to__isnull=True).payload["contact"]
        == "none"
    )


def test_a_tie_that_never_held_is_withdrawn(world: Any, web: Any) -> None:
    client, href, sent = change(web, world)
    withdrawn = {"withdraw": "1", "withdraw-reason": "mistake", "withdraw-because": "a slip",
                 "withdraw-made_from": sent["made_from"]}  # fmt: skip

    assert client.post(href, withdrawn).status_code == 302
    assert TieFact.objects.get(kind="mother_of", party=world.persons["child"], known_to__isnull=True).status == "void"


def test_nobody_without_reach_sees_or_changes_a_family(world: Any, web: Any) -> None:
    world.work("social_worker", "Someone Else")

    client = web("social_worker 2")

    assert client.get(f"/children/{world.uid()}/family/").status_code == 404
    assert client.post(f"/children/{world.uid()}/family/new/", {"who": "new"}).status_code == 404
