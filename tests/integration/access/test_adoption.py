"""An adoption order: two people seal, nobody finds, two people open, and no row holds both identities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from kinfold.access.adoption import joins
from kinfold.access.words import Verb
from kinfold.service.jobs import adopted, queue  # noqa: F401 -- names its task
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions import adopting, finding_leases
from kinfold.service.records.actions.agreements import add_organisation, add_own
from kinfold.service.records.models import (
    Ask,
    AuditEntry,
    CustodianWork,
    Job,
    KeptFile,
    PersonIndex,
    RoleHeld,
    SealRequest,
    SpellFact,
    Thing,
)
from kinfold.service.records.reads import sealed
from kinfold.service.records.reads.search import search
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from kinfold.sharing.agreements import OrganisationSort, RecordType
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.council import LONG_AGO, World, signing_in

pytestmark = pytest.mark.django_db
ORDER = date(2026, 6, 1)
WHY = "Elmshire Family Court, case 12 of 2026"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A child placed for adoption, two adoption workers, two archivists, a social worker."""
    world = World(add_holder(code="990", name="Elmshire"))
    with as_system():
        world.add("child", "child", "Poppy", "Marrable", date(2024, 3, 9))
        world.say("identifier", values={"identifier_type": "la_child_id", "value": "EL-4471"}, ref="EL-4471")
        world.say("placed_for_adoption", valid_from=date(2026, 1, 5))
        for number, role in enumerate(
            ["adoption_worker", "adoption_worker", "adoption_archivist", "adoption_archivist", "social_worker"]
        ):
            world.work(role, f"{role} {number}")
        for role in ("adoption_worker", "adoption_worker 2", "social_worker"):
            world.allocate(world.accounts[role], role.split()[0], "child", since=LONG_AGO)
        yield world


def sealed_child(world: World) -> None:
    """Seal the child's record as two people do."""
    request = adopting.ask_to_seal(world.reader("adoption_worker"), world.uid(), order_date=ORDER, purpose=WHY)
    adopting.answer(world.reader("adoption_worker 2"), str(request.uid), agree=True)


def opened(world: World) -> None:
    """Open the sealed record as two archivists do."""
    request = adopting.ask_to_unseal(
        world.reader("adoption_archivist"), world.uid(), basis="adopted_adult_request", purpose="She asks at eighteen"
    )
    adopting.answer(world.reader("adoption_archivist 2"), str(request.uid), agree=True)


def work() -> None:
    """Do the job that is ready."""
    Job.objects.exclude(name=adopting.ADOPTED).delete()
    job = queue.take("test")
    assert job is not None
    queue.finish(job, run_task(job))


def finds(world: World, role: str) -> list[str]:
    """Return whom somebody finds by the child's name."""
    return [hit.uid for hit in search(world.reader(role, reason="a test"), "Poppy Marrable").hits]


def test_nothing_is_sealed_by_one_person(world: World) -> None:
    request = adopting.ask_to_seal(world.reader("adoption_worker"), world.uid(), order_date=ORDER, purpose=WHY)

    with pytest.raises(NotPermitted, match="yourself"):
        adopting.answer(world.reader("adoption_worker"), str(request.uid), agree=True)
    with pytest.raises(NotPermitted):
        adopting.answer(world.reader("social_worker"), str(request.uid), agree=True)

    assert PersonIndex.objects.get(person=world.persons["child"]).label == "open"
    assert finds(world, "social_worker") == [world.uid()]


def test_a_declined_request_changes_nothing_and_can_be_made_again(world: World) -> None:
    request = adopting.ask_to_seal(world.reader("adoption_worker"), world.uid(), order_date=ORDER, purpose=WHY)
    with pytest.raises(InputError, match="asked for already"):
        adopting.ask_to_seal(world.reader("adoption_worker 2"), world.uid(), order_date=ORDER, purpose=WHY)

    adopting.answer(world.reader("adoption_worker 2"), str(request.uid), agree=False)

    assert finds(world, "social_worker") == [world.uid()]
    adopting.ask_to_seal(world.reader("adoption_worker 2"), world.uid(), order_date=ORDER, purpose=WHY)


def test_after_sealing_only_who_keeps_it_finds_the_child_and_every_allocation_has_ended(world: World) -> None:
    sealed_child(world)

    assert [finds(world, role) for role in ("social_worker", "adoption_worker")] == [[], []]
    assert finds(world, "adoption_archivist") == [world.uid()], "who keeps sealed records may know that it is there"
    still = SpellFact.objects.filter(kind="allocation", known_to__isnull=True, valid_to__isnull=True)
    assert {one.payload["role"] for one in still} == {"adoption_archivist"}
    assert sealed.to_seal(world.reader("adoption_worker")) == []


def test_after_sealing_no_other_organisation_is_told_of_the_child_whatever_was_asked_before(world: World) -> None:
    own = add_own(world.holder, by="test")
    police = add_organisation(world.holder, code="vale-police", name="Vale Police", sort=OrganisationSort.POLICE,
                              record_types=[RecordType.CRIME_JUSTICE], by="test")  # fmt: skip
    now = timezone.now()
    until = now + timedelta(hours=1)
    with as_system():
        asked = Ask.objects.create(
            held_by=world.holder, person=world.persons["child"], by=world.accounts["social_worker"], role="social_worker",
            organisation=own, purpose="safeguarding", basis="a test", because="a test", policy="", at=now, until=until,
        )  # fmt: skip
        CustodianWork.objects.create(held_by=world.holder, ask=asked, custodian=police, record_types=["crime_justice"],
                                     run_after=now, until=until)  # fmt: skip
    assert finding_leases.waiting(police)

    sealed_child(world)

    assert finding_leases.claim(police, now=now) == []
    assert Ask.objects.get().stopped_at is not None


def test_two_archivists_open_a_sealed_record_for_a_time(world: World) -> None:
    sealed_child(world)
    child = world.persons["child"]
    reader = world.reader("adoption_archivist")
    assert [one.uid for one in sealed.sealed_records(reader)] == [world.uid()]
    assert not reader.decide(Verb.READ, reader.thing(child))

    opened(world)

    reader = world.reader("adoption_archivist")
    assert reader.decide(Verb.READ, reader.thing(child))
    reader.now += timedelta(days=2)
    late = type(reader)(reader.account, reader.now)
    assert not late.decide(Verb.READ, late.thing(child))
    other = world.reader("adoption_archivist 2")
    assert not other.decide(Verb.READ, other.thing(child)), "who agreed does not open it with that"


@pytest.mark.parametrize("role", ["social_worker", "adoption_worker"])
def test_who_keeps_no_sealed_records_learns_of_none(world: World, role: str) -> None:
    sealed_child(world)

    assert sealed.sealed_records(world.reader(role)) == []
    with pytest.raises(NotPermitted):
        adopting.ask_to_unseal(world.reader(role), world.uid(), basis="court_order", purpose="to see what it says")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"order_date": date(2999, 1, 1)}, "today or in the past", id="a day to come"),
        pytest.param({"purpose": ""}, "Say why", id="no reason"),
    ],
)
def test_a_request_that_cannot_be_says_why(world: World, change: dict[str, Any], says: str) -> None:
    said: dict[str, Any] = {"order_date": ORDER, "purpose": WHY} | change
    with pytest.raises(InputError, match=says):
        adopting.ask_to_seal(world.reader("adoption_worker"), world.uid(), **said)


def test_nothing_is_sealed_while_nobody_could_open_it(world: World) -> None:
    RoleHeld.objects.filter(role="adoption_archivist").update(until_date=LONG_AGO + timedelta(days=1))

    with pytest.raises(InputError, match="Give it to somebody first"):
        adopting.ask_to_seal(world.reader("adoption_worker"), world.uid(), order_date=ORDER, purpose=WHY)


def test_the_adopted_childs_record_is_made_later_and_nothing_joins_the_two(world: World) -> None:
    sealed_child(world)
    before = {(model, row.pk) for model, row in rows_of_everything()}
    asked_at = timezone.now()

    job = adopting.ask_for_adopted_record(
        world.reader("adoption_worker"), name={"forename": "Wren", "surname": "Hathersage"},
        details={"birth_date": date(2024, 3, 9), "sex": "F"},
    )  # fmt: skip
    waiting = Job.objects.get(pk=job.pk)
    assert waiting.run_after - asked_at > timedelta(minutes=59), "never at once"
    assert waiting.made_at == waiting.run_after
    assert "Wren" not in str(waiting.arguments)
    Job.objects.exclude(pk=job.pk).delete()
    assert queue.take("test") is None, "not before its time"
    Job.objects.filter(pk=job.pk).update(run_after=asked_at)
    work()

    made = PersonIndex.objects.get(name="Wren Hathersage")
    assert made.person.uid.version == 4
    adoptive = [
        values(row)
        for model, row in rows_of_everything()
        if (model, row.pk) not in before and is_about(row, made.person)
    ]
    birth = [values(row) for _, row in rows_of_everything() if is_about(row, world.persons["child"])]
    assert len(adoptive) >= 4
    assert len(birth) >= 4
    assert [(one.birth_field, one.adoptive_field) for one in joins(birth, adoptive)] == []
    assert bytes(KeptFile.objects.get().content or b"") == b""
    both = {"Wren", "Poppy"}
    assert not [row for _, row in rows_of_everything() if both <= set(words(row))]


def test_the_job_done_twice_makes_one_record(world: World) -> None:
    adopting.ask_for_adopted_record(
        world.reader("adoption_worker"), name={"forename": "Wren", "surname": "Hathersage"},
        details={"birth_date": date(2024, 3, 9), "sex": "F"},
    )  # fmt: skip
    Job.objects.update(run_after=timezone.now())
    work()
    Job.objects.update(state="ready", run_after=timezone.now())

    work()

    assert PersonIndex.objects.filter(name="Wren Hathersage").count() == 1


def test_only_those_who_seal_ask_for_an_adopted_record(world: World) -> None:
    with pytest.raises(NotPermitted):
        adopting.ask_for_adopted_record(world.reader("social_worker"), name={"forename": "Wren"}, details={})


def test_by_page_two_people_seal_and_two_people_open(world: World, settings: Any) -> None:
    """Given an order, when two adoption workers seal and two archivists open, then the record opens for a time."""
    settings.DEMO = True  # in place of a second factor
    signed_in = signing_in(world.accounts)
    first, second = signed_in("adoption_worker"), signed_in("adoption_worker 2")
    assert b"Poppy Marrable" in first.get("/adoption/").content

    day = {"order_date_day": "1", "order_date_month": "6", "order_date_year": "2026"}
    answer = first.post(f"/children/{world.uid()}/seal/", {**day, "purpose": WHY})
    assert answer.status_code == 302, answer.content.decode()
    request = SealRequest.objects.get()
    assert first.get(f"/adoption/requests/{request.uid}/").status_code == 404
    assert b"case 12 of 2026" in second.get(f"/adoption/requests/{request.uid}/").content
    second.post(f"/adoption/requests/{request.uid}/", {"answer": "agree"})

    assert signed_in("social_worker").get(f"/children/{world.uid()}/").status_code == 404
    archivist = signed_in("adoption_archivist")
    assert b"Ask to open" in archivist.get("/adoption/").content
    archivist.post(f"/children/{world.uid()}/unseal/", {"basis": "court_order", "purpose": "The court ordered it"})
    request = SealRequest.objects.get(act="unseal")
    signed_in("adoption_archivist 2").post(f"/adoption/requests/{request.uid}/", {"answer": "agree"})

    assert b"Open until" in archivist.get("/adoption/").content
    assert archivist.get(f"/children/{world.uid()}/").status_code == 200
    assert AuditEntry.objects.filter(action="agreed to unseal").count() == 1


def rows_of_everything() -> Iterator[tuple[str, Any]]:
    """Yield every row of every table."""
    for model in apps.get_app_config("records").get_models():
        for row in model._default_manager.all():
            yield model._meta.db_table, row


def values(row: Any) -> dict[str, Any]:
    """Return a row's values, without the numbers that only count rows and commits of the whole council."""
    counting = {"id", "seq", "commit", "known_from", "known_to", "load", "held_by", "version", "at", "head"}
    return {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in counting}


def is_about(row: Any, person: Thing) -> bool:
    """Return whether a row names a person, by number or by public id."""
    named = {getattr(row, f.attname) for f in row._meta.concrete_fields if f.related_model is Thing}
    return (isinstance(row, Thing) and row.pk == person.pk) or person.pk in named or str(person.uid) in str(words(row))


def words(row: Any) -> list[str]:
    """Return the words of all a row says."""
    text = " ".join(str(value) for value in values(row).values())
    return "".join(c if c.isalnum() or c == "-" else " " for c in text).split()
