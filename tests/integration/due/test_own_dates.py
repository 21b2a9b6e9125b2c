"""My next dates: what a young person is told, in their words, and what never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kinfold.duties import duty_catalogue
from kinfold.duties.own_words import words_for_child
from kinfold.service.records.actions import people
from kinfold.service.records.models import Reach
from tests.integration.council import LONG_AGO

from .conftest import Council

pytestmark = pytest.mark.django_db


@pytest.fixture
def leah(council: Council) -> Council:
    """Return the council with Leah, 16, in care, who signs in."""
    today = timezone.localdate()
    child = council.child("Leah", born=date(today.year - 16, 1, 1) if today.month > 1 else date(today.year - 17, 12, 1))
    council.tell("Leah", "care_period", {"start_reason": "S"}, today - timedelta(days=10))
    council.tell("Leah", "section_47_enquiry", {}, today - timedelta(days=2))
    made = people.add_account(email="leah@council.invalid", name="Leah Quill", holder=council.holder, by="test",
                              today=LONG_AGO, worker=child)  # fmt: skip
    people.give_role(account=made, role="child", by="test", because="a test", today=LONG_AGO)
    Reach.objects.get_or_create(held_by=council.holder, actor=child, person=child, sort="self",
                                defaults={"from_date": LONG_AGO, "because": "it is your record"})  # fmt: skip
    council.accounts["child"] = made
    return council


def test_a_young_person_sees_their_next_dates_in_words_meant_for_them(
    leah: Council, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("child").get("/my-record/next-dates/")

    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Your first review meeting" in said
    assert "Your first health check is done" in said


def test_they_are_never_told_of_an_enquiry_or_by_a_legal_name(
    leah: Council, signed_in: Callable[[str], Client]
) -> None:
    said = signed_in("child").get("/my-record/next-dates/").content.decode().lower()

    for word in ("enquiry", "section 47", "conference", "breach", "overdue", "statutory"):
        assert word not in said


def test_nobody_else_opens_that_page(leah: Council, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("social_worker").get("/my-record/next-dates/").status_code == 403


def test_every_duty_with_words_for_a_child_is_about_one() -> None:
    known = duty_catalogue().duties

    assert set(words_for_child()) <= set(known)
    assert not [
        duty for duty in words_for_child() if known[duty].domain.lower().startswith(("child protection", "court"))
    ]
