"""The register of identity: the identifiers that stand for a child, and the keys under which a child is looked up."""

import uuid

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.things import Holder, Thing


class RegisterEntry(models.Model):
    """
    One identifier of a child and what became of it. An entry is ended and never deleted; the next one says so.

    `provisional` is our own random identifier for a child who has no national number (unborn, unaccompanied, or none
    known); it yields when there is one. `national` is an NHS number that the record holds, and how it stands with the
    national service. `differing` names points (birth_date, postcode), never what they say.
    """

    class Sort(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        NATIONAL = "national", "NHS number"

    class State(models.TextChoices):
        CURRENT = "current", "In use"
        YIELDED = "yielded", "Gave way to the NHS number"
        SUPERSEDED = "superseded", "Replaced by another"
        INVALID = "invalid", "Found to be wrong"

    class Standing(models.TextChoices):
        UNVERIFIED = "unverified", "Not checked yet"
        VERIFIED = "verified", "Checked, and the same person"
        DIFFERENT = "different", "Checked: particulars differ"
        NOT_FOUND = "not_found", "Checked: no such entry"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person", related_name="+")
    sort = models.CharField(max_length=12, choices=Sort.choices)
    value = models.CharField(max_length=20)
    reason = models.CharField(max_length=16, default="", blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CURRENT)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.UNVERIFIED)
    differing = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    check_on = models.DateField(null=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, default="", blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, db_column="replaced_by", null=True)

    class Meta:
        db_table = "register_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["held_by", "person", "sort", "value"], condition=Q(state="current"), name="register_entry_once"
            ),
            models.UniqueConstraint(
                fields=["held_by", "value"], condition=Q(sort="provisional"), name="register_provisional_once"
            ),
        ]
        indexes = [
            models.Index(fields=["held_by", "sort", "check_on"], condition=Q(state="current"), name="register_due"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.uid}"


class RegisterKey(models.Model):
    """One key (63 bits, `identity.keys`) under which a child is filed. Made again from the facts by `kinfold register`."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    key = models.BigIntegerField()
    person = models.ForeignKey(Thing, on_delete=models.CASCADE, db_column="person", related_name="+")

    class Meta:
        db_table = "register_key"
        constraints = [models.UniqueConstraint(fields=["held_by", "key", "person"], name="register_key_once")]

    def __str__(self) -> str:
        return f"{self.person_id}"
