from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0025_late_picture"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="livesession", name="session_kind_known"),
        migrations.RemoveConstraint(model_name="notice", name="notice_kind_known"),
        migrations.RemoveConstraint(model_name="riskquestionset", name="question_set_purpose_known"),
        migrations.AlterField(
            model_name="livesession",
            name="kind",
            field=models.CharField(
                choices=[
                    ("caller", "Caller"),
                    ("officer", "Officer"),
                    ("flight", "Flight of a drone"),
                    ("consultation", "Consultation"),
                ],
                default="caller",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="livesession",
            name="consented_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Of a flight: its launch; of a consultation: when an officer opened it.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("assignment", "Assignment"),
                    ("view_request", "Request to see"),
                    ("message", "Message"),
                    ("consultation", "Consultation"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="riskquestionset",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("link", "A caller's link"),
                    ("flight", "A flight of a drone"),
                    ("consult", "A consultation"),
                ],
                db_default="link",
                default="link",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="sender_id",
            field=models.UUIDField(
                blank=True, help_text="Of a consultation: the participant who sends it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="sender_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="livesession",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("caller", "officer", "flight", "consultation"))),
                name="session_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("assignment", "view_request", "message", "consultation"))),
                name="notice_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskquestionset",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ("link", "flight", "consult"))),
                name="question_set_purpose_known",
            ),
        ),
    ]
