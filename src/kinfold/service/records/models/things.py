"""Who and what facts are about, who holds them, and the counter that makes yesterday's answer stay."""

import uuid

from django.db import models


class Holder(models.Model):
    """
    A council or other body answerable for records. Nothing is unique without it.

    `head` is the number of its last commit; the row is locked while a commit is being made, so that
    numbers follow the order in which commits become visible.
    """

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=16, default="council")
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    succeeded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    head = models.BigIntegerField(default=0)

    class Meta:
        db_table = "holder"

    def __str__(self) -> str:
        return self.name


class Commit(models.Model):
    """One change of the record: its number within the holder, its time, by whom and because what."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    number = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    because = models.CharField(max_length=200)
    load = models.BigIntegerField(null=True)

    class Meta:
        db_table = "commit"
        constraints = [models.UniqueConstraint(fields=["held_by", "number"], name="commit_number")]
        indexes = [models.Index(fields=["held_by", "at"], name="commit_at")]

    def __str__(self) -> str:
        return f"{self.held_by_id} {self.number}"


class Thing(models.Model):
    """
    A person, body, group or other thing that facts are about: one id space for all of them.

    `uid` is random and is the only number of it that leaves the system; `sort` is child, adult, worker,
    setting, organisation, team or group.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    word = models.CharField(max_length=8)
    sort = models.CharField(max_length=16)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")

    class Meta:
        db_table = "thing"

    def __str__(self) -> str:
        return str(self.uid)


class About(models.Model):
    """The further people a fact is about, beyond its one subject."""

    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    word = models.CharField(max_length=8)
    fact = models.UUIDField()

    class Meta:
        db_table = "about"
        constraints = [models.UniqueConstraint(fields=["person", "word", "fact"], name="about_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.fact}"


class SameAs(models.Model):
    """A reversible link: two Persons of one holder are one. Undone by dating it, never by deleting it."""

    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person", related_name="+")
    kept = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="kept", related_name="+")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    known_from = models.BigIntegerField()
    known_to = models.BigIntegerField(null=True)
    by = models.CharField(max_length=80)
    because = models.CharField(max_length=500)

    class Meta:
        db_table = "same_as"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(known_to__isnull=True), name="same_as_once"),
            models.CheckConstraint(condition=~models.Q(person=models.F("kept")), name="same_as_other"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.kept_id}"
