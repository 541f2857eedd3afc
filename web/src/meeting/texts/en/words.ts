/** The words of the messages in a call and of what comes after it, in English. */

export const words = {
  chat: {
    title: "Messages",
    empty: "Everybody in the meeting can read what you write.",
    label: "Write a message",
    send: "Send",
    you: "You",
    pending: "Sending…",
    failed: "Not sent",
    again: "Send again",
    tooFast: "Too many messages at once. Wait a moment.",
    arrived: (name: string): string => `New message from ${name}`,
  },
  after: {
    title: "The meeting is over",
    removedTitle: "The meeting is over for you",
    body: "Your camera and your microphone are off. You can close this page.",
    questions: "Two questions, if you like",
    hint: "You can leave both out. Your answers stand beside no name.",
    got: "Did you get what you needed?",
    gotAnswers: { yes: "Yes", partly: "Partly", no: "No" },
    again: "Would you use a video meeting again?",
    againAnswers: { yes: "Yes", no: "No" },
    send: "Send",
    skip: "What you agreed to",
    call: (number: string): string => `If you need us, call ${number}.`,
    emergency: "If you are in danger, call 999.",
  },
};

export type WordsTexts = typeof words;
