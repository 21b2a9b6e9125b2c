"""One child's shared space: each partner's own, seen as agreements allow; the police ask as the police."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions import agreements, people, shared_space, staff
from kinfold.service.records.actions.partners_demonstration import PARTNERS, add_partners
from kinfold.service.records.models import Account, Alert, Contribution, Thing
from kinfold.service.records.reads.caseload import mine
from kinfold.service.records.reads.finding_asks import ask_page
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.shared_space import shared_space as read
from kinfold.service.records.reads.staff import workers_to_choose
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
    from kinfold.service.records.models import Reach

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


def test_a_decision_about_sharing_is_read_by_the_organisation_that_made_it_and_by_no_other(
    sharing: Sharing, officer: Reader, worker_web: Any, web: Any
) -> None:
    uid = sharing.world.uid()
    address = (
        reverse("may_i_share", args=[uid])
        + "?purpose=safeguarding&record_type=health&sharer=local_authority&to=vale-police"
    )
    said = {"what": "Where the family lives", "with_whom": "Vale Police", "shared": "no", "told_family": "no",
            "because": "An officer is a relative"}  # fmt: skip
    assert worker_web.post(address, said).status_code == 302

    own = worker_web.get(reverse("who_else", args=[uid])).content.decode()
    theirs = web("police").get(reverse("who_else", args=[uid])).content.decode()

    assert "An officer is a relative" in own
    assert "No: it could put somebody at risk" in own
    assert "To protect a child from harm" in own
    assert "Decisions about sharing" in theirs
    assert "An officer is a relative" not in theirs
    assert "Where the family lives" not in theirs


def test_the_family_reads_why_somebody_was_in_the_shared_space(
    sharing: Sharing, officer: Reader, worker_web: Any
) -> None:
    uid = sharing.world.uid()
    shared_space.contribute(officer, uid, CONCERN)
    shared_space.follow(sharing.worker, uid, purpose=Purpose.SAFEGUARDING, wanted=True)
    for name in ("shared_space", "who_else"):
        assert worker_web.get(reverse(name, args=[uid])).status_code == 200

    looks = looks_for_family(uid, now=timezone.now())

    assert {"Vale Police", "Elmshire"} <= {look.organisation for look in looks}
    assert [look for look in looks if not look.reason] == []


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

    assert "cannot be brought back" in page
    assert "Yes, take it back" in page
    assert "Enter what you add" in wrong
    assert "Visited; all well" in page
    assert "Stop telling me of new concerns" in page


def test_a_partner_is_allocated_as_anybody_and_reaches_the_child_until_that_ends(sharing: Sharing) -> None:
    """Nobody of the council need write into the database that a police officer works with a child."""
    start = {"by": "test", "today": date(2026, 1, 1)}
    made, head = (
        people.add_account(
            email=f"{name.split()[0].lower()}@test.invalid",
            name=name,
            holder=sharing.world.holder,
            organisation=at,
            **start,
        )
        for name, at in (("Col Brennan", "Vale Police"), ("Hal Brook", sharing.world.holder.name))
    )
    for account, role in ((made, "child_protection_team_police"), (head, "head_of_service")):
        people.give_role(account=account, role=role, because="their work", **start)
    manager, child = Reader(head), sharing.world.uid()
    chosen_from = workers_to_choose(manager, sharing.world.holder.pk)
    (uid,) = [uid for uid, label in chosen_from if label == "Col Brennan (Vale Police)"]
    assert not any("(system)" in label for _, label in chosen_from)
    with pytest.raises(NotPermitted):
        read(Reader(made), child)

    staff.allocate_children(manager, children=[child], worker=uid, role="MULTI_AGENCY_POLICE", because="Enquiry begun")
    assert read(Reader(made), child).organisation == "Vale Police"

    with as_system():
        people.end_allocations(
            sharing.world.persons["child"], by="test", today=timezone.localdate(), because="the enquiry is over"
        )
    with pytest.raises(NotPermitted):
        read(Reader(Account.objects.get(pk=made.pk)), child)


def test_the_demonstrations_partners_share_one_childs_space_each_with_their_own(sharing: Sharing) -> None:
    holder, today = sharing.world.holder, timezone.localdate()
    worker = sharing.worker.account
    Account.objects.filter(pk=worker.pk).update(persona="for a test")
    people.allocate(children=[sharing.world.persons["child"]], worker=Thing.objects.get(pk=worker.person_id),
                    role="SOCIAL_WORKER", by="test", because="a test", today=date(2025, 5, 1))  # fmt: skip

    assert add_partners(holder, today=today) == len(PARTNERS)
    assert add_partners(holder, today=today) == 0

    uid = str(Contribution.objects.select_related("person")[0].person.uid)
    seen = {}
    for partner in PARTNERS:
        reader = Reader(Account.objects.get(name=partner.name))
        seen[partner.organisation] = {one.organisation for one in read(reader, uid).shown}
        assert [case.uid for case in mine(reader)] == [uid]
    assert seen["Vale Police"] == {one.organisation for one in PARTNERS}
    assert seen["Vale Schools Trust"] == {"Vale Schools Trust"}  # no agreement lets schools know of the others
    assert Alert.objects.filter(sort="concern", account=worker).count() == 1
