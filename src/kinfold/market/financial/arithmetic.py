"""Every ratio of a submission with its arithmetic: what is divided by what, and the figures that were put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kinfold.market.financial.submission import FIELDS, ratios

_OPERATING = "turnover - operating_costs"
_EBITDA = f"{_OPERATING} - rent"
_EBIT = f"{_EBITDA} - depreciation"
_ASSETS = "(fixed_assets + current_assets)"
_LIABILITIES = "(short_term_liabilities + long_term_liabilities)"
_RUNNING = "(operating_costs + rent)"
SHARE, TIMES, DAYS, POUNDS = "share", "times", "days", "pounds"
# Each ratio: what it is called, its unit, which way is safer ("" where neither is), and the arithmetic over fields.
# The signs are those of Python, so that a test holds that it gives what `ratios` gives.
ARITHMETIC: Mapping[str, tuple[str, str, str, str]] = {
    "days_of_cash": ("Days of cash", DAYS, "higher", f"(cash + undrawn_facilities) * 365 / {_RUNNING}"),
    "liquidity_days": ("Days of liquidity", DAYS, "higher", f"(current_assets - stock - short_term_liabilities) * 365 / {_RUNNING}"),
    "current_ratio": ("Current ratio", TIMES, "higher", "current_assets / short_term_liabilities"),
    "quick_ratio": ("Quick ratio", TIMES, "higher", "(current_assets - stock) / short_term_liabilities"),
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
    "related_party_share": ("Payments to related parties, of earnings", SHARE, "lower", f"related_party_payments / ({_EBITDA})"),
}  # fmt: skip
_FIELD = re.compile(r"[a-z_]{3,}")
# A sum goes without these where nobody gave them: none was told of, which a return says by leaving it empty.
NOTHING_IF_SILENT = frozenset({"undrawn_facilities", "stock", "rent"})
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
    values = ratios(figures)
    return [_worked(name, values[name], figures) for name in ARITHMETIC]


def _worked(name: str, value: float | None, figures: Mapping[str, float]) -> Worked:
    label, unit, better, formula = ARITHMETIC[name]
    fields = list(dict.fromkeys(_FIELD.findall(formula)))
    silent = [one for one in fields if one not in figures]
    needed = [one for one in silent if one not in NOTHING_IF_SILENT] or (silent if value is None else [])
    missing = tuple(FIELDS[one] for one in needed)
    words = _FIELD.sub(lambda found: _short(found[0]), formula).translate(_SIGNS)
    said = _FIELD.sub(lambda found: _pounds(figures.get(found[0], 0)), formula.translate(_SIGNS))
    return Worked(name, label, unit, better, value, words, "" if missing else said, missing)


def _pounds(value: float) -> str:
    return f"£{value:,.0f}" if value >= 0 else f"(−£{-value:,.0f})"


def _short(field: str) -> str:
    """Return a field as arithmetic says it: its label without the words that place it in a form."""
    return FIELDS[field].removeprefix("of which ").removeprefix("of all liabilities, ").split(" before ")[0].lower()
