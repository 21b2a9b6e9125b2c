"""
How far a role goes: for each verb, what the role's own levels allow of a thing that it reaches.

Reach says *whose* record; these say *how much* of it and *what may be done*. Partner agencies read headlines
and their own slice and write contributions (the project's page on casework, section 4, rule 10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kinfold.access.labels import Refusal, has_second_person, is_given, is_own_contribution, opens_concealed_address
from kinfold.access.roles import Adoption, AuditLevel, BreakGlass, Chronology, Clocks, Narrative, Role, Search
from kinfold.access.slices import SLICES
from kinfold.access.things import GrantSort, Question
from kinfold.access.words import PERSONAL, READING, Label, Mark, ReachSort, Sort, Verb

GIVEN_ONLY = frozenset({Chronology.RELEASED, Chronology.PACK})
PEOPLE = frozenset({Sort.CHILD, Sort.ADULT})
WALLS = frozenset({Clocks.TEAM, Clocks.SERVICE, Clocks.HOLDER, Clocks.AGGREGATE})
CASE_WORKERS = frozenset({ReachSort.OPEN_ALLOCATION, ReachSort.TEAM})
BY_REACH = frozenset({AuditLevel.OWN_CASES, AuditLevel.TEAM, AuditLevel.SERVICE})


def level_refusal(role: Role, question: Question) -> Refusal | None:
    """Return why the role's own levels refuse the question, or None if they allow it."""
    refusal = _apart(role, question)
    if refusal is not None:
        return refusal
    by_sort = BY_SORT.get(question.thing.sort)
    if by_sort is not None and question.verb in READING | {Verb.SEE_EXISTS, Verb.SEARCH}:
        return by_sort(role, question)
    return BY_VERB.get(question.verb, _power)(role, question)


def _apart(role: Role, question: Question) -> Refusal | None:
    part = SLICES[question.thing.slice]
    if question.thing.sort not in PERSONAL:
        return None
    if part.name == "adoption" and not reads_adoption(role, question):
        return Refusal("slice", "You cannot see adoption work on a case that is not yours or your team's.")
    if part.apart and part.name not in role.reads | role.writes:
        return Refusal("slice", f"You cannot see this: {part.label.lower()} is kept apart from casework.")
    return None


def reads_adoption(role: Role, question: Question) -> bool:
    """Return whether adoption work before the order is open: to the case's own workers and the roles named for it."""
    return role.adoption in (Adoption.BEFORE_ORDER, Adoption.SEALED) or bool(CASE_WORKERS & question.reach_sorts)


def _see_exists(role: Role, question: Question) -> Refusal | None:
    if question.thing.sort not in PEOPLE:
        return _read_headline(role, question)
    return None  # a person who is reached, or whom the index holds: the rule of reach has asked


def _search(role: Role, question: Question) -> Refusal | None:
    if role.search is Search.NONE:
        return Refusal("search", "Your role does not search for people.")
    return _see_exists(role, question)


def _read_headline(role: Role, question: Question) -> Refusal | None:
    thing = question.thing
    if is_own_contribution(question):
        return None
    if not role.lists_people and (thing.sort in PEOPLE or not is_given(question)):
        return Refusal("level", "Your role does not open people's records.")
    if thing.sort in PEOPLE:
        return None
    if role.chronology in GIVEN_ONLY and not is_given(question):
        return Refusal("unreleased", "You cannot see this yet: it has not been released to you.")
    if role.chronology is Chronology.NONE and thing.slice not in role.reads and not is_given(question):
        return Refusal("slice", "You can see only your own part of the work.")
    return None


def reads_in_full(role: Role, question: Question) -> bool:
    """Return whether the role reads the structured facts of this thing, and not its headline alone."""
    if is_own_contribution(question) or role.reads_slice(question.thing.slice):
        return True
    return role.chronology in GIVEN_ONLY and is_given(question)


def _read(role: Role, question: Question) -> Refusal | None:
    refusal = _read_headline(role, question)
    if refusal is not None:
        return refusal
    if role.reason_required and not question.actor.reason.strip():
        return Refusal("reason", "Say why you need this before you open it.")
    if reads_in_full(role, question):
        return None
    return Refusal("level", "You can see that this happened and when, but not what it says.")


def reads_narrative(role: Role, question: Question) -> bool:
    """Return whether the role reads the free text of this thing."""
    thing = question.thing
    match role.narrative:
        case Narrative.FULL:
            return True
        case Narrative.SLICE:
            return thing.slice in role.reads or is_own_contribution(question)
        case Narrative.RELEASED | Narrative.PACK:
            return is_given(question) or is_own_contribution(question)
        case Narrative.OWN:
            return is_own_contribution(question)
    return False


def _read_narrative(role: Role, question: Question) -> Refusal | None:
    if not reads_narrative(role, question):
        return Refusal("narrative", "You cannot read what people wrote here: your role reads only its own part.")
    return None if is_given(question) else _read(role, question)


def _read_address(role: Role, question: Question) -> Refusal | None:
    refusal = _read(role, question)
    if refusal is not None:
        return refusal
    if role.address_hidden:
        return Refusal("address", "You can see the postcode sector, but not the address.")
    if Label.ADDRESS_PROTECTED in question.thing.labels and not opens_concealed_address(role, question):
        return Refusal("address", "You cannot see this address: it is kept from everyone but those named.")
    return None


def _write(role: Role, question: Question) -> Refusal | None:
    thing = question.thing
    if Mark.LOCKED in thing.marks:
        return Refusal("locked", "You cannot edit this: it is locked. Correct it with a new version.")
    own_body = thing.slice in role.own_organisation and is_own_contribution(question)
    if role.writes_slice(thing.slice) or own_body:
        return None
    return Refusal("level", f"Your role does not write in {SLICES[thing.slice].label.lower()}.")


def _decide(role: Role, question: Question) -> Refusal | None:
    delegated = any(
        grant.sort is GrantSort.DELEGATION and grant.subject == question.thing.name for grant in question.grants
    )
    if question.thing.name in role.decides or delegated:
        return None
    return Refusal("level", "This decision is not one that your role makes.")


def _export(role: Role, question: Question) -> Refusal | None:
    name = question.thing.name
    if Mark.SMALL_NUMBERS in question.thing.marks and not role.small_numbers:
        return Refusal("small_numbers", "You cannot export small numbers that have not been suppressed.")
    if role.reason_required and not question.actor.reason.strip():
        return Refusal("reason", "Say why you need this before you export it.")
    if name in role.exports or (name in role.exports_two_people and has_second_person(question, name)):
        return None
    if name in role.exports_two_people:
        return Refusal("two_people", "A second person must agree before you release this.")
    return Refusal("level", "Your role does not make this export.")


def _break_glass(role: Role, question: Question) -> Refusal | None:
    if role.break_glass is BreakGlass.NONE or question.thing.person is None:
        return Refusal("break_glass", "Your role cannot open a record this way. Ask the emergency duty team.")
    if role.break_glass is BreakGlass.TWO_PEOPLE and not has_second_person(question, Verb.BREAK_GLASS):
        return Refusal("two_people", "A second person must agree before you open a record this way.")
    if not question.actor.reason.strip():
        return Refusal("reason", "Say why you need to open this record at once.")
    return None


def _audit(role: Role, question: Question) -> Refusal | None:
    actor, thing = question.actor, question.thing
    own_action = thing.written_by == actor.id and role.audit is not AuditLevel.NONE
    # The family sees who looked: at their own record, and a parent at a record that was opened to them.
    of_family = thing.person is not None and (
        thing.person == actor.person or ReachSort.RELEASED in question.reach_sorts
    )
    own_record = role.audit is AuditLevel.OWN_RECORD and of_family
    by_reach = role.audit in BY_REACH and thing.person is not None
    configuration = role.audit is AuditLevel.CONFIGURATION and thing.slice == "configuration"
    if own_action or own_record or by_reach or configuration or role.audit is AuditLevel.ALL:
        return None
    return Refusal("level", "You can see what you did yourself, but not who else looked.")


def _power(role: Role, question: Question) -> Refusal | None:
    verb = question.verb
    if verb in role.powers or (verb in role.powers_two_people and has_second_person(question, verb)):
        return None
    if verb in role.powers_two_people:
        return Refusal("two_people", "A second person must agree before you do this.")
    return Refusal("level", "This is not something your role does.")


def _clock(role: Role, question: Question) -> Refusal | None:
    thing = question.thing
    if role.clocks is Clocks.NONE:
        return Refusal("level", "Your role does not see due dates.")
    if thing.person is None and role.clocks not in WALLS:
        return Refusal("level", "You can see the due dates of your own work, not of a team or a council.")
    if thing.person is not None and role.clocks is Clocks.AGGREGATE:
        return Refusal("level", "You can see totals, but not one person's due dates.")
    if role.clocks is Clocks.SLICE and not (role.reads_slice(thing.slice) or role.writes_slice(thing.slice)):
        return Refusal("slice", "You can see the due dates of your own part of the work.")
    return None


def _aggregate(role: Role, question: Question) -> Refusal | None:
    marks = question.thing.marks
    if Mark.SMALL_NUMBERS in marks and not role.small_numbers:
        return Refusal("small_numbers", "You cannot see small numbers that have not been suppressed.")
    if role.aggregates or Mark.RELEASED in marks or role.clocks in WALLS:
        return None
    return Refusal("level", "Your role does not see counts that have not been published.")


def _record(role: Role, question: Question) -> Refusal | None:
    thing = question.thing
    own_body = thing.slice in role.own_organisation and is_own_contribution(question)
    if thing.slice in role.reads or thing.slice == "public" or own_body or is_given(question):
        return None
    return Refusal("slice", f"Your role does not see {SLICES[thing.slice].label.lower()}.")


def _config(role: Role, question: Question) -> Refusal | None:
    if "configuration" in role.reads:
        return None
    return Refusal("slice", "Your role does not see the configuration.")


def _files(role: Role, question: Question) -> Refusal | None:
    if Verb.LOAD_FILES in role.powers:
        return None
    return Refusal("level", "Your role does not load files or see what was wrong in them.")


def _list(role: Role, question: Question) -> Refusal | None:
    if role.lists_people:
        return None
    return Refusal("level", "Your role does not see lists of people.")


Check = Callable[[Role, Question], Refusal | None]
BY_SORT: Mapping[Sort, Check] = MappingProxyType(
    {
        Sort.CLOCK: _clock,
        Sort.AGGREGATE: _aggregate,
        Sort.RECORD: _record,
        Sort.CONFIG: _config,
        Sort.FILES: _files,
        Sort.LIST: _list,
        Sort.AUDIT: _audit,
    }
)
BY_VERB: Mapping[Verb, Check] = MappingProxyType(
    {
        Verb.SEE_EXISTS: _see_exists,
        Verb.SEARCH: _search,
        Verb.READ_HEADLINE: _read_headline,
        Verb.READ: _read,
        Verb.READ_NARRATIVE: _read_narrative,
        Verb.READ_ADDRESS: _read_address,
        Verb.WRITE: _write,
        Verb.DECIDE: _decide,
        Verb.APPROVE: _decide,
        Verb.EXPORT: _export,
        Verb.BREAK_GLASS: _break_glass,
        Verb.AUDIT: _audit,
    }
)
