from django.db import migrations, models

ROLES = [
    ("operator", "Operator"),
    ("supervisor", "Supervisor"),
    ("officer", "Officer"),
    ("pcso", "PCSO"),
    ("scenes_of_crime", "Scenes-of-crime officer"),
    ("auditor", "Auditor"),
    ("force_admin", "Force Admin"),
    ("platform_admin", "Platform Admin"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(choices=ROLES, default="operator", max_length=16),
        ),
    ]
