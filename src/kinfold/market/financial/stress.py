"""
Stress and reverse stress of a submission: what a shock does to cover and money, and how large one must be to break it.

Fees, occupancy, pay, interest and the closing of homes are moved one by one or together. Nothing is a forecast: the figures are
those of the return, moved by what the reader asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kinfold.market.profit import WEEKS_IN_A_YEAR
from kinfold.terms.errors import InputError

NEEDED = ("turnover", "operating_costs", "cash")


@dataclass(frozen=True, slots=True)
class Shock:
    """What is moved: fees and children as shares lost, pay as a share added, interest in points a year, homes' share closed."""

    fees: float = 0.0
    occupancy: float = 0.0
    pay: float = 0.0
    rate: float = 0.0
    homes_closed: float = 0.0
    refinancing: bool = False  # what is due within a year is not lent again

    def __post_init__(self) -> None:
        for name in ("fees", "occupancy", "pay", "rate", "homes_closed"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name.replace('_', ' ').capitalize()}: give a share from 0 to 100 in a hundred.")


@dataclass(frozen=True, slots=True)
class Stressed:
    """A year under a shock, in pounds; cover as times, None without debts; `runway` in weeks, None where money does not fall."""

    turnover: float
    earnings: float
    interest: float
    interest_cover: float | None
    debt_service_cover: float | None
    money_left: float
    runway: float | None


@dataclass(frozen=True, slots=True)
class Breaking:
    """Reverse stress: the least shock of one sort at which something breaks; None where none up to `up_to` does it."""

    shock: str
    what: str
    at: float | None
    up_to: float


def stressed(figures: Mapping[str, float], shock: Shock, *, variable: float) -> Stressed:
    """
    Return the year of a return under a shock.

    `variable` is the share of operating costs that falls with children. Raises InputError where turnover, costs or cash are missing.
    """
    under = shocked(figures, shock, variable=variable)
    got = under.get
    earnings = under["turnover"] - under["operating_costs"] - got("rent", 0.0)
    interest = got("interest", 0.0)
    operating = earnings - got("depreciation", 0.0)
    after = earnings - max(got("tax", 0.0), 0.0) - got("capital_spending", 0.0)
    principal = got("principal_paid", 0.0) + (got("debt_due_in_year", 0.0) if shock.refinancing else 0.0)
    spent = -(after - interest - principal)
    money = figures["cash"] + got("undrawn_facilities", 0.0)
    return Stressed(
        under["turnover"], earnings, interest, operating / interest if interest else None,
        after / (interest + principal) if interest + principal else None, money - spent,
        max(money, 0.0) / spent * WEEKS_IN_A_YEAR if spent > 0 else None,
    )  # fmt: skip


def shocked(figures: Mapping[str, float], shock: Shock, *, variable: float) -> dict[str, float]:
    """
    Return the figures of a year under a shock: turnover, operating costs and interest moved, all else as it was.

    Interest rises on what is borrowed at floating rates where the return tells which that is, on all borrowings otherwise.
    """
    missing = [name for name in NEEDED if name not in figures]
    if missing:
        raise InputError(f"A stress needs {', '.join(missing).replace('_', ' ')}. Ask the provider for it.")
    children = (1 - shock.occupancy) * (1 - shock.homes_closed)
    paid = figures["operating_costs"] + figures.get("staff_costs", 0.0) * shock.pay
    costs = paid * (1 - variable) * (1 - shock.homes_closed) + paid * variable * children
    moving = figures.get("floating_debt", figures.get("debt", 0.0))
    return {**figures, "turnover": figures["turnover"] * (1 - shock.fees) * children, "operating_costs": costs,
            "interest": figures.get("interest", 0.0) + moving * shock.rate}  # fmt: skip


_BREAKS: Mapping[str, Callable[[Stressed], bool]] = {
    "operating profit no longer covers interest": lambda one: one.interest_cover is not None and one.interest_cover < 1,
    "the money runs out within a year": lambda one: one.money_left < 0,
}
_SORTS: Mapping[str, Callable[[float], Shock]] = {
    "fees": lambda size: Shock(fees=size), "occupancy": lambda size: Shock(occupancy=size), "pay": lambda size: Shock(pay=size),
    "rate": lambda size: Shock(rate=size),
}  # fmt: skip


def reverse_stress(figures: Mapping[str, float], *, variable: float, largest: float) -> list[Breaking]:
    """
    Return for each sort of shock the least one that breaks something: the narrower it is, the nearer the failure.

    None larger than `largest` is looked for.
    """
    return [
        Breaking(sort, what, _least(figures, sort, broken, variable, largest), largest)
        for sort in _SORTS for what, broken in _BREAKS.items()
    ]  # fmt: skip


def _least(
    figures: Mapping[str, float], sort: str, broken: Callable[[Stressed], bool], variable: float, largest: float
) -> float | None:
    def breaks(size: float) -> bool:
        return broken(stressed(figures, _SORTS[sort](size), variable=variable))

    if breaks(0.0):
        return 0.0
    if not breaks(largest):
        return None
    low, high = 0.0, largest
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if breaks(middle) else (middle, high)
    return high


def least_occupancy(figures: Mapping[str, float], *, variable: float, largest: float) -> float | None:
    """Return the share of today's children at which operating profit just covers interest; None where no fall breaks it."""
    found = _least(figures, "occupancy", _BREAKS["operating profit no longer covers interest"], variable, largest)
    return None if found is None else 1 - found
