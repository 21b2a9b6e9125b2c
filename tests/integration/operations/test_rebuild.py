"""The index tables made again from the facts are what they were, and what was lost comes back."""

from __future__ import annotations

from typing import Any

import pytest

from kinfold.access.words import Label
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.models import Account, IdentifierKey, NameKey, PersonIndex, Reach, Thing
from kinfold.service.records.rebuilding import rebuild

pytestmark = pytest.mark.django_db


def held() -> dict[str, list[tuple[Any, ...]]]:
    """Return the index tables' rows without their own ids."""
    return {
        "people": sorted(PersonIndex.objects.values_list(), key=str),
        "names": sorted(NameKey.objects.values_list("held_by", "key", "person"), key=str),
        "numbers": sorted(IdentifierKey.objects.values_list("held_by", "sort", "value", "thing"), key=str),
        "reach": sorted(
            Reach.objects.values_list("held_by", "actor", "person", "sort", "from_date", "until_date", "because"),
            key=str,
        ),
    }


def test_rebuilding_changes_nothing_that_was_right(council: int) -> None:
    before = held()

    made = rebuild()

    assert held() == before
    assert [(one.holder, one.people, one.identifier_keys_added) for one in made] == [("990", 12, 0)]
    assert before["names"]
    assert before["reach"]


def test_what_was_lost_comes_back(council: int) -> None:
    before = held()
    PersonIndex.objects.all().delete()
    NameKey.objects.all().delete()
    Reach.objects.all().delete()
    IdentifierKey.objects.filter(sort="la_child_id").delete()

    rebuild()

    assert held() == before


def test_what_follows_from_no_fact_goes(council: int) -> None:
    before = held()
    stranger = Thing.objects.create(word="person", sort="child", held_by_id=council)
    worker = Reach.objects.order_by("pk").first()
    assert worker is not None
    PersonIndex.objects.create(person=stranger, held_by_id=council, sort="child", name="Nobody Invented")
    Reach.objects.create(
        held_by_id=council, actor_id=worker.actor_id, person=stranger, sort="open_allocation", from_date="2025-01-01",
        because="nothing",
    )  # fmt: skip

    rebuild(code="990")

    assert held() == before


def test_a_label_comes_back_from_the_restrictions_and_is_never_forgotten(council: int) -> None:
    person = Thing.objects.filter(sort="child").order_by("pk")[0]
    account = Account.objects.create_user("a@elmshire.example", None, name="A", held_by_id=council)
    restrict(person=person, label=Label.RESTRICTED, named=[account], by="test", because="a test of labels")
    PersonIndex.objects.filter(pk=person.pk).delete()

    rebuild()

    assert PersonIndex.objects.get(pk=person.pk).label == "restricted"


def test_progress_is_told_to_its_end(council: int) -> None:
    told: list[tuple[str, int, int | None]] = []

    rebuild(progress=lambda label, done, out_of: told.append((label, done, out_of)))

    assert ("Elmshire: people", 12, 12) in told
    assert ("Elmshire: reach", 12, 12) in told
