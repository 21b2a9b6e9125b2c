"""The first six of the eight storylines, day by day through the real forms and walls. Everybody in them is invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.storyline import Story, days

pytestmark = pytest.mark.browser
Tell = Callable[..., Story]
HOME = {"address_lines": "12 Acacia Avenue\nHarbourton", "postcode": "SE1 1AA", "address_type": "HOME"}


def test_s1_from_the_front_door_over_christmas_to_a_child_protection_plan(tell: Tell) -> None:
    story = tell("990")
    story.child("Zuri Okafor", "2017-05-14", "team_manager")
    mother, other = (
        story.adult("Adaeze Okafor", "mother_of", "Zuri"),
        story.adult("Marlow Stint", "step_parent", "Zuri"),
    )
    story.say("Adaeze", "address", {**HOME, "concealed_from": [str(other.uid)]}, "2026-01-01")

    # on the Friday before Christmas the school refers; on Monday it is decided, and one worker leads for the family
    story.at("2026-12-18T16:50")
    story.record("Zuri", "referral", referral_source="1B", received_at="2026-12-18T16:40")
    assert story.due("Zuri", "FD01") == [(days("2026-12-21"), "Coming up")]
    story.at("2026-12-21", "team_manager")
    story.record("Zuri", "referral_decision", decision="Family Help")
    assert story.due("Zuri", "FD01") == [(days("2026-12-21"), "Met")]
    assert story.due("Zuri", "FD04") == [(days("2027-02-24"), "Coming up")]
    story.at("2026-12-21")
    story.record("Zuri", "assessment_begins")
    story.record("Zuri", "family_plan")

    # in January the police tell of domestic abuse, an enquiry begins and a conference makes a plan
    story.at("2027-01-04")
    story.record("Zuri", "police_domestic_abuse_notice")
    story.at("2027-01-06")
    story.record(
        "Zuri", "strategy_discussion", initiated_section_47="yes", safety_until_enquiry="They stay with their aunt"
    )
    assert story.due("Zuri", "CP02") == [(days("2027-01-27"), "Coming up")]
    story.at("2027-01-26")
    story.record("Zuri", "initial_child_protection_conference", plan_made="yes", category="NEG")
    assert story.due("Zuri", "CP02") == [(days("2027-01-27"), "Met")]
    assert story.due("Zuri", "CP04") == [(days("2027-02-09"), "Coming up")]
    assert story.due("Zuri", "CP06") == [(days("2027-04-26"), "Coming up")]
    story.passes()

    # a manager authorises the assessment in time; no core group was held, and the wall says so
    story.at("2027-02-19")
    story.record("Zuri", "assessment", factors="1A", authorised_date="2027-02-19")
    story.at("2027-02-19T11:00", "team_manager")
    story.open("/approvals/").get_by_role("link", name="Zuri Okafor").click()
    story.page.get_by_role("button", name="Approve").click()
    assert story.due("Zuri", "FD04") == [(days("2027-02-24"), "Met")]
    story.at("2027-02-22")
    assert ["Zuri Okafor", "First core group", days("2027-02-09"), "Overdue"] in [
        [line[0], line[1], line[2].partition(" :")[0], line[3]] for line in story.wall(show="overdue")
    ]
    story.passes()

    # the review conference is held early, and the next is counted from it; a letter never gives the address away
    story.at("2027-04-20")
    story.record("Zuri", "child_protection_review", plan_continues="yes")
    assert story.due("Zuri", "CP07") == [(days("2027-10-20"), "Coming up")]
    story.open(f"/children/{story.children['Zuri'].uid}/letters/appointment_letter/")
    story.page.get_by_label("Marlow Stint").check(force=True)
    story.page.get_by_label("When, where and what for").fill("Come to 12 Acacia Avenue at four")
    story.page.get_by_role("button", name="Show it").click()
    assert "Part of an address was taken out" in story.page.inner_text("main")
    assert mother.uid


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
        story.page.get_by_role("button", name="Go on", exact=True).click()
        story.day("Day the request came", "2027-01-11")
        story.page.get_by_role("button", name="Record the request", exact=True).click()
    assert "This limb of the Act was not read in full" in story.page.inner_text("main")
    story.passes()
    assert story.due("Zuri", "ED01") == [("no day", "Not yet law")]
    assert story.due("Ife", "ED01") == [("no day", "Not yet law")]

    # were it law since New Year, her consent would be due; the council refuses, and says how to have it looked at again
    story.overnight()
    story.open("/duties/what-if/?home_education_consent=2027-01-01")
    assert "Zuri Okafor" in [line[0] for line in story.lines()]
    story.passes()
    story.at("2027-01-22", "elective_home_education_officer")
    story.open("/home-education/")
    story.page.get_by_role("link", name="Zuri Okafor").click()
    story.page.get_by_role("link", name="Decide on consent").click()
    story.day("Day of the decision", "2027-01-22")
    story.page.get_by_label("Refused").check()
    story.page.get_by_label("Why").fill("The enquiry is still open.")
    story.page.get_by_role("button", name="Save", exact=True).click()
    expect(story.page.get_by_text("Refused", exact=True).first).to_be_visible()
    expect(story.page.get_by_role("link", name="Tell the parent")).to_be_visible()


def test_s3_a_baby_placed_with_his_aunt_family_group_and_proceedings(tell: Tell) -> None:
    story = tell("992", safeguarding_partnership_manager="Sunil Farrow")
    story.child("Noah Reyes", "2026-11-01")
    for name, tie in (("Lena Reyes", "mother_of"), ("Rosa Reyes", "aunt_or_uncle")):
        story.adult(name, tie, "Noah")

    # he is placed with his aunt, who is approved for sixteen weeks
    story.at("2026-11-12")
    story.record("Noah", "becomes_looked_after", how="happened", legal_status_legal_status="V2",
                 placement_placement_type="U3", placement_regulation="24")  # fmt: skip
    story.record("Rosa", "temporary_approval")
    assert story.due("Noah", "LA03") == [(days("2026-11-19"), "Coming up")]
    assert story.due("Noah", "LA12") == [(days("2026-11-19"), "Coming up")]
    assert story.due("Noah", "LA06") == [(days("2026-12-10"), "Coming up")]
    assert story.due("Rosa", "LA26") == [(days("2027-03-04"), "Coming up")]

    # visits are weekly until the first review, then every four weeks
    for day in ("2026-11-19", "2026-11-25", "2026-12-01", "2026-12-08"):
        story.at(day)
        story.record("Noah", "looked_after_visit")
    story.at("2026-12-09")
    story.record("Noah", "looked_after_review", participation="PN0")
    assert story.due("Noah", "LA18") == [(days("2026-12-10"), "Met")]
    assert (days("2027-01-05"), "Coming up") in story.due("Noah", "LA16")
    assert story.due("Noah", "LA19") == [(days("2027-03-09"), "Coming up")]
    story.passes()

    # the letter offers family group decision-making; the family meets; proceedings are issued
    story.at("2027-01-04")
    story.record("Noah", "legal_gateway", choice="letter before proceedings")
    story.at("2027-01-06")
    story.record("Noah", "pre_proceedings", letter_before_proceedings_date="2027-01-06",
                 family_group_decision_making_offered="yes")  # fmt: skip
    story.record(
        "Noah", "family_group_offer", party=str(story.children["Lena"].uid), in_letter_before_proceedings="yes"
    )
    story.at("2027-01-20")
    story.record("Noah", "family_group_meeting", held="yes", proposal="Noah stays with his aunt Rosa")
    story.at("2027-02-01")
    told = story.record(
        "Noah", "proceedings", application_type="care or supervision order", short_notice="no", check=True
    )
    assert "Met. Family group decision-making before proceedings" in told
    assert story.due("Noah", "CT05") == [(f"{days('2027-08-01')} (last working day {days('2027-07-30')})", "Coming up")]
    assert (days("2027-02-25"), "Coming up") in story.due("Noah", "CT07")

    # the approval of his aunt is extended once
    story.at("2027-03-01")
    story.record("Rosa", "temporary_approval_extended", extended_date="2027-03-01")
    story.at("2027-03-05")
    assert story.due("Rosa", "LA27") == [(days("2027-04-29"), "Coming up")]

    # the panel approves her in full; the council's offer to kinship carers is published, and its next review stands
    story.at("2027-04-15")
    story.record("Rosa", "temporary_approval_ends", end_reason="approved in full")
    assert story.due("Rosa", "LA27") == [(days("2027-04-29"), "Met")]
    story.at("2027-04-16", "safeguarding_partnership_manager")
    story.open("/due/council/report/")
    for answer in ("kinship local offer", "published"):
        story.page.locator(f'input[value="{answer}"]').check(force=True)
    story.day("Day it was done", "2027-04-16")
    story.press("Save")
    expect(story.page.get_by_role("link", name="Kinship local offer published and reviewed").first).to_be_visible()
    story.passes()


def test_s4_a_serious_incident_over_christmas(tell: Tell) -> None:
    story = tell(
        "993", director_of_childrens_services="Rowena Castell", safeguarding_partnership_manager="Sunil Farrow"
    )
    story.child("Baby Vale", "2026-10-02")

    # the council becomes aware two days before Christmas; the director submits it on the 30th
    story.at("2026-12-23T16:00")
    story.open("/incidents/")
    story.page.get_by_label("Record an incident: the child’s number in this council").fill("C1")
    story.press("Go on")
    story.day("When the council became aware", "2026-12-23")
    story.page.get_by_label("Time, such as 15:10").fill("15:10")
    story.page.get_by_label("Abuse or neglect known or suspected").check()
    story.page.get_by_label("Child seriously harmed").check()
    story.press("Record it")
    case = story.page.url
    assert story.due("Baby", "SG01") == [(days("2027-01-04"), "Coming up")]
    story.at("2026-12-30", "safeguarding_partnership_manager")
    story.page.goto(case)
    story.page.get_by_role("link", name="Decide whether it is notifiable").click()
    story.page.get_by_label("Yes").check()
    story.page.get_by_label("Why, or why not").fill("Serious harm, and abuse is suspected.")
    story.press("Save")
    story.at("2026-12-30", "director_of_childrens_services")
    story.open("/safety-wall/").get_by_role("link", name="Baby Vale").first.click()
    story.page.get_by_role("link", name="Director decides to submit").click()
    story.page.get_by_label("Submit it to the Panel now").check()
    story.press("Save")
    story.passes()

    # both days of the rapid review are shown; the review is decided, and the report counted from that day
    story.at("2027-01-11", "director_of_childrens_services")
    story.page.goto(case)
    assert days("2027-01-21") in story.page.inner_text("main")
    assert days("2027-01-18") in story.page.inner_text("main")
    story.at("2027-02-04", "safeguarding_partnership_manager")
    for link, day, button, rest in (
        ("Rapid review sent to the Panel", ("Day it was sent to the Panel", "2027-01-15"), "Yes", {}),
        ("Decide on a practice review", ("Day of the decision", "2027-02-04"), "Review",
         {"Who decided": "The partners", "Why": "A new pattern."}),
    ):  # fmt: skip
        story.page.goto(case)
        story.page.get_by_role("link", name=link, exact=True).click()
        story.day(*day)
        story.page.get_by_role("radio", name=button, exact=True).first.check()
        for label, words in rest.items():
            story.page.get_by_label(label, exact=True).fill(words)
        story.press("Save")
    assert days("2027-08-04") in story.page.inner_text("main")

    # a trial holds the report up: the Panel is told why, and what was learned is kept for everybody to find
    story.at("2027-07-26", "safeguarding_partnership_manager")
    story.page.goto(case)
    story.page.get_by_role("link", name="Tell the Panel why the report takes longer").click()
    story.page.get_by_label("The reasons, as they were given").fill("The Crown Court tries the case in October.")
    story.day("Day", "2027-07-26")
    story.press("Save")
    assert story.due("Baby", "SG05") == [(days("2027-08-04"), "Met")]


def test_s5_the_death_of_a_care_leaver_becomes_known_before_easter(tell: Tell) -> None:
    story = tell("994", director_of_childrens_services="Rowena Castell")
    story.child("Kai Reyes", "2003-06-01")
    story.say("Kai", "leaving_care", {"eligibility": "FORMER_RELEVANT"}, "2021-06-01")
    story.child("Mila Reyes", "2015-06-01")
    story.say("Mila", "care_period", {"start_reason": "S"}, "2024-01-10", "2027-03-02")

    # the hostel tells on the Thursday before Good Friday: five working days end after Easter Monday
    story.at("2027-03-25")
    story.record("Kai", "death", death_date="2027-03-02", was_looked_after="no", was_care_leaver="yes",
                 abuse_known_or_suspected="no", told_by="the hostel")  # fmt: skip
    assert story.due("Kai", "LC16") == [(days("2027-04-05"), "Coming up")]
    assert story.due("Kai", "LA41") == [("no day", "Does not apply")]
    assert not story.due("Kai", "SG01")
    story.passes()

    # the mirror: a looked-after child dies naturally
    story.record("Mila", "death", day="2027-03-02", death_date="2027-03-02", was_looked_after="yes",
                 was_care_leaver="no", abuse_known_or_suspected="no")  # fmt: skip
    assert story.due("Mila", "LA41") == [(days("2027-03-09"), "Overdue")]
    assert story.due("Mila", "LC16") == [("no day", "Does not apply")]

    # the Panel is told after the weekend, and the director sees both
    story.at("2027-03-30")
    story.record("Kai", "notification", notification_type="death of a care leaver", direction="sent")
    assert story.due("Kai", "LC16") == [(days("2027-04-05"), "Met")]
    story.at("2027-03-30", "director_of_childrens_services")
    story.open("/safety-wall/")
    expect(story.page.get_by_role("link", name="Kai Reyes").first).to_be_visible()
    story.passes()


def test_s6_missing_police_protection_and_a_bed_at_a_distance(tell: Tell) -> None:
    story = tell("995", director_of_childrens_services="Rowena Castell")
    story.child("Tia Marsh", "2012-08-20")
    story.say("Tia", "care_period", {"start_reason": "S"}, "2026-09-01")
    story.say(
        "Tia", "address", {"address_lines": "4 Elm Row", "postcode": "WS1 1AA", "address_type": "HOME"}, "2020-01-01"
    )

    # missing over New Year: the return interview is counted in hours
    story.at("2027-01-02")
    story.record("Tia", "missing", day="2027-01-01", began_at="2027-01-01T18:00")
    story.at("2027-01-03")
    story.record("Tia", "missing_returned", day="2027-01-02", returned_at="2027-01-02T23:30",
                 return_interview_offered="no")  # fmt: skip
    assert story.due("Tia", "LA31") == [(f"{days('2027-01-05')} at 23:30", "Coming up")]

    # police protection, then an emergency protection order
    story.at("2027-02-19T23:00")
    story.record("Tia", "police_protection", began_at="2027-02-19T22:10")
    assert story.due("Tia", "CP11") == [(f"{days('2027-02-22')} at 22:10", "Coming up")]
    story.at("2027-02-22")
    story.record("Tia", "emergency_protection_order")
    assert story.due("Tia", "CP10")[0][0].startswith(days("2027-03-02"))

    # a bed far away: nobody but the director may decide, and an unregistered setting stops everybody
    story.record("Tia", "placement_proposal", placement_type="K2", postcode="LS1 4AP", setting_check="not registered")
    story.at("2027-02-23")
    story.fill("Tia", "placement", placement_type="K2", postcode="LS1 4AP", start_reason="P", emergency="yes")
    told = story.page.inner_text("main")
    assert "Not met. No unregistered or prohibited setting" in told
    assert "Not met. Director’s approval of a placement at a distance" in told
    assert "at a distance" in told
    assert "miles" in told
    assert story.page.get_by_label("I decide that it goes ahead all the same").count() == 0
    story.passes()
    story.press("Record this")
    assert "Say whether this has happened already" in story.page.inner_text("main")

    # she is there already: the fact is kept, the breach stands at once, and notices are due
    story.page.check("#how_happened", force=True)
    story.press("Record this")
    assert story.due("Tia", "LA24") == [(days("2027-02-23"), "Overdue")]
    assert story.due("Tia", "LA04") == [(days("2027-03-02"), "Coming up")]
    story.at("2027-03-10")
    story.record("Tia", "deprivation_of_liberty", authorised_until="2027-06-10")
    assert (days("2027-06-10"), "Coming up") in story.due("Tia", "LA36")
