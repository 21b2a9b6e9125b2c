"""What a provider itself keeps in the regulator's installation: how many places of each of its homes are free. Added to, never changed."""

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
