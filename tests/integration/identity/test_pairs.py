"""Records that may be the same child: found, shown side by side, decided, undone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.access.words import Label
from kinfold.command.pairs import pairs
from kinfold.identity.compare import COMPARISONS
from kinfold.identity.pairs import decisions_in
from kinfold.service.jobs.queue import take
from kinfold.service.jobs.tasks import run_task
from kinfold.service.jobs.worker import pairs as _named  # noqa: F401 -- names the task
from kinfold.service.records.actions import facts, identity, people
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Account, AuditEntry, Holder, IdentifierKey, Pair, PersonIndex, SameAs, Thing
from kinfold.service.records.reads import identity as reads
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from kinfold.service.web.presenters.identity import POINTS
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2020, 1, 1)


class Council:
    """An invented council with a few children, some of them twice."""

    def __init__(self, code: str = "990", name: str = "Elmshire") -> None:
        self.holder: Holder = add_holder(code=code, name=name)
        self.officer = self.account("information_governance", f"Ilse Marran {code}")

    def account(self, role: str, name: str) -> Account:
        email = f"{name.lower().replace(' ', '.')}@council.invalid"
        made = people.add_account(email=email, name=name, holder=self.holder, by="test", today=FIRST_DAY)
        people.give_role(account=made, role=role, by="test", because="a test", today=FIRST_DAY)
        return made

    def child(
        self, forename: str, surname: str, born: date, *, postcode: str = "", sex: str = "F", nhs: str = ""
    ) -> Thing:
        with as_system():
            child = Thing.objects.create(word="person", sort="child", held_by=self.holder)
            say: dict[str, Any] = {"subject": child, "by": "test", "because": "a test"}
            facts.record_fact(kind="person_details", values={"birth_date": born, "sex": sex}, **say)
            facts.record_fact(
                kind="name", values={"forename": forename, "surname": surname, "name_type": "LEGAL"}, **say
            )
            if postcode:
                facts.record_fact(
                    kind="address", values={"postcode": postcode}, ref=postcode, valid_from=date(2024, 1, 1), **say
                )
            if nhs:
                IdentifierKey.objects.create(held_by=self.holder, sort="nhs_number", value=nhs, thing=child)
            index_persons(self.holder.pk, {child.pk})
        return child

    @property
    def reader(self) -> Reader:
        return reads.for_comparing(Reader(self.officer))


@pytest.fixture
def council(settings: Any) -> Council:
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = Council()
    made.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    made.child("Rosalynd", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    made.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")
    return made


def found_pair(council: Council) -> Pair:
    with as_system():
        assert identity.find_pairs(council.holder.pk) == 1
        return Pair.objects.get()


def test_two_records_of_one_child_are_found_and_nobody_else(council: Council) -> None:
    pair = found_pair(council)

    with as_system():
        names = set(PersonIndex.objects.filter(pk__in=[pair.first_id, pair.second_id]).values_list("name", flat=True))
    assert names == {"Rosalind Applecote", "Rosalynd Applecote"}
    assert pair.probability > 0.5
    assert pair.decision == Pair.Decision.OPEN


def test_the_list_says_why_in_words_and_counts_as_a_look(council: Council) -> None:
    found_pair(council)

    (row,) = reads.queue(council.reader).waiting

    assert "the same date of birth" in row.why
    assert "nearly the same name" in row.why
    with as_system():
        assert AuditEntry.objects.filter(action="pairs to compare").exists()


def test_the_same_person_is_joined_by_the_records_own_link_and_can_be_parted(council: Council) -> None:
    pair = found_pair(council)

    identity.decide(council.reader, pair.uid, "same")
    with as_system():
        assert SameAs.objects.filter(known_to__isnull=True).count() == 1
        assert identity.find_pairs(council.holder.pk) == 0
    identity.undo(council.reader, pair.uid)

    with as_system():
        assert SameAs.objects.filter(known_to__isnull=True).count() == 0
        assert SameAs.objects.count() == 1
        assert Pair.objects.get().decision == Pair.Decision.OPEN
        said = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"joined records", "parted records", "pair: same", "pair undone: same"} <= said


def test_two_people_are_never_asked_about_again_until_it_is_undone(council: Council) -> None:
    pair = found_pair(council)

    identity.decide(council.reader, pair.uid, "apart")

    with as_system():
        assert identity.find_pairs(council.holder.pk) == 0
        assert Pair.objects.get().decision == Pair.Decision.APART
        assert not SameAs.objects.exists()
    identity.undo(council.reader, pair.uid)
    assert len(reads.queue(council.reader).waiting) == 1


def test_two_who_decide_at_once_do_not_overwrite_each_other(council: Council) -> None:
    pair = found_pair(council)
    identity.decide(council.reader, pair.uid, "apart")

    with pytest.raises(EditConflict):
        identity.decide(council.reader, pair.uid, "same")
    with as_system():
        assert not SameAs.objects.exists()


def test_what_is_no_decision_is_said_so(council: Council) -> None:
    with pytest.raises(InputError, match="Choose"):
        identity.decide(council.reader, found_pair(council).uid, "perhaps")


def test_a_pair_that_is_not_doubtful_any_more_is_taken_off(council: Council) -> None:
    pair = found_pair(council)
    with as_system():
        PersonIndex.objects.filter(pk=pair.second_id).update(birth_date=date(2001, 1, 9), postcode="")

        assert identity.find_pairs(council.holder.pk) == 0
        assert not Pair.objects.exists()


def test_a_sealed_record_is_never_put_beside_another(council: Council) -> None:
    with as_system():
        row = PersonIndex.objects.filter(name="Rosalynd Applecote")
        row.update(label=Label.SEALED.value)

        assert identity.find_pairs(council.holder.pk) == 0


def test_children_of_two_councils_are_never_compared(council: Council) -> None:
    other = Council("991", "Oakshire")
    other.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M")

    with as_system():
        assert identity.find_pairs(other.holder.pk) == 0
    pair = found_pair(council)
    with pytest.raises(NotPermitted):
        reads.side_by_side(other.reader, pair.uid)


def test_a_social_worker_may_not_join_records(council: Council) -> None:
    pair = found_pair(council)
    worker = reads.for_comparing(Reader(council.account("social_worker", "Asha Lind")))

    with pytest.raises(NotPermitted):
        identity.decide(worker, pair.uid, "same")
    assert reads.queue(worker).waiting == []


def test_decisions_are_given_to_training_without_names_or_numbers(council: Council) -> None:
    pair = found_pair(council)
    identity.decide(council.reader, pair.uid, "same")

    with as_system():
        decided = reads.decided_pairs(council.holder.pk)

    assert decided == {(tuple(pair.levels), True): 1}


# ---- the pages
@pytest.fixture
def browser(council: Council) -> Client:
    client = Client()
    client.force_login(council.officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_empty_list_says_what_to_do_and_a_look_is_worked_off(council: Council, browser: Client) -> None:
    assert "look for pairs again" in browser.get("/same-child/").content.decode()

    answer = browser.post("/same-child/look/", follow=True)
    assert "being compared" in answer.content.decode()
    jobs = {job.name: job for job in iter(lambda: take("a test"), None)}
    assert run_task(jobs[identity.TASK]) == "pairs that wait: 1"
    assert "Rosalynd Applecote" in browser.get("/same-child/").content.decode()


def test_two_records_are_shown_side_by_side_with_the_reasons(council: Council, browser: Client) -> None:
    pair = found_pair(council)

    page = browser.get(f"/same-child/{pair.uid}/").content.decode()

    assert page.count("Rosalind Applecote") >= 1
    assert page.count("S10 2AA") == 2
    assert "Differs" in page
    assert "For: " in page
    assert "<svg" in page
    for key in ("s", "d", "u"):
        assert f'accesskey="{key}"' in page


def test_a_decision_leads_to_the_next_pair_and_can_be_undone_from_there(council: Council, browser: Client) -> None:
    council.child("Gwendolen", "Ashcombe", date(2008, 2, 29), postcode="LS1 4AP")
    council.child("Gwendolin", "Ashcombe", date(2008, 2, 29), postcode="LS1 4AP")
    with as_system():
        assert identity.find_pairs(council.holder.pk) == 2
        first, second = Pair.objects.order_by("-probability", "pk")

    answer = browser.post(f"/same-child/{first.uid}/", {"decision": "apart"}, follow=True)

    assert answer.redirect_chain == [(f"/same-child/{second.uid}/?after={first.uid}", 302)]
    page = answer.content.decode()
    assert "Marked as two people" in page
    assert f"/same-child/{first.uid}/undo/" in page
    answer = browser.post(f"/same-child/{first.uid}/undo/", follow=True)
    assert "Undone" in answer.content.decode()


def test_somebody_without_the_power_sees_no_such_page(council: Council) -> None:
    client = Client()
    worker = council.account("social_worker", "Asha Lind")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/same-child/").status_code == 403
    assert client.get(f"/same-child/{found_pair(council).uid}/").status_code == 403


def test_the_command_says_how_many_wait_and_writes_what_was_decided(
    council: Council, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = found_pair(council)
    identity.decide(council.reader, pair.uid, "apart")
    monkeypatch.setattr("kinfold.service.records.setting_up.ready", lambda: None)  # the test's database is made already
    out = tmp_path / "decisions.json"

    pairs(council="990", decisions=out, as_json=True)

    assert json.loads(capsys.readouterr().out) == {"waiting": 0, "decided": 1}
    assert decisions_in(out) == {(tuple(pair.levels), False): 1}


def test_fifty_doubtful_pairs_are_cleared_one_after_the_other_by_single_keys(council: Council, browser: Client) -> None:
    with as_system():
        things = Thing.objects.bulk_create(
            Thing(word="person", sort="child", held_by=council.holder) for _ in range(100)
        )
        PersonIndex.objects.bulk_create(
            PersonIndex(person=thing, held_by=council.holder, sort="child", name=f"Invented {number // 2}")
            for number, thing in enumerate(things)
        )
        Pair.objects.bulk_create(
            Pair(
                held_by=council.holder, first=things[number], second=things[number + 1], probability=0.9 - number / 1000,
                levels=[], model="test", found_at=timezone.now(),
            )
            for number in range(0, 100, 2)
        )  # fmt: skip
        address = f"/same-child/{Pair.objects.order_by('-probability')[0].uid}/?keys=1"
    decisions = ("apart", "same", "unsure")

    for number in range(50):
        page = browser.get(address).content.decode()
        assert "pairs.js" in page
        assert 'name="keys" value="1"' in page
        address = browser.post(address, {"decision": decisions[number % 3], "keys": "1"}).headers["Location"]
    with as_system():
        assert Pair.objects.filter(decision=Pair.Decision.OPEN).count() == 0
        last = Pair.objects.get(probability__lt=0.803)
    assert address == f"/same-child/?after={last.uid}&keys=1"
    page = browser.get(address).content.decode()
    assert "Undo the last decision (key Z)" in page
    assert "pairs.js" in page
    browser.post(f"/same-child/{last.uid}/undo/", {"keys": "1"})
    with as_system():
        assert Pair.objects.filter(decision=Pair.Decision.OPEN).count() == 1
        assert Pair.objects.filter(decision=Pair.Decision.SAME).count() == (
            SameAs.objects.filter(known_to__isnull=True).count()
        )


def _twice(council: Council) -> None:
    council.child("Clemency", "Brindlow", date(2011, 6, 8), postcode="S11 8AA")
    council.child("Clemencie", "Brindlow", date(2011, 6, 8), postcode="S11 8AA")
    with as_system():
        assert identity.find_pairs(council.holder.pk) == 2


def test_two_reviewers_are_not_given_the_same_pair(council: Council, browser: Client) -> None:
    _twice(council)
    first = reads.queue(council.reader).first
    browser.get(f"/same-child/{first}/")

    other = reads.for_comparing(Reader(council.account("information_governance", "Osric Vale")))

    assert reads.queue(council.reader).first == first
    assert reads.queue(other).first not in ("", first)
    assert reads.next_waiting(other) == reads.queue(other).first


def test_whoever_comes_second_is_told_so_and_goes_on_to_the_next_pair(council: Council, browser: Client) -> None:
    _twice(council)
    (one, two) = (row.uid for row in reads.queue(council.reader).waiting)
    identity.decide(council.reader, one, "apart")

    answer = browser.post(f"/same-child/{one}/", {"decision": "same", "keys": "1"}, follow=True)

    assert answer.redirect_chain == [(f"/same-child/{two}/?keys=1", 302)]
    assert "Their decision stands" in answer.content.decode()
    with as_system():
        assert Pair.objects.get(uid=one).decision == "apart"


def test_what_was_put_aside_stays_in_the_list_with_who_put_it_there(council: Council, browser: Client) -> None:
    pair = found_pair(council)
    identity.decide(council.reader, pair.uid, "unsure")

    page = browser.get("/same-child/").content.decode()

    assert "Put aside: cannot be told yet" in page
    assert f"/same-child/{pair.uid}/" in page
    assert page.count(council.officer.name) == 2  # at the top of the page, and beside the decision
    assert reads.queue(council.reader).decided == []


def test_every_point_that_is_drawn_has_words_of_its_own() -> None:
    assert [one.name for one in COMPARISONS if one.name not in POINTS] == []
