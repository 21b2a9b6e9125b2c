"""Forms being written: what is typed is kept sealed, shared by those who work with the child, until it is recorded."""

import uuid

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder, Thing


class FormDraft(models.Model):
    """
    One form about one person that is not recorded yet: being written, waiting for approval, or returned.

    `content` is sealed under the holder's key: what was typed, and why it was returned. `version` rises with every
    change, so that of two people who write at once neither loses a word. The row goes when the facts are recorded.
    """

    class State(models.TextChoices):
        WRITING = "writing", "Being written"
        WAITING = "waiting", "Waiting for approval"
        RETURNED = "returned", "Returned with reasons"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    form = models.CharField(max_length=60)
    content = models.BinaryField()
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WRITING)
    decision = models.CharField(max_length=60, default="", blank=True)
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "form_draft"
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="form_draft_once")]
        indexes = [
            models.Index(fields=["held_by", "decision"], condition=models.Q(state="waiting"), name="form_draft_waiting")
        ]

    def __str__(self) -> str:
        return self.form
