"""Storylines of harm: a serious incident, a death, and a child missing and far from home. Everybody is invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.storyline import Story, days

pytestmark = pytest.mark.browser
Tell = Callable[..., Story]


def test_s4_a_serious_incident_over_christmas(tell: Tell) -> None:
    story = tell(
        "993", director_of_childrens_services="Rowena Castell", safeguarding_partnership_manager="Sunil Farrow"
    )
    story.child("Baby Vale", "2026-10-02")

    case = _s4_the_council_becomes_aware(story)
    _s4_the_director_submits_it(story, case)
    _s4_the_rapid_review_leads_to_a_practice_review(story, case)
    _s4_the_report_goes_out_before_the_day_planned(story, case)
    _s4_a_trial_holds_the_report_up_and_what_was_learned_is_found(story, case)


def _s4_the_council_becomes_aware(story: Story) -> str:
    # the council becomes aware two days before Christmas, and the agencies talk the same day
    story.at("2026-12-23T16:00")
    story.record("Baby", "significant_harm_concern")
    story.record("Baby", "strategy_discussion", initiated_section_47="yes",
                 safety_until_enquiry="Baby is in hospital")  # fmt: skip
    story.open("/incidents/")
    story.page.get_by_label("Record an incident: the child’s number in this council").fill("C1")
    story.press("Go on")
    story.day("When the council became aware", "2026-12-23")
    story.page.get_by_label("Time, such as 15:10").fill("15:10")
    story.page.get_by_label("Abuse or neglect known or suspected").check()
    story.page.get_by_label("Child seriously harmed").check()
    story.press("Record it")
    expect(story.page.get_by_text("Decide next whether it is notifiable").first).to_be_visible()
    case = str(story.page.url)
    stands = story.clocks("Baby")
    assert stands["SG01"] == stands["SG02"] == [(days("2027-01-04"), "Coming up")]
    assert [state for _, state in stands["CP01"]] == ["Met"]
    assert not stands["LA41"]
    return case


def _s4_the_director_submits_it(story: Story, case: str) -> None:
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
    story.page.locator(".govuk-notification-banner").first.wait_for()
    story.passes()

    # both days of the rapid review are shown: from the notification, and from becoming aware
    story.at("2027-01-11", "director_of_childrens_services")
    story.page.goto(case)
    assert days("2027-01-21") in story.page.inner_text("main")
    assert days("2027-01-18") in story.page.inner_text("main")
    stands = story.clocks("Baby")
    assert [state for _, state in (*stands["SG01"], *stands["SG02"])] == ["Met", "Met"]


def _s4_the_rapid_review_leads_to_a_practice_review(story: Story, case: str) -> None:
    # the rapid review is sent in time; the review is decided later than the local target, and the report counted from it
    story.at("2027-02-04", "safeguarding_partnership_manager")
    for link, day, button, rest in (
        ("Rapid review sent to the Panel", ("Day it was sent to the Panel", "2027-01-15"), "Yes", {}),
        ("Decide on a practice review", ("Day of the decision", "2027-02-04"), "Review",
         {"Who decided": "The partners", "Why": "A new pattern."}),
    ):  # fmt: skip
        _step(story, case, link, day, radio=button, **rest)
    assert days("2027-08-04") in story.page.inner_text("main")
    _step(story, case, "Practice review to a final report", ("Day it began", "2027-02-04"))
    stands = story.clocks("Baby")
    assert [state for _, state in stands["SG03"]] == ["Met"]
    assert stands["SG04"] == [(days("2027-01-22"), "Met late")]
    assert stands["SG05"] == [(days("2027-08-04"), "Coming up")]


def _s4_the_report_goes_out_before_the_day_planned(story: Story, case: str) -> None:
    # publication is planned for the last day, so the Panel and the Secretary of State have the report a week before
    _step(story, case, "Plan the day of publication", ("Day on which it is to be published", "2027-08-04"))
    assert days("2027-07-26") in story.page.inner_text("main")
    assert story.due("Baby", "SG06") == [(days("2027-07-26"), "Coming up")]
    story.at("2027-07-23", "safeguarding_partnership_manager")
    _step(story, case, "Practice review to a final report", ("Day", "2027-07-20"))
    _step(story, case, "Send the report before publication", ("Day it was sent", "2027-07-23"))
    assert story.due("Baby", "SG06") == [(days("2027-07-26"), "Met")]


def _s4_a_trial_holds_the_report_up_and_what_was_learned_is_found(story: Story, case: str) -> None:
    # a trial holds the report up: the Panel is told why, and what was learned is there for everybody to find
    story.at("2027-07-26", "safeguarding_partnership_manager")
    _step(story, case, "Tell the Panel why the report takes longer", ("Day", "2027-07-26"),
          **{"The reasons, as they were given": "The Crown Court tries the case in October."})  # fmt: skip
    assert story.due("Baby", "SG05") == [(days("2027-08-04"), "Met")]
    story.open("/learning/new/")
    story.day("Day", "2027-07-26")
    story.page.locator('[name="words"]').fill("Bruises on a baby who cannot yet crawl are always asked about.")
    story.page.locator('[name="theme"]').fill("bruising")
    story.page.locator('[name="came_from"][value="practice review"]').check(force=True)
    story.press("Record it")
    story.open("/learning/?q=crawl")
    expect(story.page.get_by_text("Bruises on a baby who cannot yet crawl")).to_be_visible()


def _step(story: Story, case: str, link: str, day: tuple[str, str], *, radio: str = "", **rest: str) -> None:
    """Do one step of an incident: open its form from the case, fill it in and save it."""
    story.page.goto(case)
    story.page.get_by_role("link", name=link, exact=True).click()
    story.day(*day)
    if radio:
        story.page.get_by_role("radio", name=radio, exact=True).first.check()
    for label, words in rest.items():
        story.page.get_by_label(label, exact=True).fill(words)
    story.press("Save")
    story.page.locator(".govuk-notification-banner").first.wait_for()


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
    stands = story.clocks("Kai")
    assert stands["LC16"] == [(days("2027-04-05"), "Coming up")]
    assert stands["LA41"] == [("no day", "Does not apply")]
    assert [state for _, state in stands["SG08"]] == ["Does not apply"]
    assert not stands["SG01"]
    story.passes()

    # the mirror: a looked-after child dies naturally
    story.record("Mila", "death", day="2027-03-02", death_date="2027-03-02", was_looked_after="yes",
                 was_care_leaver="no", abuse_known_or_suspected="no")  # fmt: skip
    stands = story.clocks("Mila")
    assert stands["LA41"] == [(days("2027-03-09"), "Overdue")]
    assert stands["LC16"] == [("no day", "Does not apply")]
    assert "Overdue" in [state for _, state in stands["SG08"]]

    # the Panel is told after the weekend, and the director sees both
    story.at("2027-03-30")
    story.record("Kai", "notification", notification_type="death of a care leaver", direction="sent")
    assert story.due("Kai", "LC16") == [(days("2027-04-05"), "Met")]
    story.at("2027-03-30", "director_of_childrens_services")
    story.open("/safety-wall/")
    expect(story.page.get_by_role("link", name="Kai Reyes").first).to_be_visible()
    story.passes()
    story.open("/duties/LC16/")
    expect(story.page.get_by_text("before 25, of whose status the council is aware").first).to_be_visible()


def test_s6_missing_police_protection_and_a_bed_at_a_distance(tell: Tell) -> None:
    story = tell("995", director_of_childrens_services="Rowena Castell")
    story.child("Tia Marsh", "2012-08-20")
    story.say("Tia", "care_period", {"start_reason": "S"}, "2026-09-01")
    story.say(
        "Tia", "address", {"address_lines": "4 Elm Row", "postcode": "WS1 1AA", "address_type": "HOME"}, "2020-01-01"
    )

    _s6_missing_over_new_year(story)
    _s6_protected_by_the_police(story)
    _s6_homes_are_asked_for(story)
    _s6_a_bed_far_away_is_no_workers_to_decide(story)
    _s6_she_is_there_already(story)
    _s6_the_high_court_restricts_her_freedom(story)


def _s6_missing_over_new_year(story: Story) -> None:
    # missing over New Year: the return interview is counted in hours
    story.at("2027-01-02")
    story.record("Tia", "missing", day="2027-01-01", began_at="2027-01-01T18:00")
    story.at("2027-01-03")
    story.record("Tia", "missing_returned", day="2027-01-02", returned_at="2027-01-02T23:30",
                 return_interview_offered="no")  # fmt: skip
    story.record("Tia", "significant_harm_concern", where_harm_arises="outside the home",
                 summary="She is given things by older men")  # fmt: skip
    assert story.due("Tia", "LA31") == [(f"{days('2027-01-05')} at 23:30", "Coming up")]


def _s6_protected_by_the_police(story: Story) -> None:
    # police protection, then an emergency protection order
    story.at("2027-02-19T23:00")
    story.record("Tia", "police_protection", began_at="2027-02-19T22:10")
    assert story.due("Tia", "CP11") == [(f"{days('2027-02-22')} at 22:10", "Coming up")]
    story.at("2027-02-22")
    story.record("Tia", "emergency_protection_order")
    assert story.due("Tia", "CP10")[0][0].startswith(days("2027-03-02"))


def _s6_homes_are_asked_for(story: Story) -> None:
    # what she needs goes to providers without her name; one of them says no
    story.record("Tia", "placement_request", needed_by="2027-02-23", placement_types="K2",
                 needs="to feel safe at night; 3", view_of_child="Somewhere with a dog")  # fmt: skip
    story.record("Tia", "request_sent", view="without names")
    story.record("Tia", "request_declined", reason="match with other children")
    story.open(f"/children/{story.children['Tia'].uid}/")
    expect(story.page.get_by_text("Placement request").first).to_be_visible()


def _s6_a_bed_far_away_is_no_workers_to_decide(story: Story) -> None:
    # nobody but the director may decide on a bed at a distance, and an unregistered setting stops everybody
    story.record("Tia", "placement_proposal", placement_type="K2", postcode="DE1 2AA", setting_check="not registered")
    story.record("Tia", "placement_proposal_checks", area_council_consulted_date="2027-02-22", school_disrupted="yes",
                 emergency="yes")  # fmt: skip
    story.at("2027-02-23")
    story.fill("Tia", "placement", placement_type="K2", postcode="DE1 2AA", start_reason="P", emergency="yes")
    told = story.page.inner_text("main")
    assert "Not met. No unregistered or prohibited setting" in told
    assert "Not met. Director’s approval of a placement at a distance" in told
    assert "at a distance" in told
    assert "31.4 miles" in told
    assert story.page.get_by_label("I decide that it goes ahead all the same").count() == 0
    story.passes()
    story.press("Record this")
    expect(story.page.get_by_text("Say whether this has happened already").first).to_be_visible()


def _s6_she_is_there_already(story: Story) -> None:
    # the fact is kept, the breach stands at once, and notices and a school place are due
    story.page.check("#how_happened", force=True)
    story.press("Record this")
    story.page.locator(".govuk-notification-banner").first.wait_for()
    stands = story.clocks("Tia")
    assert stands["LA24"] == [(days("2027-02-23"), "Overdue")]
    assert stands["LA04"] == [(days("2027-03-02"), "Coming up")]
    assert [state for _, state in stands["ED05"]] == ["Coming up"]


def _s6_the_high_court_restricts_her_freedom(story: Story) -> None:
    story.at("2027-03-10")
    story.record("Tia", "deprivation_of_liberty", authorised_until="2027-06-10")
    assert (days("2027-06-10"), "Coming up") in story.due("Tia", "LA36")

    # a secure children's home and such an order do not go together in the return: the record says so
    story.at("2027-03-12")
    story.say("Tia", "placement", {"placement_type": "K1", "start_reason": "P"}, "2027-03-12")
    story.open(f"/children/{story.children['Tia'].uid}/")
    expect(story.page.get_by_text("SSDA903 rule 710").first).to_be_attached()
