"""What a load means: what is new, unchanged, changed, withdrawn; and that it can stop anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.record.claim import Claim, Delivery, Key, Place, Problem, Purge, ReceivedFile, SubjectRecord
from kinfold.service.records.loading.run import begin, run
from kinfold.service.records.models import Load, LoadedSubject, PersonIndex, QuarantinedRow, Reach, SpellFact, Thing
from kinfold.service.records.setting_up import add_holder

pytestmark = pytest.mark.django_db
YEAR = (date(2025, 4, 1), date(2026, 4, 1))


def plan(child: str, started: date, ended: date | None, *, row: int, category: str = "NEG") -> Claim:
    return Claim(
        kind="child_protection_plan",
        natural_key=started.isoformat(),
        valid_from=started,
        valid_to=ended,
        payload={"initial_category": category},
        places=(Place(0, "plans", row),),
    )


def record(child: str, *claims: Claim, **rest: Any) -> SubjectRecord:
    said = repr([child, claims, rest.get("problems")])
    rows = {p for c in claims for p in c.places} | {p.place for p in rest.get("problems", [])}
    rows |= {p.place for p in rest.get("purges", [])}
    return SubjectRecord(
        subject=Key("child", child),
        rows=len(rows),
        digest=hashlib.blake2b(said.encode(), digest_size=16).digest(),
        claims=list(claims),
        **rest,
    )


def delivery(
    *records: SubjectRecord, full: bool = True, extracted: int = 1, name: str = "plans.csv", **rest: Any
) -> Delivery:
    def read() -> Iterator[SubjectRecord]:
        yield from records

    mark = hashlib.sha256(repr([name, extracted, records]).encode()).hexdigest()
    return Delivery(
        door="cin_census",
        collection="2025-26",
        window=YEAR,
        kinds=frozenset({"child_protection_plan"}),
        full=full,
        files=(ReceivedFile(name, mark, 10),),
        read=read,
        extracted_at=datetime(2026, 5, extracted, tzinfo=UTC),
        **rest,
    )


@pytest.fixture
def council() -> int:
    return add_holder(code="990", name="Elmshire").pk


def take(held_by: int, sent: Delivery) -> Load:
    load, before = begin(sent, held_by=held_by, by="test")
    return load if before else run(load, sent)


def shown(held_by: int) -> list[tuple[str, str | None, str]]:
    facts = SpellFact.objects.filter(held_by=held_by, known_to__isnull=True).order_by("valid_from", "fact")
    return [(str(f.valid_from), f.valid_to and str(f.valid_to), f.status) for f in facts]


def test_each_row_becomes_a_fact_with_where_it_came_from(council: int) -> None:
    load = take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2))))

    fact = SpellFact.objects.get()
    assert (load.rows, load.facts, load.unchanged, load.quarantined, load.children) == (1, 1, 0, 0, 1)
    assert (fact.place_table, fact.place_row, fact.load, fact.recorded_by) == ("plans", 2, load.pk, "test")
    assert PersonIndex.objects.filter(la_child_id="C1").count() <= 1


def test_the_same_files_again_change_nothing(council: int) -> None:
    sent = delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2)))
    first = take(council, sent)

    second = take(council, sent)

    assert second.pk == first.pk
    assert SpellFact.objects.count() == 1


def test_the_same_rows_in_another_file_are_unchanged(council: int) -> None:
    rows = record("C1", plan("C1", date(2025, 5, 1), None, row=2))
    take(council, delivery(rows))

    load = take(council, delivery(rows, extracted=2, name="again.csv"))

    assert (load.facts, load.unchanged) == (0, 1)
    assert SpellFact.objects.count() == 1


def test_a_changed_row_becomes_a_new_version_of_the_same_fact(council: int) -> None:
    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2))))

    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), date(2025, 9, 1), row=2)), extracted=2))

    old, new = SpellFact.objects.order_by("pk")
    assert old.fact == new.fact
    assert old.known_to == new.known_from
    assert new.supersedes_id == old.pk
    assert shown(council) == [("2025-05-01", "2025-09-01", "final")]


def test_an_older_extract_arriving_late_changes_nothing(council: int) -> None:
    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), date(2025, 9, 1), row=2)), extracted=9))

    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2)), extracted=2))

    assert shown(council) == [("2025-05-01", "2025-09-01", "final")]


def test_a_later_full_load_withdraws_what_it_no_longer_carries(council: int) -> None:
    both = record("C1", plan("C1", date(2025, 5, 1), None, row=2), plan("C1", date(2025, 8, 1), None, row=3))
    take(council, delivery(both))

    load = take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2)), extracted=2))

    assert load.withdrawn == 1
    assert shown(council) == [("2025-05-01", None, "final"), ("2025-08-01", None, "void")]
    assert "no longer carries" in SpellFact.objects.get(status="void").reason


def test_a_later_full_load_withdraws_a_child_it_does_not_mention(council: int) -> None:
    one, two = (record(c, plan(c, date(2025, 5, 1), None, row=r)) for c, r in (("C1", 2), ("C2", 3)))
    take(council, delivery(one, two))

    take(council, delivery(one, extracted=2))

    assert sorted(status for _, _, status in shown(council)) == ["final", "void"]


def test_a_partial_load_withdraws_nothing_it_does_not_carry(council: int) -> None:
    one, two = (record(c, plan(c, date(2025, 5, 1), None, row=r)) for c, r in (("C1", 2), ("C2", 3)))
    take(council, delivery(one, two))

    take(council, delivery(one, extracted=2, full=False))

    assert [status for _, _, status in shown(council)] == ["final", "final"]


def test_what_lies_outside_the_window_is_not_withdrawn(council: int) -> None:
    old = record("C1", plan("C1", date(2023, 5, 1), date(2024, 1, 1), row=2))
    take(council, delivery(old))

    take(council, delivery(record("C9", plan("C9", date(2025, 6, 1), None, row=2)), extracted=2))

    assert shown(council)[0] == ("2023-05-01", "2024-01-01", "final")


def test_a_purge_withdraws_what_it_names(council: int) -> None:
    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2)), full=False))

    purge = Purge(Place(0, "plans", 2), kind="child_protection_plan", natural_key="2025-05-01")
    take(council, delivery(record("C1", purges=[purge]), full=False, extracted=2))

    assert [status for _, _, status in shown(council)] == ["void"]


def test_a_row_that_cannot_be_read_is_quarantined_and_withdraws_nothing(council: int) -> None:
    take(council, delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2))))
    bad = Problem(Place(0, "plans", 2), "CPPstartDate", "impossible_date", "31/02/2025 is not a day", "Correct it")

    load = take(council, delivery(record("C1", problems=[bad]), extracted=2))

    assert (load.rows, load.facts, load.unchanged, load.quarantined) == (1, 0, 0, 1)
    assert QuarantinedRow.objects.get().message == "31/02/2025 is not a day"
    assert [status for _, _, status in shown(council)] == ["final"]


def test_a_large_withdrawal_waits_for_somebody_to_confirm(council: int) -> None:
    many = [record(f"C{n}", plan(f"C{n}", date(2025, 5, 1), None, row=n)) for n in range(2, 202)]
    take(council, delivery(*many))

    load = take(council, delivery(*many[:3], extracted=2))

    assert load.state == Load.State.CONFIRM
    assert load.to_withdraw == 197
    assert {status for _, _, status in shown(council)} == {"final"}


def test_a_load_that_stops_halfway_is_finished_by_running_it_again(
    council: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kinfold.service.records.loading.run as running

    monkeypatch.setattr(running, "BATCH", 10)
    many = [record(f"C{n}", plan(f"C{n}", date(2025, 5, 1), None, row=n)) for n in range(2, 52)]
    sent = delivery(*many)
    load, _ = begin(sent, held_by=council, by="test")

    def stop(done: int, out_of: int | None) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(load, sent, progress=stop)
    assert 0 < SpellFact.objects.count() < 50

    again, before = begin(sent, held_by=council, by="test")
    finished = run(again, sent)

    assert not before
    assert again.pk == load.pk
    assert (finished.rows, finished.facts, finished.unchanged) == (50, 50, 0)
    assert SpellFact.objects.count() == 50
    assert LoadedSubject.objects.count() == 50


def test_two_councils_with_the_same_child_number_share_nothing(council: int) -> None:
    other = add_holder(code="991", name="Oakbridge").pk
    sent = delivery(record("C1", plan("C1", date(2025, 5, 1), None, row=2)))

    take(council, sent)
    take(other, sent)

    assert Thing.objects.filter(sort="child").count() == 2
    assert SpellFact.objects.values("held_by").distinct().count() == 2


def test_one_child_through_two_doors_is_one_person_by_the_pupil_number(council: int) -> None:
    born = Claim("person_details", "", None, None, {"birth_date": "2012-03-04"}, (Place(0, "children", 2),))
    upn = [("upn", "A123456789012")]
    take(council, delivery(record("C1", born, identifiers=upn), full=False))
    second = delivery(record("DIFFERENT1", born, identifiers=upn), full=False, name="feed.json")
    second.door = "daily_feed"

    take(council, second)

    assert Thing.objects.filter(sort="child").count() == 1


def test_a_shared_pupil_number_with_another_birth_date_stays_two_persons(council: int) -> None:
    def born(day: str) -> Claim:
        return Claim("person_details", "", None, None, {"birth_date": day}, (Place(0, "children", 2),))

    upn = [("upn", "A123456789012")]
    take(council, delivery(record("C1", born("2012-03-04"), identifiers=upn), full=False))
    take(council, delivery(record("C2", born("2014-09-09"), identifiers=upn), full=False, name="b", extracted=2))

    assert Thing.objects.filter(sort="child").count() == 2


def test_an_allocation_gives_its_worker_reach(council: int) -> None:
    claim = Claim("allocation", "a", date(2025, 5, 1), None, {}, (Place(0, "workers", 2),), party=Key("worker", "SW1"))

    take(council, delivery(record("C1", claim), full=False))

    reach = Reach.objects.get()
    assert (reach.sort, reach.until_date) == ("open_allocation", None)
    assert reach.person.sort == "child"
    assert reach.actor.sort == "worker"
