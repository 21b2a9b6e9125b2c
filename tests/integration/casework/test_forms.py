"""Every form can be filled through the page, and what it says stands on the child's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from kinfold.casework import STAGES, Form, forms
from kinfold.service.records.models import FACT_TABLES, FormDraft

pytestmark = pytest.mark.django_db
CONTACT = {"day_day": "3", "day_month": "3", "day_year": "2026", "contact_source": "1A", "reason": "A worry at school"}


def href(world: Any, form: str, rest: str = "", who: str = "child") -> str:
    return f"/children/{world.uid(who)}/record/{form}/{rest}"


def version_on(page: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def record(client: Any, world: Any, form: str, said: dict[str, Any], who: str = "child") -> Any:
    answer = client.post(href(world, form, who=who), {**said, "version": "0"})
    assert answer.status_code == 302, (form, re.findall(r"error-message.*?</p>", answer.content.decode(), re.S))
    check = client.get(href(world, form, "check/", who))
    assert check.status_code == 200
    return client.post(href(world, form, "check/", who), {"version": version_on(check), "how": "happened"})


def test_one_form_from_the_list_to_the_childs_page(world: Any, web: Any) -> None:
    client = web("social_worker")

    assert "Contact" in client.get(f"/children/{world.uid()}/record/").content.decode()
    answer = record(client, world, "contact", CONTACT)

    assert answer.status_code == 302
    assert "A worry at school" in client.get(f"/children/{world.uid()}/").content.decode()
    assert not FormDraft.objects.exists()


APART = {"allegation": "designated_officer", "designated_officer_contact": "designated_officer",
         "allegation_outcome": "designated_officer", "adopter_application": "adoption_worker",
         "adopter_application_stages": "adoption_worker", "carer_review": "adoption_worker",
         "unannounced_visit": "adoption_worker", "court_report": "local_authority_lawyer"}  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_every_form_can_be_filled_and_its_facts_stand_on_the_page(world: Any, web: Any, stage: str) -> None:
    for form in forms().values():
        if form.stage == stage:
            fill(world, web, form)
            world.another()


def fill(world: Any, web: Any, form: Form) -> None:
    who = "child" if form.about == "child" else "mother"
    role = APART.get(form.name, "social_worker")
    world.reaches(role, who)
    which = world.begun(form, who)
    other = world.uid("mother" if who == "child" else "child")
    said = world.sent(form, which=which, who=other, day=timezone.localdate())
    client = web(role)

    answer = record(client, world, form.name, said, who)

    assert answer.status_code == 302, (form.name, answer.content.decode()[-3000:])
    if form.approval:
        assert FormDraft.objects.get(person=world.persons[who]).state == "waiting", form.name
        return
    page = client.get(f"/children/{world.uid(who)}/?everything=1").content.decode()
    for one in form.writes:
        if one.when is None or one is form.main():
            facts = FACT_TABLES[one.declared.word.value].objects.filter(kind=one.kind, known_to__isnull=True)
            kept_for_all = form.family and one is form.main()
            those = facts.filter(subject__sort="group") if kept_for_all else facts.filter(subject=world.persons[who])
            assert those.exists(), (form.name, one.kind)
    assert form.main().declared.label.replace("'", "&#x27;") in page, form.name
