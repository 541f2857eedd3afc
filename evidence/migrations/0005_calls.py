from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_joined_streams'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='item',
            name='item_one_recording_per_stream',
        ),
        migrations.RemoveConstraint(
            model_name='item',
            name='item_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='item',
            name='item_recording_has_stream',
        ),
        migrations.RemoveConstraint(
            model_name='item',
            name='item_sealed_has_outcome',
        ),
        migrations.AddField(
            model_name='item',
            name='cast',
            field=models.JSONField(blank=True, default=list, help_text='Of a call: {feed_id, name, role, source, segments} of each feed, as people stand.'),
        ),
        migrations.AddField(
            model_name='item',
            name='replaces',
            field=models.UUIDField(blank=True, help_text='Of a call that was composed anew: the item of which it leaves somebody out.', null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='kind',
            field=models.CharField(choices=[('recording', 'Recording'), ('still', 'Still'), ('upload', 'Upload'), ('sequence', 'Sequence'), ('call', 'Call')], default='recording', max_length=16),
        ),
        migrations.AlterField(
            model_name='item',
            name='later_stream_ids',
            field=models.JSONField(blank=True, default=list, help_text='Of a recording: the streams that are joined to its first one, in order. Of a call: its other feeds.'),
        ),
        migrations.AlterField(
            model_name='item',
            name='stream_id',
            field=models.UUIDField(blank=True, help_text='Of a recording, and the first feed of a call.', null=True),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('recording', 'call')), ('replaces__isnull', True)), fields=('stream_id',), name='item_one_recording_per_stream'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'failed'), _negated=True), fields=('replaces',), name='item_replaced_by_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recording', 'still', 'upload', 'sequence', 'call'])), name='item_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('recording', 'call')), _negated=True), ('stream_id__isnull', False), _connector='OR'), name='item_recording_has_stream'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sealed'), _negated=True), models.Q(('sealed_at__isnull', False), models.Q(models.Q(('kind__in', ('recording', 'call')), _negated=True), ('duration_ms__isnull', False), _connector='OR')), _connector='OR'), name='item_sealed_has_outcome'),
        ),
    ]
