"""The reference pages of the kinds, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterable

from kinfold.record.declare import EndDate, Field, Kind, Word, kinds_of
from kinfold.record.doors import door_label

_WORDS = {
    Word.PERSON: "Person: who?",
    Word.TIE: "Tie: who is who to whom, with what right?",
    Word.BODY: "Body: which organisation, team or setting?",
    Word.SPELL: "Spell: what lasts?",
    Word.EVENT: "Event: what happened, when?",
    Word.PLAN: "Plan: what is intended, by whom, by when?",
    Word.PAPER: "Paper: what was written or sent?",
}
_ENDS = {EndDate.FIRST_DAY_AFTER: "the first day it no longer held", EndDate.LAST_DAY: "the last day it held"}


def kinds_reference() -> str:
    """Return one Markdown page with every declared kind and field, in order of word and name."""
    parts = ["# The kinds of the record", "", "Made from the declarations in `src/kinfold/record/kinds/`.", ""]
    for word in Word:
        kinds = kinds_of(word)
        parts += [f"## {_WORDS[word]}", ""]
        parts += [f"[{one.label}](#{one.name})" + (" ·" if one is not kinds[-1] else "") for one in kinds]
        parts += [""]
        for one in kinds:
            parts += [*_kind_lines(one), ""]
    return "\n".join(parts).rstrip() + "\n"


def _kind_lines(one: Kind) -> Iterable[str]:
    yield f'### <a id="{one.name}"></a>{one.label}'
    yield ""
    yield f"`{one.name}`, version {one.version}. {one.meaning}"
    yield ""
    for line in _facts_about(one):
        yield f"- {line}"
    if one.fields:
        yield ""
        yield "| field | type | meaning | code set or choices | sensitivity | in the files |"
        yield "|---|---|---|---|---|---|"
        for spec in one.fields.values():
            yield _field_row(spec)


def _facts_about(one: Kind) -> Iterable[str]:
    yield f"Source: {one.source}"
    yield f"About a {one.subject}." + (f" With: {one.party}." if one.party else "")
    if one.inverse:
        yield f"Read from the other side: {one.inverse}."
    if one.parent:
        yield f"Belongs to: [{one.parent}](#{one.parent})."
    if one.ref:
        yield f"Looked up by `{one.ref}`."
    if one.tiles:
        yield "Expected to follow one another without gap or overlap."
    if one.one_open:
        yield "Expected to be open at most once at a time."
    if one.label_default != "open":
        yield f"Its label is `{one.label_default}` unless somebody changes it."
    same = ", ".join(f"`{part}`" for part in one.same_when)
    yield f"Two files mean the same thing when they agree on {same}." if same else "One for each subject."
    if one.changes:
        yield f"Changed in version {one.version}: {one.changes}"
    for door, (start, end) in one.dates.items():
        yield _date_line(door, start, end, one.ends.get(door))


def _date_line(door: str, start: str | None, end: str | None, means: EndDate | None) -> str:
    first = f"begins `{start}`" if start else "no first day"
    last = f"ends `{end}`" if end else "no end"
    meaning = f", which is {_ENDS[means]}" if end and means else ""
    return f"{_door(door)}: {first}, {last}{meaning}."


def _field_row(spec: Field) -> str:
    codes = f"code set `{spec.codes}`" if spec.codes else "; ".join(spec.choices)
    unit = f", in {spec.unit}" if spec.unit else ""
    needed = ", required" if spec.required else ""
    names = "; ".join(f"{_door(door)} `{name}`" for door, name in spec.names.items())
    cells = (f"`{spec.name}`", f"{spec.type}{unit}{needed}", spec.meaning, codes, spec.sensitivity.value, names)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _door(name: str) -> str:
    label = door_label(name)
    return label[:1].upper() + label[1:]
