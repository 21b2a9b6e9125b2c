"""
Whom an actor sees in their lists: the slow, obvious way and the way a database does it.

`visible_persons` asks the rule for every child, one at a time. `list_terms` says the same as sets and flags that
a query can join: `listed` applies them, and a property test on random worlds holds the two equal, counts included.
A child's whole record carries only the labels of `RECORD_LABELS`; the others stand on single facts and papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kinfold.access.labels import NEVER_BY_BREAK_GLASS, NOT_LISTED
from kinfold.access.must_not import MustNot
from kinfold.access.policy import grants_of, may
from kinfold.access.roles import ROLES, Adoption, Restricted, Role
from kinfold.access.slices import CASEWORK
from kinfold.access.things import Actor, Grant, GrantSort, Reach, Thing, day_of
from kinfold.access.words import Label, Mark, ReachSort, Sort, Verb

RECORD_LABELS = frozenset(
    {Label.OPEN, Label.RESTRICTED, Label.SEALED, Label.ADDRESS_PROTECTED, Label.VOID_WRONG_PERSON}
)


def visible_persons(actor: Actor, world: Iterable[Thing], now: datetime) -> frozenset[int]:
    """
    Return the children of `world` that may stand in a list shown to `actor`, asking the rule for each.

    `world` is one Thing of sort child for each child of every holder.
    """
    return frozenset(
        thing.person
        for thing in world
        if thing.person is not None and may(actor, Verb.READ_HEADLINE, thing, now).allowed
    )


@dataclass(frozen=True, slots=True)
class ListTerms:
    """
    What a query needs in order to list the children one role of an actor may see.

    A child is listed if the holder is in `holders`, the child is not in `family` nor tied to `person`, carries
    no label of `never_labels`, and: is reached by a sort in `sorts`, or is in `granted`, or in `glass`. If the
    child is restricted, moreover: the reach is in `restricted_sorts`, or the actor is on the named list and
    `named_opens`, or the child is in `granted_restricted` or (`glass_opens_restricted`) in `glass`.
    `colleagues_hidden` leaves out those who work here unless the actor is named. Of each set in `needs_marks` the
    child carries at least one. A sealed child is listed only with a second person's agreement to unseal.
    """

    role: str
    actor: int
    person: int | None
    holders: frozenset[int]
    family: frozenset[int]
    sorts: frozenset[ReachSort]
    restricted_sorts: frozenset[ReachSort]
    named_opens: bool
    everything_opens_restricted: bool
    glass_opens_restricted: bool
    never_labels: frozenset[Label]
    grants: tuple[Grant, ...]
    own_record: bool
    colleagues_hidden: bool
    needs_marks: tuple[frozenset[Mark], ...]


def list_terms(actor: Actor, now: datetime) -> Sequence[ListTerms]:
    """Return the terms of each role of `actor` that lists people; none for a role that lists nobody."""
    roles = [ROLES[name] for name in sorted(actor.roles) if name in ROLES]
    return [_terms(role, actor, now) for role in roles if _lists(role, actor)]


def _lists(role: Role, actor: Actor) -> bool:
    never = any(_always_hides_children(rule) for rule in role.must_not)
    return role.lists_people and actor.installation in role.installations and not never


def _about_children(rule: MustNot) -> bool:
    everything = not (rule.slices or rule.labels or rule.without_labels)
    about = Verb.READ_HEADLINE in rule.verbs and (not rule.sorts or Sort.CHILD in rule.sorts)
    return everything and about and CASEWORK not in rule.outside_slices


def _always_hides_children(rule: MustNot) -> bool:
    return _about_children(rule) and rule.when == "always"


def _terms(role: Role, actor: Actor, now: datetime) -> ListTerms:
    when = {rule.when for rule in role.must_not if _about_children(rule)}
    reason = bool(actor.reason.strip())
    return ListTerms(
        role=role.name,
        actor=actor.id,
        person=actor.person,
        holders=actor.holders,
        family=actor.family,
        sorts=role.reach,
        restricted_sorts=role.restricted_by if role.restricted is Restricted.REACHED else frozenset(),
        named_opens=role.restricted not in NOT_LISTED,
        everything_opens_restricted=role.restricted is Restricted.MASKED
        or (role.restricted is Restricted.WITH_REASON and reason),
        glass_opens_restricted=role.restricted not in NOT_LISTED,
        never_labels=_never(role),
        grants=tuple(grants_of(role, actor, now)),
        own_record=role.own_record,
        colleagues_hidden="colleague" in when,
        needs_marks=_needed_marks(when),
    )


def _never(role: Role) -> frozenset[Label]:
    """Return the labels on a whole record that no list of this role shows."""
    never = {Label.SEALED} if role.adoption is not Adoption.SEALED else set()
    never |= {Label.VOID_WRONG_PERSON} if not role.void_wrong_person else set()
    return frozenset(never)


def _needed_marks(when: set[str]) -> tuple[frozenset[Mark], ...]:
    needed = {"unreleased": frozenset({Mark.RELEASED, Mark.IN_PACK}), "unmatched": frozenset({Mark.MATCHED})}
    return tuple(marks for name, marks in needed.items() if name in when)


def listed(actor: Actor, world: Iterable[Thing], rows: Iterable[Reach], now: datetime) -> frozenset[int]:
    """Return the children that `list_terms` let into a list, joining `rows` of the reach table as a query would."""
    day = day_of(now)
    current = [row for row in rows if row.actor == actor.id and row.holds_on(day)]
    children = list(world)
    return frozenset().union(*(_listed_by(terms, children, current) for terms in list_terms(actor, now)))


def _listed_by(terms: ListTerms, world: Sequence[Thing], rows: Sequence[Reach]) -> frozenset[int]:
    people = {(row.holder, row.person, row.sort) for row in rows if row.sort in terms.sorts and row.person is not None}
    whole = {(row.holder, row.sort) for row in rows if row.sort in terms.sorts and row.person is None}
    found: set[int] = set()
    for child in world:
        if child.person is None or child.held_by is None:
            continue
        sorts = {sort for holder, person, sort in people if (holder, person) == (child.held_by, child.person)}
        sorts |= {sort for holder, sort in whole if holder == child.held_by}
        if _is_listed(terms, child, frozenset(sorts)):
            found.add(child.person)
    return frozenset(found)


def _is_listed(terms: ListTerms, child: Thing, sorts: frozenset[ReachSort]) -> bool:
    if child.held_by not in terms.holders or terms.never_labels & child.labels or _is_own_family(terms, child):
        return False
    is_named = terms.actor in child.named
    if (
        terms.colleagues_hidden
        and Mark.WORKS_HERE in child.marks
        and not is_named | (terms.actor in child.address_named)
    ):
        return False
    if not all(marks & child.marks for marks in terms.needs_marks):
        return False
    grants = [grant for grant in terms.grants if grant.holder == child.held_by and grant.covers(child.person)]
    access = [grant for grant in grants if grant.sort is GrantSort.ACCESS]
    broken = any(g.sort is GrantSort.BREAK_GLASS and g.persons == frozenset({child.person}) for g in grants)
    glass = broken and not NEVER_BY_BREAK_GLASS & child.labels
    if not (sorts or access or glass):
        return False
    if Label.SEALED in child.labels and not _agreed_to_unseal(grants):
        return False
    if Label.RESTRICTED not in child.labels:
        return True
    return (
        any(Label.RESTRICTED in grant.labels for grant in access)
        or bool(terms.restricted_sorts & sorts)
        or (terms.named_opens and is_named)
        or (terms.glass_opens_restricted and broken)
        or terms.everything_opens_restricted
    )


def _agreed_to_unseal(grants: Sequence[Grant]) -> bool:
    return any(grant.sort is GrantSort.SECOND_PERSON and grant.subject == Verb.UNSEAL for grant in grants)


def _is_own_family(terms: ListTerms, child: Thing) -> bool:
    if terms.own_record:
        return False
    own = {terms.person} - {None}
    return child.person in terms.family | own or bool(own & child.family)
