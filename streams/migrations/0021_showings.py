import django.db.models.deletion
import uuid
from django.db import migrations, models


def begin_with_what_is_shown(apps, schema_editor):
    """What is shown now has a row, too; of what was shown before only the audit knows."""
    showings = apps.get_model("streams", "Showing").objects
    for session in apps.get_model("streams", "LiveSession").objects.filter(shown_at__isnull=False):
        showings.create(session=session, shown_at=session.shown_at, shown_by_name=session.shown_by_name)


class Migration(migrations.Migration):
    dependencies = [
        ("streams", "0020_released_and_doubtful"),
    ]

    operations = [
        migrations.CreateModel(
            name="Showing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("shown_at", models.DateTimeField()),
                ("shown_by_name", models.CharField(blank=True, max_length=150)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                (
                    "hidden_by_name",
                    models.CharField(blank=True, help_text="Empty where it ended by itself.", max_length=150),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hidden", "Hidden"),
                            ("session_over", "Session over"),
                            ("no_consent", "No consent"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="showings", to="streams.livesession"
                    ),
                ),
            ],
            options={
                "ordering": ("shown_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("hidden_at__isnull", True)),
                        fields=("session",),
                        name="showing_one_going_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("hidden_at__isnull", True)),
                            models.Q(("hidden_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="showing_hidden_has_reason",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin_with_what_is_shown, migrations.RunPython.noop),
    ]
