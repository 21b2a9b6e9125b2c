"""The passing of days: kept clocks moved by their dates alone say what working them out again would."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinfold.duties import Council, State, World, clocks_of, look_again, one_story, wall_on
from kinfold.record.in_time import FactVersion

FIRST = date(2025, 1, 1)
COUNCIL = Council("901", lambda code: frozenset({"902"}), lambda postcode: None)
KINDS = {
    "care_period": {"start_reason": "S"},
    "placement": {"placement_type": "U6", "placement_authority": "950"},
    "legal_status": {"legal_status": "C1"},
    "looked_after_visit": {"seen": True},
    "looked_after_review": {},
    "child_protection_plan": {},
    "child_protection_visit": {"seen": True},
    "section_47_enquiry": {},
    "leaving_care": {"eligibility": "relevant"},
    "missing": {"missing_type": "MISSING"},
    "complaint": {},
    "school_enrolment": {},
}
SPELLS = {"care_period", "placement", "legal_status", "child_protection_plan", "section_47_enquiry", "missing"}


@st.composite
def lives(draw: st.DrawFn) -> list[FactVersion]:
    """Return an invented child's facts, some of them dated ahead, as plans and files have them."""
    born = FIRST - timedelta(days=draw(st.integers(0, 24 * 365)))
    made = [
        FactVersion(id=0, fact=UUID(int=1), subject=1, kind="person_details", payload={"birth_date": born.isoformat()})
    ]
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        start = FIRST + timedelta(days=draw(st.integers(0, 700)))
        lasts = draw(st.one_of(st.none(), st.integers(0, 400))) if kind in SPELLS else None
        end = start + timedelta(days=lasts) if lasts is not None else None
        made.append(
            FactVersion(id=number + 1, fact=UUID(int=number + 2), subject=1, kind=kind, valid_from=start, valid_to=end,
                        payload=KINDS[kind])
        )  # fmt: skip
    return made


def told(found):
    """Return what a wall shows of clocks: those to be done."""
    open_ones = (clock for clock in found if clock.is_waiting or clock.is_overdue)
    return {(clock.key, clock.state, str(clock.due), clock.because) for clock in open_ones}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(facts=lives(), start=st.integers(0, 700), steps=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_until_the_day_to_look_again_the_dates_say_what_the_facts_would(catalogue, calendars, facts, start, steps):
    kept_on = FIRST + timedelta(days=start)
    world = World(catalogue, calendars, kept_on, {})
    story = one_story(facts, subject=1, commit_number=None, council=COUNCIL)
    kept = clocks_of(story, world)
    again = look_again(story, kept, world)

    for day in (kept_on + timedelta(days=sum(steps[: n + 1])) for n in range(len(steps))):
        if again is not None and day >= again:
            break
        fresh = clocks_of(
            one_story(facts, subject=1, commit_number=None, council=COUNCIL), World(catalogue, calendars, day, {})
        )
        assert told(wall_on([c for c in kept if c.is_waiting or c.is_overdue], day)) == told(fresh)


def test_a_paused_clock_is_looked_at_every_day(fact, catalogue, calendars):
    facts = [fact("child_protection_plan", "2026-11-02")]
    world = World(catalogue, calendars, date(2026, 11, 20), {})
    story = one_story(facts, subject=1, commit_number=None)
    found = clocks_of(story, world)
    found[0].state = State.PAUSED

    assert look_again(story, found, world) == date(2026, 11, 21)


def test_the_next_birthday_that_a_duty_names_is_looked_at(fact, catalogue, calendars):
    facts = [
        fact("person_details", None, birth_date="2010-11-25"),
        fact("care_period", "2024-12-01"),
    ]
    world = World(catalogue, calendars, date(2026, 11, 20), {})
    story = one_story(facts, subject=1, commit_number=None)

    assert look_again(story, clocks_of(story, world), world) == date(2026, 11, 25)
