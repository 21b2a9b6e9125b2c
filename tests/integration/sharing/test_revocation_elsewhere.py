"""A revocation holds in every other process of the service within a second, and no clock's error undoes it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from kinfold.outside.custodians.children import ORGANISATIONS
from kinfold.service.records.actions.agreements import add_organisation, add_own, make_agreement
from kinfold.service.records.actions.agreements_demonstration import agreement_for
from kinfold.service.records.models import PolicyHead, SharingOrganisation
from kinfold.service.records.setting_up import add_holder
from kinfold.sharing.agreements import OrganisationSort, RecordType
from tests.integration.sharing.watching import last_told_yes, watching

pytestmark = pytest.mark.django_db(transaction=True)
POLICE = next(one for one in ORGANISATIONS if one.code == "vale-police")


def police_that_tell() -> SharingOrganisation:
    """Return a police force of an invented council with an agreement that lets the council know."""
    holder = add_holder(code="990", name="Elmshire")
    add_own(holder, by="test")
    row = add_organisation(
        holder, code=POLICE.code, name=POLICE.name, sort=OrganisationSort.POLICE,
        record_types=[RecordType.CRIME_JUSTICE], by="test",
    )  # fmt: skip
    agree(row)
    return row


def agree(row: SharingOrganisation) -> None:
    """Make the agreement anew."""
    make_agreement(row, agreement_for(POLICE), by="test", because="test")


def revoke(row: SharingOrganisation) -> float:
    """Revoke the agreement, and return the moment at which that was kept."""
    make_agreement(row, replace(agreement_for(POLICE), revoked=True), by="test", because="test")
    return time.time()


def test_another_process_is_told_no_within_a_second_of_a_revocation() -> None:
    row = police_that_tell()

    with watching(row.held_by_id, holder=POLICE.code, asker="990") as process:
        kept = revoke(row)
        # of the moments at which it began to ask, and not of when it was told: that is the machine's affair
        assert last_told_yes(process) - kept < 1


def test_a_head_made_by_a_clock_that_is_behind_is_the_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    row = police_that_tell()
    before = PolicyHead.objects.get().number

    monkeypatch.setattr(time, "time_ns", lambda: before - 3_600_000_000_000)
    revoke(row)

    assert PolicyHead.objects.get().number == before + 1
