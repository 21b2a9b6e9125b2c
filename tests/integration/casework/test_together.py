"""One form for several children of a family: typed once, each child's facts and own words with each child."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kinfold.access.words import Label
from kinfold.casework import form_named
from kinfold.service.records.actions import access
from kinfold.service.records.models import EventFact, FormDraft, PaperFact, PlanFact, SpellFact, TieFact
from kinfold.service.records.reads.clocks import child_clocks
from kinfold.service.records.scope import as_system
from tests.integration.casework.conftest import World
from tests.integration.casework.test_forms import version_on

pytestmark = pytest.mark.django_db
DAY = {"day_day": "3", "day_month": "3", "day_year": "2026"}
VISIT = {**DAY, "seen": "yes", "seen_alone": "yes", "notes": "Tea was on", "own_words": "I like my room"}
PLAN = {**DAY, "goals": "Bedtimes hold", "actions": "Nan; Sundays; weekly", "view_of_family": "It is ours",
        "agreed_by": "Ottoline", "own_words": "Nan makes me laugh"}  # fmt: skip


@pytest.fixture
def family(world: World) -> World:
    """Return the council in which Robin has a sister, with whom the social worker works too."""
    world.add("sister", "child", "Wren", "Quill", date(2017, 9, 2))
    world.say("mother_of", "mother", party="sister", values={"parental_responsibility": True})
    world.allocate(world.accounts["social_worker"], "SOCIAL_WORKER", "sister")
    world.allocate(world.accounts["team_manager"], "TEAM_MANAGER", "sister")
    return world


def at(world: World, form: str, rest: str = "") -> str:
    return f"/children/{world.uid()}/record/{form}/{rest}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def type_in(client: Any, world: World, form: str, said: dict[str, Any], **own: str) -> Any:
    """Fill in a form about both children as far as the page that shows the answers."""
    answer = client.post(at(world, form), {**said, "version": "0", "also": [world.uid("sister")]})
    assert answer.status_code == 302, re.findall(r"error-message.*?</p>", text(answer), re.S)
    each = client.get(answer["Location"], follow=True)
    assert "Wren Quill" in text(each)
    if each.redirect_chain:
        address = each.redirect_chain[-1][0]
        answer = client.post(address, {**own, "version": version_on(each)})
        assert answer.status_code == 302, text(answer)[-3000:]
    return client.get(at(world, form, "check/"))


def record(client: Any, world: World, form: str, said: dict[str, Any], **own: str) -> Any:
    check = type_in(client, world, form, said, **own)
    assert check.status_code == 200, check
    return client.post(at(world, form, "check/"), {"version": version_on(check), "how": "happened"})


def test_a_visit_typed_once_is_a_visit_to_each_child_with_what_each_said(family: World, web: Any) -> None:
    client = web("social_worker")
    page = text(client.get(at(family, "child_in_need_visit")))

    answer = record(client, family, "child_in_need_visit", VISIT, seen="yes", seen_alone="no", own_words="I want a dog")

    assert "Is it about other children too?" in page
    assert answer.status_code == 302, text(answer)[-3000:]
    visits = {one.subject_id: one.payload for one in EventFact.objects.filter(kind="child_in_need_visit")}
    robin, wren = family.persons["child"].pk, family.persons["sister"].pk
    assert (visits[robin]["seen_alone"], visits[wren]["seen_alone"]) == (True, False)
    assert visits[robin]["notes"] == visits[wren]["notes"] == "Tea was on"
    words = {one.subject_id: one.payload["sections"][0]["words"] for one in PaperFact.objects.all()}
    assert words == {robin: "I like my room", wren: "I want a dog"}
    assert not FormDraft.objects.exists()


def test_what_is_each_childs_own_is_asked_of_each_by_name_and_must_be_answered(family: World, web: Any) -> None:
    client = web("social_worker")
    sent = client.post(at(family, "child_in_need_visit"), {**VISIT, "version": "0", "also": [family.uid("sister")]})
    each = client.get(sent["Location"])

    page = client.get(each["Location"])
    again = client.post(each["Location"], {"version": version_on(page), "seen": "yes"})

    assert "Was Wren Quill seen alone?" in text(page)
    assert "checked" not in text(page)
    assert "Say yes or no to" in text(again)
    assert not EventFact.objects.filter(kind="child_in_need_visit").exists()


def test_only_children_whose_record_the_worker_writes_in_are_offered_and_taken(family: World, web: Any) -> None:
    family.add("brother", "child", "Jay", "Quill", date(2019, 1, 1))
    family.say("mother_of", "mother", party="brother")
    client = web("social_worker")

    page = text(client.get(at(family, "child_in_need_visit")))
    client.post(at(family, "child_in_need_visit"), {**VISIT, "version": "0", "also": [family.uid("brother")]})
    check = client.get(at(family, "child_in_need_visit", "check/"))

    assert "Wren Quill" in page
    assert "Jay Quill" not in page
    assert check.status_code == 400
    assert not EventFact.objects.filter(kind="child_in_need_visit").exists()


def test_an_end_is_offered_for_those_who_have_something_that_can_end(family: World, web: Any) -> None:
    client = web("social_worker")
    family.say("family_help", "child", valid_from=date(2026, 1, 5))

    alone = text(client.get(at(family, "end_family_help")))
    family.say("family_help", "sister", valid_from=date(2026, 1, 5))

    assert "Wren Quill" not in alone
    assert "Wren Quill" in text(client.get(at(family, "end_family_help")))


def test_the_familys_plan_is_kept_once_and_read_from_each_childs_record(family: World, web: Any) -> None:
    client = web("social_worker")
    page = text(client.get(at(family, "family_plan")))

    answer = record(client, family, "family_plan", PLAN, own_words="I want to stay at my school")

    assert answer.status_code == 302, text(answer)[-3000:]
    assert re.search(rf'value="{family.uid("sister")}"[^>]*checked', page), "every child is chosen to begin with"
    plan = PlanFact.objects.get(kind="family_plan")
    assert plan.subject.sort == "group"
    members = TieFact.objects.filter(kind="member_of_group", party=plan.subject).values_list("subject", flat=True)
    assert set(members) == {family.persons["child"].pk, family.persons["sister"].pk}
    for who in ("child", "sister"):
        assert "Bedtimes hold" in text(client.get(f"/children/{family.uid(who)}/?everything=1"))
    assert "Bedtimes hold" in text(client.get(f"/facts/plan/{plan.fact}/"))
    shown = text(client.get(f"/families/{plan.subject.uid}/"))
    for words in ("Quill family", "Bedtimes hold", "Nan; Sundays; weekly", "Nan makes me laugh",
                  "I want to stay at my school", "Nobody yet"):  # fmt: skip
        assert words in shown
    assert f"/families/{plan.subject.uid}/" in text(client.get(f"/children/{family.uid()}/family/"))


def test_a_second_version_of_the_plan_stands_first_and_the_earlier_stays(family: World, web: Any) -> None:
    client = web("social_worker")
    record(client, family, "family_plan", PLAN)
    record(client, family, "family_plan", {**PLAN, "day_month": "5", "goals": "School every day"})

    plans = PlanFact.objects.filter(kind="family_plan")
    shown = text(client.get(f"/families/{plans[0].subject.uid}/"))

    assert plans.count() == 2
    assert len({plan.subject_id for plan in plans}) == 1, "one family, made once"
    assert shown.index("School every day") < shown.index("Earlier version") < shown.index("Bedtimes hold")


def test_the_author_puts_the_plan_right_until_it_is_reviewed_and_nobody_else_does(family: World, web: Any) -> None:
    client, manager = web("social_worker"), web("team_manager")
    record(client, family, "family_plan", PLAN)
    plan = PlanFact.objects.get(kind="family_plan")
    own = f"/families/{plan.subject.uid}/"
    page = text(client.get(f"{own}plan/{plan.fact}/"))
    said = {
        "made_from": re.search(r'name="made_from" value="(\w+)"', page)[1],
        **PLAN,
        "goals": "Bedtimes hold by March",
    }  # type: ignore[index]

    assert "Bedtimes hold" in page
    assert "Put this plan right" in text(client.get(own))
    assert "Put this plan right" not in text(manager.get(own))
    assert manager.get(f"{own}plan/{plan.fact}/").status_code == 400
    assert "Answer" in text(client.post(f"{own}plan/{plan.fact}/", {**said, "goals": ""}))
    assert client.post(f"{own}plan/{plan.fact}/", said).status_code == 302
    assert "Somebody else changed the plan first" in text(client.post(f"{own}plan/{plan.fact}/", said))

    assert "Bedtimes hold by March" in text(client.get(own))
    assert PlanFact.objects.filter(fact=plan.fact).count() == 2
    assert "Bedtimes hold by March" in text(client.get(f"/facts/plan/{plan.fact}/"))
    family.say("plan_review", "child", values={"plan_type": "family"}, valid_from=timezone.localdate())
    assert "Put this plan right" not in text(client.get(own))
    assert client.get(f"{own}plan/{plan.fact}/").status_code == 400


def test_a_family_with_a_child_hidden_from_the_reader_hides_what_is_kept_for_it(family: World, web: Any) -> None:
    record(web("social_worker"), family, "family_plan", PLAN)
    plan = PlanFact.objects.get(kind="family_plan")
    manager = web("team_manager")
    assert "Bedtimes hold" in text(manager.get(f"/children/{family.uid()}/?everything=1"))

    with as_system():
        access.restrict(
            person=family.persons["sister"], label=Label.RESTRICTED, named=[family.accounts["social_worker"]],
            by="test", because="a test",
        )  # fmt: skip

    assert "Bedtimes hold" not in text(manager.get(f"/children/{family.uid()}/?everything=1"))
    assert manager.get(f"/facts/plan/{plan.fact}/").status_code == 404
    assert "Wren" not in text(manager.get(f"/families/{plan.subject.uid}/"))


def test_a_stranger_to_the_family_opens_nothing_of_it(family: World, web: Any) -> None:
    record(web("social_worker"), family, "family_plan", PLAN)
    family.work("social_worker", "Dara Holt")
    group = PlanFact.objects.get(kind="family_plan").subject

    assert web("social_worker 2").get(f"/families/{group.uid}/").status_code == 404


def test_an_assessment_of_two_children_is_approved_once_by_somebody_else(family: World, web: Any) -> None:
    for who in ("child", "sister"):
        family.say("assessment", who, valid_from=date(2026, 1, 5))
    form = form_named("assessment")
    client = web("social_worker")
    which = SpellFact.objects.get(kind="assessment", subject=family.persons["child"]).fact
    said = family.sent(form, which=str(which), day=timezone.localdate())
    own = family.sent(form, which="", day=timezone.localdate(), analysis="Wren needs rest", own_words="Fine")
    asked = {q.name for q in form.questions if q.each}

    answer = record(client, family, "assessment", said, **{k: v for k, v in own.items() if k in asked})
    assert answer.status_code == 302
    waiting = FormDraft.objects.get()
    page = text(web("team_manager").get(f"/approvals/{waiting.uid}/"))
    web("team_manager").post(f"/approvals/{waiting.uid}/", {"version": waiting.version, "approve": "1"})

    assert "Wren needs rest" in page
    ended = SpellFact.objects.filter(kind="assessment", known_to__isnull=True, valid_to__isnull=False)
    assert {one.subject_id for one in ended} == {family.persons["child"].pk, family.persons["sister"].pk}


@pytest.mark.parametrize("open_already", [False, True])
def test_stepping_up_ends_the_help_and_begins_a_referral_where_none_is_open(
    family: World, web: Any, open_already: bool
) -> None:
    for who in ("child", "sister"):
        family.say("family_help", who, valid_from=date(2026, 1, 5))
        if open_already:
            family.say("referral_episode", who, valid_from=date(2026, 1, 2), values={"referral_source": "1A"})
    form = form_named("step_up")
    which = SpellFact.objects.get(kind="family_help", subject=family.persons["child"]).fact
    said = family.sent(form, which=str(which), day=date(2026, 3, 3))

    answer = record(web("social_worker"), family, "step_up", said, own_words="Dad is back")

    assert answer.status_code == 302, text(answer)[-3000:]
    help_now = SpellFact.objects.filter(kind="family_help", known_to__isnull=True)
    assert {(one.valid_to, one.payload["end_reason"]) for one in help_now} == {(date(2026, 3, 3), "stepped up")}
    assert SpellFact.objects.filter(kind="referral_episode", known_to__isnull=True).count() == 2
    assert {one.payload["view_of_child"] for one in EventFact.objects.filter(kind="decision")} == {
        said["own_words"], "Dad is back"}  # fmt: skip


def test_the_lead_practitioner_is_named_once_for_all_the_children(family: World, web: Any) -> None:
    record(web("social_worker"), family, "family_plan", PLAN)
    group = PlanFact.objects.get(kind="family_plan").subject
    lead = family.work("family_help_lead_practitioner", "Iolo Marsh")
    manager = web("team_manager")
    href = re.search(r'href="([^"]*role=FAMILY_HELP_LEAD)"', text(manager.get(f"/families/{group.uid}/")))
    assert href is not None
    page = text(manager.get(href.group(1).replace("&amp;", "&")))

    family.allocate(lead, "FAMILY_HELP_LEAD", "child", "sister")

    assert "Wren Quill" in page
    assert "Iolo Marsh" in text(manager.get(f"/families/{group.uid}/"))


def test_one_conference_for_three_is_a_plan_and_clocks_of_its_own_for_each(family: World, web: Any) -> None:
    today = timezone.localdate()
    for who in ("child", "sister"):
        family.say("section_47_enquiry", who, valid_from=today)
    conference, group = form_named("initial_child_protection_conference"), form_named("core_group")
    asked = {question.name for question in conference.questions if question.each}
    said = family.sent(conference, day=today)
    client = web("social_worker")

    record(client, family, conference.name, said, **{name: said[name] for name in asked if name in said})
    running = [due_of(family, who, "CP04") for who in ("child", "sister")]
    record(client, family, group.name, family.sent(group, day=today), own_words="I was there too")
    after = [due_of(family, who, "CP04") for who in ("child", "sister")]

    assert SpellFact.objects.filter(kind="child_protection_plan", known_to__isnull=True).count() == 2
    assert running[0] == running[1] == [("running", running[0][0][1])]
    assert after == [[("met", running[0][0][1])], [("met", running[0][0][1])]]


def due_of(world: World, who: str, duty: str) -> list[tuple[str, Any]]:
    """Return the clocks of one duty on a child: the state and the day."""
    found = child_clocks(world.reader("social_worker"), world.uid(who), on=timezone.localdate())
    return [(str(clock.state), clock.due) for clock in found if clock.duty.id == duty]
