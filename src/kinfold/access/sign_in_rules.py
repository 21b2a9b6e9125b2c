"""
The rules of signing in, as values: who needs a second factor, which passwords will do, when a session ends.

Storing passwords, checking factors and counting wrong ones is the service's. The numbers are in sign_in.toml, and
nowhere else: service/config/sign_in.py hands those of lock-out to the sign-in package.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from kinfold.access.law import sign_in_number
from kinfold.access.roles import ROLES
from kinfold.access.things import day_of


def second_factor_needed(roles: Iterable[str]) -> bool:
    """
    Return whether somebody with `roles` must show a second factor.

    A role that nobody declared needs one, and so does somebody who holds no role yet.
    """
    held = set(roles)
    return not held or any(name not in ROLES or ROLES[name].second_factor for name in held)


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


def session_ends(*, began: datetime, last_request: datetime, now: datetime) -> datetime:
    """Return when a session ends: after a time without a request, and at the latest after the longest session."""
    day = day_of(now)
    idle = last_request + timedelta(minutes=sign_in_number("session_idle", day))
    longest = began + timedelta(minutes=sign_in_number("session_longest", day))
    return min(idle, longest)


def session_is_over(*, began: datetime, last_request: datetime, now: datetime) -> bool:
    """Return whether the session has ended at `now`."""
    return now >= session_ends(began=began, last_request=last_request, now=now)


def account_sleeps(*, last_sign_in: datetime, now: datetime) -> bool:
    """Return whether an account has gone unused for so long that a manager must open it again."""
    return now - last_sign_in >= timedelta(days=sign_in_number("account_unused", day_of(now)))
