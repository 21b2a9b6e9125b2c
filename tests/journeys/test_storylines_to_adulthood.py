"""The last two storylines: adoption and what it seals, and leaving care to twenty-five. Everybody in them is invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.storyline import Story, days

pytestmark = pytest.mark.browser
Tell = Callable[..., Story]


def test_s7_a_match_decided_over_easter_and_a_sister_placed(tell: Tell) -> None:
    story = tell("996", agency_decision_maker="Ada Lorne")
    story.child("Poppy Lane", "2024-01-05")
    story.reaches("agency_decision_maker", "Poppy")
    story.child("Wren Lane", "2022-03-15")
    for name in ("Poppy", "Wren"):
        story.say(name, "care_period", {"start_reason": "S"}, "2025-06-02")
    story.say("Wren", "adoption_match", {}, "2027-02-10")

    _s7_adoption_is_the_plan_by_the_second_review(story)
    _s7_a_sister_is_placed_and_visited_each_week(story)
    _s7_the_panel_matches_over_easter(story)


def _s7_adoption_is_the_plan_by_the_second_review(story: Story) -> None:
    # four weeks after she came into care the first review is due; by the second, adoption is the plan
    story.at("2025-06-27")
    assert story.due("Poppy", "LA18") == [(days("2025-06-30"), "Due soon")]
    story.record("Poppy", "looked_after_review", participation="PN0")
    story.at("2025-09-25")
    story.record("Poppy", "permanence_plan", route="ADOPTION")
    story.record("Poppy", "looked_after_review", participation="PN0", permanence_plan_agreed="yes")
    stands = story.clocks("Poppy")
    assert stands["LA18"] == [(days("2025-06-30"), "Met")]
    assert [state for _, state in stands["AD01"]] == ["Met"]
    assert stands["AD04"] == [(days("2025-11-25"), "Coming up")]
    story.at("2026-03-02")
    story.record("Poppy", "court_order", order_type="placement")


def _s7_a_sister_is_placed_and_visited_each_week(story: Story) -> None:
    # Wren, matched in February, is placed: visits weekly, the first review within four weeks
    story.at("2027-03-08")
    story.record("Wren", "placed_for_adoption")
    stands = story.clocks("Wren")
    assert stands["AD08"] == [(days("2027-03-15"), "Coming up")]
    assert stands["AD07"] == [(days("2027-04-05"), "Coming up")]
    story.at("2027-03-15")
    story.record("Wren", "adoption_visit")
    assert story.due("Wren", "AD08") == [(days("2027-03-22"), "Coming up"), (days("2027-03-15"), "Met")]


def _s7_the_panel_matches_over_easter(story: Story) -> None:
    # the panel matches Poppy; seven working days run over Easter
    story.at("2027-03-17")
    story.record("Poppy", "panel_recommendation", panel_type="match")
    assert story.due("Poppy", "AD03") == [(days("2027-03-30"), "Coming up")]
    story.passes()
    story.at("2027-03-24")
    story.record("Poppy", "adoption_match")
    story.at("2027-03-25", "agency_decision_maker")
    story.open("/approvals/").get_by_role("link", name="Poppy Lane").click()
    story.passes()
    story.page.get_by_role("button", name="Approve").click()
    story.page.locator(".govuk-notification-banner").first.wait_for()
    story.at("2027-03-25")
    assert story.due("Poppy", "AD03") == [(days("2027-03-30"), "Met")]

    # the review is held on the first of April, and the next is counted from it
    story.at("2027-04-01")
    story.record("Wren", "adoption_review")
    assert story.due("Wren", "AD07") == [(days("2027-07-01"), "Coming up"), (days("2027-04-05"), "Met")]


def test_s7_the_order_seals_the_record_and_two_people_open_it(tell: Tell) -> None:
    story = tell(
        "998", adoption_worker="Ines Rowe", adoption_archivist="Vera Lisle", information_governance="Nadia Fenn"
    )
    story.child("Wren Lane", "2022-03-15", "adoption_worker")
    story.say("Wren", "placed_for_adoption", {}, "2027-03-08")
    wren = f"/children/{story.children['Wren'].uid}/"

    # after the order one person asks for the record to be sealed, and another agrees
    story.at("2027-09-06", "adoption_worker")
    story.open("/adoption/").get_by_role("link", name="Seal after an order for Wren Lane").click()
    story.day("Day of the adoption order", "2027-09-01")
    story.page.get_by_label("Court and case number, or how you know of the order").fill("Harbourton Family Court")
    story.press("Ask")
    expect(story.page.get_by_text("Somebody else must answer")).to_be_visible()
    story.at("2027-09-07", "adoption_archivist")
    _answers(story, "about Wren Lane")

    # the record is kept for a hundred years from the order
    story.open("/adoption/")
    expect(story.page.get_by_role("cell", name=days("2127-09-01"))).to_be_visible()

    # whoever worked with her finds nothing
    story.at("2027-09-08")
    assert story.open(wren).locator("h1").inner_text() != "Wren Lane"
    story.open("/search/")
    story.page.get_by_role("searchbox").or_(story.page.get_by_label("Name", exact=False)).first.fill("Wren Lane")
    story.page.keyboard.press("Enter")
    expect(story.page.get_by_text("Nobody was found")).to_be_visible()
    assert story.page.get_by_role("link", name="Wren Lane").count() == 0
    assert all(line[0] != "Wren Lane" for line in story.wall())

    # for the person's own request the archivist asks, another agrees, and it opens to the one who asked
    story.at("2027-09-09", "adoption_archivist")
    story.open("/adoption/").get_by_role("link", name="Ask to open the record of Wren Lane").click()
    story.page.get_by_role("radio").first.check(force=True)
    story.page.get_by_label("What you need, and for whom").fill("Her own request for her record.")
    story.press("Ask")
    story.at("2027-09-09T10:00", "information_governance")
    _answers(story, "about Wren Lane")
    story.at("2027-09-09T11:00", "adoption_archivist")
    story.open("/adoption/").get_by_role("link", name="the record of Wren Lane").click()
    expect(story.page.get_by_role("heading", name="Wren Lane").first).to_be_visible()
    story.passes()


def _answers(story: Story, which: str) -> None:
    story.open("/adoption/").get_by_role("link", name=f"Answer {which}").click()
    story.page.get_by_label("Yes, I agree").check(force=True)
    story.press("Answer")
    story.page.locator(".govuk-notification-banner").first.wait_for()


def test_s8_leaving_care_to_twenty_five(tell: Tell) -> None:
    story = tell("997", virtual_school_head="Maya Benn")
    story.child("Ravi Marsh", "2011-02-09")
    story.reaches("virtual_school_head", "Ravi", "cohort")
    story.say("Ravi", "care_period", {"start_reason": "S"}, "2022-01-10")
    story.child("Leah Marsh", "2008-03-14")
    story.say("Leah", "leaving_care", {"eligibility": "FORMER_RELEVANT"}, "2026-03-14")

    _s8_ravi_is_sixteen(story)
    _s8_leah_moves_into_a_home_of_her_own(story)
    _s8_leah_goes_to_university_and_is_paid_once(story)
    _s8_ravi_is_eighteen(story)
    _s8_leah_is_asked_each_year_until_she_is_twenty_five(story)


def test_s8_a_young_person_sees_their_own_next_dates(tell: Tell) -> None:
    story = tell("989")
    story.child("Ravi Marsh", "2011-02-09")
    story.say("Ravi", "care_period", {"start_reason": "S"}, "2022-01-10")
    story.is_their_own("Ravi")

    story.at("2027-02-10", "child")
    story.open("/my-record/next-dates/")
    expect(story.page.get_by_role("heading", name="My next dates")).to_be_visible()
    expect(story.page.get_by_text(f"By {days('2027-05-09')}").first).to_be_visible()
    story.passes()


def _s8_ravi_is_sixteen(story: Story) -> None:
    # his needs are assessed within three months, which end on a Sunday; then there is a plan and an adviser
    story.at("2027-02-10")
    stands = story.clocks("Ravi")
    assert stands["LC01"] == [(f"{days('2027-05-09')} (last working day {days('2027-05-07')})", "Coming up")]
    assert stands["LC05"][0][0].startswith(days("2027-05-09"))
    story.record("Ravi", "pathway_needs_assessment", until="2027-02-10")
    story.record("Ravi", "pathway_plan")
    assert story.due("Ravi", "LC01")[0][1] == "Met"

    # his education is planned with the virtual school head, term by term
    story.record("Ravi", "personal_education_plan", goals="An apprenticeship in joinery")
    story.at("2027-02-10", "virtual_school_head")
    story.open("/approvals/").get_by_role("link", name="Ravi Marsh").click()
    story.page.get_by_role("button", name="Approve").click()
    expect(story.page.get_by_text("is approved and recorded")).to_be_visible()
    story.at("2027-02-10")
    assert "Coming up" in [state for _, state in story.due("Ravi", "ED04")]


def _s8_leah_moves_into_a_home_of_her_own(story: Story) -> None:
    # Leah is nineteen in March; somebody is in touch around her birthday
    story.at("2027-01-20")
    story.record("Leah", "care_leaver_contact", in_touch="YES", activity="F1", accommodation="B")
    assert (days("2027-04-14"), "Met") in story.due("Leah", "LC14")

    # she moves: her adviser comes within seven days, which end on a bank holiday, and then within two months
    story.at("2027-04-26")
    story.record("Leah", "leaving_care_accommodation", provided_by_council="yes")
    stands = story.clocks("Leah")
    assert stands["LC06"] == [(f"{days('2027-05-03')} (last working day {days('2027-04-30')})", "Coming up")]
    assert stands["LC07"] == [(days("2027-05-24"), "Coming up")]
    story.at("2027-05-24")
    story.record("Leah", "personal_adviser_visit", day="2027-04-30")
    story.record("Leah", "personal_adviser_visit")
    stands = story.clocks("Leah")
    assert stands["LC06"][0][1] == "Met"
    assert any(by.startswith(days("2027-07-24")) for by, _ in stands["LC08"])
    story.passes()

    # Staying Close waits for its day; tried, it would be due
    assert stands["LC12"][0][1] == "Not yet law"
    story.overnight()
    story.open("/duties/what-if/?staying_close=2026-01-01")
    assert "Leah Marsh" in story.page.inner_text("main")


def _s8_leah_goes_to_university_and_is_paid_once(story: Story) -> None:
    story.at("2027-09-27")
    story.record("Leah", "higher_education", course="Nursing at the University of Harbourton")
    assert [state for _, state in story.due("Leah", "LC15")] == ["Coming up"]
    story.at("2027-10-01")
    story.record("Leah", "entitlement_paid", payment_type="higher education bursary", amount_pence="2000.00")
    assert [state for _, state in story.due("Leah", "LC15")] == ["Met"]

    # a second time is refused, and says why; a second course asks for none
    story.at("2028-09-25")
    refused = story.refused("Leah", "entitlement_paid", payment_type="higher education bursary", amount_pence="2000.00")
    assert "The higher education bursary is paid once" in refused
    story.passes()
    story.record("Leah", "higher_education", course="Midwifery at the University of Harbourton")
    assert sorted(state for _, state in story.due("Leah", "LC15")) == ["Does not apply", "Met"]


def _s8_ravi_is_eighteen(story: Story) -> None:
    # he leaves care as a former relevant young person, and stays with his foster carer: it is looked at twice a year
    story.at("2029-02-09")
    story.record("Ravi", "leaving_care", eligibility="FORMER_RELEVANT")
    story.record("Ravi", "staying_put")
    assert any(by.startswith(days("2029-08-09")) for by, _ in story.due("Ravi", "LC11"))


def _s8_leah_is_asked_each_year_until_she_is_twenty_five(story: Story) -> None:
    # at twenty-one she is offered support, and again each year; from twenty-five nothing is due
    story.at("2029-03-20")
    story.record("Leah", "support_offer", offer="personal adviser from 21")
    assert any(by.startswith(days("2030-03-20")) for by, _ in story.due("Leah", "LC10"))
    story.at("2033-03-15")
    waits = {"Coming up", "Due soon", "Due today"}
    assert not [duty for duty, said in story.clocks("Leah").items() if waits & {state for _, state in said}]
