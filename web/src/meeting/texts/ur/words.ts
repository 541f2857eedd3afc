/** The words of the messages in a call and of what comes after it, in Urdu. */

import type { WordsTexts } from "../en/words";

export const words: WordsTexts = {
  chat: {
    title: "پیغامات",
    empty: "آپ جو لکھیں گے وہ ملاقات میں سب پڑھ سکتے ہیں۔",
    label: "پیغام لکھیں",
    send: "بھیجیں",
    you: "آپ",
    pending: "بھیجا جا رہا ہے…",
    failed: "نہیں بھیجا گیا",
    again: "دوبارہ بھیجیں",
    tooFast: "ایک ساتھ بہت سے پیغامات۔ ذرا ٹھہریں۔",
    arrived: (name) => `${name} کی طرف سے نیا پیغام`,
  },
  after: {
    title: "ملاقات ختم ہو گئی ہے",
    removedTitle: "آپ کے لیے ملاقات ختم ہو گئی ہے",
    body: "آپ کا کیمرا اور مائیکروفون بند ہیں۔ آپ یہ صفحہ بند کر سکتے ہیں۔",
    questions: "اگر آپ چاہیں تو دو سوال",
    hint: "آپ دونوں چھوڑ سکتے ہیں۔ آپ کے جوابات کے ساتھ کوئی نام نہیں ہوتا۔",
    got: "کیا آپ کو وہ ملا جس کی آپ کو ضرورت تھی؟",
    gotAnswers: { yes: "ہاں", partly: "کچھ حد تک", no: "نہیں" },
    again: "کیا آپ دوبارہ ویڈیو ملاقات استعمال کریں گے؟",
    againAnswers: { yes: "ہاں", no: "نہیں" },
    send: "بھیجیں",
    skip: "آپ نے کس بات سے اتفاق کیا",
    call: (number) => `اگر آپ کو ہماری ضرورت ہو تو ${number} پر فون کریں۔`,
    emergency: "اگر آپ خطرے میں ہیں تو 999 پر فون کریں۔",
  },
};
