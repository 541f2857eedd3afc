from django.db import migrations, models
from django.db.models import F


def begin_with_admission(apps, schema_editor):
    """Until now every stream began when it was admitted."""
    apps.get_model("streams", "Stream").objects.filter(begun_at__isnull=True).update(begun_at=F("admitted_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0002_session_revision"),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="begun_at",
            field=models.DateTimeField(
                blank=True, help_text="When the camera came on, or was said to be on.", null=True
            ),
        ),
        migrations.RunPython(begin_with_admission, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="stream",
            name="state",
            field=models.CharField(
                choices=[
                    ("prepared", "Prepared"),
                    ("admitted", "Admitted"),
                    ("connecting", "Connecting"),
                    ("live", "Live"),
                    ("stalled", "Stalled"),
                    ("ended", "Ended"),
                ],
                default="admitted",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="stream", name="stream_state_known"),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("prepared", "admitted", "connecting", "live", "stalled", "ended"))),
                name="stream_state_known",
            ),
        ),
    ]
