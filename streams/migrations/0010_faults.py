from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("streams", "0009_handover_attention"),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="stall_reason",
            field=models.CharField(blank=True, choices=[("silent", "Silent"), ("blind", "Blind")], default="", max_length=8),
            preserve_default=False,
        ),
    ]
