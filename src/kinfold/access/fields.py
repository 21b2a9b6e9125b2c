"""
Which fields of what may be opened are shown, and which stay hidden.

A decision carries masks. A field is hidden when its declared sensitivity is masked; an address that is concealed
is hidden unless the decision says that it may be shown. Hidden fields are left out, never replaced by a value
that could be taken for a fact; `hidden_fields` names them, so that a page can say that something is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kinfold.access.labels import is_given, is_own_contribution, opens_concealed_address, reached_directly
from kinfold.access.levels import reads_in_full, reads_narrative
from kinfold.access.roles import Chronology, Privileged, Role, Search
from kinfold.access.things import Decision, Question
from kinfold.access.words import Label, Mark, Mask, Verb
from kinfold.record.declare import Field, Kind, Sensitivity

INDEX_MASKS = frozenset(
    {Mask.ORDINARY, Mask.NARRATIVE, Mask.ADDRESS, Mask.LEGAL, Mask.HEALTH, Mask.CONCEALED_ADDRESS, Mask.THIRD_PARTY}
)
CHECK_MASKS = INDEX_MASKS | {Mask.IDENTIFIER}
HEADLINE_MASKS = frozenset({Mask.ORDINARY, Mask.NARRATIVE, Mask.ADDRESS, Mask.LEGAL, Mask.HEALTH})
FACTS_MASKS = frozenset({Mask.NARRATIVE, Mask.IDENTIFIER, Mask.ADDRESS, Mask.LEGAL})
SHALLOW = frozenset({Verb.SEE_EXISTS, Verb.SEARCH})


def masks_for(role: Role, question: Question) -> frozenset[Mask]:
    """Return what stays hidden from `role` of a thing that the question has been allowed for."""
    if question.verb in SHALLOW:
        knows_more = question.reach or role.search is Search.INDEX
        return _always_hidden(role, question) | (INDEX_MASKS if knows_more else CHECK_MASKS)
    masks = _by_depth(role, question) | _always_hidden(role, question)
    if not reads_narrative(role, question):
        masks |= {Mask.NARRATIVE}
    if not _reads_legal(role, question):
        masks |= {Mask.LEGAL}
    if not opens_concealed_address(role, question):
        masks |= {Mask.CONCEALED_ADDRESS}
    return masks


def _by_depth(role: Role, question: Question) -> frozenset[Mask]:
    if question.verb is Verb.READ_HEADLINE or not reads_in_full(role, question):
        return HEADLINE_MASKS if not is_given(question) else frozenset()
    if role.chronology is Chronology.FACTS and not is_own_contribution(question):
        return FACTS_MASKS
    return frozenset()


def _always_hidden(role: Role, question: Question) -> frozenset[Mask]:
    thing = question.thing
    masks: set[Mask] = set()
    unmatched = role.identifiers_after_match and Mark.MATCHED not in thing.marks
    if role.identifiers_hidden or unmatched:
        masks.add(Mask.IDENTIFIER)
    if role.address_hidden == "sector":
        masks.add(Mask.SECTOR_ONLY)
    if role.own_record:
        masks.add(Mask.THIRD_PARTY)
    if Label.RESTRICTED in thing.labels and role.restricted == "masked":
        masks |= (
            {Mask.ADDRESS, Mask.CONCEALED_ADDRESS, Mask.ORDINARY}
            if not _own_slice(role, question)
            else {
                Mask.ADDRESS,
                Mask.CONCEALED_ADDRESS,
            }
        )
    return frozenset(masks)


def _own_slice(role: Role, question: Question) -> bool:
    return question.thing.slice in role.reads


def _reads_legal(role: Role, question: Question) -> bool:
    if role.privileged is Privileged.REACHED and reached_directly(question):
        return True
    return role.privileged is not Privileged.NONE and question.actor.id in question.thing.named


def sector(postcode: str) -> str:
    """Return the sector of a postcode in the form "SW1A 1"; an empty string if it has no space to divide it at."""
    outward, found, inward = postcode.strip().partition(" ")
    return f"{outward} {inward[:1]}" if found and inward else ""


def is_concealed(payload: Mapping[str, Any], labels: frozenset[Label] = frozenset()) -> bool:
    """Return whether the address in `payload` is kept from somebody, by its own words or by a label."""
    return bool(payload.get("concealed_from")) or Label.ADDRESS_PROTECTED in labels


def _is_hidden(spec: Field | None, masks: frozenset[Mask], concealed: bool) -> bool:
    if spec is None:
        return True  # what no declaration describes is shown to nobody
    if spec.sensitivity is Sensitivity.ADDRESS and concealed and Mask.CONCEALED_ADDRESS in masks:
        return True
    return Mask(spec.sensitivity.value) in masks


def masked(
    payload: Mapping[str, Any], kind: Kind, decision: Decision, *, labels: frozenset[Label] = frozenset()
) -> dict[str, Any]:
    """
    Return the part of `payload` that `decision` lets through: a new dictionary, hidden fields left out.

    Nothing is left of it when the decision is a refusal. `labels` are the fact's own, today. Where only the
    sector of an address may be seen, a postcode is cut to it.
    """
    if not decision.allowed:
        return {}
    concealed = is_concealed(payload, labels)
    shown: dict[str, Any] = {}
    for name, value in payload.items():
        spec = kind.fields.get(name)
        if not _is_hidden(spec, decision.masks, concealed):
            shown[name] = value
        elif _shows_sector(spec, decision.masks, name, value):
            shown[name] = sector(value)
    return shown


def _shows_sector(spec: Field | None, masks: frozenset[Mask], name: str, value: Any) -> bool:
    is_address = spec is not None and spec.sensitivity is Sensitivity.ADDRESS
    return Mask.SECTOR_ONLY in masks and is_address and name.endswith("postcode") and isinstance(value, str)


def hidden_fields(
    payload: Mapping[str, Any], kind: Kind, decision: Decision, *, labels: frozenset[Label] = frozenset()
) -> Sequence[str]:
    """Return the names of the fields of `payload` that `masked` leaves out or shortens, in order of name."""
    shown = masked(payload, kind, decision, labels=labels)
    return sorted(name for name, value in payload.items() if shown.get(name) != value)
