"""Putting a restriction on a child's record and taking it off: who may, who then sees what, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kinfold.access.restrictions import latest_review
from kinfold.access.roles import ROLES, Restricted
from kinfold.access.words import Installation, Label, Verb
from kinfold.service.records.actions import facts, restricting
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.models import (
    Account,
    Alert,
    AuditEntry,
    PersonIndex,
    Restriction,
    RestrictionRequest,
    RoleHeld,
)
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.restrictions import can_be_named, current, restricted_records
from kinfold.service.records.reads.search import search
from kinfold.service.records.setting_up import add_holder
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.council import World, signing_in

pytestmark = pytest.mark.django_db

LONG_AGO = date(2025, 5, 1)
WORDS = "The father's sister works on the front desk of this office"
RESTRICTING = ("head_of_service", "director_of_childrens_services", "information_governance")


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Return a council with a child, two workers and a manager, and those who may restrict."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = World(add_holder(code="990", name="Elmshire"))
    made.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
    made.add("other", "child", "Tia", "Marsh", date(2014, 6, 14))
    for role, name, allocated in (
        ("social_worker", "Asha Lind", "SOCIAL_WORKER"), ("social_worker", "Ben Ode", "OTHER"),
        ("team_manager", "Cora Venn", "TEAM_MANAGER"), ("independent_reviewing_officer", "Ida Roe", "INDEPENDENT_REVIEWING_OFFICER"),
    ):  # fmt: skip
        made.allocate(made.work(role, name), allocated, "child", "other", since=LONG_AGO)
    made.work("head_of_service", "Hal Brook")
    made.work("director_of_childrens_services", "Rowena Castell")
    made.work("information_governance", "Nadia Fenn")
    return made


@pytest.fixture
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""
    return signing_in(world.accounts)


def asked(world: World, *named: str, **change: Any) -> restricting.Asked:
    """Return a restriction that names the accounts of some roles."""
    said = {"reason": "domestic_abuse", "because": WORDS, "review_date": timezone.localdate() + timedelta(days=60)}
    return restricting.Asked(named=[str(world.accounts[one].uid) for one in named], **{**said, **change})


def put_on(world: World, *named: str, by: str = "head_of_service") -> str:
    """Restrict the child's record to the accounts of some roles."""
    return restricting.put_on(world.reader(by, "a reason"), world.uid(), asked(world, *named))


def sent(world: World, *named: str, **change: Any) -> dict[str, Any]:
    """Return what the form sends."""
    day = timezone.localdate() + timedelta(days=60)
    return {
        "reason": "domestic_abuse", "because": WORDS, "named": [str(world.accounts[one].uid) for one in named],
        "review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year, **change,
    }  # fmt: skip


def told(answer: Any) -> str:
    """Return what a person could tell from an answer: its text without the tokens that change every time."""
    return re.sub(r'(nonce|value)="[^"]*"|trace[^<]+', "", answer.content.decode())


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
