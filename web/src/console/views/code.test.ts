import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { ConsoleActs, emptyFields, type Parts } from "../acts";
import type { Acts, Desk, LocalFields } from "../desk";
import { ApiError, type LinkCode } from "../rest";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, ME, NOON, sessionOf, emptySky, silentTalk, stateWith } from "../samples";
import type { SessionSummary } from "../../signalling/messages";
import { WatchPool } from "../watches";
import { codeView } from "./code";

const CODE: LinkCode = { invitation_id: "v-1", code: "K4XM 79CY", address: "herts.example/join" };

interface Change {
  local?: Partial<LocalFields>;
  permissions?: string[];
  acts?: Partial<Acts>;
}

function drawn(session: SessionSummary, { local = {}, permissions = ME.permissions.slice(), acts = {} }: Change = {}): HTMLElement {
  const state = { ...stateWith(session), me: { ...ME, permissions } };
  const desk: Desk = {
    state, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} }, local: { ...emptyFields(), ...local }, form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false }, mapElement: document.createElement("div"),
    acts: { ...acts } as Acts,
  };
  const host = document.createElement("div");
  render(codeView(desk, session), host);
  return host;
}

function withLink(change: Partial<NonNullable<SessionSummary["invitation"]>>): SessionSummary {
  const session = sessionOf("1");
  return { ...session, invitation: session.invitation && { ...session.invitation, ...change } };
}

function actsWith(linkCode: () => Promise<LinkCode>): ConsoleActs {
  return new ConsoleActs({ rest: { linkCode }, redraw: () => undefined } as unknown as Parts);
}

describe("the code to read out", () => {
  it("is not offered without the right to send links, without a link, or once nobody else can open it", () => {
    expect(drawn(sessionOf("1"), { permissions: ["session.view"] }).textContent.trim()).toBe("");
    expect(drawn(sessionOf("1", { invitation: null })).textContent.trim()).toBe("");
    expect(drawn(sessionOf("1", { state: "ended", ended_at: before(1) })).textContent.trim()).toBe("");
    for (const state of ["consented", "expired", "withdrawn"] as const) expect(drawn(withLink({ state })).textContent.trim()).toBe("");
    expect(drawn(withLink({ expires_at: before(1) })).textContent.trim()).toBe("");
  });

  it("of a link that was replaced is not shown", () => {
    const host = drawn(withLink({ id: "v-2" }), { local: { codes: { "1": CODE } } });
    expect(host.querySelector("[data-testid=code]")).toBeNull();
    expect(host.textContent).not.toContain("Kilo");
  });

  it("is asked for by a click only, also for a text that could not be sent and for an opened link", () => {
    for (const state of ["sent", "failed", "opened"] as const) {
      const showCode = vi.fn();
      const host = drawn(withLink({ state }), { acts: { showCode } });
      expect(showCode).not.toHaveBeenCalled();
      host.querySelector<HTMLButtonElement>("[data-testid=show-code]")?.click();
      expect(showCode).toHaveBeenCalledWith("1");
    }
  });

  it("stands large in its groups with the words to say and the address to go to", () => {
    const host = drawn(sessionOf("1"), { local: { codes: { "1": CODE } } });
    const groups = [...host.querySelectorAll(".code-group")];
    expect(groups.map((group) => [...group.querySelectorAll("b")].map((one) => one.textContent).join(""))).toEqual(["K4XM", "79CY"]);
    expect(host.querySelector("[data-testid=code]")?.textContent).toContain("X-ray");
    expect(host.querySelector("[data-testid=code-say]")?.textContent).toContain("go to herts.example/join");
  });
});

describe("asking for the code", () => {
  it("that is refused says why and shows none", async () => {
    const acts = actsWith(() => Promise.reject(new ApiError(403, "not_permitted", "")));
    acts.showCode("1");
    await vi.waitFor(() => expect(acts.fields.failures["code:1"]).toContain("Your role does not allow this"));
    expect(acts.fields.codes).toEqual({});
  });

  it("keeps it until it is hidden", async () => {
    const acts = actsWith(() => Promise.resolve(CODE));
    acts.showCode("1");
    await vi.waitFor(() => expect(acts.fields.codes).toEqual({ "1": CODE }));
    acts.hideCode("1");
    expect(acts.fields.codes).toEqual({});
  });
});
