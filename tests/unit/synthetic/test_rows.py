"""The row builders say of a child what the world says, in the columns and codes of each format."""

from __future__ import annotations

import copy
from xml.etree import ElementTree

import pytest

from kinfold.synthetic.as_annex_a import Workbook, headings
from kinfold.synthetic.as_cin_census import Census
from kinfold.synthetic.as_daily_feed import child_of, is_sent
from kinfold.synthetic.as_ssda903 import COLUMNS, Return903, tables_of
from kinfold.synthetic.as_standard_safeguarding_dataset import columns, rows_of_child, rows_of_council
from kinfold.synthetic.cutting import known_by
from kinfold.synthetic.days import add_working, age_on, as_iso, as_uk, birthday, day
from kinfold.synthetic.world import (
    Allocation,
    Assessment,
    CarePeriod,
    Child,
    Council,
    Enquiry,
    Family,
    LegalStatus,
    Parent,
    Placement,
    ProtectionPlan,
    Referral,
    Spot,
    Team,
    Worker,
)

HOME, CARER, SETTING = (
    Spot("QM1 1AA", 400000, 300000, True),
    Spot("QM2 2BB", 401000, 300000, True),
    Spot("ZZ9 9ZZ", 460000, 300000, False),
)
TODAY = day(2026, 3, 31)


@pytest.fixture
def child() -> Child:
    """One child: a referral, a protection plan, care since 10 January 2025, a move and a change of status on one day."""
    family = Family(
        "F1", Parent("F1M", "Ann-Marie", "Okoro-Hale", "F", day(1990, 2, 3), "MWBA"), None, HOME, "Hale", "MWBA"
    )
    plan = ProtectionPlan("CPP1", day(2024, 7, 15), day(2025, 1, 10), "NEG", "EMO", 1, "ICP1", [day(2024, 10, 7)])
    referral = Referral(
        "REF1", day(2024, 6, 3), "6", "N1", False, None, "",
        [Assessment("ASM1", day(2024, 6, 4), day(2024, 6, 18), day(2024, 8, 1), ("15A", "4B"), True, True)],
        [Enquiry("S471", day(2024, 6, 24), day(2024, 7, 15), day(2024, 7, 15), True, day(2024, 7, 15), "ICP1", True)],
        [plan],
    )  # fmt: skip
    care = CarePeriod(
        "CLA1", day(2025, 1, 10), None, "", "N1", HOME.postcode,
        [LegalStatus("C1", day(2025, 1, 10), day(2025, 7, 1)), LegalStatus("C2", day(2025, 7, 1), None)],
        [
            Placement("U6", "PR1", "SC90001", CARER, day(2025, 1, 10), day(2025, 7, 1), change_reason="CARPL"),
            Placement("K2", "PR4", "SC90002", SETTING, day(2025, 7, 1), None),
        ],
        [day(2025, 2, 5), day(2025, 5, 1)],
    )  # fmt: skip
    return Child(
        "P1", "1234567", "Theodora", "Hale", "F", day(2014, 5, 6), None, "MWBA", "", "UN3", "9990000018", family, HOME,
        known_as="Teddy", referrals=[referral], care=[care], allocations=[Allocation("W1", day(2024, 6, 3), None, "FCONTA")],
        first_seen=day(2024, 6, 3),
    )  # fmt: skip


def _return(year: int, child: Child) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for table, row in Return903(day(year - 1, 4, 1), day(year, 3, 31), {"W1": "SW990001"}).rows_of(child):
        assert set(row) <= set(COLUMNS[table])
        rows.setdefault(table, []).append(row)
    return rows


def test_the_return_cuts_an_episode_where_status_and_placement_change_together(child: Child) -> None:
    first, second = _return(2026, child)["episodes"]

    assert (first["DECOM"], first["RNE"], first["LS"], first["DEC"], first["REC"]) == (
        "10/01/2025",
        "S",
        "C1",
        "01/07/2025",
        "X1",
    )
    assert first["REASON_PLACE_CHANGE"] == "CARPL"
    assert (second["DECOM"], second["RNE"], second["PLACE"], second["URN"]) == ("01/07/2025", "B", "K2", "SC90002")
    assert (second["DEC"], second["REC"], second["REASON_PLACE_CHANGE"]) == ("", "", "")


def test_the_year_before_does_not_know_what_came_later(child: Child) -> None:
    (only,) = _return(2025, child)["episodes"]

    assert (only["DEC"], only["REC"], only["REASON_PLACE_CHANGE"]) == ("", "", "")


def test_a_year_before_care_says_nothing(child: Child) -> None:
    assert _return(2024, child) == {}


@pytest.mark.parametrize(
    ("year", "sex"),
    [pytest.param(2024, "2", id="numbers to 2023-24"), pytest.param(2025, "F", id="letters since 2024-25")],
)
def test_sex_is_written_as_the_year_wants_it(child: Child, year: int, sex: str) -> None:
    child.care[0].start = child.care[0].placements[0].start = child.care[0].statuses[0].start = day(2023, 5, 1)

    assert _return(year, child)["header"][0]["SEX"] == sex


@pytest.mark.parametrize(
    ("year", "absent"),
    [
        pytest.param(2023, {"sw_episodes", "dolo"}, id="2022-23"),
        pytest.param(2024, {"dolo"}, id="social workers since 2023-24"),
        pytest.param(2027, set(), id="deprivation of liberty since 2026-27"),
    ],
)
def test_a_year_has_the_tables_of_its_guide(year: int, absent: set[str]) -> None:
    assert set(COLUMNS) - set(tables_of(day(year - 1, 4, 1))) == absent


def test_the_census_has_the_same_days(child: Child) -> None:
    census = Census(start=day(2024, 4, 1), end=day(2025, 3, 31), year=2025)

    found = ElementTree.fromstring("".join(census.document("990", [child])))  # noqa: S314

    assert found.findtext(".//CINreferralDate") == "2024-06-03"
    assert found.findtext(".//DateOfInitialCPC") == found.findtext(".//CPPstartDate") == "2024-07-15"
    assert found.findtext(".//CPPendDate") == "2025-01-10"
    assert [one.text for one in found.iter("AssessmentFactors")] == ["15A", "4B"]
    assert found.find(".//CINclosureDate") is None


def test_the_feed_has_the_name_a_child_goes_by_and_the_episodes_of_the_return(child: Child) -> None:
    sent = child_of(child)
    placements = sent["social_care_episodes"][0]["child_looked_after_placements"]
    episodes = _return(2026, child)["episodes"]

    assert sent["child_details"]["first_name"] == "Teddy"
    assert [p["start_reason"] for p in placements] == [e["RNE"] for e in episodes]
    assert [p["postcode"] for p in placements] == [e["PL_POST"] for e in episodes]
    assert is_sent(child, TODAY)


def test_the_dataset_has_every_row_in_its_columns_and_ties_the_mother(child: Child) -> None:
    rows = list(rows_of_child(child, today=TODAY))

    for table, row in rows:
        assert set(row) <= set(columns()[table]), table
    found = {table: row for table, row in rows}
    assert found["ssd_mother"]["moth_person_id"] == "F1M"
    assert found["ssd_person"]["pers_forename"] == "Theodora"
    assert found["ssd_initial_cp_conference"]["icpc_cp_plan_id"] == "CPP1"


def test_the_dataset_counts_each_workers_open_cases(child: Child) -> None:
    council = Council(
        "990", "Quillmere", "West Midlands", [child], [Worker("W1", "SW990001", "Jo Bell", "Social worker", "T1", 1.0, False)],
        [Team("T1", "Front Door")], 1000, {},
    )  # fmt: skip

    rows = dict(rows_of_council(council))

    assert rows["ssd_professionals"]["prof_professional_caseload"] == 1


def test_the_workbook_puts_every_value_under_a_heading_that_is_there(child: Child) -> None:
    council = Council("990", "Quillmere", "West Midlands", [child], [], [], 1000, {})

    for number, row in Workbook(council, TODAY).rows_of(child):
        assert set(row) <= set(headings()[number]), number


def test_cutting_a_history_takes_away_what_is_not_yet_known(child: Child) -> None:
    early = copy.deepcopy(child)

    assert known_by(early, day(2024, 6, 30))
    assert early.care == []
    assert early.referrals[0].protection_plans == []
    assert early.referrals[0].enquiries[0].conference is None
    assert early.referrals[0].assessments[0].authorised is None


def test_a_child_of_whom_nothing_is_known_yet_is_not_held(child: Child) -> None:
    assert not known_by(child, day(2024, 1, 1))


@pytest.mark.parametrize(
    ("born", "age", "then"),
    [
        pytest.param(day(2008, 2, 29), 18, day(2026, 2, 28), id="29 February"),
        pytest.param(day(2008, 3, 1), 18, day(2026, 3, 1), id="an ordinary day"),
    ],
)
def test_birthdays(born: int, age: int, then: int) -> None:
    assert birthday(born, age) == then
    assert age_on(born, then - 1) == age - 1


def test_days_are_written_as_each_format_wants_them() -> None:
    assert (as_uk(day(2026, 3, 31)), as_iso(day(2026, 3, 31)), as_uk(None), as_iso(None)) == (
        "31/03/2026",
        "2026-03-31",
        "",
        "",
    )


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    maundy_thursday = day(2026, 4, 2)

    assert add_working(maundy_thursday, 1) == day(2026, 4, 7)
