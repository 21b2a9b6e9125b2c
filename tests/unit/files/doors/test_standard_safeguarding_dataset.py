"""The Standard Safeguarding Dataset: tables known by their headers, rows brought to their person, and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401  declares the kinds
from kinfold.files.standard_safeguarding_dataset.cells import address_in, codes_in
from kinfold.files.standard_safeguarding_dataset.layout import DOOR, TABLES, starts_with_a_day, table_of
from kinfold.files.standard_safeguarding_dataset.writer import write_dataset
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.record.declare import KINDS
from kinfold.record.shapes import Field
from kinfold.terms.codes import code_set

Load = Callable[..., Any]
PLACE = (Place(0, "x", 1),)
PERSON = "pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob,pers_common_child_id\nC1,Ada,Invented,F,{dob},\n"


def one(subject: SubjectRecord, kind: str) -> Claim:
    (claim,) = [claim for claim in subject.claims if claim.kind == kind]
    return claim


@pytest.mark.parametrize(
    "written",
    [
        "2015-09-19",
        "2015-09-19 00:00:00.000",
        "2015-09-19T00:00:00",
        "19/09/2015",
        "19/09/2015 00:00",
        "2015-09-19T00:00:00Z",
    ],
)
def test_a_date_is_read_in_every_spelling_of_the_extracts(load: Load, written: str) -> None:
    _, (subject,) = load({"ssd_person.csv": PERSON.format(dob=written)})

    assert one(subject, "person_details").payload == {"birth_date": "2015-09-19", "sex": "F"}
    assert one(subject, "name").payload == {"forename": "Ada", "surname": "Invented"}


def test_a_databases_null_is_a_blank(load: Load) -> None:
    _, (subject,) = load({"ssd_person.csv": PERSON.format(dob="NULL")})

    assert subject.problems == []
    assert "birth_date" not in one(subject, "person_details").payload


def test_the_dataset_is_full_for_the_tables_that_are_there(load: Load) -> None:
    delivery, _ = load({"p.csv": PERSON.format(dob=""), "l.csv": "lega_legal_status_id,lega_person_id\nL1,C1\n"})

    assert (delivery.door, delivery.full, delivery.window) == (DOOR, True, None)
    assert "legal_status" in delivery.kinds
    assert "placement" not in delivery.kinds
    # Numbers come from three tables: with one of them there, nothing can be said of those that are not.
    assert "identifier" not in delivery.kinds


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        ('{"OUTCOME_SINGLE_ASSESSMENT_FLAG": "Y", "OUTCOME_NFA_FLAG": "N"}', "ASSESSMENT"),
        ('{"OUTCOME_NFA_FLAG": "Y"}', "NFA"),
        ('{"OUTCOME_NFA_FLAG": "N"}', None),  # that nothing came of it is not so; what did, it does not say
        ('{"OUTCOME_SINGLE_ASSESSMENT_FLAG": "Y", "OUTCOME_CARE_LEAVER_FLAG": "Y"}', "single assessment; care leaver"),
        ("Early help", "EARLY_HELP"),
        ("Passed to the night team", "Passed to the night team"),
    ],
)
def test_an_outcome_given_as_flags_is_said_in_a_code_or_in_words(load: Load, cell: str, outcome: str | None) -> None:
    quoted = cell.replace('"', '""')
    files = {
        "p.csv": PERSON.format(dob="2015-09-19"),
        "e.csv": "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_outcome_json\n"
        f'R1,C1,2025-01-07,"{quoted}"\n',
    }

    _, (subject,) = load(files)

    assert subject.problems == []
    assert one(subject, "referral_episode").payload.get("outcome") == outcome


def test_an_outcome_in_the_tables_of_one_person_is_brought_together(load: Load) -> None:
    files = {
        "a.csv": "cina_assessment_id,cina_person_id,cina_assessment_start_date,cina_assessment_auth_date\n"
        "A1,C1,2025-01-07,2025-02-10\n",
        "f.csv": 'cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json\n1,A1,"[""1C"", ""4A""]"\n',
        "p.csv": PERSON.format(dob="2015-09-19"),
    }

    delivery, (subject,) = load(files)

    assessment = one(subject, "assessment")
    assert assessment.payload["factors"] == ["1C", "4A"]
    assert {place.table for place in assessment.places} == {"ssd_cin_assessments", "ssd_assessment_factors"}
    assert subject.rows == delivery.expected_rows == 3


def test_a_review_finds_its_child_through_the_period_of_care(load: Load) -> None:
    files = {
        "e.csv": "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_start_reason,"
        "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,clae_entered_care_date\n"
        "E1,C1,2025-01-07,S,2025-03-01,X1,P1,2025-01-07\nE2,C1,2025-03-01,P,,,P1,2025-01-07\n",
        "r.csv": "clar_cla_review_id,clar_cla_id,clar_cla_review_date,clar_cla_review_participation\n"
        "R1,P1,2025-02-01,PN1\nR2,P9,2025-02-01,PN1\n",
    }

    delivery, (subject,) = load(files)

    period = one(subject, "care_period")
    assert (period.natural_key, period.valid_from, period.valid_to) == ("P1", date(2025, 1, 7), None)
    assert period.payload["start_reason"] == "S"
    assert one(subject, "looked_after_review").payload == {"participation": "PN1"}
    (lost,) = delivery.problems
    assert (lost.code, lost.field) == ("no_parent", "clar_cla_id")
    assert "ssd_cla_episodes" in lost.message
    assert subject.rows + delivery.orphan_rows == delivery.expected_rows == 4


def test_a_mother_of_whom_nothing_else_is_known_is_a_person_and_not_a_child(load: Load) -> None:
    files = {
        "p.csv": "pers_person_id,pers_forename,pers_is_mother\nC1,Ada,N\nM1,Grace,Y\n",
        "m.csv": "moth_table_id,moth_person_id,moth_childs_person_id,moth_childs_dob\n1,M1,C1,2015-09-19\n",
    }

    _, subjects = load(files)

    assert {s.subject for s in subjects} == {Key("child", "C1"), Key("person", "M1")}
    mother = next(s for s in subjects if s.subject.value == "M1")
    assert one(mother, "mother_of").party == Key("child", "C1")
    assert one(mother, "person_details").payload["mothers_child_birth_date"] == "2015-09-19"


@pytest.mark.parametrize(
    ("born", "sort"),
    [
        pytest.param("1985-01-07", "person", id="a father"),
        pytest.param("07/01/1985", "person", id="a father, as a spreadsheet writes it"),
        pytest.param("2007-01-07", "child", id="a care leaver at most"),
        pytest.param("", "child", id="nobody knows when"),
    ],
)
def test_somebody_grown_of_whom_nothing_else_is_known_is_a_person_and_not_a_child(
    load: Load, born: str, sort: str
) -> None:
    _, (subject,) = load(
        {"p.csv": PERSON.format(dob=born), "f.csv": "fami_table_id,fami_family_id,fami_person_id\n1,F1,C1\n"}
    )

    assert subject.subject == Key(sort, "C1")


def test_somebody_grown_who_had_an_assessment_is_one_of_the_councils_children(load: Load) -> None:
    _, (subject,) = load(
        {"p.csv": PERSON.format(dob="1985-01-07"), "l.csv": "lega_legal_status_id,lega_person_id\nL1,C1\n"}
    )

    assert subject.subject == Key("child", "C1")


def test_a_worker_is_known_by_the_registration_number(load: Load) -> None:
    files = {
        "w.csv": "prof_professional_id,prof_professional_name,prof_social_worker_registration_no,prof_agency_worker_flag\n"
        "7,Ann Other,SW12345,Y\n8,No Number,,N\n",
        "i.csv": "invo_involvements_id,invo_professional_id,invo_professional_role_id,invo_involvement_start_date,invo_person_id\n"
        "1,7,Allocated Case Worker,2025-01-07,C1\n2,8,Something local,2025-02-07,C1\n",
    }

    _, subjects = load(files)

    child = next(s for s in subjects if s.subject == Key("child", "C1"))
    parties = [c.party for c in child.claims if c.kind == "allocation"]
    assert parties == [Key("worker", "SW12345"), Key("worker", "8")]
    roles = [c.payload["role"] for c in child.claims if c.kind == "allocation"]
    assert roles == ["SOCIAL_WORKER", "Something local"]
    worker = next(s for s in subjects if s.subject == Key("worker", "SW12345"))
    assert one(worker, "worker_details").payload["agency"] is True


def test_a_bad_row_is_one_problem_and_the_rest_is_kept(load: Load) -> None:
    files = {
        "l.csv": "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date\n"
        "1,C1,C2,2025-01-07,\n2,C1,Q9,2025-13-07,\n3,C1,C1,2025-02-07,2025-01-01\n4,,C1,2025-01-01,\n5,C1,C1\n",
    }

    delivery, (subject,) = load(files)

    assert [p.place.row for p in subject.problems] == [3, 4]
    assert [p.code for p in subject.problems] == ["unknown_code", "end_before_start"]
    assert "2025-13-07" in subject.problems[0].message
    assert [p.code for p in delivery.problems] == ["missing", "ragged_row"]
    assert one(subject, "legal_status").payload == {"legal_status": "C2"}
    assert subject.rows + delivery.orphan_rows == delivery.expected_rows


def test_adoption_rows_state_what_has_a_date(load: Load) -> None:
    files = {
        "perm.csv": "perm_table_id,perm_person_id,perm_adm_decision_date,perm_matched_date,perm_placement_order_date,"
        "perm_permanence_order_date,perm_permanence_order_type\n1,C1,2025-01-07,,2025-03-01,2025-09-01,SGO\n2,C1,,,,,\n",
    }

    _, (subject,) = load(files)

    assert one(subject, "adoption_decision").valid_from == date(2025, 1, 7)
    orders = {c.payload["order_type"]: c.valid_from for c in subject.claims if c.kind == "court_order"}
    assert orders == {"placement": date(2025, 3, 1), "special guardianship": date(2025, 9, 1)}
    assert [p.code for p in subject.problems] == ["missing"]


def test_tables_that_hold_nothing_about_a_child_are_noted(load: Load) -> None:
    files = {"p.csv": PERSON.format(dob=""), "v.csv": "version_number,release_date,description\n1.0,2025-01-01,first\n"}

    delivery, subjects = load(files)

    assert len(subjects) == 1
    assert any("ssd_version_log" in note for note in delivery.notes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('["1A", "2B"]', ["1A", "2B"]),
        ('{"1A": "Y", "2B": "N", "3C": 1}', ["1A", "3C"]),
        ("1A, 2B;3C", ["1A", "2B", "3C"]),
        ("['1A','2B']", ["1A", "2B"]),
        ("", []),
    ],
)
def test_codes_are_read_however_they_are_listed(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


def test_an_address_is_read_from_its_parts() -> None:
    address = address_in('{"FLAT": "2", "HOUSE": "14", "STREET": "High Street", "TOWN": "Invented", "UPRN": "1234"}')

    assert address.lines == "2\n14 High Street\nInvented"
    assert address.uprn == "1234"
    assert address_in("1 High Street").lines == "1 High Street"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_known_by_its_header(name: str) -> None:
    table = TABLES[name]

    assert table_of(table.names) is table
    assert table_of([heading.upper() for heading in reversed(table.names)]) is table


def test_every_field_that_a_kind_names_is_in_the_layout() -> None:
    fields = {name: spec for table in TABLES.values() for name, spec in table.fields.items()}
    for kind in KINDS.values():
        for field in kind.fields.values():
            if DOOR in field.names:
                assert any(
                    (target.kind, target.field) == (kind.name, field.name)
                    for target in fields[field.names[DOOR]].targets
                ), field.names[DOOR]
        for name, end in zip(kind.dates.get(DOOR, ()), ("valid_from", "valid_to"), strict=False):
            if name is not None:
                assert any((target.kind, target.field) == (kind.name, end) for target in fields[name].targets), name


# what is written is read back the same


def example(field: Field) -> Any:
    """Return a value that a field can hold."""
    if field.codes:
        code = code_set(field.codes).codes()[0]
        return [code] if field.type == "codes" else code
    values: dict[str, Any] = {"whole number": 2, "number": 1.5, "yes or no": True, "date": "2024-05-06"}
    return values.get(field.type, f"words of {field.name}"[: field.longest])


# What the pattern below cannot know of a kind: its key, and fields that must agree with others.
SPECIAL: dict[str, dict[str, Any]] = {
    "person_details": {"key": "", "without": ["mothers_child_birth_date"]},
    "name": {"key": "name"},
    "disability": {"key": ""},
    "address": {
        "payload": {"address_lines": "12 High Street\nTown", "postcode": "SW1A 1AA", "uprn": "123"},
        "ref": "SW1A 1AA",
    },
    "allocation": {"party": Key("worker", "SW123")},
    "placement": {
        "payload": {"urn": "SC123456", "postcode": "SW1A 1AA"},
        "ref": "SC123456",
        "party": Key("setting", "SC123456"),
    },
    "reviewing_officer_contact": {"key": "2024-01-02"},
    "immunisation_status": {"key": "2024-01-02"},
    "special_educational_need": {"without": ["provision"]},
    "assessment": {"payload": {"authorised_date": "2024-06-01"}},
    "pre_proceedings": {"key": "pp1", "payload": {"step_decision_date": "2024-06-01"}},
    "care_period": {"payload": {"end_reason": "E4A"}},
    "adoption_decision": {"key": "perm1"},
    "adoption_match": {"key": "perm1"},
    "placed_for_adoption": {"key": "perm1"},
    "leaving_care": {"key": "cl1"},
    "care_leaver_contact": {"key": "cl1"},
}
WRITTEN_APART = {
    "mother_of",
    "member_of_group",
    "part_of",
    "worker_details",
    "department_details",
    "court_order",
    "proceedings",
    "identifier",
}


def claim_of(name: str) -> Claim:
    kind, special = KINDS[name], SPECIAL.get(name, {})
    payload = {
        f.name: example(f) for f in kind.fields.values() if DOOR in f.names and f.name not in special.get("without", ())
    }
    ends = DOOR in kind.dates and kind.dates[DOOR][1] is not None
    return Claim(
        name,
        special.get("key", f"{name[:40]}-1"),
        date(2024, 1, 2) if starts_with_a_day(name) else None,
        date(2024, 6, 1) if ends else None,
        payload | special.get("payload", {}),
        PLACE,
        special.get("party"),
        special.get("ref"),
    )


def test_what_is_written_is_read_back_the_same(tmp_path: Path, load: Load, stated: Callable[..., Any]) -> None:
    kinds = sorted({name for table in TABLES.values() for name in table.kinds} - WRITTEN_APART)
    number = {"identifier_type": "la_child_id", "value": "C1"}
    child = SubjectRecord(Key("child", "C1"), 0, b"", [claim_of(name) for name in kinds])
    child.claims.append(Claim("identifier", "la_child_id:C1", None, None, number, PLACE, None, "C1"))
    child.claims.append(Claim("proceedings", "pp1", date(2024, 5, 6), None, {"issue_letter_date": "2024-05-06"}, PLACE))
    order = {"order_type": "placement"}
    child.claims.append(
        Claim("court_order", "perm1/placement", date(2024, 5, 6), None, order, PLACE, None, "placement")
    )
    mother_number = {"identifier_type": "la_child_id", "value": "M1"}
    mother = SubjectRecord(
        Key("person", "M1"),
        0,
        b"",
        [
            Claim("identifier", "la_child_id:M1", None, None, mother_number, PLACE, None, "M1"),
            Claim("mother_of", "m1", None, None, {}, PLACE, Key("child", "C1")),
            Claim("member_of_group", "f1", None, None, {}, PLACE, Key("group", "F9")),
        ],
    )
    details = {"swe_number": "SW123", "full_name": "Ann Other", "full_time_equivalent": 0.5, "agency": False}
    worker = SubjectRecord(
        Key("worker", "SW123"), 0, b"", [Claim("worker_details", "", None, None, details, PLACE, None, "SW123")]
    )
    team = {"name": "=Team", "team_number": "T1", "parent_number": "T0"}
    department = SubjectRecord(
        Key("body", "T1"),
        0,
        b"",
        [
            Claim("department_details", "T1", None, None, team, PLACE, None, "T1"),
            Claim("part_of", "T0", None, None, {}, PLACE, Key("body", "T0")),
        ],
    )
    subjects = [child, mother, worker, department]

    counts = write_dataset(tmp_path / "ssd", subjects)
    delivery, again = load(tmp_path / "ssd")

    assert [p.message for s in again for p in s.problems] == []
    assert stated(again) == stated(subjects)
    assert sum(counts.values()) == delivery.expected_rows == sum(s.rows for s in again)
    assert all(count for name, count in counts.items() if name not in ("ssd_linked_identifiers",))


def test_a_cell_that_a_spreadsheet_would_run_is_written_so_that_it_does_not(tmp_path: Path) -> None:
    name = Claim("name", "name", None, None, {"forename": "=1+1"}, PLACE)

    write_dataset(tmp_path, [SubjectRecord(Key("child", "C1"), 0, b"", [name])])

    assert "'=1+1" in (tmp_path / "ssd_person.csv").read_text()
