"""One child's shared space: what each partner adds, marked as theirs, and who wants to hear of new concerns."""

import uuid

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.agreements import SharingOrganisation
from kinfold.service.records.models.things import Holder, Thing


class Contribution(models.Model):
    """What one partner put into a child's shared space. Sealed under the holder's key; never edited, only withdrawn."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    organisation = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT)
    by = models.ForeignKey(Account, on_delete=models.PROTECT)
    role = models.CharField(max_length=60)
    record_type = models.CharField(max_length=24)
    purpose = models.CharField(max_length=24)
    concern = models.BooleanField(default=False)
    sealed = models.BinaryField()
    happened = models.DateField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contribution"
        indexes = [models.Index(fields=["person", "-at"], name="contribution_person")]

    def __str__(self) -> str:
        return str(self.uid)


class Subscription(models.Model):
    """Somebody who wants to hear when another organisation records a new concern about a child."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    organisation = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=24)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account"], condition=Q(ended_at__isnull=True), name="subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} on {self.person_id}"
