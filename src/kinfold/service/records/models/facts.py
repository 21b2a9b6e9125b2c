"""
The seven tables of facts: append-only versions, one table for each word.

The envelope is the same for all. `known_to` is the only column ever updated, from empty to a value, once;
triggers refuse anything else (records/guards.py). Indexes follow docs/decisions/0002-versions-in-time.md.
"""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from kinfold.service.records.models.things import Holder, Thing

NOW = Q(known_to__isnull=True)


class Version(models.Model):
    """One version of one fact. `fact` is the same on all its versions, and is the id that leaves the system."""

    subject = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="subject", related_name="+", db_index=False)
    party = models.ForeignKey(
        Thing, on_delete=models.PROTECT, db_column="party", null=True, related_name="+", db_index=False
    )
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", related_name="+", db_index=False)
    fact = models.UUIDField(default=uuid.uuid4)
    known_from = models.BigIntegerField()
    known_to = models.BigIntegerField(null=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, db_column="supersedes", null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=48)
    kind_version = models.SmallIntegerField(default=1)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    ref = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- empty text would enter the partial index
    status = models.CharField(max_length=10, default="final")
    reason = models.CharField(max_length=120, default="", blank=True)
    label = models.CharField(max_length=20, default="open")
    recorded_by = models.CharField(max_length=80)
    source = models.CharField(max_length=32, default="kinfold")
    source_key = models.BinaryField(max_length=16, null=True)
    content = models.BigIntegerField(default=0)
    source_recorded_at = models.DateTimeField(null=True)
    source_extracted_at = models.DateTimeField(null=True)
    load = models.BigIntegerField(null=True)
    place_file = models.SmallIntegerField(null=True)
    place_table = models.CharField(max_length=40, null=True)  # noqa: DJ001 -- typed-in facts have no place
    place_row = models.IntegerField(null=True)
    payload = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["subject", "kind", "valid_from"], name="%(class)s_story"),
            models.Index(fields=["kind", "held_by", "subject"], condition=NOW & Q(valid_to__isnull=True),
                         name="%(class)s_open"),
            models.Index(fields=["kind", "held_by", "valid_from", "valid_to"], condition=NOW, name="%(class)s_as_at"),
            models.Index(fields=["party", "kind"], condition=NOW & Q(party__isnull=False), name="%(class)s_party"),
            models.Index(fields=["ref", "kind"], condition=NOW & Q(ref__isnull=False), name="%(class)s_ref"),
        ]  # fmt: skip
        constraints = [
            # One current version of a fact, and its history by the same index: a random index is the dearest to keep.
            models.UniqueConstraint(F("fact"), Coalesce("known_to", -1), name="%(class)s_now"),
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(supersedes__isnull=False), name="%(class)s_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="%(class)s_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")), name="%(class)s_known_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"


class PersonFact(Version):
    """Who a person is: details, names, identifiers, disabilities."""

    class Meta(Version.Meta):
        db_table = "person_fact"


class TieFact(Version):
    """Who is who to whom, with what right."""

    class Meta(Version.Meta):
        db_table = "tie_fact"


class BodyFact(Version):
    """Which organisation, team or setting."""

    class Meta(Version.Meta):
        db_table = "body_fact"


class SpellFact(Version):
    """What lasts, from the first day it held to the first day it no longer did."""

    class Meta(Version.Meta):
        db_table = "spell_fact"


class EventFact(Version):
    """What happened, and on what day."""

    class Meta(Version.Meta):
        db_table = "event_fact"


class PlanFact(Version):
    """What is intended, by whom, by when."""

    class Meta(Version.Meta):
        db_table = "plan_fact"


class PaperFact(Version):
    """What was written or sent."""

    class Meta(Version.Meta):
        db_table = "paper_fact"
