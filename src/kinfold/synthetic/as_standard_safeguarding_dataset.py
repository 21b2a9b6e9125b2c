"""An invented council's record as the rows of the Standard Safeguarding Dataset, a table a file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from kinfold.synthetic.dataset_of_care import rows_of_care
from kinfold.synthetic.dataset_of_need import rows_of_need
from kinfold.synthetic.days import as_iso, birthday
from kinfold.synthetic.world import Child, Council, Family, Parent, Spot

Row = dict[str, Any]


@cache
def columns() -> Mapping[str, Sequence[str]]:
    """Return the columns of every table of the dataset, in order, by the table's name."""
    text = files("kinfold.synthetic").joinpath("dataset_columns.toml").read_text("utf-8")
    return {table: tuple(names.split()) for table, names in tomllib.loads(text).items()}


def rows_of_council(council: Council) -> Iterator[tuple[str, Row]]:
    """Yield `(table, row)` for the workers, teams and version of one council."""
    parent = {
        "dept_team_parent_id": f"D{council.la_code}",
        "dept_team_parent_name": f"{council.name} children's services",
    }
    for team in council.teams:
        yield "ssd_department", {"dept_team_id": team.number, "dept_team_name": team.name} | parent
    loads: dict[str, int] = {}
    for child in council.children:
        for held in child.allocations:
            if held.end is None:
                loads[held.worker] = loads.get(held.worker, 0) + 1
    for worker in council.workers:
        yield (
            "ssd_professionals",
            {
                "prof_professional_id": worker.number,
                "prof_staff_id": worker.number,
                "prof_professional_name": worker.name,
                "prof_social_worker_registration_no": worker.registration if worker.title == "Social worker" else "",
                "prof_professional_job_title": worker.title,
                "prof_professional_caseload": 0 if worker.left else loads.get(worker.number, 0),
                "prof_professional_department": worker.team,
                "prof_full_time_equivalency": worker.full_time_equivalent if worker.left is None else 0,
                "prof_agency_worker_flag": _flag(worker.agency),
            },
        )
    yield "ssd_version_log", {"version_number": "1.3.4", "release_date": "2025-11-01", "description": "Invented England",
                              "is_current": 1}  # fmt: skip


def rows_of_family(family: Family) -> Iterator[tuple[str, Row]]:
    """Yield the persons who are the parents of a family, their membership of it and where they live."""
    for parent in (family.mother, family.father):
        if parent is None:
            continue
        yield "ssd_person", _parent(parent)
        yield "ssd_family", {
            "fami_table_id": f"{family.number}-{parent.person_id}", "fami_family_id": family.number,
            "fami_person_id": parent.person_id,
        }  # fmt: skip
    yield (
        "ssd_address",
        _address(f"AD{family.mother.person_id}", family.mother.person_id, family.home, family.mother.birth, None),
    )


def rows_of_child(child: Child, *, today: int) -> Iterator[tuple[str, Row]]:
    """Yield `(table, row)` for everything the extract says of one child."""
    number = child.la_child_id
    yield "ssd_person", _person(child)
    yield (
        "ssd_family",
        {"fami_table_id": f"FM{number}", "fami_family_id": child.family.number, "fami_person_id": number},
    )
    if not child.unaccompanied:
        yield "ssd_mother", {
            "moth_table_id": f"MO{number}", "moth_person_id": child.family.mother.person_id,
            "moth_childs_person_id": number, "moth_childs_dob": as_iso(child.birth),
        }  # fmt: skip
        since = child.birth if child.birth is not None else child.first_seen
        before = child.family.before
        if before is not None and since < before[1] < child.first_seen:
            yield "ssd_address", _address(f"AB{number}", number, before[0], since, before[1])
            since = before[1]
        yield "ssd_address", _address(f"AD{number}", number, child.home, since, None)
    for position, code in enumerate(child.disabilities, start=1):
        yield (
            "ssd_disability",
            {"disa_person_id": number, "disa_table_id": f"DI{number}-{position}", "disa_disability_code": code},
        )
    yield from _numbers(child)
    yield from rows_of_need(child)
    yield from rows_of_care(child, today=today)
    yield from _involvements(child)


def _person(child: Child) -> Row:
    return {
        "pers_person_id": child.la_child_id, "pers_forename": child.forename, "pers_surname": child.surname,
        "pers_sex": child.sex, "pers_ethnicity": child.ethnicity, "pers_dob": as_iso(child.birth),
        "pers_common_child_id": child.nhs_number, "pers_upn_unknown": child.upn_unknown,
        "pers_send_flag": _flag(bool(child.disabilities)), "pers_expected_dob": as_iso(child.expected),
        "pers_death_date": as_iso(child.death), "pers_is_mother": _flag(child.mother_since is not None),
        "pers_nationality": child.nationality,
    }  # fmt: skip


def _parent(parent: Parent) -> Row:
    return {
        "pers_person_id": parent.person_id, "pers_forename": parent.forename, "pers_surname": parent.surname,
        "pers_sex": parent.sex, "pers_ethnicity": parent.ethnicity, "pers_dob": as_iso(parent.birth),
        "pers_is_mother": _flag(parent.sex == "F"),
    }  # fmt: skip


_STREETS = ("Mill Lane", "Station Road", "Church Street", "High Street", "Park Avenue", "Victoria Road", "Orchard Close",
            "Meadow View", "The Crescent", "Chapel Hill", "Manor Way", "School Lane")  # fmt: skip


def _address(table_id: str, person: str, spot: Spot, start: int | None, end: int | None) -> Row:
    house = int(spot.easting + spot.northing + len(table_id) * 7 + int(table_id[-3:], 36)) % 140 + 1
    street = _STREETS[int(spot.easting) % len(_STREETS)]
    return {
        "addr_table_id": table_id, "addr_person_id": person, "addr_address_type": "HOME",
        "addr_address_json": json.dumps({"HOUSE": str(house), "STREET": street, "POSTCODE": spot.postcode}),
        "addr_address_start_date": as_iso(start), "addr_address_end_date": as_iso(end), "addr_address_postcode": spot.postcode,
    }  # fmt: skip


def _numbers(child: Child) -> Iterator[tuple[str, Row]]:
    number = child.la_child_id
    numbers = (
        ("NHS Number", child.nhs_number),
        ("Unique Pupil Number", child.upn),
        ("Former Unique Pupil Number", child.former_upn),
    )
    for position, (sort, value) in enumerate(numbers, start=1):
        if value:
            yield "ssd_linked_identifiers", {
                "link_table_id": f"LI{number}-{position}", "link_person_id": number, "link_identifier_type": sort,
                "link_identifier_value": value, "link_valid_from_date": as_iso(child.first_seen or child.birth),
            }  # fmt: skip
    if child.unaccompanied and child.birth is not None and child.care:
        yield "ssd_immigration_status", {
            "immi_person_id": number, "immi_immigration_status_id": f"IM{number}", "immi_immigration_status": "UASC",
            "immi_immigration_status_start_date": as_iso(child.care[0].start),
            "immi_immigration_status_end_date": as_iso(birthday(child.birth, 18)),
        }  # fmt: skip


def _involvements(child: Child) -> Iterator[tuple[str, Row]]:
    for position, held in enumerate(child.allocations, start=1):
        referral = next((r for r in reversed(child.referrals) if r.made <= held.start), None)
        yield "ssd_involvements", {
            "invo_involvements_id": f"IN{child.la_child_id}-{position}", "invo_professional_id": held.worker,
            "invo_professional_role_id": "ALLOCATED CASE WORKER", "invo_professional_team": referral.team if referral else "",
            "invo_involvement_start_date": as_iso(held.start), "invo_involvement_end_date": as_iso(held.end),
            "invo_worker_change_reason": held.reason, "invo_person_id": child.la_child_id,
            "invo_referral_id": referral.number if referral else "",
        }  # fmt: skip


def _flag(value: bool) -> str:
    return "Y" if value else "N"
