"""The register: identifiers issued, given way, checked and replaced; records joined, kept apart and parted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.access.words import Label
from kinfold.identity.provisional import normalise_identifier
from kinfold.outside.demographic_service.errors import NoAnswer
from kinfold.outside.demographic_service.patient import Found, Patient
from kinfold.outside.demographic_service.search import Search
from kinfold.service.config.national_service import _invented, national_service
from kinfold.service.jobs.daily import REGISTER
from kinfold.service.jobs.queue import enqueue, take
from kinfold.service.jobs.register import register_round  # noqa: F401 -- names the task
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions import facts, register
from kinfold.service.records.actions.register_lifecycle import go_round, periods
from kinfold.service.records.models import AuditEntry, PersonIndex, RegisterEntry, SameAs, Thing
from kinfold.service.records.reads import register as reads
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.scope import as_system
from kinfold.service.web.presenters.register import entry_page
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.identity.test_pairs import Council

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
NUMBER, OTHER_NUMBER = "9990000018", "9990000026"


@pytest.fixture
def council(settings: Any) -> Council:
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    return Council()


@pytest.fixture
def system() -> Iterator[None]:
    with as_system():
        yield


def entries(council: Council) -> dict[str, RegisterEntry]:
    return {one.person.uid.hex: one for one in RegisterEntry.objects.filter(held_by=council.holder, state="current")}


def of(council: Council, child: Thing) -> RegisterEntry:
    return RegisterEntry.objects.get(held_by=council.holder, person=child, state="current")


# ---- identifiers
def test_each_child_without_a_number_gets_a_provisional_identifier_and_why(council: Council, system: None) -> None:
    unnumbered = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    with_number = council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)
    alone = council.child("Dawit", "Tesfaye", date(2009, 1, 1), sex="M")
    say: dict[str, Any] = {"by": "test", "because": "a test"}
    facts.record_fact(
        kind="immigration_status", subject=alone, values={"status": "UASC"}, valid_from=date(2025, 1, 1), **say
    )
    unborn = Thing.objects.create(word="person", sort="child", held_by=council.holder)
    facts.record_fact(kind="person_details", subject=unborn, values={"expected_birth_date": date(2026, 6, 1)}, **say)

    assert register.bring_up_to_date(council.holder.pk) == {"national": 1, "yielded": 0, "provisional": 3}
    assert register.bring_up_to_date(council.holder.pk) == {"national": 0, "yielded": 0, "provisional": 0}

    assert of(council, with_number).value == NUMBER
    reasons = {child: of(council, child).reason for child in (unnumbered, alone, unborn)}
    assert reasons == {unnumbered: "no_number", alone: "unaccompanied", unborn: "unborn"}
    assert normalise_identifier(of(council, unborn).value) == of(council, unborn).value


def test_a_provisional_identifier_yields_when_there_is_a_number(council: Council, system: None) -> None:
    child = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    register.bring_up_to_date(council.holder.pk)
    provisional = of(council, child)
    facts.record_fact(
        kind="identifier", subject=child, values={"identifier_type": "nhs_number", "value": NUMBER}, ref=NUMBER,
        by="test", because="a test",
    )  # fmt: skip

    assert register.bring_up_to_date(council.holder.pk)["yielded"] == 1

    provisional.refresh_from_db()
    assert provisional.state == RegisterEntry.State.YIELDED
    assert provisional.replaced_by == of(council, child)
    assert AuditEntry.objects.filter(action="provisional identifier gave way").exists()


def test_records_joined_as_one_have_one_provisional_identifier_between_them(council: Council, system: None) -> None:
    one = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    two = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    facts.merge(person=two, kept=one, by="test", because="a test")

    assert register.bring_up_to_date(council.holder.pk)["provisional"] == 1


def test_a_provisional_identifier_is_renewed_and_a_wrong_number_is_marked(council: Council, system: None) -> None:
    child = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    numbered = council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)
    register.bring_up_to_date(council.holder.pk)
    before = of(council, child)

    renewed = register.reissue(council.reader, before.uid, because="It was read out in a meeting")
    register.invalidate(council.reader, of(council, numbered).uid, because="It is her sister's")

    before.refresh_from_db()
    assert (before.state, of(council, child).value) == (RegisterEntry.State.SUPERSEDED, renewed)
    assert of(council, numbered).sort == RegisterEntry.Sort.PROVISIONAL
    assert RegisterEntry.objects.get(value=NUMBER).state == RegisterEntry.State.INVALID
    with pytest.raises(InputError, match="in use"):
        register.reissue(council.reader, before.uid, because="again")


# ---- marks and parting
def test_people_join_and_keep_apart_any_two_records_and_undo_both(council: Council, system: None) -> None:
    one = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    two = council.child("Toby", "Marsh", date(2010, 1, 2), sex="M")
    three = council.child("Anna", "Marsh", date(2011, 7, 2))

    register.mark(council.reader, str(one.uid), str(two.uid), "same")
    register.mark(council.reader, str(one.uid), str(three.uid), "apart")
    with pytest.raises(InputError, match="two people"):
        facts.merge(person=three, kept=two, by="test", because="by way of the other")
    register.part(council.reader, str(SameAs.objects.get(known_to__isnull=True).person.uid), because="It was wrong")

    assert not SameAs.objects.filter(known_to__isnull=True).exists()
    facts.merge(person=three, kept=two, by="test", because="now they are nobody's twin")


def test_the_family_is_told_of_looks_at_either_of_two_joined_records_and_of_questions_to_the_service(
    council: Council, system: None
) -> None:
    kept = council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)
    other = council.child("Rosalind", "Applecote", date(2012, 3, 14))
    council.reader.looked(council.holder.pk, "story", [str(other.uid)], because="a visit tomorrow")
    facts.merge(person=other, kept=kept, by="test", because="the same child")

    go_round(council.holder.pk, Service(council), today=TODAY)

    reasons = {one.reason for one in looks_for_family(str(kept.uid), now=council.reader.now)}
    assert {
        "a visit tomorrow",
        "the national demographic service was asked about the NHS number. It is right.",
    } <= reasons


def test_a_sealed_record_is_never_joined_whoever_asks(council: Council, system: None) -> None:
    one = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    two = council.child("Tobias", "Marsh", date(2009, 5, 21), sex="M")
    PersonIndex.objects.filter(pk=one.pk).update(label=Label.SEALED.value)

    for person, kept in ((one, two), (two, one)):
        with pytest.raises(InputError, match="cannot be joined"):
            facts.merge(person=person, kept=kept, by="test", because="a test")


# ---- the national service
class Service:
    """The emulator's people asked in process: of each question it is known that it was asked."""

    def __init__(self, council: Council) -> None:
        self.council, self.asked, self.down = council, 0, False

    def search(self, search: Search) -> Found:
        with national_service(self.council.holder.pk) as client:
            assert client is not None
            return self._answer(lambda: client.search(search))

    def patient(self, nhs_number: str) -> Patient | None:
        entry = _invented(self.council.holder.pk).current(nhs_number)
        return self._answer(lambda: entry.patient if entry else None)

    def _answer(self, ask: Any) -> Any:
        if self.down:
            raise NoAnswer("The demographic service did not answer in time.")
        self.asked += 1
        return ask()


def test_a_round_verifies_a_number_traces_a_child_and_asks_again_only_when_it_is_time(council: Council) -> None:
    numbered = council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA", nhs=NUMBER)
    without = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M", postcode="LS1 4AP")
    service = Service(council)

    done = go_round(council.holder.pk, service, today=TODAY)

    assert (done.verified, done.traced, done.no_answer) == (1, 1, 0)
    with as_system():
        assert of(council, numbered).standing == RegisterEntry.Standing.VERIFIED
        assert of(council, without).sort == RegisterEntry.Sort.NATIONAL
    asked = service.asked
    assert go_round(council.holder.pk, service, today=TODAY).checked == 0
    assert service.asked == asked
    later = TODAY + timedelta(days=2 * periods()["verified"])
    assert go_round(council.holder.pk, service, today=later).verified == 2


def test_while_the_service_is_away_nothing_is_marked(council: Council) -> None:
    child = council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)
    service = Service(council)
    service.down = True

    done = go_round(council.holder.pk, service, today=TODAY)

    assert (done.no_answer, done.not_found) == (1, 0)
    with as_system():
        entry = of(council, child)
    assert (entry.standing, entry.checked_at) == (RegisterEntry.Standing.UNVERIFIED, None)


@pytest.mark.parametrize(
    ("theirs", "standing"),
    [
        ({"nhs_number": OTHER_NUMBER}, "superseded"),
        ({"birth_date": date(2011, 1, 1)}, "different"),
        ({"nhs_number": OTHER_NUMBER, "birth_date": date(2011, 1, 1)}, "different"),  # somebody else's number
        (None, "not_found"),
    ],
)
def test_what_the_service_says_of_a_number_is_how_it_stands(
    council: Council, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, Any] | None, standing: str
) -> None:
    child = council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)
    service = Service(council)
    known = service.patient(NUMBER)
    assert known is not None
    answer = replace(known, **theirs) if theirs is not None else None
    monkeypatch.setattr(service, "patient", lambda _: answer)

    done = go_round(council.holder.pk, service, today=TODAY)

    assert getattr(done, standing) == 1
    with as_system():
        if standing == "superseded":
            assert of(council, child).value == OTHER_NUMBER
            assert RegisterEntry.objects.get(value=NUMBER).replaced_by == of(council, child)
        else:
            assert of(council, child).standing == standing


def test_the_daily_job_does_a_round_with_the_emulator_in_a_demonstration(council: Council) -> None:
    council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA", nhs=NUMBER)
    enqueue(REGISTER, {"holder": council.holder.pk, "day": "2026-03-04"}, held_by=council.holder.pk, by="test")
    job = next(job for job in iter(lambda: take("a test"), None) if job.name == REGISTER)

    assert run_task(job) == (
        "1 filed, 1 checked, 1 verified, 0 with other particulars, 0 not found, 0 replaced, 0 traced, 0 left to a person"
    )


# ---- the page
@pytest.fixture
def browser(council: Council) -> Client:
    client = Client()
    client.force_login(council.officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_shows_the_golden_record_and_does_what_is_chosen(council: Council, browser: Client) -> None:
    one = council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    two = council.child("Rosalynd", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    with as_system():
        register.bring_up_to_date(council.holder.pk)
        value = of(council, one).value
    address = f"/child/{one.uid}/register/"

    page = browser.get(address).content.decode()
    assert value in page
    assert "no number is known" in page
    said = {"change": "same", "other": str(two.uid), "because": "Both came from the same referral"}
    page = browser.post(address, said, follow=True).content.decode()
    assert "Joined as the same person" in page
    assert "Part again" in page
    page = browser.post(address, {"change": "same", "other": "", "because": "x"}).content.decode()
    assert "Enter the other record’s number" in page
    page = browser.post(address, {"change": "same", "other": "no such", "because": "a test"}).content.decode()
    assert "There is no such record" in page


def test_joined_records_have_one_golden_record_with_what_the_other_says_beside_it(council: Council) -> None:
    one = council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    two = council.child("Rosalynd", "Applecote", date(2012, 3, 15), postcode="S10 2AA")
    with as_system():
        facts.merge(person=two, kept=one, by="test", because="test")

    found = reads.entry(council.reader, str(two.uid))

    said: dict[str, list[tuple[str, list[str]]]] = {}
    for point in found.golden:
        said.setdefault(point.label, []).append((point.value, [value for _, value in point.other]))
    assert said["Name"] == [("Rosalind Applecote", ["Rosalynd Applecote"])]
    assert said["Date of birth"] == [("14 March 2012", ["15 March 2012"])]
    assert said["Postcode"] == [("S10 2AA", [])]


def test_the_entry_is_for_those_who_may_join_records(council: Council, browser: Client) -> None:
    child = council.child("Rosalind", "Applecote", date(2012, 3, 14))
    worker = council.account("social_worker", "Asha Lind")
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/child/{child.uid}/register/").status_code == 403
    with pytest.raises(NotPermitted):
        register.reissue(replace(council.reader, account=worker), "00000000-0000-4000-8000-000000000000", because="x")
    with as_system():
        assert not AuditEntry.objects.filter(action="opened the register").exists()
        assert reads.counts(council.holder.pk)["provisional"] == 0


def test_what_several_doors_say_otherwise_stands_once_with_all_of_them() -> None:
    uid = "00000000-0000-4000-8000-000000000000"
    said = (("daily_feed", "2 May 2012"), ("annex_a", "2 May 2012"), ("cin_census", ""))
    found = reads.Register(uid, "", [reads.GoldenValue("person_details", "Born", "1 May 2012", (), said)], [], [], [])

    (row,) = entry_page(found)["golden"].rows

    assert row[3].text == "2 May 2012 (daily feed, Annex A); nothing (CIN census)"
