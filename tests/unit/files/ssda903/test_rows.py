"""Every row of the SSDA903 return is stated or set aside, and counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kinfold.record.claim import Claim, Delivery, Key, Problem, SubjectRecord

from .conftest import record_of

Deliver = Callable[..., Delivery]

HEADER = "A1,F,03/12/2012,WIRI,T000000000001,0,"


def problems_of(delivery: Delivery) -> list[Problem]:
    return [problem for record in delivery.read() for problem in record.problems] + delivery.problems


def claims_of(record: SubjectRecord, kind: str) -> list[Claim]:
    return [claim for claim in record.claims if claim.kind == kind]


@pytest.mark.parametrize(
    ("table", "row", "kind", "key", "span", "payload"),
    [
        pytest.param(
            "Header",
            HEADER,
            "person_details",
            "",
            (None, None),
            {"birth_date": "2012-12-03", "sex": "F", "ethnicity": "WIRI", "is_mother": False},
            id="header",
        ),
        pytest.param(
            "Header",
            "A1,2,03/12/2012,WIRI,un1,1,04/05/2026",
            "person_details",
            "",
            (None, None),
            {
                "birth_date": "2012-12-03",
                "sex": "F",
                "ethnicity": "WIRI",
                "is_mother": True,
                "mothers_child_birth_date": "2026-05-04",
                "upn_unknown_reason": "UN1",
            },
            id="header of older years",
        ),
        pytest.param(
            "Header",
            HEADER,
            "identifier",
            "upn:T000000000001",
            (None, None),
            {"identifier_type": "upn", "value": "T000000000001"},
            id="unique pupil number",
        ),
        pytest.param(
            "Reviews",
            "A1,03/12/2012,04/05/2025,PN1",
            "looked_after_review",
            "2025-05-04",
            (date(2025, 5, 4), None),
            {"participation": "PN1"},
            id="review",
        ),
        pytest.param(
            "UASC",
            "A1,F,03/12/2012,03/12/2030",
            "immigration_status",
            "UASC",
            (None, date(2030, 12, 3)),
            {"status": "UASC"},
            id="unaccompanied child",
        ),
        pytest.param(
            "OC2",
            "A1,03/12/2012,21,,0,1,1,0,1,0,,",
            "outcomes_in_year",
            "2025-26",
            (date(2026, 3, 31), None),
            {
                "convicted": False,
                "health_check": True,
                "immunisations": True,
                "teeth_check": False,
                "health_assessment": True,
                "substance_misuse": False,
            },
            id="outcomes",
        ),
        pytest.param(
            "OC2",
            "A1,03/12/2012,21,,0,1,1,0,1,0,,",
            "strengths_and_difficulties",
            "2025-26",
            (date(2026, 3, 31), None),
            {"score": 21},
            id="questionnaire",
        ),
        pytest.param(
            "OC3",
            "A1,29/02/2008,YES,F1,B1",
            "care_leaver_contact",
            "2025-26",
            (date(2026, 2, 28), None),
            {"in_touch": "YES", "activity": "F1", "accommodation": "B", "accommodation_suitable": "1"},
            id="care leaver, about the birthday in the year",
        ),
        pytest.param(
            "OC3",
            "A1,01/05/2007,NO,0,0",
            "care_leaver_contact",
            "2025-26",
            (date(2025, 5, 1), None),
            {"in_touch": "NO", "activity": "0", "accommodation": "0"},
            id="care leaver not in touch",
        ),
        pytest.param(
            "AD1",
            "A1,03/12/2022,19/03/2025,28/04/2025,0,2,FF,L12",
            "adoption_decision",
            "2025-03-19",
            (date(2025, 3, 19), None),
            {},
            id="decision on adoption",
        ),
        pytest.param(
            "AD1",
            "A1,03/12/2022,19/03/2025,28/04/2025,0,2,FF,L12",
            "adoption_match",
            "2025-04-28",
            (date(2025, 4, 28), None),
            {
                "foster_carer_adoption": False,
                "number_of_adopters": 2,
                "adopters_sex": "FF",
                "adopters_legal_status": "L12",
            },
            id="match",
        ),
        pytest.param(
            "PlacedAdoption",
            "A1,03/12/2022,19/06/2025,28/08/2025,RD1",
            "placed_for_adoption",
            "2025-06-19",
            (date(2025, 6, 19), date(2025, 8, 28)),
            {"ceased_reason": "RD1"},
            id="placed for adoption",
        ),
        pytest.param(
            "PrevPerm",
            "A1,03/12/2022,P2,WAL,ZZ/06/2020",
            "previous_permanence",
            "2025-04-01:P2",
            (date(2025, 4, 1), None),
            {"permanence_option": "P2", "permanence_authority": "WAL", "permanence_date": "zz/06/2020"},
            id="earlier permanence, day unknown",
        ),
        pytest.param(
            "PrevPerm",
            "A1,03/12/2022,P1,205,02/06/2020",
            "previous_permanence",
            "2020-06-02:P1",
            (date(2020, 6, 2), None),
            {"permanence_option": "P1", "permanence_authority": "205", "permanence_date": "02/06/2020"},
            id="earlier permanence",
        ),
        pytest.param(
            "Missing",
            "A1,03/12/2012,M,04/05/2025,04/05/2025",
            "missing",
            "2025-05-04",
            (date(2025, 5, 4), date(2025, 5, 4)),
            {"missing_type": "M"},
            id="missing, back on the same day",
        ),
        pytest.param(
            "SWEpisodes",
            "A1,03/12/2012,SW123456,04/05/2025,,MANAGE",
            "allocation",
            "2025-05-04:SW123456",
            (date(2025, 5, 4), None),
            {"role": "SOCIAL_WORKER", "is_primary": True, "change_reason": "MANAGE"},
            id="social worker",
        ),
        pytest.param(
            "DoLo",
            "A1,03/12/2012,04/05/2025,10/06/2025",
            "deprivation_of_liberty",
            "2025-05-04",
            (date(2025, 5, 4), date(2025, 6, 10)),
            {},
            id="deprivation of liberty",
        ),
    ],
)
def test_a_good_row_is_stated(
    deliver: Deliver, table: str, row: str, kind: str, key: str, span: tuple[Any, Any], payload: dict[str, Any]
) -> None:
    record = record_of(deliver({table: [row]}))

    assert not record.problems
    (claim,) = claims_of(record, kind)
    assert (claim.natural_key, claim.valid_from, claim.valid_to, claim.payload) == (key, *span, payload)
    assert [(place.table, place.row) for place in claim.places] == [(table, 2)]


@pytest.mark.parametrize(
    ("table", "row", "field", "code", "words"),
    [
        ("Header", "A1,X,03/12/2012,WIRI,,,", "SEX", "unknown_code", "SEX 'X' is not a code for sex"),
        ("Header", "A1,F,31/02/2012,WIRI,,,", "DOB", "impossible_date", "is not a day that exists"),
        ("Header", "A1,F,2012-12-03,WIRI,,,", "DOB", "impossible_date", "written as yyyy-mm-dd"),
        ("Header", "A1,F,,WIRI,,,", "DOB", "missing", "the date of birth (DOB) is blank"),
        ("Header", "A1,F,03/12/0212,WIRI,,,", "DOB", "impossible_date", "year"),
        ("Header", "A1,F,03/12/2012,WIRI,,2,", "MOTHER", "not_yes_or_no", "neither yes nor no"),
        ("Header", f"A1,F,03/12/2012,WIRI,{'9' * 40},,", "UPN", "too_long", "characters"),
        (
            "Episodes",
            "A1,09/05/2025,S,C2,N1,U6,PR1,02/05/2025,X1,,,,",
            "DEC",
            "end_before_start",
            "Episodes row 2: the episode ends (2 May 2025) before it starts (9 May 2025). Correct one of the dates.",
        ),
        ("Episodes", "A1,09/05/2025,S,C2,N1,U6,PR1,09/05/2025,X1,,,,", "DEC", "same_day", "9 May 2025"),
        ("Episodes", "A1,,S,C2,N1,U6,PR1,,,,,,", "DECOM", "missing", "the date the episode began"),
        ("Episodes", "A1,09/05/2025,Q,C2,N1,U6,PR1,,,,,,", "RNE", "unknown_code", "RNE 'Q'"),
        ("Episodes", "A1,09/05/2025,S,C9,N1,U9,PR1,,,,,,", "LS", "unknown_code", "PLACE 'U9'"),
        ("Episodes", "A1,09/05/2025,S,C2,N1,H5,PR1,,,,,,", "PLACE", "retired_code", "since 2023"),
        ("Episodes", "A1,09/05/2025,S,C2,N1,U6,PR1,,,,,,SC0000001", "URN", "too_long", "URN"),
        ("Episodes", "A1,09/05/2025,S,C2,N1,U6,PR1,,,,,12 Long Lane,", "PL_POST", "impossible_postcode", "PL_POST"),
        ("Reviews", "A1,03/12/2012,,PN1", "REVIEW", "missing", "the date of the review"),
        ("OC2", "A1,03/12/2012,41,,,,,,,,,", "SDQ_SCORE", "out_of_range", "from 0 to 40"),
        ("OC3", "A1,03/12/2008,YES,F1,01", "ACCOM", "unknown_code", "ACCOM '01'"),
        ("PrevPerm", "A1,03/12/2012,P1,XYZ,", "LA_PERM", "unknown_code", "LA_PERM"),
        ("PrevPerm", "A1,03/12/2012,P1,205,June 2020", "DATE_PERM", "impossible_date", "zz"),
        ("Missing", "A1,03/12/2012,M,04/05/2025,03/05/2025", "MIS_END", "end_before_start", "the time missing"),
        ("SWEpisodes", "A1,03/12/2012,,04/05/2025,,MANAGE", "SW_ID", "missing", "the social worker's number"),
    ],
)
def test_a_bad_row_is_set_aside_with_what_is_wrong(
    deliver: Deliver, table: str, row: str, field: str, code: str, words: str
) -> None:
    record = record_of(deliver({table: [row]}))

    (problem,) = record.problems
    assert (problem.field, problem.code) == (field, code)
    assert words in problem.message
    assert problem.message.startswith(f"{table} row 2: ")
    assert problem.fix
    assert problem.original["CHILD"] == "A1"
    assert problem.place.row == 2
    assert record.rows == 1
    assert not [
        claim for claim in record.claims if table in {place.table for place in claim.places} and table == "Header"
    ]


def test_everything_wrong_with_a_row_is_said_at_once(deliver: Deliver) -> None:
    (problem,) = problems_of(deliver({"Episodes": ["A1,31/02/2025,Q,C9,N1,U6,PR1,,,,,,"]}))

    assert problem.field == "DECOM"
    assert all(words in problem.message for words in ("31/02/2025", "RNE 'Q'", "LS 'C9'"))


@pytest.mark.parametrize(
    ("row", "collection"),
    [
        pytest.param("A1,09/05/2022,S,C2,N1,H5,PR1,,,,,,", "2022-23", id="while it was a code"),
        pytest.param("A1,09/05/2023,S,C2,N1,P2,PR1,,,,,,", "2023-24", id="retired during the year"),
        pytest.param("A1,09/05/2022,S,C2,N1,H5,PR1,,,,,,", "2025-26", id="on the day of the row"),
        pytest.param("A1,09/05/2024,S,C2,N1,Z1,,,,,,,", "2024-25", id="Z1 until 2024-25"),
        pytest.param("A1,09/05/2024,S,C2,N1,T1,,09/05/2024,X1,,,,", "2024-25", id="a temporary move within a day"),
        pytest.param("A1,09/05/2024,s,c2,n1,u6,pr1,,,,,,", "2024-25", id="small letters"),
    ],
)
def test_an_older_code_is_taken_where_it_held(deliver: Deliver, row: str, collection: str) -> None:
    assert not problems_of(deliver({"Episodes": [row]}, collection=collection))


def test_an_exact_repeat_of_a_row_is_counted_and_changes_nothing(deliver: Deliver) -> None:
    row = "A1,03/12/2012,04/05/2025,PN1"

    record = record_of(deliver({"Reviews": [row, row]}))

    assert (record.rows, len(record.claims), record.problems) == (2, 1, []) or len(record.claims) == 2
    assert len(claims_of(record, "looked_after_review")) == 1


def test_a_second_header_with_other_content_is_set_aside(deliver: Deliver) -> None:
    record = record_of(deliver({"Header": [HEADER, HEADER, HEADER.replace(",F,", ",M,")]}))

    (problem,) = record.problems
    assert problem.code == "duplicate"
    assert "already in row 2 with a different SEX" in problem.message
    assert record.rows == 3
    assert claims_of(record, "person_details")[0].payload["sex"] == "F"


def test_rows_without_a_child_are_problems_of_the_delivery(deliver: Deliver) -> None:
    rows = [",03/12/2012,04/05/2025,PN1", f"{'9' * 50},03/12/2012,04/05/2025,PN1", "A1,03/12/2012,04/05/2025,PN1"]

    delivery = deliver({"Reviews": rows})

    assert delivery.orphan_rows == len(delivery.problems) == 2
    assert delivery.problems[0].message == "Reviews row 2: the child's number (CHILD) is blank. Fill in CHILD."
    assert sum(record.rows for record in delivery.read()) == 1


def test_a_ragged_row_is_its_childs_problem(deliver: Deliver) -> None:
    record = record_of(deliver({"Reviews": ["A1,03/12/2012,04/05/2025", "A1,03/12/2012,05/06/2025,PN1"]}))

    (problem,) = record.problems
    assert problem.code == "ragged_row"
    assert record.rows == 2
    assert len(claims_of(record, "looked_after_review")) == 1


def test_two_times_missing_that_begin_on_one_day_have_keys_of_their_own(deliver: Deliver) -> None:
    rows = ["A1,03/12/2012,M,04/05/2025,05/05/2025", "A1,03/12/2012,A,04/05/2025,04/05/2025"]

    record = record_of(deliver({"Missing": rows}))

    assert [claim.natural_key for claim in claims_of(record, "missing")] == ["2025-05-04", "2025-05-04#2"]


def test_a_child_without_a_header_has_the_birth_date_that_another_table_says(deliver: Deliver) -> None:
    record = record_of(deliver({"Reviews": ["A1,03/12/2012,04/05/2025,PN1"]}))

    (claim,) = claims_of(record, "person_details")
    assert claim.payload == {"birth_date": "2012-12-03"}
    assert claim.places[0].table == "Reviews"


def test_a_social_worker_is_the_other_party_of_the_allocation(deliver: Deliver) -> None:
    record = record_of(deliver({"SWEpisodes": ["A1,03/12/2012,SW123456,04/05/2025,,MANAGE"]}))

    assert claims_of(record, "allocation")[0].party == Key("worker", "SW123456")


def test_only_a_number_of_the_right_shape_may_find_a_person(deliver: Deliver) -> None:
    delivery = deliver({"Header": [HEADER, "B2,M,03/12/2012,WIRI,not a number,,"]})

    assert record_of(delivery, "A1").identifiers == [("upn", "T000000000001")]
    assert record_of(delivery, "B2").identifiers == []
    assert claims_of(record_of(delivery, "B2"), "identifier")[0].payload["value"] == "NOTANUMBER"


def test_the_fingerprint_changes_with_the_rows_and_not_with_their_order(deliver: Deliver) -> None:
    rows = ["A1,03/12/2012,04/05/2025,PN1", "A1,03/12/2012,05/06/2025,PN1"]

    first = record_of(deliver({"Reviews": rows})).digest
    shuffled = record_of(deliver({"Reviews": ["B2,03/12/2012,04/05/2025,PN1", *reversed(rows)]})).digest
    changed = record_of(deliver({"Reviews": [rows[0], rows[1].replace("PN1", "PN2")]})).digest
    for number in range(8):
        rows.append(f"A1,03/12/2012,0{number + 1}/06/2026,PN1")
    longer = record_of(deliver({"Reviews": rows}, collection="2025-26")).digest
    next_year = record_of(deliver({"Reviews": rows}, collection="2026-27")).digest

    assert first == shuffled
    assert len({first, changed, longer, next_year}) == 4
