import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0007_stills_uploads'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='messagetemplate',
            options={'ordering': ('link_kind', 'language', 'safe_mode')},
        ),
        migrations.RemoveConstraint(
            model_name='messagetemplate',
            name='message_template_once',
        ),
        migrations.AddField(
            model_name='chatmessage',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=12),
        ),
        migrations.AddField(
            model_name='chatmessage',
            name='phrase',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='chatmessage',
            name='shown_language',
            field=models.CharField(db_default='en', default='en', max_length=12),
        ),
        migrations.AddField(
            model_name='chatmessage',
            name='shown_text',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='linkpolicy',
            name='exit_url',
            field=models.CharField(db_default='https://www.bbc.co.uk/weather', default='https://www.bbc.co.uk/weather', help_text='A page that says nothing of the police, for example the weather.', max_length=200, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='where “Exit this page” leads'),
        ),
        migrations.AddField(
            model_name='livesession',
            name='safe_mode',
            field=models.BooleanField(db_default=False, default=False, help_text="Somebody who must not know may see the caller's phone."),
        ),
        migrations.AddField(
            model_name='messagetemplate',
            name='safe_mode',
            field=models.BooleanField(db_default=False, default=False, help_text='Names neither police nor force.'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.UniqueConstraint(fields=('link_kind', 'language', 'safe_mode'), name='message_template_once_per_mode'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('safe_mode', False), models.Q(('body__contains', '{force}'), ('body__contains', '{reference}'), _connector='OR', _negated=True), _connector='OR'), name='message_template_safe_names_no_force'),
        ),
    ]
