"""
Who may see whom, asked three ways, must give one answer: the rule, the list's query, and the database's own wall.

Random small worlds: councils, children with labels, workers with roles, reach rows past and present, broken glass.
The third wall is PostgreSQL's row-level security; SQLite has none and the first two stand alone there.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kinfold.access.words import Label, Verb
from kinfold.service.records import scope
from kinfold.service.records.models import (
    Account,
    Grant,
    Holder,
    PersonIndex,
    Reach,
    Restriction,
    RoleHeld,
    SpellFact,
    Thing,
)
from kinfold.service.records.reads.reader import Reader

ROLES = ("social_worker", "team_manager", "director_of_childrens_services", "emergency_duty_team", "data_analyst",
         "independent_reviewing_officer", "ofsted_inspector", "information_governance", "business_support")  # fmt: skip
SORTS = ("open_allocation", "team", "appointment", "household", "closed_case", "inspection_sample", "whole_council")
LABELS = (Label.OPEN, Label.RESTRICTED, Label.SEALED, Label.VOID_WRONG_PERSON)


def child(holder: Holder, label: Label, named: list[Account]) -> Thing:
    thing = Thing.objects.create(word="person", sort="child", held_by=holder)
    PersonIndex.objects.create(person=thing, held_by=holder, sort="child", label=label.value)
    if label is not Label.OPEN:
        made = Restriction.objects.create(
            person=thing, held_by=holder, label=label.value, because="test", by="test", from_at=timezone.now()
        )
        made.named.set(named)
    SpellFact.objects.create(
        subject=thing, held_by=holder, kind="care_period", known_from=1, valid_from=date(2025, 1, 1), recorded_by="test"
    )
    return thing


def world(draw: Any) -> Reader:
    holders = [Holder.objects.create(code=f"9{n}", name=f"Council {n}") for n in range(2)]
    person = Thing.objects.create(word="person", sort="worker", held_by=holders[0])
    account = Account.objects.create_user("w@council.invalid", "x", name="W", held_by=holders[0], person=person)
    for role in draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True)):
        RoleHeld.objects.create(
            account=account, role=role, held_by=holders[0], from_date=date(2020, 1, 1), granted_by="test"
        )
    today = timezone.localdate()
    for n in range(draw(st.integers(2, 6))):
        label = draw(st.sampled_from(LABELS))
        one = child(holders[n % 2], label, [account] if draw(st.booleans()) else [])
        for sort in draw(st.lists(st.sampled_from(SORTS), max_size=2, unique=True)):
            whole = sort == "whole_council"
            Reach.objects.create(
                held_by=one.held_by, actor=person, person=None if whole else one, sort=sort, because="test",
                from_date=today + timedelta(days=draw(st.sampled_from([-30, 0, 3]))),
                until_date=draw(st.sampled_from([None, today + timedelta(days=40)])),
            )  # fmt: skip
        if draw(st.integers(0, 4)) == 0:
            now = timezone.now()
            Grant.objects.create(
                account=account, person=one, held_by=one.held_by, reason="immediate_danger", words="test words here",
                from_at=now - timedelta(hours=1), until_at=now + timedelta(hours=draw(st.sampled_from([-0.5, 3]))),
                granted_by="self",
            )  # fmt: skip
    return Reader(account)


@pytest.mark.django_db
@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_rule_list_and_database_agree_on_whom_a_reader_sees(data: Any, db: None) -> None:
    from django.db import transaction

    with transaction.atomic():
        _agree(world(data.draw))
        transaction.set_rollback(True)


def _agree(reader: Reader) -> None:
    rows = list(PersonIndex.objects.filter(sort="child"))
    by_rule = {row.pk for row in rows if reader.decide(Verb.READ_HEADLINE, reader.thing(row))}

    by_list = set(reader.listed().values_list("pk", flat=True))

    assert by_list == by_rule
    assert reader.listed().count() == len(by_rule)
    if connection.vendor == "postgresql":
        scope._tell(str(reader.account.pk), str(reader.account.person_id), local=True)
        through_the_wall = set(SpellFact.objects.values_list("subject_id", flat=True))
        scope._tell("system", "0", local=True)
        # the wall knows no labels: it lets through at most what reach lets through, and never less than the rule
        assert by_rule <= through_the_wall
        reached = set(Reach.objects.filter(actor=reader.account.person_id).values_list("held_by_id", flat=True))
        granted = set(Grant.objects.filter(account=reader.account).values_list("held_by_id", flat=True))
        held = dict(SpellFact.objects.values_list("subject_id", "held_by_id"))
        assert all(held[person] in reached | granted for person in through_the_wall)


@pytest.mark.django_db
def test_a_reader_without_any_reach_gets_nothing_through_the_wall() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    holder = Holder.objects.create(code="97", name="Council")
    child(holder, Label.OPEN, [])

    scope._tell("0", "0", local=True)
    seen = SpellFact.objects.count()
    scope._tell("system", "0", local=True)

    assert seen == 0
    assert SpellFact.objects.count() == 1
