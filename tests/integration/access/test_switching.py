"""Where a kind is kept: by page and by command, from a day; what is kept elsewhere is not typed in here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kinfold.service.records.actions import facts, people
from kinfold.service.records.actions.switching import switch
from kinfold.service.records.models import AuditEntry, Holder, Thing
from kinfold.service.records.reads.switching import switches_of
from kinfold.service.records.setting_up import add_holder
from kinfold.terms.errors import InputError

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council."""
    return add_holder(code="990", name="Elmshire")


def record_contact(council: Holder, today: date) -> None:
    """Record a contact about a new child on a day."""
    child = Thing.objects.create(word="person", sort="child", held_by=council)
    facts.record_fact(
        kind="contact", subject=child, values={}, valid_from=today, by="test", because="test", today=today
    )


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        pytest.param(date(2026, 6, 30), False, id="before the switch"),
        pytest.param(date(2026, 7, 1), True, id="on its day"),
        pytest.param(date(2026, 8, 31), True, id="until the next"),
        pytest.param(date(2026, 9, 1), False, id="moved here"),
    ],
)
def test_a_kind_kept_elsewhere_is_refused_with_where_to_change_it(council: Holder, day: date, refused: bool) -> None:
    for since, where in ((date(2026, 7, 1), "the old system"), (date(2026, 9, 1), "")):
        switch(holder=council, kind="contact", where=where, since=since, by="test", today=TODAY)

    if refused:
        with pytest.raises(InputError, match=r"kept in the old system\. Change it there; the next load brings it"):
            record_contact(council, day)
    else:
        record_contact(council, day)
    assert [one.where for one in switches_of(council.pk, day) if one.holds] == (
        ["the old system"] if refused else [""] if day >= date(2026, 9, 1) else []
    )


@pytest.mark.parametrize(
    ("kind", "since", "says"),
    [
        pytest.param("contact", TODAY - timedelta(days=1), "today or later", id="a day that is past"),
        pytest.param("wizardry", TODAY, "There is no kind called wizardry", id="an unknown kind"),
        pytest.param("contact", date(2026, 7, 1), "switched on 1 July 2026 already", id="twice on one day"),
    ],
)
def test_a_switch_that_cannot_be_says_why(council: Holder, kind: str, since: date, says: str) -> None:
    switch(holder=council, kind="contact", where="the old system", since=date(2026, 7, 1), by="test", today=TODAY)

    with pytest.raises(InputError, match=says):
        switch(holder=council, kind=kind, where="", since=since, by="test", today=TODAY)


def signed_in(council: Holder, role: str) -> Client:
    """Return the browser of somebody with a role."""
    account = people.add_account(email=f"{role}@990.invalid", name=role, holder=council, by="test", today=TODAY)
    people.give_role(account=account, role=role, by="test", because="test", today=date(2020, 1, 1))
    web = Client()
    web.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return web


def test_an_administrator_switches_a_kind_on_the_page(council: Holder, settings: Any) -> None:
    settings.DEMO = True
    web, tomorrow = signed_in(council, "application_administrator"), timezone.localdate() + timedelta(days=1)
    day = {"since_day": tomorrow.day, "since_month": tomorrow.month, "since_year": tomorrow.year}

    answer = web.post("/kept-where/", {"kind": "allocation", "where": "Oldsys", **day}, follow=True)

    assert "is kept in Oldsys from" in answer.content.decode()
    assert [one.where for one in switches_of(council.pk, tomorrow)] == ["Oldsys"]
    assert AuditEntry.objects.filter(action="kind switched").exists()
    again = web.post("/kept-where/", {"kind": "allocation", "where": "Oldsys", **day})
    assert "Choose another day" in again.content.decode()


def test_a_social_worker_does_not_switch_kinds(council: Holder, settings: Any) -> None:
    settings.DEMO = True

    assert signed_in(council, "social_worker").get("/kept-where/").status_code in (403, 404)
