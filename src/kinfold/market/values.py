"""What the cells of the published files mean: types, sectors, judgements, authorities, days, numbers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from kinfold.files.day_spellings import as_iso
from kinfold.terms.authorities import authorities, authority, authority_with_ons_code, is_authority

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPREADSHEET_DAY_NOUGHT = date(1899, 12, 30)
# A year's end before which no register of this form was published: the authorities of that time are known by name too.
_BEFORE_REORGANISATIONS = date(2018, 12, 31)


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("kinfold.market").joinpath("columns.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return a header or a name in lower case with everything but letters and digits as single spaces."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


@cache
def _columns() -> Mapping[str, str]:
    return {spelling: name for name, spellings in _lists()["columns"].items() for spelling in (name, *spellings)}


@cache
def column_of(header: str) -> str | None:
    """Return our name for a published header, or None for a column that is not read."""
    said, known = plain(header), _columns()
    if said in known:
        return known[said]
    if said.replace(" ", "_") in known:
        return known[said.replace(" ", "_")]
    for front in _lists()["front"]["off"]:
        rest = said.removeprefix(front).strip()
        if rest != said and rest in known:
            return known[rest]
    return None


def text_of(cell: str | None) -> str | None:
    """Return what a cell says, or None where it is empty or the publisher has withheld it."""
    said = (cell or "").strip()
    return None if not said or said.casefold() in _withheld() else said


@cache
def _withheld() -> frozenset[str]:
    return frozenset(_lists()["withheld"]["marks"])


@cache
def _meanings(group: str) -> Mapping[str, str]:
    return {spelling: meaning for meaning, spellings in _lists()[group].items() for spelling in spellings}


def meaning_of(group: str, cell: str | None) -> str | None:
    """Return what a cell means by one of the lists (types, sectors, judgements), or the cell where no list has it."""
    said = text_of(cell)
    return None if said is None else _meanings(group).get(said.casefold().replace("’", "'"), said)


def is_listed(group: str, cell: str | None) -> bool:
    """Return whether a cell is one of a list's meanings or spellings, whatever case it is in."""
    said = (text_of(cell) or "").casefold().replace("’", "'")
    return said in _meanings(group) or said in {meaning.casefold() for meaning in _lists()[group]}


def is_short_break_only(cell: str | None) -> bool | None:
    """Return whether a home is for short breaks only; None where the file does not say."""
    said = text_of(cell)
    return {"yes": True, "no": False}.get(_meanings("short_break").get(said.casefold(), "")) if said else None


@cache
def day_of(cell: str | None) -> date | None:
    """Return a day in any spelling of the files (also the number of a spreadsheet), or None."""
    said = text_of(cell)
    if said is None:
        return None
    try:
        return date.fromisoformat(as_iso(said))
    except ValueError:
        pass
    number = said.removesuffix(".0")
    # 1980 to 2060 as a spreadsheet counts days; any other number is no date
    return (
        _SPREADSHEET_DAY_NOUGHT + timedelta(days=int(number))
        if number.isdigit() and 29221 <= int(number) <= 58440
        else None
    )


def count_of(cell: str | None) -> int | None:
    """Return a whole number of places or premises, or None where it is empty, withheld or no such number."""
    said = text_of(cell)
    number = said.replace(",", "").removesuffix(".0") if said else ""
    return int(number) if number.isascii() and number.isdigit() else None


def urn_of(cell: str | None) -> str | None:
    """Return a setting's unique reference number as it is compared: capitals, no spaces, no decimal point."""
    said = text_of(cell)
    number = re.sub(r"\s", "", said).upper().removesuffix(".0") if said else ""
    is_number = number.isascii() and number.isalnum() and any(sign.isdigit() for sign in number)
    return number if is_number else None


@cache
def _authority_names() -> Mapping[str, str]:
    names = {code_name(one.name): one.la_code for one in authorities(_BEFORE_REORGANISATIONS)}
    names |= {code_name(one.name): one.la_code for one in authorities()}
    return names | {code_name(name): code for code, many in _lists()["authority_names"].items() for name in many}


def code_name(name: str) -> str:
    """Return an authority's name as it is compared: without "city of", "county of", "royal borough of" and the like."""
    words = plain(name.replace("&", " and ")).split()
    return " ".join(word for word in words if word not in ("city", "county", "of", "royal", "borough", "the", "london"))


@cache
def authority_code(old_code: str | None, ons_code: str | None, name: str | None) -> str | None:
    """Return the Department's three-digit code of the authority a row names, former ones included; None outside England."""
    if old_code and is_authority(old_code.strip()):
        return old_code.strip()
    found = authority_with_ons_code(ons_code.strip()) if ons_code else None
    if found is not None:
        return found.la_code
    return _authority_names().get(code_name(name)) if name else None


@cache
def region_name(said: str | None, la_code: str | None) -> str | None:
    """
    Return the region: the authority's own where it is known, else what the row says.

    Ofsted's own regions join the North East with Yorkshire; the statistics do not, and the authority tells which.
    """
    return authority(la_code).region if la_code else text_of(said)
