import { beforeEach, describe, expect, it, vi } from "vitest";

import { holdPresses, SLID_MS, SteadyPress } from "./steadypress";

const rows = { a: document.createElement("button"), b: document.createElement("button") };
let under: Element | null = null;
let now = 1_000;

describe("a steady press", () => {
  let steady: SteadyPress;

  beforeEach(() => {
    under = rows.a;
    steady = new SteadyPress(() => under, () => now);
    steady.pointed(10, 10);
  });

  it("means the row that the hand came to", () => {
    steady.drawn();
    expect(steady.isMeant()).toBe(true);
  });

  it("does not mean a row that slid there, until it has stood a while", () => {
    under = rows.b;
    steady.drawn();
    expect(steady.isMeant()).toBe(false);
    steady.pointed(11, 10); // a hand that trembles
    expect(steady.isMeant()).toBe(false);
    now += SLID_MS;
    expect(steady.isMeant()).toBe(true);
  });

  it("means another row that the hand went on to", () => {
    under = rows.b;
    steady.drawn();
    under = rows.a;
    steady.pointed(10, 40);
    expect(steady.isMeant()).toBe(true);
  });

  it("minds no list while the pointer is elsewhere", () => {
    steady.left();
    under = rows.b;
    steady.drawn();
    expect(steady.isMeant()).toBe(true);
  });
});

describe("the page", () => {
  it("holds a press back and says so; one by the keys always counts", () => {
    const [host, list, row, other] = ["div", "nav", "button", "button"].map((name) => document.createElement(name));
    list!.className = "sessions";
    row!.className = "row";
    list!.append(row!);
    host!.append(list!, other!);
    const [pressed, held] = [vi.fn(), vi.fn()];
    host!.addEventListener("click", pressed);
    let at: Element | null = null;
    document.elementFromPoint = () => at;
    const steady = holdPresses(host!, held);
    host!.dispatchEvent(new MouseEvent("pointermove", { clientX: 5, clientY: 5 }));
    at = row!;
    steady.drawn();

    row!.dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true, cancelable: true }));
    expect([pressed.mock.calls.length, held.mock.calls.length]).toEqual([0, 1]);
    row!.dispatchEvent(new MouseEvent("click", { detail: 0, bubbles: true }));
    other!.dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true }));
    expect([pressed.mock.calls.length, held.mock.calls.length]).toEqual([2, 1]);
  });
});
