"""Ofsted's provider files as workbooks, ODS and XLSX: sheets of other things, titles above the header, days and numbers as such. All is invented."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from kinfold.market.reading import read_delivery

Cell = str | float | date | None
SHEETS: dict[str, Sequence[Sequence[Cell]]] = {
    "Cover": [["Children's social care in England 2024"], ["This publication has three sheets"]],
    "Provider_level_at_31_March": [
        ["Children's social care data in England 2024 - Provider level as at 31 March 2024"],
        ["Some cells say [c]"],
        [],
        ["URN", "Provision type", "Registration date", "Local authority", "Sector", "Places", "Organisation which owns the provider"],
        ["SC900001", "Children's home", date(2010, 2, 1), "Birmingham", "Private", 4.0, "Tarnholt Care Ltd"],
        [2_900_002.0, "Residential special school (registered as a children's home)", date(2015, 11, 5), "Hampshire", "Voluntary", None, "REDACTED"],
    ],
    "Joiners": [
        ["Year", "URN", "Provision type", "Local authority", "Sector", "Places", "Became active", "Joiner", "Leaver"],
        ["2023-24", "SC900001", "Children's home", "Birmingham", "Private", 4.0, date(2023, 6, 1), "Yes", None],
    ],
}  # fmt: skip


def written_ods(path: Path) -> None:
    """Write the sheets as an OpenDocument spreadsheet, by hand: a ZIP with one document."""

    def cell(value: Cell) -> str:
        match value:
            case None:
                return "<table:table-cell/>"
            case float():
                return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value!r}</text:p></table:table-cell>'
            case date():
                return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>'
            case _:
                return (
                    f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
                )

    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row or [None]))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in SHEETS.items()
    )
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        packed.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2">{body}</office:document-content>',
        )


def written_xlsx(path: Path) -> None:
    """Write the sheets as an XLSX workbook."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in SHEETS.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value)
                    elif value is not None:
                        sheet.write(at, column, value)


@pytest.mark.parametrize(
    ("name", "write"), [("provider_level.ods", written_ods), ("provider_level.xlsx", written_xlsx)]
)
def test_a_workbook_is_read_sheet_by_sheet_and_what_is_no_table_is_left(
    name: str, write: Callable[[Path], None], tmp_path: Path
) -> None:
    write(tmp_path / name)

    found = read_delivery([tmp_path / name])

    rows = found.settings.select("as_at", "urn", "registration_date", "la_code", "sector", "places", "owner").rows()
    assert rows == [
        (date(2024, 3, 31), "SC900001", date(2010, 2, 1), "330", "Private", 4, "Tarnholt Care Ltd"),
        (date(2024, 3, 31), "2900002", date(2015, 11, 5), "850", "Voluntary", None, None),
    ]
    assert found.flows.select("urn", "became_active", "joiner", "leaver").rows() == [
        ("SC900001", date(2023, 6, 1), True, False)
    ]
    assert [one["table"] for one in found.files] == ["settings on a day", "joiners and leavers"]
    assert not [note for note in found.notes if "is not known" in note]
