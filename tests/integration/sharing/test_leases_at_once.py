"""Ten thousand pieces of work, several workers, some of which die: none is ever under two leases, and all are done."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.actions import finding_asks, finding_leases
from kinfold.service.records.actions.agreements import add_organisation, add_own
from kinfold.service.records.models import Account, Ask, CustodianWork, SharingOrganisation, Thing
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from kinfold.sharing.agreements import OrganisationSort, RecordType
from kinfold.sharing.finding import Outcome

pytestmark = pytest.mark.django_db(transaction=True)
WORK = 10_000
WORKERS = 4
BATCH = 50


def much_work(count: int) -> SharingOrganisation:
    """Return a custodian with so many pieces of work, about fifty invented children."""
    holder = add_holder(code="990", name="Elmshire")
    own = add_own(holder, by="test")
    custodian = add_organisation(
        holder, code="vale-police", name="Vale Police", sort=OrganisationSort.POLICE,
        record_types=[RecordType.CRIME_JUSTICE], by="test",
    )  # fmt: skip
    with as_system():
        by = Account.objects.create(email="a@990.invalid", name="Asha Lind", held_by=holder)
        children = [Thing(word="person", sort="child", held_by=holder) for _ in range(50)]
        Thing.objects.bulk_create(children)
        now = timezone.now()
        asks = Ask.objects.bulk_create(
            Ask(held_by=holder, person=child, by=by, role="social_worker", organisation=own, purpose="safeguarding",
                basis="article 6(1)(e)", because="test", policy="", at=now, until=now + timedelta(hours=72))
            for child in children
        )  # fmt: skip
        CustodianWork.objects.bulk_create(
            [
                CustodianWork(held_by=holder, ask=asks[place % 50], custodian=custodian, run_after=now,
                              record_types=["crime_justice"], until=now + timedelta(hours=72))
                for place in range(count)
            ], batch_size=1_000,
        )  # fmt: skip
    return custodian


class Puller(threading.Thread):
    """Takes work and answers it until there is none. Now and then it dies with work in hand: its leases run out."""

    def __init__(self, custodian: SharingOrganisation, seed: int, leases: Counter[tuple[str, str]]) -> None:
        super().__init__()
        self._custodian, self._chance, self._leases = custodian, random.Random(seed), leases
        self.taken, self.done, self.died, self.error = Counter[str](), Counter[str](), 0, None

    def run(self) -> None:
        """Pull until nothing is left."""
        try:
            while works := finding_leases.claim(self._custodian, most=BATCH):
                self.taken.update(one.work for one in works)
                if self._chance.random() < 0.03:
                    self.died += 1
                    ids = [UUID(one.work) for one in works]
                    with as_system():
                        CustodianWork.objects.filter(uid__in=ids).update(lease_until=timezone.now())
                    continue
                answers = [finding_asks.Answer(UUID(one.work), UUID(one.lease), Outcome.NONE) for one in works]
                told = finding_asks.answer(self._custodian, answers)
                self.done.update(str(work) for work, why in told.items() if not why)
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: there is nothing to race"
)
def test_ten_thousand_pieces_of_work_are_each_done_once_by_workers_that_die() -> None:
    custodian = much_work(WORK)
    pullers = [Puller(custodian, seed, Counter()) for seed in range(WORKERS)]

    for one in pullers:
        one.start()
    for one in pullers:
        one.join()

    assert [one.error for one in pullers] == [None] * WORKERS
    done = sum((one.done for one in pullers), Counter[str]())
    assert len(done) == WORK
    assert set(done.values()) == {1}
    assert sum(one.died for one in pullers) > 0
    taken = sum((one.taken for one in pullers), Counter[str]())
    # whatever was taken more often than done had been let go by a worker that died
    assert WORK <= sum(taken.values()) <= WORK + sum(one.died for one in pullers) * BATCH
    assert not CustodianWork.objects.filter(done_at__isnull=True).exists()
    assert audit.verify_chain(custodian.held_by_id) == []


def test_work_under_a_lease_is_nobody_elses_until_the_lease_has_run_out() -> None:
    custodian = much_work(3)
    first = finding_leases.claim(custodian, most=2)
    second = finding_leases.claim(custodian, most=10)
    later = finding_leases.claim(custodian, most=10, now=timezone.now() + timedelta(minutes=31))

    assert (len(first), len(second), len(later)) == (2, 1, 3)
    assert {one.work for one in first}.isdisjoint({one.work for one in second})
    assert {one.lease for one in later}.isdisjoint({one.lease for one in (*first, *second)})


@pytest.mark.parametrize("look", [finding_leases.waiting, finding_leases.claim], ids=["look for work", "take work"])
def test_a_look_for_work_walks_the_index_of_what_is_open(look: Callable[[SharingOrganisation], object]) -> None:
    """However much was asked in three days, a poll reads no more than what it takes."""
    custodian = much_work(3)
    with as_system(), CaptureQueriesContext(connection) as asked:
        look(custodian)
        (sql,) = [one["sql"] for one in asked.captured_queries if "done_at is null" in one["sql"]]
    with as_system(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("set local enable_seqscan = off")  # of three rows it would read all
        cursor.execute(f"explain {'query plan ' if connection.vendor == 'sqlite' else ''}{sql}")
        plan = str(cursor.fetchall())

    assert "custodian_work_open" in plan
