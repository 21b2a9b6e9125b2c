"""A record asked of another organisation: who may open it, for what, until when, and what came, sealed."""

import uuid

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.agreements import AgreementVersion, SharingOrganisation
from kinfold.service.records.models.finding_asks import Ask, CustodianWork, Pointer
from kinfold.service.records.models.things import Holder


class FetchLink(models.Model):
    """
    A link that opens one record to one person of one organisation, for one purpose, under one version of an agreement.

    `sealed` is what came, as far as the purpose needs it, under the holder's key; it is emptied when the link ends.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RECEIVED = "received", "Received"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT)
    pointer = models.ForeignKey(Pointer, on_delete=models.PROTECT)
    work = models.OneToOneField(CustodianWork, on_delete=models.PROTECT, related_name="link")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    organisation = models.ForeignKey(SharingOrganisation, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=24)
    agreement = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT)
    policy = models.CharField(max_length=64)
    at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    message = models.CharField(max_length=200, default="", blank=True)
    sealed = models.BinaryField(default=b"")
    received_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fetch_link"
        indexes = [models.Index(fields=["ask", "account"], name="fetch_link_ask")]

    def __str__(self) -> str:
        return str(self.uid)
