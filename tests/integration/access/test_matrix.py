"""
The access matrix: every role against every page.

A page that no file of access/routes*.toml names answers nobody; a role that the file does not name is refused; nobody
reaches a child of another council, and cannot tell such a child from one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.service.records.models import Account, Holder, PersonIndex, RoleHeld, Thing
from kinfold.service.records.reaching import write_role_reach
from kinfold.service.records.setting_up import add_holder

SAMPLE = {
    "number": 1,
    "row": 1,
    "word": "spell",
    "duty_id": "FD04",
    "which": "mine",
    "pk": 1,
    "load": 1,
    "kind": "note",
}
REFUSED_NEARLY_EVERYWHERE = "advocate"
ELSEWHERE = ("account_", "mfa_", "socialaccount_", "openid_connect_", "headless", "usersessions")


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    """Yield every page of ours: those of the sign-in package and the API have their own tests."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if str(one.pattern).startswith(("accounts/", "api/")) or one.namespace == "api":
                continue
            yield from patterns(one)
        elif one.name and not one.name.startswith(ELSEWHERE):
            yield one


PAGES = {p.name: p for p in patterns() if p.callback.__module__.startswith("kinfold.service.web")}


def address(name: str, uid: str) -> str:
    """Return a page's address for one child."""
    converters = PAGES[name].pattern.converters
    values: dict[str, Any] = {}
    for key, converter in converters.items():
        kind = type(converter).__name__
        values[key] = uid if kind == "UUIDConverter" else 1 if kind == "IntConverter" else SAMPLE.get(key, "x")
    return reverse(name, kwargs=values)


def test_every_page_says_who_may_reach_it() -> None:
    named = {p.callback.route for p in PAGES.values() if hasattr(p.callback, "route")}
    unnamed = sorted(name for name, p in PAGES.items() if not hasattr(p.callback, "route"))

    assert named <= set(ROUTES)
    # only what answers machines about the machine itself stands outside
    assert set(unnamed) <= {"healthz", "readyz", "metrics", "alive", "ready"}


def test_every_entry_of_the_matrix_is_a_page_or_a_call() -> None:
    pages = {name.removeprefix("web:") for name in ROUTES if name.startswith("web:")}

    assert pages <= {p.callback.route.removeprefix("web:") for p in PAGES.values() if hasattr(p.callback, "route")}


@pytest.fixture
def council(db: None) -> tuple[Holder, str, str]:
    """Return a council, the id of its child and the id of another council's child."""
    ours, theirs = add_holder(code="990", name="Elmshire"), add_holder(code="991", name="Oakbridge")
    uids = []
    for holder in (ours, theirs):
        child = Thing.objects.create(word="person", sort="child", held_by=holder)
        PersonIndex.objects.create(person=child, held_by=holder, sort="child", name="Asha Example", la_child_id="C1")
        uids.append(str(child.uid))
    return ours, uids[0], uids[1]


def sign_in(role: str, holder: Holder) -> Client:
    person = Thing.objects.create(word="person", sort="worker", held_by=holder)
    account = Account.objects.create_user(
        f"{role}@council.invalid", "x", name=role, held_by=holder, person=person, organisation=holder.name
    )
    RoleHeld.objects.create(account=account, role=role, held_by=holder, from_date=date(2020, 1, 1), granted_by="test")
    write_role_reach(holder.pk, person.pk)
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_reaches_the_pages_the_matrix_gives_it_and_no_other(
    role: str, council: tuple[Holder, str, str], settings: Any
) -> None:
    settings.DEMO = True  # the second factor is asked for elsewhere
    holder, ours, theirs = council
    client = sign_in(role, holder)
    there = Installation.COUNCIL in ROLES[role].installations
    nobody = str(uuid4())

    for name, pattern in sorted(PAGES.items()):
        if not hasattr(pattern.callback, "route"):
            continue
        rule = ROUTES[pattern.callback.route]
        may = role in rule.roles and there and Installation.COUNCIL in rule.installations
        # a refusal is the same on both databases, for the guard reads no table of the record: one role asks them again
        if not (may or rule.without_sign_in or connection.vendor == "sqlite" or role == REFUSED_NEARLY_EVERYWHERE):
            continue
        answer = _ask(client, address(name, ours))
        if rule.without_sign_in or may:
            assert answer.status_code < 500, name
        else:  # what belongs to another installation is not here at all
            assert answer.status_code == (403 if Installation.COUNCIL in rule.installations else 404), name
        # the guard refuses before it knows whose page it is: that is asked of one refused role, not of fifty
        if "uid" in pattern.pattern.converters and (may or role == REFUSED_NEARLY_EVERYWHERE):
            other, none = _ask(client, address(name, theirs)), _ask(client, address(name, nobody))
            assert other.status_code == none.status_code, name
            assert _told(other) == _told(none), name


def _ask(client: Client, href: str) -> Any:
    """Open a page; what only takes a form is sent an empty one. What an earlier page left to be told is no part of it."""
    client.cookies.pop("messages", None)
    answer = client.get(href)
    return client.post(href) if answer.status_code == 405 else answer


def _told(answer: Any) -> str:
    """Return what a person could tell from an answer: its text without the tokens that change every time."""
    import re

    return re.sub(rb'(nonce|value)="[^"]+"|trace[^<]+', b"", answer.content).decode()[:4000]


@pytest.mark.django_db
def test_nobody_who_is_not_signed_in_reaches_a_page(council: tuple[Holder, str, str]) -> None:
    _, ours, _ = council
    client = Client()

    for name, pattern in sorted(PAGES.items()):
        if hasattr(pattern.callback, "route") and not ROUTES[pattern.callback.route].without_sign_in:
            answer = _ask(client, address(name, ours))
            if Installation.COUNCIL not in ROUTES[pattern.callback.route].installations:
                assert answer.status_code == 404, name
                continue
            assert answer.status_code == 302, name
            assert "/accounts/login/" in answer["Location"], name
