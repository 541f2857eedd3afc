from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_sequences'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='later_stream_ids',
            field=models.JSONField(blank=True, default=list, help_text='Of a recording: the streams that are joined to its first one, in order.'),
        ),
    ]
