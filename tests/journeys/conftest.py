"""What journeys share: a small council with invented people, personas to be, and a page that is always checked by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.utils import timezone

from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Account, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.setting_up import add_holder

TODAY = date(2020, 1, 1)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


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
    return lambda: passes(page)


def passes(page: Any) -> None:
    """Hold the page in front to axe, on a wide screen and on a telephone, where it must not scroll sideways."""
    found = violations(page)
    page.set_viewport_size(NARROW)
    scrolls = sideways(page)
    found += violations(page)
    page.set_viewport_size(WIDE)
    assert found == [], page.url
    assert scrolls is None, page.url


def violations(page: Any) -> list[tuple[str, str]]:
    """Return what axe finds wrong with the page in front: the rule, and the first piece of the page that breaks it."""
    from axe_playwright_python.sync_playwright import Axe

    return [(one["id"], one["nodes"][0]["html"][:300]) for one in Axe().run(page).response["violations"]]


# The first thing, from the outside in, that stands out beyond the right edge and is not scrolled in a box of its own.
STANDS_OUT = """() => {
  const width = window.innerWidth
  if (document.documentElement.scrollWidth <= width) return null
  const boxed = (one) => { for (let up = one.parentElement; up; up = up.parentElement)
    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return true; return false }
  const found = [...document.body.querySelectorAll('*')].find((one) =>
    one.getBoundingClientRect().right > width + 1 && !boxed(one))
  return (found ? found.outerHTML.slice(0, 300) : 'the page') + ' is ' + document.documentElement.scrollWidth + ' wide'
}"""


def sideways(page: Any) -> str | None:
    """Return what makes the page in front scroll sideways; None where it does not."""
    found = page.evaluate(STANDS_OUT)
    return None if found is None else str(found)


@dataclass
class Served:
    """A town with its pages on a live server, built once for a module of tests that change nothing."""

    url: str
    town: Any
    database: Callable[[], AbstractContextManager[None]]

    def become(self, context: Any, who: str) -> None:
        """Sign a browser in as somebody of the town; nobody where `who` is empty."""
        context.clear_cookies()
        if who:
            self.sign_in(context, self.town.who[who])

    def sign_in(self, context: Any, account: Account) -> None:
        """Sign a browser in with an account."""
        with self.database():
            web = Client()
            web.force_login(account, "django.contrib.auth.backends.ModelBackend")
            key = web.session.session_key
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": key, "url": self.url}])


@contextmanager
def serving(django_db_blocker: Any, found: Callable[[], Any]) -> Iterator[Served]:
    """Serve the pages of what `found` makes, in a database that is empty before and after."""
    from django.core.management import call_command
    from pytest_django.live_server_helper import LiveServer

    from kinfold.service.records import guards
    from kinfold.service.records.scope import as_system

    @contextmanager
    def database() -> Iterator[None]:
        with django_db_blocker.unblock(), as_system():
            yield

    open_to_all = {"DEMO": True, "ALLOWED_HOSTS": ["*"], "SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}
    with override_settings(**open_to_all), django_db_blocker.unblock():
        with guards.lifted():
            call_command("flush", interactive=False, verbosity=0)
        town = found()
        server = LiveServer("localhost")
        try:
            yield Served(server.url, town, database)
        finally:
            server.stop()
            with guards.lifted():
                call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    """Return a town and its pages; the database is emptied when the module is done."""
    from tests.journeys.town import found_town

    with serving(django_db_blocker, lambda: found_town(timezone.localdate())) as made:
        yield made


@pytest.fixture(autouse=True)
def _front_end_is_built() -> None:
    if not Path("src/kinfold/service/web/static/built/app.css").exists():
        pytest.fail("The front end is not built: run `make setup`.")


@pytest.fixture(scope="module")
def story_time(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Served, Any]]:
    """Return an empty service whose clock the stories set."""
    from tests.journeys.storyline import Hands

    hands = Hands()
    first = Reader.__init__

    def at_the_hour(self: Reader, account: Any, now: Any = None, reason: str = "") -> None:
        first(self, account, now or hands.now(), reason)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", hands.now)
        patch.setattr(Reader, "__init__", at_the_hour)
        with serving(django_db_blocker, lambda: None) as served:
            yield served, hands


@pytest.fixture
def tell(story_time: tuple[Served, Any], page: Any) -> Callable[..., Any]:
    """Return the way to begin a story: `tell("990", director_of_childrens_services="Rowena Castell")`."""
    from tests.journeys.storyline import begin

    return lambda code, **roles: begin(*story_time[:1], page, story_time[1], code, **roles)
