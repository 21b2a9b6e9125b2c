"""The contract compiled by hand agrees with the Department's own schema, on whatever a supplier may send."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinfold.files.daily_feed.layout import PARTS
from kinfold.files.daily_feed.reader import check_payload


@cache
def schema_of(shared: Path) -> dict[str, Any]:
    document = json.loads((shared / "samples/csc_api/openapi.json").read_text())
    items: dict[str, Any] = document["components"]["schemas"]["CSC"]["items"]
    return items


@cache
def validator_of(shared: Path) -> Any:
    return jsonschema_rs.Draft202012Validator(schema_of(shared), validate_formats=True)


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 99),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.sampled_from(["", "F", "2025-02-28", "2025-02-30", "20250228", "has space", "x" * 21, "A1_-", "S" * 300]),
    st.lists(st.sampled_from(["HAND", "VIS", 5, "TOO LONG"]), max_size=14),
    st.just({}),
    st.just([]),
)


def _part(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    part = PARTS[name]
    fields: dict[str, st.SearchStrategy[Any]] = {field: _VALUES for field in part.checks}
    fields |= {field: _part(inner, depth + 1) for field, inner in part.objects.items()}
    fields |= {field: st.lists(_part(inner, depth + 1), max_size=2) for field, inner in part.lists.items()}
    return st.one_of(
        st.fixed_dictionaries({}, optional={**fields, "unasked": st.none()}),
        _VALUES,
    )


# Names have no limit in the contract and one of ours: the field's width in the dataset. Characters that no database
# holds are ours to refuse, too; and a number that is empty names nobody.
_OURS = ("first_name", "surname")


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(thing=_part("child"))
def test_our_verdict_is_the_schemas(shared: Path, thing: Any) -> None:
    ours = [f for f in check_payload([thing]) if not f.field.endswith(_OURS) or f.code != "too_long"]
    empty_numbers = [f for f in ours if f.code == "missing"]

    theirs = validator_of(shared).is_valid(thing)

    if not empty_numbers:
        assert (not ours) == theirs, (thing, ours)


def test_every_field_of_the_contract_is_in_the_layout_and_no_other(shared: Path) -> None:
    def walk(schema: dict[str, Any], name: str) -> None:
        part = PARTS[name]
        known = {*part.checks, *part.objects, *part.lists}
        assert known == set(schema["properties"]), name
        for field, inner in part.objects.items():
            walk(schema["properties"][field], inner)
        for field, inner in part.lists.items():
            walk(schema["properties"][field]["items"], inner)

    walk(schema_of(shared), "child")


def test_the_contracts_own_example_keeps_the_contract(shared: Path) -> None:
    assert check_payload([schema_of(shared)["example"]]) == []


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_has_a_label(part: str) -> None:
    assert PARTS[part].label
