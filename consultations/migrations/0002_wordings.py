"""Words in which a recording is asked for: English, and two that somebody of the force has to approve first."""

from django.db import migrations

WORDINGS = (
    (
        "en",
        "May we record you?",
        "The police want to record this meeting: what you say and what your camera shows. The recording is kept as "
        "police information and may be used as evidence. You may say no, and the meeting goes on. If you say no, "
        "nothing of your camera and microphone is recorded. Other people's microphones may still pick up your voice.",
        "You can stop this at any time. What was recorded until then is kept.",
    ),
    (
        "cy",
        "A gawn ni eich recordio?",
        "Mae'r heddlu am recordio'r cyfarfod hwn: yr hyn a ddywedwch a'r hyn y mae eich camera'n ei ddangos. Cedwir y "
        "recordiad fel gwybodaeth yr heddlu a gellir ei ddefnyddio fel tystiolaeth. Cewch ddweud na, ac mae'r cyfarfod "
        "yn parhau. Os dywedwch na, ni recordir dim o'ch camera na'ch meicroffon. Gall meicroffonau pobl eraill ddal i "
        "glywed eich llais.",
        "Gallwch atal hyn unrhyw bryd. Cedwir yr hyn a recordiwyd tan hynny.",
    ),
    (
        "ur",
        "کیا ہم آپ کو ریکارڈ کر سکتے ہیں؟",
        "پولیس اس ملاقات کو ریکارڈ کرنا چاہتی ہے: جو آپ کہتے ہیں اور جو آپ کا کیمرا دکھاتا ہے۔ ریکارڈنگ پولیس کی معلومات "
        "کے طور پر رکھی جاتی ہے اور بطور ثبوت استعمال ہو سکتی ہے۔ آپ نہیں کہہ سکتے ہیں، اور ملاقات جاری رہتی ہے۔ اگر آپ نہیں "
        "کہیں تو آپ کے کیمرے اور مائیکروفون کا کچھ بھی ریکارڈ نہیں ہوتا۔ دوسروں کے مائیکروفون پھر بھی آپ کی آواز پکڑ سکتے ہیں۔",
        "آپ اسے کسی بھی وقت روک سکتے ہیں۔ اس وقت تک جو ریکارڈ ہوا وہ رکھا جاتا ہے۔",
    ),
)


def ask_for_recordings(apps, schema_editor):
    """Give each force a policy and the words; English is the product's own, translations wait for the force's leave."""
    from forces import clock

    apps.get_model("consultations", "ConsultationPolicy").objects.get_or_create(is_only=True)
    wordings = apps.get_model("consultations", "RecordingWording")
    for language, title, body, withdraw_text in WORDINGS:
        is_own = language == "en"
        wordings.objects.get_or_create(
            version=1,
            language=language,
            defaults={
                "title": title,
                "body": body,
                "withdraw_text": withdraw_text,
                "approved_by": "Sightline" if is_own else "",
                "approved_at": clock.now() if is_own else None,
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ("consultations", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(ask_for_recordings, migrations.RunPython.noop),
    ]
