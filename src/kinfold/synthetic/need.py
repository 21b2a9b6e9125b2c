"""A child in need: referrals in outline, then each with its assessments, enquiries, conference and plans."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Bands, Weights, long_tailed
from kinfold.synthetic.days import add_working, working_day_on_or_after
from kinfold.synthetic.world import Assessment, Enquiry, NeedPlan, PreProceedings, ProtectionPlan, Referral


@dataclass(slots=True, frozen=True)
class Outline:
    """A referral in outline: when it was made, what came of it and when the case was closed."""

    made: int
    closed: int
    course: str  # no_further_action, not_in_need, in_need


@cache
def _weights(name: str) -> Weights:
    return Weights(calibration()["need"][name])


@cache
def _bands(name: str) -> Bands:
    return Bands(calibration()["need"][name])


def outline_of(chance: random.Random, made: int) -> Outline:
    """Return what comes of a referral made on a day, as often and for as long as published."""
    need = calibration()["need"]
    drawn = chance.random()
    if drawn < need["no_further_action"]:
        return Outline(made, made, "no_further_action")
    if drawn < need["no_further_action"] + need["not_in_need"]:
        return Outline(made, made + chance.randrange(12, 75), "not_in_need")
    return Outline(made, made + _bands("days").choose(chance), "in_need")


def outlines_of(chance: random.Random, first: int) -> list[Outline]:
    """Return a child's referrals in outline, from the first one on: some come back."""
    need = calibration()["need"]
    found = [outline_of(chance, first)]
    while len(found) < 5 and chance.random() < need["again"]:
        wait = long_tailed(chance, lowest=12, median=need["again_days_median"], highest=1400)
        found.append(outline_of(chance, working_day_on_or_after(found[-1].closed + wait)))
    return found


class Numbers:
    """Gives out a council's record numbers, one after another for each sort."""

    def __init__(self, la_code: str) -> None:
        self._la_code = la_code
        self._next: dict[str, int] = {}

    def next(self, sort: str) -> str:
        """Return the next number of a sort: REF990000001."""
        number = self._next.get(sort, 0) + 1
        self._next[sort] = number
        return f"{sort}{self._la_code}{number:07d}"


def referral_of(chance: random.Random, numbers: Numbers, outline: Outline, *, visits_from: int) -> Referral:
    """Return a referral with everything that happened in its episode of need."""
    nothing = outline.course == "no_further_action"
    need = "N0" if nothing else "N9" if outline.course == "not_in_need" and chance.random() < 0.1 else ""
    made = Referral(
        number=numbers.next("REF"),
        made=outline.made,
        source=_weights("sources").choose(chance),
        need=need or _weights("needs").choose(chance),
        no_further_action=nothing,
    )
    if nothing:
        return made
    in_need = outline.course == "in_need"
    assessment = assessment_of(chance, numbers, outline.made + chance.randrange(0, 3), in_need=in_need)
    made.assessments.append(assessment)
    authorised = assessment.authorised or outline.made
    closed = max(outline.closed, authorised + chance.randrange(0, 6))
    made.closure_reason = "RC7" if in_need else "RC8" if chance.random() < 0.6 else "RC9"
    if in_need:
        closed = _in_need(chance, numbers, made, closed, visits_from)
        if chance.random() < 0.02:
            made.closure_reason = "RC5"
    elif chance.random() < calibration()["need"]["section_47_when_not_in_need"]:
        made.enquiries.append(enquiry_of(chance, numbers, outline.made + chance.randrange(0, 4), conference=False))
        # Nothing may be dated after the case was closed (census rule 8565).
        closed = max(closed, made.enquiries[0].end or 0)
    made.closed = closed
    return made


def assessment_of(chance: random.Random, numbers: Numbers, start: int, *, in_need: bool) -> Assessment:
    """Return a child and family assessment with the published share authorised within 45 working days."""
    start = working_day_on_or_after(start)
    authorised = add_working(start, _bands("assessment_working_days").choose(chance))
    count = chance.choices((1, 2, 3, 4, 5), (16, 24, 26, 20, 14))[0]
    factors = tuple(sorted({_weights("factors").choose(chance) for _ in range(count)}))
    if not in_need and chance.random() < 0.25:
        factors = ("21",)
    review = min(add_working(start, 10), authorised)
    return Assessment(numbers.next("ASM"), start, review, authorised, factors, chance.random() < 0.97, in_need)


def enquiry_of(chance: random.Random, numbers: Numbers, start: int, *, conference: bool) -> Enquiry:
    """Return a section 47 enquiry, with its initial conference where one followed."""
    start = working_day_on_or_after(start)
    target = add_working(start, 15)
    if not conference:
        return Enquiry(numbers.next("S47"), start, target, None, False, add_working(start, chance.randrange(3, 14)))
    held = add_working(start, _bands("conference_working_days").choose(chance))
    plan = chance.random() < calibration()["need"]["plan_after_conference"]
    return Enquiry(numbers.next("S47"), start, target, held, True, held, numbers.next("ICP"), plan)


def protection_plan_of(chance: random.Random, numbers: Numbers, enquiry: Enquiry, end: int) -> ProtectionPlan:
    """Return the child protection plan a conference made, with review conferences and visits until `end`."""
    need = calibration()["need"]
    start = enquiry.conference or enquiry.start
    category = _weights("plan_categories").choose(chance)
    latest = category if chance.random() < 0.88 else _weights("plan_categories").choose(chance)
    earlier = chance.choice((1, 1, 1, 2, 3)) if chance.random() < need["earlier_plan"] else 0
    plan = ProtectionPlan(numbers.next("CPP"), start, end, category, latest, earlier, enquiry.conference_id)
    then = working_day_on_or_after(start + chance.randrange(72, 90))
    while then < end:
        plan.reviews.append(then)
        then = working_day_on_or_after(then + chance.randrange(145, 181))
    plan.visits = every(chance, start + 3, end, chance.randrange(13, 20))
    return plan


def every(chance: random.Random, start: int, end: int, days: int) -> list[int]:
    """Return visits about every so many days, on working days, before `end`."""
    visits, then = [], working_day_on_or_after(start)
    while then < end:
        visits.append(then)
        then = working_day_on_or_after(then + days + int(chance.random() * 5))
    return visits


def _in_need(chance: random.Random, numbers: Numbers, made: Referral, closed: int, visits_from: int) -> int:
    """Add the enquiry, conference and plans of a child found to be in need; return the day the case closed."""
    need = calibration()["need"]
    authorised = made.assessments[0].authorised or made.made
    after = authorised + chance.randrange(1, 8)
    if chance.random() < need["section_47"]:
        conference = closed - made.made > 45 and chance.random() < need["conference_after_section_47"] * 1.35
        start = made.made + chance.randrange(0, 12 if conference else 6)
        enquiry = enquiry_of(chance, numbers, start, conference=conference)
        made.enquiries.append(enquiry)
        closed = max(closed, enquiry.end or 0)
        if enquiry.plan_made:
            lowest, median, highest = need["plan_days"]
            length = long_tailed(chance, lowest=lowest, median=median, highest=highest, spread=0.62)
            plan = protection_plan_of(chance, numbers, enquiry, enquiry.start + 20 + length)
            made.protection_plans.append(plan)
            after = (plan.end or 0) + 1
            closed = max(min(closed, after + 150), after + chance.randrange(10, 100))
    if closed - after > 12 and (made.protection_plans or chance.random() < need["child_in_need_plan"]):
        plan_ = NeedPlan(numbers.next("CIN"), after, closed)
        plan_.visits = every(chance, max(after + 5, visits_from), closed, chance.randrange(24, 40))
        made.need_plans.append(plan_)
    return closed


_SPREAD = Weights({"emergency": 30, "weeks": 35, "months": 35})


def lead_into_care(chance: random.Random, *, unaccompanied: bool) -> int:
    """Return how many days before coming into care a child was referred."""
    if unaccompanied:
        return chance.randrange(0, 2)
    match _SPREAD.choose(chance):
        case "emergency":
            return chance.randrange(0, 6)
        case "weeks":
            return chance.randrange(6, 100)
        case _:
            return chance.randrange(100, 520)


def referral_into_care(
    chance: random.Random, numbers: Numbers, *, made: int, care_start: int, closed: int, need: str, unaccompanied: bool
) -> Referral:
    """Return the referral whose episode of need holds a period of care; some had a protection plan before it."""
    source = "6" if unaccompanied and chance.random() < 0.5 else _weights("sources").choose(chance)
    referral = Referral(numbers.next("REF"), made, source, need, False, closed)
    assessment = assessment_of(chance, numbers, made + chance.randrange(0, 3), in_need=True)
    if unaccompanied:
        assessment.factors = ("17A",)
    if (assessment.authorised or 0) < closed:
        referral.assessments.append(assessment)
    if unaccompanied or need != "N1":
        return referral
    lead = care_start - made
    if lead < 12:
        enquiry = enquiry_of(chance, numbers, made, conference=False)
        if (enquiry.end or 0) < closed:
            referral.enquiries.append(enquiry)
    elif lead > 90 and chance.random() < 0.55:
        _plan_before_care(chance, numbers, referral, care_start)
    return referral


def _plan_before_care(chance: random.Random, numbers: Numbers, referral: Referral, care_start: int) -> None:
    enquiry = enquiry_of(chance, numbers, referral.made + chance.randrange(1, 10), conference=True)
    referral.enquiries.append(enquiry)
    held = enquiry.conference or enquiry.start
    if enquiry.plan_made and held < care_start + 10:
        end = max(care_start + chance.randrange(0, 25), held + 8)
        referral.protection_plans.append(protection_plan_of(chance, numbers, enquiry, end))
    if care_start - referral.made > 150 and chance.random() < 0.6:
        referral.pre_proceedings = _before_court(chance, numbers, care_start)


def _before_court(chance: random.Random, numbers: Numbers, care_start: int) -> PreProceedings:
    court = working_day_on_or_after(care_start - chance.randrange(0, 4))
    decision = court - chance.randrange(60, 130)
    meeting = working_day_on_or_after(decision + chance.randrange(10, 24))
    offered = chance.random() < 0.8
    return PreProceedings(
        numbers.next("PLO"), decision, working_day_on_or_after(decision + 4), meeting, "PP3",
        court - chance.randrange(1, 8), offered, offered and chance.random() < 0.5, court,
    )  # fmt: skip
