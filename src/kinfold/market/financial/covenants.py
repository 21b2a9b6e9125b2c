"""
Covenants and cash ahead: how near each limit is, and when a shock would break it or leave no money.

A covenant is tested at the end of each quarter on the twelve months before it. A shock is taken to begin on the day after the
period: after three months a quarter of the year is under it, after twelve all of it. Cash ahead is the group's own forecast, its
receipts and payments moved as the year's turnover and costs are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kinfold.market.financial.arithmetic import ARITHMETIC, value_of
from kinfold.market.financial.schedules import AT_LEAST
from kinfold.market.financial.stress import Shock, shocked, stressed

QUARTERS = (3, 6, 9, 12)
YEARS_END = "Month 12"  # by which what falls due within the year has fallen due


@dataclass(frozen=True, slots=True)
class Tested:
    """
    One covenant: its lender, measure, bound and limit, the measure's value now, and the room left as a share of the limit.

    `broken_at` is the end of the first quarter at which it does not hold, None where it holds for a year. `room` is below nothing
    where it is broken today, and None where the measure cannot be worked out.
    """

    lender: str
    measure: str
    bound: str
    limit: float
    value: float | None
    room: float | None
    broken_at: date | None


def checked_covenants(
    covenants: Sequence[Mapping[str, Any]], figures: Mapping[str, float], shock: Shock, *, variable: float, period_end: date
) -> list[Tested]:  # fmt: skip
    """Return each covenant of a return as it stands, and when a shock would break it."""
    return [_tested(one, figures, shock, variable, period_end) for one in covenants]


def _tested(
    one: Mapping[str, Any], figures: Mapping[str, float], shock: Shock, variable: float, period_end: date
) -> Tested:
    value = _measure(one["measure"], figures)
    broken = period_end if value is not None and not holds(one, value) else None
    for months in QUARTERS if broken is None and value is not None else ():
        then = _measure(one["measure"], _after(figures, shock, months, variable))
        if then is not None and not holds(one, then):
            broken = _months_on(period_end, months)
            break
    room = None if value is None or not one["limit"] else _room(one, value)
    return Tested(one["lender"], one["measure"], one["bound"], one["limit"], value, room, broken)


def holds(covenant: Mapping[str, Any], value: float) -> bool:
    """Return whether a value keeps to a covenant; at the limit it does."""
    return bool(value >= covenant["limit"] if covenant["bound"] == AT_LEAST else value <= covenant["limit"])


def _room(covenant: Mapping[str, Any], value: float) -> float:
    gap = value - covenant["limit"] if covenant["bound"] == AT_LEAST else covenant["limit"] - value
    return float(gap / abs(covenant["limit"]))


def _measure(name: str, figures: Mapping[str, float]) -> float | None:
    return value_of(ARITHMETIC[name][3], figures)


def _after(figures: Mapping[str, float], shock: Shock, months: int, variable: float) -> dict[str, float]:
    """Return the twelve months up to so many months into a shock, with the cash and equity that they leave."""
    under, part = shocked(figures, shock, variable=variable), months / 12
    found = {name: value + (under[name] - value) * part for name, value in figures.items() if name in under}
    found["interest"] = figures.get("interest", 0.0) * (1 - part) + under["interest"] * part
    lost = (
        stressed(figures, shock, variable=variable).money_left
        - stressed(figures, Shock(), variable=variable).money_left
    ) * part
    for name in ("cash", "current_assets", "equity"):
        if name in found:
            found[name] = figures[name] + lost
    return found


def _months_on(day: date, months: int) -> date:
    """Return the last day of the month so many months after the month of a day."""
    count = day.year * 12 + day.month - 1 + months + 1
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """One row of cash ahead: what the group expects, and what a shock leaves of it. `money` counts facilities that are not drawn."""

    period: str
    expected: float
    under_shock: float
    money: float


def cash_ahead(
    rows: Sequence[Mapping[str, Any]], figures: Mapping[str, float], shock: Shock, *, variable: float
) -> list[Ahead]:
    """Return cash ahead row by row under a shock; nothing where the return has none."""
    if not rows:
        return []
    under = shocked(figures, shock, variable=variable)
    receipts = under["turnover"] / figures["turnover"] if figures["turnover"] else 1.0
    fixed = figures["operating_costs"] + figures.get("rent", 0.0) + figures.get("interest", 0.0)
    paid = under["operating_costs"] + figures.get("rent", 0.0) + under["interest"]
    payments = paid / fixed if fixed else 1.0
    cash, found = figures["cash"], []
    for one in rows:
        cash += one["receipts"] * receipts - one["payments"] * payments
        if shock.refinancing and one["period"] == YEARS_END:
            cash -= figures.get("debt_due_in_year", 0.0)
        found.append(Ahead(one["period"], one["cash"], cash, cash + figures.get("undrawn_facilities", 0.0)))
    return found


def weeks_of_money(found: Sequence[Ahead]) -> float | None:
    """Return the weeks before the first row at whose end no money is left; None where there is money throughout, or no forecast."""
    row = next((one for one in found if one.money < 0), None)
    if row is None:
        return None
    sort, number = row.period.split()
    return float(number) - 1 if sort == "Week" else (float(number) - 1) * 52 / 12
