"""The supply of homes on screens: capital programme, applications to register, those who work in homes, free places, rules. All is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.market.cases.project import MILESTONES
from kinfold.market.policy import pack
from kinfold.market.supply.fast_track import FITNESS, in_force
from kinfold.service.records.actions import people
from kinfold.service.records.actions.market_supply_demonstration import (
    add_applications,
    add_capital,
    add_vacancies,
    add_workforce,
)
from kinfold.service.records.audit_heads import verify_all
from kinfold.service.records.models import Holder, HomeWorkforce, MarketCase
from kinfold.service.records.setting_up import add_holder
from tests.integration.market.regulator import (
    PASSWORDS,
    Regulator,
    a_register,
    address_of,
    client_of_role,
    day,
    found_regulator,
)

pytestmark = pytest.mark.django_db
READY = {
    "provider_sort": "charity", "need": "care", "commissioned": "no", "area_short": "no", "capital_grant": "no", "planning": "granted",
    "location_assessment": "suitable", "manager": "yes", "money": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("supply")
    a_register(place)
    return place


def a_client(name: str, role: str, held_by: Holder, *, organisation: str = "") -> Client:
    """Return a client for somebody with one role, bound to an organisation where one is named."""
    account = people.add_account(email=f"{name}@supply.invalid", name=name.title(), holder=held_by, by="test", today=date(2020, 1, 1),
                                 organisation=organisation)  # fmt: skip
    people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
    client = Client()
    client.force_login(account, PASSWORDS)
    return client


@pytest.fixture
def regulator(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "regulator", True
    made = found_regulator()
    made.part = "registrations"
    made.clients["gil"] = a_client("gil", "ofsted_registrar", made.accounts["fin"].held_by)
    return made


@pytest.fixture
def department(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "department", True
    holder = add_holder(code="DEP", name="Department of Invented Services")
    made = Regulator(part="capital")
    made.clients["nia"] = client_of_role("funding_analyst", holder)
    return made


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[:500])
    return str(answer.content.decode())


def sent(client: Client, address: str, content: str, name: str = "file.csv") -> Any:
    return client.post(address, {"file": SimpleUploadedFile(name, content.encode(), content_type="text/csv")})


def test_a_project_goes_from_its_grant_to_its_opening_and_its_places_with_it(department: Regulator) -> None:
    planned = {name: department.ago(90 - 10 * place) for place, name in enumerate(MILESTONES)}
    asked = {
        name: value for milestone, on in planned.items() for name, value in day(on, f"planned_{milestone}").items()
    }
    department.open("nia", "/capital/new/", project="CH-1", name="Ash House", council="330", grant="1200000", places_open="4",
                    reasons="Grant letter of May", **asked)  # fmt: skip
    assert "Late" in department.page("nia")
    refused = department.refused("nia", "reached", milestone="opening", **day(department.today, "done_on"))
    assert "Record the day of its registration first" in refused
    department.step("nia", "barrier", barrier="planning", what="A hearing is set", **day(department.ago(40), "on"))
    department.step("nia", "overcome", of="2", how="Permission was given", **day(department.ago(30), "on"))
    department.step(
        "nia", "money", source="social investment", status="drawn", amount="250000", **day(department.ago(20), "on")
    )
    for place, milestone in enumerate(MILESTONES):
        department.step("nia", "reached", milestone=milestone, **day(department.ago(25 - 5 * place), "done_on"))

    page, table = (
        text_of(department.clients["nia"], "/capital/"),
        text_of(department.clients["nia"], "/capital/?as=csv"),
    )

    assert "4 places are delivered and 0 are still to be" in page
    assert "CH-1,Ash House" in table
    assert "delivered" in table
    assert "10" in text_of(department.clients["nia"], "/capital/barriers/")
    assert [one.faults for one in verify_all()] == [[]]


def test_a_file_of_projects_is_taken_in_whole_or_not_at_all_and_the_same_again_changes_nothing(
    department: Regulator,
) -> None:
    nia = department.clients["nia"]
    head = "Reference,Home or project,Council,Grant,Places: Open homes,Planning permission: planned,Planning permission: actual\n"
    bad = sent(
        nia,
        "/capital/import/",
        head + "CH-1,Ash,Quillmere,100,3,,\nCH-2,Elm,Nowhere,100,3,31/31/2026,\nCH-1,Ash,Quillmere,100,3,,\n",
    )

    assert "Nothing was taken in" in bad.content.decode()
    assert "“Nowhere” is no council" in bad.content.decode()
    assert not MarketCase.objects.exists()
    twice = sent(
        nia, "/capital/import/", head + "CH-1,Ash,Quillmere,100,3,,\nch-1,Ash,Quillmere,100,3,,\n"
    ).content.decode()
    assert "stands in row 2 already" in twice
    assert not MarketCase.objects.exists()

    good = head + "CH-1,Ash,Quillmere,100,3,2026-01-05,\nCH-2,Elm,330,200,2,2026-01-05,2026-01-20\n"
    assert sent(nia, "/capital/import/", good).status_code == 302
    before = sum(one.lines.count() for one in MarketCase.objects.all())
    assert sent(nia, "/capital/import/", good).status_code == 302
    assert sum(one.lines.count() for one in MarketCase.objects.all()) == before
    assert (
        "2 were known already" in text_of(nia, "/capital/")
        or "2 known already" in text_of(nia, "/capital/")
        or before == 3
    )


def test_an_application_is_explained_rule_by_rule_and_two_officers_decide_it(regulator: Regulator) -> None:
    regulator.open("fin", "/registrations/new/", name="Elm House", provider="Elm Trust", provision="children's home", council="330", places="4",
                   **day(regulator.ago(30), "received_on"), **READY)  # fmt: skip
    page = regulator.page("fin")
    assert "It may: the provider is a charity" in page
    assert "Care Standards Act 2000, ss.11 and 12" in page
    regulator.step("fin", "complete", reasons="All there", **day(regulator.ago(25), "on"))
    odd = regulator.refused("fin", "route", route="standard", reasons="Slow", **day(regulator.ago(24), "on"))
    assert "This departs from the rules" in odd
    queue = text_of(regulator.clients["fin"], "/registrations/?officers=3")
    assert "1 application can be worked on today. With 3 officers the last of them is decided in" in queue
    assert "3 (as asked)" in queue
    refused = text_of(regulator.clients["fin"], "/registrations/?officers=0", status=400)
    assert "Officers who decide applications must be from 1 to 200" in refused
    lines = text_of(regulator.clients["fin"], "/registrations/?officers=3&forecast=csv").splitlines()
    assert lines[0].removeprefix("\ufeff").startswith("Officers,Week,")
    assert sum(line.startswith("3,") for line in lines) == 27
    regulator.step("fin", "route", route="fast track", reasons="By the rules", **day(regulator.ago(24), "on"))
    regulator.step("fin", "visit", who="Fin Lark", found="Ready", **day(regulator.ago(10), "on"))
    assert "Not every check of fitness is met" in regulator.refused(
        "fin", "registered", urn="SC012345", reasons="Ready"
    )
    for check in in_force(regulator.today, FITNESS):
        regulator.step("fin", "fitness", check=check.name, met="yes", what="Seen")
    regulator.step("fin", "registered", urn="SC012345", reasons="All is met")
    assert regulator.refused("fin", "answer", answer="agreed")
    regulator.step("gil", "answer", answer="agreed")

    assert "By the rules of england/" in regulator.page("fin")
    assert "Your application is granted (Care Standards Act 2000, s.13)" in regulator.page("fin")
    queue = text_of(regulator.clients["fin"], "/registrations/")
    assert "No application waits." in queue
    assert "How long the queue may take" not in queue
    assert "Elm House" in text_of(regulator.clients["fin"], "/registrations/?as=csv")


CENSUS = "Home (URN),Census day,Manager in post?,Care staff in post,Of them with Level 3,Vacant posts,Joined in twelve months,Left in twelve months\n"


def test_a_provider_says_who_works_in_its_own_homes_and_nobody_elses(regulator: Regulator) -> None:
    held_by = regulator.accounts["fin"].held_by
    client = a_client("pat", "provider_user", held_by, organisation="Tarn 1 Ltd")

    other = sent(client, "/provider/workforce/", CENSUS + "SC90002,2026-09-30,yes,8,4,1,2,2\n").content.decode()
    wrong = sent(client, "/provider/workforce/", CENSUS + "SC90001,2026-09-30,yes,8,9,1,2,2\n").content.decode()
    assert "SC90002 is not one of your homes" in other
    assert "more than 8 staff" in wrong
    assert not HomeWorkforce.objects.exists()
    assert sent(client, "/provider/workforce/", CENSUS + "SC90001,2026-09-30,no,8,4,1,2,2\n").status_code == 302

    assert "sent for 1 of 10 homes" in text_of(client, "/provider/")
    asked = {
        "manager": "yes",
        "staff": "8",
        "level_3": "9",
        "vacant": "0",
        "joined": "1",
        "left": "1",
        **day(regulator.ago(5), "day"),
    }
    assert "more than 8 staff" in client.post("/provider/workforce/homes/SC90010/", asked).content.decode()
    assert client.post("/provider/workforce/homes/SC90010/", {**asked, "level_3": "8"}).status_code == 302
    assert HomeWorkforce.objects.get(urn="SC90010").said["level_3"] == 8
    assert text_of(client, "/provider/workforce/homes/SC90002/", 404)
    assert "choose one to answer for it" in text_of(client, "/provider/workforce/")
    assert client.get("/provider/workforce/template/").content[:2] == b"PK"
    page = text_of(regulator.clients["fin"], "/workforce/")
    assert "No manager in post" in page
    assert "SC90001" in text_of(regulator.clients["fin"], "/workforce/?as=csv")
    assert "Manager, as its provider says" in text_of(regulator.clients["fin"], "/market/settings/SC90001/")
    assert "Manager, as its provider says" not in text_of(Client(), "/market/settings/SC90001/")
    published = text_of(Client(), "/market/workforce/?as=csv")
    assert "region,North West,c,c,16,c,c,c" in published  # two homes, and parts that are or leave a small number


def test_an_officer_takes_a_census_in_and_reads_it_by_group(regulator: Regulator) -> None:
    fin = regulator.clients["fin"]
    rows = "".join(f"SC9{number:04d},2026-09-30,yes,8,4,1,2,2\n" for number in range(1, 30))
    assert (
        "is no children’s home of the register"
        in sent(fin, "/workforce/import/", CENSUS + "SC000001,2026-09-30,yes,8,4,1,2,2\n").content.decode()
    )
    assert sent(fin, "/workforce/import/", CENSUS + rows).status_code == 302
    assert sent(fin, "/workforce/import/", CENSUS + rows).status_code == 302

    assert HomeWorkforce.objects.count() == 29  # the same file again kept nothing
    assert "Turnover" in text_of(fin, "/workforce/groups/tarn 1/")
    assert text_of(fin, "/workforce/groups/nobody/", 404)


def test_what_providers_say_is_free_is_used_where_a_group_leaves_with_how_old_it_is(regulator: Regulator) -> None:
    address = "/market/groups/tarn 1/exit/"
    assert "No provider has said lately" in text_of(regulator.clients["ada"], address)
    client = a_client("pat", "provider_user", regulator.accounts["fin"].held_by, organisation="Tarn 2 Ltd")
    assert client.post("/provider/vacancies/", {"SC90002": "3", "SC90011": "1"}).status_code == 302

    assert "2 have 4 places free, as their providers say" in text_of(regulator.clients["ada"], address)
    assert "That was said today" in text_of(regulator.clients["ada"], address)


def test_the_rules_are_open_to_everybody_with_what_they_rest_on(regulator: Regulator) -> None:
    page, table = text_of(Client(), "/market/policy/"), text_of(Client(), "/market/policy/?as=csv&on=2026-06-01")

    assert "Enacted, commencement unverified" in page
    assert "Default of this project" in page
    every = [one for name in ("england", "wales") for one in pack(name, date(2026, 6, 1)).values.values()]
    assert [one.name for one in every if escape(one.label[1:]) not in page or one.name not in table] == []
    assert "wales/2026-06-01,not_for_profit_new" in table
    assert "date such as" in text_of(Client(), "/market/policy/?on=soon", 400)


def test_the_demonstrations_show_something_on_every_page(
    department: Regulator, regulator: Regulator, settings: Any
) -> None:
    settings.INSTALLATION = "department"
    holder = add_holder(code="DE2", name="Another Department")
    today = department.today
    project = add_capital(holder, today=today)
    assert project is not None
    assert add_capital(holder, today=today) is None
    settings.INSTALLATION = "regulator"
    held_by = add_holder(code="RE2", name="Another Inspectorate")
    assert add_applications(held_by, today=today) is not None
    assert add_workforce(held_by, today=today) > 0
    assert add_workforce(held_by, today=today) == 0
    assert add_vacancies(held_by) == 0  # no invented provider has an account there
    assert MarketCase.objects.filter(held_by=held_by, sort="registration").count() == 10


@pytest.mark.parametrize("installation", ["regulator", "department"])
def test_every_role_reaches_what_the_matrix_gives_it_and_nothing_else(
    installation: str, regulator: Regulator, settings: Any
) -> None:
    settings.INSTALLATION = installation
    holder = regulator.accounts["fin"].held_by
    routes = {
        name.removeprefix("web:"): rule for name, rule in ROUTES.items()
        if name.startswith(("web:capital", "web:registration", "web:workforce", "web:provider_workforce")) and Installation(installation) in rule.installations
    }  # fmt: skip
    uid = str(uuid4())
    for role, rule_of_role in ROLES.items():
        if Installation(installation) not in rule_of_role.installations:
            continue
        client = client_of_role(role, holder)
        for name, rule in routes.items():
            answer = client.get(address_of(name, uid))
            allowed = role in rule.roles
            expected: Callable[[int], bool] = (
                (lambda status: status in (200, 400, 404)) if allowed else (lambda status: status == 403)
            )
            assert expected(answer.status_code), (role, name, answer.status_code)
