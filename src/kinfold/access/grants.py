"""
Access given for a time and a reason: by name, by delegation, by a second person, or by breaking the glass.

Each function makes one `Grant` or says, to the person, why not. The service stores it, tells those whom
`told_at_once` names and asks for the review on the day that `review_due` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from kinfold.access.law import policy_number
from kinfold.access.policy import may
from kinfold.access.roles import ROLES, BreakGlass, Role
from kinfold.access.tables import HERE, read_table
from kinfold.access.things import Actor, Grant, GrantSort, Thing, day_of
from kinfold.access.words import Verb
from kinfold.terms.errors import InputError, NotPermitted
from kinfold.terms.working_days import add_working_days

REASONS: Mapping[str, str] = MappingProxyType(
    {name: table["label"] for name, table in read_table(HERE / "break_glass.toml").items()}
)


def open_break_glass(actor: Actor, thing: Thing, *, reason: str, text: str, now: datetime) -> Grant:
    """
    Return the grant that opens one person's record to `actor` for the hours of the policy.

    `reason` is a code of break_glass.toml and `text` the actor's own account. Raises InputError if either will
    not do, NotPermitted if the rule of access refuses: sealed, privileged and vault records never open so.
    """
    if reason not in REASONS:
        raise InputError("Choose why you need to open this record now: " + "; ".join(REASONS.values()))
    shortest = policy_number("break_glass_text", day_of(now))
    if len(text.strip()) < shortest:
        raise InputError(f"Say in your own words why you need this record now, in {shortest} characters or more")
    asking = replace(actor, reason=text.strip())
    decision = may(asking, Verb.BREAK_GLASS, thing, now)
    if not decision.allowed or thing.person is None or thing.held_by is None:
        raise NotPermitted(decision.because)
    return Grant(
        sort=GrantSort.BREAK_GLASS,
        holder=thing.held_by,
        actor=actor.id,
        persons=frozenset({thing.person}),
        since=now,
        until=now + timedelta(hours=policy_number("break_glass_hours", day_of(now))),
        granted_by=actor.id,
        reason=f"{REASONS[reason]}. {text.strip()}",
        subject=reason,
    )


def told_at_once(*, team_managers: Iterable[int], information_governance: Iterable[int], actor: int) -> frozenset[int]:
    """Return the actors who are told at once that the glass was broken: never only the one who broke it."""
    return frozenset([*team_managers, *information_governance]) - {actor}


def review_due(grant: Grant, roles: Iterable[str], holidays: frozenset[date]) -> date:
    """Return the last day on which the look is reviewed in time, in working days after the day it was made."""
    day = day_of(grant.since)
    automatic = any(name in ROLES and ROLES[name].break_glass is BreakGlass.AUTOMATIC for name in roles)
    name = "break_glass_review_emergency_duty_team" if automatic else "break_glass_review"
    return add_working_days(day, policy_number(name, day), holidays)


def agree_as_second(
    second: Actor, *, to: int, holder: int, person: int | None, act: str, reason: str, now: datetime
) -> Grant:
    """
    Return the agreement of a second person to one act of another: unsealing, disposing, releasing a return.

    `act` is a verb or the name of an export. Raises NotPermitted unless the second is another person whose own
    role holds the same power; InputError without a reason.
    """
    refuse_oneself(second, to)
    if not any(_may_agree(ROLES[name], act) for name in second.roles if name in ROLES):
        raise NotPermitted("Only somebody whose own role may do this can agree to it")
    return Grant(
        sort=GrantSort.SECOND_PERSON, holder=holder, actor=to,
        persons=None if person is None else frozenset({person}), since=now,
        until=now + timedelta(hours=policy_number("second_person_hours", day_of(now))),
        granted_by=second.id, reason=needed_reason(reason), subject=act,
    )  # fmt: skip


def _may_agree(role: Role, act: str) -> bool:
    glass = act == Verb.BREAK_GLASS and role.break_glass is BreakGlass.TWO_PEOPLE
    return act in role.powers | role.powers_two_people or act in role.exports_two_people or glass


def refuse_oneself(giver: Actor, to: int) -> None:
    """Raise NotPermitted if somebody would give something to themselves."""
    if giver.id == to:
        raise NotPermitted("You cannot give access, agreement or authority to yourself")


def needed_reason(reason: str) -> str:
    """Return the reason, trimmed. Raises InputError if there is none."""
    if len(reason.strip()) < 5:
        raise InputError("Say why: a reason of a few words is kept with this and shown to those who check it")
    return reason.strip()
