"""A return as pages show it: each ratio with its arithmetic, the score with its reasons, stress and reverse stress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kinfold.market.cases.financial import shares_of
from kinfold.market.financial.arithmetic import DAYS, POUNDS, SHARE, Worked, worked_ratios
from kinfold.market.financial.scorecard import Scored, shipped_card
from kinfold.market.financial.stress import Breaking, Stressed
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
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


def ratios_page(page: CasePage, scored: Scored | None, because: str) -> dict[str, Any]:
    """Return the page of a return's ratios and score; `because` says why there is no score."""
    line = page.working.latest
    found = worked_ratios(line.said["figures"])
    return {
        "title": page.row.name, "caption": f"The return for the period to {day_of_text(line.said['period_end'])}",
        "ratios": _ratios(found), "also": _also(line.said), "score": _score(scored) if scored else None, "because": because,
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


def _also(said: Mapping[str, Any]) -> list[SummaryRow]:
    shares = shares_of(said)
    known = {name: "Not known" if value is None else f"{value:.0%}" for name, value in shares.items()}
    return [
        SummaryRow("Occupancy", known["occupancy"], note="Children over places, from the sheet of homes."),
        SummaryRow("Largest council’s share of fees", known["largest_council"], note="From the sheet of councils."),
        SummaryRow("Concentration of fees", "Not known" if shares["concentration"] is None else f"{shares['concentration']:.2f}",
                   note="1 where one council pays everything."),
    ]  # fmt: skip


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
    page: CasePage, asked: Sequence[Number], *, before: Stressed, after: Stressed, breaks: Sequence[Breaking], occupancy: float | None,
    variable: float,
) -> dict[str, Any]:  # fmt: skip
    """Return the page of stress and reverse stress."""
    line = page.working.latest
    return {
        "title": page.row.name, "caption": f"The return for the period to {day_of_text(line.said['period_end'])}", "numbers": asked,
        "table": _stressed(before, after), "breaks": _breaks(breaks),
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


def _breaks(found: Sequence[Breaking]) -> Table:
    columns = [Column("If this alone happened"), Column("This would follow"), Column("At", True)]
    lines = [[SHOCK_WORDS[one.shock], one.what.capitalize(), _at(one)] for one in found]
    return Table("Reverse stress: the least shock that breaks something", columns, lines)


def _at(one: Breaking) -> str:
    if one.at is None:
        return "Nothing up to 90%"
    if one.at == 0:
        return "It is so today"
    return f"{one.at * 100:.1f} points" if one.shock == "rate" else f"{one.at:.1%}"


def _reverse_words(found: Sequence[Breaking], occupancy: float | None) -> str:
    known = sorted((one for one in found if one.at is not None), key=lambda one: one.at or 0)
    if not known:
        return "No single shock up to nine tenths breaks it."
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
    amounts = [
        Amount(SHOCK_WORDS[sort], None if at is None else at * 100, note="nothing up to 90%")
        for sort, at in nearest.items()
    ]
    return BarChart("How far each may go before something breaks", amounts, unit="%", decimals=1, what="Shock")
