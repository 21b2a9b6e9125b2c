"""The regulator's cases about providers: each a journal, added to and never changed (guards.py), every line sealed to the one before."""

import uuid

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder
from kinfold.service.records.models.work import KeptFile


class MarketCase(models.Model):
    """
    One case: oversight of a group, a setting that is not registered, a penalty, a group's finances, a project of the capital
    programme, or an application to register.

    `about` is what it is about as it is compared: a group's key, an operator's, an act's or a project's reference. `origin` is the case that
    it came from. What the case has come to is worked out from its lines (market/cases).
    """

    class Sort(models.TextChoices):
        OVERSIGHT = "oversight", "Oversight of a provider group"
        UNREGISTERED = "unregistered", "Unregistered setting"
        PENALTY = "penalty", "Monetary penalty"
        FINANCIAL = "financial", "Financial oversight of a group"
        PROJECT = "project", "Project of the capital programme"
        REGISTRATION = "registration", "Application to register"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    sort = models.CharField(max_length=16, choices=Sort.choices)
    reference = models.CharField(max_length=24)
    about = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="led_to")
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "market_case"
        constraints = [models.UniqueConstraint(fields=["held_by", "reference"], name="market_case_reference")]
        indexes = [models.Index(fields=["held_by", "sort", "about"], name="market_case_about")]

    def __str__(self) -> str:
        return self.reference


class MarketLine(models.Model):
    """One line of a case's journal, as `market/cases/journal.py` seals it. `file` is what was obtained, kept sealed."""

    case = models.ForeignKey(MarketCase, on_delete=models.PROTECT, related_name="lines")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    number = models.IntegerField()
    sort = models.CharField(max_length=32)
    said = models.JSONField(default=dict)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, db_column="by")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()
    reasons = models.TextField(default="", blank=True)
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True)
    content_sha256 = models.CharField(max_length=64, default="", blank=True)
    before = models.CharField(max_length=64, default="", blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        db_table = "market_line"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="market_line_number")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class OwnerMatch(models.Model):
    """What an officer decided about a registered owner and an entity of the ownership statements. The last decision holds."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    owner_key = models.CharField(max_length=200)
    entity = models.CharField(max_length=200)
    accepted = models.BooleanField()
    score = models.FloatField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, db_column="by")
    name = models.CharField(max_length=120)
    because = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "owner_match"
        indexes = [models.Index(fields=["held_by", "owner_key"], name="owner_match_owner")]

    def __str__(self) -> str:
        return f"{self.owner_key} {self.entity}"
