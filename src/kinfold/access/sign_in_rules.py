"""
The rules of signing in, as values: who needs a second factor, when an account is locked, when a session ends.

Storing passwords and checking factors is the service's; it asks here. The numbers are in sign_in.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from kinfold.access.law import sign_in_number
from kinfold.access.roles import ROLES
from kinfold.access.things import day_of


def second_factor_needed(roles: Iterable[str]) -> bool:
    """Return whether somebody with `roles` must show a second factor. A role that nobody declared needs one."""
    return any(name not in ROLES or ROLES[name].second_factor for name in roles)


def password_problems(password: str, *, known: Iterable[str], own_words: Iterable[str], now: datetime) -> Sequence[str]:
    """
    Return what is wrong with a new password, as sentences to the person; nothing if it may be used.

    `known` are passwords that were given away elsewhere; `own_words` are the person's name and address.
    """
    day = day_of(now)
    shortest, longest = sign_in_number("password_shortest", day), sign_in_number("password_longest", day)
    problems = []
    if len(password) < shortest:
        problems.append(
            f"Your password must be {shortest} characters or more. Three random words are easy to remember."
        )
    if len(password) > longest:
        problems.append(f"Your password must be {longest} characters or fewer.")
    folded = password.casefold()
    if folded in {word.casefold() for word in known}:
        problems.append("This password has been given away elsewhere. Choose another.")
    if any(len(word) > 3 and word.casefold() in folded for word in own_words):
        problems.append("Your password must not contain your name or your email address.")
    if password and len(set(folded)) < 5:
        problems.append("Your password must have at least 5 different characters.")
    return problems


def locked_until(failures: Iterable[datetime], now: datetime, *, limit: str = "attempts_account") -> datetime | None:
    """
    Return the moment until which no further attempt is taken, or None if one may be made.

    `failures` are the failed attempts since the last good one. `limit` is `attempts_account` for one account,
    `attempts_address` for one network address, `code_attempts` for one-time codes.
    """
    day = day_of(now)
    window = timedelta(minutes=sign_in_number("attempts_window", day))
    allowed = sign_in_number(limit, day)
    past = sorted(moment for moment in failures if moment <= now)
    locked: datetime | None = None
    for place, moment in enumerate(past):
        counted = [earlier for earlier in past[: place + 1] if moment - earlier < window]
        if len(counted) >= allowed:
            locked = moment + timedelta(minutes=sign_in_number("lock_out", day))
    return locked if locked is not None and now < locked else None


def session_ends(*, began: datetime, last_request: datetime, now: datetime) -> datetime:
    """Return when a session ends: after a time without a request, and at the latest after the longest session."""
    day = day_of(now)
    idle = last_request + timedelta(minutes=sign_in_number("session_idle", day))
    longest = began + timedelta(minutes=sign_in_number("session_longest", day))
    return min(idle, longest)


def session_is_over(*, began: datetime, last_request: datetime, now: datetime) -> bool:
    """Return whether the session has ended at `now`."""
    return now >= session_ends(began=began, last_request=last_request, now=now)


def is_fresh(*, factor_shown: datetime | None, now: datetime) -> bool:
    """Return whether the second factor was shown recently enough for an act that two people must agree."""
    if factor_shown is None or factor_shown > now:
        return False
    return now - factor_shown < timedelta(minutes=sign_in_number("fresh_sign_in", day_of(now)))


def account_sleeps(*, last_sign_in: datetime, now: datetime) -> bool:
    """Return whether an account has gone unused for so long that a manager must open it again."""
    return now - last_sign_in >= timedelta(days=sign_in_number("account_unused", day_of(now)))


def too_many_requests(times: Iterable[datetime], now: datetime, *, limit: str = "requests_person") -> bool:
    """Return whether one more request at `now` would be over the limit of a minute: `requests_person` or `requests_token`."""
    recent = sum(1 for moment in times if timedelta(0) <= now - moment < timedelta(minutes=1))
    return recent >= sign_in_number(limit, day_of(now))
