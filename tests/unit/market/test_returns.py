"""A provider's return as a workbook, its ratios with their arithmetic, and stress: what fits, what does not, and where."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.financial.arithmetic import ARITHMETIC, COUNTED, value_of, worked_ratios
from kinfold.market.financial.covenants import cash_ahead, checked_covenants, weeks_of_money
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.schedules import every_figure
from kinfold.market.financial.stress import Shock, least_occupancy, reverse_stress, stressed
from kinfold.market.financial.submission import FIELDS
from kinfold.market.financial.template import template
from kinfold.market.financial.workbook import NEEDED, Return, read_return
from kinfold.terms.errors import InputError

TODAY = date(2026, 5, 1)
HOMES = [{"urn": f"SC90{number:03d}", "places": 4} for number in range(6)]
SOUND = invented_return(HOMES, ["330", "873"], period_end=date(2026, 3, 31))
FAILING = invented_return(HOMES, ["330", "873"], period_end=date(2026, 3, 31), strain=1.0)


def test_a_workbook_that_is_filled_in_says_what_was_filled_in() -> None:
    read = read_return(template("Tarn 1 Ltd", SOUND), today=TODAY)

    assert read == SOUND


def test_an_empty_template_says_what_is_needed_and_in_which_cell() -> None:
    cells = {(one.sheet, one.cell) for one in read_return(template(), today=TODAY).refusals}
    rows = {name: number for number, name in enumerate(FIELDS, start=3)}

    assert cells == {
        *(("About", f"B{row}") for row in (4, 5, 6, 7)),
        *(("Figures", f"B{rows[name]}") for name in NEEDED),
    }


def changed(**figures: float) -> Return:
    return replace(SOUND, figures={**SOUND.figures, **figures})


def with_rows(name: str, change: Callable[[list[Any]], list[Any]]) -> Return:
    return replace(SOUND, schedules={**SOUND.schedules, name: change(list(SOUND.schedules[name]))})


@pytest.mark.parametrize(
    ("told", "sheet", "words"),
    [
        pytest.param(changed(equity=1.0), "Figures", "Assets must equal liabilities and equity", id="balance sheet"),
        pytest.param(changed(net_profit=1.0), "Figures", "must equal the profit after tax", id="profit"),
        pytest.param(changed(cash_last_year=1.0), "Figures", "Cash must have changed by", id="cash bridge"),
        pytest.param(changed(interest=-5.0), "Figures", "cannot be negative", id="a sign"),
        pytest.param(replace(SOUND, segments={"homes": 5.0}), "Turnover by segment", "must add up to turnover", id="segments"),
        pytest.param(replace(SOUND, period_end=date(2027, 3, 31)), "About", "has not ended yet", id="a day to come"),
        pytest.param(replace(SOUND, homes=[*SOUND.homes, SOUND.homes[0]]), "Homes", "stands here twice", id="a home twice"),
        pytest.param(replace(SOUND, homes=[{**SOUND.homes[0], "children": 9}, *SOUND.homes[1:]]), "Homes", "9 children live in 4 places", id="too many"),
        pytest.param(replace(SOUND, councils=[{**SOUND.councils[0], "code": "Atlantis"}]), "Councils", "“Atlantis” is no council", id="no council"),
        pytest.param(replace(SOUND, councils=[{**SOUND.councils[0], "children": 1}]), "Councils", "Make the two agree", id="children and councils"),
        pytest.param(with_rows("cash_ahead", lambda rows: rows[1:]), "Cash ahead", "Here must stand Week 1", id="a week left out"),
        pytest.param(with_rows("cash_ahead", lambda rows: rows[:9]), "Cash ahead", "Fill in all thirteen, or none", id="nine weeks"),
        pytest.param(with_rows("cash_ahead", lambda rows: [{**rows[0], "cash": 5.0}, *rows[1:]]), "Cash ahead", "They differ by", id="cash does not lead on"),
        pytest.param(with_rows("debts", lambda rows: rows[1:]), "Debts", "Debts add up to", id="a debt left out"),
        pytest.param(with_rows("debts", lambda rows: [{**rows[0], "due": "2029-01-01"}, *rows[1:]]), "Debts", "fall due within a year", id="a debt due later"),
        pytest.param(with_rows("debts", lambda rows: [{**rows[0], "basis": "wavering"}, *rows[1:]]), "Debts", "“wavering” cannot be chosen", id="no rate basis"),
        pytest.param(with_rows("debts", lambda rows: [{**rows[0], "due": "soon"}, *rows[1:]]), "Debts", "Enter the day as a date", id="no day"),
        pytest.param(with_rows("covenants", lambda rows: [{**rows[0], "measure": "goodwill"}]), "Covenants", "“goodwill” cannot be chosen", id="no measure"),
        pytest.param(with_rows("leases", lambda rows: [{**rows[0], "rent": 9e9}]), "Leases", "more than all rent", id="too much rent"),
        pytest.param(with_rows("leases", lambda rows: rows[1:]), "Leases", "related landlords adds up to £0", id="a related lease left out"),
        pytest.param(with_rows("leases", lambda rows: [{**rows[0], "urn": "SC99999"}]), "Leases", "none of the homes", id="a lease of no home"),
        pytest.param(replace(SOUND, homes=[{**SOUND.homes[0], "restricted": 9}, *SOUND.homes[1:]]), "Homes", "9 of 4 places may not be filled", id="restricted"),
        pytest.param(replace(SOUND, placements=[{**SOUND.placements[0], "urn": "SC99999"}]), "Placements", "none of the homes", id="a home unknown"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_by_sheet_and_cell(told: Return, sheet: str, words: str) -> None:
    refusals = read_return(template("Tarn 1 Ltd", told), today=TODAY).refusals

    assert any(one.sheet == sheet and words in one.message and one.cell[1:].isdecimal() for one in refusals), refusals


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InputError, match="Save the template as"):
        read_return(content, today=TODAY)


def test_another_workbook_is_refused_in_words() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Accounts")
    with pytest.raises(InputError, match="has no sheet"):
        read_return(out.getvalue(), today=TODAY)


NAMES = sorted({*FIELDS, *COUNTED})
figures = st.dictionaries(st.sampled_from(NAMES), st.integers(-1_000_000, 9_000_000).map(float))


@given(figures)
def test_the_arithmetic_that_is_shown_is_the_one_that_is_done(said: Mapping[str, float]) -> None:
    for one in worked_ratios(said):
        names = {name: said.get(name, 0.0) for name in NAMES}
        names |= {f"{name}_if_any": value for name, value in names.items()}
        if one.value is None:
            assert one.missing or _over_nothing(ARITHMETIC[one.name][3], names)
        else:
            assert eval(ARITHMETIC[one.name][3], {}, names) == pytest.approx(one.value)  # noqa: S307 -- our own words
            assert one.missing == ()


def _over_nothing(formula: str, names: dict[str, float]) -> bool:
    try:
        eval(formula, {}, names)  # noqa: S307 -- our own words
    except ZeroDivisionError:
        return True
    return False


@pytest.mark.parametrize("formula", ["turnover ** 2", "-turnover", "min(1, 2)", "turnover // 2", "'a'"])
def test_what_is_no_arithmetic_of_a_ratio_is_never_worked_out(formula: str) -> None:
    with pytest.raises(ValueError, match="no arithmetic"):
        value_of(formula, {"turnover": 2.0})


sizes = st.floats(0, 0.9)


@given(st.sampled_from(["fees", "occupancy", "pay", "rate", "homes_closed"]), sizes, sizes)
def test_a_greater_shock_never_leaves_more_money(sort: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    left = [stressed(SOUND.figures, Shock(**{sort: size}), variable=0.15).money_left for size in (small, large)]  # type: ignore[arg-type]
    if sort != "homes_closed":  # a home that loses money is no loss when it closes
        assert left[1] <= left[0] + 1e-6


def test_the_least_shock_that_breaks_is_found() -> None:
    for one in reverse_stress(SOUND.figures, variable=0.15, largest=0.9):
        if one.at:
            for size, broken in ((one.at + 1e-4, True), (one.at - 1e-4, False)):
                found = stressed(SOUND.figures, Shock(**{one.shock: size}), variable=0.15)  # type: ignore[arg-type]
                tells: Any = found.money_left < 0 if "money" in one.what else (found.interest_cover or 0) < 1
                assert tells == broken, (one, size)
    assert all(
        one.at == 0 for one in reverse_stress(FAILING.figures, variable=0.15, largest=0.9) if "interest" in one.what
    )
    assert 0 < (least_occupancy(SOUND.figures, variable=0.15, largest=0.9) or 0) < 1


def test_a_stress_of_too_little_says_what_to_ask_for() -> None:
    with pytest.raises(InputError, match="operating costs"):
        stressed({"turnover": 1.0, "cash": 1.0}, Shock(), variable=0.1)


PERIOD_END = date(2026, 3, 31)
FIGURES = every_figure(SOUND.said(), variable=0.15)


@pytest.mark.parametrize(
    ("covenant", "shock", "broken_at"),
    [
        pytest.param(("interest_cover", "at least", 1.5), Shock(), None, id="no shock: it holds"),
        pytest.param(("interest_cover", "at least", 99.0), Shock(), PERIOD_END, id="broken today"),
        pytest.param(
            ("interest_cover", "at least", 1.5),
            Shock(fees=0.6),
            date(2026, 6, 30),
            id="a great shock: at the next quarter",
        ),
        pytest.param(
            ("interest_cover", "at least", 1.5), Shock(fees=0.3), date(2026, 9, 30), id="a smaller one: later"
        ),
        pytest.param(("gearing", "at most", 99.0), Shock(), None, id="at most: it holds"),
        pytest.param(("gearing", "at most", 0.01), Shock(), PERIOD_END, id="at most: broken today"),
        pytest.param(
            ("interest_cover", "at least", 3.0), Shock(rate=1.0), date(2026, 12, 31), id="interest on what floats"
        ),
    ],
)
def test_a_covenant_is_tested_at_the_end_of_each_quarter_under_a_shock(
    covenant: Any, shock: Shock, broken_at: date | None
) -> None:
    row = dict(zip(("measure", "bound", "limit"), covenant, strict=True)) | {"lender": "Fell Bank"}
    (found,) = checked_covenants([row], FIGURES, shock, variable=0.15, period_end=PERIOD_END)

    assert found.broken_at == broken_at
    assert found.room is not None
    assert (found.room < 0) == (broken_at == PERIOD_END)


@given(st.sampled_from(["fees", "occupancy", "pay", "rate"]), sizes, sizes)
def test_a_greater_shock_never_breaks_a_covenant_later(sort: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    days = [
        [row.broken_at or date.max for row in checked_covenants(SOUND.schedules["covenants"], FIGURES, Shock(**{sort: size}), variable=0.15, period_end=PERIOD_END)]  # type: ignore[arg-type]
        for size in (small, large)
    ]  # fmt: skip
    # net debt over earnings that are below nothing means nothing: the covenant on cover is the one that is compared
    assert days[1][0] <= days[0][0]


def test_cash_ahead_is_the_groups_own_without_a_shock_and_runs_out_sooner_under_one() -> None:
    own = cash_ahead(SOUND.schedules["cash_ahead"], FIGURES, Shock(), variable=0.15)
    under = cash_ahead(SOUND.schedules["cash_ahead"], FIGURES, Shock(fees=0.4), variable=0.15)

    assert [one.under_shock for one in own] == pytest.approx([one["cash"] for one in SOUND.schedules["cash_ahead"]])
    assert len(own) == 34
    assert weeks_of_money(own) is None
    assert (weeks_of_money(under) or 99) < 30
    assert cash_ahead([], FIGURES, Shock(), variable=0.15) == []


def test_what_a_returns_rows_count_makes_the_ratios_that_rest_on_them() -> None:
    values = {one.name: one.value for one in worked_ratios(FIGURES)}

    assert values["occupancy"] == pytest.approx(22 / 24)
    assert values["restricted_places"] == pytest.approx(1 / 24)
    assert values["leased_back"] == pytest.approx(5 / 7, abs=0.001)
    assert 0 < (values["break_even_occupancy"] or 0) < 22 / 24
    assert values["homes_at_a_loss"] is not None
    assert all(value is not None for value in values.values()), values
