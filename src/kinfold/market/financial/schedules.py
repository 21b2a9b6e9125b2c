"""
The schedules of a return, row by row: cash ahead, debts, covenants and leases. What each column holds, and what must fit.

They may be left empty; what is filled in must fit the figures: cash leads on from the balance sheet, debts add up to the borrowings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kinfold.market.financial.arithmetic import ARITHMETIC
from kinfold.market.financial.submission import ROUNDING
from kinfold.market.profit import WEEKS_IN_A_YEAR

POUNDS, MONEY, NUMBER, TEXT, DAY, YES_NO, HOME, CHOICE = (
    "pounds",
    "money",
    "number",
    "text",
    "day",
    "yes or no",
    "home",
    "choice",
)
PERIODS = (*(f"Week {week}" for week in range(1, 14)), *(f"Month {month}" for month in range(4, 25)))
AT_LEAST, AT_MOST = "at least", "at most"
# What a covenant may be about: ratios that are worked out from the return itself.
MEASURES = ("interest_cover", "rent_and_interest_cover", "debt_service_cover", "gearing", "lease_adjusted_gearing", "current_ratio", "equity_to_assets",
            "tangible_net_worth", "days_of_cash")  # fmt: skip
MEASURE_LABELS = {ARITHMETIC[one][0]: one for one in MEASURES}


@dataclass(frozen=True, slots=True)
class Part:
    """One column: its name in the journal, its heading, what it holds, and for a choice what may be chosen (what is kept by what is written)."""

    name: str
    heading: str
    sort: str
    choices: Mapping[str, str] | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Schedule:
    """One sheet: its name in the journal and in the workbook, the words above it, its columns."""

    name: str
    sheet: str
    words: str
    parts: tuple[Part, ...]


CASH, DEBTS, COVENANTS, LEASES = (
    Schedule("cash_ahead", "Cash ahead", "Thirteen weeks, then month by month up to two years, as you expect it. Cash at the end leads on from row to row.",
             (Part("period", "Week or month", CHOICE, {one: one for one in PERIODS}), Part("receipts", "Receipts, £", POUNDS),
              Part("payments", "Payments, £", POUNDS), Part("cash", "Cash at the end, £", MONEY))),
    Schedule("debts", "Debts", "One row for each loan on the last day of the period. Together they are the borrowings.",
             (Part("lender", "Lender", TEXT), Part("amount", "Owed, £", POUNDS), Part("basis", "Interest: fixed or floating", CHOICE, {one: one for one in ("fixed", "floating")}),
              Part("due", "Falls due on", DAY))),
    Schedule("covenants", "Covenants", "One row for each limit that a lender has set. The measure is worked out from this return.",
             (Part("lender", "Lender", TEXT), Part("measure", "Measure", CHOICE, MEASURE_LABELS), Part("bound", "At least or at most", CHOICE, {one: one for one in (AT_LEAST, AT_MOST)}),
              Part("limit", "Limit", NUMBER))),
    Schedule("leases", "Leases", "One row for each home that is rented.",
             (Part("urn", "Home (URN)", HOME), Part("rent", "Rent a year, £", POUNDS), Part("related", "Landlord related to you? yes or no", YES_NO),
              Part("leased_back", "Sold and leased back? yes or no", YES_NO), Part("ends", "Ends on", DAY, needed=False))),
)  # fmt: skip
SCHEDULES = (CASH, DEBTS, COVENANTS, LEASES)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit in a schedule: which, in which row from 0 and which column, and what to do."""

    schedule: Schedule
    row: int
    column: str
    message: str


def misfits(rows: Mapping[str, Rows], figures: Mapping[str, float], period_end: date | None) -> Iterator[Misfit]:
    """Yield everything in the schedules that does not fit the figures; a schedule that is empty fits."""
    yield from _cash(rows["cash_ahead"], figures)
    if rows["debts"] and period_end:
        yield from _debts(rows["debts"], figures, period_end)
    if rows["leases"]:
        yield from _leases(rows["leases"], figures)


def _cash(rows: Rows, figures: Mapping[str, float]) -> Iterator[Misfit]:
    before = figures.get("cash", 0.0)
    for place, one in enumerate(rows):
        if place >= len(PERIODS) or one["period"] != PERIODS[place]:
            wanted = PERIODS[place] if place < len(PERIODS) else "the end"
            yield Misfit(
                CASH,
                place,
                "period",
                f"Here must stand {wanted}: weeks 1 to 13 and then months 4 to 24, in order and each once.",
            )
            return
        gap = before + one["receipts"] - one["payments"] - one["cash"]
        if abs(gap) > ROUNDING:
            yield Misfit(
                CASH,
                place,
                "cash",
                f"Cash at the end must be that before (£{before:,.0f}) with receipts less payments. They differ by £{abs(gap):,.0f}.",
            )
        before = one["cash"]
    if rows and len(rows) < 13:
        yield Misfit(CASH, len(rows) - 1, "period", f"{len(rows)} weeks are filled in. Fill in all thirteen, or none.")


def _debts(rows: Rows, figures: Mapping[str, float], period_end: date) -> Iterator[Misfit]:
    owed = sum(one["amount"] for one in rows)
    soon = sum(one["amount"] for one in rows if date.fromisoformat(one["due"]) <= period_end + timedelta(days=365))
    for name, total, words in (
        ("debt", owed, "Debts add up to"),
        ("debt_due_in_year", soon, "Debts that fall due within a year of the period add up to"),
    ):
        if name in figures and abs(total - figures[name]) > ROUNDING:
            yield Misfit(
                DEBTS,
                0,
                "amount",
                f"{words} £{total:,.0f}, but the figures have £{figures[name]:,.0f}. Make the two agree.",
            )


def _leases(rows: Rows, figures: Mapping[str, float]) -> Iterator[Misfit]:
    rent, related = sum(one["rent"] for one in rows), sum(one["rent"] for one in rows if one["related"])
    if "rent" in figures and rent > figures["rent"] + ROUNDING:
        yield Misfit(
            LEASES,
            0,
            "rent",
            f"Leases add up to £{rent:,.0f}, more than all rent (£{figures['rent']:,.0f}). Correct one of the two.",
        )
    if "related_party_rent" in figures and abs(related - figures["related_party_rent"]) > ROUNDING:
        yield Misfit(LEASES, 0, "related", f"Rent to related landlords adds up to £{related:,.0f}, but the figures have £{figures['related_party_rent']:,.0f}. "
                     "Make the two agree.")  # fmt: skip


def counted(said: Mapping[str, Any], *, variable: float) -> dict[str, float]:
    """
    Return what ratios take from a return's rows, by the names of `arithmetic.COUNTED`; what no row tells of is left out.

    `variable` is the share of operating costs that falls with children.
    """
    homes, figures = said.get("homes") or (), said["figures"]
    found: dict[str, float] = {}
    if homes:
        found |= {"places": sum(one["places"] for one in homes), "children": sum(one["children"] for one in homes)}
        if any(one.get("restricted") is not None for one in homes):
            found["places_restricted"] = sum(one.get("restricted") or 0 for one in homes)
    found |= _losses(homes, said.get("placements") or ())
    fees = [one["fees"] for one in said.get("councils") or () if one.get("fees")]
    if fees:
        found |= {"council_fees": sum(fees), "largest_council_fees": max(fees)}
    leases, debts = said.get("leases") or (), said.get("debts") or ()
    if leases:
        found["leased_back_rent"] = sum(one["rent"] for one in leases if one["leased_back"])
    if debts:
        found["floating_debt"] = sum(one["amount"] for one in debts if one["basis"] == "floating")
    if "operating_costs" in figures:
        found["variable_costs"] = variable * figures["operating_costs"]
    return found


def _losses(homes: Rows, placements: Rows) -> dict[str, float]:
    """Return how many homes have costs and fees, and how many of them cost more than a year of their fees as they stand."""
    fees: dict[str, float] = {}
    for one in placements:
        fees[one["urn"]] = fees.get(one["urn"], 0.0) + (one["fee"] or 0.0) * WEEKS_IN_A_YEAR
    known = [one for one in homes if one.get("costs") is not None and one["urn"] in fees]
    return (
        {"homes_with_costs": len(known), "loss_making_homes": sum(one["costs"] > fees[one["urn"]] for one in known)}
        if known
        else {}
    )


def every_figure(said: Mapping[str, Any], *, variable: float) -> dict[str, float]:
    """Return the figures of a return with what its rows count: what every ratio is worked out from."""
    return {**said["figures"], **counted(said, variable=variable)}
