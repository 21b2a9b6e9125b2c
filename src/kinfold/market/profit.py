"""
Prices, costs and profit: what a cap would do to a price, and to whether the provider can go on.

No saving is given by itself: it comes with the cover of the provider's debts at the capped price and with what closing would
cost. The level and the form of a cap are left to regulations (Care Standards Act 2000, s.30ZK, inserted in 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kinfold.terms.errors import InputError

WEEKS_IN_A_YEAR = 365.0 / 7


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What is added back to operating profit because it may be profit under another name; pounds a year."""

    related_party_interest_above_market: float = 0.0
    related_party_rent_above_market: float = 0.0
    management_fees: float = 0.0
    goodwill_amortisation: float = 0.0
    owners_pay_above_market: float = 0.0

    @property
    def total(self) -> float:
        """Return the sum of all of them."""
        return (
            self.related_party_interest_above_market + self.related_party_rent_above_market + self.management_fees
            + self.goodwill_amortisation + self.owners_pay_above_market
        )  # fmt: skip


def profit_bases(
    *, turnover: float, operating_costs: float, rent: float, depreciation: float, interest: float, adjustments: Adjustments,
    tangible_assets: float, working_capital: float,
) -> Mapping[str, float | None]:  # fmt: skip
    """Return profit on each base, side by side, in pounds, and the return on capital as a share; costs without rent, depreciation."""
    ebitdar = turnover - operating_costs
    ebitda = ebitdar - rent
    ebit = ebitda - depreciation
    adjusted = ebit + adjustments.total
    capital = tangible_assets + working_capital
    return {
        "before_tax": ebit - interest, "ebit": ebit, "ebitda": ebitda, "ebitdar": ebitdar, "adjusted_operating": adjusted,
        "return_on_capital": adjusted / capital if capital > 0 else None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cap:
    """
    A cap in one of four forms: `margin` (share of price), `cost_plus` (share of cost), `per_week` (pounds above cost) or
    `return_on_capital` (a share a year of the capital behind one place).
    """

    form: str
    level: float
    capital_per_place: float = 0.0
    occupancy: float = 1.0

    def price_for(self, cost: float) -> float:
        """Return the highest weekly price allowed for a weekly cost. Raises InputError for a form or level that makes none."""
        if self.level < 0 or (self.form == "margin" and self.level >= 1):
            raise InputError("The level of a cap is a share from 0, below 1 for a margin, or pounds a week from 0.")
        if self.form == "margin":
            return cost / (1 - self.level)
        if self.form == "cost_plus":
            return cost * (1 + self.level)
        if self.form == "per_week":
            return cost + self.level
        if self.form == "return_on_capital":
            if not 0 < self.occupancy <= 1:
                raise InputError("Occupancy is a share above 0, such as 0.8.")
            return cost + self.level * self.capital_per_place / self.occupancy / WEEKS_IN_A_YEAR
        raise InputError(f"{self.form} is no form of cap: margin, cost_plus, per_week or return_on_capital.")


@dataclass(frozen=True, slots=True)
class Provider:
    """What a what-if needs to know of a provider: its weekly price and cost, weeks sold a year, and its debts (pounds)."""

    price: float
    cost: float
    weeks_sold: float
    net_debt: float
    interest_rate: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cap does to one provider. `saving` is gross; `cover` is operating profit over interest, before and after."""

    price: float
    saving: float
    cover_before: float | None
    cover_after: float | None
    viable: bool
    exit_cost: float
    net_saving: float


def effect_of(cap: Cap, provider: Provider, *, least_cover: float, exit_cost: float) -> Effect:
    """
    Return what a cap does: a price is never raised, and where cover falls below `least_cover` the cost of an exit is set
    against the saving, for then the places may go.
    """
    allowed = min(provider.price, cap.price_for(provider.cost))
    saving = (provider.price - allowed) * provider.weeks_sold
    before, after = (_cover(provider, price) for price in (provider.price, allowed))
    viable = after is None or after >= least_cover
    cost = 0.0 if viable else exit_cost
    return Effect(allowed, saving, before, after, viable, cost, saving - cost)


def _cover(provider: Provider, price: float) -> float | None:
    interest = provider.net_debt * provider.interest_rate
    profit = (price - provider.cost) * provider.weeks_sold
    return profit / interest if interest > 0 else None


def price_tail(weekly_prices: Mapping[str, float], *, a_week: float, a_year: float) -> Mapping[str, float]:
    """Return how many placements cost more than so much a week or a year, the highest, and their share of all spending."""
    values = sorted(weekly_prices.values())
    dear = [value for value in values if value >= a_week]
    return {
        "placements": len(values),
        "over_a_week": len(dear),
        "over_a_year": sum(value * WEEKS_IN_A_YEAR >= a_year for value in values),
        "highest": values[-1] if values else 0.0,
        "share_of_spending": sum(dear) / sum(values) if values and sum(values) else 0.0,
    }
