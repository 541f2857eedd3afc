from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0003_stream_prepared"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="code_hash",
            field=models.CharField(
                blank=True,
                help_text="Keyed hash of the code to read out, hex; none for links sent before there were codes.",
                max_length=64,
                null=True,
                unique=True,
            ),
        ),
    ]
