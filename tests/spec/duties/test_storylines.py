"""The eight storylines as facts: what the wall says, and when. Everybody in them is invented."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kinfold.duties import Council, Override, Proposal, State, clocks, days_in_force, gates_for
from kinfold.duties.arithmetic import LONDON
from kinfold.duties.gates import GateState
from kinfold.terms.errors import InputError

COUNCIL = Council("901", lambda code: frozenset({"902"}), lambda postcode: None)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.fixture
def wall(catalogue, calendars):
    """Return a function: facts and a day in, {duty: [(state, due)]} out."""

    def read(facts, today, **more):
        today = at(today) if "T" in today else date.fromisoformat(today)
        found = {}
        for clock in clocks(facts, catalogue, calendars, today=today, council=COUNCIL, **more):
            shown = clock.due.isoformat()[:10] if clock.due is not None else None
            found.setdefault(clock.duty.id, []).append((clock.state.value, shown))
        return found

    return read


def referral_to_plan(fact):
    return [
        fact("person_details", None, birth_date="2017-05-14"),
        fact("referral_episode", "2026-12-18", received_at="2026-12-18T16:40:00+00:00"),
        fact("referral_decision", "2026-12-21", decision="Family Help"),
        fact("family_help", "2026-12-21"),
        fact("significant_harm_concern", "2027-01-04"),
        fact("strategy_discussion", "2027-01-06", initiated_section_47=True),
        fact("section_47_enquiry", "2027-01-06", to="2027-01-26"),
        fact("initial_child_protection_conference", "2027-01-26", plan_made=True, quorate=True),
        fact("child_protection_plan", "2027-01-26"),
        fact("assessment", "2026-12-21", to="2027-02-19", authorised_date="2027-02-19", child_seen=True),
    ]


def test_s1_from_the_front_door_over_christmas_to_a_child_protection_plan(fact, wall):
    facts = referral_to_plan(fact)

    found = wall(facts, "2027-02-22")

    assert found["FD01"] == [("met", "2026-12-21")]
    assert found["FD04"] == [("met", "2027-02-24")]
    assert found["CP01"] == [("met late", "2027-01-05")]
    assert found["CP02"] == [("met", "2027-01-27")]
    assert found["CP04"] == [("breached", "2027-02-09")]
    assert found["CP06"] == [("running", "2027-04-26")]


def test_s1_the_next_review_runs_from_the_day_the_last_was_held(fact, wall):
    facts = [*referral_to_plan(fact), fact("child_protection_review", "2027-04-20", quorate=True)]

    found = wall(facts, "2027-04-21")

    assert found["CP06"] == [("met", "2027-04-26")]
    assert found["CP07"] == [("running", "2027-10-20")]


def test_s1_an_inquorate_conference_and_an_attempted_visit_meet_nothing(fact, wall):
    facts = [
        fact("strategy_discussion", "2027-01-06", initiated_section_47=True),
        fact("initial_child_protection_conference", "2027-01-26", quorate=False, plan_made=True),
        fact("child_protection_plan", "2027-01-26"),
        fact("child_protection_visit", "2027-02-01", seen=False, attempted_only=True),
    ]

    found = wall(facts, "2027-02-20")

    assert found["CP02"] == [("breached", "2027-01-27")]
    assert found["CP08"] == [("breached", "2027-02-09")]


def leaving_roll(fact):
    return [
        fact("person_details", None, birth_date="2017-05-14"),
        fact("section_47_enquiry", "2027-01-06"),
        fact("home_education_request", "2027-01-11"),
    ]


def test_s2_home_education_consent_is_dormant_until_its_switch_is_tried(fact, wall, catalogue):
    facts = leaving_roll(fact)
    tried = days_in_force({"home_education_consent": date(2027, 1, 1)})
    decision = Proposal("school_deregistration", date(2027, 1, 20), {}, subject=1)

    assert wall(facts, "2027-01-12")["ED01"] == [("dormant", None)]
    assert wall(facts, "2027-01-12", switches=tried)["ED01"] == [("running", None)]
    assert gates_for(decision, facts, catalogue, today=date(2027, 1, 20)) == []
    blocked = gates_for(decision, facts, catalogue, today=date(2027, 1, 20), switches=tried)
    assert [(gate.duty.id, gate.state) for gate in blocked] == [("ED01", GateState.BLOCKED)]


def test_s2_an_enquiry_that_opens_between_request_and_removal_brings_the_duty_in(fact, wall):
    request = fact("home_education_request", "2027-01-04")
    tried = days_in_force({"home_education_consent": date(2027, 1, 1)})

    assert wall([request], "2027-01-05", switches=tried)["ED01"] == [("not applicable", None)]
    opened = [request, fact("section_47_enquiry", "2027-01-06")]
    assert wall(opened, "2027-01-07", switches=tried)["ED01"] == [("running", None)]


def noah(fact):
    return [
        fact("person_details", None, birth_date="2026-11-01"),
        fact("care_period", "2026-11-12"),
        fact("legal_status", "2026-11-12", legal_status="V2"),
        fact("placement", "2026-11-12", regulation="24", placement_type="U3"),
        *(
            fact("looked_after_visit", day, seen=True)
            for day in ("2026-11-19", "2026-11-25", "2026-12-01", "2026-12-08")
        ),
        fact("looked_after_review", "2026-12-09"),
    ]


def test_s3_visits_are_weekly_to_the_first_review_and_then_every_four_weeks(fact, wall):
    found = wall(noah(fact), "2026-12-10")

    assert found["LA12"] == [("met", "2026-11-19")]
    assert found["LA16"] == [
        ("met", "2026-11-26"),
        ("met", "2026-12-02"),
        ("met", "2026-12-08"),
        ("superseded", "2026-12-15"),
        ("running", "2027-01-05"),
    ]
    assert found["LA13"] == [("not applicable", None)]
    assert found["LA18"] == [("met", "2026-12-10")]
    assert found["LA19"] == [("running", "2027-03-09")]


def test_s3_temporary_approval_ends_after_16_weeks_and_once_more_after_8(fact, wall):
    first = fact("temporary_approval", "2026-11-12")
    extended = fact("temporary_approval", "2026-11-12", extended_date="2027-03-01")

    assert wall([first], "2027-01-10")["LA26"] == [("running", "2027-03-04")]
    found = wall([extended], "2027-03-10")
    assert found["LA26"] == [("not applicable", "2027-03-04")]
    assert found["LA27"] == [("running", "2027-04-29")]


def test_s4_both_dates_of_a_rapid_review_are_shown_and_the_earlier_turns_it_amber(fact, catalogue, calendars):
    facts = [
        fact("serious_incident", "2026-12-23", aware_at="2026-12-23T15:10:00+00:00", notifiable=True),
        fact("notification", "2026-12-30", notification_type="serious incident", direction="sent"),
    ]

    found = clocks(facts, catalogue, calendars, today=date(2027, 1, 11))

    review = next(clock for clock in found if clock.duty.id == "SG03")
    incident = next(clock for clock in found if clock.duty.id == "SG01")
    assert (review.due, review.also_due) == (date(2027, 1, 21), date(2027, 1, 18))
    assert review.amber_on < date(2027, 1, 18)
    assert (incident.state, incident.due) == (State.MET, date(2027, 1, 4))


def test_s5_the_death_of_a_care_leaver_is_counted_from_the_day_it_became_known(fact, wall):
    facts = [
        fact("person_details", None, birth_date="2003-06-01", death_date="2027-03-02"),
        fact("leaving_care", "2021-06-01", eligibility="FORMER_RELEVANT"),
        fact("death", "2027-03-25", death_date="2027-03-02", was_care_leaver=True, was_looked_after=False),
    ]

    found = wall(facts, "2027-03-26")

    assert found["LC16"] == [("running", "2027-04-05")]
    assert found["LA41"] == [("not applicable", None)]


def test_s5_a_looked_after_childs_death_of_natural_causes_is_notified(fact, wall):
    facts = [
        fact("person_details", None, birth_date="2015-06-01", death_date="2027-03-02"),
        fact("care_period", "2024-01-10", to="2027-03-02"),
        fact("death", "2027-03-02", death_date="2027-03-02"),
        fact("notification", "2027-03-04", notification_type="death of a looked-after child", direction="sent"),
    ]

    found = wall(facts, "2027-03-26")

    assert found["LA41"] == [("met", "2027-03-09")]
    assert found["LC16"] == [("not applicable", None)]


def test_s6_police_protection_and_the_return_interview_are_counted_in_hours(fact, wall):
    facts = [
        fact("person_details", None, birth_date="2012-08-20"),
        fact("missing", "2027-01-01", to="2027-01-02", returned_at="2027-01-02T23:30:00+00:00"),
        fact("police_protection", "2027-02-19", began_at="2027-02-19T22:10:00+00:00"),
    ]

    assert wall(facts, "2027-01-05T23:00")["LA31"] == [("due", "2027-01-05")]
    assert wall(facts, "2027-01-05T23:31")["LA31"] == [("breached", "2027-01-05")]
    assert wall(facts, "2027-02-22T22:00")["CP11"] == [("due", "2027-02-22")]
    assert wall(facts, "2027-02-22T22:11")["CP11"] == [("breached", "2027-02-22")]


def test_s6_a_placement_at_a_distance_needs_the_director_and_an_adjoining_one_the_officer(fact, catalogue):
    def blocked(authority):
        decision = Proposal(
            "placement", date(2027, 2, 23), {"placement_authority": authority, "placement_type": "K2"}, subject=1
        )
        found = gates_for(decision, [], catalogue, today=date(2027, 2, 23), council=COUNCIL)
        return {gate.duty.id: gate.authority for gate in found if gate.blocks}

    assert set(blocked("901")) == {"LA30"}  # nobody has checked the registration of the setting
    assert set(blocked("902")) == {"LA23", "LA30"}
    assert blocked("950")["LA24"] == ("director of children's services",)


def test_s6_a_gate_opens_on_approval_or_on_an_authorised_reason(fact, catalogue):
    proposal = fact("placement_proposal", "2027-02-22", urn="SC000001", setting_check="registered")
    decision = Proposal("placement", date(2027, 2, 23), {"placement_authority": "902"}, subject=1)

    def ask(facts, *overrides):
        found = gates_for(decision, facts, catalogue, today=date(2027, 2, 23), council=COUNCIL, overrides=overrides)
        return {gate.duty.id: gate.state for gate in found}

    approved = fact("approval", "2027-02-22", regulation="regulation 11 out of area", outcome="approved")
    reason = Override("LA23", "A. Nother", "nominated officer", "no bed in the area tonight")

    assert ask([proposal])["LA23"] is GateState.BLOCKED
    assert ask([proposal, approved])["LA23"] is GateState.MET
    assert ask([proposal], reason)["LA23"] is GateState.OVERRIDDEN
    assert ask([proposal])["LA30"] is GateState.MET
    with pytest.raises(InputError, match="can be overridden by"):
        ask([proposal], Override("LA23", "A. Nother", "social worker", "it is late"))


def test_s6_what_has_happened_is_kept_and_is_in_breach_at_once(fact, wall):
    placed = fact("placement", "2027-02-23", placement_authority="950", placement_type="K2")

    found = wall([placed], "2027-02-23")

    assert found["LA23"] == [("breached", "2027-02-23")]
    assert found["LA24"] == [("breached", "2027-02-23")]


def test_s7_reviews_and_visits_after_placement_for_adoption(fact, wall):
    facts = [
        fact("care_period", "2025-06-02"),
        fact("placed_for_adoption", "2027-03-08"),
        fact("adoption_visit", "2027-03-15", seen=True),
        fact("adoption_visit", "2027-03-22", seen=True),
        fact("adoption_review", "2027-04-01"),
    ]

    found = wall(facts, "2027-04-02")

    assert found["AD07"] == [("met", "2027-04-05"), ("running", "2027-07-01")]
    assert found["AD08"][:2] == [("met", "2027-03-15"), ("met", "2027-03-22")]
    assert found["AD08"][-1] == ("breached", "2027-03-29")
    assert found["LA18"] == [("breached", "2025-06-30")]


def test_s8_leaving_care_from_sixteen(fact, wall):
    ravi = [fact("person_details", None, birth_date="2011-02-09"), fact("care_period", "2022-01-10")]

    found = wall(ravi, "2027-02-10")

    assert found["LC01"] == [("running", "2027-05-09")]
    assert found["LC05"] == [("running", "2027-05-09")]


def test_s8_the_personal_advisers_visits_after_a_move(fact, wall):
    leah = [
        fact("person_details", None, birth_date="2008-03-14"),
        fact("leaving_care", "2026-03-14", eligibility="FORMER_RELEVANT"),
        fact("leaving_care_accommodation", "2027-04-26", provided_by_council=True),
        fact("personal_adviser_visit", "2027-04-30", seen=True),
        fact("personal_adviser_visit", "2027-05-24", seen=True),
        fact("care_leaver_contact", "2027-01-20", in_touch="YES"),
    ]

    found = wall(leah, "2027-05-25")

    assert found["LC06"] == [("met", "2027-05-03")]
    assert found["LC07"] == [("breached", "2027-05-24")]
    assert found["LC08"] == [("met", "2027-06-30"), ("running", "2027-07-24")]
    assert ("met", "2027-04-14") in found["LC14"]
    assert found["LC12"] == [("dormant", "2026-04-11")]


def test_s8_staying_close_wakes_when_its_switch_is_tried(fact, wall):
    leah = [
        fact("person_details", None, birth_date="2009-02-01"),
        fact("leaving_care", "2026-03-14", eligibility="RELEVANT"),
    ]
    tried = days_in_force({"staying_close": date(2027, 1, 1)})

    assert wall(leah, "2027-02-10")["LC12"] == [("dormant", "2027-03-01")]
    assert wall(leah, "2027-02-10", switches=tried)["LC12"] == [("running", "2027-03-01")]


def test_s4_the_report_is_sent_seven_working_days_before_the_day_planned_for_publication(fact, wall):
    def on(planned, today):
        return wall([fact("practice_review", "2027-02-04", planned_publication_date=planned)], today)["SG06"]

    assert on("2027-08-04", "2027-07-01") == [("running", "2027-07-26")]
    assert on("2027-08-04", "2027-07-27") == [("breached", "2027-07-26")]
    assert on("2027-09-01", "2027-07-27") == [("running", "2027-08-20")]  # put off: over the August bank holiday


def test_s4_a_report_sent_in_time_and_published_on_the_day_planned_is_one_clock_met(fact, wall):
    found = wall(
        [
            fact("practice_review", "2027-02-04", planned_publication_date="2027-08-04"),
            fact("practice_review_step", "2027-07-26", step="sent to Panel and Secretary of State"),
            fact("practice_review_step", "2027-08-04", step="published"),
        ],
        "2027-08-05",
    )

    assert found["SG06"] == [("met", "2027-07-26")]


def test_s8_a_second_course_brings_no_second_bursary(fact, wall):
    facts = [
        fact("higher_education", "2027-09-27"),
        fact("payment", "2027-10-01", payment_type="higher education bursary", amount_pence=200_000),
        fact("higher_education", "2030-09-23"),
    ]

    assert sorted(wall(facts, "2030-10-30")["LC15"]) == [("met", "2027-10-25"), ("not applicable", None)]


def test_s8_support_is_offered_each_year_from_21_and_nothing_is_due_from_25(fact, wall):
    facts = [
        fact("person_details", None, birth_date="2008-03-14"),
        fact("leaving_care", "2026-03-14", eligibility="FORMER_RELEVANT"),
        fact("support_offer", "2029-03-20", offer="personal adviser from 21"),
        fact("support_offer", "2032-05-01", offer="personal adviser from 21"),
    ]

    assert ("running", "2030-03-20") in wall(facts, "2029-06-01")["LC10"]
    later = wall(facts, "2033-03-15")
    assert not [duty for duty, said in later.items() for state, _ in said if state in ("running", "amber", "due")]
