"""Notes with drafts, two people at one note, withdrawal, and files that harm nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kinfold.service.records.models import AuditEntry, Draft, KeptFile, PaperFact

pytestmark = pytest.mark.django_db
NOTE = {
    "day_day": "3",
    "day_month": "3",
    "day_year": "2026",
    "title": "Home visit",
    "words": "Robin showed me a drawing.",
}
PHOTO = b"\xff\xd8\xff\xe1\x00\x14Exif\x00\x00GPS 51.50140" + (
    b"\xff\xdb\x00\x43" + b"\x00" * 65 + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x12\x34\xff\xd9"
)


def write(client: Any, uid: str, kind: str = "note", **changed: str) -> str:
    answer = client.post(f"/children/{uid}/notes/new/{kind}/", {**NOTE, **changed})
    assert answer.status_code == 302, answer.content.decode()
    return str(PaperFact.objects.latest("pk").fact)


def mark_of(client: Any, href: str) -> str:
    found = re.search(r'name="made_from" value="([0-9a-f]+)"', client.get(href).content.decode())
    assert found is not None
    return found.group(1)


def test_a_note_is_written_and_read(world: Any, web: Any) -> None:
    client = web("social_worker")

    fact = write(client, world.uid())

    for page in (f"/papers/{fact}/", "/notes/"):
        assert "Robin showed me a drawing." in client.get(f"/children/{world.uid()}{page}").content.decode()
    assert "Home visit" in client.get(f"/children/{world.uid()}/papers/").content.decode()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        pytest.param("childs_own_words", {"how_given": "drawn"}, id="the child's own words"),
        pytest.param("letter", {"letter_type": "invitation", "direction": "sent"}, id="a letter"),
        pytest.param("minutes", {}, id="minutes"),
    ],
)
def test_every_kind_asks_its_own_questions(world: Any, web: Any, kind: str, more: dict[str, str]) -> None:
    fact = write(web("social_worker"), world.uid(), kind, **more)

    said = PaperFact.objects.get(fact=fact).payload
    assert more.items() <= said.items()


def test_legal_advice_is_not_offered_to_who_could_not_read_it_back(world: Any, web: Any) -> None:
    client = web("social_worker")

    assert "Legal advice" not in client.get(f"/children/{world.uid()}/notes/new/").content.decode()
    assert client.get(f"/children/{world.uid()}/notes/new/legal_advice/").status_code == 404


def test_what_is_typed_stays_on_the_server_until_it_is_saved(world: Any, web: Any) -> None:
    client, uid = web("social_worker"), world.uid()
    half = {
        "about": f"{uid}:note",
        "title": "Half",
        "words": "Robin told me",
        "day_day": "3",
        "day_month": "",
        "day_year": "",
    }

    answer = client.post(f"/children/{uid}/notes/draft/", half)

    assert answer.json()["saved"] is True
    again = client.get(f"/children/{uid}/notes/new/note/").content.decode()
    assert "Robin told me" in again
    assert "This is your draft" in again
    write(client, uid)
    assert not Draft.objects.exists()


def test_a_draft_is_its_authors_alone(world: Any, web: Any) -> None:
    uid = world.uid()
    web("social_worker").post(f"/children/{uid}/notes/draft/", {"about": f"{uid}:note", "words": "not yet for others"})

    assert "not yet for others" not in web("information_governance").get(f"/children/{uid}/papers/").content.decode()


def test_a_draft_about_a_child_out_of_reach_is_refused(world: Any, web: Any) -> None:
    uid = world.uid("brother")

    answer = web("social_worker").post(f"/children/{uid}/notes/draft/", {"about": f"{uid}:note", "words": "x"})

    assert answer.status_code == 404


def test_a_mistake_in_the_form_keeps_what_was_typed(world: Any, web: Any) -> None:
    answer = web("social_worker").post(f"/children/{world.uid()}/notes/new/note/", {**NOTE, "title": ""})

    page = answer.content.decode()
    assert "Enter title" in page
    assert "Robin showed me a drawing." in page
    assert Draft.objects.get().values["words"] == NOTE["words"]


def test_two_people_editing_one_note_both_keep_their_words_side_by_side(world: Any, web: Any) -> None:
    client = web("social_worker")
    fact = write(client, world.uid())
    href = f"/children/{world.uid()}/papers/{fact}/edit/"
    mark = mark_of(client, href)
    client.post(href, {**NOTE, "words": "What the first wrote.", "because": "to say more", "made_from": mark})

    answer = client.post(href, {**NOTE, "words": "What the second wrote.", "because": "to say else", "made_from": mark})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What the first wrote." in page
    assert "What the second wrote." in page
    assert PaperFact.objects.get(known_to__isnull=True).payload["sections"][0]["words"] == "What the first wrote."
    newest = re.search(r'name="made_from" value="([0-9a-f]+)"', page)
    assert newest is not None
    both = {**NOTE, "words": "Both.", "because": "both", "made_from": newest.group(1)}
    assert client.post(href, both).status_code == 302
    assert PaperFact.objects.filter(fact=fact).count() == 3


@pytest.mark.parametrize(("reason", "hidden"), [("mistake", False), ("wrong_person", True), ("unlawful", True)])
def test_a_withdrawn_paper_is_kept_and_hidden_for_two_reasons(world: Any, web: Any, reason: str, hidden: bool) -> None:
    client = web("social_worker")
    fact = write(client, world.uid())
    href = f"/children/{world.uid()}/papers/{fact}/withdraw/"

    answer = client.post(href, {"reason": reason, "because": "a slip", "made_from": mark_of(client, href)})

    assert answer.status_code == 302
    assert PaperFact.objects.get(fact=fact, known_to__isnull=True).status == "void"
    assert client.get(f"/children/{world.uid()}/papers/{fact}/").status_code == (404 if hidden else 200)


def attach(client: Any, uid: str, name: str, content: bytes, kind: str = "attachment", **more: str) -> Any:
    sent = {"file": SimpleUploadedFile(name, content), "kind": kind, "day_day": "3", "day_month": "3", "day_year": "2026",
            "title": "A file", **more}  # fmt: skip
    return client.post(f"/children/{uid}/papers/new/", sent)


def test_a_file_is_sealed_and_handed_over_never_to_be_run(world: Any, web: Any) -> None:
    client = web("social_worker")

    sent = attach(client, world.uid(), "report.exe", b"%PDF-1.7\nan invented report\n%%EOF")
    assert sent.status_code == 302, sent.content.decode()[2500:6000]

    kept = KeptFile.objects.get()
    assert b"invented report" not in bytes(kept.content or b"")
    fact = PaperFact.objects.get().fact
    answer = client.get(f"/children/{world.uid()}/papers/{fact}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\nan invented report\n%%EOF"
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert AuditEntry.objects.filter(action="file of a paper", person=world.uid()).count() == 1


def test_a_photograph_loses_where_it_was_taken(world: Any, web: Any) -> None:
    client = web("social_worker")

    attach(client, world.uid(), "me.jpg", PHOTO, "photograph", consent="on")

    fact = PaperFact.objects.get().fact
    kept = b"".join(client.get(f"/children/{world.uid()}/papers/{fact}/file/").streaming_content)
    assert b"GPS" not in kept
    assert kept.startswith(b"\xff\xd8")


def test_a_photograph_needs_agreement(world: Any, web: Any) -> None:
    answer = attach(web("social_worker"), world.uid(), "me.jpg", PHOTO, "photograph")

    assert "Tick that those in the photograph agreed" in answer.content.decode()
    assert not KeptFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("page.pdf", b"<!doctype html><script>alert(1)</script>", id="a web page called PDF"),
        pytest.param(
            "drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", id="a drawing that runs"
        ),
        pytest.param("x.txt", b"#!/bin/sh\necho", id="a script"),
        pytest.param("x.pdf", b"MZ\x90\x00", id="a program"),
    ],
)
def test_hostile_files_are_refused_and_nothing_is_kept(world: Any, web: Any, name: str, content: bytes) -> None:
    answer = attach(web("social_worker"), world.uid(), name, content)

    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    assert not KeptFile.objects.exists()
    assert not PaperFact.objects.exists()


def test_one_photograph_in_two_records_shares_no_hash(world: Any, web: Any) -> None:
    client = web("social_worker")
    for name in ("child", "sister"):
        attach(client, world.uid(name), "x.pdf", b"%PDF-1.7\nsame")

    assert len(set(KeptFile.objects.values_list("sha256", flat=True))) == 2


def test_a_large_file_lies_on_the_disk_sealed(world: Any, web: Any) -> None:
    client = web("social_worker")
    content = b"%PDF-1.7\n" + b"x" * 1_500_000

    attach(client, world.uid(), "big.pdf", content)

    assert KeptFile.objects.get().on_disk
    fact = PaperFact.objects.get().fact
    assert b"".join(client.get(f"/children/{world.uid()}/papers/{fact}/file/").streaming_content) == content


def test_a_paper_of_one_child_is_not_reached_through_another(world: Any, web: Any) -> None:
    client = web("social_worker")
    fact = write(client, world.uid())

    for page in ("", "file/", "edit/", "withdraw/"):
        assert client.get(f"/children/{world.uid('sister')}/papers/{fact}/{page}").status_code == 404
