"""A restricted record: who sees what, what is kept in the audit, and the records joined to it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from kinfold.access.roles import ROLES, Restricted
from kinfold.access.words import Installation, Verb
from kinfold.service.records.actions import facts, restricting
from kinfold.service.records.models import (
    Account,
    Alert,
    AuditEntry,
    Restriction,
    RestrictionRequest,
)
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.search import search
from tests.integration.access.restrictions.restricting import LONG_AGO, put_on, sent, told
from tests.integration.council import World, signing_in

pytestmark = pytest.mark.django_db


# ---- what others see
def test_those_named_see_on_the_childs_page_that_it_is_restricted_and_not_why(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    page = web("social_worker").get(f"/children/{world.uid()}/").content.decode()

    assert "This record is restricted" in page
    assert "front desk" not in page
    assert "/restriction/" not in page
    assert "/restriction/" in web("head_of_service").get(f"/children/{world.uid()}/").content.decode()


def test_search_says_whom_to_ask_to_those_who_may_know_and_nothing_to_the_others(world: World) -> None:
    put_on(world, "social_worker")

    manager, worker = (search(world.reader(who), "Robin Quill") for who in ("team_manager", "social_worker 2"))

    assert manager.ask == ["1 restricted record: ask Hal Brook, Head of service or nominated officer."]
    assert (manager.hits, worker.hits, worker.ask) == ([], [], [])


def test_what_waited_about_the_child_is_off_the_first_page_of_those_who_may_not_know(world: World, web: Any) -> None:
    for who in ("social_worker", "social_worker 2"):
        Alert.objects.create(
            account=world.accounts[who],
            held_by=world.holder,
            sort="breach",
            at=timezone.now(),
            title="Something is overdue",
            href=f"/children/{world.uid()}/clocks/",
        )

    put_on(world, "social_worker")

    assert world.uid() in web("social_worker").get("/").content.decode()
    assert world.uid() not in web("social_worker 2").get("/").content.decode()
    assert list(Alert.objects.filter(sort="breach", done_at__isnull=True).values_list("account__name", flat=True)) == [
        "Asha Lind"
    ]


PAGES_OF_A_CHILD = ("", "clocks/", "family/", "papers/", "notes/", "rights/", "looks/", "bundle/", "restriction/",
                    "restriction/put/", "restriction/end/", "record/", "letters/", "shared-space/", "who-else/")  # fmt: skip


@pytest.mark.parametrize(
    "role", sorted(name for name, role in ROLES.items() if Installation.COUNCIL in role.installations)
)
def test_whoever_is_denied_sees_nothing_of_its_existence(world: World, role: str) -> None:
    """Property: for every role, what the pages say of a restricted child is what they say of nobody."""
    account = world.work(role, "Some Body")
    world.allocate(account, "OTHER", "other", since=LONG_AGO)
    put_on(world, "social_worker")
    reader = world.reader(role if world.accounts.get(role) == account else f"{role} 2")
    thing = reader.thing(world.persons["child"])
    if ROLES[role].restricted in (Restricted.MASKED, Restricted.WITH_REASON) or reader.decide(Verb.SEE_EXISTS, thing):
        pytest.skip("the role opens restricted records")
    client = signing_in({"them": account})("them")

    for part in PAGES_OF_A_CHILD:
        real, none = (client.get(f"/children/{uid}/{part}") for uid in (world.uid(), uuid4()))
        assert real.status_code == none.status_code, part
        assert told(real) == told(none), part
    for address in (
        "/",
        "/tonight/",
        "/due/",
        "/lists/build/?kind=care_period",
        "/search/?q=Robin+Quill",
        "/restrictions/",
    ):
        page = client.get(address).content.decode()
        assert world.uid() not in page, address
        assert "Robin Quill</" not in page, address
    if not ROLES[role].knows_restricted:
        found = [client.get(f"/search/?q={name}+Quill") for name in ("Robin", "Rubina")]
        assert told(found[0]).replace("Robin", "") == told(found[1]).replace("Rubina", "")


def test_those_who_may_not_restrict_reach_none_of_its_pages(world: World, web: Any) -> None:
    for address in (
        f"/children/{world.uid()}/restriction/",
        f"/children/{world.uid()}/restriction/put/",
        "/restrictions/",
    ):
        assert web("social_worker").get(address).status_code == 403
        assert web("social_worker").post(address, sent(world, "social_worker", checked="yes")).status_code == 403
    assert not Restriction.objects.exists()


def test_information_governance_says_why_it_opens_the_record_first(world: World, web: Any) -> None:
    answer = web("information_governance").get(f"/children/{world.uid()}/restriction/")

    assert answer.status_code == 302
    assert "/why/" in answer["Location"]


def test_the_emergency_duty_team_opens_a_restricted_record_once_it_has_said_why(world: World, web: Any) -> None:
    world.work("emergency_duty_team", "Tom Harrow")
    put_on(world, "social_worker")
    client = web("emergency_duty_team")

    first = client.get(f"/children/{world.uid()}/")
    client.post(first["Location"], {"reason": "review", "words": "The police hold the child at the station"})

    assert client.get(f"/children/{world.uid()}/").status_code == 200


# ---- the audit
def test_every_step_is_in_the_audit_and_nobodys_words_are(world: World) -> None:
    put_on(world, "social_worker", by="team_manager")
    request = str(RestrictionRequest.objects.get().uid)
    restricting.answer(world.reader("head_of_service"), request, agree=True)
    restricting.take_off(world.reader("head_of_service"), world.uid(), because="She has left the front desk")

    rows = AuditEntry.objects.filter(person=world.uid())
    actions = set(rows.values_list("action", flat=True))
    assert {"restriction asked for", "restriction agreed", "labelled restricted", "unlabelled restricted"} <= actions
    assert not any("front desk" in str(list(vars(row).values())) for row in rows)


def test_the_family_does_not_read_from_the_looks_that_there_was_a_restriction(world: World, web: Any) -> None:
    put_on(world, "social_worker", by="team_manager")
    client = web("head_of_service")
    client.post(f"/restrictions/requests/{RestrictionRequest.objects.get().uid}/", {"answer": "agree"})
    client.get("/restrictions/")
    client.get(f"/children/{world.uid()}/restriction/")
    client.post(f"/children/{world.uid()}/restriction/end/", {"because": "The reason is over"})

    looks = looks_for_family(world.uid(), now=timezone.now())

    assert looks
    assert not any("restrict" in f"{look.reason} {look.role}".lower() or "abuse" in look.reason for look in looks)


# ---- records that are joined
def test_every_record_of_a_joined_person_is_restricted_and_opened_again_with_it(world: World, web: Any) -> None:
    facts.merge(person=world.persons["other"], kept=world.persons["child"], by="test", because="one child")

    put_on(world, "social_worker")

    assert web("social_worker 2").get(f"/children/{world.uid('other')}/").status_code == 404
    restricting.take_off(world.reader("head_of_service"), world.uid("other"), because="The reason is over")
    assert web("social_worker 2").get(f"/children/{world.uid()}/").status_code == 200
    assert not Restriction.objects.filter(until_at__isnull=True).exists()


def test_a_record_joined_to_a_restricted_one_is_restricted_with_it(world: World, web: Any) -> None:
    put_on(world, "social_worker")

    facts.merge(person=world.persons["other"], kept=world.persons["child"], by="test", because="one child")

    assert web("social_worker 2").get(f"/children/{world.uid('other')}/").status_code == 404
    assert web("social_worker").get(f"/children/{world.uid('other')}/").status_code == 200
    facts.unmerge(person=world.persons["other"], by="test", because="two children")
    assert web("social_worker 2").get(f"/children/{world.uid('other')}/").status_code == 404


def test_an_account_that_is_closed_opens_nothing_though_it_was_named(world: World) -> None:
    put_on(world, "social_worker", by="team_manager")
    Account.objects.filter(pk=world.accounts["social_worker"].pk).update(is_active=False)

    restricting.answer(world.reader("head_of_service"), str(RestrictionRequest.objects.get().uid), agree=True)

    assert not Restriction.objects.get().named.exists()
