"""An invented return whose figures fit one another, for the demonstration and for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kinfold.market.financial.schedules import PERIODS
from kinfold.market.financial.workbook import Return, council_names
from kinfold.market.profit import WEEKS_IN_A_YEAR


def invented_return(
    homes: Sequence[Mapping[str, Any]],
    councils: Sequence[str],
    *,
    period_end: date,
    fee: int = 5_200,
    strain: float = 0.0,
) -> Return:
    """
    Return the return of a group with these homes (`urn`, `places`) and children of these councils (codes).

    `fee` is the usual one a week; `strain` from 0 to 1 takes it from sound to failing: costs rise, cash falls, debts fall due.
    """
    rows = [{"urn": one["urn"], "places": one["places"], "children": max(1, one["places"] - (number % 3 == 0)),
             "costs": round(one["places"] * fee * WEEKS_IN_A_YEAR * (0.72 + 0.1 * (number % 4) + 0.1 * strain)), "restricted": int(number % 5 == 4)} for number, one in enumerate(homes)]  # fmt: skip
    placements = [
        {"urn": home["urn"], "council": councils[(number + child) % len(councils)], "fee": 11_500 if (number + child) % 17 == 5 else fee + 150 * ((number + child) % 7 - 3)}
        for number, home in enumerate(rows) for child in range(home["children"])
    ]  # fmt: skip
    names = council_names()
    theirs = [
        {"code": code, "name": names[code], "children": sum(one["council"] == code for one in placements),
         "fees": round(sum(one["fee"] for one in placements if one["council"] == code) * WEEKS_IN_A_YEAR)}
        for code in councils
    ]  # fmt: skip
    figures = _figures(float(sum(one["fees"] for one in theirs)), strain)
    return Return(period_end, False, figures, {"homes": figures["turnover"]}, rows, theirs, placements, _schedules(figures, rows, period_end, strain),
                  uncertain=strain >= 0.8, auditor_changed=False)  # fmt: skip


def _schedules(
    figures: Mapping[str, float], homes: Sequence[Mapping[str, Any]], period_end: date, strain: float
) -> dict[str, Any]:
    soon, later = figures["debt_due_in_year"], figures["debt"] - figures["debt_due_in_year"]
    others = figures["rent"] - figures["related_party_rent"]
    leases = [
        {"urn": one["urn"], "rent": figures["related_party_rent"] if number == 0 else float(int(others / len(homes))),
         "related": number == 0, "leased_back": number == 0, "ends": date(period_end.year + 9, 3, 31).isoformat()}
        for number, one in enumerate(homes)
    ]  # fmt: skip
    return {
        "cash_ahead": _cash_ahead(figures, strain),
        "debts": [{"lender": "Fell Bank", "amount": soon, "basis": "floating", "due": (period_end + timedelta(days=200)).isoformat()},
                  {"lender": "Tarn Finance", "amount": later, "basis": "fixed", "due": date(period_end.year + 5, 6, 30).isoformat()}],
        "covenants": [{"lender": "Fell Bank", "measure": "interest_cover", "bound": "at least", "limit": 1.5},
                      {"lender": "Tarn Finance", "measure": "lease_adjusted_gearing", "bound": "at most", "limit": 7.0}],
        "leases": leases,
    }  # fmt: skip


def _cash_ahead(figures: Mapping[str, float], strain: float) -> list[dict[str, Any]]:
    """Return cash week by week and then month by month: a strained group pays out more than it takes in."""
    rows, cash = [], figures["cash"]
    for place, period in enumerate(PERIODS):
        share = 52 if place < 13 else 12
        receipts, payments = (
            float(round(figures["turnover"] / share * part))
            for part in (1.0, 0.99 - 0.02 * (place % 3) + 0.14 * strain)
        )
        cash += receipts - payments
        rows.append({"period": period, "receipts": receipts, "payments": payments, "cash": cash})
    return rows


def _figures(turnover: float, strain: float) -> dict[str, float]:
    said: dict[str, float] = {
        "turnover": turnover, "turnover_last_year": round(turnover * (0.94 + 0.12 * strain)), "operating_costs": round(turnover * (0.74 + 0.16 * strain)),
        "rent": round(turnover * 0.07), "depreciation": round(turnover * 0.02), "interest": round(turnover * (0.03 + 0.05 * strain)), "tax": round(turnover * 0.02 * (1 - strain)),
    }  # fmt: skip
    said["net_profit"] = turnover - sum(
        value for name, value in said.items() if name not in ("turnover", "turnover_last_year")
    )
    said |= {
        "dividends": round(turnover * 0.02), "fixed_assets": round(turnover * 0.6), "intangible_assets": round(turnover * 0.2), "stock": 0.0,
        "receivables": round(turnover * 0.1), "cash": round(turnover * (0.14 - 0.12 * strain)), "short_term_liabilities": round(turnover * (0.15 + 0.25 * strain)),
        "long_term_liabilities": round(turnover * 0.4), "debt": round(turnover * 0.45), "debt_due_in_year": round(turnover * (0.05 + 0.2 * strain)),
        "principal_paid": round(turnover * 0.02), "capital_spending": round(turnover * 0.02), "undrawn_facilities": round(turnover * 0.03 * (1 - strain)),
        "staff_costs": round(turnover * 0.6), "agency_pay": round(turnover * (0.05 + 0.1 * strain)), "related_party_payments": round(turnover * 0.03),
        "related_party_rent": round(turnover * 0.05), "market_rent": round(turnover * 0.04), "management_fees": round(turnover * 0.015),
        "tax_arrears": round(turnover * 0.01 * strain), "contingent_liabilities": 0.0, "staff": 40.0, "vacant_posts": round(3 + 6 * strain),
        "gross_profit_three_years": round(turnover * 0.5),
    }  # fmt: skip
    said["current_assets"] = said["receivables"] + said["cash"] + round(turnover * 0.02)
    said["equity"] = (
        said["fixed_assets"] + said["current_assets"] - said["short_term_liabilities"] - said["long_term_liabilities"]
    )
    said["equity_last_year"] = said["equity"] - said["net_profit"] + said["dividends"]
    said |= {"share_capital": round(turnover * 0.05), "retained_earnings": said["equity"] - round(turnover * 0.05)}
    said |= {
        "cash_from_operations": round(turnover * 0.06),
        "cash_from_investing": -round(turnover * 0.02),
        "cash_from_financing": -round(turnover * 0.05),
    }
    moved = said["cash_from_operations"] + said["cash_from_investing"] + said["cash_from_financing"]
    return said | {"cash_last_year": said["cash"] - moved}
