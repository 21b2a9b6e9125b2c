"""Every field of the Standard Safeguarding Dataset is held by a declared kind, or there is a reason why not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import kinfold.record.kinds  # noqa: F401
from kinfold.record.declare import KINDS

FIELDS = Path(__file__).parents[3] / ".." / "shared" / "conformance" / "ssd_fields_to_returns.csv"
DOOR = "standard_safeguarding_dataset"

# Rows of these tables are no facts about anybody.
NOT_FACTS = {"ssd_s251_finance", "ssd_version_log", "ssd_api_data_staging"}

# Keys by which the tables of the dataset refer to one another; a fact has its own identifier, subject, parent and party.
KEYS = ("_table_id", "_person_id", "_id", "_request_id", "_plan_id")
HELD_OTHERWISE = {
    "pers_common_child_id": "identifier of type NHS number",
    "pers_legacy_id": "identifier of the case system",
    "clae_cla_episode_start_date": "start of the episode: cut from placement and legal status",
    "perm_placement_order_date": "first day of a court order of type placement",
    "prof_professional_caseload": "counted from allocations",
    "send_upn": "identifier of type UPN",
    "send_uln": "identifier of type ULN",
    "send_upn_unknown": "why the UPN is unknown, in the person's details",
    "icpc_icpc_meeting_id": "a key",
    "cppr_cp_review_meeting_id": "a key",
}


def _rows():
    if not FIELDS.exists():
        pytest.skip(f"the dataset's list of fields is not at {FIELDS.name} beside the project")
    with FIELDS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _held() -> set[str]:
    held = {spec.names[DOOR] for kind in KINDS.values() for spec in kind.fields.values() if DOOR in spec.names}
    for kind in KINDS.values():
        held |= {name for name in kind.dates.get(DOOR, ()) if name}
    return held


def test_every_field_of_the_dataset_has_a_place():
    held = _held()

    homeless = [
        row["ssd_field"]
        for row in _rows()
        if row["ssd_table"] not in NOT_FACTS
        and row["ssd_field"] not in held
        and row["ssd_field"] not in HELD_OTHERWISE
        and not row["ssd_field"].endswith(KEYS)
    ]

    assert homeless == []


def test_no_kind_names_a_field_that_the_dataset_lacks():
    known = {row["ssd_field"] for row in _rows()}

    assert _held() - known == set()


@pytest.mark.parametrize(
    ("door", "names"),
    [
        pytest.param(
            "ssda903",
            "SEX DOB ETHNIC MOTHER MC_DOB DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST "
            "PL_POST URN REVIEW REVIEW_CODE DUC SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
            "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED IN_TOUCH ACTIV ACCOM "
            "DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR DATE_PLACED DATE_PLACED_CEASED "
            "REASON_PLACED_CEASED PREV_PERM LA_PERM DATE_PERM MISSING MIS_START MIS_END SW_ID SW_DECOM SW_DEC "
            "SW_REASON DOLO_START DOLO_END",
            id="SSDA903",
        ),
        pytest.param(
            "cin_census",
            "UPNunknown PersonBirthDate ExpectedPersonBirthDate Sex GenderCurrent PersonDeathDate Ethnicity Disability "
            "CINreferralDate ReferralSource PrimaryNeedCode CINclosureDate ReasonForClosure DateOfInitialCPC "
            "ReferralNFA AssessmentActualStartDate AssessmentInternalReviewDate AssessmentAuthorisationDate "
            "AssessmentFactors CINPlanStartDate CINPlanEndDate S47ActualStartDate InitialCPCtarget ICPCnotRequired "
            "CPPstartDate CPPendDate InitialCategoryOfAbuse LatestCategoryOfAbuse NumberOfPreviousCPP CPPreviewDate "
            "PPStartDate LBPSentDate FGDMMeetingOffer FGDMMeetingFac InitialPPMeetingDate ReviewMeetingsCount "
            "StepDecisionDate PPOutcome CourtAppDate LetterInitCPDate",
            id="CIN census",
        ),
    ],
)
def test_every_field_of_a_return_has_a_place(door, names):
    held = {spec.names[door] for kind in KINDS.values() for spec in kind.fields.values() if door in spec.names}
    for kind in KINDS.values():
        held |= {name for name in kind.dates.get(door, ()) if name}

    assert set(names.split()) - held == set()
