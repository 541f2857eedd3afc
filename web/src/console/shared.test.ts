import { render } from "lit-html";
import { describe, expect, it } from "vitest";

import type { ConsoleServerMessage, SharedView } from "../signalling/messages";
import { emptyFields } from "./asking";
import type { Desk } from "./desk";
import { reduce } from "./reduce";
import { unreadFleet } from "./fleetsamples";
import { before, closedBoard, fixAt, liveSession, NOON, emptySky, silentTalk, snapshotOf, stateWith } from "./samples";
import type { ConsoleState } from "./state";
import { shareDialog, sharesView } from "./views/share";
import { endWords, sharedDetailsView, sharedGroupView, sharedStageView } from "./views/shared";
import { wantedStreams } from "./wanted";

const STREAM = { id: "s-9", state: "live", live_at: before(9), stalled_at: null, last_media_at: before(1), ended_at: null, end_reason: null } as const;
const LINE = {
  id: "m1", sender: "caller", sender_name: "", text: "", language: "en", phrase: null, shown_text: "", shown_language: "en", sent_at: before(5),
};
const FILM = { id: "r1", started_at: before(300), seconds: 61, bytes: 2_400_000, is_complete: true };
const EVIL = '<img src=x onerror="alert(1)">';

function view(change: Partial<SharedView> = {}): SharedView {
  return {
    id: "g1", force: { schema: "herts", name: "Hertfordshire" }, kind: "caller", reference: "INC-7", purpose: "Pursuit over the border", chat: true, recording: false,
    granted_at: before(60), ends_at: before(-3600), ended_at: null, stream: { ...STREAM },
    rung: null, progress: null, shows_position: true, revision: 5, ...change,
  };
}

function said(state: ConsoleState, message: unknown): ConsoleState {
  return reduce(state, { type: "wire", message: { topic: "console", seq: 1, ...(message as object) } as ConsoleServerMessage, at: NOON });
}

function withShared(change: Partial<SharedView> = {}): ConsoleState {
  return reduce(said(stateWith(), { type: "shared.changed", shared: view(change) }), { type: "shared.choose", shareId: "g1" });
}

/** A page on which nothing is watched. */
function deskOf(state: ConsoleState): Desk {
  const pool = { videoOf: () => null, statusOf: () => null };
  return {
    state, now: NOON, at: NOON, shownSince: NOON, local: emptyFields(), pool, officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, mapElement: document.createElement("div"), acts: {},
  } as unknown as Desk;
}

function textOf(part: unknown): string {
  const host = document.createElement("div");
  render(part, host);
  expect(host.querySelector("img")).toBeNull();
  return host.textContent.replace(/\s+/g, " ");
}

describe("what another force shares", () => {
  it("is listed under whose it is, what for and until when", () => {
    const words = textOf(sharedGroupView(deskOf(withShared({ purpose: EVIL }))));
    expect(words).toContain(`Shared by Hertfordshire: ${EVIL}, until`);
  });

  it("is said when it begins, until it is looked at or over", () => {
    const begun = said(stateWith(), { type: "shared.changed", shared: view() });
    const again = said(begun, { type: "shared.changed", shared: view({ revision: 6 }) });
    expect(again.notices.map((one) => one.text)).toEqual(["Hertfordshire shares INC-7: Pursuit over the border"]);
    expect(reduce(again, { type: "shared.choose", shareId: "g1" }).notices).toEqual([]);
    expect(said(again, { type: "shared.ended", share_id: "g1", at: before(0), reason: "expired" }).notices).toEqual([]);
  });

  it("is watched by its own frame while it is chosen, and no session beside it", () => {
    const state = reduce(withShared(), { type: "wire", message: { type: "session.changed", session: liveSession("1"), topic: "console", seq: 2 }, at: NOON });
    const may = { ...state, me: { ...state.me, permissions: ["stream.watch"] } };
    expect(wantedStreams(may)).toEqual([{ sessionId: "g1", streamId: "s-9", layer: "high", isShared: true }]);
    const other = reduce(may, { type: "choose", sessionId: "1" });
    expect(wantedStreams(other)).toMatchObject([{ sessionId: "1", streamId: "s-1" }]);
  });

  it("keeps what is newer, whichever comes last", () => {
    const state = said(withShared(), { type: "shared.changed", shared: view({ revision: 4, stream: { ...STREAM, state: "ended" } }) });
    expect(state.shared.received.g1?.stream?.state).toBe("live");
    const placed = said(said(state, { type: "shared.position", share_id: "g1", fix: fixAt(1) }), { type: "shared.position", share_id: "g1", fix: fixAt(9) });
    expect(placed.shared.received.g1?.position).toEqual(fixAt(1));
  });

  it("takes a position away that the caller takes back, and lets none on its way bring it back", () => {
    const placed = said(withShared(), { type: "shared.position", share_id: "g1", fix: fixAt(1) });
    const taken = said(placed, { type: "shared.changed", shared: view({ revision: 6, shows_position: false }) });
    expect(taken.shared.received.g1?.position).toBeNull();
    expect(said(taken, { type: "shared.position", share_id: "g1", fix: fixAt(0) }).shared.received.g1?.position).toBeNull();
  });

  it("calls no picture live that stands for less", () => {
    const stills = withShared({ rung: { rung: "stills", reason: "very_slow_uplink", at: before(9) } });
    const words = textOf(sharedStageView(deskOf(stills)));
    expect(words).toContain("NO VIDEO");
    expect(words).toContain("too slow for video");
  });

  it("says when and by whom it was ended, and is watched no longer", () => {
    const placed = said(withShared(), { type: "shared.position", share_id: "g1", fix: fixAt(1) });
    const state = said(placed, { type: "shared.ended", share_id: "g1", at: before(0), reason: "revoked" });
    expect(wantedStreams({ ...state, me: { ...state.me, permissions: ["stream.watch"] } })).toEqual([]);
    expect(state.shared.received.g1).toMatchObject({ position: null, messages: [] });
    expect(textOf(sharedStageView(deskOf(state)))).toMatch(/SHARING ENDED\s*Sharing was ended by Hertfordshire at \d\d:\d\d/);
    const moved = reduce(state, { type: "shared.choose", shareId: null });
    expect(textOf(sharedGroupView(deskOf(moved)))).toBe("");
  });

  it.each([
    ["shared.snapshot", { shared: view(), position: fixAt(1), messages: [LINE], recordings: [FILM] }],
    ["shared.recordings", { share_id: "g1", recordings: [FILM] }],
    ["shared.position", { share_id: "g1", fix: fixAt(1) }],
    ["shared.message", { share_id: "g1", message: LINE }],
  ])("puts nothing back on the screen by a %s that comes after the end", (type, fields) => {
    const ended = said(withShared(), { type: "shared.ended", share_id: "g1", at: before(0), reason: "revoked" });
    expect(said(ended, { type, ...fields }).shared.received.g1).toMatchObject({ position: null, messages: [], recordings: [], end: { reason: "revoked" } });
  });

  it("has not ended when its owner could not be asked, which is said", () => {
    const missing = { ...snapshotOf(), shared_missing: ["herts"], partners: [{ schema: "herts", name: "Hertfordshire" }] };
    const state = said(withShared(), missing);
    expect(state.shared.received.g1?.end).toBeNull();
    expect(textOf(sharedGroupView(deskOf(state)))).toContain("What Hertfordshire shares cannot be shown now");
    expect(textOf(sharedGroupView(deskOf(said(stateWith(), missing))))).toContain("What Hertfordshire shares cannot be shown now");
    expect(textOf(sharedGroupView(deskOf(said(state, { ...missing, shared_missing: [], shared: [view()] }))))).not.toContain("cannot be shown");
  });

  it("shows messages in their order, the newest at the bottom of the log", () => {
    const told = (id: string) => ({ type: "shared.message", share_id: "g1", message: { ...LINE, id, text: id, shown_text: id } });
    const host = document.createElement("div");
    render(sharedDetailsView(deskOf(said(said(withShared(), told("first")), told("second")))), host);
    const lines = [...host.querySelectorAll(".chat-log > .chat-lines > .bubble .bubble-text")];
    expect(lines.map((one) => one.textContent)).toEqual(["first", "second"]);
  });

  it("has ended when the snapshot lists it no longer", () => {
    const state = reduce(withShared(), { type: "wire", message: snapshotOf(), at: NOON });
    expect(endWords(state.shared.received.g1!)).toBe("Sharing was ended by Hertfordshire");
    const other = reduce(reduce(withShared(), { type: "shared.choose", shareId: null }), { type: "wire", message: snapshotOf(), at: NOON });
    expect(other.shared.received).toEqual({});
  });
});

describe("what we share", () => {
  const share = {
    id: "g2", force: "beds", purpose: EVIL, chat: false, recording: false, granted_by_name: "Sam", granted_at: before(9), ends_at: before(-60), watchers: ["Jo (Bedfordshire)"],
  };

  it("names the force, the purpose, the end and who watches", () => {
    const state = stateWith(liveSession("1", { shares: [share] }));
    const known = { ...state, shared: { ...state.shared, partners: [{ schema: "beds", name: "Bedfordshire Police" }] } };
    const words = textOf(sharesView(deskOf(known), known.sessions["1"]!));
    expect(words).toContain("Shared with Bedfordshire Police until");
    expect(words).toContain("watching: Jo (Bedfordshire)");
  });

  const dialog = (kind: "caller" | "officer", endsAt: string): string => {
    const state = stateWith(liveSession("1", { kind, shares: [{ ...share, ends_at: endsAt }] }));
    const known = { ...state, shared: { ...state.shared, partners: [{ schema: "beds", name: "Bedfordshire Police" }] } };
    const draft = { sessionId: "1", force: "", purpose: "", minutes: 60, chat: false, recording: false };
    const desk = deskOf(known);
    return textOf(shareDialog({ ...desk, local: { ...desk.local, share: draft } }));
  };

  it("says before that an officer is heard, and a caller is not", () => {
    expect(dialog("officer", before(-60))).toContain("hear its sound when the officer’s phone sends it");
    expect(dialog("caller", before(-60))).toContain("They see the live picture, the position and the reference, and nothing else.");
  });

  it("may be shown anew to a force whose time is over", () => {
    expect(dialog("caller", before(-60))).not.toContain("Bedfordshire Police");
    expect(dialog("caller", before(1))).toContain("Bedfordshire Police");
  });

  it("offers nothing to who may not share", () => {
    const state = stateWith(liveSession("1", { shares: [share] }));
    const nobody = { ...state, me: { ...state.me, permissions: [] } };
    expect(textOf(sharesView(deskOf(nobody), nobody.sessions["1"]!))).not.toContain("End sharing");
    const somebody = { ...state, me: { ...state.me, permissions: ["share.grant"] } };
    expect(textOf(sharesView(deskOf(somebody), somebody.sessions["1"]!))).toContain("End sharing");
  });
});
