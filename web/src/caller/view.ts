/** Puts one screen at a time on the page, with the force's name above it and STOP below it. */

import { browserFamily } from "./browser";
import { button, el, setShown, setText } from "../public/dom";
import type { CallerState } from "../signalling/messages";
import type { SharingEvent, SharingModel, Step } from "../sharing/model";
import type { PageData } from "../public/page_data";
import { agreeScreen, declinedScreen, whatScreen } from "./screens/consent";
import { connectingScreen, endedScreen, refusedScreen } from "./screens/quiet";
import type { Screen, ScreenContext, Screens } from "./screens/screen";
import type { Texts } from "./texts";

/** What may be shown before anything is shared; the others come with the code that shares. */
const FIRST_SCREENS = {
  connecting: connectingScreen,
  what: whatScreen,
  agree: agreeScreen,
  declined: declinedScreen,
  ended: endedScreen,
  refused: refusedScreen,
} satisfies Screens;

const BEFORE_SHARING: ReadonlySet<Step> = new Set(["connecting", "what", "agree", "declined"]);

/** The page's view. */
export class CallerView {
  /** The own camera's picture; the app gives it its stream. */
  readonly preview = el("video", { attributes: { playsinline: true, muted: true, autoplay: true } });
  private screens: Screens = FIRST_SCREENS;
  private readonly context: ScreenContext;
  private readonly reference = el("p", { class: "govuk-hint reference" });
  private readonly line: HTMLElement;
  private readonly place = el("div", { class: "screen" });
  private readonly stopBar: HTMLElement;
  private shown: { step: Step; screen: Screen } | null = null;

  /** @param host element to fill; @param page mode of the page; @param texts its words */
  constructor(
    private readonly host: HTMLElement,
    private readonly page: PageData<CallerState>,
    private readonly texts: Texts,
    dispatch: (event: SharingEvent) => void,
  ) {
    this.context = {
      texts,
      isSafe: page.isSafe,
      dispatch,
      browser: browserFamily(navigator.userAgent),
      preview: this.preview,
    };
    this.line = el("p", { class: "govuk-body line-lost", attributes: { role: "status" } });
    this.stopBar = this.makeStopBar(dispatch);
    this.host.replaceChildren(this.reference, this.line, this.place, this.stopBar);
  }

  /** Screens that came later than the first one. */
  add(screens: Screens): void {
    this.screens = { ...this.screens, ...screens };
  }

  /** Show what the model says; the screen before stays for as long as its own is still loading. */
  render(model: SharingModel): void {
    const step = this.screens[model.step] === undefined ? (this.shown?.step ?? "connecting") : model.step;
    const isNew = this.shown?.step !== step;
    const screen = this.shown === null || isNew ? this.change(step, model) : this.shown.screen;
    if (step === model.step) screen.update?.(model);
    this.renderShell(model);
    if (isNew) this.announce(screen);
  }

  private change(step: Step, model: SharingModel): Screen {
    const screen = (this.screens[step] ?? connectingScreen)(model, this.context);
    this.shown = { step, screen };
    this.place.replaceChildren(screen.root);
    return screen;
  }

  private renderShell(model: SharingModel): void {
    const isSharing = model.scopes !== null && model.step !== "ended" && model.step !== "refused";
    setShown(this.stopBar, isSharing);
    document.body.classList.toggle("has-stop", isSharing);
    // Another language loads the page anew, which would turn a camera off.
    const languages = document.getElementById("languages");
    if (languages !== null) setShown(languages, BEFORE_SHARING.has(model.step));
    // It begins with the force's name, which safe mode does not show.
    const reference = this.page.isSafe ? "" : (model.session?.incident_reference ?? "");
    setText(this.reference, reference === "" ? "" : this.texts.reference(reference));
    // The live screen says it in its own status.
    const isLineTold = model.step === "live" || model.step === "ended" || model.step === "refused";
    const isLost = model.line === "waiting" && !isLineTold && model.step !== "connecting";
    setText(this.line, isLost ? `${this.texts.live.statuses.offline}. ${this.texts.connecting.body}` : "");
  }

  private announce(screen: Screen): void {
    const title = screen.root.querySelector("h1");
    document.title = this.page.isSafe ? this.texts.neutralTitle : `${title?.textContent ?? ""} - ${this.texts.appName}`;
    // Both need the layout of the new screen: with the next frame, so that an offer can leave before.
    requestAnimationFrame(() => {
      window.scrollTo(0, 0);
      title?.focus({ preventScroll: true });
    });
  }

  private makeStopBar(dispatch: (event: SharingEvent) => void): HTMLElement {
    const stop = button(this.texts.live.stop, () => dispatch({ type: "tap", tap: "stop" }), "stop");
    stop.append(el("span", { class: "stop-hint" }, this.texts.live.stopHint));
    return el("div", { class: "stop-bar" }, stop);
  }
}
