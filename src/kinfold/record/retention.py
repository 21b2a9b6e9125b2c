"""
How long a child's record is kept, and why: the longest of the rules that apply.

The numbers, their sources and how well those were read are in retention.toml. A rule says when somebody must look at a
record and decide, never that it is destroyed by itself: two people decide, and a legal hold stops them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from kinfold.terms.law import DatedValue, parse_law

# SSDA903 reasons for an episode's end that say the child was adopted.
ADOPTED = frozenset({"E11", "E12"})
PROTECTION = frozenset({"child_protection_plan", "section_47_enquiry"})
NEED = frozenset({"assessment", "child_in_need_plan", "family_help"})
FRONT_DOOR = frozenset({"referral_episode", "contact", "early_help"})
# While one of these goes on the case is open, and no retention time runs.
OPEN_CASE = frozenset(
    {"care_period", "child_protection_plan", "child_in_need_plan", "referral_episode", "leaving_care"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """One fact as retention needs it: its kind, its two days and, for a care period, how it ended."""

    kind: str
    since: date | None
    until: date | None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule that applies: until which day (None while the case is open or a date is not known), and why."""

    rule: str
    until: date | None
    because: str
    value: DatedValue


@cache
def schedule() -> Mapping[str, DatedValue]:
    """Return the retention schedule, by rule."""
    text = resources.files("kinfold.record").joinpath("retention.toml").read_text(encoding="utf-8")
    return parse_law(text, file="retention.toml")


def years_after(day: date, years: int) -> date:
    """Return the same day `years` later; the 29th of February becomes the 1st of March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def rules_for(facts: Iterable[Held], *, born: date | None, died: date | None, today: date) -> Sequence[Kept]:
    """
    Return every rule that applies to one child, the one that keeps longest first.

    An open case and a date that is not known keep longest of all.
    """
    held = list(facts)
    kinds = {fact.kind for fact in held}
    found: list[Kept] = []
    if "care_period" in kinds:
        found.append(_from_birth("looked_after", born=born, died=died, today=today))
    if "leaving_care" in kinds:
        found.append(_from_birth("care_leaver", born=born, died=died, today=today))
    orders = [f.until for f in held if f.kind == "care_period" and f.end_reason in ADOPTED and f.until]
    if orders:
        found.append(_from_day("adoption_from_order", max(orders), "from the adoption order", today=today))
    found += _by_closure(held, kinds, today=today)
    return sorted(found, key=lambda kept: kept.until or date.max, reverse=True)


def _by_closure(held: Sequence[Held], kinds: set[str], *, today: date) -> list[Kept]:
    rule = next(
        (name for name, those in (("child_protection_from_closure", PROTECTION), ("child_in_need_from_closure", NEED),
                                  ("contact_from_last", FRONT_DOOR)) if kinds & those), "",
    )  # fmt: skip
    if not rule:
        return []
    return [_from_day(rule, _closed(held), "from the closure of the case", today=today)]


def _closed(held: Sequence[Held]) -> date | None:
    """Return the day on which the last of a child's spells ended; None while one that keeps the case open goes on."""
    if any(fact.kind in OPEN_CASE and fact.until is None for fact in held):
        return None
    days = [day for fact in held for day in (fact.until, fact.since) if day]
    return max(days, default=None)


def _from_birth(prefix: str, *, born: date | None, died: date | None, today: date) -> Kept:
    young = died is not None and born is not None and died < years_after(born, 18)
    if young:
        return _from_day(f"{prefix}_from_death", died, "from a death before the age of 18", today=today)
    return _from_day(f"{prefix}_from_birth", born, "from birth", today=today)


def _from_day(rule: str, day: date | None, because: str, *, today: date) -> Kept:
    value = schedule()[rule]
    years = int(value.on(today))
    if day is None:
        return Kept(rule, None, f"{years} years {because}: that day is not known or not yet come", value)
    return Kept(rule, years_after(day, years), f"{years} years {because}", value)


def keep_until(rules: Sequence[Kept]) -> date | None:
    """Return the day from which the record may be reviewed for disposal; None where that day cannot be said yet."""
    if not rules or any(rule.until is None for rule in rules):
        return None
    return max(rule.until for rule in rules if rule.until)


def is_due(rules: Sequence[Kept], today: date) -> bool:
    """Return whether somebody must look at the record and decide: every rule's time is over."""
    until = keep_until(rules)
    return until is not None and until <= today
