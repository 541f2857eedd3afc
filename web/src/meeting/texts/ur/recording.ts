/** The words about being recorded, cautions and files in Urdu. */

import type { RecordingTexts } from "../en/recording";

export const recording: RecordingTexts = {
  sign: "ریکارڈنگ",
  signSince: (time) => `ریکارڈنگ، ${time}`,
  notYou: "آپ کو ریکارڈ نہیں کیا جا رہا",
  asked: {
    started: "کوئی اس ملاقات کو ریکارڈ کرنے کی اجازت مانگ رہا ہے۔",
    joined: "یہ ملاقات ریکارڈ ہو رہی ہے۔",
    someone_joined: "ریکارڈنگ کے دوران کوئی اندر آیا ہے۔",
    yes: "ہاں، آپ مجھے ریکارڈ کر سکتے ہیں",
    no: "نہیں، مجھے ریکارڈ نہ کریں",
    sending: "بھیجا جا رہا ہے…",
    stands: "آپ نے پہلے ہاں کہا تھا۔ جب تک آپ نہیں نہ کہیں یہ ہاں رہے گا۔",
    keep: "میری ہاں برقرار رکھیں",
    failed: "آپ کا جواب نہیں پہنچا۔ براہِ کرم دوبارہ جواب دیں۔",
  },
  withdraw: "مجھے ریکارڈ کرنا بند کریں",
  withdrawn: "اب آپ کو ریکارڈ نہیں کیا جا رہا۔",
  caution: "اہم",
  files: {
    title: "فائلیں",
    hint: "تصویریں اور ویڈیوز جو آپ چنیں۔ یہ افسران کو ملتی ہیں۔",
    choose: "تصویریں یا ویڈیوز چنیں",
    none: "ابھی کوئی فائل نہیں",
    from: (name) => `${name} کی طرف سے`,
    states: {
      queued: "اپنی باری کا انتظار",
      sending: (percent) => `بھیجا جا رہا ہے، ${percent} %`,
      paused: "کوئی رابطہ نہیں۔ یہ خود جاری ہو جائے گا۔",
      done: "بھیج دیا گیا",
    },
    arrived: { arriving: "راستے میں", checking: "جانچ ہو رہی ہے", ready: "پہنچ گئی", refused: "استعمال نہیں ہو سکی", expired: "نہیں پہنچی" },
    problems: {
      too_large: "یہ فائل 500 MB سے بڑی ہے۔",
      too_many: "یہاں مزید فائلیں نہیں بھیجی جا سکتیں۔",
      no_room: "اس وقت اسے نہیں لیا جا سکتا۔ افسر کو بتائیں۔",
      too_much_promised: "ایک ساتھ بہت سی فائلیں راستے میں ہیں۔ چند منٹ بعد اسے دوبارہ چنیں۔",
      type_refused: "یہ تصویر یا ویڈیو نہیں ہے۔",
      session_over: "ملاقات ختم ہو گئی ہے۔",
      other: "یہ فائل نہیں بھیجی جا سکی۔",
    },
  },
};
