"""What the declaration of a kind refuses, and what storing a payload refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import kinfold.record.kinds  # noqa: F401
from kinfold.record.declare import KINDS, decode, encode, event, field, json_schema, kind, shared, tie, upcast
from kinfold.terms.errors import InputError, StructureBroken


@pytest.fixture
def forgets_new_kinds():
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        pytest.param("placement", {"colour": "red"}, "no field called colour", id="a field it does not have"),
        pytest.param("placement", {"urn": 1234567}, "must be text", id="a number where text is wanted"),
        pytest.param("placement", {"urn": "123456789"}, "8 characters or fewer", id="too long"),
        pytest.param("placement", {"distance_miles": float("nan")}, "must be number", id="not a number"),
        pytest.param("placement", {"emergency": 1}, "must be yes or no", id="a number where yes or no is wanted"),
        pytest.param("placement", {"regulation": "99"}, "must be one of 19, 22B", id="outside our own list"),
        pytest.param(
            "assessment", {"authorised_date": "31/03/2026"}, "such as 2026-03-31", id="a date written otherwise"
        ),
        pytest.param("assessment", {"authorised_date": "2026-02-30"}, "such as 2026-03-31", id="a day that never was"),
        pytest.param(
            "missing",
            {"returned_at": datetime(2027, 1, 2, 23, 30, tzinfo=UTC).replace(tzinfo=None)},
            "must be moment",
            id="a moment of no zone",
        ),
        pytest.param("missing", {"returned_at": "2027-01-02T23:30"}, "time zone", id="a written moment of no zone"),
        pytest.param("missing", {"returned_at": "half past ten"}, "such as 2026-03-31T", id="no moment at all"),
        pytest.param("assessment", {"factors": "1A"}, "must be codes", id="one code where a list is wanted"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_clear_message(name, values, says):
    with pytest.raises(InputError, match=says):
        encode(name, values)


def test_what_is_not_known_is_left_out():
    assert encode("placement", {"urn": None, "placement_type": "U4"}) == {"placement_type": "U4"}


def test_days_and_moments_are_stored_in_one_form():
    stored = encode("assessment", {"authorised_date": "20260331"})

    assert stored == {"authorised_date": "2026-03-31"}
    assert decode("assessment", 1, stored).authorised_date == date(2026, 3, 31)
    moment = datetime(2027, 1, 2, 23, 30, tzinfo=UTC)
    assert encode("missing", {"returned_at": moment.isoformat()}) == encode("missing", {"returned_at": moment})


def test_an_unknown_kind_is_said_to_be_so():
    with pytest.raises(StructureBroken, match="No kind is declared under the name placemnt"):
        kind("placemnt")


@pytest.mark.usefixtures("forgets_new_kinds")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"ref": "number"}, "`ref` names number", id="ref is no field"),
        pytest.param({"same_when": ("number",)}, "`same_when` names number", id="same_when is no field"),
        pytest.param({"version": 3, "upcasts": {1: dict}}, "needs an upcast from version 2", id="a step is missing"),
    ],
)
def test_a_declaration_that_names_what_is_not_there_is_refused(options, says):
    declare = event("invented", label="Invented", source="a test", family="care", **options)
    with pytest.raises(StructureBroken, match=says):
        declare(type("Invented", (), {"__doc__": "Invented."}))


@pytest.mark.usefixtures("forgets_new_kinds")
def test_a_tie_without_its_other_side_is_refused():
    declare = tie("invented_tie", label="Knows", source="a test", family="care", party="person")
    with pytest.raises(StructureBroken, match="inverse"):
        declare(type("InventedTie", (), {"__doc__": "Invented."}))


@pytest.mark.usefixtures("forgets_new_kinds")
def test_an_older_payload_is_brought_up_step_by_step():
    @event(
        "invented_meeting",
        label="Invented meeting",
        source="a test",
        family="care",
        version=3,
        changes="`who` became a list",
        upcasts={
            1: lambda payload: {"who": payload.get("chair")},
            2: lambda payload: {"who": [payload["who"]]},
        },
    )
    class InventedMeeting:
        """An invented meeting."""

        who: tuple[str, ...] | None = field("Who came")

    assert upcast("invented_meeting", 1, {"chair": "Ada"}) == {"who": ["Ada"]}
    assert decode("invented_meeting", 1, {"chair": "Ada"}).who == ("Ada",)
    assert decode("invented_meeting", 3, {"who": ["Ada"], "dropped_later": 1}).who == ("Ada",)


@pytest.mark.usefixtures("forgets_new_kinds")
def test_shared_fields_come_with_every_kind_that_takes_them():
    @shared
    class Common:
        note: str | None = field("A note")

    @event("invented_one", label="Invented one", source="a test", family="care")
    class InventedOne(Common):
        """An invented kind."""

        day: date | None = field("A day")

    assert list(KINDS["invented_one"].fields) == ["note", "day"]


def test_a_schema_says_what_the_api_takes():
    schema = json_schema("return_interview")

    assert schema["required"] == ["outcome"]
    assert schema["properties"]["outcome"]["enum"] == ["held", "declined", "child not available"]
    assert schema["properties"]["held_at"]["format"] == "date-time"
    assert json_schema("placement")["properties"]["distance_miles"]["type"] == "number"
    assert schema["additionalProperties"] is False
