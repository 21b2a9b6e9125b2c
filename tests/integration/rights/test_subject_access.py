"""A copy of a record: asked for, made without others' names, released by a second person, and one's own page."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

import kinfold.service.jobs.worker  # noqa: F401 -- names every task
from kinfold.service.jobs.queue import finish, take
from kinfold.service.jobs.tasks import run_task
from kinfold.service.printing import can_print
from kinfold.service.records.actions import access
from kinfold.service.records.actions import rights as actions
from kinfold.service.records.audit import verify_chain
from kinfold.service.records.models import AuditEntry, EventFact, HoldBack, KeptFile, SpellFact
from kinfold.service.records.reads.holds_back import held_back
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.papers import contents
from kinfold.service.records.reads.rights import for_rights

pytestmark = pytest.mark.django_db
WORDS = "Robin was with Ottoline. Felix had hurt his arm at Pike's farm."


@pytest.fixture
def asked(world: Any) -> Any:
    """Return the council once Robin, who signs in, has asked for their record; one note is in it."""
    world.work("child", "Robin Quill", world.persons["child"])
    world.work("information_governance", "Omar Tull")
    world.say(
        "note", values={"title": "Visit", "sections": [{"heading": "", "words": WORDS}]}, valid_from=date(2026, 1, 5)
    )
    world.say("legal_advice", values={"title": "Advice", "text": "Privileged words"}, valid_from=date(2026, 1, 6))
    reader = for_rights(world.reader("information_governance"))
    actions.open_to_family(reader, world.uid(), email="robin.quill@council.invalid", because="their own record")
    return world


def ask(world: Any, web: Any) -> str:
    answer = web("child").post(f"/my-record/{world.uid()}/ask/", {"scope": "Everything"})
    assert answer.status_code == 302
    return str(SpellFact.objects.get(kind="subject_access_request").fact)


def make(world: Any, web: Any, fact: str, role: str = "information_governance") -> None:
    answer = web(role).post(f"/children/{world.uid()}/subject-access/{fact}/", {"make": "1"})
    assert answer.status_code == 302
    while (job := take("a test")) is not None:
        assert finish(job, run_task(job))


def pack(fact: str, sort: str = "json") -> bytes:
    kept = KeptFile.objects.filter(name=f"subject-access.{fact}.{sort}").latest("pk")
    return b"".join(contents(kept))


def release(world: Any, web: Any, fact: str, role: str) -> Any:
    sent = {"release": "1", "release-outcome": "given in part", "release-exemptions": "about others"}
    return web(role).post(f"/children/{world.uid()}/subject-access/{fact}/", sent)


def test_a_young_person_asks_and_the_request_is_a_fact(asked: Any, web: Any) -> None:
    fact = ask(asked, web)

    held = SpellFact.objects.get(fact=fact)
    assert held.party == asked.persons["child"]
    assert held.payload == {"scope": "Everything"}
    assert "We are working on it" in web("child").get("/my-record/").content.decode()


def test_asking_twice_is_one_request(asked: Any, web: Any) -> None:
    ask(asked, web)

    again = web("child").post(f"/my-record/{asked.uid()}/ask/", {"scope": "More"})

    assert "You have asked already" in again.content.decode()
    assert SpellFact.objects.filter(kind="subject_access_request").count() == 1


def test_the_pack_names_others_by_who_they_are(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    make(asked, web, fact)

    said = json.loads(pack(fact))
    note = next(item for item in said["items"] if item["kind"] == "Case note")
    assert note["text"] == "Robin was with [your mother]. [your brother or sister] had hurt his arm at Pike's farm."
    for sort in ("json", "html"):
        text = pack(fact, sort).decode()
        for name in ("Ottoline", "Juniper", "Felix", "Privileged words"):
            assert name not in text
    assert {"why": "legal advice", "items": 1} in said["left_out"]
    assert said["retention"][0]["rule"].startswith("A looked after child")
    if can_print():
        assert pack(fact, "pdf").startswith(b"%PDF")


def test_a_reviewer_marks_what_no_list_of_names_can_find(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    client, href = web("information_governance"), f"/children/{asked.uid()}/subject-access/{fact}/"

    answer = client.post(href, {"item": "", "words": "at Pike's farm", "instead": "a place of somebody else"})

    assert answer.status_code == 302
    make(asked, web, fact)
    assert "[a place of somebody else]" in pack(fact).decode()
    client.post(href, {"unmark": "0"})
    make(asked, web, fact)
    assert "Pike's farm" in pack(fact).decode()


def test_who_made_or_marked_a_pack_does_not_release_it(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    make(asked, web, fact)

    refused = release(asked, web, fact, "information_governance")

    assert "Another person must release this" in refused.content.decode()
    assert not EventFact.objects.filter(kind="release").exists()
    assert release(asked, web, fact, "information_governance 2").status_code == 302


def test_a_pack_is_made_again_after_a_mark_before_it_is_released(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    make(asked, web, fact)
    web("information_governance").post(
        f"/children/{asked.uid()}/subject-access/{fact}/", {"item": "", "words": "his arm", "instead": "x"}
    )

    assert "Make it again first" in release(asked, web, fact, "information_governance 2").content.decode()


def test_the_one_who_asked_takes_it_and_nobody_else(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    href = f"/my-record/{asked.uid()}/{fact}/json/"
    make(asked, web, fact)
    assert web("child").get(href).status_code == 404

    release(asked, web, fact, "information_governance 2")

    answer = web("child").get(href)
    assert json.loads(b"".join(answer.streaming_content))["request"] == fact
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="export: own_pack", person=asked.uid()).exists()
    asked.work("parent", "Ottoline Brae", asked.persons["mother"])
    assert web("parent").get(href).status_code == 404
    held = SpellFact.objects.get(fact=fact, known_to__isnull=True)
    assert (held.payload["outcome"], held.payload["exemptions"]) == ("given in part", ["about others"])
    assert held.valid_to == timezone.localdate()


def test_a_request_by_letter_is_recorded_by_staff(asked: Any, web: Any) -> None:
    today = timezone.localdate()
    sent = {"asker": asked.uid(), "received_day": str(today.day), "received_month": str(today.month),
            "received_year": str(today.year), "scope": "Everything since 2020"}  # fmt: skip

    answer = web("information_governance").post(f"/children/{asked.uid()}/subject-access/", sent)

    assert answer.status_code == 302
    assert SpellFact.objects.get(kind="subject_access_request").payload["scope"] == "Everything since 2020"


def test_only_information_governance_makes_packs(asked: Any, web: Any) -> None:
    fact = ask(asked, web)

    assert web("social_worker").get(f"/children/{asked.uid()}/subject-access/{fact}/").status_code == 403


# ---- one's own page


def test_nothing_is_shown_until_it_is_released(asked: Any, web: Any) -> None:
    page = web("child").get("/my-record/").content.decode()

    assert "Robin was with" not in page
    assert "Nothing yet" in page


def test_what_is_released_is_shown_in_words_for_them_and_without_others(asked: Any, web: Any) -> None:
    manager = asked.work("team_manager", "Mary Ash")
    assert manager
    note = asked.say(
        "note", values={"title": "Plan", "sections": [{"heading": "", "words": WORDS}]}, valid_from=date(2026, 2, 2)
    )
    actions.release_item(for_rights(asked.reader("information_governance")), asked.uid(), word="paper", fact=note,
                         to=asked.uid(), words_for_child="You will see your mum on Sundays.")  # fmt: skip

    page = web("child").get("/my-record/").content.decode()

    assert "You will see your mum on Sundays." in page
    assert "[your mother]" in page
    for name in ("Ottoline", "Felix", "Juniper"):
        assert name not in page


def test_legal_advice_is_not_shown_even_when_somebody_released_it(asked: Any, web: Any) -> None:
    advice = asked.say("legal_advice", values={"text": "Privileged words"}, valid_from=date(2026, 2, 2))
    asked.say("release", party="child", values={"what": advice}, valid_from=date(2026, 2, 3))

    assert "Privileged words" not in web("child").get("/my-record/").content.decode()


def test_the_family_sees_who_looked_by_organisation_and_role_but_never_by_name(asked: Any, web: Any) -> None:
    web("social_worker").get(f"/children/{asked.uid()}/")

    page = web("child").get("/my-record/").content.decode()

    assert "Social worker" in page
    assert "Elmshire" in page
    assert "Asha Lind" not in page


def test_a_look_held_back_is_not_there_at_all(asked: Any, web: Any) -> None:
    web("social_worker").get(f"/children/{asked.uid()}/")
    seq = AuditEntry.objects.filter(action="child page", person=asked.uid()).latest("seq").seq
    until = timezone.localdate() + timedelta(days=28)
    held = {"because": "The father would learn that somebody asked about him", "review_date_day": str(until.day),
            "review_date_month": str(until.month), "review_date_year": str(until.year)}  # fmt: skip

    answer = web("information_governance").post(f"/children/{asked.uid()}/looks/{seq}/hold-back/", held)

    assert answer.status_code == 302
    page = web("child").get("/my-record/").content.decode()
    assert "Social worker" not in page
    assert "held back" not in page


def _held_back(asked: Any, web: Any) -> str:
    """Hold the social worker's look at the child back and return the address of the hold."""
    web("social_worker").get(f"/children/{asked.uid()}/")
    seq = AuditEntry.objects.filter(action="child page", person=asked.uid()).latest("seq").seq
    address = f"/children/{asked.uid()}/looks/{seq}/hold-back/"
    until = timezone.localdate() + timedelta(days=28)
    said = {"because": "The father would learn that somebody asked about him", **_review_day(until)}
    assert web("information_governance").post(address, said).status_code == 302
    return address


def _review_day(day: date) -> dict[str, str]:
    return {"review_date_day": f"{day.day}", "review_date_month": f"{day.month}", "review_date_year": f"{day.year}"}


def test_holding_a_look_back_is_itself_no_line_of_the_familys_list(asked: Any, web: Any) -> None:
    _held_back(asked, web)

    looks = looks_for_family(asked.uid(), now=timezone.now())

    assert looks == []  # whoever sees a line of "Kinfold" on that day can guess


def test_a_look_at_a_list_is_held_back_from_one_family_and_from_no_other(asked: Any, web: Any) -> None:
    brother = asked.add("brother", "child", "Finn", "Quill", date(2016, 5, 2))
    worker, governance = asked.reader("social_worker"), asked.reader("information_governance")
    worker.looked(asked.holder.pk, "search", sorted([asked.uid(), str(brother.uid)]), because="search")
    seq = AuditEntry.objects.filter(action="search").latest("seq").seq

    access.hold_back(governance, asked.persons["child"], seq=seq, because="The father would learn of it",
                     review_date=timezone.localdate() + timedelta(days=28))  # fmt: skip

    assert looks_for_family(asked.uid(), now=timezone.now()) == []
    assert [look.role for look in looks_for_family(str(brother.uid), now=timezone.now())] == ["Social worker"]
    assert [one.uid for one in held_back(governance)] == [asked.uid()]


def test_looks_held_back_stand_in_a_list_until_a_review_shows_them(asked: Any, web: Any) -> None:
    governance = web("information_governance")
    address = _held_back(asked, web)
    listed = governance.get("/rights/").content.decode()
    HoldBack.objects.update(review_date=timezone.localdate())
    due = governance.get("/rights/").content.decode()
    review = governance.get(address).content.decode()
    empty = governance.post(address, {"because": "It has been long enough"}).content.decode()

    answer = governance.post(address, {"decision": "release", "because": "The father has moved away"}, follow=True)

    assert "The father would learn that somebody asked about him" in listed
    assert address in listed
    assert 'govuk-tag--orange">Due' not in listed
    assert 'govuk-tag--orange">Due' in due
    assert "Review a look held back" in review
    assert "Answer “What do you decide?”" in empty
    assert "The family sees this look from now on" in answer.content.decode()
    assert "Social worker" in web("child").get("/my-record/").content.decode()
    assert "No look is held back from a family" in governance.get("/rights/").content.decode()


def test_a_review_can_keep_a_look_back_until_another_day(asked: Any, web: Any) -> None:
    governance = web("information_governance")
    address = _held_back(asked, web)
    until = timezone.localdate() + timedelta(days=60)
    said = {"decision": "keep", "because": "He came back in March"}

    without = governance.post(address, said).content.decode()
    kept = governance.post(address, said | _review_day(until), follow=True).content.decode()

    assert "Enter when it is reviewed next" in without
    assert "Kept back until the review on" in kept
    assert "Social worker" not in web("child").get("/my-record/").content.decode()
    assert [(one.because, one.lifted_at is None) for one in HoldBack.objects.order_by("pk")] == [
        ("The father would learn that somebody asked about him", False), ("He came back in March", True)
    ]  # fmt: skip


def test_a_look_held_back_is_reviewed_by_those_who_may_hold_one_back_alone(asked: Any, web: Any) -> None:
    address = _held_back(asked, web)

    answer = web("social_worker").post(address, {"decision": "release", "because": "The father has moved away"})

    assert answer.status_code in (403, 404)
    assert HoldBack.objects.get().lifted_at is None


def test_a_hold_needs_a_review_date_within_the_policy(asked: Any, web: Any) -> None:
    web("social_worker").get(f"/children/{asked.uid()}/")
    seq = AuditEntry.objects.filter(action="child page", person=asked.uid()).latest("seq").seq
    held = {
        "because": "a reason long enough",
        "review_date_day": "1",
        "review_date_month": "1",
        "review_date_year": "2099",
    }

    answer = web("information_governance").post(f"/children/{asked.uid()}/looks/{seq}/hold-back/", held)

    assert "on or before" in answer.content.decode()


def test_a_parent_sees_what_was_released_to_them_and_no_more(asked: Any, web: Any) -> None:
    asked.work("parent", "Ottoline Brae", asked.persons["mother"])
    reader = for_rights(asked.reader("information_governance"))
    actions.open_to_family(
        reader, asked.uid(), email="ottoline.brae@council.invalid", because="parental responsibility"
    )
    own = asked.say(
        "note",
        values={"title": "For the child", "sections": [{"words": "For Robin alone"}]},
        valid_from=date(2026, 2, 2),
    )
    actions.release_item(reader, asked.uid(), word="paper", fact=own, to=asked.uid(), words_for_child="For you")
    theirs = asked.say("note", values={"sections": [{"words": "Contact is on Sundays"}]}, valid_from=date(2026, 2, 3))
    actions.release_item(
        reader, asked.uid(), word="paper", fact=theirs, to=asked.uid("mother"), words_for_child="Sundays"
    )

    page = web("parent").get("/my-record/").content.decode()

    assert "Sundays" in page
    assert "For Robin alone" not in page
    assert "Who has looked" in page
    assert web("parent").get(f"/children/{asked.uid()}/papers/").status_code == 200
    assert "For Robin alone" not in web("parent").get(f"/children/{asked.uid()}/papers/").content.decode()


def test_somebody_of_the_family_without_access_sees_nothing(asked: Any, web: Any) -> None:
    asked.work("parent", "Ottoline Brae", asked.persons["mother"])

    assert "No record is open to you yet" in web("parent").get("/my-record/").content.decode()
    assert web("parent").post(f"/my-record/{asked.uid()}/ask/", {"scope": "x"}).status_code == 404


def test_access_is_given_to_a_family_account_only(asked: Any, web: Any) -> None:
    answer = web("information_governance").post(
        f"/children/{asked.uid()}/rights/family/", {"email": "asha.lind@council.invalid", "because": "x"}
    )

    assert "no account of a young person or a parent" in answer.content.decode()


def test_the_chain_holds_after_all_of_it(asked: Any, web: Any) -> None:
    fact = ask(asked, web)
    make(asked, web, fact)
    release(asked, web, fact, "information_governance 2")

    assert verify_chain(asked.holder.pk) == []
