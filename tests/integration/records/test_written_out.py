"""What is asked and written in SQL written out says the same as the models do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import models
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.actions.api_calls import seconds_to_wait
from kinfold.service.records.models import (
    Account,
    AuditBody,
    AuditEntry,
    AuditPerson,
    Grant,
    Holder,
    PersonIndex,
    RoleHeld,
    Thing,
)
from kinfold.service.records.reads.quick import quickly

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def holder() -> Holder:
    """Return a council with an account that holds a role and a grant over a child."""
    council = Holder.objects.create(code="992", name="Ashvale")
    thing = Thing.objects.create(word="person", sort="child", held_by=council)
    PersonIndex.objects.create(person=thing, held_by=council, sort="child", name="Ann Lee", birth_date=date(2015, 2, 3))
    account = Account.objects.create(email="a@example.invalid", name="A", held_by=council, started=date(2020, 1, 1))
    RoleHeld.objects.create(account=account, role="social_worker", held_by=council, from_date=date(2020, 1, 1),
                            granted_by="x")  # fmt: skip
    Grant.objects.create(account=account, person=thing, held_by=council, reason="other", words="w", from_at=NOW,
                         until_at=NOW + timedelta(hours=1), granted_by="x")  # fmt: skip
    return council


@pytest.mark.parametrize("model", [Account, RoleHeld, Grant, PersonIndex, Thing, Holder])
def test_a_row_read_quickly_is_the_model_that_django_reads(holder: Holder, model: type[models.Model]) -> None:
    table = model._meta.db_table
    found = quickly(model, f"{{columns}}, 7 from {table} as it order by {model._meta.pk.column}", [], beside=("seven",))

    assert found
    for quick, whole in zip(found, model._default_manager.order_by("pk"), strict=True):
        names = [field.attname for field in model._meta.concrete_fields]
        assert {name: getattr(quick, name) for name in names} == {name: getattr(whole, name) for name in names}
        assert [type(getattr(quick, name)) for name in names] == [type(getattr(whole, name)) for name in names]
        assert quick.seven == 7


@pytest.mark.parametrize("size", [1, 2, 50, 51, 120])
def test_a_group_of_any_size_stands_in_the_chain_whole(holder: Holder, size: int) -> None:
    said: list[Any] = [
        {"actor": "a", "action": "saw", "reason": "ä “b” \\", "persons": [str(uuid4()), str(uuid4())], "body": {"n": n}}
        for n in range(size)
    ]
    audit.append(holder.pk, said[:1], at=NOW)
    audit.append(holder.pk, said)

    assert audit.verify_chain(holder.pk) == []
    assert AuditEntry.objects.filter(held_by=holder.pk).count() == size + 1
    assert AuditPerson.objects.filter(held_by=holder.pk).count() == 2 * (size + 1)
    assert AuditEntry.objects.get(held_by=holder.pk, at=NOW).reason == "ä “b” \\"
    assert AuditBody.objects.get(held_by=holder.pk, seq=size + 1).body["n"] == size - 1


def test_each_call_counts_and_another_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [timezone.now().timestamp() // 60 * 60 + 10]
    monkeypatch.setattr("kinfold.service.records.actions.api_calls.time.time", lambda: moment[0])
    waits = [seconds_to_wait("client:counted", most=3) for _ in range(5)]
    other = seconds_to_wait("client:other", most=3)
    moment[0] += 60

    assert waits == [0, 0, 0, 50, 50]
    assert other == 0
    assert seconds_to_wait("client:counted", most=3) == 0
