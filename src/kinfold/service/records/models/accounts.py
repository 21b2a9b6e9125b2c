"""Accounts, the roles they hold, and the reach that decides which records they may open."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from kinfold.service.records.models.things import Holder, Thing


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **rest: object) -> "Account":
        """Return a new, saved account."""
        account = self.model(email=self.normalize_email(email).lower(), **rest)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account that signs in as `username`."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who signs in. `person` is who they are in the record: a worker, a parent, a young person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120, default="", blank=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person", null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    started = models.DateField(null=True)
    left = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    persona = models.CharField(max_length=200, default="", blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    class Meta:
        db_table = "account"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name shown to others."""
        return self.name


class RoleHeld(models.Model):
    """A role an account holds, where, and between which days."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=60)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    scope = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="scope", null=True, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    granted_by = models.CharField(max_length=80)
    because = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "role_held"

    def __str__(self) -> str:
        return self.role


class Reach(models.Model):
    """
    One reason why somebody reaches a record. `person` empty means every record of the holder.

    Written in the transaction that changes what it follows from. `actor` is the worker's (or parent's, or
    young person's) own Thing, so that reach exists before the account does.
    """

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    actor = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="actor", related_name="+", db_index=False)
    person = models.ForeignKey(
        Thing, on_delete=models.PROTECT, db_column="person", null=True, related_name="+", db_index=False
    )
    sort = models.CharField(max_length=24)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    because = models.CharField(max_length=120)
    fact = models.UUIDField(null=True)

    class Meta:
        db_table = "reach"
        indexes = [
            models.Index(fields=["actor", "person"], name="reach_actor"),
            models.Index(fields=["person", "actor"], name="reach_person"),
            models.Index(fields=["fact"], condition=Q(fact__isnull=False), name="reach_fact"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=models.F("from_date")),
                name="reach_ends_after",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} reaches {self.person_id}"


class Restriction(models.Model):
    """A label on a Person today (restricted, sealed, ...) and the accounts named as allowed past it."""

    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    label = models.CharField(max_length=20)
    named = models.ManyToManyField(Account, db_table="restriction_named", related_name="+")
    reason = models.CharField(max_length=40, default="", blank=True)
    because = models.CharField(max_length=500)
    by = models.CharField(max_length=80)  # whom to ask, as a hint of search names them
    from_at = models.DateTimeField()
    review_date = models.DateField(null=True)
    until_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="", blank=True)
    ended_because = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        db_table = "restriction"
        indexes = [models.Index(fields=["person"], condition=Q(until_at__isnull=True), name="restriction_now")]

    def __str__(self) -> str:
        return f"{self.label} {self.person_id}"


class RestrictionRequest(models.Model):
    """A restriction that somebody asks for who may not put it on alone; another person agrees or declines."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    named = models.ManyToManyField(Account, db_table="restriction_request_named", related_name="+")
    reason = models.CharField(max_length=40)
    because = models.CharField(max_length=500)
    review_date = models.DateField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)
    answer = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        db_table = "restriction_request"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(answered_at__isnull=True), name="restriction_request_once"
            )
        ]

    def __str__(self) -> str:
        return f"restriction of {self.person_id}"


class Grant(models.Model):
    """A time-boxed permission past the ordinary reach: break-glass above all."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    sort = models.CharField(max_length=16, default="break_glass")
    reason = models.CharField(max_length=60)
    words = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80)
    reviewed_by = models.CharField(max_length=80, default="", blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_outcome = models.TextField(default="", blank=True)

    class Meta:
        db_table = "grant_held"
        indexes = [models.Index(fields=["person", "account"], name="grant_person")]

    def __str__(self) -> str:
        return f"{self.sort} {self.person_id}"


class Alert(models.Model):
    """A notice to somebody inside Kinfold: a break-glass to review, an overdue matter, a finished load."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="alerts", null=True)
    role = models.CharField(max_length=60, default="", blank=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    sort = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    href = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alert"
        indexes = [models.Index(fields=["account", "done_at"], name="alert_account")]

    def __str__(self) -> str:
        return self.title
