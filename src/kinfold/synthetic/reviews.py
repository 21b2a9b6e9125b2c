"""What happens while a child is in care: reviews, visits, missing periods, health, deprivation of liberty, previous permanence."""

from __future__ import annotations

import random

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.days import add_working, birthday, working_day_on_or_after
from kinfold.synthetic.world import CarePeriod, Child, Health


def reviews_of(chance: random.Random, start: int, end: int) -> list[int]:
    """
    Return the days of looked after reviews: within 20 working days, then 3 months, then every 6 months.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 33. A twentieth are late.
    """
    late = chance.randrange(3, 25) if chance.random() < 0.05 else 0
    held = [working_day_on_or_after(add_working(start, chance.randrange(12, 20)) + late)]
    held.append(working_day_on_or_after(held[0] + chance.randrange(70, 90)))
    while held[-1] < end:
        late = chance.randrange(5, 40) if chance.random() < 0.05 else 0
        held.append(working_day_on_or_after(held[-1] + chance.randrange(150, 180) + late))
    return [one for one in held if one < end]


def visits_of(chance: random.Random, start: int, end: int, every: int) -> list[int]:
    """Return visits from the first week on, `every` days apart with the ordinary scatter, all on working days."""
    visits, then = [], start + chance.randrange(1, 7)
    while then < end:
        visits.append(working_day_on_or_after(then))
        then = visits[-1] + every + chance.randrange(-6, 5)
    return [one for one in visits if one < end]


def missing_of(chance: random.Random, period: CarePeriod, birth: int, since: int) -> list[tuple[int, int | None, str]]:
    """Return missing and away periods `(start, end, type)` since a day, in order and never across a change of placement."""
    care = calibration()["in_care"]
    found: list[tuple[int, int | None, str]] = []
    for placement in period.placements:
        if placement.kind.startswith("A"):
            continue
        start, end = max(placement.start + 1, since, birthday(birth, 11)), placement.end or 0
        if chance.random() >= 1 - (1 - care["goes_missing"] * 1.9) ** max((end - start) / 365.25, 0):
            continue
        rate = care["missing_a_year"] * chance.choice((0.6, 0.8, 1.0, 2.0))
        then = start + int(chance.random() * min(90, max(end - start - 4, 1)))
        while then < end - 4:
            back = then + chance.choice((0, 1, 1, 1, 2, 3))
            found.append((then, back, "M" if chance.random() < 0.89 else "A"))
            then = back + 1 + int(chance.expovariate(rate / 365.25))
            if chance.random() < 0.07:
                break
    return found


def deprived_of(chance: random.Random, period: CarePeriod) -> list[tuple[int, int | None]]:
    """Return deprivations of liberty authorised by the court, within placements in children's homes."""
    found: list[tuple[int, int | None]] = []
    for placement in period.placements:
        length = (placement.end or 0) - placement.start
        if (
            placement.kind == "K2"
            and length > 40
            and chance.random() < calibration()["in_care"]["deprived_of_liberty"] * 5
        ):
            start = placement.start + chance.randrange(2, 30)
            found.append((start, min(start + chance.randrange(28, 200), placement.end or 0)))
    return found


_PERMANENCE = Weights({"Z1": 93, "P1": 3, "P2": 3, "P3": 1})


def permanence_before(chance: random.Random, *, birth: int, start: int) -> tuple[str, str, int | None]:
    """Return the permanence a child had before this period: option, the authority that arranged it (999, not known), and the day."""
    option = _PERMANENCE.choose(chance) if start - birth > 1200 else "Z1"
    if option == "Z1":
        return option, "", None
    return option, "999", birth + int((start - birth) * chance.uniform(0.3, 0.75))


def health_of(chance: random.Random, child: Child, year_end: int) -> Health:
    """Return a year's health and wellbeing for a child in care for the whole of it, each item only at its age."""
    care = calibration()["in_care"]
    birth = child.birth or year_end
    year_start = year_end - 364
    score, reason, tested = None, "", None
    if birthday(birth, 4) <= year_end and birthday(birth, 17) > year_start:
        tested = working_day_on_or_after(year_start + chance.randrange(20, 330))
        if chance.random() < care["sdq_received"]:
            score = round(min(max(chance.gauss(care["sdq_mean"] - 0.15, care["sdq_spread"]), 0), 38))
        else:
            reason = chance.choice(("SDQ2", "SDQ3", "SDQ3", "SDQ4", "SDQ5"))
    ten, five = birthday(birth, 10) <= year_end, birthday(birth, 5) <= year_end
    misuse = birthday(birth, 11) <= year_end and chance.random() < care["substance"] * 1.8
    received = ("1" if chance.random() < 0.39 else "0") if misuse else ""
    return Health(
        year_end=year_end,
        sdq=score,
        sdq_reason=reason,
        sdq_date=tested if score is not None else None,
        convicted=("1" if chance.random() < care["convicted"] else "0") if ten else "",
        development="" if five else _yes(chance, care["development_checked"]),
        immunised=_yes(chance, care["immunised"]),
        teeth=_yes(chance, care["teeth"]),
        assessed=_yes(chance, care["health_assessed"]),
        substance="1" if misuse else "0",
        received=received,
        offered=("1" if chance.random() < 0.69 else "0") if received == "0" else "",
        teeth_date=working_day_on_or_after(year_start + chance.randrange(5, 340)),
        assessed_date=working_day_on_or_after(year_start + chance.randrange(5, 340)),
    )


def _yes(chance: random.Random, share: float) -> str:
    return "1" if chance.random() < share else "0"
