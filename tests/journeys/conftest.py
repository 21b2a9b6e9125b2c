"""What journeys share: a small council with invented people, personas to be, and a page that is always checked by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Account, Holder, Thing
from kinfold.service.records.setting_up import add_holder

TODAY = date(2020, 1, 1)


@pytest.fixture
def demonstration(settings: Any) -> Any:
    """Open the page of personas, as the demonstration does."""
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    return settings


def account(holder: Holder, name: str, role: str) -> Account:
    """Return somebody with a role whom one can be."""
    made = people.add_account(
        email=f"{name.split()[0].lower()}@{holder.code}.invalid", name=name, holder=holder, by="test", today=TODAY,
        persona="for this journey",
    )  # fmt: skip
    people.give_role(account=made, role=role, by="test", because="test", today=TODAY)
    return made


def child(holder: Holder, forename: str, surname: str, born: date, *, number: str) -> Thing:
    """Return a child with a name, a birth date and the council's number."""
    from kinfold.service.records.loading.indexing import index_persons
    from kinfold.service.records.loading.resolve import remember

    made = Thing.objects.create(word="person", sort="child", held_by=holder)
    remember(holder.pk, [("la_child_id", number, made.pk)])
    say = {"subject": made, "by": "test", "because": "test"}
    facts.record_fact(kind="name", values={"forename": forename, "surname": surname, "name_type": "LEGAL"}, **say)
    facts.record_fact(kind="person_details", values={"birth_date": born, "sex": "F"}, **say)
    index_persons(holder.pk, [made.pk])
    return made


@pytest.fixture
def council(transactional_db: None, demonstration: Any) -> Holder:
    """Return an invented council."""
    return add_holder(code="990", name="Elmshire")


@pytest.fixture
def be(page: Any, live_server: Any) -> Callable[[str], Any]:
    """Return the way to become somebody: choose them on the page of personas."""

    def become(name: str) -> Any:
        page.goto(f"{live_server.url}/demonstration/")
        page.get_by_role("button", name=name).click()
        return page

    return become


@pytest.fixture
def accessible(page: Any) -> Callable[[], None]:
    """Return a check of the page in front: no violation that axe finds, no sideways scrolling at 320 pixels."""
    from axe_playwright_python.sync_playwright import Axe

    def check() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, [
            (v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]
        ]
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 1280, "height": 900})

    return check


@pytest.fixture(autouse=True)
def _front_end_is_built() -> None:
    built = Path(django_settings.BASE_DIR if hasattr(django_settings, "BASE_DIR") else "src/kinfold/service/web/static")
    if not (built / "built" / "app.css").exists() and not Path("src/kinfold/service/web/static/built/app.css").exists():
        pytest.fail("The front end is not built: run `make setup`.")
