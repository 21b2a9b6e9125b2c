"""Gates of what a form would record: what must come first, asked before a decision is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.access.roles import ROLES
from kinfold.casework import Form, How, ToWrite, forms
from kinfold.duties import Gate, Proposal, days_in_force, gates_for, held_post, where_it_lies
from kinfold.duties.gates import PROPOSED, PlaceOfPlacement
from kinfold.record.combine import shown
from kinfold.record.declare import KINDS, Word, encode
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework_filling import Filling
from kinfold.service.records.reads.clock_world import council_of
from kinfold.service.records.reads.clocks import catalogue
from kinfold.service.records.reads.person import Whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, versions_about
from kinfold.service.records.scope import as_system
from kinfold.terms.places import distance_miles

HOMES = frozenset({"placement", "placement_proposal"})
GATED = (Word.SPELL, Word.EVENT, Word.PLAN)


def gates_of(reader: Reader, row: ThingRow, form: Form, told: Sequence[ToWrite]) -> list[Gate]:
    """Return every gate that stands before what a form would record, met ones too, each once."""
    day = reader.now.date()
    with as_system():
        versions = versions_about(
            one_person(row.pk), words=tuple(word.value for word in (*GATED, Word.PERSON, Word.TIE))
        )
        facts = [one.version for one in shown(versions) if one.version.status != "void"]
        council = council_of(row.held_by)
    found: dict[str, Gate] = {}
    for one in told:
        if KINDS[one.kind].word not in GATED:
            continue
        others = [fact for fact in facts if str(fact.fact) != one.fact]
        proposal = _proposal(row, one, facts)
        for gate in gates_for(proposal, others, catalogue(), today=day, council=council, switches=days_in_force()):
            if one.how is How.NEW or not _asks_of_its_beginning(gate, one.kind):
                found.setdefault(gate.duty.id, gate)
    return list(found.values())


def _asks_of_its_beginning(gate: Gate, kind: str) -> bool:
    """Return whether a gate stands before the beginning of a kind alone: what began already does not begin again."""
    return all("start" in pattern.at for pattern in gate.duty.gates if pattern.kind == kind)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Something that must end before a form's own fact does: what it is, since when, and the form that ends it."""

    label: str
    since: date | None
    ends_with: str


def still_open(one: Filling) -> list[StillOpen]:
    """Return what a form says must end first and goes on, in the form's order."""
    found = []
    for kind in one.form.ends_first:
        fact = next((each for each in one.known if each.kind == kind and each.until is None), None)
        if fact is not None:
            found.append(StillOpen(KINDS[kind].label, fact.since, _ending(kind)))
    return found


def _ending(kind: str) -> str:
    """Return the name of the form that ends a kind."""
    return next((form.name for form in forms().values() if form.main().kind == kind and form.main().how is How.END), "")


def may_close_all_the_same(reader: Reader, one: Filling) -> bool:
    """Return whether the reader is one of those who approve the form, and so may decide although something is open."""
    decision = one.form.approval.decision if one.form.approval else ""
    return any(decision in ROLES[name].decides for name in reader.role_names if name in ROLES)


def place_of(document: Whole, row: ThingRow, told: Sequence[ToWrite]) -> PlaceOfPlacement | None:
    """Return where a home that a form proposes or begins lies: the legal test, and the miles of the statistics."""
    council = council_of(row.held_by)
    one = next((one for one in told if one.kind in HOMES and one.how is not How.END), None)
    if one is None or council is None:
        return None
    proposal = _proposal(row, one, [])
    homes = [entry.values.get("postcode") for entry in document.of("address") if "postcode" not in entry.hidden]
    here, home = (
        proposal.payload.get("postcode"),
        proposal.payload.get("home_postcode") or next(iter(homes[::-1]), None),
    )
    return where_it_lies(proposal, council=council, miles=distance_miles(home, here) if home and here else None)


def _proposal(row: ThingRow, one: ToWrite, facts: Sequence[object]) -> Proposal:
    before = next((dict(f.payload) for f in facts if str(f.fact) == one.fact), {})  # type: ignore[attr-defined]
    payload = {**before, **encode(one.kind, one.values)}
    ref = KINDS[one.kind].ref
    return Proposal(
        kind=one.kind, valid_from=one.valid_from, payload=payload, subject=row.pk, valid_to=one.valid_to,
        ref=payload.get(ref) if ref else None, fact=one.fact if one.how is not How.NEW else PROPOSED,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """
    Somebody with the authority decides although a duty is not met: in which post, and why.

    `started_by` is the fact that started the duty, by its public id; where that is a new fact of the form itself it is
    empty and `proposed` is that fact's kind.
    """

    duty: str
    post: str
    reason: str
    started_by: str = ""
    proposed: str = ""


def authorised(reader: Reader, gate: Gate) -> str:
    """Return the post, as the duty names it, in which the reader may decide although the gate is not met, or nothing."""
    return held_post(gate.authority, reader.role_names)


def decided(reader: Reader, gates: Sequence[Gate], reason: str) -> list[Decided]:
    """Return the reader's decision that what the gates block goes ahead all the same."""
    found = []
    for gate in gates:
        if gate.blocks:
            new = gate.trigger.fact.fact == PROPOSED
            about = {"proposed": gate.trigger.fact.kind} if new else {"started_by": str(gate.trigger.fact.fact)}
            found.append(Decided(gate.duty.id, authorised(reader, gate), reason, **about))
    return found
