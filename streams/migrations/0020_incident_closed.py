from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0016_agency_shares'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assignment',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('done', 'Done'), ('withdrawn', 'Withdrawn before the answer'), ('stood_down', 'Stood down'), ('off_duty', 'Went off duty'), ('incident_closed', 'Incident closed')], max_length=16),
        ),
    ]
