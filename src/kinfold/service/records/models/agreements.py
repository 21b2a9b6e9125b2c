"""Organisations that share, what each has agreed to, and which policy holds now."""

import uuid

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder, Thing


class SharingOrganisation(models.Model):
    """
    An organisation that asks or is asked. `code` is its name in agreements; `client` its system, if one pulls work.

    `record_types` are the sorts of record it can hold; an organisation with none is never asked.
    """

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=20)
    record_types = models.JSONField(default=list)
    client_id = models.CharField(max_length=48, null=True, unique=True)  # noqa: DJ001 -- unique where given
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sharing_organisation"
        constraints = [models.UniqueConstraint(fields=["held_by", "code"], name="sharing_organisation_once")]

    def __str__(self) -> str:
        return self.code


class AgreementVersion(models.Model):
    """One version of what an organisation lets others know, as text. The last one holds, unless it was revoked."""

    organisation = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT)
    version = models.IntegerField()
    text = models.TextField()
    revoked = models.BooleanField(default=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    because = models.CharField(max_length=200)

    class Meta:
        db_table = "agreement_version"
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="agreement_version_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.version}"


class PolicyHead(models.Model):
    """Which policy holds now: written in the transaction that changes an agreement, read before every decision."""

    held_by = models.OneToOneField(Holder, on_delete=models.PROTECT, db_column="held_by", primary_key=True)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "policy_head"

    def __str__(self) -> str:
        return f"{self.held_by_id} {self.number}"


class SharingDecision(models.Model):
    """What somebody decided about sharing something of a child, to share or not to, and why."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    by = models.ForeignKey(Account, on_delete=models.PROTECT)
    at = models.DateTimeField()
    with_whom = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    purpose = models.CharField(max_length=24)
    basis = models.CharField(max_length=300)
    shared = models.BooleanField()
    because = models.TextField()
    told_family = models.BooleanField(null=True)

    class Meta:
        db_table = "sharing_decision"
        indexes = [models.Index(fields=["person", "at"], name="sharing_decision_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.shared}"
