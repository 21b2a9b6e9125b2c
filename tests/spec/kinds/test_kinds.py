"""Every declared kind: its declaration is whole, and its payloads survive being stored and read, at every version."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinfold.record.kinds  # noqa: F401
from kinfold.record.declare import KINDS, EndDate, Word, decode, encode, event, json_schema, upcast
from kinfold.terms.codes import code_set
from kinfold.terms.errors import StructureBroken

EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(KINDS)
every_kind = pytest.mark.parametrize("name", NAMES)


# --- payloads made from the declarations ---------------------------------------------------------


def _value(spec):
    """Return a strategy for values that a field of this declaration may have."""
    words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=min(spec.longest or 40, 40))
    if spec.choices:
        words = st.sampled_from(spec.choices)
    elif spec.codes:
        words = st.sampled_from(code_set(spec.codes).codes())
    parts = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8) | st.integers(0, 9), max_size=3)
    return {
        "text": words,
        "whole number": st.integers(-(2**53), 2**53),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "yes or no": st.booleans(),
        "date": st.dates(),
        "moment": st.datetimes(timezones=st.just(UTC)),
        "codes": st.lists(words, max_size=4).map(tuple),
        "parts": st.lists(parts, max_size=3).map(tuple),
    }[spec.type]


def payloads(name: str):
    """Return a strategy for the values of a kind, every field of it present or not."""
    fields = KINDS[name].fields.values()
    return st.fixed_dictionaries({}, optional={spec.name: _value(spec) for spec in fields})


def example_payload(name: str) -> dict:
    """Return one whole payload of a kind, the same each time: what the stored examples were made by."""
    day, values = date(2026, 3, 31), {}
    for number, spec in enumerate(KINDS[name].fields.values()):
        code = spec.choices[0] if spec.choices else code_set(spec.codes).codes()[0] if spec.codes else None
        values[spec.name] = {
            "text": code or f"invented {spec.name}"[: spec.longest or 80],
            "whole number": number,
            "number": number + 0.5,
            "yes or no": number % 2 == 0,
            "date": day + timedelta(days=number),
            "moment": datetime(2026, 3, 31, 14, number % 60, tzinfo=UTC),
            "codes": (code or f"invented {spec.name}",),
            "parts": ({"what": "invented", "number": number},),
        }[spec.type]
    return encode(name, values)


def write_missing_examples() -> list[Path]:
    """Store an example of each kind's version that has none, and return the new files. A stored one is never rewritten."""
    EXAMPLES.mkdir(exist_ok=True)
    made = []
    for name in NAMES:
        path = EXAMPLES / f"{name}.v{KINDS[name].version}.json"
        if not path.exists():
            path.write_text(json.dumps(example_payload(name), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            made.append(path)
    return made


# --- declarations --------------------------------------------------------------------------------


@every_kind
def test_a_kind_says_what_it_is_in_plain_words(name):
    kind = KINDS[name]

    assert kind.label
    assert kind.source
    assert kind.meaning.endswith(".")
    assert len(kind.fields) <= 15
    assert all(spec.meaning and not spec.meaning.endswith(".") for spec in kind.fields.values())


@every_kind
def test_what_a_kind_refers_to_is_declared(name):
    kind = KINDS[name]

    assert kind.parent is None or kind.parent in KINDS
    assert kind.subject in {"person", "group", "body"}
    assert all(end in kind.dates for end in kind.ends), "an end date has a name in the source"
    assert all(door in kind.ends for door, (_, end) in kind.dates.items() if end), "the meaning of an end date is said"
    assert (kind.inverse is not None) == (kind.word is Word.TIE)
    for spec in kind.fields.values():
        assert not (spec.codes and spec.choices)
        if spec.codes:
            assert code_set(spec.codes).codes()


def test_every_word_has_kinds():
    assert {kind.word for kind in KINDS.values()} == set(Word)


def test_one_name_is_declared_once():
    labels = [kind.label for kind in KINDS.values() if kind.word is not Word.TIE]

    assert len(labels) == len(set(labels))
    again = event("placement", label="Again", source="a test", family="care")
    with pytest.raises(StructureBroken, match="declared twice"):
        again(type("Again", (), {}))


# --- storing and reading -------------------------------------------------------------------------


@every_kind
@settings(max_examples=5)  # five for each of the kinds are over a thousand in all
@given(data=st.data())
def test_what_is_encoded_is_decoded_again(name, data):
    values = data.draw(payloads(name))

    stored = json.loads(json.dumps(encode(name, values)))
    read = decode(name, KINDS[name].version, stored)

    assert {field: getattr(read, field) for field in values} == values
    assert encode(name, {field: getattr(read, field) for field in KINDS[name].fields}) == stored


@every_kind
def test_a_payload_fits_its_own_schema(name):
    schema, payload = json_schema(name), example_payload(name)

    shapes = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}
    assert set(payload) <= set(schema["properties"])
    for field, value in payload.items():
        assert isinstance(value, shapes[schema["properties"][field]["type"]])
        assert value in schema["properties"][field].get("enum", [value])


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_example_of_every_version_is_read_as_the_newest(path):
    name, _, version = path.stem.rpartition(".v")
    stored = json.loads(path.read_text(encoding="utf-8"))

    newest = upcast(name, int(version), dict(stored))
    read = decode(name, int(version), stored)

    assert encode(name, {field: getattr(read, field) for field in KINDS[name].fields}) == {
        field: value for field, value in newest.items() if field in KINDS[name].fields
    }


def test_every_version_ever_released_has_a_stored_example():
    stored = {path.stem for path in EXAMPLES.glob("*.json")}

    assert {f"{name}.v{n}" for name in NAMES for n in range(1, KINDS[name].version + 1)} <= stored


# --- end dates -----------------------------------------------------------------------------------

ENDS = [(kind.name, door) for kind in KINDS.values() for door in kind.ends]


@pytest.mark.parametrize(("name", "door"), ENDS, ids=[f"{name}, {door}" for name, door in ENDS])
@settings(max_examples=10)
@given(day=st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_sources_end_date_survives_the_way_in_and_out(name, door, day):
    means = KINDS[name].ends[door]

    assert means.from_half_open(means.to_half_open(day)) == day
    if day is not None:
        later = means.to_half_open(day) - day
        assert later == timedelta(days=1 if means is EndDate.LAST_DAY else 0)
