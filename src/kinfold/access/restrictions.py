"""
Restricting a whole record to a named list: for which reasons, until when it must be looked at again, and by whom.

Who holds the power puts a restriction on alone; who holds it with a second person's agreement asks, and somebody who
holds it alone answers. A restriction never ends by itself: after its review date it is overdue and still holds.

Source: the project's table of roles (a team manager "may request restriction", a head of service decides requests,
information governance restricts); its page on casework, section 4, rules 3 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from kinfold.access.law import policy_number
from kinfold.access.roles import ROLES, Restricted, Role
from kinfold.access.tables import HERE, read_table
from kinfold.access.words import Installation, ReachSort, Verb
from kinfold.terms.errors import InputError

REASONS: Mapping[str, str] = MappingProxyType(
    {name: table["label"] for name, table in read_table(HERE / "restriction.toml").items()}
)
LEAST_WORDS = 10


def latest_review(today: date) -> date:
    """Return the last day on which a restriction put on `today` is looked at again."""
    return today + timedelta(days=policy_number("restriction_longest", today))


def usual_review(today: date) -> date:
    """Return the day that is offered for looking at a restriction again."""
    return today + timedelta(days=policy_number("restriction_review", today))


def due_soon(review_date: date, today: date) -> bool:
    """Return whether a restriction is to be looked at within the time of the policy, or should have been."""
    return review_date <= today + timedelta(days=policy_number("restriction_review_notice", today))


def check_restriction(*, reason: str, because: str, review_date: date, today: date) -> None:
    """Raise InputError unless the reason is one of restriction.toml, explained, with a review in the policy's time."""
    if reason not in REASONS:
        raise InputError("Choose why the record is restricted.")
    if len(because.strip()) < LEAST_WORDS:
        raise InputError(f"Say what has happened, in {LEAST_WORDS} characters or more.")
    latest = latest_review(today)
    if not today < review_date <= latest:
        raise InputError(f"The review date must be after today and on or before {latest:%d %B %Y}.")


def open_in_any_case() -> list[str]:
    """Return the labels of the council's roles that open every restricted record without being named."""
    return _labels(
        lambda role: role.restricted is Restricted.WITH_REASON or ReachSort.WHOLE_COUNCIL in role.restricted_by
    )


def appointed_in_any_case() -> list[str]:
    """Return the labels of the council's roles that open a restricted record when they are appointed to the child."""
    return _labels(lambda role: ReachSort.APPOINTMENT in role.restricted_by)


def masked_in_any_case() -> list[str]:
    """Return the labels of the council's roles that see of a restricted child whom they reach a part, and no words."""
    return _labels(lambda role: role.restricted is Restricted.MASKED)


def _labels(which: Callable[[Role], bool]) -> list[str]:
    return sorted(role.label for role in ROLES.values() if Installation.COUNCIL in role.installations and which(role))


def restricts_alone(roles: frozenset[str]) -> bool:
    """Return whether one of the roles puts restrictions on and takes them off without a second person."""
    return any(Verb.RESTRICT in ROLES[name].powers for name in roles if name in ROLES)
