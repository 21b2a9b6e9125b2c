"""
No installation reads another's tables: neither by opening its database, nor by its pages, nor by its roles.

Five settings of one code base: council, region, regulator, Department, exchange.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.service.records import guards
from kinfold.service.records.health import PROBLEM, not_ready
from kinfold.service.records.models import Holder
from kinfold.service.records.setting_up import add_holder, anothers_database, ready
from kinfold.terms.errors import InputError

pytestmark = pytest.mark.django_db
SORTS = [sort.value for sort in Installation]


@pytest.mark.parametrize("here", SORTS)
@pytest.mark.parametrize("theirs", SORTS)
def test_an_installation_opens_no_database_but_its_own(here: str, theirs: str, settings: Any) -> None:
    settings.INSTALLATION = theirs
    add_holder(code="990", name="Elmshire")
    settings.INSTALLATION = here

    if here == theirs:
        ready()
        assert anothers_database() == ""
        return
    with pytest.raises(InputError, match=f"database of a {theirs}.*this installation is a {here}"):
        ready()
    # `kinfold serve` asks the same before it answers anything, and `kinfold doctor` prints it
    assert ("installation", PROBLEM) in [(check.name, check.state) for check in not_ready()]


@pytest.mark.parametrize("here", [sort for sort in SORTS if sort != "council"])
def test_a_page_of_a_council_is_not_there_in_another_installation(here: str, settings: Any) -> None:
    settings.INSTALLATION = here
    only = [
        name
        for name, rule in ROUTES.items()
        if name.startswith("web:") and rule.installations == {Installation.COUNCIL}
    ]

    assert "web:search" in only
    for name in ("search", "tonight", "people"):
        assert f"web:{name}" in only
        assert Client().get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if name.startswith("web:")))
def test_every_page_is_reached_by_some_role_of_each_installation_that_has_it(name: str) -> None:
    rule = ROUTES[name]

    for installation in rule.installations:
        assert any(installation in ROLES[role].installations for role in rule.roles), installation


def test_a_new_holder_is_of_the_installations_own_sort(settings: Any) -> None:
    settings.INSTALLATION = "region"

    assert add_holder(code="R1", name="Northern region").sort == "region"
    assert Holder.objects.get(code="R1").sort == "region"


def test_a_guard_that_was_changed_is_found_and_mended() -> None:
    name = next(name for name in sorted(guards.wanted()) if "audit_entry" in name)
    assert guards.missing() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"drop trigger {name}")
            cursor.execute(f"create trigger {name} before delete on audit_entry begin select 1; end")
        else:
            cursor.execute(f"comment on trigger {name} on audit_entry is 'an older version of it'")

    assert guards.missing() == [name]

    guards.install()
    assert guards.missing() == []
