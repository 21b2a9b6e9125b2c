"""
Writing the SSDA903 return: the same tables as a CSV set, a zip archive or one XML file.

`tables` maps a table's name to its rows, each a dict by column: what `reader.read_tables` returns. What is
written reads back the same, and the same tables always give the same bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from lxml import etree

from kinfold.files.ssda903.layout import BY_NAME, HEADER, TABLES, UASC, XML_ROOT, Table
from kinfold.files.ssda903.xml_form import ELEMENTS, FLAT, element_columns
from kinfold.terms.errors import InputError

Rows = Iterable[Mapping[str, str]]
Tables = Mapping[str, Rows]

FORMULA_STARTS = ("=", "+", "-", "@")
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip archive knows: the same tables, the same bytes
_IN_HEADER = ("Reviews", "Missing", "PrevPerm", "OC2", "PlacedAdoption", "SWEpisodes", "DoLo")


def write_folder(tables: Tables, folder: Path) -> list[Path]:
    """Write one CSV file for each table into `folder` and return their paths. Raises InputError for an unknown table."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table, rows in _known(tables):
        path = folder / f"{table.file}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            _write_csv(table, rows, stream)
        written.append(path)
    return written


def write_zip(tables: Tables, path: Path) -> Path:
    """Write the CSV set as one zip archive and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in _known(tables):
            member = zipfile.ZipInfo(f"{table.file}.csv", _SAME_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as stream:
                _write_csv(table, rows, stream)
    return path


def write_xml(tables: Tables, path: Path) -> Path:
    """
    Write the return as one XML file, a CHILD for each child in the order of the tables, and return its path.

    The file says a child's sex and date of birth once, from the header: other tables' copies are not written.
    """
    with path.open("wb") as stream, etree.xmlfile(stream, encoding="utf-8") as document:
        document.write_declaration()
        with document.element(XML_ROOT):
            document.write("\n")
            for child, rows in _by_child(tables).items():
                try:
                    document.write(_child_element(child, rows), pretty_print=True)
                except ValueError as error:
                    message = f"Child {child[:36]!r} has a value that XML cannot hold. Take control characters out."
                    raise InputError(message) from error
    return path


def _known(tables: Tables) -> Iterator[tuple[Table, Rows]]:
    unknown = set(tables) - set(BY_NAME)
    if unknown:
        raise InputError(f"{', '.join(sorted(unknown))}: not a table of the SSDA903 return.")
    for table in TABLES:
        if table.name in tables:
            yield table, tables[table.name]


def _write_csv(table: Table, rows: Rows, stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.names)
    for row in rows:
        writer.writerow([_safe(row.get(name) or "") for name in table.names])


def _safe(text: str) -> str:
    """Return the cell so that no spreadsheet runs it as a formula; reading takes the apostrophe off again."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _by_child(tables: Tables) -> dict[str, dict[str, list[Mapping[str, str]]]]:
    children: dict[str, dict[str, list[Mapping[str, str]]]] = {}
    for table, rows in _known(tables):
        for row in rows:
            children.setdefault(row.get("CHILD") or "", {}).setdefault(table.name, []).append(row)
    return children


def _child_element(child: str, rows: Mapping[str, list[Mapping[str, str]]]) -> Any:
    element = etree.Element("CHILD")
    header = etree.SubElement(element, "HEADER")
    _leaf(header, "CHILDID", child)
    _header_values(header, rows)
    for name in _IN_HEADER:
        _containers(header, BY_NAME[name], rows.get(name, ()))
    _containers(element, BY_NAME["Episodes"], rows.get("Episodes", ()))
    return element


def _header_values(header: Any, rows: Mapping[str, list[Mapping[str, str]]]) -> None:
    first = {name: found[0] for name, found in rows.items() if found}
    own = first.get(HEADER.name, {})
    # A child who is in another table only still needs a date of birth.
    born = own.get("DOB") or next((row["DOB"] for row in first.values() if row.get("DOB")), "")
    for name in ("UPN", "SEX"):
        _leaf(header, name, own.get(name))
    _leaf(header, "DOB", born)
    _leaf(header, "ETHNIC", own.get("ETHNIC"))
    if UASC.name in first:
        _leaf(header, "UASC", "1")
        _leaf(header, "DUC", first[UASC.name].get("DUC"))
    for name in ("MOTHER", "MC_DOB"):
        _leaf(header, name, own.get(name))
    for table in FLAT:
        for column, tag in element_columns(table):
            _leaf(header, tag, first.get(table.name, {}).get(column))


def _containers(parent: Any, table: Table, rows: Rows) -> None:
    for row in rows:
        element = etree.SubElement(parent, ELEMENTS[table.name])
        for column, tag in element_columns(table):
            _leaf(element, tag, row.get(column))


def _leaf(parent: Any, tag: str, text: str | None) -> None:
    if text:
        etree.SubElement(parent, tag).text = text
