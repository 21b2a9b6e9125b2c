"""Drafts that stay, two people at one form, gates before a decision, and forms that are not for everybody."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kinfold.casework import How, ToWrite, form_named
from kinfold.service.records.actions.casework import ForOne, keep, record_form
from kinfold.service.records.actions.casework_abandoned import forget_abandoned
from kinfold.service.records.models import AuditEntry, EventFact, FormDraft, SpellFact
from kinfold.service.records.reads.casework_gates import authorised, decided, gates_of
from kinfold.service.records.reads.clock_proof import reasons_about

pytestmark = pytest.mark.django_db
CONTACT = {"day_day": "3", "day_month": "3", "day_year": "2026", "contact_source": "1A", "reason": "A worry at school"}
SOON = {"day_day": "3", "day_month": "3", "day_year": "2026"}


def href(world: Any, form: str = "contact", rest: str = "") -> str:
    return f"/children/{world.uid()}/record/{form}/{rest}"


def version_on(page: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def test_what_is_typed_is_kept_sealed_and_comes_back(world: Any, web: Any) -> None:
    client = web("social_worker")

    answer = client.post(
        href(world, rest="draft/"), {"version": "0", "reason": "Robin is often hungry", "day_day": "3"}
    )

    assert answer.json()["saved"] is True
    assert answer.json()["version"] == 1
    assert b"hungry" not in bytes(FormDraft.objects.get().content)
    page = client.get(href(world)).content.decode()
    assert "Robin is often hungry" in page
    assert 'value="3"' in page
    assert "Robin is often hungry" not in client.get(f"/children/{world.uid()}/").content.decode()


def test_without_a_script_a_button_keeps_the_form_and_another_discards_it(world: Any, web: Any) -> None:
    client = web("social_worker")

    kept = client.post(href(world), {"version": "0", "reason": "Half a sen", "later": "1"})

    assert kept.status_code == 302
    assert "Begun and not recorded yet" in client.get(f"/children/{world.uid()}/record/").content.decode()
    client.post(href(world), {"version": "1", "discard": "1"})
    assert not FormDraft.objects.exists()


def test_two_people_at_one_form_both_keep_their_words_side_by_side(world: Any, web: Any) -> None:
    asha, bryn = web("social_worker"), web("social_worker 2")
    asha.post(href(world), {"version": "0", "reason": "What Asha wrote", "later": "1"})

    answer = bryn.post(href(world), {"version": "0", "reason": "What Bryn wrote", "later": "1"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What Asha wrote" in page
    assert "What Bryn wrote" in page
    assert "Saved by Asha Lind" in page
    both = {**CONTACT, "version": version_on(answer), "reason": "What both wrote"}
    assert bryn.post(href(world), both).status_code == 302
    assert "What both wrote" in asha.get(href(world, rest="check/")).content.decode()


def test_saving_as_it_is_typed_never_overwrites_what_somebody_else_saved(world: Any, web: Any) -> None:
    asha, bryn = web("social_worker"), web("social_worker 2")
    asha.post(href(world, rest="draft/"), {"version": "0", "reason": "What Asha wrote"})

    answer = bryn.post(href(world, rest="draft/"), {"version": "0", "reason": "What Bryn wrote"})

    assert answer.status_code == 409
    assert answer.json()["saved"] is False
    assert "What Asha wrote" in bryn.get(href(world)).content.decode()


def test_a_mistake_is_named_and_what_was_typed_stays(world: Any, web: Any) -> None:
    answer = web("social_worker").post(href(world), {**CONTACT, "version": "0", "contact_source": ""})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Error: " in page
    assert "Choose an answer to “Who got in touch?”" in page
    assert "A worry at school" in page


def test_what_is_recorded_says_by_whom_and_from_which_form(world: Any, web: Any) -> None:
    client = web("social_worker")
    client.post(href(world), {**CONTACT, "version": "0"})
    client.post(href(world, rest="check/"), {"version": "1"})

    fact = EventFact.objects.get(kind="contact")
    assert fact.recorded_by == str(world.accounts["social_worker"].uid)
    assert fact.source == "kinfold"
    assert AuditEntry.objects.filter(action="recorded contact").exists()


def test_a_form_sent_twice_is_recorded_once(world: Any, web: Any) -> None:
    client = web("social_worker")
    client.post(href(world), {**CONTACT, "version": "0"})

    answers = [client.post(href(world, rest="check/"), {"version": "1"}).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert EventFact.objects.filter(kind="contact", known_to__isnull=True).count() == 1


def test_a_form_about_somebody_out_of_reach_is_refused(world: Any, web: Any) -> None:
    world.add("stranger", "child", "Juniper", "Vale", date(2016, 1, 9))
    client = web("social_worker")

    for rest in ("", "check/"):
        assert client.get(f"/children/{world.uid('stranger')}/record/contact/{rest}").status_code == 404
    assert client.post(f"/children/{world.uid('stranger')}/record/contact/draft/", {"reason": "x"}).status_code == 404
    assert not FormDraft.objects.exists()


def test_a_form_that_goes_on_with_nothing_says_what_to_do(world: Any, web: Any) -> None:
    page = web("social_worker").get(href(world, "missing_returned")).content.decode()

    assert "There is nothing to change yet" in page
    assert "Record that it began first" in page


def test_a_gate_stops_a_decision_and_never_what_has_happened(world: Any, web: Any) -> None:
    world.add("child", "child", "Robin", "Quill", date(2009, 9, 1))
    world.allocate(world.accounts["social_worker"], "SOCIAL_WORKER", "child")
    client = web("social_worker")
    world.say("care_period", values={"start_reason": "S"}, valid_from=date(2025, 5, 1))
    world.say("placement", values={"placement_type": "U1"}, valid_from=date(2025, 5, 1))
    world.say("legal_status", values={"legal_status": "V2"}, valid_from=date(2025, 5, 1))
    form = form_named("leaves_care")
    which = str(SpellFact.objects.get(kind="care_period").fact)
    client.post(href(world, form.name), {**SOON, "version": "0", "which": which, "end_reason": "E4A"})

    check = client.get(href(world, form.name, "check/"))
    stopped = client.post(href(world, form.name, "check/"), {"version": "1"})

    if "Not met." not in check.content.decode():
        pytest.fail("no gate stands before leaving care: " + check.content.decode()[-3000:])
    assert "Approval of ceasing to look after" in check.content.decode()
    assert "Section 20 consent" not in check.content.decode(), "what ends is not asked what its beginning needed"
    assert stopped.status_code == 400
    assert "Say whether this has happened already" in stopped.content.decode()
    assert SpellFact.objects.get(kind="care_period", known_to__isnull=True).valid_to is None
    done = client.post(href(world, form.name, "check/"), {"version": "1", "how": "happened"})
    assert done.status_code == 302
    assert SpellFact.objects.get(kind="care_period", known_to__isnull=True).valid_to == date(2026, 3, 3)
    assert SpellFact.objects.get(kind="placement", known_to__isnull=True).valid_to == date(2026, 3, 3)


def test_a_case_is_not_closed_over_an_open_plan_unless_a_manager_says_why(world: Any, web: Any) -> None:
    world.say("referral_episode", values={"referral_source": "1A"}, valid_from=date(2025, 5, 1))
    world.say("child_protection_plan", values={"initial_category": "NEG"}, valid_from=date(2025, 6, 1))
    form = form_named("close_case")
    which = str(SpellFact.objects.get(kind="referral_episode").fact)
    said = world.sent(form, which=which, day=date(2026, 3, 3))
    worker, manager = web("social_worker"), web("team_manager")
    worker.post(href(world, form.name), {**said, "version": "0"})
    check = href(world, form.name, "check/")

    page = worker.get(check).content.decode()
    stopped = worker.post(check, {"version": "1", "how": "decide", "because": "We are sure"})
    silent = manager.post(check, {"version": "1", "how": "decide"})
    decided = manager.post(check, {"version": "1", "how": "decide", "because": "The plan ends at Friday's conference"})

    assert "Still open." in page
    assert href(world, "end_child_protection_plan") in page
    assert "End the child protection plan first" in stopped.content.decode()
    assert "Give the reason for deciding" in silent.content.decode()
    assert decided.status_code == 302
    assert FormDraft.objects.get().state == "waiting"


def test_who_may_decide_all_the_same_says_why_and_the_proof_shows_it(world: Any) -> None:
    world.work("head_of_service", "Dara Moss")
    world.reaches("head_of_service", "child")
    world.say("care_period", values={"start_reason": "S"}, valid_from=date(2025, 5, 1))
    reader, row = world.reader("head_of_service"), world.persons["child"]
    form = form_named("placement")
    placed = ToWrite(
        "placement", How.NEW, {"placement_type": "U6", "placement_authority": "301"}, valid_from=date(2026, 3, 3)
    )
    gates = [gate for gate in gates_of(reader, row, form, [placed]) if authorised(reader, gate)]
    worker = world.reader("social_worker")
    keep(worker, row, form, {}, version=0)

    about = ForOne(row, [placed], decided(reader, gates, "no bed in the area"))
    written = record_form(worker, form, [about], version=1)

    assert {"LA23"} <= {gate.duty.id for gate in gates}
    reasons = reasons_about(row, duty="LA23")
    assert [(one.about, one.words, one.started_by) for one in reasons] == [
        ("decided all the same", "no bed in the area", written[0])
    ]
    assert not EventFact.objects.filter(kind="approval").exists()


def test_what_is_due_now_stands_first(world: Any, web: Any) -> None:
    world.say("referral_episode", values={"referral_source": "1A"}, valid_from=timezone.localdate())

    page = web("social_worker").get(f"/children/{world.uid()}/record/").content.decode()

    assert "Due now" in page
    assert page.index("Due now") < page.index("By stage of the work")


def test_a_role_that_writes_nothing_here_is_told_so(world: Any, web: Any) -> None:
    world.work("head_of_service", "Dara Moss")
    world.reaches("head_of_service", "child")

    page = web("head_of_service").get(f"/children/{world.uid()}/record/").content.decode()

    assert "There is no form for you here" in page


def test_a_form_that_was_left_is_forgotten_unless_it_waits_or_a_hold_protects_the_record(world: Any, web: Any) -> None:
    client, today = web("social_worker"), timezone.localdate()
    client.post(href(world), {"version": "0", "reason": "Half a sen", "later": "1"})
    assert "if nobody goes on with it" in client.get(f"/children/{world.uid()}/record/").content.decode()

    assert forget_abandoned(world.holder.pk, today=today + timedelta(days=90)) == 0
    FormDraft.objects.update(state=FormDraft.State.WAITING)
    assert forget_abandoned(world.holder.pk, today=today + timedelta(days=92)) == 0
    FormDraft.objects.update(state=FormDraft.State.RETURNED)
    world.say("legal_hold", values={"reason": "an inquiry"}, valid_from=today)
    assert forget_abandoned(world.holder.pk, today=today + timedelta(days=92)) == 0
    world.another()
    client.post(href(world), {"version": "0", "reason": "Half a sen", "later": "1"})
    assert forget_abandoned(world.holder.pk, today=today + timedelta(days=92)) == 1
