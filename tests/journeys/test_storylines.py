"""The first three of the eight storylines, day by day through the real forms and walls. Everybody in them is invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.storyline import Story, days

pytestmark = pytest.mark.browser
Tell = Callable[..., Story]
HOME = {"address_lines": "12 Acacia Avenue\nHarbourton", "postcode": "SE1 1AA", "address_type": "HOME"}
SISTER_AND_BROTHER = ("Amara", "Joel")


def test_s1_from_the_front_door_over_christmas_to_a_child_protection_plan(tell: Tell) -> None:
    story = tell("990", family_help_lead_practitioner="Fern Hale")
    for name, born in (("Zuri", "2017-05-14"), ("Amara", "2020-03-02"), ("Joel", "2023-06-21")):
        story.child(f"{name} Okafor", born, "team_manager")
    story.family("Zuri", *SISTER_AND_BROTHER)
    story.in_the_directory("family_help_lead_practitioner")
    story.adult("Adaeze Okafor", "mother_of", "Zuri")
    story.adult("Chike Okafor", "father_of", "Zuri")
    former = story.adult("Marlow Stint", "step_parent", "Zuri")
    story.say("Chike", "address", {**HOME, "concealed_from": [str(former.uid)]}, "2026-01-01")

    _s1_a_referral_for_all_three(story)
    _s1_one_plan_and_one_lead_for_the_family(story)
    _s1_an_enquiry_after_the_police_tell(story)
    _s1_a_conference_plans_for_all_three(story)
    _s1_the_core_group_is_late_and_the_assessment_is_not(story)
    _s1_the_next_review_is_counted_from_the_one_held(story)
    _s1_a_letter_never_gives_the_address_away(story)


def _s1_a_referral_for_all_three(story: Story) -> None:
    # on the Friday before Christmas the school refers the three; on Monday it is decided
    story.at("2026-12-18T16:50")
    story.record("Zuri", "referral", also=SISTER_AND_BROTHER, referral_source="1B", received_at="2026-12-18T16:40")
    assert story.due("Amara", "FD01") == [(days("2026-12-21"), "Coming up")]
    story.at("2026-12-21", "team_manager")
    story.record("Zuri", "referral_decision", also=SISTER_AND_BROTHER, decision="Family Help")
    for name in story.of_family:
        stands = story.clocks(name)
        assert stands["FD01"] == [(days("2026-12-21"), "Met")]
        assert stands["FD04"] == [(days("2027-02-24"), "Coming up")]
        assert stands["FD06"] == [(days("2026-12-30"), "Coming up")]


def _s1_one_plan_and_one_lead_for_the_family(story: Story) -> None:
    # a Family Help lead practitioner is named for all of them, and the family has one plan
    asked = "&".join(f"child={story.children[name].uid}" for name in story.of_family)
    page = story.open(f"/people/allocate/?{asked}&role=FAMILY_HELP_LEAD")
    page.get_by_label("To whom?").select_option(str(story.accounts["family_help_lead_practitioner"].person.uid))
    page.get_by_label("Why?").fill("One lead practitioner for the family")
    story.press("Allocate from today")
    expect(page.get_by_text("3 children are allocated from today.")).to_be_visible()
    story.at("2026-12-21")
    story.record("Zuri", "assessment_begins", also=SISTER_AND_BROTHER)
    story.record("Zuri", "family_plan", also=SISTER_AND_BROTHER, goals="Bedtimes that hold")
    assert story.due("Joel", "FD06") == [(days("2026-12-30"), "Met")]
    story.open(f"/children/{story.children['Joel'].uid}/family/").get_by_role("link", name="The family’s page").click()
    expect(story.page.get_by_text("Bedtimes that hold").first).to_be_visible()
    story.passes()


def _s1_an_enquiry_after_the_police_tell(story: Story) -> None:
    # in January the police tell of domestic abuse, and tell the school; somebody else holds information, not yet by law
    story.at("2027-01-04")
    story.record("Zuri", "police_domestic_abuse_notice", also=SISTER_AND_BROTHER)
    story.record("Zuri", "significant_harm_concern", also=SISTER_AND_BROTHER)
    assert story.due("Amara", "CP01") == [(days("2027-01-05"), "Due soon")]
    story.at("2027-01-05")
    story.record("Zuri", "notification", notification_type="school: domestic abuse", direction="received")
    story.record("Zuri", "relevant_information")
    stands = story.clocks("Zuri")
    assert stands["CP20"] == [(days("2027-01-05"), "Met")]
    assert stands["CP17"][0][1] == "Not yet law"

    # a day later than the local target the agencies talk, and an enquiry begins for all three
    story.at("2027-01-06")
    story.record("Zuri", "strategy_discussion", also=SISTER_AND_BROTHER, initiated_section_47="yes",
                 safety_until_enquiry="They stay with their aunt")  # fmt: skip
    story.record("Zuri", "multi_agency_decision", contribution_only="no")
    stands = story.clocks("Amara")
    assert stands["CP01"] == [(days("2027-01-05"), "Met late")]
    assert stands["CP02"] == stands["CP03"] == [(days("2027-01-27"), "Coming up")]


def _s1_a_conference_plans_for_all_three(story: Story) -> None:
    # the conference is held a day early and makes a plan for each of them, for neglect
    story.at("2027-01-26")
    story.record("Zuri", "initial_child_protection_conference", also=SISTER_AND_BROTHER, plan_made="yes",
                 category="NEG")  # fmt: skip
    for name in story.of_family:
        stands = story.clocks(name)
        assert stands["CP02"] == stands["CP03"] == [(days("2027-01-27"), "Met")]
        assert stands["CP04"] == stands["CP08"] == [(days("2027-02-09"), "Coming up")]
        assert stands["CP06"] == [(days("2027-04-26"), "Coming up")]
    story.passes()


def _s1_the_core_group_is_late_and_the_assessment_is_not(story: Story) -> None:
    # all three are visited in time; the core group is not held, and the wall says so until it is
    story.at("2027-02-08")
    story.record("Zuri", "child_protection_visit", also=SISTER_AND_BROTHER)
    story.at("2027-02-10")
    overdue = [[line[0], line[1], line[2].partition(" :")[0], line[3]] for line in story.wall(show="overdue")]
    for name in story.of_family:
        assert [f"{name} Okafor", "First core group", days("2027-02-09"), "Overdue"] in overdue
    story.passes()
    story.record("Zuri", "core_group", also=SISTER_AND_BROTHER)
    stands = story.clocks("Joel")
    assert stands["CP04"] == [(days("2027-02-09"), "Met late")]
    assert stands["CP05"] == [(days("2027-03-24"), "Coming up")]
    assert (days("2027-02-09"), "Met") in stands["CP08"]

    # a manager who did not write it authorises the one assessment of the three
    story.at("2027-02-19")
    story.record("Zuri", "assessment", also=SISTER_AND_BROTHER, factors="1A", authorised_date="2027-02-19")
    story.at("2027-02-19T11:00", "team_manager")
    story.open("/approvals/").get_by_role("link", name="Zuri Okafor").click()
    story.page.get_by_role("button", name="Approve").click()
    story.page.locator(".govuk-notification-banner").first.wait_for()
    assert story.due("Joel", "FD04") == [(days("2027-02-24"), "Met")]


def _s1_the_next_review_is_counted_from_the_one_held(story: Story) -> None:
    story.at("2027-04-20")
    story.record("Zuri", "child_protection_review", also=SISTER_AND_BROTHER, plan_continues="yes")
    for name in story.of_family:
        stands = story.clocks(name)
        assert stands["CP06"] == [(days("2027-04-26"), "Met")]
        assert stands["CP07"] == [(days("2027-10-20"), "Coming up")]


def _s1_a_letter_never_gives_the_address_away(story: Story) -> None:
    # the father's address is concealed from the mother's former partner: it is taken out of a letter to him
    story.open(f"/children/{story.children['Zuri'].uid}/letters/appointment_letter/")
    story.page.get_by_label("Marlow Stint").check(force=True)
    story.page.get_by_label("When, where and what for").fill("Come to 12 Acacia Avenue at four")
    story.press("Show it")
    expect(story.page.get_by_text("Part of an address was taken out").first).to_be_visible()


def test_s2_home_education_is_not_yet_law_and_what_if_it_were(tell: Tell) -> None:
    story = tell("991", elective_home_education_officer="Elin Marsh")
    story.child("Zuri Okafor", "2017-05-14")
    story.child("Ife Okafor", "2015-02-01")
    story.say("Zuri", "section_47_enquiry", {}, "2027-01-06")
    story.say("Ife", "child_protection_plan", {"initial_category": "NEG"}, "2022-05-01", "2023-06-01")

    # the mother tells the school that she will teach her at home
    for number in ("C1", "C2"):
        story.at("2027-01-11")
        story.open("/home-education/")
        story.page.get_by_label("Record a request: the child’s number in this council").fill(number)
        story.press("Go on")
        story.day("Day the request came", "2027-01-11")
        story.press("Record the request")
    assert "This limb of the Act was not read in full" in story.page.inner_text("main")
    assert "must tell the council" in story.page.inner_text("main")
    story.passes()
    for name in ("Zuri", "Ife"):
        assert story.due(name, "ED01") == [("no day", "Not yet law")]

    # were it law since New Year, her consent would be due, and she could not be taken off the roll without it
    story.overnight()
    story.open("/duties/what-if/?home_education_consent=2027-01-01")
    assert "Zuri Okafor" in [line[0] for line in story.lines()]
    story.passes()
    story.open("/home-education/")
    story.page.get_by_role("link", name="Zuri Okafor").click()
    case = story.page.url
    story.page.goto(f"{case}?in_force=2027-01-01")
    expect(story.page.get_by_role("heading", name="May the child be taken off the roll?")).to_be_visible()
    expect(story.page.get_by_text("Not met", exact=True).first).to_be_visible()

    # the council refuses, says why, and says how to have it looked at again
    story.at("2027-01-22", "elective_home_education_officer")
    story.page.goto(case)
    story.page.get_by_role("link", name="Decide on consent").click()
    story.day("Day of the decision", "2027-01-22")
    story.page.get_by_label("Refused").check()
    story.page.get_by_label("Why").fill("The enquiry is still open.")
    story.press("Save")
    expect(story.page.get_by_text("Refused", exact=True).first).to_be_visible()
    expect(story.page.get_by_role("link", name="Tell the parent")).to_be_visible()
    story.page.get_by_role("link", name="The letter to the parent").click()
    expect(story.page.get_by_text("The enquiry is still open.")).to_be_visible()
    expect(story.page.get_by_text("to look at this decision again")).to_be_visible()


def test_s3_a_baby_placed_with_his_aunt_family_group_and_proceedings(tell: Tell) -> None:
    story = tell("992", safeguarding_partnership_manager="Sunil Farrow")
    story.child("Noah Reyes", "2026-11-01")
    for name, tie in (("Lena", "mother_of"), ("Mateo", "father_of"), ("Rosa", "aunt_or_uncle")):
        story.adult(f"{name} Reyes", tie, "Noah")

    _s3_placed_with_his_aunt(story)
    _s3_visited_and_reviewed(story)
    _s3_the_family_meets_before_the_court(story)
    _s3_proceedings_are_issued(story)
    _s3_his_aunt_is_approved(story)
    _s3_the_councils_own_offer_is_published(story)


def _s3_placed_with_his_aunt(story: Story) -> None:
    # he is placed with his aunt, who is approved for sixteen weeks
    story.at("2026-11-12")
    story.record("Noah", "becomes_looked_after", how="happened", legal_status_legal_status="V2",
                 placement_placement_type="U3", placement_regulation="24")  # fmt: skip
    story.record("Rosa", "temporary_approval")
    stands = story.clocks("Noah")
    assert stands["LA03"] == stands["LA12"] == [(days("2026-11-19"), "Coming up")]
    assert stands["LA06"] == stands["LA18"] == [(days("2026-12-10"), "Coming up")]
    assert stands["ED03"] == [("no day", "Does not apply")]
    assert story.due("Rosa", "LA26") == [(days("2027-03-04"), "Coming up")]


def _s3_visited_and_reviewed(story: Story) -> None:
    # visits are weekly until the first review, then every four weeks
    for day in ("2026-11-19", "2026-11-25", "2026-12-01", "2026-12-08"):
        story.at(day)
        story.record("Noah", "looked_after_visit")
    story.at("2026-12-09")
    story.record("Noah", "looked_after_review", participation="PN0")
    stands = story.clocks("Noah")
    assert stands["LA18"] == [(days("2026-12-10"), "Met")]
    assert (days("2027-01-05"), "Coming up") in stands["LA16"]
    assert stands["LA19"] == [(days("2027-03-09"), "Coming up")]
    story.passes()


def _s3_the_family_meets_before_the_court(story: Story) -> None:
    # the letter offers family group decision-making to both parents; the father was never traced, and why is recorded
    story.at("2027-01-04")
    story.record("Noah", "legal_gateway", choice="letter before proceedings")
    story.at("2027-01-06")
    story.record("Noah", "pre_proceedings", letter_before_proceedings_date="2027-01-06",
                 family_group_decision_making_offered="yes")  # fmt: skip
    for parent, reason in (("Lena", ""), ("Mateo", "Never traced: no address since before the birth")):
        told = {"not_reached_reason": reason} if reason else {}
        story.record("Noah", "family_group_offer", party=str(story.children[parent].uid),
                     in_letter_before_proceedings="yes", **told)  # fmt: skip
    story.record("Noah", "family_group_answer", party=str(story.children["Lena"].uid), answer="accepted")
    story.at("2027-01-20")
    story.record("Noah", "family_group_meeting", held="yes", proposal="Noah stays with his aunt Rosa")
    stands = story.clocks("Noah")
    assert {state for _, state in (*stands["CT01"], *stands["CT02"])} == {"Not yet law"}
    story.open(f"/children/{story.children['Noah'].uid}/")
    expect(story.page.get_by_text("Family group decision-making").first).to_be_visible()


def _s3_proceedings_are_issued(story: Story) -> None:
    story.at("2027-02-01")
    told = story.record(
        "Noah", "proceedings", application_type="care or supervision order", short_notice="no", check=True
    )
    assert "Met. Family group decision-making before proceedings" in told
    stands = story.clocks("Noah")
    assert stands["CT05"] == [(f"{days('2027-08-01')} (last working day {days('2027-07-30')})", "Coming up")]
    assert stands["CT07"] == [(days("2027-02-25"), "Coming up")]


def _s3_his_aunt_is_approved(story: Story) -> None:
    # the approval of his aunt is extended once; the panel advises, and she is approved in full
    story.at("2027-03-01")
    story.record("Rosa", "temporary_approval_extended", extended_date="2027-03-01")
    story.at("2027-03-05")
    assert story.due("Rosa", "LA27") == [(days("2027-04-29"), "Coming up")]
    story.at("2027-04-15")
    story.record("Rosa", "fostering_panel", recommendation="Approve Rosa Reyes as Noah’s foster carer",
                 final_minutes_received_date="2027-04-15")  # fmt: skip
    assert story.due("Rosa", "KF03b") == [(days("2027-04-26"), "Coming up")]
    story.record("Rosa", "approved_as_foster_carer")
    story.record("Rosa", "kinship_local_offer_sent")
    stands = story.clocks("Rosa")
    assert stands["KF03b"] == [(days("2027-04-26"), "Met")]
    assert stands["LA27"] == [(days("2027-04-29"), "Met")]

    # the plan for special guardianship is written, and is looked at again in a year
    story.at("2027-04-16")
    story.record("Noah", "special_guardianship_support_plan")
    assert story.due("Noah", "CT13")[0][0].startswith(days("2028-04-16"))


def _s3_the_councils_own_offer_is_published(story: Story) -> None:
    story.at("2027-04-16", "safeguarding_partnership_manager")
    story.open("/due/council/report/")
    for answer in ("kinship local offer", "published"):
        story.page.locator(f'input[value="{answer}"]').check(force=True)
    story.day("Day it was done", "2027-04-16")
    story.press("Save")
    expect(story.page.get_by_role("link", name="Kinship local offer published and reviewed").first).to_be_visible()
    story.passes()
