"""What came in through the doors: loads, their files, what could not be used, and the corrections made to it."""

from django.db import models

from kinfold.service.records.models.things import Holder, Thing


class Load(models.Model):
    """
    One delivery taken in, or being taken in.

    `fingerprint` is made from the files' hashes and the scope: the same files again are the same load.
    Counts are of rows: rows = facts + unchanged + quarantined.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Loading"
        DONE = "done", "Loaded"
        CONFIRM = "confirm", "Waiting for you to confirm"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Stopped by a fault"
        TAKEN_BACK = "taken_back", "Taken back"

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    fingerprint = models.CharField(max_length=64)
    door = models.CharField(max_length=32)
    collection = models.CharField(max_length=16, default="")
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    full = models.BooleanField(default=False)
    extracted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    facts = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    children = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    expected_rows = models.BigIntegerField(null=True)
    to_withdraw = models.BigIntegerField(default=0)
    withdrawal_confirmed_by = models.CharField(max_length=80, default="", blank=True)
    notes = models.JSONField(default=list)
    message = models.TextField(default="", blank=True)

    class Meta:
        db_table = "load"
        indexes = [models.Index(fields=["held_by", "fingerprint"], name="load_fingerprint")]

    def __str__(self) -> str:
        return f"{self.door} {self.collection}"


class LoadFile(models.Model):
    """One received file of a load. The file itself is kept, sealed, under its hash."""

    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="files")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        db_table = "load_file"
        constraints = [models.UniqueConstraint(fields=["load", "position"], name="load_file_once")]

    def __str__(self) -> str:
        return self.name


class LoadedSubject(models.Model):
    """
    What a door last said of one subject in one collection, as a digest of its rows.

    A subject whose digest is unchanged is skipped: this is what makes the same files again cheap, and an
    interrupted load resumable (the row is written in the transaction that writes the subject's facts).
    """

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    door = models.CharField(max_length=32)
    collection = models.CharField(max_length=16)
    sort = models.CharField(max_length=16)
    key = models.CharField(max_length=64)
    subject = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="subject", db_index=False)
    digest = models.BinaryField(max_length=16)
    load = models.ForeignKey(Load, on_delete=models.PROTECT, db_column="load", db_index=False)
    facts = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)

    class Meta:
        db_table = "loaded_subject"
        indexes = [models.Index(fields=["load", "subject"], name="loaded_subject_load")]
        constraints = [
            models.UniqueConstraint(fields=["held_by", "door", "collection", "sort", "key"], name="loaded_subject_once")
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.collection}"


class QuarantinedRow(models.Model):
    """A row that could not be used: what is wrong, how to put it right, and what it said."""

    class State(models.TextChoices):
        OPEN = "open", "To be put right"
        CORRECTED = "corrected", "Corrected"
        REPLACED = "replaced", "Replaced by a later load"

    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="quarantine")
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    subject = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="subject", null=True)
    file = models.CharField(max_length=255)
    file_position = models.SmallIntegerField()
    table = models.CharField(max_length=40)
    row = models.IntegerField()
    field = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    message = models.TextField()
    fix = models.TextField(default="", blank=True)
    original = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        db_table = "quarantined_row"
        indexes = [models.Index(fields=["load", "table", "row"], name="quarantined_row_place")]

    def __str__(self) -> str:
        return f"{self.table} row {self.row}"


class Correction(models.Model):
    """A person's correction of a received row: laid over the kept file when the load is run again."""

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by")
    sha256 = models.CharField(max_length=64)
    table = models.CharField(max_length=40)
    row = models.IntegerField()
    values = models.JSONField(default=dict)
    by = models.CharField(max_length=80)
    because = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "correction"
        constraints = [models.UniqueConstraint(fields=["held_by", "sha256", "table", "row"], name="correction_once")]

    def __str__(self) -> str:
        return f"{self.table} row {self.row}"
