"""Lists over declared kinds: what they ask, what they find, and that the fast way finds what the slow way does."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.combine import shown
from kinfold.record.declare import KINDS, Sensitivity
from kinfold.service.records.actions.saved_lists import delete_list, save_list
from kinfold.service.records.models import PersonIndex, SavedList
from kinfold.service.records.reads.lists import answer, saved_list, saved_lists
from kinfold.service.records.reads.questions import (
    as_data,
    askable,
    listable_kinds,
    months_after,
    question_of,
    sentence,
    years_before,
)
from kinfold.service.records.reads.versions import versions_about
from kinfold.service.web.list_forms import ListForm, address_of, question_from
from kinfold.service.web.presenters.lists import STARTS
from kinfold.terms.errors import InputError, NotPermitted

DAY = date(2026, 11, 22)
DOORS = ("kinfold", "standard_safeguarding_dataset", "daily_feed", "cin_census")
PLAN = "child_protection_plan"


# ---- the fast way and the slow way
def slow(council: Any, said: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Go through every fact of every child and keep what the question says, in as plain a way as can be."""
    found = []
    children = {row.person_id: row for row in PersonIndex.objects.filter(held_by=council.holder, sort="child")}
    for one in shown(versions_about(list(children), kinds=[said["kind"]])):
        version, born = one.version, children[one.version.subject].birth_date
        if version.status == "void":
            continue
        day = DAY if said["open_on"] in ("", "today") else date.fromisoformat(said["open_on"])
        if said["open_on"] and version.valid_from and version.valid_from > day:
            continue
        if said["open_on"] and version.valid_to and version.valid_to <= day:
            continue
        age = None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if said.get("age_under") is not None and (age is None or not age < said["age_under"]):
            continue
        if said.get("age_from") is not None and (age is None or not age >= said["age_from"]):
            continue
        if said.get("longer_than") is not None:
            end = min(version.valid_to or day, day)
            if version.valid_from is None or not months_after(version.valid_from, said["longer_than"]) < end:
                continue
        if not all(_holds(version.payload.get(c["field"]), c["test"], c.get("values", [])) for c in said["conditions"]):
            continue
        found.append((str(children[version.subject].person.uid), version.valid_from, version.valid_to))
    return sorted(found, key=repr)


def _holds(value: Any, test: str, values: list[Any]) -> bool:
    if test == "known":
        return value not in (None, "", [])
    if test == "not_known":
        return value in (None, "", [])
    if test == "one_of":
        return value in values if not isinstance(value, list) else bool(set(value) & set(values))
    if test == "yes":
        return value is True
    if test == "no":
        return value is False
    if isinstance(value, bool) or not isinstance(value, type(values[0])):
        return False
    return bool(value >= values[0] if test == "from" else value <= values[0])


def fast(council: Any, said: dict[str, Any], reader: Any) -> list[tuple[str, Any, Any]]:
    hits = answer(reader, question_of(said)).hits
    return sorted(((hit.uid, hit.since, hit.until) for hit in hits), key=repr)


def some_plans(council: Any, chance: random.Random) -> None:
    for number in range(8):
        years = chance.choice([None, 0, 1, 4, 5, 6, 12])
        born = None if years is None else DAY.replace(year=DAY.year - years) - timedelta(days=chance.choice([-1, 0, 1]))
        child = council.child(f"Child Number{number}", born=born)
        for _ in range(chance.randrange(0, 6)):
            since = chance.choice([DAY, months_after(DAY, -15), months_after(DAY, -16), months_after(DAY, -3)])
            since += timedelta(days=chance.choice([-1, 0, 1]))
            until = chance.choice([None, None, since + timedelta(days=chance.randrange(0, 500))])
            payload = {name: value for name, value in {
                "initial_category": chance.choice([None, "NEG", "PHY"]), "previous_plans": chance.choice([None, 0, 1, 2]),
                "other_council_plan": chance.choice([None, True, False]),
            }.items() if value is not None}  # fmt: skip
            council.told(child, PLAN, payload, since, until, door=chance.choice(DOORS))


def some_question(chance: random.Random) -> dict[str, Any]:
    conditions = [
        {"field": "initial_category", "test": "one_of", "values": ["NEG"]},
        {"field": "initial_category", "test": "not_known"},
        {"field": "previous_plans", "test": "from", "values": [1]},
        {"field": "previous_plans", "test": "to", "values": [1]},
        {"field": "previous_plans", "test": "known"},
        {"field": "other_council_plan", "test": "yes"},
        {"field": "other_council_plan", "test": "no"},
    ]
    return {
        "kind": PLAN, "open_on": chance.choice(["today", "", months_after(DAY, -2).isoformat()]),
        "conditions": chance.sample(conditions, chance.randrange(0, 3)),
        "age_under": chance.choice([None, 1, 5]), "age_from": chance.choice([None, None, 1]),
        "longer_than": chance.choice([None, 3, 15]),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_the_fast_way_finds_what_going_through_everything_finds(council: Any, seed: int) -> None:
    chance = random.Random(seed)
    some_plans(council, chance)
    reader = council.reader("head_of_service")

    for _ in range(12):
        said = some_question(chance)
        assert fast(council, said, reader) == slow(council, said), json.dumps(said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "field", "payload", "test", "values", "found"),
    [
        pytest.param("placement", "distance_miles", {"distance_miles": 20.5}, "from", [20], True, id="a number from"),
        pytest.param("placement", "distance_miles", {"distance_miles": 20}, "from", [20.5], False, id="too small a number"),
        pytest.param("placement", "distance_miles", {"distance_miles": "far"}, "from", [0], False, id="a text is no number"),
        pytest.param("disability", "disabilities", {"disabilities": ["MOB", "HAND"]}, "one_of", ["HAND"], True, id="a list"),
        pytest.param("disability", "disabilities", {"disabilities": []}, "not_known", [], True, id="an empty list"),
        pytest.param("section_47_enquiry", "initial_conference_date", {"initial_conference_date": "2026-03-04"}, "to",
                     ["2026-03-04"], True, id="a day up to"),
        pytest.param("section_47_enquiry", "initial_conference_date", {"initial_conference_date": "2026-03-05"}, "to",
                     ["2026-03-04"], False, id="a day after"),
        pytest.param("missing", "began_at", {"began_at": "2026-03-04T23:59:00+00:00"}, "to", ["2026-03-04"], True,
                     id="a moment of the last day"),
    ],
)  # fmt: skip
def test_each_type_of_field_is_asked_in_its_own_way(
    council: Any, kind: str, field: str, payload: dict[str, Any], test: str, values: list[Any], found: bool
) -> None:
    council.told(council.child(), kind, payload, date(2026, 1, 1), None, door="standard_safeguarding_dataset")
    said = {"kind": kind, "open_on": "", "conditions": [{"field": field, "test": test, "values": values}]}

    assert bool(answer(council.reader("head_of_service"), question_of(said)).hits) is found


@pytest.mark.django_db
def test_a_value_that_tries_to_be_a_statement_is_only_a_value(council: Any) -> None:
    council.told(council.child(), "placement", {"urn": "SC1"}, date(2026, 1, 1), None, door="ssda903")
    said = {
        "kind": "placement",
        "open_on": "",
        "conditions": [{"field": "urn", "test": "one_of", "values": ["') or 1=1 --"]}],
    }

    assert answer(council.reader("head_of_service"), question_of(said)).hits == []


@pytest.mark.django_db
def test_what_a_reader_may_not_see_they_cannot_ask_about_either(council: Any) -> None:
    council.told(council.child(), "placement", {"postcode": "B1 1BB"}, date(2026, 1, 1), None, door="ssda903")
    said = {
        "kind": "placement",
        "open_on": "",
        "conditions": [{"field": "postcode", "test": "one_of", "values": ["B1 1BB"]}],
    }

    assert answer(council.reader("head_of_service"), question_of(said)).hits
    assert answer(council.reader("data_analyst"), question_of(said)).hits == []


@pytest.mark.django_db
def test_another_councils_manager_finds_nothing_not_even_a_count(council: Any, another_council: Any) -> None:
    council.told(council.child(), PLAN, {}, date(2026, 1, 1), None, door="cin_census")

    found = answer(another_council.reader("head_of_service"), question_of({"kind": PLAN}))

    assert (found.hits, found.children) == ([], 0)


# ---- the question itself
@pytest.mark.parametrize(
    ("said", "asked"),
    [
        pytest.param(
            {"kind": PLAN, "longer_than": 15, "age_under": 5},
            "Children with a child protection plan open on 22 November 2026 (today), that has lasted more than 15 months, "
            "about children under 5. Children whose date of birth is not known are left out.",
            id="plan over 15 months, under 5",
        ),
        pytest.param(
            {"kind": "contact", "began_from": "2026-10-01"}, "Children with a contact, on a day from 1 October 2026.",
            id="an event",
        ),
        pytest.param(
            {"kind": "care_period", "open_on": "", "age_from": 16},
            "Children with a period of being looked after at any time, about children aged 16 or more. "
            "Children whose date of birth is not known are left out.",
            id="ever",
        ),
    ],
)  # fmt: skip
def test_a_list_says_what_it_asks_in_one_sentence(said: dict[str, Any], asked: str) -> None:
    assert sentence(question_of(said), today=DAY) == asked


def test_what_is_recorded_of_a_look_holds_no_number_that_names_somebody() -> None:
    spec = next(
        s for k in listable_kinds() for s in askable(k) if s.sensitivity is Sensitivity.IDENTIFIER and s.type == "text"
    )
    kind = next(k for k in listable_kinds() if spec in k.fields.values())
    said = {"kind": kind.name, "conditions": [{"field": spec.name, "test": "one_of", "values": ["A123456789012"]}]}
    if any(code for code in spec.choices):
        pytest.skip("the field has a list of its own")

    assert "A123456789012" not in sentence(question_of(said), today=DAY, quiet=True)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="no kind"),
        pytest.param({"kind": "spell_fact; drop table"}, id="no such kind"),
        pytest.param({"kind": "note"}, id="papers are not listed"),
        pytest.param({"kind": PLAN, "conditions": [{"field": "nothing", "test": "known"}]}, id="no such field"),
        pytest.param({"kind": "missing", "conditions": [{"field": "found_where", "test": "known"}]}, id="free text"),
        pytest.param({"kind": PLAN, "conditions": [{"field": "initial_category", "test": "from", "values": [1]}]}, id="test"),
        pytest.param({"kind": PLAN, "conditions": [{"field": "initial_category", "test": "one_of", "values": ["ZZ"]}]}, id="code"),
        pytest.param({"kind": PLAN, "conditions": ["x"]}, id="not a condition"),
        pytest.param({"kind": PLAN, "age_under": "five"}, id="age in words"),
        pytest.param({"kind": PLAN, "age_under": "-1"}, id="an age below nothing"),
        pytest.param({"kind": PLAN, "open_on": "soon"}, id="no day"),
        pytest.param({"kind": PLAN, "columns": ["payload"]}, id="no such column"),
        pytest.param({"kind": PLAN, "conditions": [{"field": "previous_plans", "test": "from", "values": ["1e400"]}]}, id="huge"),
    ],
)  # fmt: skip
def test_a_question_the_declarations_do_not_allow_is_refused_in_words(said: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        question_of(said)


@pytest.mark.parametrize("kind", [kind.name for kind in listable_kinds()])
def test_no_list_asks_about_or_shows_free_text_or_legal_advice(kind: str) -> None:
    sensitive = {Sensitivity.NARRATIVE, Sensitivity.LEGAL}

    assert not [spec.name for spec in askable(KINDS[kind]) if spec.sensitivity in sensitive]


@pytest.mark.parametrize("kind", [kind.name for kind in listable_kinds()])
def test_every_kind_has_a_form_and_an_empty_one_is_a_question(kind: str) -> None:
    form = ListForm(KINDS[kind], {"kind": kind, "open": "ever"})

    assert form.is_valid()
    assert question_from(form).kind == kind


@pytest.mark.parametrize("said", [said for _, said in STARTS], ids=[title for title, _ in STARTS])
def test_a_list_to_start_from_is_the_same_in_an_address_and_in_a_saved_list(said: dict[str, Any]) -> None:
    from django.http import QueryDict

    question = question_of(said)
    form = ListForm(question.declared, QueryDict(address_of(question)))

    assert form.is_valid()
    assert question_from(form) == question
    assert question_of(json.loads(json.dumps(as_data(question)))) == question


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 30))
def test_the_day_of_birth_that_divides_ages_agrees_with_counting_birthdays(born: date, day: date, years: int) -> None:
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    assert (born <= years_before(day, years)) is (age >= years)


# ---- saved lists
@pytest.mark.django_db
def test_a_saved_list_is_ones_own_until_it_is_shared_within_the_council(council: Any, another_council: Any) -> None:
    mine, colleague = council.reader("head_of_service"), council.reader("team_manager")
    elsewhere = another_council.reader("head_of_service")
    own = save_list(mine, name="Mine", question=question_of({"kind": PLAN}), shared=False)
    ours = save_list(mine, name="Ours", question=question_of({"kind": PLAN}), shared=True)

    assert [one.name for one in saved_lists(mine)] == ["Mine", "Ours"]
    assert [one.name for one in saved_lists(colleague)] == ["Ours"]
    assert saved_lists(elsewhere) == []
    assert saved_list(colleague, ours).question == question_of({"kind": PLAN})
    for reader, uid in ((colleague, own), (elsewhere, ours)):
        with pytest.raises(NotPermitted):
            saved_list(reader, uid)
    with pytest.raises(NotPermitted):
        delete_list(colleague, ours)


@pytest.mark.django_db
def test_a_saved_list_whose_kind_is_gone_says_so_and_is_not_asked(council: Any) -> None:
    reader = council.reader("head_of_service")
    uid = save_list(reader, name="Old", question=question_of({"kind": PLAN}), shared=False)
    SavedList.objects.filter(uid=uid).update(question={"kind": "a kind of the past"})

    one = saved_list(reader, uid)

    assert (one.question, "no longer fits" in one.asked) == (None, True)


@pytest.mark.django_db
class TestThePages:
    """The list pages as their reader gets them."""

    def test_a_list_is_asked_saved_opened_taken_away_and_deleted(self, council: Any, signed_in: Any) -> None:
        child = council.child("Amal Fenn", born=date(2024, 1, 1))
        council.fact(child, PLAN, {"initial_category": "NEG"}, date(2024, 2, 1))
        client = signed_in(council.account("head_of_service"))
        asked = f"/lists/build/?kind={PLAN}&open=today&f_initial_category=NEG&columns=initial_category"

        assert "Amal Fenn" in client.get(asked).content.decode()
        saved = client.post(asked, {"name": "Neglect", "shared": "on"})
        opened = client.get(saved["Location"], follow=True)
        file = client.get(f"{asked}&file=csv")

        assert "Neglect" in opened.content.decode()
        assert "Amal Fenn" in opened.content.decode()
        assert "Amal Fenn" in file.content.decode()
        assert client.post(saved["Location"]).status_code == 302
        assert not SavedList.objects.exists()

    def test_nonsense_in_an_address_is_a_message_and_not_a_fault(self, council: Any, signed_in: Any) -> None:
        client = signed_in(council.account("head_of_service"))

        for query in ("kind=zz", f"kind={PLAN}&age_under=%F0%9F%98%80", f"kind={PLAN}&longer_than=1e9",
                      f"kind={PLAN}&open=on&open_on=2026-99-99", f"kind={PLAN}&columns=payload", "kind=placement&f_urn=%00x",
                      f"kind={PLAN}&saved=nobody", f"kind={PLAN}&open=today&page=9999999"):  # fmt: skip
            assert client.get(f"/lists/build/?{query}").status_code in (200, 302, 400, 404), query
