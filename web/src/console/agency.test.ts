import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { AgencyShareView, AgencyViewerView } from "../signalling/messages";
import { emptyFields } from "./acts";
import { EMPTY_AGENCY, missingOf } from "./agencydraft";
import type { Acts, Desk } from "./desk";
import { unreadFleet } from "./fleetsamples";
import { before, closedBoard, liveSession, ME, NOON, emptySky, silentTalk, stateWith } from "./samples";
import { agencySharesView } from "./views/agency";
import { shareDialog } from "./views/share";
import { WatchPool } from "./watches";

const VIEWER: AgencyViewerView = {
  id: "v1", name: "Jo Marsh", opened_at: before(30), verified_at: before(20), is_watching: true, code_made_at: null, code_message: null,
};
const SHARE: AgencyShareView = {
  id: "a1", kind: "ambulance", agency: "East of England Ambulance", contact_name: "Robin Shaw", contact_phone_masked: "•••• •••456", contact_email_masked: "",
  purpose: "Medical help at the scene", granted_by_name: "Alex Morgan", granted_at: before(60), ends_at: before(-3600), most_viewers: 2, link_message: null, viewers: [VIEWER],
};

function desk(share: Partial<AgencyShareView>, permissions = ["share.grant"], local: Partial<Desk["local"]> = {}): { desk: Desk; acts: Record<string, ReturnType<typeof vi.fn>> } {
  const session = liveSession("1", { agencies: [{ ...SHARE, ...share }] });
  const acts: Record<string, ReturnType<typeof vi.fn>> = {};
  const made = new Proxy(acts, { get: (known, name: string) => (known[name] ??= vi.fn()) });
  return {
    acts: made,
    desk: {
      state: { ...stateWith(session), me: { ...ME, permissions } }, now: NOON, at: NOON, shownSince: 0, page: { forceName: "", mapTilesUrl: "" },
      fetched: { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} }, local: { ...emptyFields(), ...local }, form: null,
      pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false }, mapElement: document.createElement("div"), acts: made as unknown as Acts,
    },
  };
}

function drawn({ desk: shown }: { desk: Desk }): HTMLElement {
  const host = document.createElement("div");
  render(agencySharesView(shown, shown.state.sessions["1"]!), host);
  return host;
}

function click(host: HTMLElement, name: string): void {
  host.querySelector<HTMLElement>(`[data-testid=${name}]`)!.click();
}

describe("what stands with an agency", () => {
  it("names who watches, for what and until when", () => {
    const words = drawn(desk({})).textContent;
    for (const part of ["East of England Ambulance", "Medical help at the scene", "13:00:00", "Jo Marsh", "is watching", "1 of 2 watching", "•••456"]) expect(words).toContain(part);
  });

  it("says how the code of who waits stands, and offers it to be read out", () => {
    const waiting = { ...VIEWER, verified_at: null, is_watching: false, code_made_at: before(20) };
    const failed = { state: "failed" as const, queued_at: before(20), failure_reason: "permanent-failure" };
    const shown = desk({ viewers: [{ ...waiting, code_message: failed }] });
    const host = drawn(shown);
    expect(host.textContent).toContain("NOT delivered (permanent failure)");
    click(host, "agency-read-code");
    expect(shown.acts.readAgencyCode).toHaveBeenCalledWith("1", "a1", "v1");
    click(host, "agency-resend");
    expect(shown.acts.resendAgencyCode).toHaveBeenCalledWith("1", "a1", "v1");
    const read = desk({ viewers: [waiting] }, undefined, { agencyCodes: { v1: { code: "123456", expires_at: before(-60) } } });
    expect(drawn(read).textContent).toContain("123 456");
    const old = desk({ viewers: [{ ...waiting, code_made_at: before(700) }] }, undefined, { agencyCodes: { v1: { code: "123456", expires_at: before(1) } } });
    expect(drawn(old).textContent).not.toContain("123 456");
    expect(drawn(old).textContent).toContain("too old");
  });

  it("ends by one click and one to confirm", () => {
    const first = desk({});
    click(drawn(first), "agency-revoke");
    expect(first.acts.local).toHaveBeenCalledWith({ agencyEndingId: "a1" });
    expect(first.acts.revokeAgency).not.toHaveBeenCalled();
    const sure = desk({}, undefined, { agencyEndingId: "a1" });
    click(drawn(sure), "agency-revoke-sure");
    expect(sure.acts.revokeAgency).toHaveBeenCalledWith("1", "a1");
  });

  it("ends it for one of them by one click and one to confirm", () => {
    const first = desk({});
    click(drawn(first), "agency-dismiss");
    expect(first.acts.local).toHaveBeenCalledWith({ agencyEndingId: "v1" });
    const sure = desk({}, undefined, { agencyEndingId: "v1" });
    click(drawn(sure), "agency-dismiss-sure");
    expect(sure.acts.dismissAgencyViewer).toHaveBeenCalledWith("1", "a1", "v1");
    expect(sure.acts.revokeAgency).not.toHaveBeenCalled();
  });

  it("offers keys and the end to nobody who may not share", () => {
    const host = drawn(desk({}, []));
    expect(host.querySelector("button")).toBeNull();
  });
});

describe("the form", () => {
  const share = { sessionId: "1", force: "", purpose: "", minutes: 60, chat: false, recording: false };

  it("says what is missing, and shares only when nothing is", () => {
    expect(missingOf(EMPTY_AGENCY)).toBe("Name the agency.");
    const full = { ...EMPTY_AGENCY, agency: "HM Coastguard", contact_name: "Robin", contact_phone: "07700 900456" };
    expect(missingOf(full)).toBeNull();
    expect(missingOf({ ...full, purpose: "other" })).toBe("Say what it is shared for.");
    for (const [agency, calls] of [[EMPTY_AGENCY, 0], [full, 1]] as const) {
      const shown = desk({}, undefined, { share, shareTab: "agency", agency });
      const host = document.createElement("div");
      render(shareDialog(shown.desk), host);
      host.querySelector("form")!.dispatchEvent(new Event("submit"));
      expect(shown.acts.sendAgency?.mock.calls.length ?? 0).toBe(calls);
    }
  });
});
