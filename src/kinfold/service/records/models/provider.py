"""What a provider keeps of its own homes in a national installation: free places, and those who work there. Added to, never changed."""

from django.db import models

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder


class HomeVacancy(models.Model):
    """How many places of a home its provider says are free. The last one said of a home holds."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    urn = models.CharField(max_length=20)
    places = models.IntegerField()
    note = models.CharField(max_length=200, default="", blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, db_column="by")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "home_vacancy"
        indexes = [models.Index(fields=["held_by", "urn"], name="home_vacancy_home")]

    def __str__(self) -> str:
        return f"{self.urn} {self.places}"


class HomeWorkforce(models.Model):
    """Those who work in a home as counted on a census day, said by its provider or taken in by an officer. The last word on a day holds."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    urn = models.CharField(max_length=20)
    day = models.DateField()
    said = models.JSONField(default=dict)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, db_column="by")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "home_workforce"
        indexes = [models.Index(fields=["held_by", "urn"], name="home_workforce_home")]

    def __str__(self) -> str:
        return f"{self.urn} {self.day}"
