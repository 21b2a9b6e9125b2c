"""Heads signed outside the database show what a change inside it would hide."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kinfold.service.records import audit, audit_heads, guards
from kinfold.service.records.models import AuditBody, AuditCut, AuditEntry, AuditHead
from kinfold.service.records.setting_up import add_holder
from kinfold.terms.errors import InputError

pytestmark = pytest.mark.django_db
MARCH, APRIL = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def chain(data: Path) -> int:
    """Return a holder with ten links in March and ten in April."""
    holder = add_holder(code="991", name="Oakshire").pk
    for at in (MARCH, APRIL):
        audit.append(holder, [{"actor": "a", "action": "opened", "body": {"number": n}} for n in range(10)], at=at)
    return holder


@pytest.fixture
def owner() -> Iterator[None]:
    """Be the owner of the database, who can take its guards away."""
    with guards.lifted():
        yield


def test_each_month_that_is_over_is_cut_once(chain: int, data: Path) -> None:
    first = audit_heads.cut(now=datetime(2026, 4, 1, 2, 0, tzinfo=UTC))
    second = audit_heads.cut(now=MAY)
    third = audit_heads.cut(now=MAY)

    assert [(c.head.month, c.head.seq) for c in first] == [("2026-03", 10)]
    assert [(c.head.month, c.head.seq) for c in second] == [("2026-04", 20)]
    assert third == []
    assert AuditCut.objects.count() == 2
    assert audit_heads.verify_holder(chain).faults == []
    assert audit_heads.verify_holder(chain).cuts == 2


def test_only_the_service_reads_the_signing_key(chain: int) -> None:
    audit_heads.cut(now=MAY)

    path = audit_heads.signing_key_file(chain)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("month", ["2026-05", "2027-01"])
def test_a_month_that_is_not_over_is_not_cut(chain: int, month: str) -> None:
    with pytest.raises(InputError, match="not over yet"):
        audit_heads.cut(now=MAY, month=month)


@pytest.mark.parametrize("month", ["2026", "march", "2026-13"])
def test_what_is_no_month_is_refused(chain: int, month: str) -> None:
    with pytest.raises(InputError, match="A month is written like"):
        audit_heads.cut(now=MAY, month=month)


def test_links_cut_off_the_end_are_missed_by_the_head_outside(chain: int, owner: None) -> None:
    audit_heads.cut(now=MAY)
    AuditEntry.objects.filter(held_by=chain, seq__gt=15).delete()
    AuditBody.objects.filter(held_by=chain, seq__gt=15).delete()
    last = AuditEntry.objects.get(held_by=chain, seq=15)
    AuditHead.objects.filter(held_by=chain).update(seq=15, hash=last.hash)
    AuditCut.objects.filter(month="2026-04").delete()

    found = audit_heads.verify_holder(chain)

    assert [(fault.fault, fault.seq) for fault in found.faults] == [("head", 20)]


def test_links_cut_off_without_moving_the_head_are_seen_inside(chain: int, owner: None) -> None:
    AuditEntry.objects.filter(held_by=chain, seq__gt=15).delete()

    assert [fault.fault for fault in audit_heads.tail_faults(chain)] == ["end"]


def test_a_whole_chain_written_again_is_seen_by_the_head_outside(chain: int, owner: None) -> None:
    audit_heads.cut(now=MAY)
    for model in (AuditEntry, AuditBody, AuditHead, AuditCut):
        model.objects.all().delete()
    audit.append(chain, [{"actor": "b", "action": "nothing to see"}] * 20, at=APRIL)

    found = audit_heads.verify_holder(chain)

    assert {fault.fault for fault in found.faults} == {"head"}
    assert len(found.faults) == 2


def test_a_changed_link_is_named(chain: int, owner: None) -> None:
    AuditEntry.objects.filter(held_by=chain, seq=7).update(actor="somebody else")

    assert [(fault.seq, fault.fault) for fault in audit_heads.verify_holder(chain).faults] == [(7, "hash")]


def test_a_changed_head_outside_is_seen(chain: int) -> None:
    audit_heads.cut(now=MAY)
    path = audit_heads.heads_folder() / str(chain) / "2026-04.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "seq": 19}))

    assert {fault.fault for fault in audit_heads.verify_holder(chain).faults} == {"signature", "head"}


def test_a_head_taken_away_is_noted_and_written_again(chain: int) -> None:
    audit_heads.cut(now=MAY)
    path = audit_heads.heads_folder() / str(chain) / "2026-04.json"
    before = path.read_text()
    path.unlink()

    noted = audit_heads.verify_holder(chain)
    audit_heads.cut(now=MAY)

    assert noted.faults == []
    assert "2026-04 is not outside the database" in noted.notes[0]
    assert path.read_text() == before


def test_what_a_restore_lost_is_a_note_and_not_a_fault(chain: int, owner: None) -> None:
    audit_heads.cut(now=MAY)
    AuditEntry.objects.filter(held_by=chain, seq__gt=12).delete()
    AuditBody.objects.filter(held_by=chain, seq__gt=12).delete()
    AuditCut.objects.filter(month="2026-04").delete()
    last = AuditEntry.objects.get(held_by=chain, seq=12)
    AuditHead.objects.filter(held_by=chain).update(seq=12, hash=last.hash)

    audit_heads.note_restore(chain, now=datetime(2026, 5, 3, tzinfo=UTC))
    audit.append(chain, [{"action": "restored from backup"}], at=datetime(2026, 5, 3, tzinfo=UTC))

    found = audit_heads.verify_holder(chain)
    assert found.faults == []
    assert found.notes == [
        "Links 13 to 20 were lost when a backup was restored on 3 May 2026: the head of 2026-04 is of the chain before."
    ]


def test_the_tail_is_verified_after_what_went_before(chain: int, owner: None) -> None:
    assert audit_heads.tail_faults(chain, length=5) == []

    AuditEntry.objects.filter(held_by=chain, seq=18).update(action="something else")

    assert [(f.seq, f.fault) for f in audit_heads.tail_faults(chain, length=5)] == [(18, "hash")]


def test_an_unknown_holder_is_said_in_words(chain: int) -> None:
    with pytest.raises(InputError, match="No holder here has the code 555"):
        audit_heads.verify_all("555")
