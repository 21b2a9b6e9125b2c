"""Sending files from the page: who may, what is refused and why, and what becomes of the rest."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kinfold.service.records.models import Alert, AuditEntry, Holder, Job, Load, SpellFact
from kinfold.service.records.setting_up import add_holder
from tests.integration.loads.conftest import EPISODES, HEADER, RETURN, work, zipped

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_says_what_to_do_where_nothing_has_come_in(analyst: Client) -> None:
    assert "No files have come in yet" in text_of(analyst.get("/files/"))


@pytest.mark.parametrize("role", ["social_worker", "team_manager", "director_of_childrens_services"])
def test_those_who_do_not_load_files_are_refused(signed_in: Callable[..., Client], role: str) -> None:
    web = signed_in(role)

    assert web.get("/files/").status_code == 403
    assert web.post("/files/", {}).status_code == 403


def test_another_councils_load_is_not_there(signed_in: Callable[..., Client], loaded: Load) -> None:
    other = signed_in(held_by=add_holder(code="991", name="Oakbridge"), name="Robin Other")

    for path in ("", "quarantine/", "quarantine.csv", "take-back/"):
        assert other.get(f"/files/{loaded.pk}/{path}").status_code == 404
    assert "No files have come in yet" in text_of(other.get("/files/"))


@pytest.mark.parametrize("packed", [False, True])
def test_files_are_recognised_at_once_kept_sealed_and_loaded_by_a_worker(
    analyst: Client, send: Callable[..., Any], settings: Any, packed: bool
) -> None:
    response = send(analyst, {"return.zip": zipped(RETURN)} if packed else RETURN)

    load = Load.objects.get()
    assert response.url == f"/files/{load.pk}/"
    assert (load.door, load.collection, load.state) == ("ssda903", "2025-26", Load.State.WAITING)
    assert Job.objects.get(name="load").arguments == {"load": load.pk}
    kept = [path.read_bytes() for path in Path(settings.RECEIVED_FILES).rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert not any(b"CHILD" in content for content in kept)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []

    work()

    load.refresh_from_db()
    assert load.state == Load.State.DONE
    assert (load.rows, load.facts, load.unchanged, load.quarantined) == (8, 6, 0, 2)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_large_files_are_recognised_from_their_beginnings_and_looked_through_by_the_worker(
    analyst: Client, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kinfold.service.records.actions.uploads.AT_A_GLANCE_FROM", 0)
    census = (
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31"
        "</ReferenceDate></CollectionDetails><Source><LEA>990</LEA></Source></Header><Children><Child>"
        "<ChildIdentifiers><LAchildID>C1</LAchildID></ChildIdentifiers></Child><Child>"
    )

    send(analyst, {**RETURN, "census.xml": census})

    assert set(Load.objects.values_list("door", "collection", "state", "expected_rows")) == {
        ("ssda903", "2025-26", "waiting", None), ("cin_census", "2025-26", "waiting", None),
    }  # fmt: skip

    work()

    whole, cut = (Load.objects.get(door=door) for door in ("ssda903", "cin_census"))
    assert (whole.state, whole.rows, whole.facts, whole.quarantined, whole.expected_rows) == ("done", 8, 6, 2, 8)
    assert cut.state == Load.State.REFUSED
    assert "census.xml" in cut.message


def test_a_file_that_is_refused_is_named_with_what_is_wrong_and_what_to_do(
    analyst: Client, send: Callable[..., Any]
) -> None:
    response = send(analyst, {"letter.pdf": b"%PDF-1.7 nothing of ours", "empty.csv": b""})

    said = text_of(response)
    assert "Error: Files" in said
    assert "letter.pdf is a PDF. Send the data it was made from" in said
    assert "empty.csv is empty. Export it again" in said
    assert Load.objects.count() == 0


def test_the_files_beside_a_refused_one_are_taken_in(analyst: Client, send: Callable[..., Any]) -> None:
    said = text_of(send(analyst, {**RETURN, "letter.pdf": b"%PDF-1.7"}))

    assert "letter.pdf is a PDF" in said
    assert "Received and recognised: SSDA903" in said
    assert Load.objects.count() == 1


def test_a_name_that_points_elsewhere_is_only_a_label(analyst: Client, send: Callable[..., Any], settings: Any) -> None:
    send(analyst, {"../../episodes.csv": EPISODES})

    assert Load.objects.get().files.get().name == "episodes.csv"
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).parent.glob("episodes.csv"))


def test_files_that_are_too_large_are_not_read_into_anything(analyst: Client, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000_000
    body = io.BytesIO(b"x" * 1_500_000)

    response = analyst.generic("POST", "/files/", body.getvalue(), content_type="multipart/form-data; boundary=b")

    assert response.status_code == 413
    assert "These files are 2 MB together, and 1 MB can be sent at once" in text_of(response)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_a_form_of_another_site_sends_nothing(analyst: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = analyst.cookies

    assert strict.post("/files/", {"sent": io.BytesIO(b"x")}).status_code == 403


def test_no_file_chosen_is_said_beside_the_field(analyst: Client) -> None:
    assert "Select the files to send" in text_of(analyst.post("/files/", {"scope": "", "collection": ""}))


@pytest.mark.parametrize("year", ["2025", "2025-27", "last year", "2025-26; drop"])
def test_a_collection_year_is_two_years(analyst: Client, send: Callable[..., Any], year: str) -> None:
    assert "Collection year must be two years such as 2025-26" in text_of(send(analyst, RETURN, collection=year))


def test_the_same_files_again_change_nothing(analyst: Client, send: Callable[..., Any], loaded: Load) -> None:
    facts = SpellFact.objects.count()

    response = send(analyst, RETURN)
    work()

    assert response.url == f"/files/{loaded.pk}/"
    assert "the same files were loaded on" in text_of(analyst.get(response.url))
    assert Load.objects.count() == 1
    assert SpellFact.objects.count() == facts


CENSUS = """<?xml version="1.0"?><Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails><Source><LEA>991</LEA></Source></Header><Children>
<Child><ChildIdentifiers><LAchildID>C1</LAchildID></ChildIdentifiers></Child></Children></Message>"""


def test_another_councils_files_are_refused(analyst: Client, send: Callable[..., Any]) -> None:
    said = text_of(send(analyst, {"cin.xml": CENSUS}, collection=""))

    assert "cin.xml says it is from council 991, and you load files for Elmshire (990)" in said
    assert Load.objects.count() == 0


def test_a_part_withdraws_nothing_it_does_not_carry(analyst: Client, send: Callable[..., Any], loaded: Load) -> None:
    send(analyst, {"header.csv": HEADER, "episodes.csv": "\n".join(EPISODES.split("\n")[:2]) + "\n"}, scope="part")
    work()

    assert Load.objects.get(pk__gt=loaded.pk).withdrawn == 0


def test_who_sent_the_files_is_told_of_rows_to_put_right_until_they_look(analyst: Client, loaded: Load) -> None:
    alert = Alert.objects.get()
    assert "2 rows could not be used" in alert.title
    assert alert.title in text_of(analyst.get("/"))

    analyst.get(alert.href)

    assert alert.title not in text_of(analyst.get("/"))


def test_sending_and_loading_are_in_the_audit(council: Holder, loaded: Load) -> None:
    said = list(AuditEntry.objects.filter(held_by=council.pk).values_list("action", flat=True))

    assert "files sent in" in said
    assert said.count("file loaded") == 3


def test_two_files_through_one_door_are_loaded_one_after_the_other(analyst: Client, send: Callable[..., Any]) -> None:
    send(analyst, RETURN)
    send(analyst, {**RETURN, "reviews.csv": "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,01/01/2015,20/05/2025,PN1\n"})
    first, second = Load.objects.order_by("pk")
    job = Job.objects.order_by("pk").first()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(run_after=job.run_after.replace(year=2999))  # the first is held up

    work()

    second.refresh_from_db()
    assert second.state == Load.State.WAITING
    assert first.state == Load.State.WAITING
