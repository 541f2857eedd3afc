import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { ConsoleServerMessage, SharedRecording, SharedView, ShareView } from "../signalling/messages";
import { emptyFields } from "./asking";
import type { Desk, ShareDraft } from "./desk";
import { reduce } from "./reduce";
import { before, closedBoard, fixAt, liveSession, NOON, stateWith } from "./samples";
import type { ConsoleState } from "./state";
import { shareDialog, sharesView } from "./views/share";
import { sharedDetailsView, sharedGroupView, sharedStageView } from "./views/shared";
import { wantedStreams } from "./wanted";

const FILM: SharedRecording = { id: "r1", started_at: before(300), seconds: 61, bytes: 2_400_000, is_complete: false };
const PAST = "Ended at 11:59, recording until 13:00";
const STREAM = { id: "s-9", state: "ended", live_at: before(90), stalled_at: null, last_media_at: before(61), ended_at: before(60), end_reason: null } as const;

function view(change: Partial<SharedView> = {}): SharedView {
  return {
    id: "g1", force: { schema: "herts", name: "Hertfordshire" }, kind: "caller", reference: "INC-7", purpose: "Pursuit", chat: true, recording: true,
    granted_at: before(600), ends_at: before(-3600), ended_at: null, stream: { ...STREAM }, rung: null, progress: null,
    shows_position: true, revision: 5, ...change,
  };
}

function said(first: ConsoleState, ...messages: object[]): ConsoleState {
  const heard = (state: ConsoleState, message: object): ConsoleState =>
    reduce(state, { type: "wire", message: { topic: "console", seq: 1, ...message } as ConsoleServerMessage, at: NOON });
  return messages.reduce<ConsoleState>(heard, first);
}

/** A screen that has opened it, with position and a line of chat. */
function opened(recordings: SharedRecording[] = []): ConsoleState {
  const chosen = reduce(said(stateWith(), { type: "shared.changed", shared: view() }), { type: "shared.choose", shareId: "g1" });
  const line = { id: "m1", sender: "caller", sender_name: "", text: "Help", language: "en", phrase: null, shown_text: "Help", shown_language: "en", sent_at: before(5) };
  return said(chosen, { type: "shared.snapshot", shared: view(), position: fixAt(1), messages: [line], recordings, seqs: {} });
}

const ended = { type: "shared.changed", shared: view({ ended_at: before(60), revision: 6 }) };

function deskOf(state: ConsoleState): Desk {
  const pool = { videoOf: () => null, statusOf: () => null };
  return {
    state, now: NOON, at: NOON, shownSince: NOON, local: emptyFields(), pool, officers: closedBoard(), mapElement: document.createElement("div"), acts: {},
  } as unknown as Desk;
}

function drawn(part: unknown): HTMLElement {
  const host = document.createElement("div");
  render(part, host);
  return host;
}

function textOf(part: unknown): string {
  return drawn(part).textContent.replace(/\s+/g, " ");
}

describe("a share with the recording, at the guest's", () => {
  it("stays listed when their session is over, and says until when", () => {
    const state = said(opened(), ended);
    expect(textOf(sharedGroupView(deskOf(state)))).toContain(PAST);
    expect(drawn(sharedStageView(deskOf(state))).querySelector("[data-testid=shared-past]")?.textContent).toBe(PAST);
    expect(wantedStreams({ ...state, me: { ...state.me, permissions: ["stream.watch"] } })).toEqual([]);
  });

  it("keeps no position and no message of a session that is over, whatever comes late", () => {
    const late = [{ type: "shared.position", share_id: "g1", fix: fixAt(0) }, { type: "shared.message", share_id: "g1", message: { id: "m2" } }];
    const state = said(opened(), ended, ...late);
    expect(state.shared.received.g1).toMatchObject({ position: null, messages: [], end: null });
    expect(drawn(sharedDetailsView(deskOf(state))).querySelector("[data-testid=chat]")).toBeNull();
  });

  it("says that nothing is sealed yet, and shows each recording when it is", () => {
    const waiting = said(opened(), ended);
    expect(textOf(sharedStageView(deskOf(waiting)))).toContain("No recording is sealed yet");
    const host = drawn(sharedStageView(deskOf(said(waiting, { type: "shared.recordings", share_id: "g1", recordings: [FILM] }))));
    const video = host.querySelector("video");
    expect(video?.getAttribute("src")).toBe("/api/v1/shared/g1/recordings/r1/playable/");
    expect(video?.getAttribute("poster")).toBe("/api/v1/shared/g1/recordings/r1/poster/");
    expect(host.querySelector("[data-testid=shared-recording]")?.textContent.replace(/\s+/g, " ")).toMatch(/Recording 11:55:00 1:01 2.4 MB has gaps sealed/);
  });

  it("stands in the right column while they are live still", () => {
    const desk = deskOf(opened([FILM]));
    expect(drawn(sharedDetailsView(desk)).querySelectorAll("video")).toHaveLength(1);
    expect(drawn(sharedStageView(desk)).querySelector("video")).toBeNull();
    expect(textOf(sharedDetailsView(desk))).toContain("live and the recording");
  });

  it("leaves no player on the screen when it is revoked", () => {
    const state = said(opened([FILM]), ended, { type: "shared.ended", share_id: "g1", at: before(0), reason: "revoked" });
    expect(drawn([sharedStageView(deskOf(state)), sharedDetailsView(deskOf(state))]).querySelector("video")).toBeNull();
    expect(textOf(sharedStageView(deskOf(state)))).toContain("Sharing was ended by Hertfordshire");
  });
});

describe("what we share", () => {
  const share: ShareView = {
    id: "g2", force: "beds", purpose: "Pursuit", chat: true, recording: false, granted_by_name: "Sam", granted_at: before(9), ends_at: before(-60), watchers: [],
  };
  const lines = (change: Partial<ShareView>, state: "live" | "ended"): string => {
    const session = liveSession("1", { state, ended_at: state === "ended" ? before(1) : null, shares: [{ ...share, ...change }] });
    return textOf(sharesView(deskOf(stateWith(session)), session));
  };

  it("says which it is", () => {
    expect(lines({}, "live")).toContain("live only, with messages: Pursuit");
    expect(lines({ recording: true }, "live")).toContain("live and the recording, with messages: Pursuit");
  });

  it("goes on being listed after the end of the session, with the way to end it", () => {
    const session = liveSession("1", { state: "ended", ended_at: before(1), shares: [{ ...share, recording: true }] });
    const state = stateWith(session);
    const words = textOf(sharesView(deskOf({ ...state, me: { ...state.me, permissions: ["share.grant"] } }), session));
    expect(words).toContain("the recording: Pursuit");
    expect(words).toContain("End sharing");
    expect(words).not.toContain("Share with a force");
  });

  const dialog = (scopes: ("location" | "video" | "recording")[], change: Partial<ShareDraft> = {}, editShare = vi.fn()): HTMLElement => {
    const consent = { scopes, given_at: before(40), withdrawn_at: null, wording_version: 1, language: "en" };
    const desk = deskOf(stateWith(liveSession("1", { consent })));
    const draft: ShareDraft = { sessionId: "1", force: "", purpose: "", minutes: 60, chat: false, recording: false, ...change };
    return drawn(shareDialog({ ...desk, local: { ...desk.local, share: draft }, acts: { editShare } as unknown as Desk["acts"] }));
  };

  it("is live only until somebody chooses the recording, too", () => {
    const editShare = vi.fn();
    const host = dialog(["location", "video", "recording"], {}, editShare);
    expect(host.querySelector<HTMLInputElement>("[data-testid=share-live-only]")?.checked).toBe(true);
    host.querySelector<HTMLInputElement>("[data-testid=share-recording]")?.dispatchEvent(new Event("change"));
    expect(editShare).toHaveBeenCalledWith({ recording: true });
    expect(dialog(["location", "video", "recording"], { recording: true }).textContent).toContain("play the recording once it is sealed");
  });

  it("offers no recording that the caller has not agreed to", () => {
    const host = dialog(["location", "video"]);
    expect(host.querySelector<HTMLInputElement>("[data-testid=share-recording]")?.disabled).toBe(true);
    expect(host.textContent).toContain("the caller has not agreed to be recorded");
  });
});
