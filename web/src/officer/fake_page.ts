/** For tests: an officer's page whose line, camera and microphone are held by hand. */

import { render, type TemplateResult } from "lit-html";
import { vi } from "vitest";
import type { SharingEffect, SharingPage } from "../sharing/sharing";
import { streamView } from "../sharing/samples";
import { FakeSocket } from "../signalling/fake_socket";
import type { OfficerLive, OfficerState } from "../signalling/messages";
import { OfficerApp, type OfficerEnds } from "./app";
import type { OfficerPage } from "./state";

export const SESSION = "11111111-1111-4111-8111-111111111111";

/** What somebody reads in a part of the page. */
export function textOf(view: TemplateResult): string {
  const root = document.createElement("div");
  render(view, root);
  return root.textContent;
}

/** The own session as the server tells it. */
export function liveSession(changes: Partial<OfficerLive> = {}): OfficerLive {
  return {
    session: {
      id: SESSION, revision: 1, state: "consented", link_kind: "location_video", force_name: "Herts",
      incident_reference: "HERTS-2611-0001", language: "en", safe_mode: false, exit_url: "",
    },
    consent: { scopes: ["location", "video", "recording"] }, stream: null, ice_servers: [], recording: { on: false },
    watching: false, count: 0, guests: 0, names: [], messages: [], still_asks: [], talk: null, ...changes,
  };
}

/** The server's state. */
export function officerState(changes: Partial<OfficerState> = {}): OfficerState {
  return {
    type: "officer.state", now: "2026-11-27T06:00:00.000Z", force_name: "Herts", shift: null, incidents: [], assignments: [],
    view_request: null, live: null, notices: [], groups: [], pictures: [], seqs: {},
    me: { id: "5", name: "Tom Ashby", role: "officer", number: "1234", team: "", skills: [], languages: "" }, ...changes,
  };
}

/** One page. */
export class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly effects: SharingEffect[] = [];
  page!: OfficerPage;
  shares!: SharingPage;
  readonly sound = vi.fn(() => Promise.reject(new Error("none here")));
  readonly app: OfficerApp;

  /** @param drawn hears of every drawing */
  constructor(ends: OfficerEnds = {}, drawn: () => void = () => undefined) {
    const draw = (page: OfficerPage): void => {
      this.page = page;
      drawn();
    };
    this.app = new OfficerApp(document.createElement("video"), draw, {
      socket: {
        random: () => 0,
        openSocket: () => {
          const socket = new FakeSocket();
          this.sockets.push(socket);
          return socket as unknown as WebSocket;
        },
      },
      makeSharing: (shares) => {
        this.shares = shares;
        return { perform: (effect) => { this.effects.push(effect); }, setSound: () => undefined, takeStill: () => undefined, cameraTrack: null };
      },
      sound: this.sound,
      ...ends,
    });
  }

  get line(): FakeSocket {
    const newest = this.sockets.at(-1);
    if (newest === undefined) throw new Error("the page has not connected");
    return newest;
  }

  /** Connect, and hear this first. */
  open(state: OfficerState = officerState()): this {
    if (this.sockets.length === 0) this.app.start();
    this.line.accept();
    this.line.feed(state);
    return this;
  }

  /** Two taps, and the server's answer. */
  goLive(): this {
    this.app.choose(true);
    this.app.goLive(null);
    this.line.feed(officerState({ live: liveSession(), ref: "start" }));
    return this;
  }

  /** The camera gives pictures, and they arrive. */
  arrive(): this {
    this.shares.dispatch({ type: "camera_opened", facing: "environment" });
    const { attempt } = this.page.sharing.publishing;
    this.line.feed({ type: "stream.answer", stream_id: "s1", sdp: "answer", ref: `offer-${attempt}` });
    this.line.feed({ type: "stream.changed", stream: streamView("live"), revision: 2, topic: `caller.${SESSION}`, seq: 1 });
    return this;
  }

  get done(): string[] {
    return this.effects.map((effect) => effect.do);
  }
}
