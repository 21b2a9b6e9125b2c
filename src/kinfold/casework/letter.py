"""
Letters, agendas, minutes and packs: templates as data, filled from the record, with the guard over every word.

A template is a [[document]] table of a file in `letters/`. Its `parts` are read in order: `text` with names in braces,
or `each` fact of a kind with the fields it `shows`. Names: {child}, {recipient}, {council}, {author}, {role}, {today},
{words} (what the author adds), and {kind.field} or {kind.since} of the latest fact of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from kinfold.casework.concealed import holds, without
from kinfold.record.declare import KINDS, declare_all
from kinfold.terms.errors import InputError, SettingError, StructureBroken
from kinfold.terms.toml_text import tables_of

NOT_RECORDED = "(not recorded)"
SORTS: Mapping[str, str] = MappingProxyType(
    {"letter": "Letters", "agenda": "Agendas", "minutes": "Minutes", "pack": "Packs and plans to hand over"}
)
# The kind of paper that each sort is kept as.
PAPERS: Mapping[str, str] = MappingProxyType(
    {"letter": "letter", "agenda": "meeting_pack", "minutes": "minutes", "pack": "meeting_pack"}
)
SAID = "sections"  # the field of a paper that holds its words
_GIVEN = frozenset({"child", "recipient", "council", "author", "role", "today", "words"})
_NAME = re.compile(r"\{([a-z0-9_.]+)\}")
_KEYS = frozenset({"name", "title", "sort", "letter_type", "why", "asks", "parts"})
_PART_KEYS = frozenset({"heading", "text", "each", "shows", "most", "empty"})

Words = Mapping[str, str]  # one fact in words: its fields, and "since" and "until"
InWords = Mapping[str, Sequence[Words]]  # facts in words by kind, the latest first


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a template: a text, or every fact of a kind (the latest `most`) with the fields shown."""

    heading: str = ""
    text: str = ""
    each: str = ""
    shows: tuple[str, ...] = ()
    most: int = 0
    empty: str = "Nothing is recorded."


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `asks` is what the author is asked to add, or nothing."""

    name: str
    title: str
    sort: str
    why: str
    parts: tuple[Part, ...]
    letter_type: str = ""
    asks: str = ""

    @property
    def paper(self) -> str:
        """Return the kind of paper it is kept as."""
        return PAPERS[self.sort]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a finished document: paragraphs, and rows of (label, words) for each fact."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A finished document, before or after the guard."""

    title: str
    address: tuple[str, ...]
    sections: tuple[Section, ...]
    withheld: bool = False

    def texts(self) -> Iterable[str]:
        """Yield every text of it."""
        yield self.title
        yield from self.address
        for section in self.sections:
            yield section.heading
            yield from section.paragraphs
            for fact in section.facts:
                for label, words in fact:
                    yield label
                    yield words


def made_of(
    template: Template, given: Words, facts: InWords, *, address: Sequence[str] = (), kept: Iterable[str] = ()
) -> Document:
    """
    Return a template filled from the record, with no part of any address that is kept from those it is for.

    `kept` are the parts that the guard takes out of every text (`concealed.parts_of`). Raises StructureBroken rather
    than give one away.
    """
    title = f"{template.title}: {given.get('child', '')}".rstrip(": ")
    sections = (_section(part, given, facts) for part in template.parts)
    said = tuple(one for one in sections if one.paragraphs or one.facts)
    return guarded(Document(title, tuple(address), said), kept)


def _section(part: Part, given: Words, facts: InWords) -> Section:
    text = _filled(part.text, given, facts)
    paragraphs = tuple(words for words in re.split(r"\n\s*\n", text) if words.strip())
    if not part.each:
        return Section(part.heading, paragraphs)
    those = facts.get(part.each, ())
    chosen = those[: part.most] if part.most else those
    rows = tuple(_rows(part, one) for one in chosen)
    return Section(part.heading, paragraphs if rows else (*paragraphs, part.empty), rows)


def _rows(part: Part, one: Words) -> tuple[tuple[str, str], ...]:
    fields, since = KINDS[part.each].fields, one.get("since", "")
    if part.shows == (SAID,):  # words of somebody's own need no other label than the day
        return ((since or "Day not known", one.get(SAID, "")),)
    named = [(label_of(fields[name].meaning), one.get(name, "")) for name in part.shows]
    told = tuple((label, words) for label, words in named if words)
    return (("Day", since if told else f"{since}. Nothing more is recorded."), *told)


def label_of(meaning: str) -> str:
    """Return a field's meaning as the label of an answer: "Whether the child was seen" as "The child was seen"."""
    plain = meaning.partition(":")[0].removeprefix("Whether ")
    return plain[:1].upper() + plain[1:]


def _filled(text: str, given: Words, facts: InWords) -> str:
    def say(found: re.Match[str]) -> str:
        kind, dot, name = found[1].partition(".")
        if not dot:
            return given.get(kind, "") or ("" if kind == "words" else NOT_RECORDED)
        those = facts.get(kind, ())
        return (those[0].get(name, "") if those else "") or NOT_RECORDED

    return _NAME.sub(say, text)


def guarded(document: Document, kept: Iterable[str]) -> Document:
    """Return a document without any part of the addresses. Raises StructureBroken if one is still there."""
    parts = frozenset(kept)
    if not parts:
        return document

    def safe(text: str) -> str:
        return without(text, parts)

    # An address may stand line by line: where the lines together hold a part, none of them is shown.
    block = tuple(safe(line) for line in document.address)
    block = ("(address not shown)",) if holds("\n".join(block), parts) else block
    sections = tuple(
        Section(
            safe(one.heading), tuple(safe(text) for text in one.paragraphs),
            tuple(tuple((safe(label), safe(words)) for label, words in fact) for fact in one.facts),
        )
        for one in document.sections
    )  # fmt: skip
    made = replace(document, title=safe(document.title), address=block, sections=sections)
    if any(holds(text, parts) for text in made.texts()):
        raise StructureBroken("A concealed address would have been given away; the document was not made")
    return replace(made, withheld=made != document)


@cache
def templates() -> Mapping[str, Template]:
    """Return every template by name, in order of sort. Raises SettingError with the file if one is not whole."""
    declare_all()
    found: dict[str, Template] = {}
    for file in sorted(resources.files("kinfold.casework").joinpath("letters").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            for one in read_templates(file.read_text(encoding="utf-8"), file=f"casework/letters/{file.name}"):
                if one.name in found:
                    raise SettingError(f"casework/letters/{file.name}, {one.name}: another document has this name")
                found[one.name] = one
    order = list(SORTS)
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: order.index(item[1].sort))))


def read_templates(text: str, *, file: str) -> list[Template]:
    """Return the templates of one file. Raises SettingError, naming file and document, for what is wrong."""
    declare_all()
    content = tables_of(text, file=file)
    return [_template(table, f"{file}, {table.get('name', 'a document')}") for table in content.get("document", ())]


def _template(table: Mapping[str, Any], where: str) -> Template:
    if unread := sorted(set(table) - _KEYS):
        raise SettingError(f"{where}: nothing reads {', '.join(unread)}")
    if table.get("sort") not in SORTS or not table.get("title") or not table.get("parts"):
        raise SettingError(f"{where}: it says its title, its parts and its sort: {', '.join(SORTS)}")
    kinds = KINDS["letter"].fields["letter_type"].choices
    if table["sort"] == "letter" and table.get("letter_type") not in kinds:
        raise SettingError(f"{where}: its letter_type is one of {', '.join(kinds)}")
    return Template(
        name=table["name"], title=table["title"], sort=table["sort"], why=table.get("why", ""),
        letter_type=table.get("letter_type", ""), asks=table.get("asks", ""),
        parts=tuple(_part(one, where) for one in table["parts"]),
    )  # fmt: skip


def _part(said: Mapping[str, Any], where: str) -> Part:
    if unread := sorted(set(said) - _PART_KEYS):
        raise SettingError(f"{where}: nothing reads {', '.join(unread)}")
    part = Part(**{**said, "shows": tuple(said.get("shows", ()))})
    for name in _NAME.findall(part.text):
        _insist_on_name(name, where)
    for name in part.shows:
        _insist_on_name(f"{part.each}.{name}", where)
    return part


def _insist_on_name(name: str, where: str) -> None:
    kind, dot, field = name.partition(".")
    if not dot and kind in _GIVEN:
        return
    if kind not in KINDS or not (field in KINDS[kind].fields or field in ("since", "until")):
        raise SettingError(f"{where}: nothing is called {name}")


def template_named(name: str) -> Template:
    """Return a template. Raises InputError when there is none of that name."""
    try:
        return templates()[name]
    except KeyError:
        raise InputError("There is no document of that name.") from None
