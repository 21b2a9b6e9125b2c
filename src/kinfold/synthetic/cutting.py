"""Cutting a history at a day: what is not yet known then is taken away, what has not ended then is open."""

from __future__ import annotations

from kinfold.synthetic.world import CarePeriod, Child, Referral


def known_by(child: Child, horizon: int) -> bool:
    """Cut a child's history in place at the end of the day `horizon`; return whether anything is left to hold."""
    child.referrals = [one for one in child.referrals if one.made <= horizon]
    child.care = [one for one in child.care if one.start <= horizon]
    for referral in child.referrals:
        _cut_referral(referral, horizon)
    for period in child.care:
        _cut_care(period, horizon)
    child.leaver = [one for one in child.leaver if one.contact <= horizon]
    child.health = [one for one in child.health if one.year_end <= horizon]
    if child.birth is not None and child.birth > horizon:
        child.expected, child.birth, child.sex, child.upn, child.upn_unknown = child.birth, None, "U", "", "UN1"
        child.forename, child.known_as = "Unborn", ""
    return bool(child.referrals or child.care or child.leaver)


def closed_on(referral: Referral, last: int) -> None:
    """End everything of a referral's episode of need on the day `last`, as when a child moves away."""
    _cut_referral(referral, last)
    for plan in referral.protection_plans:
        plan.end = last if plan.end is None else plan.end
    for need_plan in referral.need_plans:
        need_plan.end = last if need_plan.end is None else need_plan.end
    referral.closed = last


def _cut_referral(referral: Referral, horizon: int) -> None:
    if referral.closed is not None and referral.closed > horizon:
        referral.closed, referral.closure_reason = None, ""
    referral.assessments = [one for one in referral.assessments if one.start <= horizon]
    for assessment in referral.assessments:
        if assessment.authorised is not None and assessment.authorised > horizon:
            assessment.authorised, assessment.factors = None, ()
    referral.enquiries = [one for one in referral.enquiries if one.start <= horizon]
    for enquiry in referral.enquiries:
        if enquiry.conference is not None and enquiry.conference > horizon:
            enquiry.conference, enquiry.conference_id, enquiry.plan_made = None, "", False
        if enquiry.end is not None and enquiry.end > horizon:
            enquiry.end = None
    referral.protection_plans = [one for one in referral.protection_plans if one.start <= horizon]
    for plan in referral.protection_plans:
        plan.end = None if plan.end is not None and plan.end > horizon else plan.end
        plan.reviews = [one for one in plan.reviews if one <= horizon]
        plan.visits = [one for one in plan.visits if one <= horizon]
    referral.need_plans = [one for one in referral.need_plans if one.start <= horizon]
    for need_plan in referral.need_plans:
        need_plan.end = None if need_plan.end is not None and need_plan.end > horizon else need_plan.end
        need_plan.visits = [one for one in need_plan.visits if one <= horizon]
    court = referral.pre_proceedings
    if court is not None and (court.court or court.decision) > horizon:
        referral.pre_proceedings = None


def _cut_care(period: CarePeriod, horizon: int) -> None:
    if period.end is not None and period.end > horizon:
        period.end, period.end_reason = None, ""
    period.statuses = [one for one in period.statuses if one.start <= horizon]
    period.placements = [one for one in period.placements if one.start <= horizon]
    for status in period.statuses:
        status.end = None if status.end is not None and status.end > horizon else status.end
    for placement in period.placements:
        if placement.end is not None and placement.end > horizon:
            placement.end, placement.change_reason = None, ""
    period.reviews = [one for one in period.reviews if one <= horizon]
    period.visits = [one for one in period.visits if one <= horizon]
    period.missing = [(start, _open(end, horizon), sort) for start, end, sort in period.missing if start <= horizon]
    period.deprived_of_liberty = [(s, _open(e, horizon)) for s, e in period.deprived_of_liberty if s <= horizon]
    plan = period.adoption
    if plan is None:
        return
    if plan.decision > horizon:
        period.adoption = None
        return
    plan.placed, plan.adopted, plan.ceased = (
        _open(plan.placed, horizon),
        _open(plan.adopted, horizon),
        _open(plan.ceased, horizon),
    )
    if plan.matched is not None and plan.matched > horizon:
        plan.matched = None
    plan.ceased_reason = plan.ceased_reason if plan.ceased is not None else ""


def _open(end: int | None, horizon: int) -> int | None:
    return None if end is not None and end > horizon else end
