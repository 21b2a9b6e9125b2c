"""Retention, legal hold, and destroying by two people: what it says is gone, and the chain is whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import transaction

from kinfold.files.received import Incoming
from kinfold.service.records import erasure_log
from kinfold.service.records.actions import destroying, papers, receiving
from kinfold.service.records.audit import verify_chain
from kinfold.service.records.models import (
    FACT_TABLES,
    AuditEntry,
    Erasure,
    EventFact,
    IdentifierKey,
    KeptFile,
    Load,
    LoadedSubject,
    NameKey,
    PaperFact,
    PersonIndex,
    SpellFact,
)
from kinfold.service.records.reads.keeping import due_for_review
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.received import files_that_speak_of
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import keyed_hash
from kinfold.terms.errors import InputError, NotPermitted

pytestmark = pytest.mark.django_db
ENOUGH = "The time of the rule is over"


@pytest.fixture
def two(world: Any, settings: Any, tmp_path: Any) -> Any:
    """Return the council with two people of information governance and a record whose time is over."""
    settings.DATA = tmp_path
    world.work("information_governance", "Omar Tull")
    world.add("old", "child", "Percival", "Stone", date(1990, 1, 1))
    world.say("identifier", "old", values={"identifier_type": "la_child_id", "value": "C7"}, ref="C7")
    world.say("referral_episode", "old", values={}, valid_from=date(2001, 1, 1), valid_to=date(2001, 6, 1))
    world.say(
        "note", "old", values={"title": "A note", "sections": [{"words": "Long ago"}]}, valid_from=date(2001, 2, 1)
    )
    return world


def first(world: Any) -> Any:
    return for_rights(world.reader("information_governance"))


def second(world: Any) -> Any:
    return for_rights(world.reader("information_governance 2"))


def propose(world: Any, name: str = "old") -> str:
    return destroying.decide_review(first(world), world.uid(name), decision="destroy", reason=ENOUGH)


def test_a_record_whose_time_is_over_is_due_for_review(two: Any, web: Any) -> None:
    found = due_for_review(first(two))

    assert [one.name for one in found] == ["Percival Stone"]
    assert "Percival Stone" in web("information_governance").get("/rights/").content.decode()


def test_a_record_whose_time_is_not_over_cannot_be_destroyed(two: Any) -> None:
    with pytest.raises(InputError, match="not over"):
        propose(two, "child")


def test_one_person_cannot_destroy(two: Any) -> None:
    fact = propose(two)

    with pytest.raises(InputError, match="Another person must agree"):
        destroying.agree(first(two), fact)
    assert not Erasure.objects.exists()


def test_two_people_destroy_a_record_and_the_chain_stays_whole(
    two: Any, django_capture_on_commit_callbacks: Any
) -> None:
    papers.attach(first_worker(two), two.persons["old"], kind="attachment", day=date(2001, 3, 3), title="Scan",
                  name="x.pdf", content=b"%PDF-1.7 old")  # fmt: skip
    old = two.persons["old"]
    fact = propose(two)

    with django_capture_on_commit_callbacks(execute=True):
        count = destroying.agree(second(two), fact)

    assert count >= 6
    for model in FACT_TABLES.values():
        left = model.objects.filter(subject=old).exclude(payload={}).values_list("kind", flat=True)
        assert set(left) <= {"disposal_review"}
    assert KeptFile.objects.get().content is None
    assert not NameKey.objects.filter(person=old).exists()
    assert not IdentifierKey.objects.filter(thing=old).exists()
    assert PersonIndex.objects.get(pk=old.pk).name == ""
    assert verify_chain(two.holder.pk) == []
    assert len(erasure_log.read_log()[0]) == count
    review = EventFact.objects.get(kind="disposal_review", known_to__isnull=True)
    assert review.payload["destroyed_date"]
    assert AuditEntry.objects.filter(action="destroyed record", person=two.uid("old")).exists()


def first_worker(world: Any) -> Any:
    from kinfold.service.records.actions import people

    worker = world.accounts["social_worker"]
    people.allocate(children=[world.persons["old"]], worker=worker.person, role="SOCIAL_WORKER", by="test",
                    because="a test", today=date(2025, 5, 1))  # fmt: skip
    return world.reader("social_worker")


def test_the_log_says_nothing_that_tells_who_it_was(two: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        destroying.agree(second(two), propose(two))

    assert "Percival" not in erasure_log.log_path().read_text()
    assert "C7" not in erasure_log.log_path().read_text()


def test_a_proposal_that_was_carried_out_is_not_carried_out_again(two: Any) -> None:
    fact = propose(two)
    destroying.agree(second(two), fact)

    with pytest.raises(NotPermitted):
        destroying.agree(second(two), fact)


def test_a_legal_hold_stops_proposing_and_agreeing(two: Any, web: Any) -> None:
    fact = propose(two)
    client = web("information_governance")
    client.post(f"/children/{two.uid('old')}/rights/hold/", {"reason": "A national inquiry"})

    with pytest.raises(InputError, match="legal hold"):
        destroying.agree(second(two), fact)
    with pytest.raises(InputError, match="legal hold"):
        destroying.propose_erasure(first(two), two.uid("old"), word="paper", fact=str(PaperFact.objects.get().fact),
                                   ground=destroying.GROUNDS[0])  # fmt: skip
    hold = SpellFact.objects.get(kind="legal_hold").fact
    assert (
        client.post(f"/children/{two.uid('old')}/rights/hold/{hold}/", {"because": "The inquiry closed"}).status_code
        == 302
    )
    assert destroying.agree(second(two), fact)


def test_a_proposal_is_declined_with_a_reason_and_nothing_is_destroyed(two: Any) -> None:
    fact = propose(two)

    destroying.decline(second(two), fact, because="A brother still asks about it")

    assert not Erasure.objects.exists()
    assert EventFact.objects.get(fact=fact, known_to__isnull=True).status == "void"


def test_one_fact_is_erased_by_law_in_every_version(two: Any, web: Any) -> None:
    note = PaperFact.objects.get()
    href = f"/children/{two.uid('old')}/rights/erase/paper/{note.fact}/"

    answer = web("information_governance").post(href, {"ground": destroying.GROUNDS[1]})

    assert answer.status_code == 302
    proposal = EventFact.objects.get(kind="erasure").fact
    for page in ("/rights/", f"/rights/{proposal}/"):
        assert "Case note, 1 February 2001" in web("information_governance 2").get(page).content.decode()
    assert web("information_governance 2").post(f"/rights/{proposal}/", {"answer": "agree"}).status_code == 302
    assert PaperFact.objects.get(fact=note.fact).payload == {}
    assert SpellFact.objects.get(subject=two.persons["old"]).payload is not None
    assert PersonIndex.objects.get(pk=two.persons["old"].pk).name == "Percival Stone"
    assert verify_chain(two.holder.pk) == []


def test_the_database_refuses_to_empty_what_no_erasure_names(two: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperFact.objects.update(payload={})


def test_nobody_else_may_propose_or_agree(two: Any, web: Any) -> None:
    two.work("team_manager", "Mary Ash")

    assert web("team_manager").get("/rights/").status_code == 403
    with pytest.raises(NotPermitted):
        destroying.decide_review(two.reader("social_worker"), two.uid("old"), decision="destroy", reason=ENOUGH)


def test_keeping_longer_and_archiving_need_no_second_person(two: Any) -> None:
    destroying.decide_review(first(two), two.uid("old"), decision="archive", reason="The county archive takes it")

    assert due_for_review(first(two)) == []
    assert find_person(two.uid("old"))


EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"


def received(world: Any, folder: Path, year: int, numbers: list[str]) -> Load:
    """Load an invented return of a year with a placement of each of these children."""
    where = folder / f"return-{year}"
    where.mkdir()
    header = ["CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", *(f"{n},1,01/01/2012,WBRI,,," for n in numbers)]
    episodes = [EPISODES, *(f"{n},01/05/{year},S,C2,N1,U1,PR1,,,,,," for n in numbers)]
    for table, lines in (("header.csv", header), ("episodes.csv", episodes)):
        (where / table).write_text("\n".join([*lines, ""]))
    with as_system():
        done = receiving.receive(
            [[Incoming(where.name, where)]], by="test", today=date(2026, 3, 4), council=world.holder.code
        )
    assert not done.refused, done.refused
    assert done.loads[0].state == Load.State.DONE, done.loads[0].message
    return done.loads[0]


def test_the_received_files_that_speak_of_a_person_are_found_and_destroyed(
    two: Any, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.RECEIVED_FILES = tmp_path / "received"
    both, other = received(two, tmp_path, 2025, ["C8", "C9"]), received(two, tmp_path, 2024, ["C9"])
    person = LoadedSubject.objects.get(key="C8").subject
    kept, holder = receiving.kept_folder(two.holder.pk), two.holder.pk
    marks = {load.pk: {keyed_hash(holder, file.sha256) for file in load.files.all()} for load in (both, other)}
    assert {path.name for path in kept.iterdir()} == marks[both.pk] | marks[other.pk]

    found = list(files_that_speak_of(holder, [person.pk], today=date(2026, 3, 4)))
    with django_capture_on_commit_callbacks(execute=True):
        for mark in found:
            erasure_log.carry_out(erasure_log.Erased(holder, str(person.uid), f"received:{mark}", "law", "a", "b", ""))

    assert set(found) == marks[both.pk]
    assert {path.name for path in kept.iterdir()} == marks[other.pk]
    placements = SpellFact.objects.filter(kind="placement").exclude(payload={})
    assert placements.exclude(subject=person).exists(), "what is known of other children stays"
    assert verify_chain(holder) == []
