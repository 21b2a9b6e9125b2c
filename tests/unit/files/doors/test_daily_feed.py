"""The Department's daily feed: the contract, what is read, what is purged or set aside, and what is written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kinfold.files.daily_feed.care_periods import Stay, care_periods
from kinfold.files.daily_feed.reader import check_payload, open_payload
from kinfold.files.daily_feed.writer import child_object, write_daily_feed
from kinfold.files.recognise import Options
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.terms.errors import FileRefused

Load = Callable[..., Any]

CHILD: dict[str, Any] = {
    "la_child_id": "Child1",
    "child_details": {"first_name": "Ada", "surname": "Invented", "date_of_birth": "2016-06-14", "sex": "F", "postcode": "sw1a1aa"},
    "health_and_wellbeing": {"sdq_assessments": [{"date": "2025-06-14", "score": 20}]},
    "social_care_episodes": [
        {
            "social_care_episode_id": "E1",
            "referral_date": "2025-01-06",
            "referral_source": "1C",
            "referral_no_further_action_flag": False,
            "care_worker_details": [{"worker_id": "SW123", "start_date": "2025-01-07"}],
            "child_and_family_assessments": [
                {"child_and_family_assessment_id": "A1", "start_date": "2025-01-07", "authorisation_date": "2025-02-10", "factors": ["1C", "4A"]}
            ],
            "section_47_assessments": [
                {"section_47_assessment_id": "S1", "start_date": "2025-02-01", "icpc_required_flag": True, "icpc_date": "2025-02-14"}
            ],
            "child_protection_plans": [{"child_protection_plan_id": "P1", "start_date": "2025-02-14"}],
            "child_looked_after_placements": [
                {"child_looked_after_placement_id": "L1", "start_date": "2025-03-01", "start_reason": "S", "placement_type": "U4", "end_date": "2025-04-01", "end_reason": "X1"},
                {"child_looked_after_placement_id": "L2", "start_date": "2025-04-01", "start_reason": "P", "placement_type": "K2"},
            ],
            "adoption": {"initial_decision_date": "2025-05-01"},
        }
    ],
}  # fmt: skip


def copy(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(CHILD))
    return made | changes


def read(children: Any) -> Any:
    body = children if isinstance(children, bytes) else json.dumps(children).encode()
    delivery = open_payload(body, Options())
    return delivery, list(delivery.read())


def of_kind(subject: SubjectRecord, kind: str) -> list[Claim]:
    return [claim for claim in subject.claims if claim.kind == kind]


def test_the_feed_is_partial(load: Load) -> None:
    delivery, _ = load({"feed.json": json.dumps([CHILD])})

    assert (delivery.door, delivery.full, delivery.window) == ("daily_feed", False, None)


def test_every_object_becomes_its_fact() -> None:
    delivery, (subject,) = read([CHILD])

    assert subject.problems == []
    assert subject.rows == delivery.expected_rows == 11
    assert subject.subject == Key("child", "Child1")
    (name,) = of_kind(subject, "name")
    assert name.payload == {"forename": "Ada", "surname": "Invented"}
    (address,) = of_kind(subject, "address")
    assert (address.payload["postcode"], address.ref) == ("SW1A 1AA", "SW1A 1AA")
    (enquiry,) = of_kind(subject, "section_47_enquiry")
    assert enquiry.payload["conference_not_required"] is False
    (allocation,) = of_kind(subject, "allocation")
    assert allocation.party == Key("worker", "SW123")
    (assessment,) = of_kind(subject, "assessment")
    assert (assessment.natural_key, assessment.valid_to) == ("E1/A1", date(2025, 2, 10))


def test_placements_that_follow_one_another_are_one_period_of_care() -> None:
    _, (subject,) = read([CHILD])

    (period,) = of_kind(subject, "care_period")
    assert (period.valid_from, period.valid_to) == (date(2025, 3, 1), None)
    assert period.payload == {"start_reason": "S"}
    assert len(period.places) == 2


def stay(start: str, end: str | None, begins: str | None, ends: str | None) -> Stay:
    day = date.fromisoformat
    return Stay(Place(0, "p", 1), day(start), day(end) if end else None, begins, ends)


@pytest.mark.parametrize(
    ("stays", "periods"),
    [
        pytest.param([], [], id="no placements, no period"),
        pytest.param(
            [stay("2025-01-01", "2025-02-01", "S", "E4A")], [("2025-01-01", "2025-02-01")], id="one that ended"
        ),
        pytest.param(
            [stay("2025-02-01", None, "P", None), stay("2025-01-01", "2025-02-01", "S", "X1")],
            [("2025-01-01", "None")],
            id="any order, still going on",
        ),
        pytest.param(
            [stay("2025-01-01", "2025-02-01", None, None), stay("2025-03-01", None, None, None)],
            [("2025-01-01", "2025-02-01"), ("2025-03-01", "None")],
            id="a gap ends a period",
        ),
        pytest.param(
            [stay("2025-01-01", "2025-02-01", "S", "E4A"), stay("2025-02-01", None, "S", None)],
            [("2025-01-01", "2025-02-01"), ("2025-02-01", "None")],
            id="home and back on one day are two periods",
        ),
        pytest.param([stay("2025-02-01", None, "P", None)], [], id="its beginning was not sent"),
    ],
)
def test_periods_of_care_follow_from_placements(stays: list[Stay], periods: list[tuple[str, str]]) -> None:
    assert [(str(p.start), str(p.end)) for p in care_periods(stays)] == periods


def test_a_bad_object_is_one_problem_and_the_others_are_kept() -> None:
    broken = copy()
    episode = broken["social_care_episodes"][0]
    episode["child_protection_plans"].append({"child_protection_plan_id": "P2", "start_date": "2025-02-30"})
    episode["child_in_need_plans"] = ["not an object"]
    episode["care_worker_details"][0]["unasked"] = 1

    delivery, (subject,) = read([broken])

    assert [(p.place.table, p.code) for p in subject.problems] == [
        ("care_worker", "unknown_field"),
        ("child_in_need_plan", "wrong_type"),
        ("child_protection_plan", "impossible_date"),
    ]
    assert "social_care_episodes[0].child_protection_plans[1]" in subject.problems[2].message
    assert "Child1" in subject.problems[2].message
    assert [c.natural_key for c in of_kind(subject, "child_protection_plan")] == ["E1/P1"]
    assert subject.rows == delivery.expected_rows
    assert len({p.place for p in subject.problems}) == 3


def test_an_episode_with_a_bad_date_keeps_what_it_holds() -> None:
    broken = copy()
    broken["social_care_episodes"][0]["referral_date"] = "yesterday"

    _, (subject,) = read([broken])

    assert not of_kind(subject, "referral_episode")
    assert of_kind(subject, "child_protection_plan")


def test_an_episode_without_its_number_is_one_problem_with_all_it_holds() -> None:
    broken = copy()
    del broken["social_care_episodes"][0]["social_care_episode_id"]

    delivery, (subject,) = read([broken])

    assert [p.code for p in subject.problems] == ["missing"]
    assert subject.rows == delivery.expected_rows == 4


@pytest.mark.parametrize(
    ("children", "code"),
    [
        pytest.param([{"a": 1}, CHILD], "missing", id="no number"),
        pytest.param([{"la_child_id": "has space"}, CHILD], "wrong_characters", id="a number of wrong letters"),
        pytest.param([7, CHILD], "wrong_type", id="no object"),
        pytest.param([CHILD, CHILD], "duplicate", id="twice in one file"),
    ],
)
def test_a_child_that_cannot_be_told_apart_is_one_problem(children: Any, code: str) -> None:
    delivery, subjects = read(children)

    assert [s.subject.value for s in subjects] == ["Child1"]
    assert [p.code for p in delivery.problems] == [code]
    assert delivery.orphan_rows == 1
    assert sum(s.rows for s in subjects) + 1 == delivery.expected_rows


def test_purges_are_asked_for_at_every_level() -> None:
    everything = {"la_child_id": "Gone", "purge": True}
    parts = copy(child_details={"purge": True}, health_and_wellbeing={"purge": True})
    parts["social_care_episodes"] = [
        {"social_care_episode_id": "E1", "purge": True},
        {
            "social_care_episode_id": "E2",
            "child_in_need_plans": [{"child_in_need_plan_id": "N1", "purge": True}],
            "adoption": {"purge": True},
        },
    ]

    _, (gone, some) = read([everything, parts])

    assert [(p.kind, p.natural_key) for p in gone.purges] == [(None, None)]
    asked = {(p.kind, p.natural_key) for p in some.purges}
    assert {("person_details", None), ("strengths_and_difficulties", None)} <= asked
    assert {("referral_episode", "E1"), ("assessment", "E1/")} <= asked
    assert {("child_in_need_plan", "E2/N1"), ("adoption_match", "E2/adoption")} <= asked
    assert some.problems == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps([CHILD, copy(la_child_id="C2")]), id="an array"),
        pytest.param(json.dumps(CHILD) + "\n" + json.dumps(copy(la_child_id="C2")) + "\n", id="a child a line"),
        pytest.param(
            "\ufeff" + json.dumps([CHILD, copy(la_child_id="C2")], indent=2), id="indented, with a byte-order mark"
        ),
    ],
)
def test_a_feed_is_read_in_every_shape(load: Load, text: str) -> None:
    _, subjects = load({"feed.json": text})

    assert [s.subject.value for s in subjects] == ["Child1", "C2"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        pytest.param(json.dumps([CHILD])[:-40], "not_json", "line 1", id="cut short"),
        pytest.param('[{"la_child_id": "C1"},\n{"la_child_id": oops}]', "not_json", "line 2", id="not JSON"),
        pytest.param('[{"la_child_id": NaN}]', "not_json", "NaN", id="NaN"),
        pytest.param(
            '[{"la_child_id": ' + "9" * 5000 + "}]", "not_json", "thousands of digits", id="a number without end"
        ),
        pytest.param('[{"la_child_id": ' + "[" * 100_000, "too_deep", "without end", id="nested without end"),
        pytest.param('[{"la_child_id": "C1"}] []', "not_json", "after the end", id="more after the end"),
        pytest.param('[{"la_child_id": "C1"} {}]', "not_json", "comma", id="a comma is missing"),
        pytest.param('[{"la_child_id": "C1"},]', "not_json", "comma", id="a comma too many"),
        pytest.param("7", "not_json", "does not begin", id="a number"),
        pytest.param('["' + "x" * 9_000_000 + '"]', "record_too_large", "8 MB", id="an object without end"),
    ],
)
def test_what_is_not_sound_json_is_refused_with_its_place(text: str, code: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        open_payload(text.encode(), Options(), name="call")

    assert refused.value.code == code
    assert words in str(refused.value)


def test_an_object_that_spans_many_chunks_is_read() -> None:
    long = copy()
    long["social_care_episodes"] = [
        {"social_care_episode_id": f"E{n}", "referral_date": "2025-01-06"} for n in range(20_000)
    ]

    _, (subject,) = read([long])

    assert subject.rows == 3 + 20_000
    assert len(of_kind(subject, "referral_episode")) == 20_000


def test_fields_named_twice_are_noted() -> None:
    delivery, _ = read(b'[{"la_child_id": "C1", "la_child_id": "C2"}]')

    assert any("names a field twice" in note or "name a field twice" in note for note in delivery.notes)


def test_a_control_character_is_set_aside_and_not_stored() -> None:
    broken = copy(child_details={"first_name": "Ada\u0000", "surname": "\ud800"})

    _, (subject,) = read([broken])

    (found,) = subject.problems
    assert found.code == "wrong_characters"
    assert not of_kind(subject, "name")


def test_the_digest_changes_with_the_child() -> None:
    _, (first,) = read([CHILD])
    _, (other,) = read([copy(mis_child_id="M1")])

    assert first.digest != other.digest


def test_check_payload_finds_every_break_with_its_place() -> None:
    broken = copy(child_details={"sex": "FEMALE", "disabilities": ["HAND", "HAND"]})
    broken["social_care_episodes"][0]["referral_date"] = 5

    faults = check_payload([CHILD, broken])

    assert [(f.field, f.code) for f in faults] == [
        ("[1].child_details.sex", "too_long"),
        ("[1].child_details.disabilities", "duplicate"),
        ("[1].social_care_episodes[0].referral_date", "wrong_type"),
    ]


def test_what_is_written_is_read_back_the_same_and_keeps_the_contract(stated: Callable[..., Any]) -> None:
    _, subjects = read([CHILD, copy(la_child_id="C2")])
    for a_line_each in (False, True):
        stream = io.StringIO()

        write_daily_feed(stream, subjects, a_line_each=a_line_each)
        _, again = read(stream.getvalue().encode())

        assert stated(again) == stated(subjects)
    assert check_payload([child_object(subject) for subject in subjects]) == []


def test_a_child_whose_number_the_contract_does_not_allow_is_not_written() -> None:
    stream = io.StringIO()

    assert write_daily_feed(stream, [SubjectRecord(Key("child", "has space"), 0, b"")]) == 0
    assert json.loads(stream.getvalue()) == []
