"""The children in need census: what is read, what is set aside, and what comes back from the writer."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kinfold.files.cin_census.layout import MODULES
from kinfold.files.cin_census.writer import CensusHeader, write_cin_census
from kinfold.files.received import Incoming
from kinfold.files.recognise import recognise
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.record.kinds import people  # noqa: F401  declares the kinds
from kinfold.terms.errors import FileRefused

HEADER = (
    "<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
    "<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>"
    "<Source><LEA>{lea}</LEA><DateTime>2026-05-01T09:00:00</DateTime></Source></Header>"
)
IDENTIFIERS = (
    "<ChildIdentifiers>\n<LAchildID>{number}</LAchildID>\n<PersonBirthDate>2015-09-19</PersonBirthDate>\n"
    "<Sex>F</Sex>\n</ChildIdentifiers>"
)
NAMES = "<ChildCharacteristics>\n<Ethnicity>WBRI</Ethnicity>\n</ChildCharacteristics>"
REFERRAL = "<CINdetails>\n<CINreferralDate>2025-06-02</CINreferralDate>\n{inside}\n</CINdetails>"

Load = Callable[..., Any]


def census(*children: str, header: str = HEADER.format(lea="330"), root: str = "Message") -> str:
    inside = "".join(f"\n<Child>\n{child}\n</Child>" for child in children)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{header}<Children>{inside}\n</Children></{root.split()[0]}>'
    )


def child(inside: str = "", number: str = "C1") -> str:
    return IDENTIFIERS.format(number=number) + NAMES + REFERRAL.format(inside=inside)


def kinds(subject: SubjectRecord) -> list[str]:
    return [claim.kind for claim in subject.claims]


def one(subject: SubjectRecord, kind: str) -> Claim:
    (claim,) = [claim for claim in subject.claims if claim.kind == kind]
    return claim


def test_a_census_is_full_for_its_year(load: Load) -> None:
    delivery, _ = load({"cin.xml": census(child())})

    assert (delivery.door, delivery.collection, delivery.full) == ("cin_census", "2025-26", True)
    assert delivery.window == (date(2025, 4, 1), date(2026, 4, 1))
    assert delivery.la_code == "330"
    assert delivery.extracted_at == datetime(2026, 5, 1, 9, tzinfo=UTC)


def test_who_a_child_is_is_never_withdrawn_by_another_year(load: Load) -> None:
    delivery, _ = load({"cin.xml": census(child())})

    assert "referral_episode" in delivery.kinds
    assert not delivery.kinds & {"person_details", "identifier", "disability"}


def test_every_module_becomes_its_fact(load: Load) -> None:
    inside = """
<PrimaryNeedCode>N4</PrimaryNeedCode><CINclosureDate>2026-02-27</CINclosureDate>
<ReasonForClosure>RC1</ReasonForClosure><DateOfInitialCPC>2025-07-01</DateOfInitialCPC>
<Assessments><AssessmentActualStartDate>2025-06-03</AssessmentActualStartDate>
<AssessmentAuthorisationDate>2025-07-10</AssessmentAuthorisationDate>
<FactorsIdentifiedAtAssessment><AssessmentFactors>1C</AssessmentFactors><AssessmentFactors>6B</AssessmentFactors>
</FactorsIdentifiedAtAssessment></Assessments>
<CINPlanDates><CINPlanStartDate>2025-07-11</CINPlanStartDate><CINPlanEndDate>2025-08-01</CINPlanEndDate></CINPlanDates>
<Section47><S47ActualStartDate>2025-06-20</S47ActualStartDate><InitialCPCtarget>2025-07-11</InitialCPCtarget>
<DateOfInitialCPC>2025-07-04</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
<ReferralNFA>0</ReferralNFA>
<ChildProtectionPlans><CPPstartDate>2025-07-04</CPPstartDate><CPPendDate>2026-01-09</CPPendDate>
<InitialCategoryOfAbuse>PHY</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>
<NumberOfPreviousCPP>1</NumberOfPreviousCPP>
<Reviews><CPPreviewDate>2025-09-15</CPPreviewDate><CPPreviewDate>2026-01-05</CPPreviewDate></Reviews>
</ChildProtectionPlans>"""

    delivery, (subject,) = load({"cin.xml": census(child(inside))})

    assert subject.problems == []
    assert subject.rows == delivery.expected_rows == 9
    referral = one(subject, "referral_episode")
    assert (referral.valid_from, referral.valid_to) == (date(2025, 6, 2), date(2026, 2, 27))
    assert referral.payload["primary_need"] == "N4"
    assert referral.payload["no_further_action"] is False
    assert one(subject, "assessment").payload["factors"] == ["1C", "6B"]
    assert one(subject, "child_protection_plan").payload["latest_category"] == "NEG"
    assert one(subject, "section_47_enquiry").payload["conference_not_required"] is False
    assert kinds(subject).count("child_protection_review") == 2
    assert kinds(subject).count("initial_child_protection_conference") == 2


def test_pre_proceedings_of_2026_27_are_read(load: Load) -> None:
    inside = (
        "<PreProceedingsandFGDM><PPStartDate>2026-02-09</PPStartDate><FGDMMeetingOffer>1</FGDMMeetingOffer>"
        "<ReviewMeetingsCount>3</ReviewMeetingsCount><StepDecisionDate>2026-03-01</StepDecisionDate>"
        "<PPOutcome>A</PPOutcome></PreProceedingsandFGDM>"
    )

    _, (subject,) = load({"cin.xml": census(child(inside))})

    claim = one(subject, "pre_proceedings")
    assert (claim.valid_from, claim.valid_to) == (date(2026, 2, 9), date(2026, 3, 1))
    assert claim.payload["family_group_decision_making_offered"] is True
    assert claim.payload["review_meetings"] == 3


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        pytest.param("<Sex>1</Sex>", "sex", "M", id="the codes before 2024-25"),
        pytest.param("<Sex>F</Sex>", "sex", "F", id="the codes of today"),
        pytest.param("<GenderCurrent>2</GenderCurrent>", "gender", "2", id="gender stays gender"),
    ],
)
def test_sex_and_gender_are_read_as_their_years_wrote_them(load: Load, element: str, field: str, value: str) -> None:
    text = census(child()).replace("<Sex>F</Sex>", element)

    _, (subject,) = load({"cin.xml": text})

    assert one(subject, "person_details").payload[field] == value


def test_a_namespace_changes_nothing(load: Load, stated: Callable[..., Any]) -> None:
    plain = load({"cin.xml": census(child("<ReferralNFA>true</ReferralNFA>"))})
    text = census(child("<ReferralNFA>true</ReferralNFA>"), root='Message xmlns="urn:invented:cin"')

    spaced = load({"cin.xml": text})

    assert stated(spaced[1]) == stated(plain[1])


@pytest.mark.parametrize(
    ("inside", "table", "code", "words"),
    [
        pytest.param("<PrimaryNeedCode>N77</PrimaryNeedCode>", "CINdetails", "unknown_code", "N77", id="unknown code"),
        pytest.param(
            "<CINclosureDate>2025-02-30</CINclosureDate>",
            "CINdetails",
            "impossible_date",
            "2025-02-30",
            id="no such day",
        ),
        pytest.param(
            "<CINclosureDate>2025-01-01</CINclosureDate>",
            "CINdetails",
            "end_before_start",
            "1 January 2025",
            id="closed before it was made",
        ),
        pytest.param("<Assessments></Assessments>", "Assessments", "missing", "began", id="no first day"),
        pytest.param(
            "<ReferralNFA>maybe</ReferralNFA>", "CINdetails", "not_yes_or_no", "maybe", id="neither yes nor no"
        ),
        pytest.param(
            "<CINclosureDate>2025-07-01</CINclosureDate><CINclosureDate>2025-07-02</CINclosureDate>",
            "CINdetails",
            "duplicate",
            "twice",
            id="said twice",
        ),
    ],
)
def test_a_bad_row_is_one_problem_and_the_rest_is_kept(
    load: Load, inside: str, table: str, code: str, words: str
) -> None:
    delivery, (subject,) = load({"cin.xml": census(child(inside))})

    (found,) = subject.problems
    assert (found.place.table, found.code) == (table, code)
    assert words in found.message
    assert str(found.place.row) in found.message
    assert found.fix
    assert "person_details" in kinds(subject)
    assert subject.rows == delivery.expected_rows


def test_the_row_number_is_the_line_in_the_file(load: Load) -> None:
    text = census(child("<ReferralNFA>x</ReferralNFA>"))

    _, (subject,) = load({"cin.xml": text})

    line = next(n for n, line in enumerate(text.splitlines(), start=1) if "<CINdetails>" in line)
    assert subject.problems[0].place.row == line


def test_rows_on_one_line_are_still_told_apart(load: Load) -> None:
    inside = "".join(
        f"<CINPlanDates><CINPlanStartDate>2025-0{m}-01</CINPlanStartDate></CINPlanDates>" for m in (7, 8, 9)
    )

    _, (subject,) = load({"cin.xml": census(child(inside)).replace("\n", "")})

    places = [claim.places[0] for claim in subject.claims if claim.kind == "child_in_need_plan"]
    assert len(set(places)) == 3


def test_a_child_without_a_number_is_one_problem_and_the_next_child_is_read(load: Load) -> None:
    nobody = child(number="")

    delivery, subjects = load({"cin.xml": census(nobody, child(number="C2"))})

    assert [s.subject for s in subjects] == [Key("child", "C2")]
    (found,) = delivery.problems
    assert (found.code, found.field) == ("missing", "LAchildID")
    assert delivery.orphan_rows == 1
    assert sum(s.rows for s in subjects) + delivery.orphan_rows == delivery.expected_rows


def test_a_child_given_twice_is_read_once_and_said(load: Load) -> None:
    delivery, subjects = load({"cin.xml": census(child(), child())})

    assert len(subjects) == 1
    assert delivery.problems[0].code == "duplicate"
    assert sum(s.rows for s in subjects) + delivery.orphan_rows == delivery.expected_rows


def test_the_same_row_twice_is_set_aside_and_a_different_one_is_another_fact(load: Load) -> None:
    plan = "<CINPlanDates><CINPlanStartDate>2025-07-11</CINPlanStartDate>{end}</CINPlanDates>\n"
    ended = plan.format(end="<CINPlanEndDate>2025-08-01</CINPlanEndDate>")

    _, (subject,) = load({"cin.xml": census(child(plan.format(end="") * 2 + ended))})

    assert [p.code for p in subject.problems] == ["duplicate"]
    keys = [c.natural_key for c in subject.claims if c.kind == "child_in_need_plan"]
    assert keys == ["2025-06-02/2025-07-11", "2025-06-02/2025-07-11#2"]


def test_reading_again_gives_the_same(load: Load, stated: Callable[..., Any]) -> None:
    delivery, first = load({"cin.xml": census(child(), child(number=""), child(number="C2") + "<Odd/>")})

    again = list(delivery.read())

    assert stated(again) == stated(first)
    assert [s.digest for s in again] == [s.digest for s in first]
    assert len(delivery.problems) == 1
    assert sum("elements that the census does not know" in note for note in delivery.notes) == 1


def test_a_bad_council_code_is_noted_and_the_one_given_is_used(load: Load) -> None:
    delivery, _ = load({"cin.xml": census(child(), header=HEADER.format(lea="2887Q"))}, la_code="201")

    assert delivery.la_code == "201"
    assert any("2887Q" in note for note in delivery.notes)


def test_a_reference_date_that_is_not_31_march_is_noted(load: Load) -> None:
    header = HEADER.format(lea="330").replace("2026-03-31", "2026-03-28")

    delivery, _ = load({"cin.xml": census(child(), header=header)})

    assert delivery.collection == "2025-26"
    assert any("28" in note and "31 March" in note for note in delivery.notes)


def test_a_file_without_a_year_withdraws_nothing(load: Load) -> None:
    delivery, _ = load({"cin.xml": census(child(), header="")})

    assert (delivery.window, delivery.full) == (None, False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(census(child())[:-30], "not_well_formed", id="cut short"),
        pytest.param(
            census(child()).replace("<Message>", '<!DOCTYPE x [<!ENTITY a "b">]><Message>'), "doctype", id="bomb"
        ),
        pytest.param(census(child()).replace("2026", "2035"), "unknown_year", id="a year to come"),
        pytest.param(census().replace("<Children>", "<Children><!-- ChildIdentifiers -->"), "empty", id="no children"),
    ],
)
def test_a_whole_file_that_cannot_be_used_is_refused_before_anything_is_read(
    tmp_path: Path, content: str, code: str
) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(content)

    with pytest.raises(FileRefused) as refused:
        recognise([Incoming("cin.xml", path)], today=date(2026, 6, 1))

    assert refused.value.code == code
    assert refused.value.fix


def test_what_is_written_is_read_back_the_same(tmp_path: Path, load: Load, stated: Callable[..., Any]) -> None:
    place = (Place(0, "x", 1),)
    claims = [
        Claim(
            "identifier",
            "la_child_id:C1",
            None,
            None,
            {"identifier_type": "la_child_id", "value": "C1"},
            place,
            ref="C1",
        ),
        Claim("person_details", "", None, None, {"birth_date": "2015-09-19", "sex": "F", "ethnicity": "WBRI"}, place),
        Claim("disability", "", None, None, {"disabilities": ["HAND", "VIS"]}, place),
        Claim("referral_episode", "2025-06-02", date(2025, 6, 2), None, {"no_further_action": False}, place),
        Claim(
            "section_47_enquiry",
            "2025-06-02/2025-06-20",
            date(2025, 6, 20),
            None,
            {"initial_conference_date": "2025-07-04", "conference_not_required": False},
            place,
        ),
        Claim("initial_child_protection_conference", "2025-07-04", date(2025, 7, 4), None, {}, place),
        Claim("child_protection_plan", "2025-06-02/2025-07-04", date(2025, 7, 4), None, {"previous_plans": 0}, place),
        Claim("child_protection_review", "2025-07-04/2025-09-01", date(2025, 9, 1), None, {}, place),
        Claim(
            "pre_proceedings",
            "2025-06-02/2026-01-02",
            date(2026, 1, 2),
            date(2026, 2, 2),
            {"step_decision_date": "2026-02-02", "outcome": "A"},
            place,
        ),
    ]
    subject = SubjectRecord(Key("child", "C1"), 0, b"", claims)
    stream = io.BytesIO()

    write_cin_census(stream, [subject], CensusHeader("330", 2027, datetime(2027, 5, 1, tzinfo=UTC)))
    delivery, again = load({"cin.xml": stream.getvalue()})

    assert delivery.collection == "2026-27"
    assert stated(again) == stated([subject])


def test_a_referral_that_led_to_nothing_ended_the_day_it_came(load: Load, stated: Callable[..., Any]) -> None:
    _, (subject,) = load({"cin.xml": census(child("<ReferralNFA>1</ReferralNFA>"))})
    stream = io.BytesIO()

    write_cin_census(stream, [subject], CensusHeader("330", 2026, datetime(2026, 5, 1, tzinfo=UTC)))
    _, again = load({"cin.xml": stream.getvalue()})

    assert one(subject, "referral_episode").valid_to == date(2025, 6, 2)
    assert b"CINclosureDate" not in stream.getvalue()
    assert stated(again) == stated([subject])


def test_a_conference_of_no_enquiry_is_written_with_the_referral(load: Load) -> None:
    place = (Place(0, "x", 1),)
    claims = [
        Claim("referral_episode", "r", date(2025, 6, 2), None, {}, place),
        Claim("initial_child_protection_conference", "any", date(2025, 7, 4), None, {}, place),
    ]
    stream = io.BytesIO()

    write_cin_census(
        stream,
        [SubjectRecord(Key("child", "C1"), 0, b"", claims)],
        CensusHeader("330", 2026, datetime(2026, 5, 1, tzinfo=UTC)),
    )
    _, (subject,) = load({"cin.xml": stream.getvalue()})

    assert one(subject, "initial_child_protection_conference").valid_from == date(2025, 7, 4)
    assert one(subject, "referral_episode").payload["initial_conference_date"] == "2025-07-04"


def test_the_layout_and_the_declared_kinds_agree_on_names() -> None:
    from kinfold.record.declare import KINDS

    elements = {name: module for module in MODULES.values() for name in module.items}
    declared = {
        (field.names["cin_census"], field.name)
        for kind in KINDS.values()
        for field in kind.fields.values()
        if "cin_census" in field.names and kind.name != "identifier"
    }

    for element, field in declared:
        assert element in elements, element
        assert any(m.items[element].field == field for m in MODULES.values() if element in m.items), element
