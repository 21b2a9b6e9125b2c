"""
Accounts tagged as XBRL: in a page (iXBRL, as the companies register publishes most) or as an instance by itself.

A figure is what its tag says: the number as printed, read in its format, times ten to its scale, negative where the tag's sign
says so. It belongs to a context (who, when, of which members of dimensions). What cannot be read is left out and said; nothing is
guessed. The files are read without entities, document types or the network (`files/xml.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kinfold.files.received import ArrivedFile
from kinfold.files.xml import local_name, whole
from kinfold.market.accounts.numbers import number_of
from kinfold.terms.errors import InputError

LARGEST = 64 * 1024 * 1024
_NUMBER, _WORDS = "nonFraction", "nonNumeric"
_COMPANY = ("UKCompaniesHouseRegisteredNumber", "CompaniesHouseRegisteredNumber")
_NAME = ("EntityCurrentLegalOrRegisteredName", "EntityCurrentLegalName")
Members = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Who and when a figure is of: from `begun` up to and with `ended`, or on `ended` alone; `members` are of dimensions."""

    company: str
    begun: date | None
    ended: date
    members: Members = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One tagged figure: its name in the taxonomy without the prefix, its value, its unit (GBP, or pure), its context."""

    concept: str
    value: Decimal
    unit: str
    context: Context


@dataclass(slots=True)
class Accounts:
    """What one file says: of which company, made up to which day, its figures, and what in it could not be read."""

    file: str
    company: str
    name: str | None
    made_up_to: date
    figures: list[Figure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_accounts(file: ArrivedFile) -> Accounts:
    """
    Return the tagged figures of a file. One that says the same of the same context twice counts once.

    Raises FileRefused for a file that is no XML, declares a document type, is too large, has no tagged figure, or does not say
    which company it is of.
    """
    root = whole(file, largest=LARGEST)
    problems: list[str] = []
    contexts, units = _contexts(root, problems), _units(root)
    words = {name: text for name, text in _words(root)}
    company = _company(words, contexts)
    if company is None:
        raise file.refused(
            "no_company",
            "does not say which company its figures are of",
            "Load the file as the companies register published it.",
        )
    found: dict[tuple[str, str, Context], Figure] = {}
    unlike: set[tuple[str, str, Context]] = set()
    for element in _numbers(root):
        figure = _figure(element, contexts, units, problems)
        if figure is None:
            continue
        key = (figure.concept, figure.unit, figure.context)
        if key in found and found[key].value != figure.value:
            unlike.add(key)
        found.setdefault(key, figure)
    for concept, _, context in sorted(unlike, key=lambda key: (key[0], key[2].ended)):
        problems.append(f"{concept} of {context.ended} is said twice with different values: it is left out")
    figures = [figure for key, figure in found.items() if key not in unlike]
    if not figures:
        why = f" ({problems[0]})" if problems else ""
        raise file.refused(
            "no_figures", f"has no tagged figure that can be read{why}", "Load accounts that were filed with tags."
        )
    made_up_to = max(one.context.ended for one in figures)
    return Accounts(file.name, company, words.get(_NAME[0]) or words.get(_NAME[1]), made_up_to, figures, problems)


def _numbers(root: Any) -> Iterator[Any]:
    """Yield the elements that tag a number: of a page, or the facts of an instance, which have a unit."""
    if local_name(root) == "xbrl":
        yield from (one for one in root if isinstance(one.tag, str) and one.get("contextRef") and one.get("unitRef"))
    else:
        yield from root.iter(f"{{*}}{_NUMBER}")


def _words(root: Any) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of tagged words; the first of a name counts."""
    seen = set()
    instance = local_name(root) == "xbrl"
    elements = (
        (one for one in root if isinstance(one.tag, str) and not one.get("unitRef"))
        if instance
        else root.iter(f"{{*}}{_WORDS}")
    )
    for one in elements:
        name = local_name(one) if instance else _plain(one.get("name") or "")
        text = _text(one).strip()
        if one.get("contextRef") and text and name not in seen:
            seen.add(name)
            yield name, text


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _text(element: Any) -> str:
    """Return an element's text with that of its tags inside; what a page marks as excluded is none of it."""
    if local_name(element) == "exclude":
        return ""
    parts = [element.text or ""]
    for child in element:
        parts.append(_text(child) if isinstance(child.tag, str) else "")
        parts.append(child.tail or "")
    return "".join(parts)


def _company(words: Mapping[str, str], contexts: Mapping[str, Context]) -> str | None:
    said = next((words[name] for name in _COMPANY if words.get(name)), None)
    named = said or next((one.company for one in contexts.values() if one.company), None)
    cleaned = "".join((named or "").split()).upper()
    return cleaned.zfill(8) if cleaned.isalnum() and len(cleaned) <= 8 else None


def _contexts(root: Any, problems: list[str]) -> dict[str, Context]:
    found = {}
    for element in root.iter("{*}context"):
        try:
            found[element.get("id") or ""] = _context(element)
        except ValueError:
            problems.append(f"the context {element.get('id')} has no day that can be read")
    return found


def _context(element: Any) -> Context:
    said: dict[str, str] = {}
    members = []
    for one in element.iter():
        name = local_name(one)
        if name in ("identifier", "startDate", "endDate", "instant"):
            said[name] = (one.text or "").strip()
        elif name in ("explicitMember", "typedMember"):
            members.append((_plain(one.get("dimension") or ""), _plain(_text(one).strip())))
    begun = date.fromisoformat(said["startDate"][:10]) if said.get("startDate") else None
    ended = date.fromisoformat((said.get("instant") or said.get("endDate") or "")[:10])
    return Context(said.get("identifier", ""), begun, ended, tuple(sorted(members)))


def _units(root: Any) -> dict[str, str]:
    """Return units by their identifier, without prefix; one divided by another as GBP/shares."""
    return {
        one.get("id") or "": "/".join(_plain((measure.text or "").strip()) for measure in one.iter("{*}measure"))
        for one in root.iter("{*}unit")
    }


def _figure(
    element: Any, contexts: Mapping[str, Context], units: Mapping[str, str], problems: list[str]
) -> Figure | None:
    concept = _plain(element.get("name") or "") or local_name(element)
    if any(_plain(key.rpartition("}")[2]) == "nil" and value in ("true", "1") for key, value in element.attrib.items()):
        return None
    context, unit = contexts.get(element.get("contextRef") or ""), units.get(element.get("unitRef") or "")
    if context is None or unit is None:
        lacks = "context" if context is None else "unit"
        problems.append(f"{concept} (line {element.sourceline}) names a {lacks} that is not in the file")
        return None
    try:
        value = number_of(_text(element), format_=_plain(element.get("format") or ""), scale=element.get("scale") or "0",
                          negative=element.get("sign") == "-")  # fmt: skip
    except InputError as error:
        problems.append(f"{concept} (line {element.sourceline}): {error}")
        return None
    return Figure(concept, value, unit, context)
