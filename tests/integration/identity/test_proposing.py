"""Children who arrive by several doors without a shared number: one child, or a question for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.access.words import Label
from kinfold.record.claim import Claim, Delivery, Key, Place, ReceivedFile, SubjectRecord
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.loading.run import begin, run
from kinfold.service.records.loading.taking_back import take_back
from kinfold.service.records.models import AuditEntry, Holder, Load, Pair, PersonIndex, SameAs, Thing
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder

pytestmark = pytest.mark.django_db
Child = dict[str, Any]
ROSALIND: Child = {
    "forename": "Rosalind", "surname": "Applecote", "born": "2012-03-14", "sex": "F", "postcode": "S10 2AA",
}  # fmt: skip


def record(number: str, child: Child, *, row: int) -> SubjectRecord:
    place = (Place(0, "children", row),)
    claims = [
        Claim("person_details", "", None, None, {"birth_date": child.get("born"), "sex": child.get("sex")}, place),
    ]
    if "surname" in child:
        said = {"forename": child["forename"], "middle_names": child.get("middle"), "surname": child["surname"],
                "name_type": "LEGAL"}  # fmt: skip
        claims.append(Claim("name", "legal", None, None, said, place))
    if "postcode" in child:
        said = {"postcode": child["postcode"]}
        claims.append(Claim("address", "home", date(2024, 1, 1), None, said, place, ref=child["postcode"]))
    numbers = [(sort, child[sort]) for sort in ("nhs_number", "upn") if sort in child]
    digest = hashlib.blake2b(repr((number, sorted(child.items()))).encode(), digest_size=16).digest()
    return SubjectRecord(Key("child", number), 1, digest, claims, identifiers=numbers)


def delivery(door: str, children: Sequence[tuple[str, Child]]) -> Delivery:
    records = [record(number, child, row=row) for row, (number, child) in enumerate(children, start=2)]
    mark = hashlib.sha256(repr((door, children)).encode()).hexdigest()
    return Delivery(
        door=door, collection="", window=None, kinds=frozenset({"person_details", "name", "address"}), full=False,
        files=(ReceivedFile(f"{door}.csv", mark, 100),), read=lambda: iter(records), expected_rows=len(records),
    )  # fmt: skip


@pytest.fixture
def council(db: None) -> Holder:
    return add_holder(code="990", name="Elmshire")


@pytest.fixture
def load(council: Holder) -> Callable[..., Load]:
    def take_in(door: str, *children: tuple[str, Child]) -> Load:
        one = delivery(door, children)
        begun, _ = begin(one, held_by=council.pk, by="test")
        return run(begun, one)

    return take_in


def person(name: str) -> list[int]:
    return list(PersonIndex.objects.filter(name=name).order_by("pk").values_list("person_id", flat=True))


def test_a_child_of_four_doors_without_a_shared_number_is_one_person(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND), ("A2", ROSALIND | {"forename": "Tobias", "sex": "M"}))
    load("daily_feed", ("B7", ROSALIND))
    load("annex_a", ("C9", ROSALIND))
    load("school_census", ("D4", ROSALIND))

    with as_system():
        four = person("Rosalind Applecote")
        assert len(four) == 4
        assert one_person(four[3]) == four
        assert person("Tobias Applecote")[0] not in one_person(four[0])
        decided = Pair.objects.filter(decision=Pair.Decision.SAME)
        assert {pair.decided_by for pair in decided} == {"the register"}
        assert AuditEntry.objects.filter(action="joined records").count() == 3


@pytest.mark.parametrize(
    ("arrives", "what"),
    [
        ({"forename": "Rosanna"}, "a name that may be a slip or a twin's"),
        ({"forename": "Rosa", "postcode": "LS1 4AP"}, "a short name at another home"),
        ({"born": "2012-04-13"}, "another day"),
    ],
)
def test_what_is_likely_and_not_certain_is_a_question(load: Callable[..., Load], arrives: Child, what: str) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    load("daily_feed", ("B7", ROSALIND | arrives))

    with as_system():
        assert not SameAs.objects.exists(), what
        assert Pair.objects.filter(decision=Pair.Decision.OPEN).count() == 1, what


def test_a_twin_is_not_joined(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    load("daily_feed", ("B7", ROSALIND | {"forename": "Beatrice"}))

    with as_system():
        assert not SameAs.objects.exists()


def test_two_who_arrive_together_and_fit_one_child_are_questions(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    load("daily_feed", ("B7", ROSALIND), ("B8", ROSALIND))

    with as_system():
        assert not SameAs.objects.exists()
        assert Pair.objects.filter(decision=Pair.Decision.OPEN).count() == 2


def test_two_children_of_one_source_are_never_joined_unasked(load: Callable[..., Load]) -> None:
    load("daily_feed", ("B7", ROSALIND))
    load("daily_feed", ("B8", ROSALIND))

    with as_system():
        assert not SameAs.objects.exists()
        assert Pair.objects.filter(decision=Pair.Decision.OPEN).count() == 1


@pytest.mark.parametrize("sort", ["nhs_number", "upn"])
def test_a_number_that_speaks_against_it_makes_it_a_question_at_most(load: Callable[..., Load], sort: str) -> None:
    one, other = {"nhs_number": ("9990000018", "9990000026"), "upn": ("A123456789012", "B123456789012")}[sort]
    load("standard_safeguarding_dataset", ("A1", ROSALIND | {sort: one}))
    load("daily_feed", ("B7", ROSALIND | {sort: other}))

    with as_system():
        assert not SameAs.objects.exists()


def test_numbers_come_first_as_before(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND | {"nhs_number": "9990000018"}))
    load("daily_feed", ("B7", {"born": "2012-03-14", "sex": "F", "nhs_number": "9990000018"}))

    with as_system():
        assert PersonIndex.objects.count() == 1
        assert not Pair.objects.exists()


def test_a_return_without_names_asks_nobody(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    load("ssda903", ("C9", {"born": "2012-03-14", "sex": "F"}))

    with as_system():
        assert not SameAs.objects.exists()
        assert not Pair.objects.exists()


def test_who_an_adopted_child_was_is_never_joined_nor_asked_about(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    with as_system():
        PersonIndex.objects.update(label=Label.SEALED.value)
    load("daily_feed", ("B7", ROSALIND))

    with as_system():
        assert not SameAs.objects.exists()
        assert not Pair.objects.exists()


def test_taking_a_load_back_parts_what_it_joined(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    second = load("daily_feed", ("B7", ROSALIND))
    with as_system():
        assert SameAs.objects.filter(known_to__isnull=True).count() == 1

    take_back(second, by="test", because="the wrong file")

    with as_system():
        assert not SameAs.objects.filter(known_to__isnull=True).exists()
        assert not Pair.objects.exists()


def test_a_file_loaded_again_after_it_was_taken_back_asks_again(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    take_back(load("daily_feed", ("B7", ROSALIND)), by="test", because="the wrong file")

    load("daily_feed", ("B7", ROSALIND), ("B8", ROSALIND | {"forename": "Tobias", "sex": "M"}))

    with as_system():
        assert SameAs.objects.filter(known_to__isnull=True).count() == 1
        assert len(one_person(person("Rosalind Applecote")[0])) == 2


def test_who_arrives_and_is_joined_to_a_restricted_record_is_restricted_with_it(load: Callable[..., Load]) -> None:
    load("standard_safeguarding_dataset", ("A1", ROSALIND))
    (known,) = person("Rosalind Applecote")
    restrict(person=Thing.objects.get(pk=known), label=Label.RESTRICTED, named=[], by="test", because="a test")

    load("daily_feed", ("B7", ROSALIND))

    with as_system():
        assert SameAs.objects.count() == 1
        labels = PersonIndex.objects.filter(name="Rosalind Applecote").values_list("label", flat=True)
        assert list(labels) == ["restricted", "restricted"]
