import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Rest } from "../console/rest";
import { FakeSocket } from "../signalling/fake_socket";
import { BoardApp } from "./board";
import { row } from "./samples";
import { SignalAlert } from "./signalalert";

const PAGE = { me: { id: "7", name: "PC Ade", role: "officer", team: "Response", permissions: ["consultation.run"] }, forceName: "Herts", sessionId: "" };
const DONE = { status: 200, headers: { "Content-Type": "application/json" } };

function setUp(answer: (url: string, body: unknown) => unknown = () => []) {
  const line = new FakeSocket();
  const gone: string[] = [];
  const asked: { url: string; body: unknown }[] = [];
  const fetcher = ((url: string, init: RequestInit) => {
    const body: unknown = init.body === undefined ? null : JSON.parse(init.body as string);
    asked.push({ url, body });
    const found = answer(url, body);
    return Promise.resolve(found instanceof Response ? found : new Response(JSON.stringify(found), DONE));
  }) as typeof fetch;
  const host = document.createElement("div");
  const app = new BoardApp(host, PAGE, new Rest(fetcher), new SignalAlert({ sound: vi.fn(), notify: vi.fn(), page: document }), { openSocket: () => line as unknown as WebSocket }, (address) => gone.push(address));
  app.start();
  line.accept();
  const drawn = async (): Promise<HTMLElement> => {
    await vi.advanceTimersByTimeAsync(50);
    return host;
  };
  const open = (rows = [row("r1")]): void => line.feed({ type: "board.snapshot", rows, signals: [], seqs: {}, now: "2026-11-28T14:00:00.000Z" });
  const click = async (name: string): Promise<void> => (await drawn()).querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!.click();
  const fill = (name: string, value: string, event = "input"): void => {
    const field = host.querySelector<HTMLInputElement>(`[data-testid=${name}]`)!;
    field.value = value;
    field.dispatchEvent(new Event(event));
  };
  const send = async (): Promise<void> => {
    (await drawn()).querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await drawn();
  };
  return { line, host, gone, asked, drawn, open, click, fill, send };
}

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-28T14:00:00.000Z") }));
afterEach(() => void vi.useRealTimers());

describe("BoardApp", () => {
  it("test_board_of_somebody_who_may_not_says_so_and_shows_nothing", async () => {
    const { line, drawn } = setUp();
    line.drop(4403);
    const host = await drawn();
    expect(host.querySelector("[data-testid=line]")?.textContent).toContain("may not run consultations");
    expect(host.querySelector("[data-testid=board-row]")).toBeNull();
  });

  it("test_board_asks_for_everything_and_older_words_change_nothing", async () => {
    const { line, open, drawn } = setUp();
    expect(line.types).toEqual(["board.open"]);
    open([row("r1", { revision: 5, waiting: 1 })]);
    line.feed({ type: "board.changed", row: row("r1", { revision: 4 }) });
    line.feed({ type: "board.changed", row: row("r2") });
    const host = await drawn();
    expect([...host.querySelectorAll<HTMLElement>("[data-testid=board-row]")].map((one) => one.dataset.id)).toEqual(["r1", "r2"]);
    expect(host.querySelectorAll("[data-testid=board-waits]")).toHaveLength(1);
  });

  it("test_gap_asks_for_everything_again", async () => {
    const { line, open } = setUp();
    open();
    line.feed({ type: "board.changed", row: row("r1"), topic: "consultations", seq: 3 });
    line.feed({ type: "board.changed", row: row("r1"), topic: "consultations", seq: 5 });
    expect(line.types.filter((type) => type === "board.open")).toHaveLength(2);
    await Promise.resolve();
  });

  it("test_start_now_is_one_form_and_leads_to_the_desk", async () => {
    const { open, click, fill, asked, gone, drawn, send } = setUp((url) => (url.endsWith("incident-types/") ? [{ code: "domestic", label: "Domestic" }] : { id: "new" }));
    open();
    await click("start-now");
    await drawn();
    fill("book-type", "domestic", "change");
    fill("person-name", "Sam");
    fill("person-phone_number", "07700900123");
    await send();
    expect(asked.at(-1)).toMatchObject({ url: "/api/v1/consultations/", body: { starts_at: null, team: "Response", incident_type: "domestic", participants: [{ name: "Sam" }] } });
    expect(gone).toEqual(["/consultations/new/"]);
  });

  it("test_booking_that_is_refused_keeps_what_was_written_and_says_why", async () => {
    const { open, click, fill, drawn, send } = setUp((url) => (url.endsWith("consultations/") ? Response.json({ code: "no_contact" }, { status: 400 }) : [{ code: "d", label: "D" }]));
    open();
    await click("start-now");
    await drawn();
    fill("book-type", "d", "change");
    fill("person-name", "Sam");
    fill("person-phone_number", "1");
    await send();
    const host = await drawn();
    expect(host.querySelector("[data-testid=book-error]")?.textContent).toContain("telephone number");
    expect(host.querySelector<HTMLInputElement>("[data-testid=person-name]")?.value).toBe("Sam");
  });

  it("test_signal_covers_the_board_and_is_told_as_seen", async () => {
    const { line, open, click } = setUp();
    open();
    line.feed({ type: "board.signal", signal: { id: "g", session_id: "r1", participant_id: "v", name: "Sam", at: "2026-11-28T14:00:00.000Z", seen_at: null, seen_by_name: "" } });
    await click("signal-seen");
    expect(line.sent.at(-1)).toEqual({ type: "signal.seen", signal_id: "g", session_id: "r1" });
    line.feed({ type: "board.signal", signal: { id: "g", session_id: "r1", participant_id: "v", name: "Sam", at: "2026-11-28T14:00:00.000Z", seen_at: "2026-11-28T14:01:00.000Z", seen_by_name: "PC Ade" } });
  });
});
