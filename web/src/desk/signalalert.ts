/**
 * A silent signal on an officers' page: over the header until somebody has seen it, heard again and again, in the tab's title,
 * and by the computer's own notification while the page is not in view. It never says aloud what it is about.
 */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock } from "../console/times";
import type { SignalView } from "../signalling/meetingmessages";

const AGAIN_MS = 4_000;
const TITLE = "(!) Signal";

/** What of the browser it needs; replaced in tests. */
export interface AlertHost {
  readonly sound: () => void;
  readonly notify: (text: string) => void;
  page: Document;
}

/** The browser's own. */
export function browserAlerts(): AlertHost {
  let context: AudioContext | null = null;
  return {
    page: document,
    sound: () => {
      try {
        context ??= new AudioContext();
        void context.resume().catch(() => undefined);
        for (const [start, frequency] of [[0, 880], [0.22, 660], [0.44, 880]] as const) beep(context, start, frequency);
      } catch {
        // Without sound it is still seen.
      }
    },
    notify: (text) => {
      // Asked for by a button of the board; where it was refused the page alone tells.
      if (!("Notification" in window) || Notification.permission !== "granted") return;
      try {
        // eslint-disable-next-line compat/compat -- asked for above: Safari on phones has none
        new Notification("Sightline", { body: text, tag: "consultation-signal", requireInteraction: true });
      } catch {
        // Phones show notifications from workers only.
      }
    },
  };
}

function beep(context: AudioContext, start: number, frequency: number): void {
  const begin = context.currentTime + start;
  const oscillator = new OscillatorNode(context, { type: "sine", frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(0.3, begin + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0005, begin + 0.2);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + 0.22);
}

/** All signals of one page. */
export class SignalAlert {
  private signals: readonly SignalView[] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private title: string | null = null;

  constructor(private readonly host: AlertHost = browserAlerts()) {}

  /** Those that nobody has seen, oldest first. */
  get unseen(): readonly SignalView[] {
    return this.signals.filter((signal) => signal.seen_at === null);
  }

  /** What the server knows. */
  snapshot(signals: readonly SignalView[]): void {
    this.signals = signals;
    this.follow();
  }

  /** One was given, or seen. */
  changed(signal: SignalView): void {
    const isKnown = this.signals.some((one) => one.id === signal.id);
    this.signals = isKnown ? this.signals.map((one) => (one.id === signal.id ? signal : one)) : [...this.signals, signal];
    if (!isKnown && signal.seen_at === null && this.host.page.visibilityState === "hidden") this.host.notify("Somebody in a consultation needs you now.");
    this.follow();
  }

  /** Over the header; nothing while there is none. */
  view(see: (signal: SignalView) => void, open: (signal: SignalView) => void = () => undefined): TemplateResult | typeof nothing {
    if (this.unseen.length === 0) return nothing;
    return html`<div class="signal-alert" role="alert" data-testid="signal-alert">${this.unseen.map((signal) => html`<div class="signal">
      <p><strong>Silent signal: <bdi>${signal.name}</bdi></strong> ${clock(signal.at)}<br>
        This person needs help and cannot say so. <b>Do not mention it aloud.</b> Do not ask about it in the chat. Act by your force’s procedure.</p>
      <button type="button" class="button large" data-testid="signal-open" @click=${() => open(signal)}>Open</button>
      <button type="button" class="button large" data-testid="signal-seen" @click=${() => see(signal)}>I have seen it</button></div>`)}</div>`;
  }

  private follow(): void {
    const isOn = this.unseen.length > 0;
    if (isOn && this.timer === undefined) {
      this.host.sound();
      this.timer = setInterval(() => this.host.sound(), AGAIN_MS);
      this.title = this.host.page.title;
      this.host.page.title = `${TITLE} - ${this.title}`;
    } else if (!isOn && this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.host.page.title = this.title ?? this.host.page.title;
    }
  }
}
