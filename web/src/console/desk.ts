/** What the views are given: the state, the little that is not state, and the acts of an operator. */

import type { SessionSummary } from "../signalling/messages";
import type { DutyBoard } from "./dutyboard";
import type { Talking } from "./talking";
import type { AgencyActs, AgencyFields } from "./agencydraft";
import type { Fleet } from "./fleet";
import type { FlightActs, FlightFields } from "./flightdraft";
import type { FlightForm } from "./flightform";
import type { SendingGoal } from "./sending";
import type { FormEdit } from "./formkeeper";
import type { IncidentForm } from "./incidentform";
import type { Item } from "./itemshapes";
import type { NearestLook } from "./nearestacts";
import type { Preferences, WallChoice } from "./preferences";
import type { Search, SearchFields } from "./searching";
import type { Colleague, IncidentType, LinkCode, OperatorPhrase, OutboxMessage, OutcomeChoice } from "./rest";
import type { Sky } from "./sky";
import type { SoundSetting } from "./sound";
import type { ConsoleState, DialogName, Mode, SignalKind } from "./state";
import type { WatchPool } from "./watches";

/** What was fetched by REST. `outbox` is null where texts are really sent. */
export interface Fetched {
  incidentTypes: readonly IncidentType[];
  outcomes: readonly OutcomeChoice[];
  phrases: readonly OperatorPhrase[];
  outbox: readonly OutboxMessage[] | null;
  items: Record<string, readonly Item[]>;
}

/** The outcome of a session while it is being written. */
export interface OutcomeDraft {
  code: string;
  note: string;
}

/** A hand-over while it is written; `to` is empty for a session that is to be taken. */
export interface HandoverDraft {
  kind: "give" | "take";
  sessionId: string;
  to: string;
  reason: string;
}

/** What is to be shared with another force, while it is written. */
export interface ShareDraft {
  sessionId: string;
  /** Schema; "" while none is chosen. */
  force: string;
  purpose: string;
  minutes: number;
  chat: boolean;
  /** Live and the recording; false: live only. */
  recording: boolean;
}

/** A number or an e-mail address while it is typed. */
export interface RedirectDraft {
  kind: "phone" | "email";
  text: string;
}

/** Fields and moments of the page itself. Keyed by session where they belong to one. */
export interface LocalFields extends AgencyFields, FlightFields {
  /** Session whose end is being confirmed. */
  endingId: string | null;
  /** Text that was copied last. */
  copied: string | null;
  /** Picture or film that is shown over the page. */
  enlargedId: string | null;
  overrideReasons: Record<string, string>;
  outcomeDrafts: Record<string, OutcomeDraft>;
  /** The list shows all sessions, or mine. */
  listed: "all" | "mine";
  /** The dialog in which a session is handed over or taken. */
  handover: HandoverDraft | null;
  colleagues: readonly Colleague[];
  /** The dialog in which a session is shared with another force. */
  share: ShareDraft | null;
  /** Who is near a session, while that is looked at. */
  nearest: NearestLook | null;
  /** Why a hand-over is declined, while it is written, by session. */
  declines: Record<string, string>;
  /** Where else a link is to go, while it is typed, by session. */
  redirects: Record<string, RedirectDraft>;
  /** Why an item is to be kept, while it is written, by item. */
  holds: Record<string, string>;
  /** The search of past sessions; null while it is closed, with what was typed before. */
  search: Search | null;
  isSearchOpen: boolean;
  /** Codes that were asked for, by session. */
  codes: Record<string, LinkCode>;
  /** Acts under way, as "rearm:<session>". */
  busy: ReadonlySet<string>;
  /** Why an act failed, by the same keys. */
  failures: Record<string, string>;
}

/** Data that the page was rendered with. */
export interface PageData {
  forceName: string;
  mapTilesUrl: string;
}

/** Everything that a view may show and do. `now` is milliseconds of the server's clock, `at` of this machine's. */
export interface Desk {
  state: ConsoleState;
  now: number;
  at: number;
  shownSince: number;
  page: PageData;
  fetched: Fetched;
  local: LocalFields;
  form: IncidentForm | null;
  /** Drones of the force and their flights. */
  fleet: Fleet;
  flight: FlightForm | null;
  pool: WatchPool;
  /** Officers on duty: what is known of them, and what may be done. */
  officers: DutyBoard;
  /** Aircraft in the air: what is known of them, and what was asked about what they see. */
  sky: Sky;
  sound: { setting: SoundSetting; isReady: boolean };
  mapElement: HTMLElement;
  /** The operator's microphone. */
  talk: Talking;
  acts: Acts;
}

/** What an operator does about whose session it is, where its link goes, and what is past. */
export interface WorkActs {
  openHandover(kind: "give" | "take", sessionId: string): void;
  editHandover(change: Partial<HandoverDraft>): void;
  sendHandover(): void;
  closeHandover(): void;
  withdrawHandover(sessionId: string): void;
  acceptHandover(sessionId: string): void;
  declineHandover(sessionId: string): void;
  /** Takes an unattended session: no other reason is asked. */
  takeUnattended(sessionId: string): void;
  resend(sessionId: string): void;
  redirect(sessionId: string): void;
  openSearch(): void;
  closeSearch(): void;
  editSearch(change: Partial<SearchFields>): void;
  /** Searches anew, or for the next page. */
  search(isMore: boolean): void;
  searchHere(): void;
  openFound(session: SessionSummary): void;
  placeHold(sessionId: string, itemId: string): void;
  releaseHold(sessionId: string, itemId: string): void;
}

/** What an operator does across the border to another force. */
export interface ShareActs {
  openShare(sessionId: string): void;
  editShare(change: Partial<ShareDraft>): void;
  closeShare(): void;
  /** Shares until `endsAt`, in milliseconds since 1970. */
  sendShare(endsAt: number): void;
  revokeShare(sessionId: string, shareId: string): void;
  /** Shows a picture to the officers on its incident, or hides it from them. */
  showToOfficers(sessionId: string, isShown: boolean): void;
  chooseShared(shareId: string): void;
}

/** What an operator does with officers on the ground. */
export interface NearestActs {
  /** Lists who is near a session. */
  openNearest(sessionId: string): void;
  closeNearest(): void;
  chooseSkill(sessionId: string, skill: string, isWanted: boolean): void;
  /** What an officer is told with what is asked. */
  writeWords(sessionId: string, words: string): void;
  assign(sessionId: string, officerId: string): void;
  endAssignment(sessionId: string, assignmentId: string): void;
  askToSee(sessionId: string, officerId: string): void;
  withdrawView(sessionId: string, requestId: string): void;
}

/** What an operator does about an incident as a whole. */
export interface IncidentActs {
  /** Shows the incident with all its sessions. */
  openIncident(incidentId: string): void;
  draftIncident(text: string): void;
  /** Writes to everybody on the incident that is shown. */
  sayOnIncident(text: string, clientId?: string): void;
  /** Shows one group of kinds of the time line; "" for all. */
  filterTimeline(group: string): void;
  earlierEntries(): void;
  closeIncident(incidentId: string): void;
  reopenIncident(incidentId: string): void;
}

/** What an operator can do. */
export interface Acts extends WorkActs, ShareActs, AgencyActs, NearestActs, IncidentActs, FlightActs {
  choose(sessionId: string): void;
  /** Speaks to the officer whose session is on the screen, until the key is let go. */
  holdToSpeak(): void;
  setMode(mode: Mode): void;
  setFollow(on: boolean): void;
  zoomMap(direction: 1 | -1): void;
  fitMap(): void;
  copy(text: string): void;
  setSound(setting: SoundSetting): void;
  /** Plays a signal, to hear what it is like. */
  tryOut(kind: SignalKind): void;
  prefer(change: Partial<Preferences>): void;
  arrangeWall(change: Partial<WallChoice>): void;
  /** Shows a picture that is blurred, or blurs it again. */
  showPicture(sessionId: string, isShown: boolean): void;
  openDialog(name: DialogName | null): void;
  retryLine(): void;
  dismissNotice(id: number): void;
  local(change: Partial<LocalFields>): void;
  resumeVideo(streamId: string): void;
  draftChat(sessionId: string, text: string): void;
  sendChat(sessionId: string, text: string, clientId?: string): void;
  /** Sends a fixed phrase; what is being typed stays. */
  sendPhrase(sessionId: string, phrase: { code: string; text: string }, clientId?: string): void;
  setRecording(sessionId: string, on: boolean): void;
  endSession(sessionId: string): void;
  /** Asks the caller's phone for a picture of full size. */
  askStill(sessionId: string): void;
  rearm(sessionId: string): void;
  sendInvitation(sessionId: string): void;
  /** Shows the code of the link, to be read out. */
  showCode(sessionId: string): void;
  hideCode(sessionId: string): void;
  overrideRisk(sessionId: string, reason: string): void;
  recordOutcome(sessionId: string, code: string, note: string): void;
  newIncident(): void;
  addCaller(session: SessionSummary): void;
  continueSession(session: SessionSummary): void;
  closeForm(): void;
  discardForm(): void;
  changeForm: (edit: FormEdit) => void;
  /** Changes part of the outcome that is being written, whatever the screen still shows of it. */
  editOutcome: (sessionId: string, change: Partial<OutcomeDraft>) => void;
  submitForm(goal: SendingGoal): void;
}
