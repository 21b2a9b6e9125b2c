"""
What a reader of one child's record is warned about.

Real files break these expectations, so nothing here refuses a fact: it is kept as reported, and a finding
says what does not fit. Every function takes the current versions of one child's facts (or those known at
one moment), copes with gaps, overlaps and missing dates, and returns findings in order. Where several doors
speak of the child, hand in `[one.version for one in shown(facts)]`, or the same placement counts twice.

Source: Kinfold record model, section 4, those that the database does not refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from kinfold.record.declare import Field, Word, kind, upcast
from kinfold.record.finding import Finding
from kinfold.record.in_time import FactVersion, says_it_is_open
from kinfold.record.tiling import gaps, overlaps, stretches
from kinfold.terms.codes import code_set

__all__ = ["EXPECTATIONS", "Finding", "codes_are_valid", "findings"]

Facts = Sequence[FactVersion]
CodeIsValid = Callable[[str, str, date | None], bool]

# Agreed series of short breaks: the child lives at home between them (SSDA903 guide, V3 and V4).
_SHORT_BREAK_STATUSES = frozenset({"V3", "V4"})
# Temporary moves, during which the placement itself goes on (SSDA903 guide, T0 to T4).
_TEMPORARY_PLACEMENTS = frozenset({"T0", "T1", "T2", "T3", "T4"})
# SSDA903 rule 710: secure home, with parents, young offender institution, supported accommodation.
_NO_DEPRIVATION_OF_LIBERTY = frozenset({"K1", "P1", "R5", "K3"})
# What may still happen when a child has died: telling, deciding, answering, putting the record in order.
_MAY_FOLLOW_DEATH = frozenset({"death", "decision", "approval", "court_order", "hearing", "proceedings"})
_ROOMS_AFTER_DEATH = frozenset({"duties", "access", "sharing", "identity", "market", "region", "funding"})
_LONGEST_PREGNANCY = timedelta(days=308)  # 44 weeks: work on an unborn child is no older than that
_CONFERENCE_WINDOW = timedelta(days=92)  # a conference further from a plan's start is another plan's
_WEEKEND = (5, 6)


def findings(facts: Iterable[FactVersion], *, code_is_valid: CodeIsValid | None = None) -> list[Finding]:
    """Return every finding on one child's facts, expectation by expectation; `code_is_valid` asks `terms` if not given."""
    known = list(facts)
    found = [finding for expectation in EXPECTATIONS for finding in expectation(known)]
    return found + codes_are_valid(known, code_is_valid=code_is_valid or _is_code)


def at_most_one_open(facts: Facts) -> list[Finding]:
    """Two spells of a kind that is open at most once hold at the same time: care periods and plans among them."""
    names = sorted({fact.kind for fact in facts if kind(fact.kind).one_open})
    return [finding for name in names for finding in _overlapping(name, _of(facts, name))]


def placements_tile(facts: Facts) -> list[Finding]:
    """Placements overlap, or leave a gap in a care period; a temporary move fills a gap and overlaps nothing."""
    lasting = [f for f in _of(facts, "placement") if f.payload.get("placement_type") not in _TEMPORARY_PLACEMENTS]
    return _overlapping("placement", lasting) + _gaps_in_care(facts, "placement")


def one_legal_status(facts: Facts) -> list[Finding]:
    """A looked after child has two legal statuses at once, or none for a time."""
    return _overlapping("legal_status", _of(facts, "legal_status")) + _gaps_in_care(facts, "legal_status")


def _overlapping(name: str, facts: Facts) -> list[Finding]:
    label = kind(name).label
    return [
        Finding(
            "overlap",
            name,
            f"{label}: two hold at the same time from {_day_words(day)}. End one of them, or correct its dates.",
            (first.fact.fact, second.fact.fact),
        )
        for first, second, day in overlaps(stretches(facts))
    ]


def _gaps_in_care(facts: Facts, name: str) -> list[Finding]:
    told = stretches(_of(facts, name))
    if not told:
        return []  # no file has said anything of this kind: that is an empty part, not a gap
    found = []
    for period in stretches(_of(facts, "care_period")):
        statuses = [one for one in stretches(_of(facts, "legal_status")) if one.meets(period)]
        if statuses and all(one.fact.payload.get("legal_status") in _SHORT_BREAK_STATUSES for one in statuses):
            continue
        for start, end in gaps(period, told):
            until = f" to {_day_words(end)}" if end else " on"
            message = (
                f"{kind(name).label}: none from {_day_words(start)}{until}, while the child is looked after. "
                "Add what is missing, or correct the dates beside it."
            )
            found.append(Finding("gap", name, message, (period.fact.fact,)))
    return found


def plan_follows_conference(facts: Facts) -> list[Finding]:
    """A child protection plan starts before the conference that made it."""
    held, found = _conferences(facts), []
    for plan in _of(facts, "child_protection_plan"):
        start = plan.valid_from
        near = [day for day in held if start and abs(day - start) <= _CONFERENCE_WINDOW]
        if start is None or not near or min(near) <= start:
            continue
        message = (
            f"Child protection plan: it starts on {_day_words(start)}, before the conference of "
            f"{_day_words(min(near))} that made it. Correct one of the dates."
        )
        found.append(Finding("plan_before_conference", plan.kind, message, (plan.fact, held[min(near)])))
    return found


def _conferences(facts: Facts) -> dict[date, UUID]:
    """Return the days of initial conferences, with the fact that says so; the census writes them on other facts too."""
    held: dict[date, UUID] = {}
    for name in ("referral_episode", "section_47_enquiry"):
        for fact in _of(facts, name):
            if day := _payload_day(fact, "initial_conference_date"):
                held[day] = fact.fact
    for fact in _of(facts, "initial_child_protection_conference"):
        if fact.valid_from:
            held[fact.valid_from] = fact.fact
    return held


def conference_on_a_weekday(facts: Facts) -> list[Finding]:
    """An initial child protection conference is dated on a Saturday or Sunday."""
    return [
        Finding(
            "weekend",
            fact.kind,
            f"{kind(fact.kind).label}: {_day_words(fact.valid_from)} is a Saturday or Sunday. Check the date.",
            (fact.fact,),
        )
        for fact in _of(facts, "initial_child_protection_conference")
        if fact.valid_from and fact.valid_from.weekday() in _WEEKEND
    ]


def enquiry_follows_strategy(facts: Facts) -> list[Finding]:
    """A section 47 enquiry typed in here has no strategy discussion that began it. Files carry none, so are not asked."""
    began = {
        fact.valid_from
        for fact in _of(facts, "strategy_discussion")
        if fact.payload.get("initiated_section_47") is True
    }
    return [
        Finding(
            "no_strategy_discussion",
            fact.kind,
            f"Section 47 enquiry: no strategy discussion of {_day_words(fact.valid_from)} is recorded as beginning it.",
            (fact.fact,),
        )
        for fact in _of(facts, "section_47_enquiry")
        if fact.source == "kinfold" and fact.valid_from and fact.valid_from not in began
    ]


def assessment_dates_in_order(facts: Facts) -> list[Finding]:
    """An assessment is authorised before it starts, or starts before the first referral."""
    referrals = [fact.valid_from for fact in _of(facts, "referral_episode") if fact.valid_from]
    found = []
    for fact in _of(facts, "assessment"):
        start, authorised = fact.valid_from, _payload_day(fact, "authorised_date")
        if start and authorised and authorised < start:
            message = (
                f"Assessment: it is authorised on {_day_words(authorised)}, before it starts on {_day_words(start)}. "
                "Correct one of the dates."
            )
            found.append(Finding("authorised_before_start", fact.kind, message, (fact.fact,)))
        if start and referrals and start < min(referrals):
            message = (
                f"Assessment: it starts on {_day_words(start)}, before the first referral on "
                f"{_day_words(min(referrals))}. Correct one of the dates."
            )
            found.append(Finding("before_referral", fact.kind, message, (fact.fact,)))
    return found


def nothing_after_death(facts: Facts) -> list[Finding]:
    """Something happens, or goes on, after a child has died."""
    died = _first_day(facts, "death_date")
    if died is None:
        return []
    found = []
    for fact in facts:
        declared = kind(fact.kind)
        if declared.word in (Word.PAPER, Word.PERSON, Word.TIE, Word.BODY):
            continue
        if declared.family in _ROOMS_AFTER_DEATH or declared.name in _MAY_FOLLOW_DEATH:
            continue
        if fact.valid_from and fact.valid_from > died:
            found.append(_after_death("after_death", fact, f"it is dated {_day_words(fact.valid_from)}", died))
        elif declared.word is not Word.EVENT and _goes_on_after(fact, died):
            found.append(_after_death("open_after_death", fact, "it goes on", died))
    return found


def _goes_on_after(fact: FactVersion, died: date) -> bool:
    # A spell that ends with the death may be ended on that day or, half-open, on the next.
    return says_it_is_open(fact) or (fact.valid_to is not None and fact.valid_to > died + timedelta(days=1))


def _after_death(code: str, fact: FactVersion, what: str, died: date) -> Finding:
    message = f"{kind(fact.kind).label}: {what}, after the death on {_day_words(died)}. Correct or end it."
    return Finding(code, fact.kind, message, (fact.fact,))


def nothing_before_birth(facts: Facts) -> list[Finding]:
    """A child is looked after before birth, or anything else is older than a pregnancy."""
    born = _first_day(facts, "birth_date")
    if born is None:
        return []
    found = []
    for fact in facts:
        declared = kind(fact.kind)
        if declared.word in (Word.PERSON, Word.TIE, Word.BODY) or declared.family == "identity":
            continue
        # Referral, assessment, conference and plan may come before birth: a child is protected before they are born.
        earliest = born if declared.family == "care" else born - _LONGEST_PREGNANCY
        if fact.valid_from and fact.valid_from < earliest:
            message = (
                f"{declared.label}: it is dated {_day_words(fact.valid_from)}, and the child was born on "
                f"{_day_words(born)}. Correct one of the dates."
            )
            found.append(Finding("before_birth", fact.kind, message, (fact.fact,)))
    return found


def deprivation_of_liberty_within_care(facts: Facts) -> list[Finding]:
    """A deprivation of liberty goes on outside care, or in a placement where there can be none."""
    found: list[Finding] = []
    periods, placements = stretches(_of(facts, "care_period")), stretches(_of(facts, "placement"))
    for order in stretches(_of(facts, "deprivation_of_liberty")):
        if periods and (outside := gaps(order, periods)):
            message = (
                f"Deprivation of liberty: it holds on {_day_words(outside[0][0])}, when the child is not looked after. "
                "End it, or correct the dates."
            )
            found.append(Finding("outside_care", order.fact.kind, message, (order.fact.fact,)))
        for one in placements:
            if one.meets(order) and one.fact.payload.get("placement_type") in _NO_DEPRIVATION_OF_LIBERTY:
                message = (
                    f"Deprivation of liberty: the placement from {_day_words(one.start)} is of a kind in which there "
                    "can be none (SSDA903 rule 710). Correct one of the two."
                )
                found.append(
                    Finding("placement_does_not_fit", order.fact.kind, message, (order.fact.fact, one.fact.fact))
                )
    return found


def one_primary_allocation(facts: Facts) -> list[Finding]:
    """Two workers answer first for a child at the same time."""
    return _overlapping("allocation", [f for f in _of(facts, "allocation") if f.payload.get("is_primary") is True])


def codes_are_valid(facts: Facts, *, code_is_valid: CodeIsValid | None = None) -> list[Finding]:
    """A code is not one of its set on the day it is about."""
    asks = code_is_valid or _is_code
    found = []
    for fact in facts:
        for spec, code in _codes_of(fact):
            day = _day_of_field(fact, spec.name)
            if not asks(spec.codes or "", code, day):
                when = f" on {_day_words(day)}" if day else ""
                message = f"{kind(fact.kind).label}: {spec.meaning}: {code} is not a code{when}. Choose another."
                found.append(Finding("code_not_valid", fact.kind, message, (fact.fact,)))
    return found


def _codes_of(fact: FactVersion) -> Iterator[tuple[Field, str]]:
    payload = upcast(fact.kind, fact.kind_version, dict(fact.payload))
    for spec in kind(fact.kind).fields.values():
        value = payload.get(spec.name)
        if spec.codes and value is not None:
            for code in [value] if isinstance(value, str) else value:
                yield spec, str(code)


_SAID_AT_THE_END = ("end_reason", "closure_reason", "ceased_reason", "change_reason", "latest_category")


def _day_of_field(fact: FactVersion, name: str) -> date | None:
    """Return the day a code is about: what is said when something ends is about its last day."""
    if name in _SAID_AT_THE_END and fact.valid_to is not None:
        return fact.valid_to
    return fact.valid_from


def _is_code(name: str, code: str, day: date | None) -> bool:
    return code_set(name).is_valid(code, day)


def _of(facts: Facts, name: str) -> list[FactVersion]:
    return [fact for fact in facts if fact.kind == name]


def _first_day(facts: Facts, field: str) -> date | None:
    """Return the earliest day that a person's details, or a death, give for `field`."""
    days = [_payload_day(fact, field) for fact in facts if fact.kind in ("person_details", "death")]
    return min((day for day in days if day), default=None)


def _payload_day(fact: FactVersion, field: str) -> date | None:
    value = fact.payload.get(field)
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) else None


def _day_words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "an unknown day"


EXPECTATIONS: tuple[Callable[[Facts], list[Finding]], ...] = (
    at_most_one_open,
    placements_tile,
    one_legal_status,
    plan_follows_conference,
    conference_on_a_weekday,
    enquiry_follows_strategy,
    assessment_dates_in_order,
    nothing_after_death,
    nothing_before_birth,
    deprivation_of_liberty_within_care,
    one_primary_allocation,
)
