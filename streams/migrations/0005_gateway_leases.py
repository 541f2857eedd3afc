from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0004_invitation_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="process",
            field=models.CharField(blank=True, help_text="The process that holds the handle.", max_length=64),
        ),
        migrations.AlterField(
            model_name="watch",
            name="owner",
            field=models.CharField(blank=True, help_text="The console's socket that watches.", max_length=64),
        ),
    ]
