"""A child in care from the first day to the last: the period with its placements, reviews, health and what came after."""

from __future__ import annotations

import random
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.days import birthday, working_day_on_or_after
from kinfold.synthetic.geography import Ground
from kinfold.synthetic.legal import legal_course
from kinfold.synthetic.need import Numbers
from kinfold.synthetic.pathways import Pathway, end_code
from kinfold.synthetic.placements import PlacementDraft
from kinfold.synthetic.reviews import deprived_of, health_of, missing_of, permanence_before, reviews_of, visits_of
from kinfold.synthetic.world import CarePeriod, Child, Leaver, Placement, Spot


@cache
def _needs() -> Weights:
    return Weights(calibration()["entry"]["needs"])


@cache
def _leaving(name: str) -> Weights:
    return Weights(calibration()["leaving_care"][name])


def care_period_of(
    chance: random.Random,
    numbers: Numbers,
    ground: Ground,
    path: Pathway,
    *,
    home: Spot,
    since: int,
    sibling: list[Placement],
) -> CarePeriod:
    """Return a whole period of care; what happens often (visits, missing periods) is only drawn from `since` on."""
    course = legal_course(chance, path)
    placements = PlacementDraft(chance, ground, path, course, home, sibling).draw()
    relative = any(one.kind in ("U1", "U2", "U3") for one in placements[-1:])
    reason = end_code(chance, path, foster_relative=relative)
    if reason in ("E45", "E46") and not placements[-1].kind.startswith("U"):
        reason = "E47"  # only a former foster carer becomes guardian as such (SSDA903 rule 516)
    if reason == "E45" and not relative:
        reason = "E46"
    period = CarePeriod(
        number=numbers.next("CLA"),
        start=path.start,
        end=path.end,
        end_reason=reason,
        need="N8" if path.unaccompanied else _needs().choose(chance),
        home_postcode="" if path.unaccompanied else home.postcode,
        statuses=course.statuses,
        placements=placements,
        reviews=[one for one in reviews_of(chance, path.start, path.end) if one >= since],
        adoption=course.adoption,
        before=permanence_before(chance, birth=path.birth, start=path.start),
    )
    every = calibration()["in_care"]["visit_every_days"]
    period.visits = [one for one in visits_of(chance, path.start, path.end, every) if one >= since]
    period.missing = missing_of(chance, period, path.birth, since)
    period.deprived_of_liberty = deprived_of(chance, period)
    return period


def health_years(chance: random.Random, child: Child, year_ends: list[int]) -> None:
    """Add the health of each year for the whole of which the child was in one period of care."""
    for year_end in year_ends:
        for period in child.care:
            # In care on 31 March and for at least a year: started before the year's first day.
            if period.start <= year_end - 365 and (period.end is None or period.end > year_end):
                child.health.append(health_of(chance, child, year_end))


def is_care_leaver(child: Child) -> bool:
    """
    Return whether the child left care as a relevant or former relevant child.

    Source: Children Act 1989, s. 23A and Schedule 2 para. 19B: 13 weeks since 14, some of it after 16.
    """
    if child.birth is None or not child.care or child.death is not None:
        return False
    last = child.care[-1]
    if last.end is None or last.end_reason in ("E3", "E15", "E11", "E12", "E16"):
        return False
    since = max(last.start, birthday(child.birth, 14))
    return last.end > birthday(child.birth, 16) and last.end - since >= 91


def leaver_contacts(chance: random.Random, child: Child, first: int, last: int) -> list[Leaver]:
    """Return what was known at each birthday from 17 to 21 after leaving care that falls in `[first, last]`."""
    if not is_care_leaver(child) or child.birth is None:
        return []
    end = child.care[-1].end or last
    found: list[Leaver] = []
    for age in (17, 18, 19, 20, 21):
        then = birthday(child.birth, age)
        if first <= then <= last and end < then:
            found.append(_leaver(chance, child, then, age))
    return found


def _leaver(chance: random.Random, child: Child, then: int, age: int) -> Leaver:
    leaving = calibration()["leaving_care"]
    older = "older" if age >= 19 else "younger"
    touch = _leaving(f"in_touch_{older}").choose(chance)
    contact = working_day_on_or_after(then - chance.randrange(5, 60))
    if touch != "YES":
        return Leaver(contact, age, touch, "0", "0", "")
    activity = _leaving(f"activity_{older}").choose(chance)
    if activity == "G6" and child.sex == "M" and chance.random() < 0.8:
        activity = "G5"
    accommodation = _leaving("accommodation").choose(chance)
    if accommodation == "Z" and child.care[-1].end_reason != "E17":
        accommodation = "U"
    suitable = "2" if accommodation in leaving["unsuitable"] else "1"
    return Leaver(contact, age, touch, activity, accommodation, suitable)
