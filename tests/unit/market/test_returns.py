"""A provider's return as a workbook, its ratios with their arithmetic, and stress: what fits, what does not, and where."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.financial.arithmetic import ARITHMETIC, worked_ratios
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.stress import Shock, least_occupancy, reverse_stress, stressed
from kinfold.market.financial.submission import FIELDS, ratios
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

    assert cells == {("About", "B4"), ("About", "B5"), *(("Figures", f"B{rows[name]}") for name in NEEDED)}


def changed(**figures: float) -> Return:
    return replace(SOUND, figures={**SOUND.figures, **figures})


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


figures = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers(-1_000_000, 9_000_000).map(float))


@given(figures)
def test_the_arithmetic_that_is_shown_is_the_one_that_is_done(said: Mapping[str, float]) -> None:
    for one in worked_ratios(said):
        names = {name: said.get(name, 0.0) for name in FIELDS}
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


def test_every_ratio_has_its_arithmetic() -> None:
    assert set(ARITHMETIC) == set(ratios({}))


sizes = st.floats(0, 0.9)


@given(st.sampled_from(["fees", "occupancy", "pay", "rate", "homes_closed"]), sizes, sizes)
def test_a_greater_shock_never_leaves_more_money(sort: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    left = [stressed(SOUND.figures, Shock(**{sort: size}), variable=0.15).money_left for size in (small, large)]  # type: ignore[arg-type]
    if sort != "homes_closed":  # a home that loses money is no loss when it closes
        assert left[1] <= left[0] + 1e-6


def test_the_least_shock_that_breaks_is_found() -> None:
    for one in reverse_stress(SOUND.figures, variable=0.15):
        if one.at:
            for size, broken in ((one.at + 1e-4, True), (one.at - 1e-4, False)):
                found = stressed(SOUND.figures, Shock(**{one.shock: size}), variable=0.15)  # type: ignore[arg-type]
                tells: Any = found.money_left < 0 if "money" in one.what else (found.interest_cover or 0) < 1
                assert tells == broken, (one, size)
    assert all(one.at == 0 for one in reverse_stress(FAILING.figures, variable=0.15) if "interest" in one.what)
    assert 0 < (least_occupancy(SOUND.figures, variable=0.15) or 0) < 1


def test_a_stress_of_too_little_says_what_to_ask_for() -> None:
    with pytest.raises(InputError, match="operating costs"):
        stressed({"turnover": 1.0, "cash": 1.0}, Shock(), variable=0.1)
