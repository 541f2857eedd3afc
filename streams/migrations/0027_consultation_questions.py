from django.db import migrations


def ask_before_consultations(apps, schema_editor):
    """A force that has questions already gets those of consultations; a new one gets all of them from its defaults."""
    from streams.services.defaults import CONSULTATION_QUESTIONS

    question_sets, questions = apps.get_model("streams", "RiskQuestionSet"), apps.get_model("streams", "RiskQuestion")
    if not question_sets.objects.exists() or question_sets.objects.filter(purpose="consult").exists():
        return
    made = question_sets.objects.create(purpose="consult", incident_type=None, version=1)
    for position, asked in enumerate(CONSULTATION_QUESTIONS):
        questions.objects.create(
            question_set=made,
            code=asked.code,
            text=asked.text,
            help_text=asked.help_text,
            position=position,
            refusing_answer=asked.refuses,
            advice=asked.advice,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0026_consultations"),
    ]

    operations = [
        migrations.RunPython(ask_before_consultations, migrations.RunPython.noop),
    ]
