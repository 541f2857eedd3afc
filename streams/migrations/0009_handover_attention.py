import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.db import migrations, models


def assign_to_their_makers(apps, schema_editor):
    """Every session so far is its maker's; a force that is set up gets the new policy's defaults."""
    sessions = apps.get_model("streams", "LiveSession").objects
    sessions.filter(assigned_to="").update(
        assigned_to=models.F("created_by"), assigned_to_name=models.F("created_by_name")
    )
    if apps.get_model("streams", "LinkPolicy").objects.exists():
        apps.get_model("streams", "RoomPolicy").objects.get_or_create(is_only=True)


class Migration(migrations.Migration):
    dependencies = [
        ("streams", "0008_safe_mode_chat_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("from_id", models.CharField(max_length=64)),
                ("from_name", models.CharField(blank=True, max_length=150)),
                ("to_id", models.CharField(max_length=64)),
                ("to_name", models.CharField(blank=True, max_length=150)),
                ("reason", models.CharField(max_length=500)),
                ("answer", models.CharField(blank=True, help_text="Why it was declined.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("taken", "Taken"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-offered_at",),
            },
        ),
        migrations.CreateModel(
            name="RoomPolicy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_only", models.BooleanField(default=True, editable=False, unique=True)),
                (
                    "unattended_after_s",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="Seconds without anybody watching until the consoles say so."
                    ),
                ),
                (
                    "escalate_after_s",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="Seconds after that until supervisors are called."
                    ),
                ),
                (
                    "search_needs_reason",
                    models.BooleanField(
                        default=True,
                        help_text="Whoever searches past sessions says why (Data Protection Act 2018, section 62).",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "control room policy",
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="channel",
            field=models.CharField(
                choices=[("sms", "Text message"), ("email", "E-mail")], db_default="sms", default="sms", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="sends",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, help_text="Messages with this same link; the provider's reference counts them."
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="trouble",
            field=models.CharField(blank=True, help_text="Why somebody could not open it, last.", max_length=24),
        ),
        migrations.AddField(
            model_name="invitation",
            name="trouble_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="livesession",
            name="assigned_to",
            field=models.CharField(blank=True, help_text="Whose session it is now.", max_length=64),
        ),
        migrations.AddField(
            model_name="livesession",
            name="assigned_to_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="livesession",
            name="email_address",
            field=models.CharField(blank=True, help_text="Empty without one, and once erased.", max_length=254),
        ),
        migrations.AddField(
            model_name="livesession",
            name="escalated_at",
            field=models.DateTimeField(blank=True, help_text="When supervisors were called.", null=True),
        ),
        migrations.AddField(
            model_name="livesession",
            name="neglected_since",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="Since when nobody was seen to attend; not told yet.", null=True
            ),
        ),
        migrations.AddField(
            model_name="livesession",
            name="unattended_reason",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name="livesession",
            name="unattended_since",
            field=models.DateTimeField(blank=True, help_text="Since when it counts as unattended.", null=True),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                django.db.models.functions.text.Upper("external_reference"), name="incident_external_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(fields=["-created_at", "-id"], name="session_newest"),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(fields=["assigned_to", "-created_at"], name="session_assigned"),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(fields=["created_by", "-created_at"], name="session_created_by"),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(
                condition=models.Q(("outcome_code", ""), _negated=True),
                fields=["outcome_code", "-created_at"],
                name="session_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(
                condition=models.Q(("phone_number", ""), _negated=True), fields=["phone_number"], name="session_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="position",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(models.F("easting"), models.F("northing"), function="point"),
                condition=models.Q(("easting__isnull", False), ("northing__isnull", False)),
                name="position_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="livesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("escalated_at__isnull", True), ("unattended_since__isnull", False), _connector="OR"
                ),
                name="session_escalated_is_unattended",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="handovers", to="streams.livesession"
            ),
        ),
        migrations.AddConstraint(
            model_name="roompolicy",
            constraint=models.CheckConstraint(condition=models.Q(("is_only", True)), name="room_policy_only_row"),
        ),
        migrations.AddConstraint(
            model_name="roompolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("unattended_after_s__gte", 10), ("unattended_after_s__lte", 900)),
                name="room_policy_unattended_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="roompolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("escalate_after_s__gte", 10), ("escalate_after_s__lte", 1800)),
                name="room_policy_escalate_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("offered", "accepted", "declined", "withdrawn", "taken"))),
                name="handover_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "offered")),
                    models.Q(models.Q(("state", "offered"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="handover_closed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "offered")), fields=("session",), name="handover_one_open"
            ),
        ),
        migrations.RunPython(assign_to_their_makers, migrations.RunPython.noop),
    ]
