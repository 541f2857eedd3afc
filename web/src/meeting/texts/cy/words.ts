/** The words of the messages in a call and of what comes after it, in Welsh. */

import type { WordsTexts } from "../en/words";

export const words: WordsTexts = {
  chat: {
    title: "Negeseuon",
    empty: "Gall pawb yn y cyfarfod ddarllen yr hyn a ysgrifennwch.",
    label: "Ysgrifennu neges",
    send: "Anfon",
    you: "Chi",
    pending: "Yn anfon…",
    failed: "Heb ei hanfon",
    again: "Anfon eto",
    tooFast: "Gormod o negeseuon ar unwaith. Arhoswch funud.",
    arrived: (name) => `Neges newydd gan ${name}`,
  },
  after: {
    title: "Mae’r cyfarfod ar ben",
    removedTitle: "Mae’r cyfarfod ar ben i chi",
    body: "Mae’ch camera a’ch meicroffon wedi’u diffodd. Gallwch gau’r dudalen hon.",
    questions: "Dau gwestiwn, os mynnwch",
    hint: "Gallwch adael y ddau allan. Nid oes enw wrth ymyl eich atebion.",
    got: "A gawsoch chi’r hyn yr oedd ei angen arnoch?",
    gotAnswers: { yes: "Do", partly: "Yn rhannol", no: "Naddo" },
    again: "A fyddech chi’n defnyddio cyfarfod fideo eto?",
    againAnswers: { yes: "Byddwn", no: "Na fyddwn" },
    send: "Anfon",
    skip: "Yr hyn y cytunoch iddo",
    call: (number) => `Os oes ein hangen ni arnoch, ffoniwch ${number}.`,
    emergency: "Os ydych mewn perygl, ffoniwch 999.",
  },
};
