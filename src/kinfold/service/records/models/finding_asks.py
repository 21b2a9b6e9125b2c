"""Who holds what about a child: what was asked, each custodian's piece of work, and what they said they hold."""

import uuid

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.agreements import SharingOrganisation
from kinfold.service.records.models.things import Holder, Thing


class Ask(models.Model):
    """One question about one child: by whom, for which organisation, what for and on which basis."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    by = models.ForeignKey(Account, on_delete=models.PROTECT)
    role = models.CharField(max_length=60)
    organisation = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24)
    basis = models.CharField(max_length=300)
    because = models.CharField(max_length=200)
    policy = models.CharField(max_length=64)
    trace = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ask"
        indexes = [models.Index(fields=["person", "-at"], name="ask_person")]

    def __str__(self) -> str:
        return str(self.uid)


class CustodianWork(models.Model):
    """
    A piece of work that a custodian pulls under a lease: to find (say what it holds) or to fetch (give a record).

    Work that was answered or stopped has `done_at`. A lease is a number that only whoever took it knows.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT)
    custodian = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT, db_index=False)
    fetch = models.BooleanField(default=False)
    record_types = models.JSONField(default=list)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    first_leased_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.CharField(max_length=16, default="", blank=True)
    stopped = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "custodian_work"
        indexes = [
            models.Index(fields=["custodian", "id"], condition=Q(done_at__isnull=True), name="custodian_work_open")
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Pointer(models.Model):
    """That a custodian holds a record of a sort, by its own number. Only what its agreement lets it tell is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    custodian = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT)
    record_type = models.CharField(max_length=24)
    system = models.CharField(max_length=60)
    record = models.CharField(max_length=80)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    last_ask = models.ForeignKey(Ask, on_delete=models.PROTECT)

    class Meta:
        db_table = "pointer"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "custodian", "record_type", "system", "record"], name="pointer_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)
