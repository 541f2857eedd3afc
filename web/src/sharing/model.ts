/**
 * What the page of whoever shares knows, what may happen to it, and what it may do: the words of the state machine. An
 * officer's page is in it from its last steps on: nothing is left to be agreed to.
 */

import type { CameraFault, Facing } from "../media/camera";
import type { PositionFault } from "../media/position";
import type { PublisherState } from "../media/publisher";
import type {
  CallerClientMessage, CallerServerMessage, CallerState, ChatMsg, ConsentWording, IceServer, Phrase, PositionReport, Rung,
  RungReason,
  Scope, StreamView,
} from "../signalling/messages";
import type { Waiting } from "../signalling/queue";
import type { SocketState } from "../signalling/socket";
import type { StillState } from "./still_sender";
import type { UploadLine } from "./uploader";

/** One screen at a time; the order is the caller's way through them. */
export type Step =
  | "connecting"
  | "what" // who asks, why, what is shared, that it can be stopped
  | "agree" // consent, scope by scope
  | "declined"
  | "location" // explained, then asked
  | "location_trouble"
  | "camera"
  | "camera_trouble"
  | "resume" // the page was loaded again while consent stands
  | "live"
  | "ended"
  | "refused"; // the server will not talk to this browser

/** `asking`: the browser's own question is on the screen, or the device is being started. */
export type DeviceState = "off" | "asking" | "on";

/** The phone's position, as far as this page knows it. */
export interface PositionPart {
  state: DeviceState;
  fault: PositionFault | null;
  /** Newest fix that was handed to the line. */
  last: PositionReport | null;
}

/**
 * The phone's camera. `isMuted`: the phone sends no pictures for now, though the camera is on. `reopens`: tries to open it
 * again since the phone took it away, 0 when it did not.
 */
export interface CameraPart {
  state: DeviceState;
  fault: CameraFault | null;
  facing: Facing;
  isMuted: boolean;
  reopens: number;
}

/** The way from the camera to the server. */
export interface PublishingPart {
  state: PublisherState;
  /** Number of the newest offer; an answer to an older one is dropped. */
  attempt: number;
  isAwaitingAnswer: boolean;
  /** The newest offer was made ahead of the camera, and no picture has been given to it. */
  isPrepared: boolean;
  /** Failures since pictures last arrived: the delay before the next try grows with it. */
  failures: number;
  /** No video format in common: trying again is useless. */
  isCodecRefused: boolean;
}

/** A line of chat; `isPending` until the server has it. */
export type ChatLine = ChatMsg & { isPending: boolean };

/** Who ended it: `caller` pressed STOP here; `isTold` says whether the server knows. */
export interface Ending {
  by: "caller" | "control_room" | "unknown";
  isTold: boolean;
}

export interface SharingModel {
  step: Step;
  line: SocketState;
  refusalCode: number | null;
  session: CallerState["session"] | null;
  /** Revision of the newest frame of each type: an older one may arrive later. */
  revisions: Readonly<Record<string, number>>;
  wording: ConsentWording | null;
  /** The consent that stands, or null. */
  scopes: Scope[] | null;
  iceServers: IceServer[];
  /** What is ticked on the consent screen. */
  choices: Scope[];
  /** Consent was sent and is not confirmed yet. */
  isGiving: boolean;
  /** Code of what is wrong with the consent screen. */
  problem: string | null;
  stream: StreamView | null;
  isWatched: boolean;
  /** Somebody of the control room is among those who watch. */
  isWatchedByRoom: boolean;
  isRecorded: boolean;
  isHidden: boolean;
  position: PositionPart;
  camera: CameraPart;
  publishing: PublishingPart;
  /** The picture was going on when the page was loaded again: it goes on without a touch, where the phone allows that. */
  isPictureGoingOn: boolean;
  /** How much of the picture gets out; null before that is known. */
  rung: { rung: Rung; reason: RungReason } | null;
  chat: ChatLine[];
  /** Answers that one tap sends. */
  phrases: Phrase[];
  ending: Ending | null;
  /** How the picture that was asked for last stands; null when none was. */
  still: StillState | null;
  uploads: UploadLine[];
}

/** Buttons of the screens. */
export type Tap =
  | "continue" | "agree" | "decline" | "reconsider"
  | "ask_location" | "skip_location" | "ask_camera" | "skip_camera" | "send_files"
  | "resume" | "go_live" | "locate" | "stop" | "camera_off" | "camera_on" | "switch_camera";

/** Everything that can happen to the page. */
export type SharingEvent =
  | { type: "server"; message: CallerServerMessage; hasStopped: boolean }
  | { type: "line"; state: SocketState; code: number | null }
  | { type: "tap"; tap: Tap }
  | { type: "choose"; scope: Scope; on: boolean }
  | { type: "say"; text: string; phrase?: string; clientId: string; at: string }
  | { type: "left" } // by "Exit this page"
  | { type: "location_allowed" }
  | { type: "fix"; fix: PositionReport }
  | { type: "position_fault"; fault: PositionFault }
  | { type: "camera_permission"; isGranted: boolean }
  | { type: "camera_waited" }
  | { type: "camera_opened"; facing: Facing }
  | { type: "camera_fault"; fault: CameraFault }
  | { type: "camera_muted"; isMuted: boolean }
  | { type: "reopen_camera" }
  | { type: "publisher"; state: PublisherState }
  | { type: "codec_refused" }
  | { type: "publish_again" }
  | { type: "rung"; rung: Rung; reason: RungReason }
  | { type: "still"; state: StillState }
  | { type: "files"; files: File[] }
  | { type: "uploads"; lines: UploadLine[] }
  | { type: "hidden"; isHidden: boolean };

/** Everything that the page may do in answer. */
export type Effect =
  | { do: "send"; message: CallerClientMessage; waiting?: Waiting }
  | { do: "watch_position" }
  | { do: "look_for_permission" } // to use the camera
  | { do: "open_camera"; facing: Facing }
  | { do: "open_camera_later"; after_ms: number }
  | { do: "close_camera" }
  | { do: "prepare"; attempt: number }
  | { do: "begin" }
  | { do: "publish"; attempt: number }
  | { do: "accept_answer"; sdp: string }
  | { do: "prove_connection" }
  | { do: "publish_later"; after_ms: number }
  | { do: "keep_awake" }
  | { do: "take_still"; askId: string }
  | { do: "upload"; files: File[] }
  | { do: "stop_everything" }
  | { do: "tell_left" } // by a request that outlives the page; its socket may be dead
  | { do: "remember_stop" }
  | { do: "close_line" };

/** A model and what is to be done about it. */
export interface Outcome {
  model: SharingModel;
  effects: Effect[];
}

/** The page before the server has said anything. */
export function initialModel(): SharingModel {
  return {
    step: "connecting",
    line: "connecting",
    refusalCode: null,
    session: null,
    revisions: {},
    wording: null,
    scopes: null,
    iceServers: [],
    choices: [],
    isGiving: false,
    problem: null,
    stream: null,
    isWatched: false,
    isWatchedByRoom: false,
    isRecorded: false,
    isHidden: false,
    position: { state: "off", fault: null, last: null },
    camera: { state: "off", fault: null, facing: "environment", isMuted: false, reopens: 0 },
    publishing: { state: "idle", attempt: 0, isAwaitingAnswer: false, isPrepared: false, failures: 0, isCodecRefused: false },
    isPictureGoingOn: false,
    rung: null,
    chat: [],
    phrases: [],
    ending: null,
    still: null,
    uploads: [],
  };
}
