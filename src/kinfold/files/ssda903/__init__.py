"""
The SSDA903 return on looked after children: the door through which a council's year of care comes in.

`layout` says what the tables hold, `reader` reads them from CSV, archives and XML, `to_record` turns the
rows of a child into claims, `spells` and `looked_after_episodes` turn episodes into spells and back, and
`writer` writes the same tables again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kinfold.files.cells import parse_day
from kinfold.files.received import ArrivedFile
from kinfold.files.recognise import Door, Head, Options
from kinfold.files.ssda903.layout import (
    LABEL,
    NAME,
    TABLES,
    XML_ROOT,
    collection_name,
    collection_year,
    table_of,
    window_of,
    year_of,
)
from kinfold.files.ssda903.reader import Survey, by_child, survey, tables_in
from kinfold.files.ssda903.spells import continued
from kinfold.files.ssda903.to_record import reading, record_of
from kinfold.record.claim import Delivery, SubjectRecord
from kinfold.terms.errors import FileRefused, InputError

# Of the days that tell the year: below the first a note asks the person to say which year it is; above the
# second another year given is refused.
_SURE, _PLAIN = 0.6, 0.8
# Rows of each table that tell the year at a glance: the whole file is held to that year when it is read.
_GLANCED = 20_000


def looks_like_ssda903(head: Head) -> bool:
    """Return whether a file is the return's XML, or one of its tables."""
    if head.sort == "xml":
        return head.root == XML_ROOT
    return head.sort == "table" and table_of(head.header) is not None


def open_ssda903(files: Sequence[ArrivedFile], options: Options) -> Delivery:
    """
    Return one council's return of one year: the tables of one folder or archive, or one XML file.

    The collection year is the one given, else the one in which most of its days lie. The delivery speaks
    for 1 April to 1 April, of the kinds whose tables were sent. Raises FileRefused if a file is not a
    table, has no rows at all, or has too many.
    """
    limits = options.limits
    found = survey(files, limits, most=_GLANCED if options.glance else None)
    year = _year_given(files[0], found, options) or _year_inferred(found, options)
    using = reading(year)
    names = tables_in(files)
    carried = [table for table in TABLES if table.name in names]

    def read() -> Iterator[SubjectRecord]:
        return (record_of(lines, using) for lines in by_child(files, limits))

    return Delivery(
        door=NAME,
        collection=collection_name(year),
        window=window_of(year),
        kinds=frozenset(kind for table in carried for kind in table.kinds),
        full=options.full is not False,
        files=tuple(file.received for file in files),
        read=read,
        la_code=options.la_code,
        extracted_at=options.extracted_at,
        expected_rows=None if options.glance else found.rows,
        problems=found.orphans,
        orphan_rows=len(found.orphans),
        notes=found.notes,
        table_of_kind={kind: frozenset({table.name}) for table in carried for kind in table.kinds},
        going_on=continued,
        going_on_kinds=frozenset({"care_period", "legal_status", "placement"}),
    )


def _year_given(file: ArrivedFile, found: Survey, options: Options) -> int | None:
    """
    Return the collection year that came with the files, or None.

    A full return withdraws what it no longer carries in its year: one whose dates plainly lie in another
    year than the one given is refused.
    """
    if options.collection is None:
        return None
    try:
        given = collection_year(options.collection)
    except InputError as error:
        raise FileRefused(str(error), file=file.name, code="wrong_collection", fix="Write it as 2025-26.") from error
    years = _years(found.days)
    likely = max(years, key=lambda year: years[year], default=given)
    if likely != given and years[likely] > _PLAIN * years.total():
        what = f"was sent as {collection_name(given)}, but its dates lie in {collection_name(likely)}"
        raise file.refused("wrong_collection", what, "Give the right year, or leave it out.")
    return given


def _year_inferred(found: Survey, options: Options) -> int:
    """
    Return the collection year in which most days of the year's own happenings lie; the later of two equal.

    Days of episodes' ends, reviews and times missing tell it. Without any, the latest first day of an
    episode does, then today. A few slips of the keyboard do not move it.
    """
    today = options.today or date.max - timedelta(days=366)
    years = _years(found.days) or Counter({max(_likely(found, today), default=year_of(today)): 1})
    year = max(years, key=lambda each: (years[each], each))
    share = years[year] / years.total()
    if share < _SURE:
        found.notes.append(
            f"The collection year was taken to be {collection_name(year)}, in which only {share:.0%} of the dates lie. "
            "If that is wrong, say which year it is."
        )
    return year


def _likely(found: Survey, today: date) -> set[int]:
    return {year for year in _years(found.starts) if year <= year_of(today)}


def _years(days: Counter[str]) -> Counter[int]:
    years: Counter[int] = Counter()
    for text, times in days.items():
        day = parse_day(text, "dd/mm/yyyy")
        if isinstance(day, date):
            years[year_of(day)] += times
    return years


DOOR = Door(
    name=NAME,
    label=LABEL,
    expects="CSV tables with the SSDA903 column names, or an XML file whose first element is EXPSSDA903",
    looks_like=looks_like_ssda903,
    open=open_ssda903,
    a_set=True,
    tables={table.name: table.names for table in TABLES},
)

__all__ = ["DOOR", "looks_like_ssda903", "open_ssda903"]
