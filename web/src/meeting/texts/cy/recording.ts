/** The words about being recorded, cautions and files in Welsh. */

import type { RecordingTexts } from "../en/recording";

export const recording: RecordingTexts = {
  sign: "Yn recordio",
  signSince: (time) => `Yn recordio, ${time}`,
  notYou: "Nid ydych chi’n cael eich recordio",
  asked: {
    started: "Mae rhywun yn gofyn am gael recordio’r cyfarfod hwn.",
    joined: "Mae’r cyfarfod hwn yn cael ei recordio.",
    someone_joined: "Mae rhywun wedi dod i mewn tra bo’r cyfarfod yn cael ei recordio.",
    yes: "Iawn, cewch fy recordio",
    no: "Na, peidiwch â’m recordio",
    sending: "Yn anfon…",
    stands: "Dywedoch iawn o’r blaen. Mae’n parhau nes i chi ddweud na.",
    keep: "Cadw fy ateb",
    failed: "Ni chyrhaeddodd eich ateb. Atebwch eto.",
  },
  withdraw: "Stopio fy recordio",
  withdrawn: "Nid ydych yn cael eich recordio mwyach.",
  caution: "Pwysig",
  files: {
    title: "Ffeiliau",
    hint: "Lluniau a fideos rydych chi’n eu dewis. Y swyddogion sy’n eu cael.",
    choose: "Dewis lluniau neu fideos",
    none: "Dim ffeiliau eto",
    from: (name) => `gan ${name}`,
    states: {
      queued: "Yn aros ei dro",
      sending: (percent) => `Yn anfon, ${percent} %`,
      paused: "Dim cysylltiad. Bydd yn parhau ohono’i hun.",
      done: "Wedi’i anfon",
    },
    arrived: { arriving: "Ar ei ffordd", checking: "Yn cael ei wirio", ready: "Yma", refused: "Ni ellid ei ddefnyddio", expired: "Ni chyrhaeddodd" },
    problems: {
      too_large: "Mae’r ffeil hon yn fwy na 500 MB.",
      too_many: "Ni ellir anfon rhagor o ffeiliau yma.",
      no_room: "Ni ellir ei derbyn ar hyn o bryd. Dywedwch wrth y swyddog.",
      too_much_promised: "Mae gormod o ffeiliau ar eu ffordd ar unwaith. Dewiswch hi eto ymhen ychydig funudau.",
      type_refused: "Nid llun na fideo yw hon.",
      session_over: "Mae’r cyfarfod ar ben.",
      other: "Ni ellid anfon y ffeil hon.",
    },
  },
};
