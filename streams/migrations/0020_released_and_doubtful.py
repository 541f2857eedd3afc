from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0019_talks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assignment',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('done', 'Done'), ('withdrawn', 'Withdrawn before the answer'), ('stood_down', 'Stood down'), ('off_duty', 'Went off duty'), ('incident_closed', 'Incident closed')], max_length=16),
        ),
        migrations.RemoveConstraint(
            model_name='officerposition',
            name='officer_position_on_earth',
        ),
        migrations.RemoveConstraint(
            model_name='officerposition',
            name='officer_position_accuracy',
        ),
        migrations.AddConstraint(
            model_name='officerposition',
            constraint=models.CheckConstraint(condition=models.Q(('is_doubtful', True), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='officer_position_on_earth'),
        ),
        migrations.AddConstraint(
            model_name='officerposition',
            constraint=models.CheckConstraint(condition=models.Q(('is_doubtful', True), ('accuracy_m__gte', 0), _connector='OR'), name='officer_position_accuracy'),
        ),
    ]
