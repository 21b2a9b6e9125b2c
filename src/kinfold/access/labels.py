"""
What each label takes away, whatever reach gives.

Labels are today's, whatever date is asked about. A restricted record opens to its named list, to a role whose
reach the roles' table says, to a grant that names the label, and to break-glass. Nothing opens a sealed record,
legal advice, the vault of allegations or what was written about the wrong person but the roles named for it.

Source: the project's page on casework, section 4, rules 3 to 5, 8 and 9.
"""

from __future__ import annotations

from typing import NamedTuple

from kinfold.access.roles import Adoption, AuditLevel, Police, Privileged, Restricted, Role
from kinfold.access.things import GrantSort, Question
from kinfold.access.words import SEEING, Label, Mark, ReachSort, Verb

NEVER_BY_BREAK_GLASS = frozenset({Label.SEALED, Label.PRIVILEGED, Label.LADO_VAULT, Label.VOID_WRONG_PERSON})
NEVER_EXPORTED = frozenset({Label.POLICE_MARKED, Label.LADO_VAULT})
INDIRECT = frozenset({ReachSort.HOUSEHOLD, ReachSort.CLOSED_CASE})
NOT_LISTED = frozenset({Restricted.NONE, Restricted.COUNTS})


class Refusal(NamedTuple):
    """Why not: the rule's stable name and a sentence to the actor."""

    rule: str
    because: str


def is_named(question: Question) -> bool:
    """Return whether the actor is on the thing's named list."""
    return question.actor.id in question.thing.named


def is_own_contribution(question: Question) -> bool:
    """Return whether the actor, or their organisation, wrote the thing."""
    actor, thing = question.actor, question.thing
    same_body = actor.organisation is not None and thing.organisation == actor.organisation
    return thing.written_by == actor.id or same_body


def is_given(question: Question) -> bool:
    """Return whether the thing was released, or put into the pack, for the one who asks."""
    return bool({Mark.RELEASED, Mark.IN_PACK} & question.thing.marks)


def has_second_person(question: Question, act: str) -> bool:
    """Return whether another person has agreed to `act`."""
    return any(grant.sort is GrantSort.SECOND_PERSON and grant.subject == act for grant in question.grants)


def has_break_glass(question: Question) -> bool:
    """Return whether the actor has broken the glass over this one person and the time is not spent."""
    person = question.thing.person
    return any(g.sort is GrantSort.BREAK_GLASS and g.persons == frozenset({person}) for g in question.grants)


def reached_directly(question: Question) -> bool:
    """Return whether the person is reached by more than their household or a closed case."""
    return bool(question.reach_sorts - INDIRECT)


def label_refusal(role: Role, question: Question) -> Refusal | None:
    """Return the first reason for which a label refuses the question, or None."""
    checks = (_wrong_person, _sealed, _vault, _privileged, _police, _third_party, _never_exported, _restricted)
    if not question.thing.labels - {Label.OPEN}:
        return None
    for check in checks:
        refusal = check(role, question)
        if refusal is not None:
            return refusal
    return None


def _wrong_person(role: Role, question: Question) -> Refusal | None:
    if Label.VOID_WRONG_PERSON not in question.thing.labels:
        return None
    if role.void_wrong_person and question.verb is not Verb.BREAK_GLASS:
        return None
    return Refusal(
        "void_wrong_person", "You cannot see this: it was written about the wrong person. Ask information governance."
    )


def _sealed(role: Role, question: Question) -> Refusal | None:
    if Label.SEALED not in question.thing.labels or question.verb is Verb.UNSEAL:
        return None
    if role.adoption is Adoption.SEALED and question.verb is not Verb.BREAK_GLASS:
        if question.verb in (Verb.SEE_EXISTS, Verb.SEARCH) or has_second_person(question, Verb.UNSEAL):
            return None
        return Refusal("sealed", "You need a second person's agreement before you open a sealed adoption record.")
    return Refusal("sealed", "You cannot see this: the adoption record is sealed. Ask the adoption archivist.")


def _vault(role: Role, question: Question) -> Refusal | None:
    if Label.LADO_VAULT not in question.thing.labels or _audits_everything(role, question):
        return None
    if role.lado_vault and question.verb is not Verb.BREAK_GLASS:
        return None
    return Refusal("lado_vault", "You cannot see this: only the designated officer sees allegations about adults.")


def _privileged(role: Role, question: Question) -> Refusal | None:
    if Label.PRIVILEGED not in question.thing.labels or _audits_everything(role, question):
        return None
    open_to_named = role.privileged is not Privileged.NONE and is_named(question)
    reached = role.privileged is Privileged.REACHED and reached_directly(question)
    if (open_to_named or reached) and question.verb is not Verb.BREAK_GLASS:
        return None
    return Refusal("privileged", "You cannot see this: it is legal advice that has not been shared with you.")


def _police(role: Role, question: Question) -> Refusal | None:
    if Label.POLICE_MARKED not in question.thing.labels or _audits_everything(role, question):
        return None
    opened = {
        Police.NONE: False,
        Police.OWN: is_own_contribution(question),
        Police.RELEASED: is_given(question),
        Police.REACHED: reached_directly(question) or is_own_contribution(question),
    }
    if opened[role.police]:
        return None
    return Refusal("police_marked", "You cannot see this: the police have marked it and it is not shared with you.")


def _third_party(role: Role, question: Question) -> Refusal | None:
    if Label.THIRD_PARTY not in question.thing.labels or not role.own_record or is_given(question):
        return None
    return Refusal(
        "third_party", "You cannot see this yet: it is about somebody else and has not been released to you."
    )


def _never_exported(role: Role, question: Question) -> Refusal | None:
    if question.verb is not Verb.EXPORT or not NEVER_EXPORTED & question.thing.labels:
        return None
    return Refusal(
        "never_exported", "You cannot export this: what the police marked, and allegations, stay in Kinfold."
    )


def _audits_everything(role: Role, question: Question) -> bool:
    return question.verb is Verb.AUDIT and role.audit is AuditLevel.ALL


def _restricted(role: Role, question: Question) -> Refusal | None:
    if Label.RESTRICTED not in question.thing.labels or _audits_everything(role, question):
        return None
    if opens_restricted(role, question):
        return None
    if question.verb is Verb.SEARCH and role.knows_restricted:
        ask = question.thing.ask or "information governance"
        return Refusal("search_hint", f"1 restricted record: ask {ask}.")
    return Refusal("restricted", "You cannot see this: the record is restricted and you are not on its named list.")


def opens_restricted(role: Role, question: Question) -> bool:
    """Return whether something opens a restricted record to this role of the actor."""
    if any(grant.sort is GrantSort.ACCESS and Label.RESTRICTED in grant.labels for grant in question.grants):
        return True
    if role.restricted in NOT_LISTED:
        return False
    by_glass = question.verb in SEEING | {Verb.BREAK_GLASS}
    if is_named(question) or (by_glass and (has_break_glass(question) or question.verb is Verb.BREAK_GLASS)):
        return True
    if role.restricted is Restricted.REACHED:
        return bool(role.restricted_by & question.reach_sorts)
    if role.restricted is Restricted.WITH_REASON:
        return bool(question.actor.reason.strip())
    shallow = SEEING - {Verb.READ_NARRATIVE, Verb.READ_ADDRESS}
    return role.restricted is Restricted.MASKED and question.verb in shallow


def opens_concealed_address(role: Role, question: Question) -> bool:
    """
    Return whether a protected address may be shown.

    Never to a person from whom it is kept, never in an export; else to those named, and by the reach that
    the role's `address_by` says.
    """
    actor, thing = question.actor, question.thing
    if actor.person is not None and actor.person in thing.concealed_from:
        return False
    if question.verb is Verb.EXPORT:
        return False
    return actor.id in thing.address_named or bool(role.address_by & question.reach_sorts)
