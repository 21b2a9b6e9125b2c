"""What two people decide together about a birth record at an adoption order. The adoptive identity is never here."""

import uuid

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder, Thing


class SealRequest(models.Model):
    """One person asks to seal a birth record, or to open a sealed one for a time; another agrees or declines."""

    class Act(models.TextChoices):
        SEAL = "seal", "Seal the record"
        UNSEAL = "unseal", "Open the sealed record"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    act = models.CharField(max_length=8, choices=Act.choices)
    basis = models.CharField(max_length=40, default="", blank=True)
    purpose = models.TextField()
    order_date = models.DateField(null=True)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        db_table = "seal_request"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "act"], condition=models.Q(answered_at__isnull=True), name="seal_request_once"
            )
        ]

    def __str__(self) -> str:
        return self.act
