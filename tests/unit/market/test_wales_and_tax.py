"""Who may provide in Wales, and where owners say that they pay tax. All bodies are invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kinfold.market.not_for_profit import NO, NOT_KNOWN, YES, standing
from kinfold.market.ownership import Entity
from kinfold.market.ownership.bods import as_statements
from kinfold.market.ownership.store import keep
from kinfold.market.ownership.tax import keep_declarations, read_declarations, understood_held
from kinfold.terms.errors import FileRefused

BEFORE, NEW, ALL = date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1)


@pytest.mark.parametrize(
    ("form", "sector", "day", "expected"),
    [
        pytest.param("Private Limited Company", "Private", BEFORE, (NO, True, True), id="for profit, before"),
        pytest.param("Private Limited Company", "Private", NEW, (NO, False, True), id="for profit: none may begin"),
        pytest.param("Private Limited Company", "Private", ALL, (NO, False, False), id="for profit: none may go on"),
        pytest.param("Community Interest Company", "Private", ALL, (YES, True, True), id="a community interest company"),
        pytest.param("Charitable Incorporated Organisation", None, ALL, (YES, True, True), id="a charity"),
        pytest.param(None, "Local Authority", ALL, (YES, True, True), id="a council, by its sector"),
        pytest.param("PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)", None, NEW, (NOT_KNOWN, None, True), id="by guarantee"),
        pytest.param(None, "Private", ALL, (NOT_KNOWN, None, None), id="nothing is known of its form"),
    ],
)  # fmt: skip
def test_where_a_body_stands_in_wales(
    form: str | None, sector: str | None, day: date, expected: tuple[str, bool | None, bool | None]
) -> None:
    found = standing(form=form, sector=sector, day=day)

    assert (found.what, found.may_begin, found.may_go_on) == expected
    assert found.because


def test_the_latest_declaration_of_tax_is_shown_with_its_source(tmp_path: Path) -> None:
    keep(
        as_statements([Entity("GB-COH-09900001", name="Tarn Care Ltd"), Entity("fund", name="Tarn Fund")], [], NEW),
        folder=tmp_path,
    )
    file = tmp_path / "tax.csv"
    file.write_text(
        "Entity,Year,Residence,Source\n09900001,2024,Jersey,Annual accounts\n09900001,2025,United Kingdom,Its own statement\n",
        encoding="utf-8",
    )
    assert keep_declarations(read_declarations(file), folder=tmp_path) == 2
    assert keep_declarations(read_declarations(file), folder=tmp_path) == 2  # again changes nothing

    said = {one.uid: one.tax_residence for one in understood_held(tmp_path).entities}
    assert said == {"GB-COH-09900001": "United Kingdom, for 2025 (Its own statement)", "fund": None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("entity,year,residence\n", "no column source", id="a column is missing"),
        pytest.param("entity,year,residence,source\na,25,GB,x\n", "row 2: “25” is no year", id="no year"),
        pytest.param("entity,year,residence,source\na,2025,,x\n", "row 2: residence is empty", id="no residence"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_row(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "tax.csv").write_text(text, encoding="utf-8")

    with pytest.raises(FileRefused, match=words):
        read_declarations(tmp_path / "tax.csv")
