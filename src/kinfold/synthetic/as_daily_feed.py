"""An invented council's open cases as the objects of the daily feed."""

from __future__ import annotations

from typing import Any

from kinfold.synthetic.days import as_iso, birthday
from kinfold.synthetic.episodes import episodes_of, referral_of_period
from kinfold.synthetic.world import CarePeriod, Child, Referral

MOST_IN_A_FILE = 100
_OLDEST = 26


def is_sent(child: Child, today: int) -> bool:
    """Return whether the feed carries a child: under 26, with a case open now or in the last year, or a care leaver."""
    if child.birth is not None and birthday(child.birth, _OLDEST) <= today:
        return False
    return bool(child.leaver) or any(r.closed is None or r.closed > today - 365 for r in child.referrals)


def child_of(child: Child) -> dict[str, Any]:
    """Return one object of the feed, with known values only. The feed has the name a child goes by."""
    details = _without_blanks(
        unique_pupil_number=child.upn,
        former_unique_pupil_number=child.former_upn,
        unique_pupil_number_unknown_reason=child.upn_unknown,
        first_name=child.known_as or child.forename,
        surname=child.surname,
        date_of_birth=as_iso(child.birth),
        expected_date_of_birth=as_iso(child.expected),
        sex=child.sex,
        ethnicity=child.ethnicity,
        disabilities=list(child.disabilities) or ["NONE"],
        postcode="" if child.unaccompanied else child.home.postcode,
        uasc_flag=child.unaccompanied,
    )
    if child.unaccompanied and child.birth is not None:
        details["uasc_end_date"] = as_iso(birthday(child.birth, 18))
    made: dict[str, Any] = {"la_child_id": child.la_child_id, "child_details": details}
    tested = [{"date": as_iso(one.sdq_date), "score": one.sdq} for one in child.health if one.sdq is not None]
    if tested:
        made["health_and_wellbeing"] = {"sdq_assessments": tested}
    made["social_care_episodes"] = [_episode(child, referral) for referral in child.referrals]
    return made


def _episode(child: Child, referral: Referral) -> dict[str, Any]:
    periods = [one for one in child.care if referral_of_period(child, one) is referral]
    made = _without_blanks(
        social_care_episode_id=referral.number,
        referral_date=as_iso(referral.made),
        referral_source=referral.source,
        referral_no_further_action_flag=referral.no_further_action,
        closure_date=as_iso(referral.closed),
        closure_reason=referral.closure_reason,
        care_worker_details=_workers(child, referral),
        **_assessed_and_planned(referral),
        child_looked_after_placements=[one for period in periods for one in _placements(period)],
    )
    plan = periods[-1].adoption if periods else None
    if plan is not None:
        made["adoption"] = _without_blanks(
            initial_decision_date=as_iso(plan.decision),
            matched_date=as_iso(plan.matched),
            placed_date=as_iso(plan.placed),
        )
    if child.leaver and referral is child.referrals[-1]:
        last = child.leaver[-1]
        made["care_leavers"] = _without_blanks(
            contact_date=as_iso(last.contact),
            activity=last.activity if last.activity != "0" else "",
            accommodation=last.accommodation if last.accommodation != "0" else "",
        )
    return made


def _workers(child: Child, referral: Referral) -> list[dict[str, Any]]:
    until = referral.closed
    return [
        _without_blanks(worker_id=held.worker, start_date=as_iso(held.start), end_date=as_iso(held.end))
        for held in child.allocations
        if held.start >= referral.made and (until is None or held.start < until)
    ]


def _assessed_and_planned(referral: Referral) -> dict[str, list[dict[str, Any]]]:
    return {
        "child_and_family_assessments": [
            _without_blanks(
                child_and_family_assessment_id=one.number, start_date=as_iso(one.start),
                authorisation_date=as_iso(one.authorised), factors=list(one.factors),
            )
            for one in referral.assessments
        ],
        "child_in_need_plans": [
            _without_blanks(child_in_need_plan_id=one.number, start_date=as_iso(one.start), end_date=as_iso(one.end))
            for one in referral.need_plans
        ],
        "section_47_assessments": [
            _without_blanks(
                section_47_assessment_id=one.number, start_date=as_iso(one.start), icpc_required_flag=one.required,
                icpc_date=as_iso(one.conference), end_date=as_iso(one.end),
            )
            for one in referral.enquiries
        ],
        "child_protection_plans": [
            _without_blanks(child_protection_plan_id=one.number, start_date=as_iso(one.start), end_date=as_iso(one.end))
            for one in referral.protection_plans
        ],
    }  # fmt: skip


def _placements(period: CarePeriod) -> list[dict[str, Any]]:
    return [
        _without_blanks(
            child_looked_after_placement_id=f"{period.number}-{number}", start_date=as_iso(one.start),
            start_reason=one.new_reason, placement_type=one.placement.kind, postcode=one.placement.spot.postcode,
            end_date=as_iso(one.end), end_reason=one.ceased_reason if one.end is not None else "",
            change_reason=one.change_reason,
        )
        for number, one in enumerate(episodes_of(period), start=1)
    ]  # fmt: skip


def _without_blanks(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [])}
