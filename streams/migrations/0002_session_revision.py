from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="livesession",
            name="revision",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, editable=False, help_text="Rises with each state that sockets are told."
            ),
        ),
    ]
