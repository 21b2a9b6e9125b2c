from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.outside.custodians import records
from kinfold.outside.custodians.children import ORGANISATIONS, systems
from kinfold.outside.custodians.local import Down, Known, LocalSystem
from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Rule
from kinfold.sharing.finding import ENDED, Outcome, Progress, State, lease_end, state_of
from kinfold.sharing.minimising import ALWAYS, minimised, needed
from kinfold.sharing.reading import read_agreement
from kinfold.sharing.schemas import mistakes, schema_of
from kinfold.sharing.writing import agreement_text
from kinfold.terms.errors import StructureBroken

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def some(of: type) -> st.SearchStrategy[frozenset]:  # type: ignore[type-arg]
    return st.frozensets(st.sampled_from(list(of)), min_size=1)  # type: ignore[call-overload]


RULES = st.builds(
    Rule,
    allows=st.booleans(), modes=some(Mode), record_types=some(RecordType), purposes=some(Purpose),
    sorts=some(OrganisationSort), organisations=st.frozensets(st.sampled_from(["a", "b-c"]), max_size=2),
    since=st.sampled_from([None, date(2026, 1, 1)]), until=st.sampled_from([None, date(2027, 1, 1)]),
    reason=st.text(max_size=40),
)  # fmt: skip


@given(st.lists(RULES, max_size=3), st.lists(RULES, max_size=3), st.integers(1, 99), st.booleans())
def test_an_agreement_written_and_read_back_is_the_same(
    defaults: list[Rule], exceptions: list[Rule], version: int, revoked: bool
) -> None:
    said = Agreement(
        holder="vale-police", version=version, defaults=tuple(defaults), exceptions=tuple(exceptions), revoked=revoked
    )

    assert read_agreement(agreement_text(said)) == said


@pytest.mark.parametrize("record_type", list(RecordType))
def test_every_form_uses_only_what_is_checked_and_names_every_field_of_the_pages(record_type: RecordType) -> None:
    schema = schema_of(record_type)

    assert list(mistakes({"status": "Open", "events": []}, schema)) == []
    assert {where for where, _ in mistakes({"secret": 1}, schema)} == {"/status", "/events", "/"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("value", "schema", "wrong"),
    [
        pytest.param(True, {"type": "integer"}, "must be a whole number", id="true is no number"),
        pytest.param(
            "2026-02-30", {"type": "string", "format": "date"}, "must be a day such as 2026-03-31", id="no day"
        ),
        pytest.param("abc", {"type": "string", "maxLength": 2}, "is longer than 2 characters", id="too long"),
        pytest.param(101, {"type": "number", "maximum": 100}, "is more than 100", id="too much"),
        pytest.param([1, 2], {"type": "array", "maxItems": 1}, "has more than 1 items", id="too many"),
        pytest.param("x", {"enum": ["a", "b"]}, "must be one of a, b", id="not one of them"),
        pytest.param("12", {"type": "string", "pattern": "^[0-9]{3}$"}, "is not written as it should be", id="pattern"),
    ],
)
def test_a_mistake_is_named_without_the_value(value: Any, schema: dict[str, Any], wrong: str) -> None:
    assert list(mistakes(value, schema)) == [("", wrong)]


def test_a_form_with_a_keyword_that_is_not_checked_is_refused() -> None:
    with pytest.raises(StructureBroken, match="oneOf"):
        list(mistakes({}, {"oneOf": []}))


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("record_type", list(RecordType))
def test_what_a_purpose_needs_is_in_the_form_and_the_rest_is_dropped(purpose: Purpose, record_type: RecordType) -> None:
    properties = schema_of(record_type)["properties"]
    kinds = properties["events"]["items"]["properties"]["kind"]["enum"]
    wanted = needed(purpose, record_type)
    whole = {name: "x" for name in properties} | {
        "events": [{"date": "2026-01-05", "kind": kind, "summary": "x"} for kind in kinds]
    }

    kept = minimised(whole, purpose=purpose, record_type=record_type)

    assert wanted.fields <= set(properties)
    assert wanted.events <= set(kinds)
    assert set(kept) == wanted.fields | ALWAYS | {"events"}
    assert {event["kind"] for event in kept["events"]} == wanted.events


@pytest.mark.parametrize("one", ORGANISATIONS, ids=lambda one: one.code)
def test_every_invented_organisation_writes_in_the_published_form(one: Any) -> None:
    for seed in range(40):
        payload = one.record(Random(seed), date(2014, 6, 14), TODAY)
        assert list(mistakes(payload, schema_of(RecordType(one.record_type)))) == []
    assert records.SCHOOL


PROGRESS = Progress(outcome=None, stopped=False, leased_until=None, attempts=0, until=NOW + timedelta(hours=72))


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        pytest.param(None, State.NOT_ASKED, id="not asked"),
        pytest.param(PROGRESS, State.WAITING, id="waiting"),
        pytest.param(replace(PROGRESS, leased_until=NOW + timedelta(minutes=1)), State.WORKING, id="working"),
        pytest.param(replace(PROGRESS, leased_until=NOW, attempts=1), State.WAITING, id="let go"),
        pytest.param(replace(PROGRESS, leased_until=NOW, attempts=5), State.NO_RESPONSE, id="given up"),
        pytest.param(replace(PROGRESS, until=NOW), State.NO_RESPONSE, id="too late"),
        pytest.param(replace(PROGRESS, stopped=True), State.STOPPED, id="stopped"),
        *(pytest.param(replace(PROGRESS, outcome=one), State(one.value), id=one.value) for one in Outcome),
    ],
)
def test_a_custodian_is_in_one_state(progress: Progress | None, state: State) -> None:
    assert state_of(progress, NOW) is state
    assert (state in ENDED) == (state not in (State.WAITING, State.WORKING))


def test_renewals_do_not_stack() -> None:
    first = lease_end(NOW)

    assert lease_end(NOW + timedelta(minutes=1), first_leased=NOW) - first == timedelta(minutes=1)
    assert lease_end(NOW + timedelta(minutes=119), first_leased=NOW) == NOW + timedelta(hours=2)


ROBIN = {"given": "Robin", "family": "Quill", "birth_date": "2014-06-14", "nhs_number": "9434765919"}


@pytest.mark.parametrize(
    ("known", "asked", "same"),
    [
        pytest.param(Known("Robin", "Quill", "2014-06-14"), ROBIN, True, id="the same"),
        pytest.param(Known("ROB", "quill", "2014-06-14"), ROBIN, True, id="shortened"),
        pytest.param(Known("Róbin", "O'Quill", "2014-06-14"), {**ROBIN, "family": "O’Quill"}, True, id="marks"),
        pytest.param(Known("Wren", "Quill", "2014-06-14"), ROBIN, False, id="the twin"),
        pytest.param(Known("Robin", "Quill", "2014-06-15"), ROBIN, False, id="another day"),
        pytest.param(Known("Bobby", "Kwill", "2000-01-01", nhs_number="9434765919"), ROBIN, True, id="by the number"),
        pytest.param(Known("Robin", "Quill", "2014-06-14", nhs_number="1"), ROBIN, False, id="another number"),
        pytest.param(Known("", "Quill", "2014-06-14"), ROBIN, False, id="no given name"),
    ],
)
def test_a_system_knows_a_child_again_in_its_own_way(known: Known, asked: dict[str, str], same: bool) -> None:
    system = LocalSystem("h", "Health", "health", "gp", ["health"], number="nhs_number")

    assert system.knows_again(known, asked) is same


def test_a_system_that_is_down_says_neither_that_it_holds_nor_that_it_does_not() -> None:
    council = {one.code: one for one in systems([], seed=1, today=TODAY)}["ashford-vale"]

    assert council.search(ROBIN, ["childrens_services"], hour=12) == []
    with pytest.raises(Down):
        council.search(ROBIN, ["childrens_services"], hour=3)


def test_the_same_seed_gives_the_same_organisations_and_each_knows_some() -> None:
    children = [Known("Child", f"Number{place}", "2014-06-14") for place in range(200)]
    first, second = (systems(children, seed=3, today=TODAY) for _ in range(2))

    assert first == second
    assert all(0 < len(one.entries) < 200 for one in first)
