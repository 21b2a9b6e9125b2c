"""One partner's part is over: their allocation alone is ended, and with it at once what it opened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions import people, shared_space
from kinfold.service.records.actions.allocation_end import end_allocation
from kinfold.service.records.models import Account, Alert, AuditEntry, Reach, SpellFact, Subscription, Thing
from kinfold.service.records.reads.allocations import allocations_of
from kinfold.service.records.reads.caseload import mine
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.search import search
from kinfold.service.records.reads.shared_space import shared_space as read
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Purpose
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.services.conftest import typed
from tests.integration.sharing.conftest import Sharing

pytestmark = pytest.mark.django_db
PARTNERS = (("child_protection_team_police", "Dana Kerr", "Vale Police"),
            ("school_safeguarding_lead", "Tess Rowley", "Vale Schools Trust"))  # fmt: skip
CONCERN = shared_space.Added(
    happened=date(2026, 1, 5), words="Seen out at night", purpose=Purpose.SAFEGUARDING, concern=True
)
WHY = "Their enquiry is closed"


@pytest.fixture
def begun() -> date:
    return timezone.localdate() - timedelta(days=30)


@pytest.fixture
def partners(sharing: Sharing, begun: date) -> dict[str, Account]:
    """Return two partners allocated together to the child, and a head of service who allocates."""
    from kinfold.access.roles import ROLES

    world, made = sharing.world, {}
    for role, name, organisation in PARTNERS:
        with as_system():
            person = Thing.objects.create(word="person", sort="worker", held_by=world.holder)
        account = people.add_account(
            email=f"{role}@partner.invalid", name=name, holder=world.holder, by="test", today=begun, worker=person,
            organisation=organisation,
        )  # fmt: skip
        people.give_role(account=account, role=role, by="test", because="team", today=begun)
        (code,) = ROLES[role].allocation_roles
        with as_system():
            people.allocate(children=[world.persons["child"]], worker=person, role=code, by="test", because="a test",
                            today=begun, replace=False, is_primary=False)  # fmt: skip
        made[name] = world.accounts[name] = account
    world.work("head_of_service", "Hal Brook")
    return made


def fact_of(sharing: Sharing, name: str) -> str:
    found = allocations_of(sharing.world.reader("head_of_service"), sharing.world.uid())
    return next(one.fact for one in found.open_now if one.worker == name)


def test_one_partners_allocation_ends_and_the_others_go_on(
    sharing: Sharing, partners: dict[str, Account], web: Any
) -> None:
    uid = sharing.world.uid()
    assert web("Dana Kerr").get(f"/children/{uid}/").status_code == 200

    ended = end_allocation(sharing.world.reader("head_of_service"), uid, fact_of(sharing, "Dana Kerr"),
                           day=timezone.localdate(), because=WHY)  # fmt: skip

    assert (ended.worker, ended.organisation) == ("Dana Kerr", "Vale Police")
    for page in ("", "shared-space/", "who-else/"):
        assert web("Dana Kerr").get(f"/children/{uid}/{page}").status_code == 404, page
    assert mine(Reader(partners["Dana Kerr"])) == []
    assert web("Tess Rowley").get(f"/children/{uid}/").status_code == 200
    assert sharing.worker.reads(sharing.worker.thing(sharing.world.persons["child"]))
    assert "Dana Kerr" not in {
        one.worker for one in allocations_of(sharing.world.reader("head_of_service"), uid).open_now
    }


def test_what_it_opened_is_gone_from_the_reach_and_the_fact_keeps_when_and_why(
    sharing: Sharing, partners: dict[str, Account], begun: date
) -> None:
    uid, day = sharing.world.uid(), timezone.localdate() - timedelta(days=3)
    fact = fact_of(sharing, "Dana Kerr")

    end_allocation(sharing.world.reader("head_of_service"), uid, fact, day=day, because=WHY)

    with as_system():
        before, now = SpellFact.objects.filter(fact=fact).order_by("pk")
        assert (before.valid_to, now.valid_from, now.valid_to) == (None, begun, day)
        assert not Reach.objects.filter(
            actor=partners["Dana Kerr"].person, person=sharing.world.persons["child"], until_date__isnull=True
        ).exists()
    entry = AuditEntry.objects.get(action="allocation ended")
    assert (entry.person, entry.reason) == (uid, WHY)
    assert entry.actor == str(sharing.world.accounts["head_of_service"].uid)


def test_they_are_told_of_new_concerns_no_more(sharing: Sharing, partners: dict[str, Account]) -> None:
    uid, dana = sharing.world.uid(), partners["Dana Kerr"]
    shared_space.follow(Reader(dana), uid, purpose=Purpose.SAFEGUARDING, wanted=True)
    shared_space.contribute(sharing.worker, uid, CONCERN)
    shared_space.contribute(Reader(dana), uid, CONCERN)

    end_allocation(sharing.world.reader("head_of_service"), uid, fact_of(sharing, "Dana Kerr"),
                   day=timezone.localdate(), because=WHY)  # fmt: skip
    shared_space.contribute(sharing.worker, uid, CONCERN)

    assert not Alert.objects.filter(account=dana, done_at__isnull=True).exists()
    assert not Subscription.objects.filter(account=dana, ended_at__isnull=True).exists()
    # what they added while they worked with the child stays theirs, in the space
    assert "Vale Police" in {one.organisation for one in read(sharing.worker, uid).shown}


def test_whoever_reaches_the_child_by_a_meeting_too_goes_on_by_it(
    sharing: Sharing, partners: dict[str, Account]
) -> None:
    dana = partners["Dana Kerr"]
    with as_system():
        Reach.objects.create(
            held_by=sharing.world.holder, actor=dana.person, person=sharing.world.persons["child"], sort="meeting",
            from_date=timezone.localdate(), because="strategy discussion",
        )  # fmt: skip

    shared_space.follow(Reader(dana), sharing.world.uid(), purpose=Purpose.SAFEGUARDING, wanted=True)
    end_allocation(sharing.world.reader("head_of_service"), sharing.world.uid(), fact_of(sharing, "Dana Kerr"),
                   day=timezone.localdate(), because=WHY)  # fmt: skip

    reader = Reader(dana)
    assert reader.reads(reader.thing(sharing.world.persons["child"])).rule == "reach:meeting"
    assert Subscription.objects.filter(account=dana, ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("days", "because", "message"),
    [
        (1, WHY, "must be today or in the past"),
        (-31, WHY, "must be on or after .*, when it began"),
        (0, "x", "Say why"),
    ],
)
def test_a_slip_is_named_and_ends_nothing(
    sharing: Sharing, partners: dict[str, Account], days: int, because: str, message: str
) -> None:
    fact = fact_of(sharing, "Dana Kerr")

    with pytest.raises(InputError, match=message):
        end_allocation(sharing.world.reader("head_of_service"), sharing.world.uid(), fact,
                       day=timezone.localdate() + timedelta(days=days), because=because)  # fmt: skip

    assert fact_of(sharing, "Dana Kerr") == fact


def test_the_page_ends_one_and_says_so(sharing: Sharing, partners: dict[str, Account], web: Any) -> None:
    uid, head = sharing.world.uid(), web("head_of_service")
    page = head.get(f"/children/{uid}/allocations/").content.decode()
    assert "Vale Schools Trust" in page
    href = reverse("allocation_end", args=[uid, fact_of(sharing, "Tess Rowley")])
    assert href in page

    wrong = head.post(href, {**typed("day", timezone.localdate() + timedelta(days=2)), "because": ""}).content.decode()
    done = head.post(href, {**typed("day", timezone.localdate()), "because": WHY}, follow=True).content.decode()

    assert "<title>Error: " in wrong
    assert "Say why it ends" in wrong
    assert "Day it ended must be today or in the past" in wrong
    assert "Tess Rowley no longer works with Robin Quill" in done
    assert href not in done
    assert head.post(href, {**typed("day", timezone.localdate()), "because": WHY}).status_code == 404


def test_nobody_else_ends_an_allocation_or_sees_who_has_one(
    sharing: Sharing, partners: dict[str, Account], web: Any
) -> None:
    uid, fact = sharing.world.uid(), fact_of(sharing, "Dana Kerr")
    href = reverse("allocation_end", args=[uid, fact])

    for who in ("Tess Rowley", "Dana Kerr", "social_worker"):
        assert web(who).get(f"/children/{uid}/allocations/").status_code == 403, who
        assert web(who).post(href, {**typed("day", timezone.localdate()), "because": WHY}).status_code == 403, who
    with pytest.raises(NotPermitted):
        end_allocation(Reader(partners["Tess Rowley"]), uid, fact, day=timezone.localdate(), because=WHY)
    assert fact_of(sharing, "Dana Kerr") == fact


def test_the_last_who_answers_for_the_child_is_ended_only_past_a_warning(
    sharing: Sharing, partners: dict[str, Account], web: Any
) -> None:
    uid = sharing.world.uid()
    found = allocations_of(sharing.world.reader("head_of_service"), uid)
    (worker,) = [one for one in found.open_now if one.answers]

    page = web("head_of_service").get(reverse("allocation_end", args=[uid, worker.fact])).content.decode()
    partner = (
        web("head_of_service")
        .get(reverse("allocation_end", args=[uid, fact_of(sharing, "Dana Kerr")]))
        .content.decode()
    )

    assert "Nobody else answers for this child" in page
    assert "Nobody else answers for this child" not in partner


def test_they_may_search_as_before_and_ask_to_open_it_as_anybody_may(
    sharing: Sharing, partners: dict[str, Account]
) -> None:
    end_allocation(sharing.world.reader("head_of_service"), sharing.world.uid(), fact_of(sharing, "Dana Kerr"),
                   day=timezone.localdate(), because=WHY)  # fmt: skip

    assert not any(hit.opens for hit in search(Reader(partners["Dana Kerr"]), "Robin Quill").hits)
