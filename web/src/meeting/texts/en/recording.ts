/** The words about being recorded, cautions and files in English. What is agreed to comes from the server: it is approved there. */

export const recording = {
  sign: "Recording",
  signSince: (time: string): string => `Recording, ${time}`,
  notYou: "You are not recorded",
  asked: {
    started: "Somebody asks to record this meeting.",
    joined: "This meeting is being recorded.",
    someone_joined: "Somebody has come in while the meeting is recorded.",
    yes: "Yes, you may record me",
    no: "No, do not record me",
    sending: "Sending…",
    stands: "You said yes before. It stays a yes until you say no.",
    keep: "Keep my yes",
    failed: "Your answer did not arrive. Please answer again.",
  },
  withdraw: "Stop recording me",
  withdrawn: "You are not recorded any more.",
  caution: "Important",
  files: {
    title: "Files",
    hint: "Photos and videos that you choose. The officers get them.",
    choose: "Choose photos or videos",
    none: "No files yet",
    from: (name: string): string => `from ${name}`,
    states: {
      queued: "Waiting for its turn",
      sending: (percent: number): string => `Sending, ${percent} %`,
      paused: "No connection. It goes on by itself.",
      done: "Sent",
    },
    arrived: { arriving: "On its way", checking: "Being checked", ready: "Here", refused: "Could not be used", expired: "Did not arrive" },
    problems: {
      too_large: "This file is larger than 500 MB.",
      too_many: "No more files can be sent here.",
      no_room: "It cannot be taken at the moment. Tell the officer.",
      too_much_promised: "Too many files are on their way at once. Choose it again in a few minutes.",
      type_refused: "This is not a photo or a video.",
      session_over: "The meeting is over.",
      other: "This file could not be sent.",
    },
  },
};

export type RecordingTexts = typeof recording;
