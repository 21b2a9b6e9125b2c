"""
A provider's submission: what it must have, whether its figures fit one another, and the ratios worked out from it.

Money is in whole pounds, a year's figures as positive numbers where they are costs. A ratio whose figures are missing or
whose divisor is nothing is None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

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
    "agency_pay": "Agency pay", "staff_costs": "Staff costs", "gross_profit_three_years": "Gross profit of the last three years together",
}  # fmt: skip
SEGMENTS = ("homes", "fostering", "supported_accommodation", "education", "other")
_ROUNDING = 2.0  # pounds by which sums of rounded figures may differ


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
            if abs(gap) > _ROUNDING:
                found.append(Fault(check, round(gap, 2), f"{message} They differ by £{abs(gap):,.0f}."))
    if segments is not None and "turnover" in figures:
        gap = figures["turnover"] - sum(segments.values())
        if abs(gap) > _ROUNDING:
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


def ratios(figures: Figures) -> dict[str, float | None]:
    """
    Return every ratio that the figures allow, by name; None where a figure is missing or a divisor is nothing.

    Those of the scorecard have its names, so that `score` can be given them.
    """
    got = figures.get
    ebitdar = _sum(got("turnover"), _less(got("operating_costs")))
    ebitda = _sum(ebitdar, _less(got("rent")))
    ebit = _sum(ebitda, _less(got("depreciation")))
    assets = _sum(got("fixed_assets"), got("current_assets"))
    liabilities = _sum(got("short_term_liabilities"), got("long_term_liabilities"))
    net_debt = _sum(got("debt"), _less(got("cash")))
    liquid = _sum(got("cash"), got("undrawn_facilities", 0.0))
    running = _sum(got("operating_costs"), got("rent", 0.0))
    quick = _sum(got("current_assets"), _less(got("stock", 0.0)))
    short = got("short_term_liabilities")
    service = _sum(got("interest"), got("principal_paid"))
    after = _sum(ebitda, _less(got("tax")), _less(got("capital_spending")))
    return {
        "current_ratio": _over(got("current_assets"), short),
        "quick_ratio": _over(quick, short),
        "cash_ratio": _over(got("cash"), short),
        "days_of_cash": _over(_times(liquid, 365), running),
        "liquidity_days": _over(_times(_sum(quick, _less(short)), 365), running),
        "gearing": _over(net_debt, ebitda),
        "lease_adjusted_gearing": _over(_sum(net_debt, _times(got("rent"), 8)), ebitdar),
        "interest_cover": _over(ebit, got("interest")),
        "rent_and_interest_cover": _over(ebitdar, _sum(got("rent"), got("interest"))),
        "debt_service_cover": _over(after, service),
        "debt_due_within_a_year": _over(got("debt_due_in_year"), got("debt")),
        "equity_to_assets": _over(got("equity"), assets),
        "tangible_net_worth": _sum(got("equity"), _less(got("intangible_assets"))),
        "ebitda_margin": _over(ebitda, got("turnover")),
        "sales_margin": _over(ebit, got("turnover")),
        "turnover_growth": _over(got("turnover"), got("turnover_last_year")),
        "reserves_to_assets": _over(_sum(got("equity"), _less(got("share_capital"))), assets),
        "long_term_capital_to_assets": _over(_sum(got("equity"), got("long_term_liabilities")), assets),
        "retained_to_assets": _over(got("retained_earnings"), assets),
        "three_year_profit_to_assets": _over(got("gross_profit_three_years"), assets),
        "cash_flow_to_liabilities": _over(_sum(got("net_profit"), got("depreciation")), liabilities),
        "creditor_days": _over(_times(short, 365), got("turnover")),
        "costs_to_liabilities": _over(running, liabilities),
        "receivable_days": _over(_times(got("receivables"), 365), got("turnover")),
        "earnings_to_assets": _over(ebitda, assets),
        "long_term_debt_to_equity": _over(got("long_term_liabilities"), got("equity")),
        "agency_share_of_pay": _over(got("agency_pay"), got("staff_costs")),
        "staff_share_of_turnover": _over(got("staff_costs"), got("turnover")),
        "related_party_share": _over(got("related_party_payments"), ebitda),
    }


def _sum(*parts: float | None) -> float | None:
    return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)


def _less(part: float | None) -> float | None:
    return None if part is None else -part


def _times(part: float | None, factor: float) -> float | None:
    return None if part is None else part * factor


def _over(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def z_double_prime(*, working_capital: float, retained: float, ebit: float, equity_to_liabilities: float) -> float:
    """
    Return Altman's Z'' of a firm: the first three over total assets. Above 2.6 is safe, below 1.1 in distress.

    Source: Altman, for non-manufacturers (from memory).
    """
    return 6.56 * working_capital + 3.26 * retained + 6.72 * ebit + 1.05 * equity_to_liabilities


def viability_grade(*, days_of_cash: float, service_cover: float) -> int:
    """
    Return the grade of liquidity and of cover, each 1 to 4, averaged and rounded: 4 is the safest.

    Source: Monitor, continuity of services risk rating (from memory): days 0, -7, -14; cover 2.5, 1.75, 1.25.
    """
    days = 4 if days_of_cash >= 0 else 3 if days_of_cash >= -7 else 2 if days_of_cash >= -14 else 1
    cover = 4 if service_cover >= 2.5 else 3 if service_cover >= 1.75 else 2 if service_cover >= 1.25 else 1
    return (days + cover + 1) // 2
