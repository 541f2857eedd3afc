import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { ConsoleActs, emptyFields, type Parts } from "../acts";
import type { Acts, Desk, LocalFields } from "../desk";
import { reduce } from "../reduce";
import type { Item } from "../itemshapes";
import { ApiError } from "../rest";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, liveSession, ME, NOON, sessionOf, emptySky, silentTalk, snapshotOf, stateWith } from "../samples";
import { loudest, sessionSignals } from "../signals";
import type { ConsoleState } from "../state";
import type { SessionSummary } from "../../signalling/messages";
import { WatchPool } from "../watches";
import { escalationView } from "./attention";
import { handoverDialog, handoverView, ownerRow } from "./handover";
import { holdView } from "./hold";
import { linkHelp } from "./linkhelp";
import { sessionListView } from "./sessionlist";

const SUPERVISOR = { ...ME, id: "9", permissions: ["session.control", "session.reassign", "item.hold"] };
const OFFER = { id: "h", from_id: "8", from_name: "Priya Shah", to_id: "7", to_name: "Alex Morgan", reason: "My shift ends", offered_at: before(5) };
const UNATTENDED = { state: "unattended" as const, reason: "picture_unwatched" as const, since: before(75), escalated_at: null };
const ESCALATED = { ...UNATTENDED, state: "escalated" as const, escalated_at: before(1) };

function deskWith(state: ConsoleState, local: Partial<LocalFields> = {}, acts: Partial<Acts> = {}): Desk {
  return {
    state, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], outbox: null, items: {}, phrases: [] }, local: { ...emptyFields(), ...local }, form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false }, mapElement: document.createElement("div"), acts: acts as Acts,
  };
}

function drawn(view: unknown): HTMLElement {
  const host = document.createElement("div");
  render(view, host);
  return host;
}

function button(host: HTMLElement, testId: string): HTMLButtonElement | null {
  return host.querySelector<HTMLButtonElement>(`[data-testid=${testId}]`);
}

function screen(session: SessionSummary, me = { ...ME, permissions: [...ME.permissions, "session.control"] }): ConsoleState {
  return { ...stateWith(session), me, chosenId: session.id };
}

describe("a hand-over", () => {
  it("of others is not mine to answer, nor to take back", () => {
    const session = liveSession("1", { handover: { ...OFFER, to_id: "5", to_name: "Sam" } });
    const host = drawn(handoverView(deskWith(screen(session)), session));
    expect(button(host, "handover-accept")).toBeNull();
    expect(button(host, "handover-withdraw")).toBeNull();
    expect(host.textContent).toContain("Offered to Sam");
  });

  it("to me stands on top of the list with its reason, is heard, and can be accepted", () => {
    const session = liveSession("1", { handover: OFFER });
    const acceptHandover = vi.fn();
    const desk = deskWith(screen(session), { listed: "mine" }, { acceptHandover });
    const list = drawn(sessionListView(desk));
    expect(list.querySelector("[data-testid=group-urgent]")?.textContent).toContain("Handed to you by Priya Shah: My shift ends");
    expect(list.querySelector("[data-testid=group-live] [data-testid=session-row]")).toBeNull();
    button(drawn(handoverView(desk, session)), "handover-accept")?.click();
    expect(acceptHandover).toHaveBeenCalledWith("1");
    expect(sessionSignals(liveSession("1"), session, ME)).toEqual(["handed_over"]);
    expect(sessionSignals(session, session, ME)).toEqual([]);
    expect(sessionSignals(liveSession("1"), session, SUPERVISOR)).toEqual([]);
  });

  it("is declined with a reason only", () => {
    const session = liveSession("1", { handover: OFFER });
    const host = drawn(handoverView(deskWith(screen(session), { declines: { "1": " " } }), session));
    expect(button(host, "decline-send")?.disabled).toBe(true);
  });

  it("is offered for my own session, and a colleague's can be taken; a supervisor may give both", () => {
    const theirs = liveSession("1", { assigned_to: { id: "8", name: "Priya Shah" } });
    const own = drawn(ownerRow(deskWith(screen(liveSession("1"))), liveSession("1")));
    expect([button(own, "handover-give"), button(own, "handover-take")].map((one) => one !== null)).toEqual([true, false]);
    const other = drawn(ownerRow(deskWith(screen(theirs)), theirs));
    expect([button(other, "handover-give"), button(other, "handover-take")].map((one) => one !== null)).toEqual([false, true]);
    const over = drawn(ownerRow(deskWith(screen(theirs, SUPERVISOR)), theirs));
    expect([button(over, "handover-give"), button(over, "handover-take")].map((one) => one !== null)).toEqual([true, true]);
    const ended = liveSession("1", { state: "ended", ended_at: before(1) });
    expect(button(drawn(ownerRow(deskWith(screen(ended)), ended)), "handover-give")).toBeNull();
  });

  it("needs a colleague and a reason, and offers neither me nor whose it is", () => {
    const colleagues = ["7", "8", "9"].map((id) => ({ id, name: `P${id}`, role: "operator", is_on_duty: id === "8" }));
    const dialog = (to: string, reason: string): HTMLElement =>
      drawn(handoverDialog(deskWith(screen(liveSession("1")), { colleagues, handover: { kind: "give", sessionId: "1", to, reason } })));
    expect(button(dialog("", "why"), "handover-send")?.disabled).toBe(true);
    expect(button(dialog("8", " "), "handover-send")?.disabled).toBe(true);
    const ready = dialog("8", "why");
    expect(button(ready, "handover-send")?.disabled).toBe(false);
    expect([...ready.querySelectorAll("[data-testid=colleague]")].map((one) => one.getAttribute("data-name"))).toEqual(["P8", "P9"]);
  });

  it("that is refused says why and keeps what was typed", async () => {
    const rest = { offerHandover: () => Promise.reject(new ApiError(400, "invalid_input", "There is no such colleague.")), operators: () => Promise.resolve([]) };
    const acts = new ConsoleActs({ rest, redraw: () => undefined } as unknown as Parts);
    acts.openHandover("give", "1");
    acts.editHandover({ to: "8", reason: "why" });
    acts.sendHandover();
    await vi.waitFor(() => expect(acts.fields.failures.handover).toBe("There is no such colleague."));
    expect(acts.fields.handover).toMatchObject({ to: "8", reason: "why" });
  });
});

describe("an unattended session", () => {
  it("stands on top with a plain word, why, and for how long; an ended one does not", () => {
    const session = liveSession("1", { attention: UNATTENDED });
    const list = drawn(sessionListView(deskWith(screen(session))));
    expect(list.querySelector("[data-testid=group-urgent]")?.textContent).toContain("Nobody is watching, 1 min 15 s");
    const ended = liveSession("1", { attention: UNATTENDED, state: "ended", ended_at: before(1) });
    expect(drawn(sessionListView(deskWith(screen(ended)))).querySelector("[data-testid=group-urgent]")).toBeNull();
  });

  it("is called out to supervisors alone once it is escalated, and can be taken there", () => {
    const takeUnattended = vi.fn();
    const session = liveSession("1", { attention: ESCALATED });
    expect(drawn(escalationView(deskWith(screen(session)))).textContent.trim()).toBe("");
    expect(drawn(escalationView(deskWith(screen(liveSession("1", { attention: UNATTENDED }), SUPERVISOR)))).textContent.trim()).toBe("");
    const host = drawn(escalationView(deskWith(screen(session, SUPERVISOR), {}, { takeUnattended })));
    button(host, "take-it")?.click();
    expect(takeUnattended).toHaveBeenCalledWith("1");
    expect(sessionSignals(liveSession("1", { attention: UNATTENDED }), session, ME)).toEqual([]);
    expect(sessionSignals(liveSession("1", { attention: UNATTENDED }), session, SUPERVISOR)).toEqual(["escalated"]);
    expect(loudest([{ sessionId: "1", kind: "opened" }, { sessionId: "1", kind: "escalated" }])).toBe("escalated");
  });
});

describe("a link that does not work", () => {
  const withState = (state: "sent" | "opened"): SessionSummary => {
    const session = sessionOf("1");
    return { ...session, invitation: { ...session.invitation!, state } };
  };

  it("can be sent again only before it was opened, and elsewhere until the session is live", () => {
    expect(button(drawn(linkHelp(deskWith(stateWith()), withState("opened"))), "resend")).toBeNull();
    expect(button(drawn(linkHelp(deskWith(stateWith()), withState("sent"))), "resend")).not.toBeNull();
    expect(drawn(linkHelp(deskWith(stateWith()), liveSession("1"))).textContent.trim()).toBe("");
  });

  it("goes elsewhere when something was typed", () => {
    const host = drawn(linkHelp(deskWith(stateWith(), { redirects: { "1": { kind: "email", text: "" } } }), withState("sent")));
    expect(button(host, "redirect-send")?.disabled).toBe(true);
  });
});

describe("a hold", () => {
  const item: Item = { id: "i", kind: "recording", state: "sealed", started_at: before(60), ended_at: before(1), duration_ms: 1, is_complete: true };
  const held: Item = { ...item, hold: { reason: "Complaint", placed_by_name: "Sam" } };

  it("is shown to who may place one, and the way out names its reason", () => {
    const session = liveSession("1");
    expect(drawn(holdView(deskWith(screen(session)), session, item)).textContent.trim()).toBe("");
    const desk = deskWith(screen(session, SUPERVISOR));
    expect(button(drawn(holdView(desk, session, item)), "hold-open")).not.toBeNull();
    const host = drawn(holdView(desk, session, held));
    expect(host.textContent).toContain("Complaint");
    expect(button(host, "hold-release")).not.toBeNull();
  });
});

describe("a session that a search found", () => {
  it("is chosen, and stays when a snapshot without it arrives; one that goes on does not", () => {
    const past = liveSession("1", { state: "ended", ended_at: before(90_000) });
    const found = reduce(stateWith(), { type: "found", session: past });
    expect(found.chosenId).toBe("1");
    const after = reduce(found, { type: "wire", message: snapshotOf(), at: NOON });
    expect([after.chosenId, Object.keys(after.sessions)]).toEqual(["1", ["1"]]);
    const gone = reduce({ ...stateWith(liveSession("1")), chosenId: "1" }, { type: "wire", message: snapshotOf(), at: NOON });
    expect(gone.chosenId).toBeNull();
  });
});
