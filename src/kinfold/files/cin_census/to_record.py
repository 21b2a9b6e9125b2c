"""
From the census to the record: what one child's modules state, as claims.

Every module is one row: it is counted once, and is either stated or quarantined. A referral whose date
cannot be read still has its assessments, plans and enquiries kept: they have dates of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.files.cin_census import layout
from kinfold.files.cin_census.layout import MODULES, Item
from kinfold.files.problems import Trouble
from kinfold.files.subject import Gathering, Row
from kinfold.record.claim import Key, Place, SubjectRecord
from kinfold.terms.identifiers import normalise_upn

DOOR = "cin_census"
# Who a child is does not belong to a year: next year's census does not withdraw a child who has left it.
WITHDRAWN_KINDS = frozenset(layout.TABLE_OF_KIND) - {"person_details", "identifier", "disability"}


@dataclass(slots=True)
class Block:
    """One module as it stands in the file: its line, its plain elements, its repeated ones, what it holds."""

    module: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    def rows(self) -> int:
        """Return how many rows this module and those within it are."""
        return 1 + sum(block.rows() for block in self.blocks)


def subject_of(blocks: Sequence[Block], *, file: int, la_child_id: str, digest: bytes) -> SubjectRecord:
    """Return everything that a child's modules state, with the rows that could not be used."""
    gathering = Gathering(SubjectRecord(Key("child", la_child_id), 0, digest))
    gathering.identify("la_child_id", la_child_id)
    for block in blocks:
        _take(gathering, block, file, None)
    return gathering.record


def _take(gathering: Gathering, block: Block, file: int, parent: date | None) -> None:
    """State a module and those inside it. `parent` is the first day of the referral or plan around it."""
    start = _STATES[block.module](gathering, block, file, parent)
    for inner in block.blocks:
        _take(gathering, inner, file, start or parent)


def _read(block: Block, file: int) -> tuple[Row, dict[str, Any]]:
    """Return the row with its troubles, and the values that could be read, by our own names."""
    module = MODULES[block.module]
    shown = {**block.values, **{name: " ".join(texts) for name, texts in block.lists.items()}} if block.lists else None
    row = Row(Place(file, module.element, block.line), block.values, original=shown)
    values: dict[str, Any] = {}
    readers = _READERS[block.module]
    for element, text in block.values.items():
        item, reader = readers[element]
        value = row.text(element, longest=item.longest) if reader is None else reader[text]
        if isinstance(value, Trouble):
            row.troubles.append(value)
        elif value is not None:
            values[item.field] = value
    for element, texts in block.lists.items():
        item = module.items[element]
        values[item.field] = row.codes(element, item.codes or "", texts)
    for element in block.repeated:
        row.trouble("duplicate", f"{element} is given twice", f"Keep one {element}.", element)
    for element, needed in _NEEDED[block.module]:
        if not block.values.get(element):
            row.needed(element, needed)
    return row, values


class _Reader(dict[str, Any]):
    """What each text of one element stands for, or the Trouble with it: a census repeats few texts many times."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item

    def __missing__(self, text: str) -> Any:
        item, row = self.item, Row(Place(0, "", 0), {self.item.element: text})
        value: Any
        if item.shape == "day":
            value = row.day(item.element)
        elif item.shape == "code":
            value = row.code(item.element, item.codes or "")
        elif item.shape == "flag":
            value = row.flag(item.element)
        else:
            value = row.number(item.element, highest=999)
        if row.troubles:
            return row.troubles[0]
        if len(self) < _MOST_KEPT:
            self[text] = value
        return value


_MOST_KEPT = 50_000  # texts of one element; days of a lifetime are fewer
_READERS: dict[str, dict[str, tuple[Item, _Reader | None]]] = {
    name: {item.element: (item, None if item.shape == "text" else _Reader(item)) for item in module.items.values()}
    for name, module in MODULES.items()
}
_NEEDED: dict[str, list[tuple[str, str]]] = {
    name: [(item.element, item.needed) for item in module.items.values() if item.needed]
    for name, module in MODULES.items()
}


def _identifiers(gathering: Gathering, block: Block, file: int, _: date | None) -> None:
    row, values = _read(block, file)
    row.in_order(values.get("birth_date"), values.get("death_date"), what="the life", field="PersonDeathDate")
    if not gathering.row(row):
        return
    numbers = {sort: values.pop(sort, None) for sort in ("la_child_id", "upn", "former_upn")}
    for sort, number in numbers.items():
        if number is None:
            continue
        value = number if sort == "la_child_id" else number.upper()
        gathering.support("identifier", f"{sort}:{value}", row, {"identifier_type": sort, "value": value}, ref=value)
        if sort != "la_child_id":
            # Kept as the file says it; only a number whose check letter is right finds a person.
            gathering.identify(sort, normalise_upn(value))
    gathering.support("person_details", "", row, values)


def _characteristics(gathering: Gathering, block: Block, file: int, _: date | None) -> None:
    row, values = _read(block, file)
    if not gathering.row(row):
        return
    disabilities = values.pop("disabilities", None)
    if values:
        gathering.support("person_details", "", row, values)
    if disabilities:
        gathering.support("disability", "", row, {"disabilities": disabilities})


def _referral(gathering: Gathering, block: Block, file: int, _: date | None) -> date | None:
    row, values = _read(block, file)
    start: date | None = values.pop("valid_from", None)
    end: date | None = values.pop("valid_to", None)
    row.in_order(start, end, what="the referral", field="CINclosureDate")
    if end is None and values.get("no_further_action"):
        end = start  # a referral that led to nothing has no closure date in the census: it ended the day it came
    if gathering.row(row) and start is not None:
        key = start.isoformat()
        gathering.state("referral_episode", key, row, values, valid_from=start, valid_to=end)
        _conference(gathering, row, values)
    return start


def _conference(gathering: Gathering, row: Row, values: Mapping[str, Any]) -> None:
    """The same conference may be said of the referral and of its enquiry: it is one event."""
    held = values.get("initial_conference_date")
    if held is not None and not row.troubles:
        target = {"target_date": values.get("initial_conference_target")}
        gathering.support("initial_child_protection_conference", held.isoformat(), row, target, valid_from=held)


def _key(referral: date | None, start: date) -> str:
    return f"{referral.isoformat() if referral else '?'}/{start.isoformat()}"


def _assessment(gathering: Gathering, block: Block, file: int, referral: date | None) -> None:
    row, values = _read(block, file)
    start, end = values.pop("valid_from", None), values.get("authorised_date")
    row.in_order(start, end, what="the assessment", field="AssessmentAuthorisationDate")
    if gathering.row(row):
        gathering.state("assessment", _key(referral, start), row, values, valid_from=start, valid_to=end)


def _child_in_need_plan(gathering: Gathering, block: Block, file: int, referral: date | None) -> None:
    row, values = _read(block, file)
    start, end = values.pop("valid_from", None), values.pop("valid_to", None)
    row.in_order(start, end, what="the child in need plan", field="CINPlanEndDate")
    if gathering.row(row):
        gathering.state("child_in_need_plan", _key(referral, start), row, values, valid_from=start, valid_to=end)


def _enquiry(gathering: Gathering, block: Block, file: int, referral: date | None) -> None:
    row, values = _read(block, file)
    start = values.pop("valid_from", None)
    if gathering.row(row):
        gathering.state("section_47_enquiry", _key(referral, start), row, values, valid_from=start)
        _conference(gathering, row, values)


def _protection_plan(gathering: Gathering, block: Block, file: int, referral: date | None) -> date | None:
    row, values = _read(block, file)
    start: date | None = values.pop("valid_from", None)
    end: date | None = values.pop("valid_to", None)
    row.in_order(start, end, what="the child protection plan", field="CPPendDate")
    if gathering.row(row) and start is not None:
        gathering.state("child_protection_plan", _key(referral, start), row, values, valid_from=start, valid_to=end)
    return start


def _review(gathering: Gathering, block: Block, file: int, plan: date | None) -> None:
    row, values = _read(block, file)
    held = values.pop("valid_from", None)
    if gathering.row(row):
        gathering.state("child_protection_review", _key(plan, held), row, values, valid_from=held)


def _pre_proceedings(gathering: Gathering, block: Block, file: int, referral: date | None) -> None:
    row, values = _read(block, file)
    start, end = values.pop("valid_from", None), values.get("step_decision_date")
    row.in_order(start, end, what="the period of pre-proceedings", field="StepDecisionDate")
    # Family group decision making may be offered before, or without, pre-proceedings: then the first
    # date said of it, or the referral's, is the day from which we hold it.
    begun = start or min((value for value in values.values() if isinstance(value, date)), default=referral)
    if begun is None:
        row.needed("PPStartDate", "the date pre-proceedings began")
    if gathering.row(row) and begun is not None:
        key = _key(referral, begun) if start else f"{_key(referral, begun)}/undated"
        gathering.state("pre_proceedings", key, row, values, valid_from=begun, valid_to=end)


_STATES: dict[str, Any] = {
    "ChildIdentifiers": _identifiers,
    "ChildCharacteristics": _characteristics,
    "CINdetails": _referral,
    "Assessments": _assessment,
    "CINPlanDates": _child_in_need_plan,
    "Section47": _enquiry,
    "ChildProtectionPlans": _protection_plan,
    "Reviews": _review,
    "PreProceedingsandFGDM": _pre_proceedings,
}
