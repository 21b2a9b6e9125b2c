"""What makes people and things findable: index tables that `kinfold rebuild` can make again from the facts."""

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.things import Holder, Thing


class IdentifierKey(models.Model):
    """A number by which somebody or something is known to a holder: la_child_id, upn, nhs_number, worker, urn."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    sort = models.CharField(max_length=24)
    value = models.CharField(max_length=64)
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="thing")

    class Meta:
        db_table = "identifier_key"
        constraints = [
            models.UniqueConstraint(fields=["held_by", "sort", "value", "thing"], name="identifier_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.sort}"


class PersonIndex(models.Model):
    """One row for each Person: what a list or a search shows, worked out from the facts held now."""

    person = models.OneToOneField(Thing, on_delete=models.PROTECT, db_column="person", primary_key=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    sort = models.CharField(max_length=16)
    name = models.CharField(max_length=200, default="", blank=True)
    known_as = models.CharField(max_length=200, default="", blank=True)
    la_child_id = models.CharField(max_length=64, default="", blank=True)
    birth_date = models.DateField(null=True)
    expected_birth_date = models.DateField(null=True)
    death_date = models.DateField(null=True)
    sex = models.CharField(max_length=4, default="", blank=True)
    ethnicity = models.CharField(max_length=8, default="", blank=True)
    postcode = models.CharField(max_length=10, default="", blank=True)
    label = models.CharField(max_length=20, default="open")
    # Whether the keys for look-ups are of what the row says now; a row that is made again is not filed.
    filed = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "person_index"
        indexes = [
            models.Index(fields=["held_by", "sort", "name"], name="person_index_name"),
            models.Index(fields=["held_by", "birth_date"], name="person_index_birth"),
            models.Index(fields=["held_by", "postcode"], condition=~Q(postcode=""), name="person_index_postcode"),
            models.Index(fields=["held_by", "label"], condition=~Q(label="open"), name="person_index_label"),
            models.Index(fields=["held_by"], condition=Q(filed=False, sort="child"), name="person_index_unfiled"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id}"


class NameKey(models.Model):
    """One key under which a name is found: its sound, its shortened spelling, its parts."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    key = models.CharField(max_length=40)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")

    class Meta:
        db_table = "name_key"
        indexes = [models.Index(fields=["held_by", "key", "person"], name="name_key_key")]

    def __str__(self) -> str:
        return f"key of {self.person_id}"
