"""
Dated code sets: what every code of the statutory returns means, and on which days it is a code at all.

One file of `code_sets/` is one set. A code has a label, the day it came in (`from`), the first day it
was no longer a code (`until`, empty while it still is), a source, the spellings under which other
files write it (`also`), and, where another code has taken its place, that code (`maps_to`).

1991-10-14, the day the Children Act 1989 came into force, stands for "since before our oldest source".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from kinfold.terms.errors import StructureBroken

_LETTERED = re.compile(r"^\(?([a-z]{1,2})\)\s*(.*)$", re.IGNORECASE | re.DOTALL)  # "a) Male", "(b) Female"
# "U4: Foster placement", "PR1 - Own provision"; without a sign between ("1A Family member") only a letter with a digit
_LETTER_WITH_DIGIT = r"(?:[A-Za-z]+[0-9]+|[0-9]+[A-Za-z]+)[A-Za-z0-9]*"
_CODE_BEFORE_WORDS = re.compile(rf"^(?:([A-Za-z0-9_]+)\s*[:\-–—]|({_LETTER_WITH_DIGIT})\s)")
_FIELDS = {"label", "from", "until", "source", "maps_to", "also"}


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a set. Valid from `valid_from` up to, but not on, `valid_until`."""

    code: str
    label: str
    valid_from: date
    valid_until: date | None
    source: str
    maps_to: str | None = None
    also: tuple[str, ...] = ()

    def is_valid(self, on: date | None = None) -> bool:
        """Return whether this is a code on the day `on`; with no day, whether it ever was."""
        if on is None:
            return True
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True)
class CodeSet:
    """One named list of codes, in the order in which the return's guide lists them."""

    name: str
    title: str
    source: str
    by_code: Mapping[str, Code]
    _spellings: Mapping[str, str] = field(repr=False, default_factory=dict)

    def is_valid(self, code: str, on: date | None = None) -> bool:
        """
        Return whether `code`, spelled exactly so, is a code on the day `on` (on any day, if none is given).

        Case matters: the returns refuse "n1". Use `canonical` first where a door is more generous.
        """
        known = self.by_code.get(code)
        return known is not None and known.is_valid(on)

    def label(self, code: str) -> str:
        """Return the label of `code` as a page shows it. What the set never had is shown as it stands, and said so."""
        known = self.by_code.get(code)
        return known.label if known else f"{code} (not a known code)"

    def codes(self, on: date | None = None) -> tuple[str, ...]:
        """Return the codes valid on the day `on`, in the guide's order; with no day, every code there ever was."""
        return tuple(code.code for code in self.by_code.values() if code.is_valid(on))

    def canonical(self, raw: str | None) -> str | None:
        """
        Return today's code for what a file says, or None if it is no code of this set on any date.

        Takes upper or lower case, the label itself, other spellings ("1" for "M", "a) Male"), and a
        code followed by words ("U4: Foster placement").
        """
        if raw is None:
            return None
        text = " ".join(str(raw).split())
        found = self._spellings.get(text.casefold())
        lettered = _LETTERED.match(text)
        if found is None and lettered and lettered[2]:
            found = self._spellings.get(lettered[2].casefold())
            text = lettered[2]
        if found is None and (leading := _CODE_BEFORE_WORDS.match(text)):
            found = (leading[1] or leading[2]).upper()
        known = self.by_code.get(found) if found is not None else None
        return (known.maps_to or known.code) if known else None

    def explain(self, code: str, on: date | None = None) -> str | None:
        """Return why `code` is not a code on the day `on`, in a sentence for people; None if it is one."""
        known = self.by_code.get(code)
        if known is None:
            return f"{code} is not a code for {self.title[:1].lower()}{self.title[1:]}"
        if on is not None and on < known.valid_from:
            return f"{code} ({known.label}) is a code only from {_day(known.valid_from)}"
        if on is not None and known.valid_until is not None and on >= known.valid_until:
            instead = f"; use {known.maps_to} instead" if known.maps_to else ""
            return f"{code} ({known.label}) stopped being a code on {_day(known.valid_until)}{instead}"
        return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def parse_code_set(name: str, content: Mapping[str, Any], *, file: str) -> CodeSet:
    """
    Return the code set that one file's parsed TOML stands for.

    Raises StructureBroken, naming the file, the code and what is wrong, if the file is not sound.
    """
    for needed in ("label", "source", "codes"):
        if not content.get(needed):
            raise StructureBroken(f"{file}: {needed} is missing")
    codes = {code: _parse_code(code, row, content["source"], file) for code, row in content["codes"].items()}
    for code in codes.values():
        if code.maps_to is not None and (code.maps_to not in codes or codes[code.maps_to].maps_to):
            raise StructureBroken(
                f"{file}, code {code.code}: maps_to must name a code of the set that maps to no other"
            )
    return CodeSet(name, content["label"], content["source"], codes, _spellings(codes, file))


def _parse_code(code: str, row: Mapping[str, Any], source: str, file: str) -> Code:
    where = f"{file}, code {code}"
    unknown = set(row) - _FIELDS
    if unknown:
        raise StructureBroken(f"{where}: {', '.join(sorted(unknown))} is not a field of a code")
    if not row.get("label"):
        raise StructureBroken(f"{where}: label is missing")
    start, end = row.get("from"), row.get("until")
    if not isinstance(start, date):
        raise StructureBroken(f"{where}: from must be a date such as 2024-04-01")
    if end is not None and (not isinstance(end, date) or end <= start):
        raise StructureBroken(f"{where}: until must be a date later than from ({start})")
    return Code(
        code, row["label"], start, end, row.get("source", source), row.get("maps_to"), tuple(row.get("also", ()))
    )


def _spellings(codes: Mapping[str, Code], file: str) -> dict[str, str]:
    """Return every spelling in lower case with the code it stands for. A code itself goes before other spellings."""
    spelled: dict[str, str] = {}
    for name in codes:
        if spelled.setdefault(name.casefold(), name) != name:
            raise StructureBroken(f"{file}, code {name}: differs only by case from {spelled[name.casefold()]}")
    for code in codes.values():
        for other in code.also:
            if spelled.setdefault(other.casefold(), code.code) != code.code:
                raise StructureBroken(
                    f"{file}, code {code.code}: {other} already stands for {spelled[other.casefold()]}"
                )
    for code in codes.values():
        spelled.setdefault(code.label.casefold(), code.code)
    return spelled


@cache
def code_set(name: str) -> CodeSet:
    """Return the code set `name`. Raises StructureBroken if there is none, or its file is not sound."""
    file = f"code_sets/{name}.toml"
    found = resources.files("kinfold.terms").joinpath("code_sets", f"{name}.toml")
    if not re.fullmatch(r"[a-z0-9_]+", name) or not found.is_file():
        raise StructureBroken(f"There is no code set called {name}; the sets are the files of terms/code_sets")
    try:
        content = tomllib.loads(found.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise StructureBroken(f"{file}: not sound TOML: {error}") from None
    return parse_code_set(name, content, file=file)


@cache
def code_set_names() -> tuple[str, ...]:
    """Return the names of all code sets, in order of the alphabet."""
    folder = resources.files("kinfold.terms").joinpath("code_sets")
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))
