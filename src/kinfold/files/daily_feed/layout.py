"""
The daily feed's contract, in our own form: what each object may hold, and how long each value may be.

`PARTS` is the contract as data, one `Part` for each sort of object. `faults_of` checks one object against
its part and answers in words that a person can act on; nested objects are checked as parts of their own,
so that one bad assessment spoils only itself.

Source: Department for Education, Children's Social Care API, OpenAPI document 1.0.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

MOST_CHILDREN_IN_A_CALL = 100  # the contract's maxItems: the endpoint's limit, not a file's


class Fault(NamedTuple):
    """One thing wrong with an object: where in it, a stable code, what is wrong, how to put it right."""

    field: str
    code: str
    message: str
    fix: str


Check = Callable[[Any], tuple[str, str, str] | None]  # (code, what must be so, fix), or None where all is well

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no database or XML file can hold these
_LONGEST_NAME = 255  # the contract sets no limit on names; the Standard Safeguarding Dataset's is 255


def text(*, longest: int = _LONGEST_NAME, shortest: int = 0, pattern: str | None = None, holds: str = "") -> Check:
    """Return a check that a value is text of a length, made of the characters that `pattern` allows."""
    allowed = re.compile(pattern) if pattern else None

    def check(value: Any) -> tuple[str, str, str] | None:
        if type(value) is not str:
            return "wrong_type", "must be text", "Put the value in quotation marks, or leave the field out."
        if len(value) > longest:
            return "too_long", f"must be {longest} characters or fewer, and has {len(value)}", "Shorten the value."
        if len(value) < shortest:
            return "too_short", f"must be {shortest} characters, and has {len(value)}", "Give the whole value."
        if allowed is not None and not allowed.fullmatch(value):
            return "wrong_characters", f"may hold only {holds}", "Take the other characters out."
        if not value.isprintable() and _UNSAFE.search(value):
            return "wrong_characters", "holds a control character", "Take the control character out."
        return None

    return check


def is_day(value: Any) -> tuple[str, str, str] | None:
    """Say what is wrong with a value that must be a date written as 2026-03-31."""
    if type(value) is not str:
        return "wrong_type", "must be a date in quotation marks", "Write the date as text, such as 2026-03-31."
    if not _ISO_DAY.fullmatch(value):
        return "impossible_date", "must be a date such as 2026-03-31", "Write the year, the month and the day."
    try:
        date.fromisoformat(value)
    except ValueError:
        return "impossible_date", f"is not a date in the calendar ({value})", "Correct the day or the month."
    return None


def is_flag(value: Any) -> tuple[str, str, str] | None:
    """Say what is wrong with a value that must be true or false."""
    if type(value) is not bool:
        return "wrong_type", "must be true or false", "Write true or false, without quotation marks."
    return None


def is_whole(value: Any) -> tuple[str, str, str] | None:
    """Say what is wrong with a value that must be a whole number."""
    if type(value) is not int:
        return "wrong_type", "must be a whole number", "Write the number without quotation marks or decimals."
    return None


def list_of_text(*, most: int, longest: int) -> Check:
    """Return a check that a value is a list of different texts."""
    one = text(longest=longest)

    def check(value: Any) -> tuple[str, str, str] | None:
        if type(value) is not list:
            return "wrong_type", "must be a list", "Put the values in square brackets."
        if len(value) > most:
            return "too_many", f"may hold {most} values, and holds {len(value)}", "Send fewer values."
        for item in value:
            if found := one(item):
                return found
        if len(set(value)) != len(value):
            return "duplicate", "says the same value twice", "Send each value once."
        return None

    return check


@dataclass(frozen=True, slots=True)
class Part:
    """
    One sort of object of the contract.

    `label` is what people call it, `checks` its plain fields, `required` the number by
    which it is told from others, `objects` and `lists` its nested parts by field.
    """

    name: str
    label: str
    checks: Mapping[str, Check]
    required: str | None = None
    objects: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)


_LA_CHILD_ID = text(longest=20, shortest=1, pattern=r"[A-Za-z0-9]+", holds="letters and digits")
_OTHERS_ID = text(longest=36, pattern=r"[A-Za-z0-9_-]*", holds="letters, digits, hyphens and underscores")
_WORKER_ID = text(longest=12, pattern=r"[A-Za-z0-9_-]*", holds="letters, digits, hyphens and underscores")
_UPN = text(longest=13, shortest=13)


def _code(longest: int) -> Check:
    return text(longest=longest)


_DATED = {"start_date": is_day, "end_date": is_day, "purge": is_flag}

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        part.name: part
        for part in (
            Part(
                "child",
                "Child",
                {"la_child_id": _LA_CHILD_ID, "mis_child_id": _OTHERS_ID, "purge": is_flag},
                required="la_child_id",
                objects={"child_details": "child_details", "health_and_wellbeing": "health_and_wellbeing"},
                lists={"social_care_episodes": "social_care_episode"},
            ),
            Part(
                "child_details",
                "Child details",
                {
                    "unique_pupil_number": _UPN,
                    "former_unique_pupil_number": _UPN,
                    "unique_pupil_number_unknown_reason": _code(4),
                    "first_name": text(),
                    "surname": text(),
                    "date_of_birth": is_day,
                    "expected_date_of_birth": is_day,
                    "sex": _code(1),
                    "ethnicity": _code(4),
                    "disabilities": list_of_text(most=12, longest=4),
                    "postcode": _code(8),
                    "uasc_flag": is_flag,
                    "uasc_end_date": is_day,
                    "purge": is_flag,
                },
            ),
            Part(
                "health_and_wellbeing",
                "Health and wellbeing",
                {"purge": is_flag},
                lists={"sdq_assessments": "sdq_assessment"},
            ),
            Part("sdq_assessment", "Strengths and difficulties score", {"date": is_day, "score": is_whole}),
            Part(
                "social_care_episode",
                "Social care episode",
                {
                    "social_care_episode_id": _OTHERS_ID,
                    "referral_date": is_day,
                    "referral_source": _code(2),
                    "referral_no_further_action_flag": is_flag,
                    "closure_date": is_day,
                    "closure_reason": _code(3),
                    "purge": is_flag,
                },
                required="social_care_episode_id",
                objects={"adoption": "adoption", "care_leavers": "care_leaver"},
                lists={
                    "care_worker_details": "care_worker",
                    "child_and_family_assessments": "child_and_family_assessment",
                    "child_in_need_plans": "child_in_need_plan",
                    "section_47_assessments": "section_47_assessment",
                    "child_protection_plans": "child_protection_plan",
                    "child_looked_after_placements": "child_looked_after_placement",
                },
            ),
            Part(
                "care_worker",
                "Care worker",
                {"worker_id": _WORKER_ID, "start_date": is_day, "end_date": is_day},
            ),
            Part(
                "child_and_family_assessment",
                "Child and family assessment",
                {
                    "child_and_family_assessment_id": _OTHERS_ID,
                    "start_date": is_day,
                    "authorisation_date": is_day,
                    "factors": list_of_text(most=41, longest=3),
                    "purge": is_flag,
                },
                required="child_and_family_assessment_id",
            ),
            Part(
                "child_in_need_plan",
                "Child in need plan",
                {"child_in_need_plan_id": _OTHERS_ID, **_DATED},
                required="child_in_need_plan_id",
            ),
            Part(
                "section_47_assessment",
                "Section 47 enquiry",
                {
                    "section_47_assessment_id": _OTHERS_ID,
                    "icpc_required_flag": is_flag,
                    "icpc_date": is_day,
                    **_DATED,
                },
                required="section_47_assessment_id",
            ),
            Part(
                "child_protection_plan",
                "Child protection plan",
                {"child_protection_plan_id": _OTHERS_ID, **_DATED},
                required="child_protection_plan_id",
            ),
            Part(
                "child_looked_after_placement",
                "Placement",
                {
                    "child_looked_after_placement_id": _OTHERS_ID,
                    "start_reason": _code(1),
                    "placement_type": _code(3),
                    "postcode": _code(8),
                    "end_reason": _code(3),
                    "change_reason": _code(6),
                    **_DATED,
                },
                required="child_looked_after_placement_id",
            ),
            Part(
                "adoption",
                "Adoption",
                {"initial_decision_date": is_day, "matched_date": is_day, "placed_date": is_day, "purge": is_flag},
            ),
            Part(
                "care_leaver",
                "Care leaver",
                {"contact_date": is_day, "activity": _code(2), "accommodation": _code(1), "purge": is_flag},
            ),
        )
    }
)


def faults_of(thing: Any, part: Part) -> list[Fault]:
    """
    Return what is wrong with one object by the contract; an empty list where all is well.

    Nested objects and lists are looked at only so far as being an object or a list.
    """
    if type(thing) is not dict:
        return [Fault("", "wrong_type", f"{part.label} must be an object", "Put its fields in curly brackets.")]
    faults = []
    checks = part.checks
    for name, value in thing.items():
        check = checks.get(name)
        if check is not None:
            found = check(value)
            if found is not None:
                faults.append(Fault(name, found[0], f"{name} {found[1]}", found[2]))
        elif name in part.objects or name in part.lists:
            faults.extend(_wrong_nesting(name, value, is_list=name in part.lists))
        else:
            shown = name if len(name) <= 40 and name.isprintable() else "a field"
            faults.append(
                Fault(name[:100], "unknown_field", f"The contract has no field called {shown}", "Take the field out.")
            )
    if part.required is not None and not thing.get(part.required):
        faults.append(Fault(part.required, "missing", f"{part.required} is missing", "Give the number."))
    return faults


def _wrong_nesting(name: str, value: Any, *, is_list: bool) -> list[Fault]:
    if type(value) is (list if is_list else dict):
        return []
    wanted = "a list" if is_list else "an object"
    brackets = "square" if is_list else "curly"
    return [Fault(name, "wrong_type", f"{name} must be {wanted}", f"Put it in {brackets} brackets.")]
