/**
 * Every word of the caller's page, in one place, so that another language is one more object of the same shape. The
 * wording of the consent itself comes from the server: it is versioned and approved there.
 */

import type { CameraFault } from "../media/camera";
import type { PositionFault } from "../media/position";
import type { BrowserFamily } from "./browser";

const en = {
  appName: "Sightline",
  /** For times of day. */
  locale: "en-GB",
  reference: (reference: string) => `Reference ${reference}`,
  connecting: { title: "Connecting to the control room…", body: "Please keep this page open." },
  common: { continue: "Continue", tryAgain: "Try again", back: "Go back" },
  what: {
    untitled: "The control room is asking to see where you are",
    stop: "You can stop at any time.",
    choose: "Nothing is shared yet: you choose on the next page.",
  },
  agree: {
    title: "What do you agree to share?",
    hint: "Tick everything that you agree to.",
    location: "My location",
    video: "Live video from my camera",
    recording: "They may record the video",
    upload: "Photos and videos that I choose",
    agree: "I agree",
    sending: "Sending…",
    decline: "I do not agree",
    problems: {
      nothing_chosen: "Tick at least one thing, or choose “I do not agree”.",
      no_wording: "This page cannot ask for your consent. Tell the control room.",
      other: "That did not work. Please try again, or tell the control room.",
    },
  },
  declined: {
    title: "You have not agreed",
    body: "Nothing is shared. Stay on your telephone call: the control room can still help you.",
    reconsider: "I have changed my mind",
  },
  location: {
    title: "Share where you are",
    body: "Your phone will now ask whether this page may use your location.",
    answer: "Choose “Allow”.",
    safe: null,
    ask: "Share my location",
    asking: "Answer your phone’s question: choose “Allow”.",
    troubleTitle: "We cannot see where you are",
    skip: "Continue without my location",
    skipBody: "You can tell the control room where you are by telephone or in a message.",
  },
  camera: {
    title: "Show what you see",
    body: "Your phone will now ask whether this page may use your camera.",
    answer: "Choose “Allow”. The microphone is not used.",
    safe: "Your safety comes first. Do not move closer to danger to show us something.",
    ask: "Start my camera",
    asking: "Answer your phone’s question: choose “Allow”.",
    troubleTitle: "Your camera did not start",
    skip: "Continue without the camera",
    skipBody: "The control room can still see where you are, and you can send messages.",
    skipBodyNoLocation: "You can still send messages.",
    filesTitle: "Or send photos and videos",
    files: "I agree to send files",
  },
  resume: {
    title: "You are still connected",
    body: "Tap once to show your camera again.",
    go: "Continue sharing",
    busy: "Starting…",
  },
  live: {
    title: "Sharing with the control room",
    stop: "STOP",
    stopHint: "Stops everything at once",
    preview: "What your camera shows",
    previewTap: "Show my picture",
    recorded: "Recording",
    still: {
      sending: "The control room asked for a picture: sending…",
      waiting: "The control room asked for a picture. It is sent as soon as there is a connection.",
      sent: "The picture that the control room asked for is there.",
      refused: "The control room asked for a picture, but your camera is off or gave none.",
      failed: "The picture that the control room asked for could not be used.",
    },
    uploads: {
      title: "Send photos and videos",
      hint: "Choose what shows what happened. If this page was closed, choose the same files again: they go on where they stopped.",
      choose: "Choose photos or videos",
      states: {
        queued: "Waiting for its turn",
        sending: (percent: number) => `Sending, ${percent} %`,
        paused: "No connection. It goes on by itself.",
        done: "Sent",
      },
      problems: {
        too_large: "This file is larger than 500 MB.",
        too_many: "No more files can be sent with this link.",
        no_room: "The control room cannot take it at the moment. Tell the operator.",
        type_refused: "This is not a photo or a video.",
        consent_missing: "You have not agreed to send files.",
        session_over: "This has ended.",
        other: "This file could not be sent.",
      },
    },
    switchToFront: "Front camera",
    switchToRear: "Rear camera",
    cameraOff: "Camera off",
    cameraOn: "Turn the camera on",
    statuses: {
      seen: "They can see you now",
      seenPlace: "They can see where you are",
      unwatched: "Your video is arriving",
      connecting: "Connecting…",
      stalled: "They cannot see you at the moment",
      paused: "They cannot see you at the moment",
      off: "Your camera is off",
      codec: "Your video cannot be shown",
      offline: "No connection at the moment",
      messages: "You can send messages",
      locating: "Finding where you are…",
    },
    details: {
      seen: "The control room is watching your video.",
      seenPlace: "Your location is being sent.",
      unwatched: "Nobody is watching at this moment. Keep the camera on.",
      connecting: "Keep this page open.",
      stalled: "The signal is weak. Keep this page open: it goes on by itself.",
      paused: "Your phone has paused the camera. Keep this page in front.",
      off: "They cannot see you. The rest goes on.",
      codec: "This phone’s video does not suit the control room. Messages work.",
      offline: "Trying again. They may not be able to see you.",
      messages: "Neither your camera nor your location is shared.",
      locating: "This may take a minute. Outdoors works best.",
    },
    position: {
      on: (metres: number) => `Location sent, to about ${metres} m`,
      waiting: "Finding your location…",
      held: "Your newest location is sent when the connection is back",
      off: "Location is not shared",
      ask: "Share my location",
    },
  },
  chat: {
    title: "Messages",
    empty: "Write here if you cannot speak.",
    label: "Write a message",
    send: "Send",
    quick: ["Yes", "No", "I cannot speak"],
    you: "You",
    controlRoom: "Control room",
    pending: "Sending…",
    arrived: "New message from the control room",
  },
  ended: {
    caller: "You have stopped sharing",
    control_room: "The control room has ended this",
    unknown: "This has ended",
    body: "Your camera and your location are off. You can close this page.",
    telling: "Your camera and your location are off. The control room is being told: keep this page open until then.",
    again: "If you need to share again, ask the control room for a new link.",
    emergency: "If you are in danger and not on the phone, call 999.",
  },
  refused: {
    4401: { title: "Please open the link again", body: "Use the link in your text message." },
    4409: {
      title: "The link is in use in another browser",
      body: "Go back to the browser that you opened it in, or ask the control room for a new link.",
    },
    4410: { title: "This link has ended", body: "If you still need to share, ask the control room for a new link." },
    other: { title: "This page cannot be used", body: "Ask the control room for a new link." },
  },
  cameraFaults: {
    denied: "The camera is not allowed for this page.",
    dismissed: "The question was closed without an answer.",
    denied_by_system: "Your phone’s settings keep the camera from this browser.",
    not_found: "No camera was found.",
    in_use: "Another app is using the camera. Close it, then try again.",
    insecure: "This page was not opened securely, so the camera cannot be used. Tell the control room.",
    unsupported: "The app that opened this page cannot use the camera.",
    ended: "Your phone has turned the camera off, perhaps for a call.",
    unknown: "The camera could not be started.",
  } satisfies Record<CameraFault, string>,
  positionFaults: {
    denied: "Location is not allowed for this page.",
    unavailable: "Your phone cannot find where it is just now.",
    timeout: "Finding your location takes long. It goes on.",
    insecure: "This page was not opened securely, so your location cannot be used. Tell the control room.",
    unsupported: "This browser cannot find your location.",
  } satisfies Record<PositionFault, string>,
  /** What to do about a refused permission; the page then offers "Try again". */
  permissionHelp: {
    ios_safari: [
      "Tap the icon at the left end of the address bar (aA or lines).",
      "Tap “Website Settings”, or the three dots and then “Website Settings”.",
      "Set “Camera” and “Location” to “Allow”.",
    ],
    ios_other: [
      "Open your phone’s Settings.",
      "Find the name of this browser in the list.",
      "Allow “Camera”, and set “Location” to “While Using”.",
    ],
    chromium_android: [
      "Tap the icon at the left end of the address bar.",
      "Tap “Permissions”.",
      "Allow “Camera” and “Location”.",
    ],
    firefox_android: [
      "Tap the shield or lock at the left end of the address bar.",
      "Tap the blocked permissions to allow them.",
    ],
    in_app: [
      "This page is open inside another app.",
      "Ask the control room to let the link be opened again.",
      "Then open the link from your text message in Safari or Chrome.",
    ],
    other: ["Open the settings for this page, beside the address.", "Allow “Camera” and “Location”."],
  } satisfies Record<BrowserFamily, string[]>,
};

/** All the words of one language. */
export type Texts = typeof en;

const LANGUAGES: Record<string, Texts> = { en };

/** The words for a language tag ("en", "en-GB", "cy"); English where there are none yet. */
export function textsFor(language: string): Texts {
  return LANGUAGES[language.toLowerCase().split("-")[0] ?? "en"] ?? en;
}
