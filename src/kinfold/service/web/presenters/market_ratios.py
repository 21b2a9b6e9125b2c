"""A return as pages show it: each ratio with its arithmetic, the score with its reasons, stress and reverse stress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.financial import Working, is_late, shares_of
from kinfold.market.financial.arithmetic import ARITHMETIC, DAYS, POUNDS, SHARE, Worked, worked_ratios
from kinfold.market.financial.covenants import Ahead, Tested, checked_covenants, weeks_of_money
from kinfold.market.financial.scorecard import Scored, shipped_card
from kinfold.market.financial.stress import Breaking, Shock, Stressed
from kinfold.market.financial.submission import viability_grade
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart, LineChart, Series
from kinfold.service.web.drawings.words import amount_words, day_words
from kinfold.service.web.numbers_asked import Number
from kinfold.service.web.presenters.market_cases import Lines, address, crumbs_of, day_of_text

RATIO_HEADINGS = ("Ratio", "Value", "Unit", "Safer", "Arithmetic", "With the figures of the return", "Missing")
BANDS = {"green": "green", "amber": "orange", "red": "red"}
SHOCKS = (
    Number("fees", "Fees fall by", 0, 90, 5, "%", 1),
    Number("occupancy", "Children fall by", 0, 90, 10, "%", 1, "Of those who live there now."),
    Number("pay", "Pay rises by", 0, 90, 5, "%", 1),
    Number("rate", "Interest rises by", 0, 20, 2, "points", 0.25),
    Number("homes", "Homes closed", 0, 90, 0, "%", 1, "A wave of closures, or a restriction after poor judgements."),
    Number("refinancing", "Debt due within a year is not lent again", 0, 1, 0, "1 for yes", 1),
)
SHOCK_WORDS = {
    "fees": "Fees fall by",
    "occupancy": "Children fall by",
    "pay": "Pay rises by",
    "rate": "Interest rises by",
}


def value_words(value: float | None, unit: str) -> str:
    """Return a ratio as people read it."""
    if value is None:
        return "Not known"
    if unit == SHARE:
        return f"{value:.1%}".replace("-", "−")
    if unit == POUNDS:
        return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"
    said = f"{value:,.0f} days" if unit == DAYS else f"{value:,.2f}"
    return said.replace("-", "−")


def ratio_rows(found: Sequence[Worked]) -> list[list[Any]]:
    """Return every ratio as a file holds it."""
    return [
        [one.label, one.value, one.unit, one.better, one.formula, one.with_figures, "; ".join(one.missing)]
        for one in found
    ]


def ratios_page(
    page: CasePage, figures: Mapping[str, float], scored: Scored | None, because: str, policy: Pack
) -> dict[str, Any]:
    """Return the page of a return's ratios and score; `because` says why there is no score."""
    line = page.working.latest
    found = worked_ratios(figures)
    return {
        "title": page.row.name, "caption": f"The return for the period to {day_of_text(line.said['period_end'])}",
        "ratios": _ratios(found), "also": _also(line.said, found, page.working, policy),
        "covenants": covenants_table(_tested_now(line.said, figures, policy["variable_costs"])), "score": _score(scored) if scored else None, "because": because,
        "reasons": _reasons(scored) if scored else None, "changes": _changes(scored) if scored else None,
        "chart": _chart(scored) if scored and scored.reasons else None, "caveat": scored.caveat if scored else "", "learnt": _learnt(),
        "back": address(page.row), "crumbs": crumbs_of(page, "Ratios and score"),
    }  # fmt: skip


def _ratios(found: Sequence[Worked]) -> Table:
    columns = [Column("Ratio"), Column("Value", True), Column("Safer"), Column("Arithmetic")]
    lines = [
        [one.label, value_words(one.value, one.unit), one.better.capitalize() or "Neither", _arithmetic(one)]
        for one in found
    ]
    return Table("Every ratio of the return", columns, lines)


def _arithmetic(one: Worked) -> str:
    if one.missing:
        return f"{one.formula}. Missing: {', '.join(one.missing).lower()}."
    return f"{one.formula} = {one.with_figures} = {value_words(one.value, one.unit)}"


def _also(said: Mapping[str, Any], found: Sequence[Worked], working: Working, policy: Pack) -> list[SummaryRow]:
    concentration, values = shares_of(said)["concentration"], {one.name: one.value for one in found}
    days, cover = values["liquidity_days"], values["debt_service_cover"]
    grade = (
        "Not known"
        if days is None or cover is None
        else f"{viability_grade(days_of_cash=days, service_cover=cover, policy=policy)} of 4"
    )
    return [
        SummaryRow("Grade of viability", grade, note=f"Days of liquidity and cover of debt service: {policy.rests_on('viability_days')}. 4 is the safest."),
        SummaryRow("Concentration of fees", "Not known" if concentration is None else f"{concentration:.2f}", note="1 where one council pays everything."),
        SummaryRow("Material uncertainty about going on", _told(said.get("uncertain")), note="As the board or the auditor says."),
        SummaryRow("Auditor changed since the last return", _told(said.get("auditor_changed"))),
        SummaryRow("Contingent liabilities", value_words(said["figures"].get("contingent_liabilities"), POUNDS)),
        SummaryRow("Returns that came late", _late(working)),
    ]  # fmt: skip


def _told(value: bool | None) -> str:
    return "Not told" if value is None else "Yes" if value else "No"


def _late(working: Working) -> str:
    late = sum(is_late(one, pack(JURISDICTION, one.day)) for one in working.returns)
    return f"{late} of {len(working.returns)}"


def _tested_now(said: Mapping[str, Any], figures: Mapping[str, float], variable: float) -> Sequence[Tested]:
    ended = date.fromisoformat(said["period_end"])
    rows = said.get("covenants") or ()
    return checked_covenants(rows, figures, Shock(), variable=variable, period_end=ended) if rows else ()


def covenants_table(found: Sequence[Tested], *, shocked: bool = False) -> Table:
    """Return each covenant with the room left, and the day from which it does not hold."""
    columns = [Column("Lender"), Column("Measure"), Column("Limit", True), Column("Today", True), Column("Room left", True),
               Column("Does not hold from" if shocked else "Holds today")]  # fmt: skip
    lines: Lines = [
        [one.lender, ARITHMETIC[one.measure][0], f"{one.bound} {value_words(one.limit, ARITHMETIC[one.measure][1])}",
         value_words(one.value, ARITHMETIC[one.measure][1]), "Not known" if one.room is None else f"{one.room:.0%}".replace("-", "−"),
         _broken(one, shocked)]
        for one in found
    ]  # fmt: skip
    title = "Covenants under the shock" if shocked else "Covenants"
    return Table(title, columns, lines, empty="The return names no covenant.")


def _broken(one: Tested, shocked: bool) -> Cell | str:
    if one.value is None:
        return "Not known"
    if one.broken_at is None:
        return "Holds for a year" if shocked else Cell("", tag=Tag("Holds", "green"))
    return Cell(day_words(one.broken_at) if shocked else "", tag=Tag("Broken", "red"))


def _score(one: Scored) -> list[SummaryRow]:
    return [
        SummaryRow("Band", one.band.capitalize()),
        SummaryRow("Points", f"{one.points}, between {one.low} and {one.high}", note="Higher is safer. The range is of scorecards learnt on data drawn again."),
        SummaryRow("Ratios that were missing", len(one.missing), note="A missing ratio counts as it did in the firms that it was learnt from."),
        SummaryRow("Scorecard", f"Version {one.version}"),
    ]  # fmt: skip


def _reasons(one: Scored) -> Table:
    columns = [Column("Ratio"), Column("Its value", True), Column("Points lost", True)]
    lines = [
        [row.label, "Missing" if row.value is None else f"{row.value:,.2f}", amount_words(row.lost)]
        for row in one.reasons
    ]
    return Table("What costs it most points", columns, lines, empty="It loses no points.")


def _changes(one: Scored) -> Table:
    columns = [Column("If this alone were"), Column("At", True), Column("It would be")]
    lines: Lines = [
        [row.label, f"{row.direction} {row.at:,.2f}", Cell("", tag=Tag(row.band.capitalize(), BANDS[row.band]))]
        for row in one.changes
    ]
    empty = (
        "It is green already."
        if one.band == "green"
        else "No single ratio would move the band: more than one must change."
    )
    return Table("What would change the band, all else as it is", columns, lines, empty=empty)


def _chart(one: Scored) -> BarChart:
    return BarChart(
        "Points lost by ratio", [Amount(row.label, row.lost) for row in one.reasons], unit="points", what="Ratio"
    )


def _learnt() -> list[SummaryRow]:
    report = shipped_card().report
    words = {"area": "Area under the curve", "brier": "Brier score", "brier_of_rate": "Brier score of the bare rate",
             "calibration_error": "Calibration error", "caught_in_top_tenth": "Failures found in the riskiest tenth"}  # fmt: skip
    return [
        SummaryRow(label, f"{report[name]:.3f}") for name, label in words.items() if isinstance(report.get(name), float)
    ]


def stress_page(
    page: CasePage, asked: Sequence[Number], *, covenants: Sequence[Tested], ahead: Sequence[Ahead], before: Stressed, after: Stressed,
    breaks: Sequence[Breaking], occupancy: float | None, variable: float,
) -> dict[str, Any]:  # fmt: skip
    """Return the page of stress and reverse stress."""
    line = page.working.latest
    return {
        "title": page.row.name, "caption": f"The return for the period to {day_of_text(line.said['period_end'])}", "numbers": asked,
        "table": _stressed(before, after), "covenants": covenants_table(covenants, shocked=True), "ahead": _ahead_chart(ahead) if ahead else None,
        "ahead_words": _ahead_words(ahead), "breaks": _breaks(breaks),
        "words": _reverse_words(breaks, occupancy), "chart": _reverse_chart(breaks), "back": address(page.row),
        "assumes": f"{variable:.0%} of operating costs fall with the number of children, the rest only where homes close; rent goes on. "
                   "A year is looked at as a whole, with the figures of the return: nothing is forecast.",
        "today": day_words(page.today), "crumbs": crumbs_of(page, "Stress"),
    }  # fmt: skip


def _stressed(before: Stressed, after: Stressed) -> Table:
    columns = [Column("In a year"), Column("As it stands", True), Column("Under the shock", True)]
    rows = (("Turnover", "turnover", POUNDS), ("Earnings before interest, tax and depreciation", "earnings", POUNDS), ("Interest", "interest", POUNDS),
            ("Operating profit over interest", "interest_cover", ""), ("Cover of debt service", "debt_service_cover", ""),
            ("Money at the end", "money_left", POUNDS))  # fmt: skip
    lines = [[label, *(value_words(getattr(one, name), unit) for one in (before, after))] for label, name, unit in rows]
    lines.append(
        [
            "Weeks until the money runs out",
            *("It does not" if one.runway is None else f"{one.runway:,.0f}" for one in (before, after)),
        ]
    )
    return Table("The shock", columns, lines)


def _ahead_words(ahead: Sequence[Ahead]) -> str:
    if not ahead:
        return "The return has no forecast of cash: ask the group for the sheet Cash ahead."
    weeks = weeks_of_money(ahead)
    when = (
        "there is money throughout"
        if weeks is None
        else f"the money, with what can still be drawn, lasts {weeks:,.0f} weeks"
    )
    return f"By the group’s own forecast, moved by the shock, {when}. The least is £{min(one.under_shock for one in ahead):,.0f}.".replace(
        "£-", "−£"
    )


def _ahead_chart(ahead: Sequence[Ahead]) -> LineChart:
    series = [
        Series("As the group expects", [one.expected / 1000 for one in ahead]),
        Series("Under the shock", [one.under_shock / 1000 for one in ahead]),
    ]
    return LineChart(
        "Cash at the end of each week, then each month", [one.period for one in ahead], series, unit="thousand pounds"
    )


def _breaks(found: Sequence[Breaking]) -> Table:
    columns = [Column("If this alone happened"), Column("This would follow"), Column("At", True)]
    lines = [[SHOCK_WORDS[one.shock], one.what.capitalize(), _at(one)] for one in found]
    return Table("Reverse stress: the least shock that breaks something", columns, lines)


def _at(one: Breaking) -> str:
    if one.at is None:
        return f"Nothing up to {one.up_to:.0%}"
    if one.at == 0:
        return "It is so today"
    return f"{one.at * 100:.1f} points" if one.shock == "rate" else f"{one.at:.1%}"


def _reverse_words(found: Sequence[Breaking], occupancy: float | None) -> str:
    known = sorted((one for one in found if one.at is not None), key=lambda one: one.at or 0)
    if not known:
        return f"No single shock up to {max(one.up_to for one in found):.0%} breaks it."
    first = known[0]
    said = (
        f"{first.what.capitalize()} already today."
        if first.at == 0
        else f"The nearest break: {SHOCK_WORDS[first.shock].lower()} {_at(first)}, and {first.what}."
    )
    least = (
        ""
        if not occupancy or occupancy >= 1
        else f" Operating profit covers interest down to {occupancy:.0%} of today’s children."
    )
    return said + least


def _reverse_chart(found: Sequence[Breaking]) -> BarChart:
    nearest = {
        sort: min((one.at for one in found if one.shock == sort and one.at is not None), default=None)
        for sort in SHOCK_WORDS
    }
    looked = f"nothing up to {max(one.up_to for one in found):.0%}"
    amounts = [Amount(SHOCK_WORDS[sort], None if at is None else at * 100, note=looked) for sort, at in nearest.items()]
    return BarChart("How far each may go before something breaks", amounts, unit="%", decimals=1, what="Shock")
