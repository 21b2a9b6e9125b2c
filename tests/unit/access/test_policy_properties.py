"""What must hold in every world: random small worlds of children, labels, reach, grants and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.access.labels import NEVER_BY_BREAK_GLASS
from kinfold.access.policy import may, put, reading
from kinfold.access.roles import ROLES, Narrative, Role
from kinfold.access.slices import SLICES
from kinfold.access.things import Actor, Grant, GrantSort, Reach, Thing, reach_map
from kinfold.access.visible import RECORD_LABELS, listed, visible_persons
from kinfold.access.words import DECIDING, READING, SEEING, Installation, Label, Mark, Mask, ReachSort, Sort, Verb

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 4)
ME = 900
PERSONS = tuple(range(1, 9))
REACHING = [name for name, role in ROLES.items() if role.lists_people and role.reach]
HOLDERS = (1, 2)


class Chance:
    """One random small world: children, an actor with roles, reach and grants, and a thing to ask about."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.roles = self.some(sorted(ROLES) + sorted(REACHING) * 2, 1, 3)
        self.rows = [self.reach_row() for _ in range(self.random.randint(0, 14))]
        self.actor = self.an_actor(self.roles)
        self.thing = self.a_thing()
        self.verb = self.random.choice(list(Verb))

    def some(self, values: Sequence[Any], least: int, most: int) -> frozenset[Any]:
        return frozenset(self.random.sample(values, self.random.randint(least, min(most, len(values)))))

    def reach_row(self) -> Reach:
        one = self.random
        since = TODAY + timedelta(days=one.randint(-400, 100))
        until = one.choice((None, since + timedelta(days=one.randint(0, 500))))
        person = one.choice((None, *PERSONS))
        likely = sorted(ROLES[min(self.roles)].reach) or list(ReachSort)
        sort = one.choice((*likely, *likely, *ReachSort))
        return Reach(
            one.choice(HOLDERS), one.choice((ME, ME, ME, 901)), person, sort, since, until, "you work with them"
        )

    def grant(self) -> Grant:
        one = self.random
        sort = one.choice(list(GrantSort))
        start = NOW + timedelta(hours=one.randint(-10, 3))
        several = one.choice((None, self.some(PERSONS, 0, 3)))
        return Grant(
            sort=sort,
            holder=one.choice(HOLDERS),
            actor=one.choice((ME, ME, 901)),
            persons=self.some(PERSONS, 1, 1) if sort is GrantSort.BREAK_GLASS else several,
            since=start,
            until=start + timedelta(hours=one.randint(0, 14)),
            granted_by=one.choice((ME, 901)),
            reason=one.choice(("", "they asked", "they asked")),
            labels=one.choice((frozenset(), frozenset({Label.RESTRICTED}))),
            subject=one.choice(("", "unseal", "out_of_hours", "break_glass")),
        )

    def an_actor(self, roles: frozenset[str]) -> Actor:
        one = self.random
        home = sorted(ROLES[min(roles)].installations)
        return Actor(
            id=ME,
            roles=roles,
            holders=one.choice((frozenset(HOLDERS), frozenset(HOLDERS), frozenset({1}))),
            person=one.choice((None, ME + 50, 3)),
            organisation=one.choice((None, 70)),
            reach=reach_map(self.rows),
            grants=tuple(self.grant() for _ in range(one.randint(0, 4))),
            family=self.some(PERSONS, 0, 1),
            installation=one.choice(home) if one.random() < 0.9 else one.choice(list(Installation)),
            reason=one.choice(("", "a call from the hospital")),
        )

    def as_one_role(self) -> Role:
        name = self.random.choice(sorted(self.roles))
        self.actor = self.an_actor(frozenset({name}))
        return ROLES[name]

    def world(self) -> list[Thing]:
        return [self.child(person) for person in PERSONS]

    def child(self, person: int) -> Thing:
        one = self.random
        family = self.some(PERSONS, 0, 1) | one.choice((frozenset(), frozenset(), frozenset({ME + 50})))
        return Thing(
            sort=Sort.CHILD,
            held_by=HOLDERS[person % 2],
            person=person,
            labels=self.some(sorted(RECORD_LABELS), 0, 2) if one.random() < 0.6 else frozenset(),
            named=one.choice((frozenset(), frozenset({ME}))),
            family=family,
            marks=self.some(list(Mark), 0, 3),
        )

    def a_thing(self) -> Thing:
        one = self.random
        nobody: frozenset[int] = frozenset()
        return Thing(
            sort=one.choice(list(Sort)),
            held_by=one.choice(HOLDERS),
            person=one.choice((None, *PERSONS)),
            labels=self.some(list(Label), 0, 3) if one.random() < 0.6 else frozenset(),
            slice=one.choice(("casework", "child_protection", *sorted(SLICES))),
            named=one.choice((nobody, frozenset({ME}))),
            address_named=one.choice((nobody, frozenset({ME}))),
            concealed_from=one.choice((nobody, frozenset({3}))),
            written_by=one.choice((None, None, ME, 901)),
            organisation=one.choice((None, 70, 71)),
            name=one.choice(("", "case_bundle", "referral", "own_pack", "child_in_need_census")),
            marks=self.some(list(Mark), 0, 3),
            beneficiary=one.choice((None, ME, 901)),
            on_behalf_of=one.choice(("", "", "director_of_childrens_services")),
        )


# Worlds are drawn from a seed: a hundred times quicker than drawing each value, and as easy to repeat.
chances = st.integers(0, 2**48).map(Chance)
long = settings(max_examples=500, deadline=None)


@long
@given(chances)
def test_the_list_a_query_makes_is_the_list_the_rule_makes_counts_included(chance: Chance) -> None:
    world = chance.world()

    slow = visible_persons(chance.actor, world, NOW)
    fast = listed(chance.actor, world, chance.rows, NOW)

    assert fast == slow
    assert len(fast) == len(slow)


@long
@given(chances)
def test_reach_as_a_function_answers_as_reach_as_a_mapping(chance: Chance) -> None:
    rows = chance.rows
    lookup = replace(
        chance.actor, reach=lambda holder, person: [r for r in rows if (r.holder, r.person) == (holder, person)]
    )

    assert may(lookup, chance.verb, chance.thing, NOW) == may(chance.actor, chance.verb, chance.thing, NOW)


def broken_glass(person: int, holder: int) -> Grant:
    begun = NOW - timedelta(hours=1)
    until = NOW + timedelta(hours=3)
    return Grant(GrantSort.BREAK_GLASS, holder, ME, frozenset({person}), begun, until, ME, "a child is in danger")


@long
@given(chances, st.sampled_from(sorted(NEVER_BY_BREAK_GLASS)), st.sampled_from(PERSONS))
def test_breaking_the_glass_never_opens_what_is_sealed_privileged_or_in_the_vault(
    chance: Chance, label: Label, person: int
) -> None:
    thing = replace(chance.thing, person=person, labels=chance.thing.labels | {label})
    kept = tuple(grant for grant in chance.actor.grants if grant.sort is not GrantSort.BREAK_GLASS)
    without = replace(chance.actor, grants=kept)
    broken = replace(chance.actor, grants=(*kept, broken_glass(person, thing.held_by or 0)))

    assert not may(broken, Verb.BREAK_GLASS, thing, NOW).allowed
    for verb in SEEING:
        assert may(broken, verb, thing, NOW).allowed == may(without, verb, thing, NOW).allowed


@long
@given(chances)
def test_no_role_does_what_it_must_not(chance: Chance) -> None:
    role = chance.as_one_role()

    for verb in Verb:
        question = put(role, chance.actor, verb, chance.thing, NOW)
        if any(rule.forbids(question) for rule in role.must_not):
            assert not may(chance.actor, verb, chance.thing, NOW).allowed


@long
@given(chances)
def test_nobody_reaches_another_holders_records(chance: Chance) -> None:
    thing = replace(chance.thing, held_by=3)

    decision = may(chance.actor, chance.verb, thing, NOW)

    assert not decision.allowed
    assert decision.shown == "There is nothing here that you can open."


@long
@given(chances, st.sampled_from(PERSONS))
def test_no_worker_does_anything_to_their_own_familys_record(chance: Chance, person: int) -> None:
    workers = frozenset(name for name in chance.actor.roles if not ROLES[name].own_record)
    actor = replace(chance.actor, roles=workers, family=frozenset({person}))

    for verb in Verb:
        assert not may(actor, verb, replace(chance.thing, person=person), NOW).allowed


@long
@given(chances)
def test_no_worker_approves_their_own_work(chance: Chance) -> None:
    workers = frozenset(name for name in chance.actor.roles if not ROLES[name].own_record)
    own = replace(chance.thing, written_by=ME)

    for verb in DECIDING:
        assert not may(replace(chance.actor, roles=workers), verb, own, NOW).allowed


PERSONAL_SORTS = (Sort.CHILD, Sort.ADULT, Sort.FACT, Sort.PLAN, Sort.PAPER, Sort.CLOCK)


@long
@given(chances, st.sampled_from(PERSONAL_SORTS), st.sampled_from(PERSONS))
def test_nothing_about_a_person_is_read_without_reach_or_a_grant(chance: Chance, sort: Sort, person: int) -> None:
    actor = replace(chance.actor, reach={}, grants=())

    for verb in READING:
        assert not may(actor, verb, replace(chance.thing, sort=sort, person=person), NOW).allowed


@long
@given(chances)
def test_a_spent_grant_opens_nothing(chance: Chance) -> None:
    spent = replace(chance.actor, grants=tuple(replace(grant, until=NOW) for grant in chance.actor.grants))
    none = replace(chance.actor, grants=())

    assert may(spent, chance.verb, chance.thing, NOW) == may(none, chance.verb, chance.thing, NOW)


@long
@given(chances, st.sampled_from(PERSONS))
def test_whoever_reads_a_paper_may_also_read_its_facts_or_was_given_it(chance: Chance, person: int) -> None:
    paper = replace(chance.thing, sort=Sort.PAPER, person=person)
    given_to_them = bool({Mark.RELEASED, Mark.IN_PACK} & paper.marks)

    if may(chance.actor, Verb.READ_NARRATIVE, paper, NOW):
        assert given_to_them or may(chance.actor, Verb.READ, paper, NOW)
        assert Mask.NARRATIVE not in reading(chance.actor, paper, NOW).masks


@long
@given(chances)
def test_a_person_from_whom_an_address_is_kept_never_sees_it(chance: Chance) -> None:
    labels = chance.thing.labels | {Label.ADDRESS_PROTECTED}
    home = replace(chance.thing, sort=Sort.FACT, person=5, labels=labels, concealed_from=frozenset({3}))
    actor = replace(chance.actor, person=3)

    for verb in READING:
        decision = may(actor, verb, home, NOW)
        assert not decision.allowed or Mask.CONCEALED_ADDRESS in decision.masks
    assert not may(actor, Verb.READ_ADDRESS, home, NOW).allowed


@long
@given(chances)
def test_every_answer_is_a_sentence_with_a_rule_and_a_refusal_shows_nothing(chance: Chance) -> None:
    decision = may(chance.actor, chance.verb, chance.thing, NOW)

    assert decision.because.endswith(".")
    assert decision.rule
    assert decision.allowed or not decision.masks


@long
@given(chances, st.sampled_from(sorted(ROLES)))
def test_a_further_role_never_takes_away_what_another_allows(chance: Chance, name: str) -> None:
    more = replace(chance.actor, roles=chance.actor.roles | {name})

    if may(chance.actor, chance.verb, chance.thing, NOW):
        assert may(more, chance.verb, chance.thing, NOW)


@long
@given(chances, st.sampled_from((Sort.FACT, Sort.PLAN, Sort.PAPER)))
def test_a_role_without_narrative_reads_none(chance: Chance, sort: Sort) -> None:
    role = chance.as_one_role()

    decision = reading(chance.actor, replace(chance.thing, sort=sort), NOW)

    if role.narrative is Narrative.NONE:
        assert not decision.allowed or Mask.NARRATIVE in decision.masks


@long
@given(chances, st.sampled_from(PERSONS))
def test_a_sibling_who_is_restricted_is_not_shown_by_way_of_the_household(chance: Chance, person: int) -> None:
    row = Reach(1, ME, person, ReachSort.HOUSEHOLD, TODAY, None, "of the household")
    actor = replace(chance.actor, reach=reach_map([row]), grants=(), reason="")
    sibling = Thing(sort=Sort.CHILD, held_by=1, person=person, labels=frozenset({Label.RESTRICTED}))

    for verb in READING | {Verb.SEE_EXISTS}:
        assert not may(actor, verb, sibling, NOW).allowed
