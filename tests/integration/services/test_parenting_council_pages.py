"""The council as a corporate parent: its principles, offers, and its report written, returned, approved and published."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kinfold.care.corporate_parenting import councils_principles, year_of
from kinfold.service.printing import can_print
from kinfold.service.records.models import Alert, EventFact
from tests.integration.services.conftest import World, typed

pytestmark = pytest.mark.django_db
AT = "/corporate-parenting/our-council/"
WORDS = {
    "what_was_done": "Every care leaver was offered a bus pass.",
    "what_they_said": "They asked for later evenings at the drop-in.",
    "what_comes_next": "The drop-in stays open until nine.",
}


def today() -> date:
    return timezone.localdate()


def words(client: Any, at: str) -> str:
    return str(client.get(at).content.decode())


def test_the_councils_report_is_written_returned_put_right_approved_and_published(services: World, web: Any) -> None:
    worker, director, year = web("social_worker"), web("director_of_childrens_services"), year_of(today())
    write, decide, report = f"{AT}report/write/", f"{AT}report/decide/", f"{AT}report/"

    assert worker.post(write, {**WORDS, "what_comes_next": "", "keep": "1"}).status_code == 302
    assert "Write every part" in worker.post(write, {**WORDS, "what_comes_next": "", "send": "1"}).content.decode()
    assert "bus pass" not in words(director, report)
    assert worker.post(write, {**WORDS, "send": "1"}).status_code == 302
    assert "is with the director" in worker.post(write, {**WORDS, "keep": "1"}).content.decode()
    assert "Say why it is returned" in director.post(decide, {"answer": "return"}).content.decode()
    assert director.post(decide, {"answer": "return", "reasons": "Say how many passes"}).status_code == 302

    page = words(worker, report)
    assert "Say how many passes" in page
    again = {**WORDS, "what_was_done": "All 41 care leavers were offered a bus pass."}
    assert worker.post(write, {**again, "send": "1"}).status_code == 302
    assert Alert.objects.filter(account=services.accounts["director_of_childrens_services"], done_at=None).count() == 1
    assert director.post(decide, {"answer": "approve"}).status_code == 302

    page = words(web("team_manager"), report)
    assert "All 41 care leavers" in page
    assert "Written by Asha Lind. Approved by Rowena Castell" in page
    if can_print():
        answer = worker.get(f"{report}?as=pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    said = {**typed("day", today()), "address": "https://elmshire.invalid/report"}
    assert worker.post(f"{AT}publish/", said).status_code == 302
    published = EventFact.objects.get(kind="published_report", known_to__isnull=True)
    assert published.payload["report_type"] == "corporate parenting report"
    assert published.payload["period"] == year.name
    assert "Published on" in words(worker, AT)


def test_what_the_council_did_and_offers_stands_by_its_principles(services: World, web: Any) -> None:
    worker = web("social_worker")
    did = {
        **typed("day", today()),
        "duty": councils_principles()[1],
        "what_was_done": "Met the children in care council",
    }
    assert worker.post(f"{AT}action/", did).status_code == 302
    assert worker.post(f"{AT}offer/", {**typed("day", today()), "service": "Free bus pass"}).status_code == 302

    page = words(web("director_of_childrens_services"), AT)

    assert "Met the children in care council." in page
    assert "Free bus pass" in page
    assert page.count("Nothing recorded") == len(councils_principles()) - 1


def test_a_report_is_not_published_before_the_director_approved_it(services: World, web: Any) -> None:
    worker = web("social_worker")
    worker.post(f"{AT}report/write/", {**WORDS, "send": "1"})

    answer = worker.post(f"{AT}publish/", {**typed("day", today()), "address": "https://elmshire.invalid/report"})

    assert "approves the report before it is published" in answer.content.decode()
    assert worker.get(f"{AT}report/?as=pdf").status_code == 400


def test_who_writes_does_not_approve_and_who_approves_does_not_write(services: World, web: Any) -> None:
    worker, director = web("social_worker"), web("director_of_childrens_services")
    worker.post(f"{AT}report/write/", {**WORDS, "send": "1"})

    assert worker.post(f"{AT}report/decide/", {"answer": "approve"}).status_code == 403
    assert director.post(f"{AT}report/write/", WORDS).status_code == 403
    assert director.get(f"{AT}offer/").status_code == 403
    assert web("information_governance").get(AT).status_code == 403
