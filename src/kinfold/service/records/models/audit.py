"""The audit chain: one for each holder, append-only, cut monthly, over hashes so that erasure leaves it whole."""

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """
    One link: who did or looked at what, when, in which role and why.

    Ids are text and there are no foreign keys, so that the chain never holds back the live data.
    `body_hash` covers `AuditBody.body`; erasing the body leaves the chain verifiable.
    """

    held_by = models.SmallIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    organisation = models.CharField(max_length=120, default="", blank=True)
    role = models.CharField(max_length=60, default="", blank=True)
    action = models.CharField(max_length=48)
    person = models.CharField(max_length=36, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    body_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        constraints = [models.UniqueConstraint(fields=["held_by", "seq"], name="audit_entry_seq")]
        indexes = [
            models.Index(fields=["person", "at"], condition=~Q(person=""), name="audit_entry_person"),
            models.Index(fields=["held_by", "actor", "at"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.held_by}/{self.seq}"


class AuditBody(models.Model):
    """The content of an entry: the ids shown on a list, the words of a reason. The only erasable part."""

    held_by = models.SmallIntegerField()
    seq = models.BigIntegerField()
    body = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_body"
        constraints = [models.UniqueConstraint(fields=["held_by", "seq"], name="audit_body_seq")]

    def __str__(self) -> str:
        return f"{self.held_by}/{self.seq}"


class AuditPerson(models.Model):
    """Which persons an entry about several was about: a list is one View with the ids shown."""

    held_by = models.SmallIntegerField()
    seq = models.BigIntegerField()
    person = models.CharField(max_length=36)

    class Meta:
        db_table = "audit_person"
        indexes = [models.Index(fields=["person"], name="audit_person_person")]

    def __str__(self) -> str:
        return f"{self.held_by}/{self.seq}"


class AuditHead(models.Model):
    """The last link of a holder's chain; locked while a group of links is added."""

    held_by = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return f"{self.held_by}/{self.seq}"


class AuditCut(models.Model):
    """The head of a chain at the end of a month, signed; a copy goes outside the database."""

    held_by = models.SmallIntegerField()
    month = models.CharField(max_length=7)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_cut"
        constraints = [models.UniqueConstraint(fields=["held_by", "month"], name="audit_cut_month")]

    def __str__(self) -> str:
        return f"{self.held_by} {self.month}"


class HoldBack(models.Model):
    """
    A named person's decision not to show one look to a family for now, with reason and review date.

    A look at a list is one entry about several children: it is held back from the family of `person` alone.
    """

    held_by = models.SmallIntegerField()
    seq = models.BigIntegerField()
    person = models.CharField(max_length=36)
    by = models.CharField(max_length=80)
    because = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    review_date = models.DateField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hold_back"

    def __str__(self) -> str:
        return f"{self.held_by}/{self.seq}"


class Erasure(models.Model):
    """That something was erased by law, when and by whose two hands; replayed after a restore."""

    held_by = models.SmallIntegerField()
    person = models.CharField(max_length=36, default="", blank=True)
    fact = models.CharField(max_length=96, default="", blank=True)  # a name of erasure_log.py: a kind and an id
    law = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "erasure"

    def __str__(self) -> str:
        return f"erasure {self.pk}"
