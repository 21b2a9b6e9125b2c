"""How long the queue of applications to register may take, as its page shows it: a sentence, a chart with its range, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.registration import Working
from kinfold.market.policy import Pack
from kinfold.market.supply.forecast import (
    WEEK,
    Assumed,
    Forecast,
    Job,
    arrivals_in_a_year,
    assumed_by,
    by_staffing,
    draws_for,
    waiting_jobs,
)
from kinfold.service.web.components import Column, SummaryRow, Table
from kinfold.service.web.drawings.bars import LineChart, Series
from kinfold.service.web.numbers_asked import Number, asked, values
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.market_exit import range_words

HEADINGS = ("Officers", "Week", "Wait, low", "Wait, middle", "Wait, high", "Weeks to clear, low", "Weeks to clear, middle",
            "Weeks to clear, high", "Decided late, low", "Decided late, middle", "Decided late, high", "With a last day")  # fmt: skip
_EVERY = 2  # weeks between the points of the chart


def numbers(applications: Sequence[Working], policy: Pack, today: date) -> list[Number]:
    """Return what the forecast may be asked with: officers by the policy's default, arrivals by what came in the last year."""
    fast, others = arrivals_in_a_year(applications, today)
    came = "As many came in the last year."
    return [
        Number("officers", "Officers who decide applications", 1, 200, float(policy["registration_officers"]),
               hint="How many there are is not known here: say it."),
        Number("fast", "New ones a year, fast track", 0, 5000, fast, hint=came),
        Number("standard", "New ones a year, the usual way", 0, 5000, others, hint=came),
    ]  # fmt: skip


def _forecasts(
    applications: Sequence[Working], policy: Pack, today: date, holidays: frozenset[date], fields: Sequence[Number]
) -> tuple[list[Job], Assumed, dict[int, Forecast]]:
    waiting = waiting_jobs(applications, today=today, holidays=holidays, policy=policy)
    said = values(fields)
    assumed = assumed_by(
        policy, officers=int(said["officers"]), fast_a_year=said["fast"], standard_a_year=said["standard"],
        draws=draws_for(len(waiting), (said["fast"] + said["standard"]) / 2),
    )  # fmt: skip
    return waiting, assumed, by_staffing(waiting, assumed, _staffing(assumed.officers))


def forecast_part(
    applications: Sequence[Working], policy: Pack, today: date, holidays: frozenset[date], said: Mapping[str, str]
) -> dict[str, Any]:
    """Return the forecast of the queue (`applications` in the order of work, decided ones anywhere). Raises InputError for a wrong number."""
    fields = asked(numbers(applications, policy, today), said)
    waiting, assumed, found = _forecasts(applications, policy, today, holidays, fields)
    return {
        "forecast": bool(waiting), "numbers": fields, "forecast_said": _words(waiting, assumed, found[assumed.officers]),
        "forecast_chart": _chart(assumed, found[assumed.officers]), "staffing": _table(found, assumed.officers),
        "assumes": _assumes(policy), "draws": assumed.draws,
    }  # fmt: skip


def forecast_rows(
    applications: Sequence[Working], policy: Pack, today: date, holidays: frozenset[date], said: Mapping[str, str]
) -> list[list[Any]]:
    """Return the forecast as a file holds it: a row for each number of officers and each week."""
    fields = asked(numbers(applications, policy, today), said)
    _, _, found = _forecasts(applications, policy, today, holidays, fields)
    return [
        [officers, week, *_parts(wait), *(round(days / WEEK, 1) for days in _parts(one.clear)), *_parts(one.late), one.timed]
        for officers, one in found.items() for week, wait in enumerate(one.by_week)
    ]  # fmt: skip


def _staffing(officers: int) -> list[int]:
    """Return the numbers of officers to compare: what is asked, with one fewer, one and two more, and twice as many."""
    return sorted({max(officers - 1, 1), officers, officers + 1, officers + 2, officers * 2})


def _parts(one: Mapping[str, float]) -> list[float]:
    return [one["low"], one["middle"], one["high"]]


def _in_weeks(one: Mapping[str, float]) -> str:
    return range_words({name: days / WEEK for name, days in one.items()}, 1)


def _words(waiting: Sequence[Job], assumed: Assumed, found: Forecast) -> str:
    people = f"{assumed.officers} officer{'' if assumed.officers == 1 else 's'}"
    late = (
        f"Of {found.timed} with a last day for the decision {range_words(found.late)} would be decided after it. "
        if found.timed
        else ""
    )
    last = found.by_week[-1]
    return (f"{len(waiting)} application{'' if len(waiting) == 1 else 's'} can be worked on today. With {people} the last of them is decided in "
            f"{_in_weeks(found.clear)} weeks. {late}In {assumed.weeks} weeks, new ones counted, {range_words(last)} wait.")  # fmt: skip


def _chart(assumed: Assumed, found: Forecast) -> LineChart:
    weeks = range(0, assumed.weeks + 1, _EVERY)
    series = [
        Series(label, [found.by_week[week][part] for week in weeks])
        for part, label in (("middle", "Middle"), ("low", "Low (5 in 100)"), ("high", "High (95 in 100)"))
    ]
    return LineChart("Applications that wait, week by week from today", [f"Week {week}" for week in weeks], series)


def _table(found: Mapping[int, Forecast], officers: int) -> Table:
    columns = [Column("Officers"), Column("Weeks until all who wait today are decided", True), Column("Decided after the last day", True),
               Column("Wait in 26 weeks", True)]  # fmt: skip
    lines: Lines = [
        [f"{number} (as asked)" if number == officers else str(number), _in_weeks(one.clear),
         f"{range_words(one.late)} of {one.timed}" if one.timed else "None has a last day yet", range_words(one.by_week[-1])]
        for number, one in found.items()
    ]  # fmt: skip
    return Table("With fewer or more officers", columns, lines)


def _assumes(policy: Pack) -> list[SummaryRow]:
    names = [f"registration_work_{one}" for one in ("least", "usual", "most", "left_visited", "left_proposed")]
    return [
        SummaryRow(
            policy.values[name].label, f"{policy[name]:g} {policy.values[name].unit}", note=policy.rests_on(name)
        )
        for name in names
    ]
