"""One child's shared space: each partner's own, seen as agreements allow; the police ask as the police."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from kinfold.service.records.actions import agreements, people, shared_space
from kinfold.service.records.models import Alert, Contribution
from kinfold.service.records.reads.finding_asks import ask_page
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.shared_space import shared_space as read
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Purpose
from kinfold.terms.errors import NotPermitted
from tests.integration.services.conftest import typed
from tests.integration.sharing.conftest import Sharing

pytestmark = pytest.mark.django_db
CONCERN = shared_space.Added(
    happened=date(2026, 1, 5), words="Seen out at night with older people", purpose=Purpose.SAFEGUARDING, concern=True
)


@pytest.fixture
def officer(sharing: Sharing) -> Reader:
    """Return a police officer of the child protection team, invited to the child's meeting."""
    from kinfold.service.records.models import Reach, Thing

    with as_system():
        person = Thing.objects.create(word="person", sort="worker", held_by=sharing.world.holder)
    account = people.add_account(
        email="dana@police.invalid", name="Dana Kerr", holder=sharing.world.holder, by="test", today=date(2026, 1, 1),
        worker=person, organisation="Vale Police",
    )  # fmt: skip
    people.give_role(
        account=account, role="child_protection_team_police", by="test", because="team", today=date(2026, 1, 1)
    )
    sharing.world.accounts["police"] = account
    with as_system():
        Reach.objects.create(
            held_by=sharing.world.holder, actor=person, person=sharing.world.persons["child"], sort="meeting",
            from_date=date(2026, 1, 1), because="strategy discussion",
        )  # fmt: skip
    return Reader(account)


def test_a_police_officer_asks_as_the_police_and_is_told_what_the_police_may_be(
    sharing: Sharing, officer: Reader
) -> None:
    made = sharing.ask(reader=officer)
    sharing.rounds()

    page = ask_page(officer, str(made.uid))

    assert made.organisation.code == "vale-police"
    assert "Vale Police" not in {one.name for one in page.custodians}
    assert page.asked == 5
    with pytest.raises(NotPermitted):
        ask_page(sharing.worker, str(made.uid))


def test_what_a_partner_adds_is_theirs_and_is_told_to_those_who_follow(sharing: Sharing, officer: Reader) -> None:
    shared_space.follow(sharing.worker, sharing.world.uid(), purpose=Purpose.SAFEGUARDING, wanted=True)

    shared_space.contribute(officer, sharing.world.uid(), CONCERN)

    (shown,) = read(sharing.worker, sharing.world.uid()).shown
    (alert,) = Alert.objects.filter(sort="concern")
    assert (shown.organisation, shown.own, shown.words) == ("Vale Police", False, CONCERN.words)
    assert alert.account == sharing.worker.account
    assert "Robin" not in alert.title
    assert CONCERN.words.encode() not in bytes(Contribution.objects.get().sealed)


def test_a_revocation_closes_what_a_partner_added(sharing: Sharing, officer: Reader) -> None:
    shared_space.contribute(officer, sharing.world.uid(), CONCERN)
    agreements.revoke(sharing.governance, "vale-police", because="A complaint")
    from kinfold.service.records.reads.agreements import enforcer_for

    enforcer_for(sharing.world.holder.pk).look_again()
    assert read(sharing.worker, sharing.world.uid()).shown == ()
    assert [one.own for one in read(officer, sharing.world.uid()).shown] == [True]


def test_only_their_own_is_taken_back(sharing: Sharing, officer: Reader) -> None:
    made = shared_space.contribute(officer, sharing.world.uid(), CONCERN)
    with pytest.raises(NotPermitted):
        shared_space.take_back(sharing.worker, sharing.world.uid(), str(made.uid))

    shared_space.take_back(officer, sharing.world.uid(), str(made.uid))

    assert read(officer, sharing.world.uid()).shown == ()
    assert bytes(Contribution.objects.get().sealed) == b""


def test_the_page_of_the_space_adds_and_says_what_to_put_right(sharing: Sharing, worker_web: Any) -> None:
    address = reverse("shared_space", args=[sharing.world.uid()])
    said = {**typed("happened", date(2026, 1, 5)), "words": "Visited; all well", "purpose": "safeguarding"}

    wrong = worker_web.post(address, {**said, "words": ""}).content.decode()
    worker_web.post(address, said)
    worker_web.post(reverse("shared_space_follow", args=[sharing.world.uid()]), {"wanted": "yes"})
    page = worker_web.get(address).content.decode()

    assert "Enter what you add" in wrong
    assert "Visited; all well" in page
    assert "Stop telling me of new concerns" in page
