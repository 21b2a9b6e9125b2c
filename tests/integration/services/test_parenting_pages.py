"""Corporate parenting by public bodies: added, recorded part by part, and reported."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kinfold.care.corporate_parenting import parts_of_the_duty, year_of
from kinfold.service.records.models import BodyFact
from tests.integration.services.conftest import World, typed

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def added(client: Any, name: str = "Elmshire Health Board") -> str:
    answer = client.post("/corporate-parenting/new/", {"name": name, "partner_type": "integrated care board"})
    assert answer.status_code == 302, answer.content.decode()
    return str(BodyFact.objects.filter(kind="partner_details").latest("pk").subject.uid)


def test_a_body_is_added_once(services: World, web: Any) -> None:
    client = web("social_worker")
    added(client)

    again = client.post("/corporate-parenting/new/", {"name": "ELMSHIRE health board", "partner_type": "other"})

    assert "in the list already" in again.content.decode()


def test_what_a_body_did_offers_and_reports_is_recorded_and_counted(services: World, web: Any) -> None:
    client, year = web("social_worker"), year_of(today())
    uid = added(client)
    at = f"/corporate-parenting/{uid}/"

    for what, form in (
        ("action", {"duty": parts_of_the_duty()[0], "what_was_done": "Asked 12 care leavers", "people_reached": "12"}),
        ("offer", {"service": "Free prescriptions"}),
        ("report", {"address": "https://board.invalid/report"}),
    ):
        assert client.post(f"{at}{what}/", {**typed("day", today()), **form}).status_code == 302

    page = client.get(at).content.decode()
    assert "Asked 12 care leavers" in page
    assert "Free prescriptions" in page
    assert f"Report of {year.name}" in page
    report = web("director_of_childrens_services").get("/corporate-parenting/report/").content.decode()
    assert f"1 of {len(parts_of_the_duty())} parts recorded" in report
    assert "Enacted, not in force" in report
    assert "Elmshire Health Board" in client.get("/corporate-parenting/?as=csv").content.decode("utf-8-sig")


def test_offers_to_care_leavers_are_counted_and_name_nobody(services: World, web: Any) -> None:
    services.say("support_offer", values={"offer": "covenant", "answer": "accepted"}, valid_from=today())

    report = web("director_of_childrens_services").get("/corporate-parenting/report/").content.decode()

    assert "Covenant" in report
    assert "Robin" not in report


def test_who_does_not_record_is_refused(services: World, web: Any) -> None:
    uid = added(web("social_worker"))

    director = web("director_of_childrens_services")

    assert director.get(f"/corporate-parenting/{uid}/").status_code == 200
    assert director.post(f"/corporate-parenting/{uid}/action/").status_code == 403
    assert web("information_governance").get("/corporate-parenting/").status_code == 403


def test_a_day_to_come_is_refused_in_words(services: World, web: Any) -> None:
    client = web("social_worker")
    uid = added(client)

    answer = client.post(
        f"/corporate-parenting/{uid}/offer/",
        {**typed("day", today() + timedelta(days=3)), "service": "Work experience"},
    )

    assert "must be today or in the past" in answer.content.decode()
