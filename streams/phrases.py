"""The fixed phrases of the chat: stable codes, each in every language of the public.

A phrase goes out by its code, so that each side reads it in its own language without a translator in between. The Welsh
and the Urdu are drafts of a machine: a force's own interpreters should read them before they are relied on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from forces.languages import base_language

Side = Literal["operator", "caller"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase; `is_question` when yes or no answers it."""

    code: str
    side: Side
    en: str
    cy: str
    ur: str
    is_question: bool = False

    def in_language(self, language: str) -> str:
        """Return the words in a language of the public; English for any other."""
        words: str = getattr(self, base_language(language))
        return words


def _asked(code: str, en: str, cy: str, ur: str) -> Phrase:
    return Phrase(code, "operator", en, cy, ur, is_question=True)


def _told(code: str, en: str, cy: str, ur: str) -> Phrase:
    return Phrase(code, "operator", en, cy, ur)


def _said(code: str, en: str, cy: str, ur: str) -> Phrase:
    return Phrase(code, "caller", en, cy, ur)


_ALL = (
    _asked("are-you-safe", "Are you safe?", "Ydych chi’n ddiogel?", "کیا آپ محفوظ ہیں؟"),
    _asked("can-you-talk", "Can you talk?", "Allwch chi siarad?", "کیا آپ بات کر سکتے ہیں؟"),
    _asked("are-you-hurt", "Are you hurt?", "Ydych chi wedi’ch anafu?", "کیا آپ زخمی ہیں؟"),
    _asked(
        "is-anyone-hurt",
        "Is anyone else hurt?",
        "Oes rhywun arall wedi’i anafu?",
        "کیا کوئی اور زخمی ہے؟",
    ),
    _asked(
        "are-you-alone",
        "Are you alone?",
        "Ydych chi ar eich pen eich hun?",
        "کیا آپ اکیلے ہیں؟",
    ),
    _asked(
        "is-the-person-near",
        "Is the person still near you?",
        "Ydy’r person yn dal yn agos atoch?",
        "کیا وہ شخص اب بھی آپ کے قریب ہے؟",
    ),
    _asked(
        "does-anyone-have-a-weapon",
        "Does anyone have a weapon?",
        "Oes gan rywun arf?",
        "کیا کسی کے پاس ہتھیار ہے؟",
    ),
    _asked(
        "are-there-children",
        "Are there children with you?",
        "Oes plant gyda chi?",
        "کیا آپ کے ساتھ بچے ہیں؟",
    ),
    _asked(
        "can-you-move-to-safety",
        "Can you move somewhere safe?",
        "Allwch chi symud i rywle diogel?",
        "کیا آپ کسی محفوظ جگہ جا سکتے ہیں؟",
    ),
    _asked(
        "can-someone-see-your-phone",
        "Can anyone see your phone?",
        "All rhywun weld eich ffôn?",
        "کیا کوئی آپ کا فون دیکھ سکتا ہے؟",
    ),
    _asked(
        "need-an-ambulance",
        "Do you need an ambulance?",
        "Oes angen ambiwlans arnoch?",
        "کیا آپ کو ایمبولینس چاہیے؟",
    ),
    _asked("is-there-a-fire", "Is there a fire?", "Oes tân yno?", "کیا آگ لگی ہوئی ہے؟"),
    _asked(
        "are-you-at-the-place",
        "Are you still at the same place?",
        "Ydych chi’n dal yn yr un lle?",
        "کیا آپ اب بھی اسی جگہ پر ہیں؟",
    ),
    _told("help-is-coming", "Help is on the way.", "Mae help ar ei ffordd.", "مدد آ رہی ہے۔"),
    _told(
        "stay-on-the-line",
        "Stay on the line.",
        "Arhoswch ar y llinell.",
        "فون بند نہ کریں۔",
    ),
    _told("do-not-approach", "Do not go closer.", "Peidiwch â mynd yn nes.", "قریب نہ جائیں۔"),
    _told(
        "move-away",
        "Move away if you can do it safely.",
        "Symudwch i ffwrdd os gallwch wneud hynny’n ddiogel.",
        "اگر محفوظ طریقے سے ممکن ہو تو وہاں سے ہٹ جائیں۔",
    ),
    _told(
        "stay-where-you-are",
        "Stay where you are.",
        "Arhoswch lle rydych chi.",
        "جہاں ہیں وہیں رہیں۔",
    ),
    _told("stay-quiet", "Stay quiet.", "Cadwch yn dawel.", "خاموش رہیں۔"),
    _told(
        "show-around-you",
        "Turn the camera slowly to show what is around you, if that is safe.",
        "Trowch y camera’n araf i ddangos beth sydd o’ch cwmpas, os yw hynny’n ddiogel.",
        "اگر محفوظ ہو تو کیمرہ آہستہ گھما کر اپنے اردگرد کا منظر دکھائیں۔",
    ),
    _told(
        "officers-are-with-you",
        "Officers are close to you now.",
        "Mae swyddogion yn agos atoch chi nawr.",
        "پولیس اہلکار اب آپ کے قریب ہیں۔",
    ),
    _said("yes", "Yes", "Ie", "ہاں"),
    _said("no", "No", "Na", "نہیں"),
    _said("cannot-say", "I can’t say", "Alla i ddim dweud", "میں نہیں بتا سکتا/سکتی"),
    _said("do-not-know", "I do not know", "Dydw i ddim yn gwybod", "مجھے معلوم نہیں"),
    _said("cannot-talk", "I cannot talk", "Alla i ddim siarad", "میں بات نہیں کر سکتا/سکتی"),
    _said("please-hurry", "Please hurry", "Brysiwch, os gwelwch yn dda", "براہ کرم جلدی کریں"),
    _said("safe-now", "I am safe now", "Rydw i’n ddiogel nawr", "میں اب محفوظ ہوں"),
    _said("not-safe", "I am not safe", "Dydw i ddim yn ddiogel", "میں محفوظ نہیں ہوں"),
    _said("someone-is-here", "Someone is here", "Mae rhywun yma", "یہاں کوئی ہے"),
    _said("am-hurt", "I am hurt", "Rydw i wedi fy anafu", "میں زخمی ہوں"),
    _said("do-not-call", "Do not call me", "Peidiwch â fy ffonio", "مجھے فون نہ کریں"),
)
PHRASES: dict[str, Phrase] = {phrase.code: phrase for phrase in _ALL}


def phrases_of(side: Side) -> list[Phrase]:
    """Return what one side may send, in the order in which it is offered."""
    return [phrase for phrase in _ALL if phrase.side == side]
