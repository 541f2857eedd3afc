"""The words of a meeting's own pages that need no script, and of its purposes, in the languages of the public.

They say neither police nor consultation where the page is in safe mode: whoever looks over a shoulder reads them.
"""

from __future__ import annotations

from typing import Any

from forces.languages import base_language

PURPOSES: dict[str, dict[str, str]] = {
    "en": {
        "report": "Making a report",
        "domestic_abuse": "A talk about your safety",
        "scene_advice": "Advice about what was left behind",
        "statement": "Giving a statement",
        "welfare": "A talk about how you are",
        "other": "A talk",
    },
    "cy": {
        "report": "Rhoi gwybod am rywbeth",
        "domestic_abuse": "Sgwrs am eich diogelwch",
        "scene_advice": "Cyngor am yr hyn a adawyd ar ôl",
        "statement": "Rhoi datganiad",
        "welfare": "Sgwrs am sut yr ydych",
        "other": "Sgwrs",
    },
    "ur": {
        "report": "اطلاع دینا",
        "domestic_abuse": "آپ کی حفاظت کے بارے میں بات",
        "scene_advice": "موقع پر رہ جانے والی چیزوں کے بارے میں مشورہ",
        "statement": "بیان دینا",
        "welfare": "آپ کی خیریت کے بارے میں بات",
        "other": "بات چیت",
    },
}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Meeting",
        "link_lead": "You have a meeting by video. Nobody sees or hears you before you say that you are ready.",
        "link_safe": "Here is what you asked for. Go on when nobody is looking.",
        "link_when": "When",
        "link_check": "You can try camera and microphone now, days before it as well.",
        "link_go": "Continue",
        "link_calendar": "Put it into my calendar",
        "move_title": "I need to move it",
        "move_lead": "Write what suits you. Somebody will answer; until then the time stays.",
        "move_label": "What suits you?",
        "move_send": "Send",
        "move_done": "We have your message. Until you hear from us, the time stays as it is.",
        "move_open": "We have a message of yours already and will answer it.",
        "after_title": "The meeting is over",
        "after_safe": "There is nothing more here.",
        "after_lead": "Two questions. You may leave out both.",
        "after_got": "Did you get what you needed?",
        "after_again": "Would you use a video meeting again?",
        "after_send": "Send",
        "after_thanks": "Thank you.",
        "after_receipt": "Recording",
        "after_yes": "You agreed to be recorded on {at}.",
        "after_no": "You did not agree to be recorded on {at}.",
        "after_withdrawn": "You took that back on {at}.",
        "after_call": "To speak to somebody, call {number}.",
        "yes": "Yes",
        "partly": "Partly",
        "no": "No",
        "back": "Back",
        "no_script": "This page needs JavaScript. Turn it on for this site, or call {number}.",
    },
    "cy": {
        "title": "Cyfarfod",
        "link_lead": "Mae gennych gyfarfod fideo. Nid oes neb yn eich gweld na’ch clywed nes i chi ddweud eich bod yn "
        "barod.",
        "link_safe": "Dyma’r hyn y gofynnoch amdano. Ewch ymlaen pan nad oes neb yn edrych.",
        "link_when": "Pryd",
        "link_check": "Gallwch roi cynnig ar y camera a’r meicroffon nawr, ddyddiau ymlaen llaw hefyd.",
        "link_go": "Parhau",
        "link_calendar": "Ei roi yn fy nghalendr",
        "move_title": "Mae angen i mi ei symud",
        "move_lead": "Ysgrifennwch beth sy’n gyfleus. Bydd rhywun yn ateb; tan hynny mae’r amser yn aros.",
        "move_label": "Beth sy’n gyfleus i chi?",
        "move_send": "Anfon",
        "move_done": "Mae eich neges gennym. Tan i chi glywed gennym, mae’r amser yn aros fel y mae.",
        "move_open": "Mae neges gennych eisoes ac fe’i hatebwn.",
        "after_title": "Mae’r cyfarfod ar ben",
        "after_safe": "Nid oes dim mwy yma.",
        "after_lead": "Dau gwestiwn. Cewch adael y ddau allan.",
        "after_got": "A gawsoch yr hyn yr oedd ei angen arnoch?",
        "after_again": "A fyddech yn defnyddio cyfarfod fideo eto?",
        "after_send": "Anfon",
        "after_thanks": "Diolch.",
        "after_receipt": "Recordio",
        "after_yes": "Fe gytunoch i gael eich recordio ar {at}.",
        "after_no": "Ni chytunoch i gael eich recordio ar {at}.",
        "after_withdrawn": "Fe dynnoch hynny’n ôl ar {at}.",
        "after_call": "I siarad â rhywun, ffoniwch {number}.",
        "yes": "Do",
        "partly": "Yn rhannol",
        "no": "Naddo",
        "back": "Yn ôl",
        "no_script": "Mae angen JavaScript ar y dudalen hon. Trowch ef ymlaen, neu ffoniwch {number}.",
    },
    "ur": {
        "title": "ملاقات",
        "link_lead": "آپ کی ویڈیو پر ملاقات ہے۔ جب تک آپ نہ کہیں کہ آپ تیار ہیں، کوئی آپ کو نہ دیکھتا ہے نہ سنتا ہے۔",
        "link_safe": "یہ وہ ہے جو آپ نے مانگا تھا۔ جب کوئی نہ دیکھ رہا ہو تب آگے بڑھیں۔",
        "link_when": "کب",
        "link_check": "آپ کیمرا اور مائیکروفون ابھی آزما سکتے ہیں، کئی دن پہلے بھی۔",
        "link_go": "آگے بڑھیں",
        "link_calendar": "اسے میرے کیلنڈر میں ڈالیں",
        "move_title": "مجھے وقت بدلنا ہے",
        "move_lead": "لکھیں کہ آپ کے لیے کیا مناسب ہے۔ کوئی جواب دے گا؛ تب تک وقت وہی رہے گا۔",
        "move_label": "آپ کے لیے کیا مناسب ہے؟",
        "move_send": "بھیجیں",
        "move_done": "ہمیں آپ کا پیغام مل گیا۔ جب تک ہم جواب نہ دیں، وقت وہی رہے گا۔",
        "move_open": "آپ کا ایک پیغام ہمارے پاس پہلے سے ہے اور ہم جواب دیں گے۔",
        "after_title": "ملاقات ختم ہو گئی",
        "after_safe": "یہاں اور کچھ نہیں۔",
        "after_lead": "دو سوال۔ آپ دونوں چھوڑ سکتے ہیں۔",
        "after_got": "کیا آپ کو وہ ملا جس کی آپ کو ضرورت تھی؟",
        "after_again": "کیا آپ دوبارہ ویڈیو ملاقات کریں گے؟",
        "after_send": "بھیجیں",
        "after_thanks": "شکریہ۔",
        "after_receipt": "ریکارڈنگ",
        "after_yes": "آپ نے {at} کو ریکارڈ ہونے پر رضامندی دی۔",
        "after_no": "آپ نے {at} کو ریکارڈ ہونے پر رضامندی نہیں دی۔",
        "after_withdrawn": "آپ نے اسے {at} کو واپس لے لیا۔",
        "after_call": "کسی سے بات کرنے کے لیے {number} پر کال کریں۔",
        "yes": "ہاں",
        "partly": "کچھ حد تک",
        "no": "نہیں",
        "back": "واپس",
        "no_script": "اس صفحے کو جاوا اسکرپٹ درکار ہے۔ اسے چلائیں، یا {number} پر کال کریں۔",
    },
}

ERRORS: dict[str, dict[str, str]] = {
    "cy": {
        "meeting_over": "Mae’r cyfarfod hwn ar ben.",
        "removed": "Mae’r cyfarfod hwn ar ben.",
        "link_not_opened": "Agorwch y ddolen yn eich neges eto.",
        "link_in_use": "Mae’r ddolen hon yn cael ei defnyddio ar ddyfais neu borwr arall.",
        "invalid_input": "Ysgrifennwch 1 i 500 nod.",
    },
    "ur": {
        "meeting_over": "یہ ملاقات ختم ہو چکی ہے۔",
        "removed": "یہ ملاقات ختم ہو چکی ہے۔",
        "link_not_opened": "اپنے پیغام میں لنک دوبارہ کھولیں۔",
        "link_in_use": "یہ لنک کسی اور آلے یا براؤزر میں استعمال ہو رہا ہے۔",
        "invalid_input": "1 سے 500 حروف لکھیں۔",
    },
}
"""What an error says on a meeting's own pages; in English it says it itself."""


def error_words(language: str, code: str, message: str) -> str:
    """Return what an error says in the language of its reader."""
    return ERRORS.get(base_language(language), {}).get(code, message)


def purpose_words(language: str, purpose: str) -> str:
    """Return what a meeting is about, in the language of its reader."""
    return PURPOSES[base_language(language)][purpose]


def words_of_page(language: str, **values: Any) -> dict[str, str]:
    """Return all words in a language, the placeholders of a few filled in."""
    table = WORDS[base_language(language)]
    return {key: text.format(**values) if "{" in text and _has(text, values) else text for key, text in table.items()}


def _has(text: str, values: dict[str, Any]) -> bool:
    return any(f"{{{name}}}" in text for name in values)
