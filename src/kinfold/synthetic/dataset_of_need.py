"""The part of the Standard Safeguarding Dataset that tells of referrals, assessments, enquiries and plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kinfold.synthetic.days import add_working, as_iso
from kinfold.synthetic.world import Child, Enquiry, ProtectionPlan, Referral

Row = dict[str, Any]


def rows_of_need(child: Child) -> Iterator[tuple[str, Row]]:
    """Yield `(table, row)` for a child's referrals and all that happened in their episodes of need."""
    person = child.la_child_id
    for referral in child.referrals:
        yield "ssd_contacts", {
            "cont_contact_id": f"CO{referral.number}", "cont_person_id": person, "cont_contact_date": as_iso(referral.made),
            "cont_contact_source_code": referral.source,
            "cont_contact_outcome_json": json.dumps({"NEW_REFERRAL_FLAG": "Y"}),
        }  # fmt: skip
        yield "ssd_cin_episodes", _episode(person, referral)
        yield from _assessments(person, referral)
        yield from _plans(person, referral)
        for enquiry in referral.enquiries:
            yield from _enquiry(person, referral, enquiry)
        for plan in referral.protection_plans:
            yield from _protection(person, referral, plan)
        yield from _pre_proceedings(person, referral)


def _episode(person: str, referral: Referral) -> Row:
    nothing = "Y" if referral.no_further_action else "N"
    return {
        "cine_referral_id": referral.number, "cine_person_id": person, "cine_referral_date": as_iso(referral.made),
        "cine_cin_primary_need_code": referral.need, "cine_referral_source_code": referral.source,
        "cine_referral_outcome_json": json.dumps({"OUTCOME_NFA_FLAG": nothing}), "cine_referral_nfa": nothing,
        "cine_close_reason": referral.closure_reason, "cine_close_date": as_iso(referral.closed),
        "cine_referral_team": referral.team, "cine_referral_worker_id": referral.worker,
    }  # fmt: skip


def _assessments(person: str, referral: Referral) -> Iterator[tuple[str, Row]]:
    for one in referral.assessments:
        done = one.authorised is not None
        yield "ssd_cin_assessments", {
            "cina_assessment_id": one.number, "cina_person_id": person, "cina_referral_id": referral.number,
            "cina_assessment_start_date": as_iso(one.start), "cina_assessment_child_seen": "Y" if one.seen else "N",
            "cina_assessment_auth_date": as_iso(one.authorised),
            "cina_assessment_outcome_json": json.dumps({"OUTCOME_PROVISION_OF_SERVICES_FLAG": "Y" if one.in_need else "N"})
            if done else "",
            "cina_assessment_outcome_nfa": ("N" if one.in_need else "Y") if done else "",
            "cina_assessment_team": referral.team, "cina_assessment_worker_id": referral.worker,
        }  # fmt: skip
        if one.factors:
            yield "ssd_assessment_factors", {
                "cinf_table_id": f"FA{one.number}", "cinf_assessment_id": one.number,
                "cinf_assessment_factors_json": json.dumps(list(one.factors)),
            }  # fmt: skip


def _plans(person: str, referral: Referral) -> Iterator[tuple[str, Row]]:
    for plan in referral.need_plans:
        yield "ssd_cin_plans", {
            "cinp_cin_plan_id": plan.number, "cinp_referral_id": referral.number, "cinp_person_id": person,
            "cinp_cin_plan_start_date": as_iso(plan.start), "cinp_cin_plan_end_date": as_iso(plan.end),
            "cinp_cin_plan_team": referral.team, "cinp_cin_plan_worker_id": referral.worker,
        }  # fmt: skip
        for position, then in enumerate(plan.visits, start=1):
            yield "ssd_cin_visits", {
                "cinv_cin_visit_id": f"V{plan.number}-{position}", "cinv_person_id": person, "cinv_cin_visit_date": as_iso(then),
                "cinv_cin_visit_seen": _yes(then, 12), "cinv_cin_visit_seen_alone": _yes(then, 3),
                "cinv_cin_visit_bedroom": _yes(then, 2),
            }  # fmt: skip


def _enquiry(person: str, referral: Referral, one: Enquiry) -> Iterator[tuple[str, Row]]:
    yield "ssd_s47_enquiry", {
        "s47e_s47_enquiry_id": one.number, "s47e_referral_id": referral.number, "s47e_person_id": person,
        "s47e_s47_start_date": as_iso(one.start), "s47e_s47_end_date": as_iso(one.end),
        "s47e_s47_nfa": "N" if one.required else "Y",
        "s47e_s47_outcome_json": json.dumps({"OUTCOME_CP_CONFERENCE_FLAG": "Y" if one.required else "N"}) if one.end else "",
        "s47e_s47_completed_by_worker_id": referral.worker, "s47e_s47_completed_by_team": referral.team,
    }  # fmt: skip
    if one.conference is None:
        return
    plan = next((p.number for p in referral.protection_plans if p.conference_id == one.conference_id), "")
    yield "ssd_initial_cp_conference", {
        "icpc_icpc_id": one.conference_id, "icpc_icpc_meeting_id": one.conference_id, "icpc_s47_enquiry_id": one.number,
        "icpc_person_id": person, "icpc_cp_plan_id": plan, "icpc_referral_id": referral.number, "icpc_icpc_transfer_in": "N",
        "icpc_icpc_target_date": as_iso(one.target), "icpc_icpc_date": as_iso(one.conference),
        "icpc_icpc_outcome_cp_flag": "Y" if plan else "N",
        "icpc_icpc_outcome_json": json.dumps({"OUTCOME_CP_FLAG": "Y" if plan else "N"}),
        "icpc_icpc_team": referral.team, "icpc_icpc_worker_id": referral.worker,
    }  # fmt: skip


def _protection(person: str, referral: Referral, plan: ProtectionPlan) -> Iterator[tuple[str, Row]]:
    yield "ssd_cp_plans", {
        "cppl_cp_plan_id": plan.number, "cppl_referral_id": referral.number, "cppl_icpc_id": plan.conference_id,
        "cppl_person_id": person, "cppl_cp_plan_start_date": as_iso(plan.start), "cppl_cp_plan_end_date": as_iso(plan.end),
        "cppl_cp_plan_initial_category": plan.initial_category, "cppl_cp_plan_ola": "N",
        "cppl_cp_plan_latest_category": plan.latest_category,
    }  # fmt: skip
    for position, then in enumerate(plan.visits, start=1):
        yield "ssd_cp_visits", {
            "cppv_cp_visit_id": f"V{plan.number}-{position}", "cppv_person_id": person, "cppv_cp_plan_id": plan.number,
            "cppv_cp_visit_date": as_iso(then), "cppv_cp_visit_seen": _yes(then, 15), "cppv_cp_visit_seen_alone": _yes(then, 4),
            "cppv_cp_visit_bedroom": _yes(then, 3),
        }  # fmt: skip
    due = add_working(plan.start, 63)
    for position, then in enumerate(plan.reviews, start=1):
        last = plan.end is not None and position == len(plan.reviews) and plan.end - then < 40
        yield "ssd_cp_reviews", {
            "cppr_cp_review_id": f"R{plan.number}-{position}", "cppr_person_id": person, "cppr_cp_plan_id": plan.number,
            "cppr_cp_review_due": as_iso(due), "cppr_cp_review_date": as_iso(then),
            "cppr_cp_review_meeting_id": f"R{plan.number}-{position}",
            "cppr_cp_review_outcome_continue_cp": "N" if last else "Y", "cppr_cp_review_quorate": "Y",
            "cppr_cp_review_participation": "PN1",
        }  # fmt: skip
        due = then + 182


def _pre_proceedings(person: str, referral: Referral) -> Iterator[tuple[str, Row]]:
    court = referral.pre_proceedings
    if court is not None:
        yield "ssd_pre_proceedings", {
            "prep_table_id": court.number, "prep_person_id": person, "prep_plo_family_id": f"PF{court.number}",
            "prep_pre_pro_decision_date": as_iso(court.decision), "prep_initial_pre_pro_meeting_date": as_iso(court.meeting),
            "prep_pre_pro_outcome": "Decision to issue care proceedings",
            "prep_agree_stepdown_issue_date": as_iso(court.outcome_date), "prep_pre_pro_letter_date": as_iso(court.letter),
            "prep_care_pro_letter_date": as_iso(court.court), "prep_pre_pro_meetings_num": 2,
            "prep_pre_pro_parents_legal_rep": "Y",
        }  # fmt: skip


def _yes(then: int, every: int) -> str:
    """Return Y, but N once in so many visits: which ones follows from the day, so no chance is drawn while writing."""
    return "N" if then * 31 % every == 0 else "Y"
