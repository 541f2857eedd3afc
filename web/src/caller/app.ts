/** The caller's page at work: events go through the state machine, and its effects reach the line and the devices. */

import type { CallerClientMessage, CallerServerMessage, CallerState } from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl } from "../signalling/socket";
import type { ExitEvent } from "../public/exit";
import { tellLeft } from "../public/leaving";
import { InTurn } from "../sharing/in_turn";
import { reduce } from "../sharing/machine";
import { initialModel, type SharingEvent, type SharingModel, type Effect } from "../sharing/model";
import type { PageData } from "../public/page_data";
import type { Sharing, SharingEffect } from "../sharing/sharing";
import { onServerClock } from "../sharing/server_clock";
import { hasStopped, rememberStop } from "../sharing/stop_memory";
import type { Texts } from "./texts";
import { uploadMemory } from "../sharing/upload_memory";
import { CallerView } from "./view";

/** "Exit this page" was pressed; another script of the page watches for that. */
const EXIT_EVENT: ExitEvent = "sightline:exit";

/** Longest time for which an offer in the making holds the drawing back, in ms. */
const OFFER_FIRST_MS = 150;

/** Time between two tries to load the code that shares, in ms. */
const LOAD_AGAIN_MS = 2_000;

/** One page of one caller. */
export class CallerApp {
  private model: SharingModel = initialModel();
  private readonly events = new InTurn<SharingEvent>((event) => this.take(event));
  private isOffering = false;
  private readonly view: CallerView;
  private sharing: Sharing | null = null;
  /** Asked for before the code that shares was there. */
  private early: SharingEffect[] = [];
  private readonly socket: LiveSocket<CallerServerMessage, CallerClientMessage>;

  /** @param host element to fill; @param page what the server gave; @param texts the words of its language */
  constructor(host: HTMLElement, private readonly page: PageData<CallerState>, texts: Texts) {
    this.view = new CallerView(host, page, texts, (event) => this.dispatch(event));
    this.socket = new LiveSocket(socketUrl("/ws/caller/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.dispatch({ type: "line", state, code }),
      // The server says everything anew on each connect, and connecting is cheap.
      onGap: () => this.socket.restart(),
      // A phone's line hesitates for seconds and goes on; a new socket would not be there any sooner.
    }, { pongDeadline_ms: 5_000 });
  }

  /** Show the first screen, connect, and load what the next screens need. */
  start(): void {
    if (this.page.state === null) this.view.render(this.model);
    else this.received(this.page.state);
    reopenWithNetwork(this.socket);
    document.addEventListener(EXIT_EVENT, () => this.dispatch({ type: "left" }));
    document.addEventListener("visibilitychange", () => {
      this.dispatch({ type: "hidden", isHidden: document.visibilityState === "hidden" });
    });
    this.socket.open();
    // The second frame begins when the first screen has been drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => void this.loadSharing()));
  }

  private async loadSharing(): Promise<void> {
    try {
      const { Sharing: Made, SHARING_SCREENS } = await import("./sharing");
      this.view.add(SHARING_SCREENS);
      this.sharing = new Made({
        preview: this.view.preview,
        isSafe: this.page.isSafe,
        stillsAddress: "/live/stills/",
        model: () => this.model,
        dispatch: (event) => this.dispatch(event),
        send: (message, waiting) => this.socket.send(message, waiting),
        clockOffset: () => this.socket.serverOffset_ms ?? 0,
        holdDrawing: () => this.holdDrawing(),
        drawAgain: () => this.drawAgain(),
      });
    } catch {
      setTimeout(() => void this.loadSharing(), LOAD_AGAIN_MS);
      return;
    }
    const early = this.early;
    this.early = [];
    for (const effect of early) this.sharing.perform(effect);
    this.view.render(this.model);
  }

  /** Events are taken one after the other, also those that an effect causes. */
  private dispatch(event: SharingEvent): void {
    this.events.add(event);
  }

  private take(event: SharingEvent): void {
    const { model, effects } = reduce(this.model, event);
    this.model = model;
    for (const effect of effects) this.perform(effect);
    if (!this.isOffering) this.view.render(this.model);
  }

  private received(message: CallerServerMessage): void {
    const stopped = message.type === "caller.state" && hasStopped(message.session.id);
    if (message.type === "caller.state") uploadMemory(message.session.id, this.page.isSafe).dropOthers();
    this.dispatch({ type: "server", message, hasStopped: stopped });
  }

  private perform(effect: Effect): void {
    if (effect.do === "send") this.socket.send(onServerClock(effect.message, this.socket.serverOffset_ms ?? 0), effect.waiting);
    else if (effect.do === "remember_stop") this.withSession(rememberStop);
    else if (effect.do === "tell_left") tellLeft("/live/leave/");
    else if (effect.do === "close_line") this.socket.close();
    else this.share(effect);
  }

  private share(effect: SharingEffect): void {
    if (effect.do === "stop_everything") {
      this.early = [];
      this.withSession((id) => uploadMemory(id, this.page.isSafe).dropAll());
    }
    if (this.sharing === null) this.early.push(effect);
    else this.sharing.perform(effect);
  }

  private withSession(act: (id: string) => void): void {
    if (this.model.session !== null) act(this.model.session.id);
  }

  /** Drawing the next screen keeps a phone busy for as long as making the offer: the control room waits for that. */
  private holdDrawing(): void {
    this.isOffering = true;
    setTimeout(() => this.drawAgain(), OFFER_FIRST_MS);
  }

  private drawAgain(): void {
    if (!this.isOffering) return;
    this.isOffering = false;
    this.view.render(this.model);
  }

}
