"""Pairs of records that may be one person, and what somebody decided about each."""

import uuid

from django.db import models
from django.db.models import F, Q

from kinfold.service.records.models.things import Holder, Thing


class Pair(models.Model):
    """
    Two Persons of one holder that may be one. A decision of `apart` is the mark "do not link".

    The joining itself is a `SameAs` link and nothing here: `kept` only says which of the two was kept, so that it can
    be undone. `levels` are how well each point agrees, in the order of the model's comparisons: no name, no number.
    """

    class Decision(models.TextChoices):
        OPEN = "open", "Nobody has decided"
        SAME = "same", "The same person"
        APART = "apart", "Two people"
        UNSURE = "unsure", "Cannot be told yet"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    first = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="first", related_name="+")
    second = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="second", related_name="+")
    probability = models.FloatField()
    levels = models.JSONField(default=list)
    model = models.CharField(max_length=16)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=6, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.CharField(max_length=80, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    kept = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="kept", related_name="+", null=True)

    class Meta:
        db_table = "pair"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]
        indexes = [models.Index(fields=["held_by", "decision", "-probability"], name="pair_queue")]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
