"""What a reader is warned about: the fact is kept as reported, and a finding says what does not fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.expectations import codes_are_valid, findings
from kinfold.record.in_time import FactVersion
from kinfold.record.tiling import gaps, overlaps, stretches

CARE = ("care_period", "2025-04-01", "2025-07-01", {"start_reason": "S", "end_reason": "E8"})


def _a(kind, start, end=None, **values):
    return (kind, start, end, values)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([], [], id="an empty record"),
        pytest.param(
            [
                CARE,
                _a("placement", "2025-04-01", "2025-05-01", placement_type="U4"),
                _a("placement", "2025-05-01", "2025-07-01", placement_type="K2"),
                _a("legal_status", "2025-04-01", "2025-07-01", legal_status="V2"),
            ],
            [],
            id="everything fits",
        ),
        pytest.param(
            [CARE, _a("placement", "2025-04-01", "2025-05-01"), _a("placement", "2025-05-02", "2025-07-01")],
            [("gap", "placement", "none from 1 May 2025 to 2 May 2025, while the child is looked after")],
            id="one night without a placement",
        ),
        pytest.param(
            [CARE, _a("placement", "2025-04-01", "2025-05-02"), _a("placement", "2025-05-01", "2025-07-01")],
            [("overlap", "placement", "two hold at the same time from 1 May 2025")],
            id="two placements on one night",
        ),
        pytest.param(
            [
                CARE,
                _a("placement", "2025-04-01", "2025-07-01", placement_type="U4"),
                _a("placement", "2025-05-01", "2025-05-05", placement_type="T1"),
            ],
            [],
            id="a temporary move overlaps nothing",
        ),
        pytest.param(
            [
                CARE,
                _a("placement", "2025-04-01", "2025-05-01", placement_type="U4"),
                _a("placement", "2025-05-01", "2025-05-05", placement_type="T1"),
                _a("placement", "2025-05-05", "2025-07-01", placement_type="U4"),
            ],
            [],
            id="a temporary move fills a gap",
        ),
        pytest.param(
            [CARE, _a("placement", "2025-04-01", "2025-05-01"), _a("placement", "2025-06-01", "2025-06-01")],
            [("gap", "placement", "none from 1 May 2025 to 1 July 2025")],
            id="a placement of no night fills nothing",
        ),
        pytest.param([CARE], [], id="no placement was reported at all"),
        pytest.param(
            [
                CARE,
                _a("placement", "2025-04-05", "2025-04-07"),
                _a("legal_status", "2025-04-01", "2025-07-01", legal_status="V4"),
            ],
            [],
            id="short breaks do not tile",
        ),
        pytest.param(
            [
                CARE,
                _a("legal_status", "2025-04-01", "2025-06-01", legal_status="V2"),
                _a("legal_status", "2025-05-01", "2025-07-01", legal_status="C1"),
            ],
            [("overlap", "legal_status", "from 1 May 2025")],
            id="two legal statuses at once",
        ),
        pytest.param(
            [CARE, _a("legal_status", "2025-04-01", "2025-06-01", legal_status="V2")],
            [("gap", "legal_status", "none from 1 June 2025 to 1 July 2025")],
            id="no legal status for a time",
        ),
        pytest.param(
            [CARE, _a("care_period", "2025-06-01")],
            [("overlap", "care_period", "from 1 June 2025")],
            id="two care periods at once",
        ),
        pytest.param(
            [_a("child_protection_plan", "2025-04-01"), _a("child_protection_plan", "2025-05-01")],
            [("overlap", "child_protection_plan", "from 1 May 2025")],
            id="two protection plans at once",
        ),
        pytest.param(
            [_a("child_protection_plan", "2025-04-01"), _a("initial_child_protection_conference", "2025-04-08")],
            [("plan_before_conference", "child_protection_plan", "before the conference of 8 April 2025")],
            id="a plan before its conference",
        ),
        pytest.param(
            [_a("child_protection_plan", "2025-04-08"), _a("initial_child_protection_conference", "2025-04-08")],
            [],
            id="a plan on the day of its conference",
        ),
        pytest.param(
            [
                _a("child_protection_plan", "2025-04-01", "2025-04-09"),
                _a("section_47_enquiry", "2025-03-20", "2025-04-08", initial_conference_date=date(2025, 4, 8)),
                _a("strategy_discussion", "2025-03-20", initiated_section_47=True),
            ],
            [("plan_before_conference", "child_protection_plan", "8 April 2025")],
            id="a conference that the census writes on the enquiry",
        ),
        pytest.param(
            [_a("child_protection_plan", "2025-04-01"), _a("initial_child_protection_conference", "2026-04-08")],
            [],
            id="the conference of another plan",
        ),
        pytest.param(
            [_a("initial_child_protection_conference", "2025-04-06")],
            [("weekend", "initial_child_protection_conference", "6 April 2025 is a Saturday or Sunday")],
            id="a conference on a Sunday",
        ),
        pytest.param(
            [_a("section_47_enquiry", "2025-04-01")],
            [("no_strategy_discussion", "section_47_enquiry", "1 April 2025")],
            id="an enquiry that nothing began",
        ),
        pytest.param(
            [
                _a("referral_episode", "2025-04-01"),
                _a("assessment", "2025-04-02", "2025-04-01", authorised_date=date(2025, 4, 1)),
            ],
            [("authorised_before_start", "assessment", "authorised on 1 April 2025, before it starts on 2 April 2025")],
            id="authorised before it starts",
        ),
        pytest.param(
            [_a("referral_episode", "2025-04-01"), _a("assessment", "2025-03-02")],
            [("before_referral", "assessment", "before the first referral on 1 April 2025")],
            id="assessed before anybody referred the child",
        ),
        pytest.param(
            [_a("person_details", None, death_date=date(2025, 4, 1)), _a("looked_after_visit", "2025-04-02", seen=True)],
            [("after_death", "looked_after_visit", "dated 2 April 2025, after the death on 1 April 2025")],
            id="a visit after the death",
        ),
        pytest.param(
            [_a("death", "2025-04-03", death_date=date(2025, 4, 1)), _a("child_in_need_plan", "2025-01-01")],
            [("open_after_death", "child_in_need_plan", "it goes on, after the death on 1 April 2025")],
            id="a plan that goes on after the death",
        ),
        pytest.param(
            [
                _a("person_details", None, death_date=date(2025, 4, 1)),
                _a("rapid_review", "2025-05-01"),
                _a("notification", "2025-04-02", notification_type="child death review partners"),
                _a("note", "2025-04-02"),
                _a("referral_episode", "2025-01-01", "2025-04-02"),
            ],
            [],
            id="what may follow a death",
        ),
        pytest.param(
            [_a("person_details", None, birth_date=date(2025, 4, 1)), _a("care_period", "2025-03-31")],
            [("before_birth", "care_period", "31 March 2025, and the child was born on 1 April 2025")],
            id="looked after before birth",
        ),
        pytest.param(
            [_a("person_details", None, birth_date=date(2025, 4, 1)), _a("referral_episode", "2024-12-01")],
            [],
            id="referred before birth",
        ),
        pytest.param(
            [_a("person_details", None, birth_date=date(2025, 4, 1)), _a("referral_episode", "2020-12-01")],
            [("before_birth", "referral_episode", "1 December 2020")],
            id="referred years before birth",
        ),
        pytest.param(
            [CARE, _a("deprivation_of_liberty", "2025-05-01", "2025-07-10")],
            [("outside_care", "deprivation_of_liberty", "1 July 2025")],
            id="deprived of liberty after care ended",
        ),
        pytest.param(
            [
                CARE,
                _a("deprivation_of_liberty", "2025-05-01", "2025-06-01"),
                _a("placement", "2025-04-01", "2025-07-01", placement_type="K1"),
            ],
            [("placement_does_not_fit", "deprivation_of_liberty", "SSDA903 rule 710")],
            id="deprived of liberty in a secure home",
        ),
        pytest.param(
            [_a("allocation", "2025-04-01", is_primary=True), _a("allocation", "2025-05-01", is_primary=True)],
            [("overlap", "allocation", "1 May 2025")],
            id="two workers who answer first",
        ),
        pytest.param(
            [_a("allocation", "2025-04-01", is_primary=True), _a("allocation", "2025-05-01", is_primary=False)],
            [],
            id="a second worker beside the first",
        ),
    ],
)  # fmt: skip
def test_findings(fact, facts, expected):
    found = findings([fact(kind, start, end, **values) for kind, start, end, values in facts])

    assert [(one.code, one.kind) for one in found] == [(code, kind) for code, kind, _ in expected]
    for one, (_, _, words) in zip(found, expected, strict=True):
        assert words in one.message
        assert one.facts


def test_a_source_that_cannot_say_an_end_is_not_said_to_overlap(fact):
    enquiries = [fact("section_47_enquiry", f"2025-0{month}-01", source="cin_census") for month in (1, 2, 3)]

    assert findings(enquiries) == []


def test_a_code_is_asked_of_its_own_day(fact):
    # P2 left the code set on 28 October 2023; the reason a placement ended is about its last day.
    before = fact("placement", "2023-01-01", "2023-06-01", placement_type="P2", end_reason="X1")
    after = fact("placement", "2024-01-01", "2024-06-01", placement_type="P2", end_reason="nonsense")

    found = codes_are_valid([before, after])

    assert [one.facts for one in found] == [(after.fact,), (after.fact,)]
    assert found[0].message == ("Placement: Kind of placement: P2 is not a code on 1 January 2024. Choose another.")
    assert "nonsense is not a code on 1 June 2024" in found[1].message


# --- properties: real files have gaps, overlaps and missing dates --------------------------------

DAY0 = date(2025, 1, 1)
SPELLS = st.lists(
    st.tuples(
        st.sampled_from(
            ["care_period", "placement", "legal_status", "deprivation_of_liberty", "child_protection_plan"]
        ),
        st.none() | st.integers(0, 30),
        st.none() | st.integers(0, 30),
        st.sampled_from(["kinfold", "ssda903", "cin_census", "annex_a"]),
    ),
    max_size=10,
)


def _facts(drawn):
    made = []
    for number, (kind, start, length, source) in enumerate(drawn, start=1):
        first = None if start is None else DAY0 + timedelta(days=start)
        end = None if first is None or length is None else first + timedelta(days=length)
        version = FactVersion(
            id=number, fact=f"{number}", subject=1, kind=kind, valid_from=first, valid_to=end, source=source
        )
        made.append(version)
    return made


@given(drawn=SPELLS)
def test_no_record_is_so_broken_that_it_cannot_be_read(drawn):
    for one in findings(_facts(drawn)):
        assert one.message.endswith((".", "dates."))


@given(drawn=SPELLS, period=st.tuples(st.integers(0, 30), st.integers(1, 30)))
def test_gaps_are_the_days_on_which_nothing_holds(drawn, period):
    facts = [fact for fact in _facts(drawn) if fact.source == "kinfold"]
    start = DAY0 + timedelta(days=period[0])
    (care,) = stretches(_facts([("care_period", period[0], period[1], "kinfold")]))

    found = gaps(care, stretches(facts))

    bare = set()
    for n in range(period[1]):
        day = start + timedelta(days=n)
        if not any(f.valid_from and f.valid_from <= day and (f.valid_to is None or day < f.valid_to) for f in facts):
            bare.add(day)
    said = {first + timedelta(days=n) for first, end in found for n in range((end - first).days)}
    assert said == bare


@given(drawn=SPELLS)
def test_spells_overlap_when_and_only_when_two_hold_on_one_day(drawn):
    told = stretches(fact for fact in _facts(drawn) if fact.source == "kinfold")

    both = any(one.meets(other) for n, one in enumerate(told) for other in told[n + 1 :])

    assert bool(overlaps(told)) is both
