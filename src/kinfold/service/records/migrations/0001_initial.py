import django.db.models.deletion
import django.db.models.functions.comparison
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("organisation", models.CharField(blank=True, default="", max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("started", models.DateField(null=True)),
                ("left", models.DateField(null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("persona", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "db_table": "account",
            },
        ),
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("text", models.TextField()),
                ("revoked", models.BooleanField(default=False)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("because", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "agreement_version",
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("held_by", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_head",
            },
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("word", models.CharField(max_length=8)),
                ("sort", models.CharField(max_length=16)),
            ],
            options={
                "db_table": "thing",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("person", models.CharField(blank=True, default="", max_length=36)),
                ("fact", models.CharField(blank=True, default="", max_length=96)),
                ("law", models.CharField(max_length=200)),
                ("proposed_by", models.CharField(max_length=80)),
                ("approved_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "erasure",
            },
        ),
        migrations.CreateModel(
            name="HoldBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("person", models.CharField(max_length=36)),
                ("by", models.CharField(max_length=80)),
                ("because", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("review_date", models.DateField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "hold_back",
            },
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=8, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("sort", models.CharField(default="council", max_length=16)),
                ("from_date", models.DateField(null=True)),
                ("until_date", models.DateField(null=True)),
                ("head", models.BigIntegerField(default=0)),
                (
                    "succeeded_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"),
                ),
            ],
            options={
                "db_table": "holder",
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.CharField(max_length=64, unique=True)),
                ("secret_hash", models.CharField(max_length=128)),
                ("organisation", models.CharField(max_length=120)),
                ("scopes", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "api_client",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("scopes", models.JSONField(default=list)),
                ("until", models.DateTimeField()),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.apiclient")),
            ],
            options={
                "db_table": "api_token",
            },
        ),
        migrations.CreateModel(
            name="AuditBody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("body", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "audit_body",
                "constraints": [models.UniqueConstraint(fields=("held_by", "seq"), name="audit_body_seq")],
            },
        ),
        migrations.CreateModel(
            name="AuditCut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("month", models.CharField(max_length=7)),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_cut",
                "constraints": [models.UniqueConstraint(fields=("held_by", "month"), name="audit_cut_month")],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("organisation", models.CharField(blank=True, default="", max_length=120)),
                ("role", models.CharField(blank=True, default="", max_length=60)),
                ("action", models.CharField(max_length=48)),
                ("person", models.CharField(blank=True, default="", max_length=36)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("body_hash", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("person", ""), _negated=True),
                        fields=["person", "at"],
                        name="audit_entry_person",
                    ),
                    models.Index(fields=["held_by", "actor", "at"], name="audit_entry_actor"),
                ],
                "constraints": [models.UniqueConstraint(fields=("held_by", "seq"), name="audit_entry_seq")],
            },
        ),
        migrations.CreateModel(
            name="AuditPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_by", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("person", models.CharField(max_length=36)),
            ],
            options={
                "db_table": "audit_person",
                "indexes": [models.Index(fields=["person"], name="audit_person_person")],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("role", models.CharField(max_length=60)),
                ("purpose", models.CharField(max_length=24)),
                ("basis", models.CharField(max_length=300)),
                ("because", models.CharField(max_length=200)),
                ("policy", models.CharField(max_length=64)),
                ("trace", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "ask",
            },
        ),
        migrations.AddField(
            model_name="account",
            name="person",
            field=models.ForeignKey(
                db_column="person",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.thing",
            ),
        ),
        migrations.CreateModel(
            name="CustodianWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("fetch", models.BooleanField(default=False)),
                ("record_types", models.JSONField(default=list)),
                ("lease", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("first_leased_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("run_after", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, default="", max_length=16)),
                ("stopped", models.BooleanField(default=False)),
                ("done_at", models.DateTimeField(null=True)),
                ("ask", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.ask")),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
            ],
            options={
                "db_table": "custodian_work",
            },
        ),
        migrations.CreateModel(
            name="PolicyHead",
            fields=[
                (
                    "held_by",
                    models.OneToOneField(
                        db_column="held_by",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="records.holder",
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "policy_head",
            },
        ),
        migrations.AddField(
            model_name="thing",
            name="held_by",
            field=models.ForeignKey(
                db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="held_by",
            field=models.ForeignKey(
                db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
            ),
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=100)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(default=0)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "idempotency_key",
                "constraints": [models.UniqueConstraint(fields=("client", "key"), name="idempotency_key_once")],
            },
        ),
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("content", models.BinaryField(null=True)),
                ("on_disk", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "kept_file",
                "indexes": [models.Index(fields=["held_by", "sha256"], name="kept_file_hash")],
            },
        ),
        migrations.CreateModel(
            name="KeptWhere",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=48)),
                ("here", models.BooleanField()),
                ("where", models.CharField(blank=True, default="", max_length=120)),
                ("from_date", models.DateField()),
                ("by", models.CharField(max_length=80)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "kept_where",
                "constraints": [
                    models.UniqueConstraint(fields=("held_by", "kind", "from_date"), name="kept_where_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("door", models.CharField(max_length=32)),
                ("collection", models.CharField(default="", max_length=16)),
                ("window_from", models.DateField(null=True)),
                ("window_to", models.DateField(null=True)),
                ("full", models.BooleanField(default=False)),
                ("extracted_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Loading"),
                            ("done", "Loaded"),
                            ("confirm", "Waiting for you to confirm"),
                            ("refused", "Refused"),
                            ("failed", "Stopped by a fault"),
                            ("taken_back", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("by", models.CharField(max_length=80)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("rows", models.BigIntegerField(default=0)),
                ("facts", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("quarantined", models.BigIntegerField(default=0)),
                ("children", models.BigIntegerField(default=0)),
                ("withdrawn", models.BigIntegerField(default=0)),
                ("expected_rows", models.BigIntegerField(null=True)),
                ("to_withdraw", models.BigIntegerField(default=0)),
                ("withdrawal_confirmed_by", models.CharField(blank=True, default="", max_length=80)),
                ("notes", models.JSONField(default=list)),
                ("message", models.TextField(blank=True, default="")),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "load",
                "indexes": [models.Index(fields=["held_by", "fingerprint"], name="load_fingerprint")],
            },
        ),
        migrations.CreateModel(
            name="LoadedSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", models.CharField(max_length=32)),
                ("collection", models.CharField(max_length=16)),
                ("sort", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=64)),
                ("digest", models.BinaryField(max_length=16)),
                ("facts", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("quarantined", models.IntegerField(default=0)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        db_column="load", db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.load"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "loaded_subject",
                "indexes": [models.Index(fields=["load", "subject"], name="loaded_subject_load")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("held_by", "door", "collection", "sort", "key"), name="loaded_subject_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.SmallIntegerField()),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="records.load"
                    ),
                ),
            ],
            options={
                "db_table": "load_file",
                "constraints": [models.UniqueConstraint(fields=("load", "position"), name="load_file_once")],
            },
        ),
        migrations.CreateModel(
            name="MarketCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("oversight", "Oversight of a provider group"),
                            ("unregistered", "Unregistered setting"),
                            ("penalty", "Monetary penalty"),
                            ("financial", "Financial oversight of a group"),
                            ("project", "Project of the capital programme"),
                            ("registration", "Application to register"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reference", models.CharField(max_length=24)),
                ("about", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_to",
                        to="records.marketcase",
                    ),
                ),
            ],
            options={
                "db_table": "market_case",
                "indexes": [models.Index(fields=["held_by", "sort", "about"], name="market_case_about")],
                "constraints": [models.UniqueConstraint(fields=("held_by", "reference"), name="market_case_reference")],
            },
        ),
        migrations.CreateModel(
            name="MarketLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("sort", models.CharField(max_length=32)),
                ("said", models.JSONField(default=dict)),
                ("name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("reasons", models.TextField(blank=True, default="")),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("before", models.CharField(blank=True, default="", max_length=64)),
                ("seal", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        db_column="by", on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="records.marketcase"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="records.keptfile"),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "market_line",
                "constraints": [models.UniqueConstraint(fields=("case", "number"), name="market_line_number")],
            },
        ),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "name_key",
                "indexes": [models.Index(fields=["held_by", "key", "person"], name="name_key_key")],
            },
        ),
        migrations.CreateModel(
            name="OwnerMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_key", models.CharField(max_length=200)),
                ("entity", models.CharField(max_length=200)),
                ("accepted", models.BooleanField()),
                ("score", models.FloatField()),
                ("name", models.CharField(max_length=120)),
                ("because", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_column="by", on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "owner_match",
                "indexes": [models.Index(fields=["held_by", "owner_key"], name="owner_match_owner")],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("probability", models.FloatField()),
                ("levels", models.JSONField(default=list)),
                ("model", models.CharField(max_length=16)),
                ("found_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Nobody has decided"),
                            ("same", "The same person"),
                            ("apart", "Two people"),
                            ("unsure", "Cannot be told yet"),
                        ],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("decided_by", models.CharField(blank=True, default="", max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "first",
                    models.ForeignKey(
                        db_column="first",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        db_column="kept",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_column="second",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "pair",
                "indexes": [models.Index(fields=["held_by", "decision", "-probability"], name="pair_queue")],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="pair_once"),
                    models.CheckConstraint(condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.paperfact",
                    ),
                ),
            ],
            options={
                "db_table": "paper_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="paperfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="paperfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="paperfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="paperfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="paperfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="paperfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="paperfact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="paperfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="paperfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.personfact",
                    ),
                ),
            ],
            options={
                "db_table": "person_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="personfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="personfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="personfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="personfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="personfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="personfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)),
                        fields=("supersedes",),
                        name="personfact_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="personfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="personfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.planfact",
                    ),
                ),
            ],
            options={
                "db_table": "plan_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="planfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="planfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="planfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="planfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="planfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="planfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="planfact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="planfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="planfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=255)),
                ("file_position", models.SmallIntegerField()),
                ("table", models.CharField(max_length=40)),
                ("row", models.IntegerField()),
                ("field", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=40)),
                ("message", models.TextField()),
                ("fix", models.TextField(blank=True, default="")),
                ("original", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be put right"),
                            ("corrected", "Corrected"),
                            ("replaced", "Replaced by a later load"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quarantine", to="records.load"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "quarantined_row",
                "indexes": [models.Index(fields=["load", "table", "row"], name="quarantined_row_place")],
            },
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=24)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("because", models.CharField(max_length=120)),
                ("fact", models.UUIDField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_column="actor",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "reach",
                "indexes": [
                    models.Index(fields=["actor", "person"], name="reach_actor"),
                    models.Index(fields=["person", "actor"], name="reach_person"),
                    models.Index(condition=models.Q(("fact__isnull", False)), fields=["fact"], name="reach_fact"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                        ),
                        name="reach_ends_after",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "sort",
                    models.CharField(
                        choices=[("provisional", "Provisional"), ("national", "NHS number")], max_length=12
                    ),
                ),
                ("value", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("current", "In use"),
                            ("yielded", "Gave way to the NHS number"),
                            ("superseded", "Replaced by another"),
                            ("invalid", "Found to be wrong"),
                        ],
                        default="current",
                        max_length=12,
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("unverified", "Not checked yet"),
                            ("verified", "Checked, and the same person"),
                            ("different", "Checked: particulars differ"),
                            ("not_found", "Checked: no such entry"),
                        ],
                        default="unverified",
                        max_length=12,
                    ),
                ),
                ("differing", models.JSONField(default=list)),
                ("checked_at", models.DateTimeField(null=True)),
                ("check_on", models.DateField(null=True)),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, default="", max_length=200)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        db_column="replaced_by",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.registerentry",
                    ),
                ),
            ],
            options={
                "db_table": "register_entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "current")),
                        fields=["held_by", "sort", "check_on"],
                        name="register_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "current")),
                        fields=("held_by", "person", "sort", "value"),
                        name="register_entry_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sort", "provisional")),
                        fields=("held_by", "value"),
                        name="register_provisional_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField()),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "register_key",
                "constraints": [models.UniqueConstraint(fields=("held_by", "key", "person"), name="register_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("because", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=80)),
                ("from_at", models.DateTimeField()),
                ("review_date", models.DateField(null=True)),
                ("until_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=80)),
                ("ended_because", models.CharField(blank=True, default="", max_length=500)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "named",
                    models.ManyToManyField(db_table="restriction_named", related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "restriction",
                "indexes": [
                    models.Index(
                        condition=models.Q(("until_at__isnull", True)), fields=["person"], name="restriction_now"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RestrictionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("reason", models.CharField(max_length=40)),
                ("because", models.CharField(max_length=500)),
                ("review_date", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, default="", max_length=500)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "named",
                    models.ManyToManyField(
                        db_table="restriction_request_named", related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "restriction_request",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("person",),
                        name="restriction_request_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("granted_by", models.CharField(max_length=80)),
                ("because", models.CharField(blank=True, default="", max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        db_column="scope",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "role_held",
            },
        ),
        migrations.CreateModel(
            name="SameAs",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=80)),
                ("because", models.CharField(max_length=500)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        db_column="kept",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "same_as",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("known_to__isnull", True)), fields=("person",), name="same_as_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("kept")), _negated=True), name="same_as_other"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("question", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "saved_list",
            },
        ),
        migrations.CreateModel(
            name="SealRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "act",
                    models.CharField(
                        choices=[("seal", "Seal the record"), ("unseal", "Open the sealed record")], max_length=8
                    ),
                ),
                ("basis", models.CharField(blank=True, default="", max_length=40)),
                ("purpose", models.TextField()),
                ("order_date", models.DateField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(default=False)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "seal_request",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("person", "act"),
                        name="seal_request_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("at", models.DateTimeField()),
                ("with_whom", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=24)),
                ("basis", models.CharField(max_length=300)),
                ("shared", models.BooleanField()),
                ("because", models.TextField()),
                ("told_family", models.BooleanField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "sharing_decision",
                "indexes": [models.Index(fields=["person", "at"], name="sharing_decision_person")],
            },
        ),
        migrations.CreateModel(
            name="SharingOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=120)),
                ("sort", models.CharField(max_length=20)),
                ("record_types", models.JSONField(default=list)),
                ("client_id", models.CharField(max_length=48, null=True, unique=True)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "sharing_organisation",
                "constraints": [models.UniqueConstraint(fields=("held_by", "code"), name="sharing_organisation_once")],
            },
        ),
        migrations.CreateModel(
            name="Pointer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("record_type", models.CharField(max_length=24)),
                ("system", models.CharField(max_length=60)),
                ("record", models.CharField(max_length=80)),
                ("first_seen", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                ("last_ask", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.ask")),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
                (
                    "custodian",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"),
                ),
            ],
            options={
                "db_table": "pointer",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "custodian", "record_type", "system", "record"), name="pointer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FetchLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("purpose", models.CharField(max_length=24)),
                ("policy", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("received", "Received"),
                            ("stopped", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("message", models.CharField(blank=True, default="", max_length=200)),
                ("sealed", models.BinaryField(default=b"")),
                ("received_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.agreementversion"),
                ),
                ("ask", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.ask")),
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="records.custodianwork"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                ("pointer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.pointer")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"),
                ),
            ],
            options={
                "db_table": "fetch_link",
                "indexes": [models.Index(fields=["ask", "account"], name="fetch_link_ask")],
            },
        ),
        migrations.AddField(
            model_name="custodianwork",
            name="custodian",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"
            ),
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("role", models.CharField(max_length=60)),
                ("record_type", models.CharField(max_length=24)),
                ("purpose", models.CharField(max_length=24)),
                ("concern", models.BooleanField(default=False)),
                ("sealed", models.BinaryField()),
                ("happened", models.DateField()),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"),
                ),
            ],
            options={
                "db_table": "contribution",
                "indexes": [models.Index(fields=["person", "-at"], name="contribution_person")],
            },
        ),
        migrations.AddField(
            model_name="ask",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.sharingorganisation"
            ),
        ),
        migrations.AddField(
            model_name="agreementversion",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"),
        ),
        migrations.CreateModel(
            name="SpellFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.spellfact",
                    ),
                ),
            ],
            options={
                "db_table": "spell_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="spellfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="spellfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="spellfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="spellfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="spellfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="spellfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="spellfact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="spellfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="spellfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.sharingorganisation"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "subscription",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "account"),
                        name="subscription_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TieFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.tiefact",
                    ),
                ),
            ],
            options={
                "db_table": "tie_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="tiefact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="tiefact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="tiefact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="tiefact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="tiefact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="tiefact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="tiefact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="tiefact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="tiefact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "calendar_feed",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("account",), name="calendar_feed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockCheck",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        db_column="person",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="records.thing",
                    ),
                ),
                ("stale", models.BooleanField(default=True)),
                ("worked_out", models.DateField(null=True)),
                ("look_again", models.DateField(null=True)),
                ("rules", models.CharField(blank=True, default="", max_length=16)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
            ],
            options={
                "db_table": "clock_check",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stale", True)), fields=["held_by", "person"], name="clock_check_stale"
                    ),
                    models.Index(
                        condition=models.Q(("look_again__isnull", False)),
                        fields=["held_by", "look_again"],
                        name="clock_check_next",
                    ),
                    models.Index(fields=["held_by", "rules"], name="clock_check_rules"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonIndex",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        db_column="person",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="records.thing",
                    ),
                ),
                ("sort", models.CharField(max_length=16)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("known_as", models.CharField(blank=True, default="", max_length=200)),
                ("la_child_id", models.CharField(blank=True, default="", max_length=64)),
                ("birth_date", models.DateField(null=True)),
                ("expected_birth_date", models.DateField(null=True)),
                ("death_date", models.DateField(null=True)),
                ("sex", models.CharField(blank=True, default="", max_length=4)),
                ("ethnicity", models.CharField(blank=True, default="", max_length=8)),
                ("postcode", models.CharField(blank=True, default="", max_length=10)),
                ("label", models.CharField(default="open", max_length=20)),
                ("filed", models.BooleanField(db_default=False, default=False)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
            ],
            options={
                "db_table": "person_index",
                "indexes": [
                    models.Index(fields=["held_by", "sort", "name"], name="person_index_name"),
                    models.Index(fields=["held_by", "birth_date"], name="person_index_birth"),
                    models.Index(
                        condition=models.Q(("postcode", ""), _negated=True),
                        fields=["held_by", "postcode"],
                        name="person_index_postcode",
                    ),
                    models.Index(
                        condition=models.Q(("label", "open"), _negated=True),
                        fields=["held_by", "label"],
                        name="person_index_label",
                    ),
                    models.Index(
                        condition=models.Q(("filed", False), ("sort", "child")),
                        fields=["held_by"],
                        name="person_index_unfiled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="About",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=8)),
                ("fact", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "about",
                "constraints": [models.UniqueConstraint(fields=("person", "word", "fact"), name="about_once")],
            },
        ),
        migrations.CreateModel(
            name="ClockNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=12)),
                ("day", models.DateField()),
                ("lines", models.IntegerField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "clock_notice",
                "constraints": [models.UniqueConstraint(fields=("account", "sort", "day"), name="clock_notice_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=60)),
                ("values", models.JSONField(default=dict)),
                ("made_from", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "draft",
                "constraints": [models.UniqueConstraint(fields=("account", "form", "about"), name="draft_once")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(default="break_glass", max_length=16)),
                ("reason", models.CharField(max_length=60)),
                ("words", models.TextField()),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("granted_by", models.CharField(max_length=80)),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=80)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review_outcome", models.TextField(blank=True, default="")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "grant_held",
                "indexes": [models.Index(fields=["person", "account"], name="grant_person")],
            },
        ),
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("form", models.CharField(max_length=60)),
                ("content", models.BinaryField()),
                ("version", models.IntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("writing", "Being written"),
                            ("waiting", "Waiting for approval"),
                            ("returned", "Returned with reasons"),
                        ],
                        default="writing",
                        max_length=8,
                    ),
                ),
                ("decision", models.CharField(blank=True, default="", max_length=60)),
                ("at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "form_draft",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["held_by", "decision"],
                        name="form_draft_waiting",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("person", "form"), name="form_draft_once")],
            },
        ),
        migrations.CreateModel(
            name="EventFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.eventfact",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
            ],
            options={
                "db_table": "event_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="eventfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="eventfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="eventfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="eventfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="eventfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="eventfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="eventfact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="eventfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="eventfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("table", models.CharField(max_length=40)),
                ("row", models.IntegerField()),
                ("values", models.JSONField(default=dict)),
                ("by", models.CharField(max_length=80)),
                ("because", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "correction",
                "constraints": [
                    models.UniqueConstraint(fields=("held_by", "sha256", "table", "row"), name="correction_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Commit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("because", models.CharField(max_length=200)),
                ("load", models.BigIntegerField(null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "commit",
                "indexes": [models.Index(fields=["held_by", "at"], name="commit_at")],
                "constraints": [models.UniqueConstraint(fields=("held_by", "number"), name="commit_number")],
            },
        ),
        migrations.CreateModel(
            name="BodyFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.UUIDField(default=uuid.uuid4)),
                ("known_from", models.BigIntegerField()),
                ("known_to", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=48)),
                ("kind_version", models.SmallIntegerField(default=1)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("ref", models.CharField(max_length=64, null=True)),
                ("status", models.CharField(default="final", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                ("label", models.CharField(default="open", max_length=20)),
                ("recorded_by", models.CharField(max_length=80)),
                ("source", models.CharField(default="kinfold", max_length=32)),
                ("source_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BigIntegerField(default=0)),
                ("source_recorded_at", models.DateTimeField(null=True)),
                ("source_extracted_at", models.DateTimeField(null=True)),
                ("load", models.BigIntegerField(null=True)),
                ("place_file", models.SmallIntegerField(null=True)),
                ("place_table", models.CharField(max_length=40, null=True)),
                ("place_row", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_column="supersedes",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.bodyfact",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_column="party",
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_column="subject",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thing",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.holder",
                    ),
                ),
            ],
            options={
                "db_table": "body_fact",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "kind", "valid_from"], name="bodyfact_story"),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("valid_to__isnull", True)),
                        fields=["kind", "held_by", "subject"],
                        name="bodyfact_open",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True)),
                        fields=["kind", "held_by", "valid_from", "valid_to"],
                        name="bodyfact_as_at",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("party__isnull", False)),
                        fields=["party", "kind"],
                        name="bodyfact_party",
                    ),
                    models.Index(
                        condition=models.Q(("known_to__isnull", True), ("ref__isnull", False)),
                        fields=["ref", "kind"],
                        name="bodyfact_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fact"),
                        django.db.models.functions.comparison.Coalesce("known_to", -1),
                        name="bodyfact_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", False)), fields=("supersedes",), name="bodyfact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="bodyfact_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known_to__isnull", True), ("known_to__gt", models.F("known_from")), _connector="OR"
                        ),
                        name="bodyfact_known_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(blank=True, default="", max_length=60)),
                ("sort", models.CharField(max_length=32)),
                ("title", models.CharField(max_length=200)),
                ("href", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "alert",
                "indexes": [models.Index(fields=["account", "done_at"], name="alert_account")],
            },
        ),
        migrations.CreateModel(
            name="HomeVacancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urn", models.CharField(max_length=20)),
                ("places", models.IntegerField()),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_column="by", on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "home_vacancy",
                "indexes": [models.Index(fields=["held_by", "urn"], name="home_vacancy_home")],
            },
        ),
        migrations.CreateModel(
            name="HomeWorkforce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urn", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("said", models.JSONField(default=dict)),
                ("name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_column="by", on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "home_workforce",
                "indexes": [models.Index(fields=["held_by", "urn"], name="home_workforce_home")],
            },
        ),
        migrations.CreateModel(
            name="IdentifierKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=24)),
                ("value", models.CharField(max_length=64)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "thing",
                    models.ForeignKey(
                        db_column="thing", on_delete=django.db.models.deletion.PROTECT, to="records.thing"
                    ),
                ),
            ],
            options={
                "db_table": "identifier_key",
                "constraints": [
                    models.UniqueConstraint(fields=("held_by", "sort", "value", "thing"), name="identifier_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("ready", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("run_after", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=60)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("most_attempts", models.SmallIntegerField(default=5)),
                ("once_key", models.CharField(max_length=120, null=True, unique=True)),
                ("done_so_far", models.BigIntegerField(default=0)),
                ("out_of", models.BigIntegerField(default=0)),
                ("doing", models.CharField(blank=True, default="", max_length=120)),
                ("message", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("by", models.CharField(blank=True, default="", max_length=80)),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by", null=True, on_delete=django.db.models.deletion.PROTECT, to="records.holder"
                    ),
                ),
            ],
            options={
                "db_table": "job",
                "indexes": [
                    models.Index(condition=models.Q(("state", "ready")), fields=["run_after"], name="job_ready"),
                    models.Index(condition=models.Q(("state", "running")), fields=["lease_until"], name="job_running"),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty", models.CharField(max_length=8)),
                ("part", models.CharField(max_length=60)),
                (
                    "sort",
                    models.CharField(
                        choices=[("open", "To be done"), ("shut", "Done or ended"), ("dormant", "Not yet law")],
                        max_length=8,
                    ),
                ),
                ("state", models.CharField(max_length=16)),
                ("began", models.DateField()),
                ("started", models.DateField()),
                ("due", models.DateField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("practical_due", models.DateField(null=True)),
                ("amber_on", models.DateField(null=True)),
                ("opens", models.DateField(null=True)),
                ("met_on", models.DateField(null=True)),
                ("recorded", models.DateField(null=True)),
                ("key", models.CharField(max_length=140)),
                ("why", models.TextField(blank=True, default="")),
                (
                    "held_by",
                    models.ForeignKey(
                        db_column="held_by",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.holder",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.thing",
                    ),
                ),
            ],
            options={
                "db_table": "kept_clock",
                "indexes": [
                    models.Index(
                        condition=models.Q(("sort", "open")), fields=["person", "due"], name="kept_clock_person"
                    ),
                    models.Index(
                        condition=models.Q(("sort", "open")),
                        fields=["held_by", "due", "amber_on", "state", "person"],
                        name="kept_clock_open",
                    ),
                    models.Index(
                        fields=["held_by", "due", "sort", "state", "duty", "recorded", "person"],
                        name="kept_clock_fell_due",
                    ),
                    models.Index(
                        condition=models.Q(("sort", "dormant")),
                        fields=["held_by", "duty", "began"],
                        name="kept_clock_dormant",
                    ),
                    models.Index(fields=["person"], name="kept_clock_of"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="custodianwork",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["custodian", "id"], name="custodian_work_open"
            ),
        ),
        migrations.AddIndex(
            model_name="ask",
            index=models.Index(fields=["person", "-at"], name="ask_person"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("organisation", "version"), name="agreement_version_once"),
        ),
    ]
