"""The dated numbers of access: how long the glass stays broken, how long a grant lasts, how long reach goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from kinfold.access.tables import HERE
from kinfold.terms.law import DatedValue, load_law

POLICY: Mapping[str, DatedValue] = MappingProxyType(dict(load_law(HERE / "policy.toml")))
SIGN_IN: Mapping[str, DatedValue] = MappingProxyType(dict(load_law(HERE / "sign_in.toml")))
REACH_BEGINS = date(2020, 1, 1)


def policy_number(name: str, day: date) -> int:
    """Return the number of policy `name` in force on `day`. Raises NoRuleInForce if there is none."""
    return int(POLICY[name].on(day))


def policy_days(name: str, day: date) -> int:
    """Return a number of days of policy on `day`; for a day before our first source, the first we have."""
    return policy_number(name, max(day, REACH_BEGINS))


def sign_in_number(name: str, day: date) -> int:
    """Return the number of the sign-in rules in force on `day`. Raises NoRuleInForce if there is none."""
    return int(SIGN_IN[name].on(day))
