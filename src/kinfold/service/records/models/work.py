"""What the service itself needs: jobs, kept files, drafts, saved lists, tokens, idempotency keys."""

import uuid

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder


class Job(models.Model):
    """
    One piece of work done in the background, taken under a lease.

    A worker that dies loses its lease and the job is taken again; `attempts` guards the finish.
    """

    class State(models.TextChoices):
        READY = "ready", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, default="", blank=True)
    attempts = models.SmallIntegerField(default=0)
    most_attempts = models.SmallIntegerField(default=5)
    once_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 -- unique where given
    done_so_far = models.BigIntegerField(default=0)
    out_of = models.BigIntegerField(default=0)
    doing = models.CharField(max_length=120, default="", blank=True)
    message = models.TextField(default="", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        db_table = "job"
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state="ready"), name="job_ready"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptFile(models.Model):
    """A file kept sealed under the holder's key: a received file, a document, a photograph."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    sha256 = models.CharField(max_length=64)  # keyed with the holder's key: no hash is shared between holders
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    content = models.BinaryField(null=True)  # small papers; large received files lie on disk, sealed
    on_disk = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kept_file"
        indexes = [models.Index(fields=["held_by", "sha256"], name="kept_file_hash")]

    def __str__(self) -> str:
        return str(self.uid)


class Draft(models.Model):
    """An author's unfinished form. It survives a dead connection and is seen by nobody else."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    form = models.CharField(max_length=60)
    about = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    made_from = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        constraints = [models.UniqueConstraint(fields=["account", "form", "about"], name="draft_once")]

    def __str__(self) -> str:
        return self.form


class SavedList(models.Model):
    """A list somebody built over declared kinds and kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    name = models.CharField(max_length=120)
    question = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "saved_list"

    def __str__(self) -> str:
        return self.name


class ApiClient(models.Model):
    """An organisation's client of the API: its OAuth2 client id, the hash of its secret, its scopes."""

    client_id = models.CharField(max_length=64, unique=True)
    secret_hash = models.CharField(max_length=128)
    organisation = models.CharField(max_length=120)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_client"

    def __str__(self) -> str:
        return self.organisation


class ApiToken(models.Model):
    """A short-lived access token, kept as a hash."""

    hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    scopes = models.JSONField(default=list)
    until = models.DateTimeField()

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return f"token of {self.client_id}"


class IdempotencyKey(models.Model):
    """What was answered to a request that may be sent again."""

    client = models.CharField(max_length=64)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class KeptWhere(models.Model):
    """For each kind, whether a council keeps it here or elsewhere, from which day: moving a kind is a dated switch."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    kind = models.CharField(max_length=48)
    here = models.BooleanField()
    where = models.CharField(max_length=120, default="", blank=True)
    from_date = models.DateField()
    by = models.CharField(max_length=80)

    class Meta:
        db_table = "kept_where"
        constraints = [models.UniqueConstraint(fields=["held_by", "kind", "from_date"], name="kept_where_once")]

    def __str__(self) -> str:
        return f"{self.kind} {'here' if self.here else self.where}"
