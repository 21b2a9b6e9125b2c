"""
The demonstration's page of personas: impossible to open by accident, and what each persona of a family sees.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kinfold.service.records.actions import demonstration, facts, people, rights
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Account, AuditEntry, Holder, PersonIndex, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from kinfold.terms.errors import InputError

TODAY = date(2026, 1, 5)
ASK = "import django, json; django.setup(); from django.conf import settings; print(json.dumps(settings.DEMO))"


def demo_is_on(folder: Path, **environment: str) -> bool:
    """Return whether an installation in `folder` is the demonstration, as its settings have it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KINFOLD_")}
    kept |= {"DJANGO_SETTINGS_MODULE": "kinfold.service.config.settings", "KINFOLD_DATA": str(folder), **environment}
    done = subprocess.run([sys.executable, "-c", ASK], env=kept, check=True, capture_output=True, text=True)
    return bool(json.loads(done.stdout))


def test_neither_the_variable_nor_the_mark_alone_opens_the_personas(tmp_path: Path) -> None:
    assert not demo_is_on(tmp_path, KINFOLD_DEMO="1")

    (tmp_path / "invented-data-only").write_text("Everybody here is invented.")

    assert not demo_is_on(tmp_path)
    assert not demo_is_on(tmp_path, KINFOLD_DEMO="0")
    assert demo_is_on(tmp_path, KINFOLD_DEMO="1")


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council."""
    return add_holder(code="990", name="Elmshire")


@pytest.mark.django_db
def test_outside_the_demonstration_there_is_no_page_of_personas(council: Holder) -> None:
    account = people.add_account(
        email="a@990.invalid", name="A Persona", holder=council, by="test", today=TODAY, persona="left over"
    )

    assert Client().get("/demonstration/").status_code == 404
    web = Client()
    assert web.post("/demonstration/", {"who": str(account.uid)}).status_code == 404
    assert web.get("/")["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_folder_with_records_is_never_marked_as_invented(council: Holder, settings: Any, tmp_path: Path) -> None:
    settings.DEMO_MARKER = tmp_path / "invented-data-only"

    with pytest.raises(InputError, match="already holds records"):
        demonstration.mark_as_invented()

    assert not settings.DEMO_MARKER.exists()


@pytest.mark.django_db
def test_somebody_who_is_no_persona_cannot_be_chosen(council: Holder, settings: Any) -> None:
    settings.DEMO = True
    real = people.add_account(email="real@elmshire.invalid", name="Real", holder=council, by="test", today=TODAY)

    assert Client().post("/demonstration/", {"who": str(real.uid)}).status_code == 404


@pytest.fixture
def family(council: Holder, settings: Any) -> dict[str, Thing]:
    """Return a looked after child and their mother, in a demonstration with its personas."""
    settings.DEMO = True
    made = {}
    for sort, forename, born in (("child", "Robin", date(2011, 5, 1)), ("adult", "Ottoline", date(1985, 5, 1))):
        with as_system():
            made[sort] = Thing.objects.create(word="person", sort=sort, held_by=council)
        say = {"subject": made[sort], "by": "test", "because": "test"}
        facts.record_fact(kind="name", values={"forename": forename, "surname": "Quill", "name_type": "LEGAL"}, **say)
        facts.record_fact(kind="person_details", values={"birth_date": born}, **say)
    facts.record_fact(
        kind="mother_of", subject=made["adult"], party=made["child"], values={}, by="test", because="test"
    )
    facts.record_fact(
        kind="care_period", subject=made["child"], values={}, by="test", because="test", valid_from=date(2024, 1, 1)
    )
    with as_system():
        index_persons(council.pk, [thing.pk for thing in made.values()])
    demonstration.add_personas(council, today=TODAY)
    return made


def be(email: str) -> Client:
    """Choose a persona on the page."""
    web = Client()
    assert web.post("/demonstration/", {"who": str(Account.objects.get(email=email).uid)})["Location"] == "/"
    return web


@pytest.mark.django_db
def test_every_persona_has_a_home_page(family: dict[str, Thing]) -> None:
    personas = Account.objects.exclude(persona="")

    assert {"child@990.invalid", "parent@990.invalid", "information.governance.second@990.invalid"} <= {
        account.email for account in personas
    }
    page = Client().get("/demonstration/").content.decode()
    for account in personas:
        assert account.persona.replace("'", "&#x27;") in page
        assert be(account.email).get("/", follow=True).status_code == 200
    assert demonstration.add_personas(Holder.objects.get(), today=TODAY) == []  # a second time changes nothing


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["child", "parent"])
def test_the_family_sees_who_has_looked_by_organisation_role_and_reason(family: dict[str, Thing], who: str) -> None:
    be("director.of.childrens.services@990.invalid").get(f"/children/{family['child'].uid}/")
    other = "parent" if who == "child" else "child"
    be(f"{other}@990.invalid").get("/my-record/")

    page = be(f"{who}@990.invalid").get("/my-record/").content.decode()

    looks = page[page.index("Who has looked") :]
    assert "Director of children" in looks
    assert "Rowena Castell" not in looks  # never a worker's name
    assert "Elmshire" in looks
    assert (
        "Parent or person with parental responsibility" not in looks
        if who == "child"
        else "Child or young person" not in looks
    )


@pytest.mark.django_db
def test_a_parent_who_opens_her_page_is_no_colleague_of_the_workers(family: dict[str, Thing]) -> None:
    director = Account.objects.get(email="director.of.childrens.services@990.invalid")

    assert not Reader(director).thing(PersonIndex.objects.get(person=family["adult"])).marks


@pytest.mark.django_db
def test_information_governance_is_asked_why_and_then_led_to_the_page(family: dict[str, Thing]) -> None:
    web, child = be("information.governance@990.invalid"), f"/children/{family['child'].uid}/"

    asked = web.get(child)
    assert asked["Location"] == f"{child}why/?next={child.replace('/', '%2F')}"
    empty = web.post(asked["Location"], {"reason": "complaint", "words": " "})
    assert "Error: " in empty.content.decode()
    answer = web.post(asked["Location"], {"reason": "complaint", "words": "The mother wrote on 3 January."})

    assert answer["Location"] == child
    assert web.get(child).status_code == 200
    said = AuditEntry.objects.get(action="said why")
    assert (said.reason, said.person) == ("A complaint", str(family["child"].uid))


@pytest.mark.django_db
@pytest.mark.parametrize("next_page", ["https://elsewhere.invalid/", "//elsewhere.invalid"])
def test_the_question_why_leads_to_no_page_elsewhere(family: dict[str, Thing], next_page: str) -> None:
    web, child = be("information.governance@990.invalid"), f"/children/{family['child'].uid}/"

    answer = web.post(f"{child}why/?next={next_page}", {"reason": "audit", "words": "a yearly check"})

    assert answer["Location"] == child


@pytest.mark.django_db
def test_two_people_of_information_governance_can_open_a_page_to_the_family(family: dict[str, Thing]) -> None:
    second = Account.objects.get(email="information.governance.second@990.invalid")

    rights.open_to_family(
        for_rights(Reader(second)), str(family["child"].uid), email="parent@990.invalid", because="identity confirmed"
    )
