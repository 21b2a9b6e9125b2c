"""The adoption firewall, the rules of signing in and the register of routes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.access.adoption import (
    BASES,
    UnsealRequest,
    creation_delay,
    joins,
    may_unseal,
)
from kinfold.access.grants import agree_as_second
from kinfold.access.levels import BY_REACH
from kinfold.access.matrix import ROUTES, load_routes, matrix, may_reach, route_rule
from kinfold.access.roles import ROLES, AuditLevel
from kinfold.access.sign_in_rules import (
    account_sleeps,
    password_problems,
    second_factor_needed,
    session_ends,
    session_is_over,
)
from kinfold.access.things import Actor, Reach, Thing, reach_map
from kinfold.access.words import Installation, Label, ReachSort, Sort, Verb
from kinfold.terms.errors import InputError, NotPermitted, StructureBroken

NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
BIRTH = [
    {"uid": "6f1c", "birth_date": "2025-06-02", "sex": "F", "surname": "Hale", "kind": "name"},
    {"identifier_type": "nhs_number", "value": "9990000018", "made_at": "2026-03-01T09:00:00Z"},
]
ADOPTIVE = [
    {"uid": "b27e", "birth_date": "2025-06-02", "sex": "F", "surname": "Winter", "kind": "name"},
    {"identifier_type": "nhs_number", "value": "9990000026", "made_at": "2026-03-09T13:14:15Z"},
]


def test_two_identities_share_nothing_but_what_describes_the_same_child() -> None:
    assert list(joins(BIRTH, ADOPTIVE)) == []


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param({"file": {"sha256": "ABCD12"}}, id="the hash of one file"),
        pytest.param({"value": "999 000 0018"}, id="an old number, spaced otherwise"),
        pytest.param({"surname": "HALE"}, id="the birth name"),
        pytest.param({"made_at": "2026-03-01T09:00:00Z"}, id="the moment it was made"),
        pytest.param({"jobs": [{"about": "6f1c"}]}, id="a job that names the other"),
    ],
)
def test_a_value_that_stands_on_both_sides_is_found(leak: dict[str, Any]) -> None:
    birth: list[dict[str, Any]] = [*BIRTH, {"file": {"sha256": "abcd12"}}]

    assert len(joins(birth, [*ADOPTIVE, leak])) == 1


@given(st.binary(min_size=8, max_size=16))
def test_the_new_record_is_made_at_a_random_later_time(random_bytes: bytes) -> None:
    delay = creation_delay(random_bytes, now=NOW)

    assert timedelta(hours=24) <= delay <= timedelta(hours=240)


def test_the_delay_needs_enough_randomness() -> None:
    with pytest.raises(InputError, match="8 random bytes"):
        creation_delay(b"1234", now=NOW)


SEALED = Thing(sort=Sort.CHILD, held_by=1, person=11, labels=frozenset({Label.SEALED}))


def archivist(number: int, **rest: Any) -> Actor:
    rows = [Reach(1, number, 11, ReachSort.APPOINTMENT, date(2026, 1, 1), None, "you were asked to")]
    return Actor(
        id=number, roles=frozenset({"adoption_archivist"}), holders=frozenset({1}), reach=reach_map(rows), **rest
    )


def asked(first: Actor, second: Actor, **rest: str) -> UnsealRequest:
    grant = agree_as_second(second, to=first.id, holder=1, person=11, act="unseal", reason="An adult asks", now=NOW)
    words = {"basis": "adopted_adult_request", "purpose": "Counselling before disclosure", **rest}
    return UnsealRequest(first=replace(first, grants=(grant,)), second=second, **words)


def test_two_people_unseal_with_a_basis_and_a_purpose() -> None:
    assert may_unseal(asked(archivist(1), archivist(2)), SEALED, NOW)


def test_the_agreement_is_spent_after_a_day() -> None:
    decision = may_unseal(asked(archivist(1), archivist(2)), SEALED, NOW + timedelta(hours=24))

    assert (decision.allowed, decision.rule) == (False, "two_people")


def test_nobody_of_the_family_is_the_second_person() -> None:
    decision = may_unseal(asked(archivist(1), archivist(2, family=frozenset({11}))), SEALED, NOW)

    assert (decision.allowed, decision.rule) == (False, "own_family")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"basis": "curiosity"}, InputError, id="no legal basis"),
        pytest.param({"purpose": ""}, InputError, id="no purpose"),
    ],
)
def test_an_unsealing_without_its_grounds_is_refused(change: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        may_unseal(asked(archivist(1), archivist(2), **change), SEALED, NOW)


def test_one_person_is_not_two() -> None:
    alone = UnsealRequest(archivist(1), archivist(1), min(BASES), "Counselling before disclosure")

    with pytest.raises(NotPermitted, match="two people"):
        may_unseal(alone, SEALED, NOW)


def test_what_is_not_sealed_is_not_unsealed() -> None:
    with pytest.raises(NotPermitted, match="not sealed"):
        may_unseal(asked(archivist(1), archivist(2)), replace(SEALED, labels=frozenset()), NOW)


def test_everybody_but_the_public_shows_a_second_factor() -> None:
    assert [name for name in ROLES if not second_factor_needed([name])] == ["public"]
    assert second_factor_needed(["a role that nobody declared"])
    assert second_factor_needed(["public", "social_worker"])


@pytest.mark.parametrize(
    ("password", "says"),
    [
        pytest.param("kettle-marble-tulip", "", id="three words"),
        pytest.param("short", "12 characters or more", id="short"),
        pytest.param("x" * 300, "256 characters or fewer", id="endless"),
        pytest.param("correct horse battery", "given away elsewhere", id="known to others"),
        pytest.param("imogen.hale.2026!", "your name", id="their own name"),
        pytest.param("ababababababab", "5 different", id="two letters"),
    ],
)
def test_a_password_that_will_not_do_says_why(password: str, says: str) -> None:
    problems = password_problems(password, known=["Correct Horse Battery"], own_words=["Imogen", "Hale"], now=NOW)

    assert any(says in problem for problem in problems) if says else problems == []


def test_a_session_ends_when_idle_and_after_its_longest_time() -> None:
    began = NOW - timedelta(hours=11, minutes=50)

    assert session_ends(began=NOW, last_request=NOW, now=NOW) == NOW + timedelta(minutes=30)
    assert session_ends(began=began, last_request=NOW, now=NOW) == NOW + timedelta(minutes=10)
    assert session_is_over(began=began, last_request=NOW - timedelta(minutes=30), now=NOW)


def test_an_account_sleeps_after_sixty_days_without_a_sign_in() -> None:
    assert account_sleeps(last_sign_in=NOW - timedelta(days=60), now=NOW)
    assert not account_sleeps(last_sign_in=NOW - timedelta(days=59), now=NOW)


def routes_in(path: Path, text: str) -> Path:
    file = path / "routes.toml"
    file.write_text(text, encoding="utf-8")
    return file


CHILD_PAGE = """
["web:child"]
label = "a child's page"
verb = "read_headline"
sort = "child"
roles = ["social_worker", "team_manager"]

["web:help"]
label = "the help page"
verb = "read"
sort = "record"
roles = ["everyone"]
installations = ["council", "region"]
"""


def test_a_route_says_its_verb_sort_roles_and_where_it_exists(tmp_path: Path) -> None:
    routes = load_routes(routes_in(tmp_path, CHILD_PAGE))
    rule = route_rule("web:child", routes)
    table = matrix(routes)

    assert (rule.verb, rule.sort, rule.without_sign_in) == (Verb.READ_HEADLINE, Sort.CHILD, False)
    assert sum(table["web:child"].values()) == 2
    assert all(table["web:help"].values())
    assert route_rule("web:help", routes).without_sign_in


def test_only_the_roles_of_a_route_reach_it_and_only_where_it_exists(tmp_path: Path) -> None:
    rule = route_rule("web:child", load_routes(routes_in(tmp_path, CHILD_PAGE)))
    worker = Actor(id=1, roles=frozenset({"social_worker"}), holders=frozenset({1}))

    assert may_reach(worker, rule).because == "You can use a child's page because your role is Social worker."
    assert not may_reach(replace(worker, roles=frozenset({"finance_officer"})), rule)
    assert not may_reach(replace(worker, installation=Installation.REGION), rule)


def test_a_route_that_nobody_declared_answers_nobody() -> None:
    with pytest.raises(StructureBroken, match="web:forgotten"):
        route_rule("web:forgotten")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('["web:x"]\nlabel = "x"\nverb = "read"\nsort = "child"\n', "does not say roles", id="no roles"),
        pytest.param(CHILD_PAGE.replace("team_manager", "wizard"), "wizard is not a role", id="an unknown role"),
        pytest.param(CHILD_PAGE.replace("read_headline", "peek"), "peek is not one of", id="an unknown verb"),
        pytest.param(CHILD_PAGE.replace("label", "lable"), "nothing reads lable", id="a misspelt key"),
        pytest.param("[[", "cannot be read", id="no TOML"),
    ],
)
def test_a_route_that_is_not_whole_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(StructureBroken, match=says):
        load_routes(routes_in(tmp_path, text))


def test_the_register_of_routes_loads() -> None:
    assert set(matrix()) == set(ROUTES)


def test_who_has_looked_is_offered_to_the_roles_that_may_see_it_of_others() -> None:
    may = {name for name, role in ROLES.items() if role.audit in {*BY_REACH, AuditLevel.ALL}}

    assert {name for name, reaches in matrix()["web:child_looks"].items() if reaches} == may
