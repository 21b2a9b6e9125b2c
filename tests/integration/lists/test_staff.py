"""Teams, allocation, cover, leavers and accounts: who may, what happens, and what stays unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kinfold.access.words import Label
from kinfold.service.records.actions import staff as act
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.actions.allocation_undo import undo_allocation
from kinfold.service.records.models import Account, AuditEntry, Reach, RoleHeld, SpellFact
from kinfold.service.records.reads import staff as read
from kinfold.service.records.reads.settings import setting, settings
from kinfold.terms.errors import InputError, NotPermitted

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def open_allocations(child: Any) -> list[int]:
    rows = SpellFact.objects.filter(
        subject=child, kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final"
    )
    return list(rows.values_list("party_id", flat=True))


@pytest.fixture
def north(council: Any) -> dict[str, Any]:
    """A team with its manager, two workers and three children, one of whom nobody answers for."""
    team = council.team()
    dara, eli = council.worker("Dara Moss", team="T1"), council.worker("Eli Reed", team="T1")
    account = council.account("social_worker", name="Dara Moss", worker=dara, team=team)
    council.account("social_worker", name="Eli Reed", worker=eli, team=team)
    children = [council.in_care(f"{name} Fenn") for name in ("Amal", "Bo", "Cass")]
    for child in children[:2]:
        council.allocate(child, dara)
    manager = council.reader("team_manager", team=team)
    for child in children[:2]:  # the team is known now, so that the manager reaches its children
        from kinfold.service.records.reaching import write_reach

        write_reach(council.holder.pk, {child.pk})
    return {"team": team, "dara": dara, "eli": eli, "account": account, "children": children, "manager": manager}


def test_a_team_has_its_workers_and_their_cases(council: Any, north: dict[str, Any]) -> None:
    found = read.people(council.reader("head_of_service"))

    (team,) = [one for one in found.teams if one.name == "North"]
    assert {worker.name: worker.cases for worker in team.workers if worker.name.startswith(("Dara", "Eli"))} == {
        "Dara Moss": 2, "Eli Reed": 0}  # fmt: skip
    assert [case.name for case in found.unallocated] == ["Cass Fenn"]


def test_a_restricted_child_is_in_no_count_of_those_who_may_not_know(council: Any, north: dict[str, Any]) -> None:
    restrict(person=north["children"][0], label=Label.RESTRICTED, named=[], by="test", because="a test")

    page = read.worker_page(north["manager"], str(north["dara"].uid))

    assert [case.name for case in page.cases] == ["Bo Fenn"]
    assert page.worker.cases == 1


def test_an_administrator_sees_teams_and_no_child_and_no_count(council: Any, north: dict[str, Any]) -> None:
    reader = council.reader("application_administrator")

    found = read.people(reader)
    page = read.worker_page(reader, str(north["dara"].uid))

    assert (found.counts_children, found.unallocated, page.cases, page.others) == (False, [], [], [])


def test_many_children_are_allocated_at_once_with_one_reason(council: Any, north: dict[str, Any]) -> None:
    reader = council.reader("head_of_service")
    uids = [str(child.uid) for child in north["children"]]

    made = act.allocate_children(
        reader, children=uids, worker=str(north["eli"].uid), role="SOCIAL_WORKER", because="Leave"
    )

    assert made.changed == 3
    assert [open_allocations(child) for child in north["children"]] == [[north["eli"].pk]] * 3
    assert AuditEntry.objects.filter(action="allocated", reason="Leave").count() == 1
    assert Reach.objects.filter(actor=north["eli"], person=north["children"][2], sort="open_allocation").exists()


def allocated_to_eli(reader: Any, north: dict[str, Any]) -> int:
    uids = [str(child.uid) for child in north["children"]]
    made = act.allocate_children(
        reader, children=uids, worker=str(north["eli"].uid), role="SOCIAL_WORKER", because="Leave"
    )
    return made.change


def test_an_allocation_is_undone_on_its_day_and_every_child_is_where_they_were(
    council: Any, north: dict[str, Any]
) -> None:
    reader = replace(
        council.reader("head_of_service"), now=timezone.now()
    )  # an allocation is made today, whatever day that is
    before = [open_allocations(child) for child in north["children"]]
    number = allocated_to_eli(reader, north)

    found = undo_allocation(reader, number)

    assert (found.worker, len(found.children)) == ("Eli Reed", 3)
    assert [open_allocations(child) for child in north["children"]] == before == [[north["dara"].pk]] * 2 + [[]]
    assert not Reach.objects.filter(actor=north["eli"], sort="open_allocation").exists()
    assert AuditEntry.objects.filter(action="allocation undone").count() == 1
    with pytest.raises(InputError, match="changed since"):
        undo_allocation(reader, number)


def test_nobody_undoes_what_another_allocated_nor_what_has_changed_since_nor_tomorrow(
    council: Any, north: dict[str, Any]
) -> None:
    reader = replace(
        council.reader("head_of_service"), now=timezone.now()
    )  # an allocation is made today, whatever day that is
    number = allocated_to_eli(reader, north)

    with pytest.raises(NotPermitted):
        undo_allocation(north["manager"], number)
    tomorrow = replace(reader, now=reader.now + timedelta(days=1))
    with pytest.raises(InputError, match="on the day it was made"):
        undo_allocation(tomorrow, number)
    act.allocate_children(reader, children=[str(north["children"][0].uid)], worker=str(north["dara"].uid),
                          role="SOCIAL_WORKER", because="Back")  # fmt: skip
    with pytest.raises(InputError, match="changed since"):
        undo_allocation(reader, number)


def test_a_child_the_reader_does_not_reach_stops_the_whole_allocation(council: Any, north: dict[str, Any]) -> None:
    uids = [str(child.uid) for child in north["children"]]  # the third is in nobody's team

    with pytest.raises(NotPermitted):
        act.allocate_children(
            north["manager"], children=uids, worker=str(north["eli"].uid), role="SOCIAL_WORKER", because="x"
        )

    assert open_allocations(north["children"][0]) == [north["dara"].pk]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"children": []}, id="no child"),
        pytest.param({"because": " "}, id="no reason"),
        pytest.param({"role": "KING"}, id="no such role"),
    ],
)
def test_what_must_be_put_right_is_said(council: Any, north: dict[str, Any], wrong: dict[str, Any]) -> None:
    said = {"children": [str(north["children"][0].uid)], "worker": str(north["eli"].uid), "role": "SOCIAL_WORKER",
            "because": "x", **wrong}  # fmt: skip

    with pytest.raises(InputError):
        act.allocate_children(north["manager"], **said)


def test_a_social_worker_allocates_nobody(council: Any, north: dict[str, Any]) -> None:
    from kinfold.service.records.reads.reader import Reader

    reader = Reader(north["account"], north["manager"].now)

    with pytest.raises(NotPermitted):
        act.allocate_children(reader, children=[str(north["children"][0].uid)], worker=str(north["eli"].uid),
                              role="SOCIAL_WORKER", because="x")  # fmt: skip


def test_a_leavers_children_go_to_others_and_sign_in_stops_in_one_step(council: Any, north: dict[str, Any]) -> None:
    reader = council.reader("head_of_service")
    first, second = north["children"][:2]

    moved = act.leave_and_allocate(
        reader, worker=str(north["dara"].uid), to=str(north["eli"].uid), each={str(first.uid): "", str(second.uid): act.NOBODY},
        because="A new post elsewhere",
    )  # fmt: skip

    account = Account.objects.get(pk=north["account"].pk)
    assert (moved, account.is_active, account.left is not None) == (1, False, True)
    assert (open_allocations(first), open_allocations(second)) == ([north["eli"].pk], [])
    assert "Bo Fenn" in [case.name for case in read.people(reader).unallocated]


def test_when_one_of_a_leavers_children_cannot_be_allocated_nothing_happens(
    council: Any, north: dict[str, Any]
) -> None:
    stranger = council.child("Dee Teal")

    with pytest.raises(NotPermitted):
        act.leave_and_allocate(north["manager"], worker=str(north["dara"].uid), to=str(north["eli"].uid),
                               each={str(stranger.uid): ""}, because="x")  # fmt: skip

    assert Account.objects.get(pk=north["account"].pk).is_active


def test_a_leaver_without_an_account_leaves_no_open_allocation(council: Any, north: dict[str, Any]) -> None:
    council.allocate(north["children"][2], gone := council.worker("Finn Ash", team="T1"))

    act.leave_and_allocate(council.reader("head_of_service"), worker=str(gone.uid), to="",
                           each={str(north["children"][2].uid): ""}, because="left")  # fmt: skip

    assert open_allocations(north["children"][2]) == []


def test_cover_is_arranged_only_by_somebody_who_allocates_all_of_the_workers_children(
    council: Any, north: dict[str, Any]
) -> None:
    first = north["manager"].now.date()
    said = {"absent": str(north["dara"].uid), "stands_in": str(north["eli"].uid), "first": first,
            "end": first + timedelta(days=7), "reason": "leave"}  # fmt: skip
    act.arrange_cover(north["manager"], **said)
    assert [c.stands_in for c in read.worker_page(north["manager"], str(north["dara"].uid)).covers] == ["Eli Reed"]

    restrict(person=north["children"][0], label=Label.RESTRICTED, named=[], by="test", because="a test")
    with pytest.raises(InputError, match="Ask a head of service"):
        act.arrange_cover(north["manager"], **said)


# ---- accounts and roles
def test_an_administrator_makes_an_account_gives_a_role_and_ends_it(council: Any) -> None:
    admin = council.reader("application_administrator")
    made = act.make_account(admin, email="new@council.invalid", name="Nia Vale", organisation="", worker="")

    held = act.grant_role(admin, account=str(made.uid), role="head_of_service", team="", because="starts today")
    assert Reach.objects.filter(actor=made.person, person__isnull=True, sort="whole_council").exists()

    act.end_role(admin, account=str(made.uid), held=held.pk)
    assert RoleHeld.objects.get(pk=held.pk).until_date is not None
    from django.utils import timezone

    open_now = Reach.objects.filter(actor=made.person, person__isnull=True, sort="whole_council")
    assert not open_now.exclude(until_date__lte=timezone.localdate()).exists()


def test_nobody_gives_a_role_to_themselves(council: Any) -> None:
    admin = council.reader("application_administrator")

    with pytest.raises(NotPermitted):
        act.grant_role(
            admin, account=str(admin.account.uid), role="director_of_childrens_services", team="", because="x"
        )


def test_an_administrator_reaches_no_account_of_another_council(council: Any, another_council: Any) -> None:
    theirs = another_council.account("social_worker")

    with pytest.raises(NotPermitted):
        act.grant_role(council.reader("application_administrator"), account=str(theirs.uid), role="social_worker", team="",
                       because="x")  # fmt: skip


def test_a_manager_gives_no_roles(council: Any, north: dict[str, Any]) -> None:
    with pytest.raises(NotPermitted):
        act.grant_role(north["manager"], account=str(north["account"].uid), role="team_manager", team="", because="x")


# ---- homes
def test_a_homes_page_has_the_children_there_now_and_those_who_were(council: Any) -> None:
    house = council.setting()
    council.in_care("Amal Fenn", home={"placement_type": "K2"}, party=house)
    before = council.child("Bo Lark")
    council.fact(before, "placement", {"placement_type": "K2"}, date(2023, 1, 1), date(2024, 1, 1), party=house)
    hidden = council.in_care("Cass Wren", home={"placement_type": "K2"}, party=house)
    restrict(person=hidden, label=Label.RESTRICTED, named=[], by="test", because="a test")

    page = setting(council.reader("emergency_duty_team"), str(house.uid))

    assert (page.setting.name, [s.name for s in page.now], [s.name for s in page.before]) == (
        "Larchmere House", ["Amal Fenn"], ["Bo Lark"])  # fmt: skip
    (listed,) = settings(council.reader("emergency_duty_team"), words="SC9")
    assert listed.now == 1


def test_a_home_does_not_tell_where_a_child_with_a_protected_address_lives(council: Any) -> None:
    house = council.setting()
    child = council.in_care("Amal Fenn", home={"placement_type": "K2", "postcode": "B1 1BB"}, party=house)
    restrict(person=child, label=Label.ADDRESS_PROTECTED, named=[], by="test", because="a test")

    assert setting(council.reader("data_analyst"), str(house.uid)).now == []
    assert len(setting(council.reader("head_of_service"), str(house.uid)).now) == 1


class TestThePages:
    """Every page answers, and refuses whom it must."""

    @pytest.mark.parametrize("role", ["head_of_service", "application_administrator", "social_worker"])
    def test_each_role_gets_the_pages_of_its_own_and_no_others(
        self, council: Any, north: dict[str, Any], signed_in: Any, role: str
    ) -> None:
        client = signed_in(council.account(role))
        dara, house = north["dara"].uid, council.setting().uid
        everybody = {"/people/", f"/people/teams/{north['team'].uid}/", f"/people/workers/{dara}/"}
        managers = {"/people/allocate/", f"/people/allocate/?of={dara}", f"/people/workers/{dara}/cover/"}
        homes = {"/organisations/", f"/organisations/{house}/"}
        office = {"/people/accounts/", f"/people/accounts/{north['account'].uid}/"}
        leaver = {f"/people/workers/{dara}/leaver/"}
        own = {"head_of_service": everybody | managers | homes | leaver, "application_administrator": everybody | office | leaver,
               "social_worker": everybody | homes}[role]  # fmt: skip

        answers = {path: client.get(path).status_code for path in everybody | managers | homes | office | leaver}

        assert {path for path, status in answers.items() if status == 200} == own
        assert {status for path, status in answers.items() if path not in own} == {403}

    def test_the_accounts_pages_name_no_child(self, council: Any, north: dict[str, Any], signed_in: Any) -> None:
        client = signed_in(council.account("application_administrator"))

        for path in ("/people/", "/people/accounts/", f"/people/workers/{north['dara'].uid}/leaver/"):
            assert "Fenn" not in client.get(path).content.decode()
