"""
Every ratio of a submission with its arithmetic: what is divided by what, and the figures that were put in.

The table below is the one place where a ratio is stated: it is shown as it is worked out. A ratio whose figures are missing, or
whose divisor is nothing, is None, never 0. Altman's two scores are from memory of his papers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kinfold.market.financial.submission import FIELDS

_OPERATING = "turnover - operating_costs"
_EBITDA = f"{_OPERATING} - rent"
_EBIT = f"{_EBITDA} - depreciation"
_ASSETS = "(fixed_assets + current_assets)"
_LIABILITIES = "(short_term_liabilities + long_term_liabilities)"
_RUNNING = "(operating_costs + rent_if_any)"
# Weights of working capital, retained earnings and operating profit over assets, and of equity over liabilities (Altman, from memory).
Z_DOUBLE_PRIME = (6.56, 3.26, 6.72, 1.05)
Z_PRIME = (0.717, 0.847, 3.107, 0.420)


def _altman(working: float, retained: float, profit: float, equity: float) -> str:
    return (f"{working} * (current_assets - short_term_liabilities) / {_ASSETS} + {retained} * retained_earnings / {_ASSETS}"
            f" + {profit} * ({_EBIT}) / {_ASSETS} + {equity} * equity / {_LIABILITIES}")  # fmt: skip


SHARE, TIMES, DAYS, POUNDS, SCORE = "share", "times", "days", "pounds", "score"
# What is counted from a return's rows (schedules.py), by the name that a formula has for it.
COUNTED: Mapping[str, str] = {
    "places": "Places", "children": "Children living there", "places_restricted": "Places that may not be filled",
    "homes_with_costs": "Homes with costs and fees", "loss_making_homes": "Homes that cost more than their fees",
    "council_fees": "Fees of all councils", "largest_council_fees": "Fees of the largest council", "leased_back_rent": "Rent of homes sold and leased back",
    "floating_debt": "Borrowings at floating interest",
    "variable_costs": "Operating costs that fall with children, by the policy pack",
}  # fmt: skip
# Each ratio: what it is called, its unit, which way is safer ("" where neither is), and the arithmetic over fields. A field that
# ends in _if_any counts as nothing where the return leaves it empty: there are no facilities, stock or rent to speak of.
ARITHMETIC: Mapping[str, tuple[str, str, str, str]] = {
    "days_of_cash": ("Days of cash", DAYS, "higher", f"(cash + undrawn_facilities_if_any) * 365 / {_RUNNING}"),
    "liquidity_days": ("Days of liquidity", DAYS, "higher", f"(current_assets - stock_if_any - short_term_liabilities) * 365 / {_RUNNING}"),
    "current_ratio": ("Current ratio", TIMES, "higher", "current_assets / short_term_liabilities"),
    "quick_ratio": ("Quick ratio", TIMES, "higher", "(current_assets - stock_if_any) / short_term_liabilities"),
    "cash_ratio": ("Cash ratio", TIMES, "higher", "cash / short_term_liabilities"),
    "interest_cover": ("Interest cover", TIMES, "higher", f"({_EBIT}) / interest"),
    "rent_and_interest_cover": ("Cover of rent and interest", TIMES, "higher", f"({_OPERATING}) / (rent + interest)"),
    "debt_service_cover": ("Cover of debt service", TIMES, "higher", f"({_EBITDA} - tax - capital_spending) / (interest + principal_paid)"),
    "gearing": ("Net debt over earnings", TIMES, "lower", f"(debt - cash) / ({_EBITDA})"),
    "lease_adjusted_gearing": ("Net debt and leases over earnings before rent", TIMES, "lower", f"(debt - cash + rent * 8) / ({_OPERATING})"),
    "debt_due_within_a_year": ("Share of debt due within a year", SHARE, "lower", "debt_due_in_year / debt"),
    "equity_to_assets": ("Equity over assets", SHARE, "higher", f"equity / {_ASSETS}"),
    "tangible_net_worth": ("Tangible net worth", POUNDS, "higher", "equity - intangible_assets"),
    "ebitda_margin": ("Earnings before interest, tax and depreciation, of turnover", SHARE, "higher", f"({_EBITDA}) / turnover"),
    "sales_margin": ("Operating profit, of turnover", SHARE, "higher", f"({_EBIT}) / turnover"),
    "turnover_growth": ("Turnover over that of the year before", TIMES, "higher", "turnover / turnover_last_year"),
    "cash_flow_to_liabilities": ("Profit and depreciation over liabilities", TIMES, "higher", f"(net_profit + depreciation) / {_LIABILITIES}"),
    "costs_to_liabilities": ("Running costs over liabilities", TIMES, "higher", f"{_RUNNING} / {_LIABILITIES}"),
    "earnings_to_assets": ("Earnings over assets", TIMES, "higher", f"({_EBITDA}) / {_ASSETS}"),
    "reserves_to_assets": ("Reserves over assets", SHARE, "higher", f"(equity - share_capital) / {_ASSETS}"),
    "retained_to_assets": ("Retained earnings over assets", SHARE, "higher", f"retained_earnings / {_ASSETS}"),
    "long_term_capital_to_assets": ("Long-term capital over assets", SHARE, "higher", f"(equity + long_term_liabilities) / {_ASSETS}"),
    "three_year_profit_to_assets": ("Gross profit of three years over assets", TIMES, "higher", f"gross_profit_three_years / {_ASSETS}"),
    "long_term_debt_to_equity": ("Long-term liabilities over equity", TIMES, "lower", "long_term_liabilities / equity"),
    "creditor_days": ("Days of turnover owed within a year", DAYS, "lower", "short_term_liabilities * 365 / turnover"),
    "receivable_days": ("Days until customers pay", DAYS, "lower", "receivables * 365 / turnover"),
    "agency_share_of_pay": ("Agency pay, of pay", SHARE, "lower", "agency_pay / staff_costs"),
    "staff_share_of_turnover": ("Pay, of turnover", SHARE, "", "staff_costs / turnover"),
    "vacancy_rate": ("Vacant posts, of posts", SHARE, "lower", "vacant_posts / (staff + vacant_posts)"),
    "tax_arrears_days": ("Overdue tax, in days of turnover", DAYS, "lower", "tax_arrears * 365 / turnover"),
    "occupancy": ("Occupancy", SHARE, "higher", "children / places"),
    "break_even_occupancy": ("Occupancy at which operating profit is nothing", SHARE, "lower",
                             "(operating_costs - variable_costs + rent + depreciation) / (turnover - variable_costs) * children / places"),
    "homes_at_a_loss": ("Homes that cost more than their fees", SHARE, "lower", "loss_making_homes / homes_with_costs"),
    "restricted_places": ("Places that may not be filled", SHARE, "lower", "places_restricted / places"),
    "largest_council": ("Largest council’s share of fees", SHARE, "lower", "largest_council_fees / council_fees"),
    "leased_back": ("Rent of homes that were sold and leased back, of rent", SHARE, "lower", "leased_back_rent / rent"),
    "upstream_share": ("Dividends and fees to owners, of earnings", SHARE, "lower", f"(dividends + management_fees) / ({_EBITDA})"),
    "z_double_prime": ("Altman’s Z'' (above 2.6 safe, below 1.1 in distress)", SCORE, "higher",
                       _altman(*Z_DOUBLE_PRIME)),
    "z_prime": ("Altman’s Z' (above 2.9 safe, below 1.23 in distress)", SCORE, "higher",
                f"{_altman(*Z_PRIME)} + 0.998 * turnover / {_ASSETS}"),
    "related_party_share": ("Payments to related parties, of earnings", SHARE, "lower", f"related_party_payments / ({_EBITDA})"),
}  # fmt: skip
_FIELD = re.compile(r"[a-z_]{3,}")
_IF_ANY = "_if_any"
_COUNTS = frozenset(
    {"places", "children", "places_restricted", "homes_with_costs", "loss_making_homes", "staff", "vacant_posts"}
)
_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})


@dataclass(frozen=True, slots=True)
class Worked:
    """One ratio: its value (None where it cannot be worked out), its arithmetic in words and with figures, what is missing."""

    name: str
    label: str
    unit: str
    better: str
    value: float | None
    formula: str
    with_figures: str
    missing: tuple[str, ...]


def worked_ratios(figures: Mapping[str, float]) -> list[Worked]:
    """Return every ratio with its arithmetic, in the order in which people read them."""
    return [_worked(name, figures) for name in ARITHMETIC]


def ratios(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Return every ratio by name; those of the scorecard have its names, so that `score` can be given them."""
    return {name: value_of(formula, figures) for name, (_, _, _, formula) in ARITHMETIC.items()}


def z_double_prime(*, working_capital: float, retained: float, ebit: float, equity_to_liabilities: float) -> float:
    """Return Altman's Z'' of a firm for non-manufacturers: the first three over total assets. Above 2.6 is safe, below 1.1 in distress."""
    parts = (working_capital, retained, ebit, equity_to_liabilities)
    return sum(weight * part for weight, part in zip(Z_DOUBLE_PRIME, parts, strict=True))


def value_of(formula: str, figures: Mapping[str, float]) -> float | None:
    """Return what a formula comes to over figures; None where one is missing or a divisor is nothing."""
    return _value(_parsed(formula), figures)


@cache
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def _value(part: ast.expr, figures: Mapping[str, float]) -> float | None:
    match part:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return figures.get(name.removesuffix(_IF_ANY), 0.0) if name.endswith(_IF_ANY) else figures.get(name)
        case ast.BinOp(left=left, op=sign, right=right):
            one, other = _value(left, figures), _value(right, figures)
            return None if one is None or other is None else _joined(one, sign, other)
    raise ValueError(f"no arithmetic of a ratio: {ast.unparse(part)}")


def _joined(one: float, sign: ast.operator, other: float) -> float | None:
    match sign:
        case ast.Add():
            return one + other
        case ast.Sub():
            return one - other
        case ast.Mult():
            return one * other
        case ast.Div():
            return one / other if other else None
    raise ValueError(f"no arithmetic of a ratio: {type(sign).__name__}")


def _worked(name: str, figures: Mapping[str, float]) -> Worked:
    label, unit, better, formula = ARITHMETIC[name]
    value = value_of(formula, figures)
    fields = list(dict.fromkeys(_FIELD.findall(formula)))
    missing = tuple(_label(one) for one in fields if one not in figures and not one.endswith(_IF_ANY))
    words = _FIELD.sub(lambda found: _short(found[0]), formula).translate(_SIGNS)
    said = _FIELD.sub(lambda found: _figure(found[0], figures), formula.translate(_SIGNS))
    return Worked(name, label, unit, better, value, words, "" if missing else said, missing)


def _figure(field: str, figures: Mapping[str, float]) -> str:
    value = figures.get(field.removesuffix(_IF_ANY), 0)
    if field in _COUNTS:
        return f"{value:,.0f}"
    return f"£{value:,.0f}" if value >= 0 else f"(−£{-value:,.0f})"


def _label(field: str) -> str:
    field = field.removesuffix(_IF_ANY)
    return FIELDS.get(field) or COUNTED[field]


def _short(field: str) -> str:
    """Return a field as arithmetic says it: its label without the words that place it in a form."""
    return _label(field).removeprefix("of which ").removeprefix("of all liabilities, ").split(" before ")[0].lower()
