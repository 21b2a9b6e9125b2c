"""
The named tests and computed dates that a pattern or a requirement may use, where a field alone cannot say it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kinfold.care.home_education import grounds_for
from kinfold.duties.arithmetic import add_months, age_on, birthday

if TYPE_CHECKING:
    from kinfold.duties.story import Fact, Story

# A child is "eligible" after 13 weeks in care that began after the age of 14 and ended after 16 (Care Planning,
# Placement and Case Review (England) Regulations 2010, reg. 40; Children Act 1989, Sch. 2 para. 19B).
_PRESCRIBED_DAYS = 13 * 7
_SHORT_BREAKS = ("V3", "V4")


@dataclass(frozen=True, slots=True)
class Predicate:
    """One named test of a fact in its story, with what it asks in words."""

    asks: str
    holds: Callable[[Story, Fact], bool]


def placement_council(story: Story, fact: Fact) -> str | None:
    """Return the three-digit code of the council in whose area a placement or a proposal lies, or None if unknown."""
    code = fact.payload.get("placement_authority")
    if code:
        return str(code)
    postcode = fact.payload.get("postcode")
    return story.council.authority_of(postcode) if postcode else None


def is_out_of_area(story: Story, fact: Fact) -> bool:
    """Return whether a placement lies outside the area of the council that looks after the child."""
    code = placement_council(story, fact)
    return bool(code and story.council.la_code and code != story.council.la_code)


def is_at_a_distance(story: Story, fact: Fact) -> bool:
    """
    Return whether a placement is outside the area and not in the area of an adjoining council.

    This is the legal test. It has nothing to do with the 20 miles of the published statistics.
    Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 11(5) (SI 2013/3239).
    """
    code = placement_council(story, fact)
    return is_out_of_area(story, fact) and code not in story.council.adjoining(story.council.la_code)


def _statuses_on(story: Story, day: date) -> set[str]:
    found = set()
    for fact in story.by_kind.get("legal_status", ()):
        if fact.valid_from and fact.valid_from <= day and (fact.valid_to is None or day < fact.valid_to):
            found.add(str(fact.payload.get("legal_status")))
    return found


def _is_interim_order_at_home(story: Story, fact: Fact) -> bool:
    """Return whether the child of this placement lives with a parent while an interim care order holds."""
    return bool(
        fact.valid_from and fact.payload.get("placement_type") == "P1" and "C1" in _statuses_on(story, fact.valid_from)
    )


def became_eligible(story: Story, fact: Fact) -> date | None:
    """
    Return the day in this care period on which the child became "eligible", or None if that day has not come.

    It is the 16th birthday, or the later day on which 13 weeks in care since the age of 14 were complete.
    Short breaks do not count (reg. 40(2)).
    """
    born, started = story.birth_date, fact.valid_from
    if born is None or started is None:
        return None
    fourteen, sixteen, eighteen = (birthday(born, age) for age in (14, 16, 18))
    left = _PRESCRIBED_DAYS
    for spell in story.by_kind.get("care_period", ()):
        begin = max(spell.valid_from or started, fourteen)
        if spell.fact == fact.fact:
            day = max(begin + timedelta(days=max(left, 0)), sixteen, started)
            ended = fact.valid_to is not None and fact.valid_to < day
            short = bool(_statuses_on(story, day) & set(_SHORT_BREAKS))
            return None if ended or short or day >= eighteen else day
        if spell.valid_to is not None:
            left -= max((spell.valid_to - begin).days, 0)
    return None


def _was_eligible_at_end(story: Story, fact: Fact) -> bool:
    """Return whether the child left this care period at 16 or 17 having become eligible: a "relevant child"."""
    born, ended = story.birth_date, fact.valid_to
    return bool(born and ended and age_on(born, ended) in (16, 17) and became_eligible(story, fact))


def _looked_after_twenty_working_days(story: Story, fact: Fact) -> bool:
    """Return whether a child whose care is to end, or ends, was looked after for 20 working days or more."""
    itself = fact.kind == "care_period"
    day = fact.valid_to if itself else fact.valid_from
    around = fact if itself or day is None else story.spell_around("care_period", day)
    # 20 working days are at least 28 days; the few cases between are for the person who decides.
    return bool(day and around and around.valid_from and (day - around.valid_from).days >= 28)


def _plan_without_conference(story: Story, fact: Fact) -> bool:
    """Return whether no conference is on record in the four weeks up to the start of this protection plan."""
    if fact.valid_from is None:
        return False
    days = (one.valid_from for one in story.by_kind.get("initial_child_protection_conference", ()))
    return not any(day is not None and 0 <= (fact.valid_from - day).days <= 28 for day in days)


def _is_at_home(story: Story, fact: Fact) -> bool:
    """Return whether the child was placed with a parent on the day this fact began."""
    day = fact.valid_from
    return day is not None and any(
        one.payload.get("placement_type") == "P1" and _held_on(one, day) for one in story.by_kind.get("placement", ())
    )


def _held_on(fact: Fact, day: date) -> bool:
    return fact.valid_from is not None and fact.valid_from <= day and (fact.valid_to is None or day < fact.valid_to)


def _has_ordinary_visits(story: Story, fact: Fact) -> bool:
    """Return whether regulation 28(2) sets the visits: no regulation 19 or 24, and no order while living at home."""
    if fact.payload.get("regulation") in ("19", "24"):
        return False
    if fact.payload.get("placement_type") != "P1" or fact.valid_from is None:
        return True
    return not _statuses_on(story, fact.valid_from) & {"C1", "C2"}


def _needs_home_education_consent(story: Story, fact: Fact) -> bool:
    """Return whether the council's consent is needed before this child leaves the roll, by `care.home_education`."""
    asked = fact.valid_from
    if asked is None:
        return True
    left = [one.valid_from for one in story.by_kind.get("school_deregistration", ()) if one.valid_from]
    until = min((day for day in left if day >= asked), default=date.max)
    spells = [one for kind in ("section_47_enquiry", "child_protection_plan") for one in story.by_kind.get(kind, ())]
    return bool(grounds_for(fact, spells, until=until))


def _death_day(story: Story, fact: Fact) -> date | None:
    said = fact.payload.get("death_date")
    return date.fromisoformat(said) if said else story.death_date or fact.valid_from


def _was_looked_after_at_death(story: Story, fact: Fact) -> bool:
    if fact.payload.get("was_looked_after") is not None:
        return bool(fact.payload["was_looked_after"])
    day = _death_day(story, fact)
    # The care period ends on the day of death, so that day itself is asked about with the end included.
    return day is not None and any(
        one.valid_from is not None and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
        for one in story.by_kind.get("care_period", ())
    )


def _age_at_death(story: Story, fact: Fact) -> int | None:
    day, born = _death_day(story, fact), story.birth_date
    return age_on(born, day) if day is not None and born is not None else None


def _was_care_leaver_under_25(story: Story, fact: Fact) -> bool:
    age = _age_at_death(story, fact)
    known = fact.payload.get("was_care_leaver")
    leaver = bool(known) if known is not None else "leaving_care" in story.by_kind
    return leaver and (age is None or age < 25)


def _was_a_child_at_death(story: Story, fact: Fact) -> bool:
    age = _age_at_death(story, fact)
    return age is None or age < 18


def _left_section_20_at_16_or_17(story: Story, fact: Fact) -> bool:
    """Return whether this care period ended at 16 or 17 while the child was accommodated under section 20."""
    born, ended = story.birth_date, fact.valid_to
    if born is None or ended is None or age_on(born, ended) not in (16, 17):
        return False
    statuses = [one for one in story.by_kind.get("legal_status", ()) if one.valid_to in (None, ended)]
    return any(one.payload.get("legal_status") == "V2" for one in statuses)


def _anniversary(story: Story, fact: Fact) -> date | None:
    """Return the day on which a spell had lasted a year, or None if it ended before."""
    if fact.valid_from is None:
        return None
    day = add_months(fact.valid_from, 12)
    return None if fact.valid_to is not None and fact.valid_to < day else day


def _end_of_sixteen_weeks(story: Story, fact: Fact) -> date | None:
    """
    Return the day on which the first 16 weeks of a temporary approval that was extended ran out.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, regs 24(1) and 25.
    """
    if fact.valid_from is None or not fact.payload.get("extended_date"):
        return None
    return fact.valid_from + timedelta(weeks=16)


def _financial_year_ends(story: Story, fact: Fact) -> list[date]:
    """Return each 31 March since the council's record began; those to come start nothing until they have come."""
    if fact.valid_from is None:
        return []
    first = fact.valid_from.year
    return [date(year, 3, 31) for year in range(first, first + 40) if date(year, 3, 31) >= fact.valid_from]


PREDICATES: dict[str, Predicate] = {
    "out_of_area": Predicate("the home is outside the council's area", is_out_of_area),
    "at_a_distance": Predicate("the home is outside the area and not in an adjoining one", is_at_a_distance),
    "interim_order_at_home": Predicate("an interim care order, living with a parent", _is_interim_order_at_home),
    "eligible_at_end": Predicate("left care at 16 or 17 as an eligible child", _was_eligible_at_end),
    "looked_after_20_working_days": Predicate(
        "looked after for 20 working days or more", _looked_after_twenty_working_days
    ),
    "plan_without_conference": Predicate("no conference is on record for the plan", _plan_without_conference),
    "at_home": Predicate("the child lives with a parent", _is_at_home),
    "ordinary_visits": Predicate("regulation 28(2) sets the visits", _has_ordinary_visits),
    "home_education_consent_needed": Predicate("the council's consent is needed", _needs_home_education_consent),
    "was_looked_after_at_death": Predicate("looked after when they died", _was_looked_after_at_death),
    "was_care_leaver_under_25": Predicate("a care leaver under 25 when they died", _was_care_leaver_under_25),
    "was_a_child_at_death": Predicate("under 18 when they died", _was_a_child_at_death),
    "left_section_20_at_16_or_17": Predicate("left section 20 at 16 or 17", _left_section_20_at_16_or_17),
}

COMPUTED_DATES: dict[str, Callable[[Story, Fact], date | list[date] | None]] = {
    "became_eligible": became_eligible,
    "anniversary": _anniversary,
    "end_of_sixteen_weeks": _end_of_sixteen_weeks,
    "financial_year_end": _financial_year_ends,
}

# The kinds that tests and computed dates look up beside the fact they are asked about.
LOOKED_UP = frozenset(
    {
        "care_period", "child_protection_plan", "initial_child_protection_conference", "leaving_care", "legal_status",
        "person_details", "placement", "school_deregistration", "section_47_enquiry",
    }
)  # fmt: skip
