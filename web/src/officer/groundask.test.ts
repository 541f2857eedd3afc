import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { GroundAnswer } from "../console/flightrest";
import { ApiError } from "../console/rest";
import { GroundAsk, type AskGround } from "./groundask";

const AT = "2026-11-22T12:00:00.000Z";
const ANSWER: GroundAnswer = {
  miss: null, fixed_at: AT, latitude: 51.79, longitude: -0.08, easting: 532_400, northing: 212_200, grid_reference: "TL 32400 12200", distance_m: 120, error_m: 11.2,
};
const VIDEO = { videoWidth: 1600, videoHeight: 900, clientWidth: 320, clientHeight: 180, offsetLeft: 0, offsetTop: 6, getBoundingClientRect: () => new DOMRect(0, 106, 320, 180) } as HTMLVideoElement;

function drawn(ground: GroundAsk, tapped: (place: unknown) => void = () => undefined): HTMLElement {
  const host = document.createElement("div");
  render([ground.overView(VIDEO, tapped), ground.underView(tapped)], host);
  return host;
}

describe("a tap on a drone's picture", () => {
  it("test_officer_gets_the_grid_reference_with_its_error_and_a_mark", async () => {
    const ask = vi.fn<AskGround>(() => Promise.resolve(ANSWER));
    const ground = new GroundAsk(() => undefined, ask);
    expect(drawn(ground).querySelector("[data-testid=ground-mark]")).toBeNull();
    await ground.tap("1", { across: 0.25, down: 0.5 }, AT);
    expect(ask).toHaveBeenCalledWith("1", { across: 0.25, down: 0.5 }, AT);
    expect(drawn(ground).textContent).toContain("TL 32400 12200, ±15 m");
    expect(drawn(ground).querySelector<HTMLElement>("[data-testid=ground-mark]")?.style.cssText.replaceAll(" ", "")).toContain("left:80px;top:96px");
    ground.forget();
    expect(drawn(ground).textContent).not.toContain("TL 32400");
  });

  it("test_place_of_the_tap_is_that_in_the_picture", () => {
    const tapped = vi.fn();
    const host = drawn(new GroundAsk(() => undefined), tapped);
    const over = host.querySelector<HTMLElement>("[data-testid=ground-tap]")!;
    over.dispatchEvent(new MouseEvent("click", { clientX: 240, clientY: 196 }));
    host.querySelector<HTMLElement>("[data-testid=ground-middle]")!.click();
    expect(tapped.mock.calls).toEqual([[{ across: 0.75, down: 0.5 }], [{ across: 0.5, down: 0.5 }]]);
  });

  it("test_refusal_is_said_and_the_answer_to_an_older_tap_is_nobodys", async () => {
    let late: (answer: GroundAnswer) => void = () => undefined;
    const ask = vi.fn<AskGround>();
    ask.mockRejectedValueOnce(new ApiError(403, "not_permitted", ""));
    ask.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    ask.mockRejectedValueOnce(new Error("no answer"));
    const ground = new GroundAsk(() => undefined, ask);
    await ground.tap("1", { across: 0, down: 0 }, AT);
    expect(drawn(ground).textContent).toContain("not shown this picture any more");
    const first = ground.tap("1", { across: 0, down: 0 }, AT);
    await ground.tap("1", { across: 1, down: 1 }, AT);
    late(ANSWER);
    await first;
    expect(drawn(ground).textContent).toContain("could not be looked up");
  });
});
