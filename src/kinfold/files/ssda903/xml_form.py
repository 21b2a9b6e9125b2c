"""
The SSDA903 return as XML, taken apart into the rows of its tables.

    EXPSSDA903 > CHILD* > HEADER {CHILDID, UPN, SEX, DOB, ETHNIC, UASC, DUC, MOTHER, MC_DOB,
                                  IN_TOUCH, ACTIV, ACCOM, DATE_INT .. LS_ADOPTR,
                                  AREVIEW*, AMISSING*, PERMANENCE, OC2, AD_PLACED*, SW_EPISODE*, DOLO*}
                          EPISODE* {DECOM .. URN, PL for PLACE}

The file says the child's number and date of birth once; each row is given them again, as in the tables.
A row's number is the line on which its element begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kinfold.files import xml
from kinfold.files.received import ArrivedFile, Limits
from kinfold.files.ssda903.layout import AD1, ALIASES, EPISODES, HEADER, OC3, TABLES, UASC, XML_ROOT, Table

# The element that holds each table's rows; a table without one lies flat in HEADER.
ELEMENTS: Mapping[str, str] = {
    "Episodes": "EPISODE",
    "Reviews": "AREVIEW",
    "Missing": "AMISSING",
    "PrevPerm": "PERMANENCE",
    "OC2": "OC2",
    "PlacedAdoption": "AD_PLACED",
    "SWEpisodes": "SW_EPISODE",
    "DoLo": "DOLO",
}
FLAT: tuple[Table, ...] = (OC3, AD1)
_SHARED = frozenset({"CHILD", "DOB", "SEX"})
_NO = frozenset({"", "0", "N", "NO", "FALSE"})

Row = tuple[str, int, list[str]]


def rows(file: ArrivedFile, limits: Limits) -> Iterator[Row]:
    """Yield (table, line, cells in the layout's order) for each row that the file's children hold."""
    count = 0
    for child in xml.records(file, root=XML_ROOT, tags=("CHILD",), limits=limits):
        if xml.local_name(child.getparent()) != XML_ROOT:
            continue
        for row in _rows_of(child):
            count += 1
            yield row
        if count > limits.rows:
            raise file.refused("too_many_rows", f"has more than {limits.rows:,} rows", "Send one year at a time.")


def _rows_of(child: xml.Element) -> Iterator[Row]:
    header, holders, line = _taken_apart(child)
    shared = {name: header.get(name, "") for name in _SHARED}
    if any(header.get(name) for name in HEADER.names[1:]) or not shared["CHILD"]:
        yield HEADER.name, line, _cells(HEADER.names, header, shared)
    if header.get("UASC", "").upper() not in _NO or header.get("DUC"):
        yield UASC.name, line, _cells(UASC.names, header, shared)
    for table in FLAT:
        if any(header.get(name) for name in table.names if name not in _SHARED):
            yield table.name, line, _cells(table.names, header, shared)
    for element in holders:
        values = {_name(each.tag): (each.text or "").strip() for each in element}
        table_found = _table_of(tuple(values))
        if table_found is not None and any(values.values()):
            name, names = table_found
            yield name, element.sourceline or 0, _cells(names, values, shared)


def _taken_apart(child: xml.Element) -> tuple[dict[str, str], list[xml.Element], int]:
    """Return the child's own values, the elements that hold a row, and the line on which the values begin."""
    values: dict[str, str] = {}
    holders: list[xml.Element] = []
    line = child.sourceline or 0
    for element in child:
        name = _name(element.tag)
        if name == "HEADER":
            line = element.sourceline or line
            for each in element:
                _sort_out(_name(each.tag), each, values, holders)
        else:
            _sort_out(name, element, values, holders)
    return values, holders, line


def _sort_out(name: str, element: xml.Element, values: dict[str, str], holders: list[xml.Element]) -> None:
    """Put an element with elements in it among those that hold a row, and any other among the values."""
    if len(element):
        holders.append(element)
    else:
        values[name] = (element.text or "").strip()


@lru_cache(maxsize=1_000)
def _name(tag: str) -> str:
    """Return the column that an element's tag stands for."""
    local = tag.rpartition("}")[2]
    return ALIASES.get(local, local)


@lru_cache(maxsize=1_000)
def _table_of(columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """Return the table, and its columns, to which an element with these columns belongs, whatever it is called."""
    own = {table: sum(name in columns for name in table.names if name not in _SHARED) for table in TABLES}
    del own[HEADER]
    table = max(own, key=lambda each: own[each])
    return (table.name, table.names) if own[table] else None


def _cells(names: Sequence[str], values: Mapping[str, str], shared: Mapping[str, str]) -> list[str]:
    return [values.get(name) or shared.get(name, "") for name in names]


def element_columns(table: Table) -> Sequence[tuple[str, str]]:
    """Return (column, element name) for what a row's element holds: PLACE is written PL; the shared ones are not."""
    own = [name for name in table.names if name not in _SHARED]
    return [(name, "PL" if table is EPISODES and name == "PLACE" else name) for name in own]
