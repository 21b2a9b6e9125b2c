"""
Who may see and do what: one line a role and a situation, for an analyst to read and to argue with.

who_may_see_what.csv is the table. Each line reads: a ROLE, who reaches the person BY this, asks to DO something TO something, and is allowed or
refused by this RULE. Every one of the 53 roles has a line; everybody and everything here is invented.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kinfold.access.policy import may
from kinfold.access.roles import ROLES
from kinfold.access.things import Actor, Grant, GrantSort, Reach, Thing, reach_map
from kinfold.access.words import Label, Mark, Mask, ReachSort, Sort, Verb

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
COUNCIL, ELSEWHERE = 1, 2
CHILD, ME, COLLEAGUE, MY_BODY = 11, 900, 901, 70

A_CHILD = Thing(sort=Sort.CHILD, held_by=COUNCIL, person=CHILD)
A_FACT = Thing(sort=Sort.FACT, held_by=COUNCIL, person=CHILD)
A_NOTE = Thing(sort=Sort.PAPER, held_by=COUNCIL, person=CHILD)
A_PLAN = Thing(sort=Sort.PLAN, held_by=COUNCIL, person=CHILD)
ABOUT_NOBODY = Thing(sort=Sort.RECORD, held_by=COUNCIL)


def labelled(thing: Thing, *labels: Label) -> Thing:
    return replace(thing, labels=frozenset(labels))


def marked(thing: Thing, *marks: Mark) -> Thing:
    return replace(thing, marks=frozenset(marks))


def part(thing: Thing, name: str) -> Thing:
    return replace(thing, slice=name)


def decision(name: str) -> Thing:
    return Thing(sort=Sort.DECISION, held_by=COUNCIL, person=CHILD, name=name, written_by=COLLEAGUE)


def export(name: str) -> Thing:
    return Thing(sort=Sort.EXPORT, held_by=COUNCIL, person=CHILD, name=name)


WHAT: dict[str, Thing] = {
    "a child": A_CHILD,
    "a child of another council": replace(A_CHILD, held_by=ELSEWHERE),
    "a restricted child": replace(labelled(A_CHILD, Label.RESTRICTED), ask="the manager of Team Rowan"),
    "a restricted child, named": replace(labelled(A_CHILD, Label.RESTRICTED), named=frozenset({ME})),
    "a sealed child": labelled(A_CHILD, Label.SEALED),
    "a record of the wrong person": labelled(A_CHILD, Label.VOID_WRONG_PERSON),
    "the child of a colleague": marked(A_CHILD, Mark.WORKS_HERE),
    "my own child": replace(A_CHILD, family=frozenset({ME + 50})),
    "an adult": Thing(sort=Sort.ADULT, held_by=COUNCIL, person=21),
    "a fact": A_FACT,
    "a fact of mine": replace(A_FACT, written_by=ME),
    "a fact that is locked": marked(A_FACT, Mark.LOCKED),
    "a health fact": part(A_FACT, "health"),
    "an education fact": part(A_FACT, "education"),
    "a placement fact": part(A_FACT, "placement"),
    "a review fact": part(A_FACT, "review"),
    "a police fact": part(A_FACT, "police"),
    "a youth justice fact": part(A_FACT, "youth_justice"),
    "a housing fact": part(A_FACT, "housing"),
    "a missing fact": part(A_FACT, "missing"),
    "an adoption fact": part(A_FACT, "adoption"),
    "the adopters' file": part(replace(A_FACT, person=21), "adopters"),
    "an application": part(Thing(sort=Sort.ADULT, held_by=COUNCIL, person=21), "application"),
    "a payment": part(A_FACT, "payments"),
    "a home education request": part(A_FACT, "home_education"),
    "advice for an education plan": part(A_FACT, "send_advice"),
    "a contact": part(A_FACT, "correspondence"),
    "a leaving care fact": part(A_FACT, "leaving_care"),
    "a data-quality question": part(A_FACT, "data_quality"),
    "an allegation": part(labelled(replace(A_FACT, person=21), Label.LADO_VAULT), "lado"),
    "an allegation in the child's file": part(A_FACT, "lado"),
    "a note": A_NOTE,
    "a health note": part(A_NOTE, "health"),
    "an education note": part(A_NOTE, "education"),
    "a placement note": part(A_NOTE, "placement"),
    "a youth justice note of ours": part(replace(A_NOTE, organisation=MY_BODY), "youth_justice"),
    "a housing note": part(A_NOTE, "housing"),
    "a child protection note": part(A_NOTE, "child_protection"),
    "a closed child protection note": marked(part(A_NOTE, "child_protection"), Mark.CLOSED),
    "a note in the pack": marked(A_NOTE, Mark.IN_PACK),
    "a note released": marked(A_NOTE, Mark.RELEASED),
    "a note of somebody else": labelled(marked(A_NOTE), Label.THIRD_PARTY),
    "legal advice": labelled(part(A_NOTE, "legal"), Label.PRIVILEGED),
    "legal advice shared": replace(labelled(part(A_NOTE, "legal"), Label.PRIVILEGED), named=frozenset({ME})),
    "what the police marked": labelled(part(A_NOTE, "police"), Label.POLICE_MARKED),
    "what we, the police, marked": replace(labelled(part(A_NOTE, "police"), Label.POLICE_MARKED), organisation=MY_BODY),
    "a protected address": labelled(A_FACT, Label.ADDRESS_PROTECTED),
    "a protected address, named": replace(labelled(A_FACT, Label.ADDRESS_PROTECTED), address_named=frozenset({ME})),
    "a protected address in the placement": labelled(part(A_FACT, "placement"), Label.ADDRESS_PROTECTED),
    "minutes with a protected address": labelled(part(A_NOTE, "child_protection"), Label.ADDRESS_PROTECTED),
    "the social worker's plan": A_PLAN,
    "a plan released": marked(A_PLAN, Mark.RELEASED),
    "an enforcement case": part(ABOUT_NOBODY, "enforcement"),
    "an enforcement decision": replace(
        part(ABOUT_NOBODY, "enforcement"), sort=Sort.DECISION, name="enforcement_determination", written_by=COLLEAGUE
    ),
    "an enforcement decision of mine": replace(
        part(ABOUT_NOBODY, "enforcement"), sort=Sort.DECISION, name="enforcement_determination", written_by=ME
    ),
    "a registration": part(ABOUT_NOBODY, "registration"),
    "providers' finances": part(ABOUT_NOBODY, "provider_finances"),
    "our own submission": replace(part(ABOUT_NOBODY, "provider_finances"), organisation=MY_BODY),
    "another provider's submission": replace(part(ABOUT_NOBODY, "provider_finances"), organisation=71),
    "a provider group": part(ABOUT_NOBODY, "provider_group"),
    "a notice from a signal alone": marked(part(ABOUT_NOBODY, "provider_group"), Mark.SIGNAL_ALONE),
    "a formula": part(ABOUT_NOBODY, "funding"),
    "the board pack": part(ABOUT_NOBODY, "performance"),
    "needs without names": part(ABOUT_NOBODY, "needs"),
    "the public register": replace(part(ABOUT_NOBODY, "public"), held_by=None),
    "the configuration": Thing(sort=Sort.CONFIG, held_by=COUNCIL, slice="configuration"),
    "counts": Thing(sort=Sort.AGGREGATE, held_by=COUNCIL),
    "small counts": marked(Thing(sort=Sort.AGGREGATE, held_by=COUNCIL), Mark.SMALL_NUMBERS),
    "the council's due dates": Thing(sort=Sort.CLOCK, held_by=COUNCIL),
    "the child's due dates": Thing(sort=Sort.CLOCK, held_by=COUNCIL, person=CHILD),
    "files": Thing(sort=Sort.FILES, held_by=COUNCIL),
    "who looked": Thing(sort=Sort.AUDIT, held_by=COUNCIL, person=CHILD),
    "the whole chain": Thing(sort=Sort.AUDIT, held_by=COUNCIL),
    "what I did": Thing(sort=Sort.AUDIT, held_by=COUNCIL, written_by=ME),
    "access for me": Thing(sort=Sort.CONFIG, held_by=COUNCIL, beneficiary=ME),
    "access for a colleague": Thing(sort=Sort.CONFIG, held_by=COUNCIL, beneficiary=COLLEAGUE),
}

NOT_REACHED = ReachSort.NONE
REACHED = {sort.value: sort for sort in ReachSort}
HOUSE, MEETING, APPOINTED = ReachSort.HOUSEHOLD, ReachSort.MEETING, ReachSort.APPOINTMENT
PLACED, COUNCIL_WIDE, COHORT, SELF = ReachSort.COMMISSION, ReachSort.WHOLE_COUNCIL, ReachSort.COHORT, ReachSort.SELF

V = Verb


def table() -> list[tuple[str, ReachSort, Verb, str, str]]:
    """Return the lines of who_may_see_what.csv."""
    with (Path(__file__).parent / "who_may_see_what.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    return [
        (row["role"], REACHED.get(row["reached_by"], NOT_REACHED), Verb(row["to_do"]), row["to_what"], row["answer"])
        for row in rows
    ]


TABLE = table()


def thing_called(what: str) -> Thing:
    sort, _, name = what.partition(": ")
    if sort == "decision" and name:
        return decision(name)
    return export(name) if sort == "export" and name else WHAT[what]


def an_actor(role: str, reached_by: ReachSort, thing: Thing, *grants: Grant, reason: str = "") -> Actor:
    row = Reach(COUNCIL, ME, thing.person, reached_by, date(2026, 1, 1), None, "you work with them")
    return Actor(
        id=ME,
        roles=frozenset({role}),
        holders=frozenset({COUNCIL}),
        person=ME + 50,
        organisation=MY_BODY,
        reach=reach_map([row] if reached_by is not NOT_REACHED else []),
        grants=grants,
        installation=min(ROLES[role].installations),
        reason=reason,
    )


@pytest.mark.parametrize(
    ("role", "reached_by", "verb", "what", "answer"),
    [pytest.param(*row, id=f"{row[0]}, {row[1]}: {row[2]} {row[3]} -> {row[4]}") for row in TABLE],
)
def test_who_may_do_what(role: str, reached_by: ReachSort, verb: Verb, what: str, answer: str) -> None:
    thing = thing_called(what)

    decided = may(an_actor(role, reached_by, thing), verb, thing, NOW)

    said = "allowed" if decided.allowed else f"refused: {decided.rule}"
    assert said == answer, decided.because


def test_the_table_is_spelled_right() -> None:
    with (Path(__file__).parent / "who_may_see_what.csv").open(encoding="utf-8") as source:
        reached = {row["reached_by"] for row in csv.DictReader(source)}

    assert reached <= {"nothing", *REACHED}
    assert len(TABLE) >= 80


def test_every_role_stands_in_the_table_and_is_refused_something() -> None:
    refused = {row[0] for row in TABLE if row[4] != "allowed"}
    allowed = {row[0] for row in TABLE if row[4] == "allowed"}

    assert refused == set(ROLES)
    assert allowed == set(ROLES)


def glass(person: int, hours_ago: int = 1) -> Grant:
    begun = NOW - timedelta(hours=hours_ago)
    return Grant(
        GrantSort.BREAK_GLASS, COUNCIL, ME, frozenset({person}), begun, begun + timedelta(hours=4), ME, "in danger"
    )


@pytest.mark.parametrize(
    ("role", "what", "hours_ago", "person", "answer"),
    [
        pytest.param("social_worker", "a note", 1, CHILD, "allowed", id="a social worker, within 4 hours"),
        pytest.param("social_worker", "a note", 4, CHILD, "refused: reach", id="a social worker, after 4 hours"),
        pytest.param("social_worker", "a note", 1, 12, "refused: reach", id="the glass was broken over another child"),
        pytest.param("social_worker", "a restricted child", 1, CHILD, "allowed", id="a restricted child"),
        pytest.param("social_worker", "a sealed child", 1, CHILD, "refused: reach", id="never a sealed record"),
        pytest.param("social_worker", "legal advice", 1, CHILD, "refused: reach", id="never legal advice"),
        pytest.param("social_worker", "my own child", 1, CHILD, "refused: own_family", id="never one's own family"),
        pytest.param("virtual_school_head", "an education fact", 1, CHILD, "refused: reach", id="not in this role"),
    ],
)
def test_breaking_the_glass(role: str, what: str, hours_ago: int, person: int, answer: str) -> None:
    thing = WHAT[what]

    decided = may(an_actor(role, NOT_REACHED, thing, glass(person, hours_ago)), Verb.READ, thing, NOW)

    assert ("allowed" if decided.allowed else f"refused: {decided.rule}") == answer, decided.because


def test_the_emergency_duty_team_opens_a_restricted_record_when_it_says_why() -> None:
    thing = WHAT["a restricted child"]

    assert may(an_actor("emergency_duty_team", COUNCIL_WIDE, thing, reason="police at the door"), Verb.READ, thing, NOW)


def test_a_search_tells_a_manager_whom_to_ask_about_a_restricted_record_and_tells_a_social_worker_nothing() -> None:
    thing = WHAT["a restricted child"]

    manager = may(an_actor("team_manager", NOT_REACHED, thing), Verb.SEARCH, thing, NOW)
    worker = may(an_actor("social_worker", NOT_REACHED, thing), Verb.SEARCH, thing, NOW)

    assert manager.shown == "1 restricted record: ask the manager of Team Rowan."
    assert worker.shown == "There is nothing here that you can open."


def test_two_people_together_open_a_sealed_record() -> None:
    thing = WHAT["a sealed child"]
    agreed = Grant(
        GrantSort.SECOND_PERSON, COUNCIL, ME, frozenset({CHILD}), NOW, NOW + timedelta(hours=24), COLLEAGUE,
        "an adopted adult asks", subject="unseal",
    )  # fmt: skip
    archivist = an_actor("adoption_archivist", APPOINTED, thing, agreed)

    assert may(archivist, Verb.UNSEAL, thing, NOW)
    assert may(archivist, Verb.READ, thing, NOW)


def test_a_decision_may_be_lent_and_the_delegation_is_recorded() -> None:
    thing = decision("secure_accommodation")
    lent = Grant(
        GrantSort.DELEGATION, COUNCIL, ME, None, NOW - timedelta(days=1), NOW + timedelta(days=5), COLLEAGUE,
        "annual leave", subject="secure_accommodation",
    )  # fmt: skip

    without = may(an_actor("head_of_service", COUNCIL_WIDE, thing), Verb.DECIDE, thing, NOW)
    with_it = may(an_actor("head_of_service", COUNCIL_WIDE, thing, lent), Verb.DECIDE, thing, NOW)

    assert (without.allowed, with_it.allowed) == (False, True)


@pytest.mark.parametrize(
    ("role", "reached_by", "verb", "what", "hidden"),
    [
        pytest.param("social_worker", NOT_REACHED, V.SEARCH, "a child", {Mask.ORDINARY, Mask.NARRATIVE, Mask.ADDRESS},
                     id="the index shows a name and a date of birth"),
        pytest.param("data_analyst", COUNCIL_WIDE, V.READ, "a fact",
                     {Mask.IDENTIFIER, Mask.NARRATIVE, Mask.ADDRESS, Mask.SECTOR_ONLY},
                     id="an analyst sees no name, no free text and the postcode sector"),
        pytest.param("child_protection_team_police", MEETING, V.READ_HEADLINE, "a fact",
                     {Mask.ORDINARY, Mask.NARRATIVE, Mask.ADDRESS, Mask.HEALTH, Mask.LEGAL},
                     id="a partner agency sees the headline"),
        pytest.param("placement_officer", PLACED, V.READ, "a placement fact", {Mask.IDENTIFIER},
                     id="a commissioner sees no name before the match"),
        pytest.param("finance_officer", COHORT, V.READ, "a payment", {Mask.IDENTIFIER},
                     id="finance sees the child as a reference"),
        pytest.param("child", SELF, V.READ, "a note released", {Mask.THIRD_PARTY},
                     id="a child never sees what concerns somebody else"),
        pytest.param("independent_reviewing_officer", HOUSE, V.READ, "a fact", {Mask.CONCEALED_ADDRESS},
                     id="a concealed address of the household stays hidden"),
    ],
)  # fmt: skip
def test_what_stays_hidden_of_what_may_be_opened(
    role: str, reached_by: ReachSort, verb: Verb, what: str, hidden: set[Mask]
) -> None:
    thing = WHAT[what]

    decided = may(an_actor(role, reached_by, thing), verb, thing, NOW)

    assert decided.allowed, decided.because
    assert hidden <= decided.masks


def test_a_protected_address_named_to_somebody_is_shown_to_them() -> None:
    thing = WHAT["a protected address, named"]

    assert may(an_actor("social_worker", HOUSE, thing), Verb.READ_ADDRESS, thing, NOW)
