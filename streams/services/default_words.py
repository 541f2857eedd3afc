"""The words that a new force starts with: what a caller agrees to, and what the text messages say, by language.

The English is approved as a default of the product. The Welsh and the Urdu are drafts of a machine and start without an
approval: production asks in English until somebody of the force has read and saved them.
"""

from __future__ import annotations

from streams.models import LiveSession
from streams.models.consent import DEFAULT_UPLOAD_TEXT

APPROVED = frozenset({"en"})
WORDINGS = {
    "en": {
        "title": "The police would like to see where you are",
        "intro": (
            "You are speaking to the police control room. They are asking you to share what you choose on "
            "the next page, so that they can help you. It is your choice. Your call goes on as before, and your "
            "microphone is not used."
        ),
        "location_text": "My location: where this phone is, and how it moves, until I stop.",
        "video_text": "Live video: what the camera of this phone sees, without sound, until I stop.",
        "recording_text": (
            "Recording: the police may record the video. It is kept as police information and may be used as evidence."
        ),
        "upload_text": DEFAULT_UPLOAD_TEXT,
        "stop_text": (
            "You can stop at any time with the red button: the camera and the location stop at once. What was "
            "recorded before may have to be kept by law. Do not put yourself in danger to film."
        ),
    },
    "cy": {
        "title": "Hoffai’r heddlu weld ble rydych chi",
        "intro": (
            "Rydych yn siarad ag ystafell reoli’r heddlu. Maen nhw’n gofyn i chi rannu’r hyn a ddewiswch ar y dudalen "
            "nesaf, er mwyn gallu eich helpu. Eich dewis chi ydyw. Mae eich galwad yn parhau fel o’r blaen, ac nid yw "
            "eich meicroffon yn cael ei ddefnyddio."
        ),
        "location_text": "Fy lleoliad: ble mae’r ffôn hwn, a sut mae’n symud, nes i mi stopio.",
        "video_text": "Fideo byw: yr hyn y mae camera’r ffôn hwn yn ei weld, heb sain, nes i mi stopio.",
        "recording_text": (
            "Recordio: caiff yr heddlu recordio’r fideo. Fe’i cedwir fel gwybodaeth yr heddlu a gellir ei ddefnyddio "
            "fel tystiolaeth."
        ),
        "upload_text": (
            "Lluniau a fideos: anfonir at yr heddlu y rhai rwy’n eu dewis ar y ffôn hwn. Fe’u cedwir fel gwybodaeth yr "
            "heddlu a gellir eu defnyddio fel tystiolaeth."
        ),
        "stop_text": (
            "Gallwch stopio unrhyw bryd gyda’r botwm coch: mae’r camera a’r lleoliad yn stopio ar unwaith. Efallai y "
            "bydd yn rhaid cadw’r hyn a recordiwyd cynt yn ôl y gyfraith. Peidiwch â rhoi eich hun mewn perygl i "
            "ffilmio."
        ),
    },
    "ur": {
        "title": "پولیس دیکھنا چاہتی ہے کہ آپ کہاں ہیں",
        "intro": (
            "آپ پولیس کنٹرول روم سے بات کر رہے ہیں۔ وہ آپ سے کہہ رہے ہیں کہ اگلے صفحے پر جو آپ چنیں وہ شیئر کریں، "
            "تاکہ وہ "
            "آپ کی مدد کر سکیں۔ یہ آپ کی مرضی ہے۔ آپ کی کال پہلے کی طرح جاری رہے گی، اور آپ کا مائیکروفون استعمال "
            "نہیں ہوگا۔"
        ),
        "location_text": "میرا مقام: یہ فون کہاں ہے اور کیسے حرکت کر رہا ہے، جب تک میں نہ روکوں۔",
        "video_text": "براہ راست ویڈیو: جو اس فون کا کیمرہ دیکھتا ہے، آواز کے بغیر، جب تک میں نہ روکوں۔",
        "recording_text": (
            "ریکارڈنگ: پولیس ویڈیو ریکارڈ کر سکتی ہے۔ اسے پولیس کی معلومات کے طور پر رکھا جاتا ہے اور ثبوت کے طور "
            "پر استعمال "
            "کیا جا سکتا ہے۔"
        ),
        "upload_text": (
            "تصاویر اور ویڈیوز: جو میں اس فون پر چنوں وہ پولیس کو بھیجی جاتی ہیں۔ انہیں پولیس کی معلومات کے طور پر "
            "رکھا جاتا ہے اور ثبوت کے طور پر استعمال کیا جا سکتا ہے۔"
        ),
        "stop_text": (
            "آپ کسی بھی وقت سرخ بٹن سے روک سکتے ہیں: کیمرہ اور مقام فوراً بند ہو جاتے ہیں۔ جو پہلے ریکارڈ ہوا اسے "
            "قانون کے "
            "مطابق رکھنا پڑ سکتا ہے۔ فلم بنانے کے لیے خود کو خطرے میں نہ ڈالیں۔"
        ),
    },
}
_LOCATION, _VIDEO = LiveSession.LinkKind.LOCATION, LiveSession.LinkKind.LOCATION_VIDEO
_UPLOAD = LiveSession.LinkKind.LOCATION_UPLOAD
MESSAGES = {
    "en": {
        _LOCATION: (
            "{force}: as agreed on the phone, open this link to share your location with us: {link} Ref {reference}"
        ),
        _VIDEO: (
            "{force}: as agreed on the phone, open this link to share your location and live video with us: "
            "{link} Ref {reference}"
        ),
        _UPLOAD: (
            "{force}: as agreed on the phone, open this link to share your location, photos and videos with us: "
            "{link} Ref {reference}"
        ),
    },
    "cy": {
        _LOCATION: (
            "{force}: fel y cytunwyd ar y ffôn, agorwch y ddolen hon i rannu eich lleoliad gyda ni: {link} "
            "Cyf {reference}"
        ),
        _VIDEO: (
            "{force}: fel y cytunwyd ar y ffôn, agorwch y ddolen hon i rannu eich lleoliad a fideo byw gyda ni: "
            "{link} "
            "Cyf {reference}"
        ),
        _UPLOAD: (
            "{force}: fel y cytunwyd ar y ffôn, agorwch y ddolen hon i rannu eich lleoliad, lluniau a fideos gyda ni: "
            "{link} Cyf {reference}"
        ),
    },
    "ur": {
        _LOCATION: (
            "{force}: جیسا کہ فون پر طے ہوا، اپنا مقام ہمارے ساتھ شیئر کرنے کے لیے یہ لنک کھولیں: {link} "
            "حوالہ نمبر {reference}"
        ),
        _VIDEO: (
            "{force}: جیسا کہ فون پر طے ہوا، اپنا مقام اور براہ راست ویڈیو ہمارے ساتھ شیئر کرنے کے لیے یہ لنک کھولیں: "
            "{link} حوالہ نمبر {reference}"
        ),
        _UPLOAD: (
            "{force}: جیسا کہ فون پر طے ہوا، اپنا مقام، تصاویر اور ویڈیوز ہمارے ساتھ شیئر کرنے کے لیے یہ لنک کھولیں: "
            "{link} حوالہ نمبر {reference}"
        ),
    },
}
# Whoever picks up the phone may read it: it says what any delivery or appointment might.
SAFE_MESSAGES = {
    "en": "Here is the page we talked about: {link}",
    "cy": "Dyma’r dudalen y buom yn siarad amdani: {link}",
    "ur": "یہ وہ صفحہ ہے جس کی ہم نے بات کی تھی: {link}",
}
