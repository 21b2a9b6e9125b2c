"""
A provider's submission: what it must have, and whether its figures fit one another. Its ratios are in arithmetic.py.

Money is in whole pounds, a year's figures as positive numbers where they are costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

# what a submission may hold; those with a star in the template are needed for the checks
FIELDS: Mapping[str, str] = {
    "turnover": "Turnover", "turnover_last_year": "Turnover of the year before", "operating_costs": "Operating costs before depreciation, rent",
    "rent": "Rent and leases", "depreciation": "Depreciation and amortisation", "interest": "Interest and financial expenses",
    "tax": "Tax", "net_profit": "Profit after tax", "dividends": "Dividends and other distributions",
    "fixed_assets": "Fixed assets", "intangible_assets": "of which intangible", "current_assets": "Current assets", "stock": "of which stock",
    "receivables": "of which owed by customers",
    "cash": "of which cash and the like", "short_term_liabilities": "Liabilities due within a year",
    "long_term_liabilities": "Liabilities due after a year", "debt": "of all liabilities, borrowings",
    "debt_due_in_year": "Borrowings due within a year", "principal_paid": "Principal repaid in the year", "equity": "Equity",
    "share_capital": "of which share capital", "retained_earnings": "of which retained earnings", "equity_last_year": "Equity of the year before",
    "shares_issued": "Shares issued in the year", "revaluation": "Revaluation taken to equity", "cash_last_year": "Cash of the year before",
    "cash_from_operations": "Cash from operations", "cash_from_investing": "Cash from investing (spent is negative)",
    "cash_from_financing": "Cash from financing (repaid is negative)", "capital_spending": "Capital spending",
    "undrawn_facilities": "Committed facilities not drawn", "related_party_payments": "Payments to related parties",
    "related_party_rent": "of which rent", "market_rent": "Rent of the same homes by an independent valuation",
    "related_party_interest": "of which interest", "related_party_debt": "Borrowings from related parties",
    "management_fees": "Management and monitoring fees to owners", "goodwill_amortisation": "Amortisation of goodwill",
    "owners_pay": "Pay of owners who work in the group",
    "tax_arrears": "Tax and national insurance overdue", "contingent_liabilities": "Contingent liabilities",
    "staff": "Staff in post, in full-time posts", "vacant_posts": "Vacant posts, in full-time posts",
    "agency_pay": "Agency pay", "staff_costs": "Staff costs", "gross_profit_three_years": "Gross profit of the last three years together",
}  # fmt: skip
SEGMENTS = ("homes", "fostering", "supported_accommodation", "education", "other")
ROUNDING = 2.0  # pounds by which sums of rounded figures may differ


@dataclass(frozen=True, slots=True)
class Fault:
    """Figures that do not fit: which, by how much, and what to correct."""

    check: str
    difference: float
    message: str


def figures_of(raw: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of a submission. Raises InputError for a field that is not known or a value that is no number."""
    strange = sorted(set(raw) - set(FIELDS))
    if strange:
        raise InputError(f"Not a field of a submission: {', '.join(strange)}. See the template for the fields.")
    found = {}
    for name, value in raw.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise InputError(f"{FIELDS[name]} must be a number in pounds.")
        found[name] = float(value)
    return found


def faults(figures: Mapping[str, float], segments: Mapping[str, float] | None = None) -> list[Fault]:
    """Return every way in which a submission's figures do not fit one another; figures that are missing are not checked."""
    found = []
    for check, needed, difference, message in _CHECKS:
        if all(name in figures for name in needed):
            gap = difference(figures)
            if abs(gap) > ROUNDING:
                found.append(Fault(check, round(gap, 2), f"{message} They differ by £{abs(gap):,.0f}."))
    if segments is not None and "turnover" in figures:
        gap = figures["turnover"] - sum(segments.values())
        if abs(gap) > ROUNDING:
            found.append(
                Fault(
                    "segments",
                    round(gap, 2),
                    f"Turnover by segment must add up to turnover. They differ by £{abs(gap):,.0f}.",
                )
            )
    found += [
        Fault("sign", figures[name], f"{FIELDS[name]} cannot be negative. Correct the sign.")
        for name in ("turnover", "cash", "stock", "rent", "depreciation", "interest", "debt")
        if figures.get(name, 0) < 0
    ]
    return found


Figures = Mapping[str, float]
_CHECKS: tuple[tuple[str, tuple[str, ...], Callable[[Figures], float], str], ...] = (
    (
        "balance sheet",
        ("fixed_assets", "current_assets", "short_term_liabilities", "long_term_liabilities", "equity"),
        lambda f: (
            f["fixed_assets"]
            + f["current_assets"]
            - f["short_term_liabilities"]
            - f["long_term_liabilities"]
            - f["equity"]
        ),
        "Assets must equal liabilities and equity.",
    ),
    (
        "profit",
        ("turnover", "operating_costs", "rent", "depreciation", "interest", "tax", "net_profit"),
        lambda f: (
            f["turnover"]
            - f["operating_costs"]
            - f["rent"]
            - f["depreciation"]
            - f["interest"]
            - f["tax"]
            - f["net_profit"]
        ),
        "Turnover less costs, rent, depreciation, interest and tax must equal the profit after tax.",
    ),
    (
        "change of equity",
        ("equity", "equity_last_year", "net_profit", "dividends"),
        lambda f: (
            f["equity"]
            - f["equity_last_year"]
            - f["net_profit"]
            + f["dividends"]
            - f.get("shares_issued", 0)
            - f.get("revaluation", 0)
        ),
        "Equity must have changed by profit less dividends, shares issued and revaluation.",
    ),
    (
        "cash bridge",
        ("cash", "cash_last_year", "cash_from_operations", "cash_from_investing", "cash_from_financing"),
        lambda f: (
            f["cash"]
            - f["cash_last_year"]
            - f["cash_from_operations"]
            - f["cash_from_investing"]
            - f["cash_from_financing"]
        ),
        "Cash must have changed by cash from operations, investing and financing.",
    ),
)


def viability_grade(*, days_of_cash: float, service_cover: float, policy: Pack) -> int:
    """
    Return the grade of liquidity and of cover, each 1 to 4, averaged and rounded: 4 is the safest.

    A grade is one more than the steps of the policy pack that are reached (Monitor's continuity of services risk rating).
    """
    days = 1 + sum(days_of_cash >= step for step in policy["viability_days"])
    cover = 1 + sum(service_cover >= step for step in policy["viability_cover"])
    return int(days + cover + 1) // 2
