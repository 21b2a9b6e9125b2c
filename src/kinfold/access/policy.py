"""
The one rule of access: `may(actor, verb, thing, now)`, and why.

Ten rules, asked in this order. Each can only refuse; what none refuses is allowed, and what no role, reach or
grant speaks of is refused by the second and third.

    1  deny by default: another holder's record, an unknown role, a role that this installation has not
    2  nobody opens their own family's record; nobody approves their own work
    3  what the role must not do, whatever else would allow it
    4  reach: an allocation, team, meeting, appointment, commission, sample, agreement; or a grant, time-boxed
       and with a reason; or the glass broken over this one person
    5  labels subtract, by today's labels whatever date is asked about
    6  a brother's or sister's page never shows that a restricted child exists
    7  search says "1 restricted record: ask X" only to those who may know
    8  the role's own levels: how much of it, and what may be done
    9  partner agencies: headlines, their own slice, contributions
    10 fields: what is masked of what may be opened

Source: the project's page on casework, section 4; architecture, "Access".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from kinfold.access.fields import masks_for
from kinfold.access.labels import NEVER_BY_BREAK_GLASS, Refusal, has_break_glass, label_refusal
from kinfold.access.levels import level_refusal
from kinfold.access.must_not import CIRCUMSTANCES
from kinfold.access.roles import ROLES, AuditLevel, BreakGlass, Role, Search
from kinfold.access.slices import SLICES
from kinfold.access.things import Actor, Decision, Grant, GrantSort, Question, Thing, day_of
from kinfold.access.words import DECIDING, PERSONAL, READING, SEEING, Mask, ReachSort, Sort, Verb
from kinfold.terms.errors import StructureBroken

TO_DO: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.SEE_EXISTS: "know of this",
        Verb.SEARCH: "find this",
        Verb.READ_HEADLINE: "see that this happened",
        Verb.READ: "open this",
        Verb.READ_NARRATIVE: "read this",
        Verb.READ_ADDRESS: "see this address",
        Verb.WRITE: "write here",
        Verb.DECIDE: "decide this",
        Verb.APPROVE: "approve this",
        Verb.EXPORT: "export this",
        Verb.RELEASE: "release this",
        Verb.MERGE: "join these records",
        Verb.REIDENTIFY: "name the person behind this",
        Verb.RESTRICT: "restrict this",
        Verb.HOLD_BACK: "hold this look back",
        Verb.SEAL: "seal this",
        Verb.UNSEAL: "unseal this",
        Verb.BREAK_GLASS: "open this at once",
        Verb.AUDIT: "see who looked",
        Verb.CONFIGURE: "change the configuration",
        Verb.GRANT: "give access",
        Verb.ALLOCATE: "allocate this",
        Verb.LOAD_FILES: "load files",
        Verb.DISPOSE: "dispose of this",
    }
)
WITHOUT_REACH = frozenset({Sort.RECORD, Sort.CONFIG, Sort.FILES, Sort.AGGREGATE, Sort.ROUTE})
OFFICE_VERBS = frozenset({Verb.GRANT, Verb.CONFIGURE, Verb.LOAD_FILES})
WIDEST_FIRST = (Verb.READ_NARRATIVE, Verb.READ, Verb.READ_HEADLINE)


def may(actor: Actor, verb: Verb, thing: Thing, now: datetime) -> Decision:
    """
    Return whether `actor` may do `verb` to `thing` at `now`, why, by which rule, and what stays hidden.

    Somebody with several roles is allowed what any one of them allows; the role that hides least answers.
    Raises InputError if `now` names no time zone, StructureBroken if the thing's slice is not declared.
    """
    if thing.slice not in SLICES:
        raise StructureBroken(f"{thing.slice} is not a slice of slices.toml")
    refusal = _elsewhere(actor, thing)
    if refusal is not None:
        return _refused(refusal)
    answers = [_as_role(ROLES[name], actor, verb, thing, now) for name in sorted(actor.roles) if name in ROLES]
    allowed = [decision for _, decision in answers if decision.allowed]
    if allowed:
        return min(allowed, key=lambda decision: len(decision.masks))
    if not answers:
        return _refused(Refusal("no_role", "You have no role here. Ask an administrator."))
    return max(answers, key=lambda answer: answer[0])[1]


def reading(actor: Actor, thing: Thing, now: datetime) -> Decision:
    """Return the widest reading that `actor` has of `thing`: with its narrative, without it, or its headline."""
    decisions = [may(actor, verb, thing, now) for verb in WIDEST_FIRST]
    return next((decision for decision in decisions if decision.allowed), decisions[-1])


def put(role: Role, actor: Actor, verb: Verb, thing: Thing, now: datetime) -> Question:
    """Return the question as `role` of `actor` puts it, with the reach and the grants in force at `now`."""
    day = day_of(now)
    rows = actor.reach_rows(thing.held_by, thing.person) if thing.held_by is not None else []
    return Question(
        actor=actor,
        verb=verb,
        thing=thing,
        now=now,
        reach=tuple(row for row in rows if row.sort in role.reach and row.holds_on(day)),
        grants=tuple(grant for grant in grants_of(role, actor, now) if _speaks(grant, thing)),
    )


def grants_of(role: Role, actor: Actor, now: datetime) -> Sequence[Grant]:
    """Return the actor's own grants in force at `now` that count in `role`: only some roles may break the glass."""
    current = [grant for grant in actor.grants if grant.actor == actor.id and grant.holds_at(now)]
    if role.break_glass is BreakGlass.NONE:
        return [grant for grant in current if grant.sort is not GrantSort.BREAK_GLASS]
    return current


def _speaks(grant: Grant, thing: Thing) -> bool:
    return grant.holder == thing.held_by and grant.covers(thing.person)


def _refused(refusal: Refusal, role: Role | None = None) -> Decision:
    return Decision(False, refusal.because, refusal.rule, role=role.name if role else "")


def _elsewhere(actor: Actor, thing: Thing) -> Refusal | None:
    if thing.held_by is not None and thing.held_by not in actor.holders:
        return Refusal("other_holder", "This belongs to a council or body that you do not work for here.")
    about_people = thing.sort in PERSONAL and SLICES[thing.slice].personal
    if about_people and (thing.person is None or thing.held_by is None):
        return Refusal("nobody", "This does not say whose record it is, so nobody opens it.")
    return None


def _as_role(role: Role, actor: Actor, verb: Verb, thing: Thing, now: datetime) -> tuple[int, Decision]:
    """Return how far the question came (the place of the rule that refused it) with the answer."""
    if actor.installation not in role.installations:
        return -1, _refused(Refusal("installation", f"The role {role.label} does not exist here."), role)
    question = put(role, actor, verb, thing, now)
    for place, rule in enumerate(RULES):
        refusal = rule(role, question)
        if refusal is not None:
            return place, _refused(refusal, role)
    masks = masks_for(role, question)
    if thing.sensitivity is not None and Mask(thing.sensitivity.value) in masks:
        return len(RULES), _refused(Refusal("field", "You can see this record, but not this part of it."), role)
    return len(RULES), Decision(True, _because(role, question), _opened_by(question), masks, role.name)


def _family(role: Role, question: Question) -> Refusal | None:
    if role.own_record or not CIRCUMSTANCES["own_family"](question):
        return None
    return Refusal("own_family", "You cannot open the record of your own family. Ask your manager to act instead.")


def _own_work(role: Role, question: Question) -> Refusal | None:
    own = question.thing.written_by == question.actor.id
    if role.own_record or question.verb not in DECIDING or not own:
        return None
    return Refusal("own_work", "You cannot approve your own work. Ask another person who may decide it.")


def _must_not(role: Role, question: Question) -> Refusal | None:
    for rule in role.must_not:
        if rule.forbids(question):
            return Refusal("must_not", f"In the role {role.label} you must not {rule.text}.")
    return None


def _reach(role: Role, question: Question) -> Refusal | None:
    thing = question.thing
    if thing.person is None or _needs_no_reach(role, question):
        return None
    if _is_reached(question):
        return None
    if question.verb in READING and thing.sort in (Sort.CHILD, Sort.ADULT, Sort.FACT, Sort.PLAN, Sort.PAPER):
        return Refusal("reach", "You cannot open this: you are not working with this person.")
    return Refusal("reach", f"You cannot {TO_DO[question.verb]}: you are not working with this person.")


def _needs_no_reach(role: Role, question: Question) -> bool:
    verb, thing = question.verb, question.thing
    if verb in OFFICE_VERBS or verb is Verb.BREAK_GLASS or thing.sort in WITHOUT_REACH:
        return True
    if verb is Verb.AUDIT:
        own = thing.written_by == question.actor.id or thing.person == question.actor.person
        return own or role.audit is AuditLevel.ALL
    people = thing.sort in (Sort.CHILD, Sort.ADULT)
    if verb is Verb.SEE_EXISTS:
        return people and role.search in (Search.INDEX, Search.CHECK)
    return verb is Verb.SEARCH and people and role.search is Search.INDEX


def _is_reached(question: Question) -> bool:
    if any(grant.sort is GrantSort.ACCESS for grant in question.grants):
        return True
    if question.verb in SEEING:
        breaks = has_break_glass(question) and not NEVER_BY_BREAK_GLASS & question.thing.labels
        return bool(question.reach) or breaks
    return bool(question.reach_sorts - {ReachSort.CLOSED_CASE})


RULES = (_family, _own_work, _must_not, _reach, label_refusal, level_refusal)


def _opened_by(question: Question) -> str:
    if question.reach:
        return f"reach:{question.reach[0].sort}"
    for grant in question.grants:
        if grant.sort in (GrantSort.ACCESS, GrantSort.BREAK_GLASS):
            return f"grant:{grant.sort}"
    return "role"


def _because(role: Role, question: Question) -> str:
    doing = f"You can {TO_DO[question.verb]}"
    if question.reach:
        return f"{doing} because {question.reach[0].because}."
    for grant in question.grants:
        if grant.sort is GrantSort.ACCESS:
            return f"{doing} until {grant.until:%d %B %Y %H:%M} because you were given access: {grant.reason}."
        if grant.sort is GrantSort.BREAK_GLASS:
            return f"{doing} until {grant.until:%d %B %Y %H:%M} because you opened it at once: {grant.reason}."
    return f"{doing} because your role is {role.label}."
