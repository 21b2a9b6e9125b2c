"""Gates of what a form would record: what must come first, asked before a decision is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kinfold.casework import Form, How, ToWrite
from kinfold.duties import Gate, Proposal, days_in_force, gates_for
from kinfold.record.combine import shown
from kinfold.record.declare import KINDS, Word, encode
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.clock_world import council_of
from kinfold.service.records.reads.clocks import catalogue
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, versions_about
from kinfold.service.records.scope import as_system

# The posts that the catalogue of duties names, as roles of roles.toml.
POSTS: Mapping[str, str] = MappingProxyType(
    {
        "agency decision-maker": "agency_decision_maker",
        "conference chair": "child_protection_conference_chair",
        "designated officer": "designated_officer",
        "director of children's services": "director_of_childrens_services",
        "emergency duty team": "emergency_duty_team",
        "head of service": "head_of_service",
        "independent reviewing officer": "independent_reviewing_officer",
        "information governance": "information_governance",
        "legal gateway": "local_authority_lawyer",
        "legal services": "local_authority_lawyer",
        "nominated officer": "head_of_service",
        "reviewing service manager": "head_of_service",
        "team manager": "team_manager",
        "virtual school head": "virtual_school_head",
    }
)
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
            found.setdefault(gate.duty.id, gate)
    return list(found.values())


def _proposal(row: ThingRow, one: ToWrite, facts: Sequence[object]) -> Proposal:
    before = next((dict(f.payload) for f in facts if str(f.fact) == one.fact), {})  # type: ignore[attr-defined]
    payload = {**before, **encode(one.kind, one.values)}
    ref = KINDS[one.kind].ref
    return Proposal(
        kind=one.kind, valid_from=one.valid_from, payload=payload, subject=row.pk, valid_to=one.valid_to,
        ref=payload.get(ref) if ref else None, fact=one.fact if one.how is not How.NEW else "proposed",
    )  # fmt: skip


def authorised(reader: Reader, gate: Gate) -> str:
    """Return the post, as the duty names it, in which the reader may decide although the gate is not met, or nothing."""
    return next((name for name in gate.authority if POSTS.get(name, "") in reader.role_names), "")
