import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { flightAt, fixAt, NOON } from "../console/samples";
import type { ShownPicture } from "../signalling/messages";
import { FlownDrones } from "./flown";
import type { FlownMap } from "./skymap";

const PICTURE: ShownPicture = {
  session_id: "1", kind: "flight", officer: null, source: { id: "a", name: "DJI M30T" }, incident: { id: "i", reference: "HERTS-2611-0001" },
  shown_at: "2026-11-22T11:59:00.000Z", stream: null, position: null, flight: flightAt(3), trail: [fixAt(5), fixAt(4)],
};

function bench(isMapThere = true): { drones: FlownDrones; shown: FlownMap[]; dispose: ReturnType<typeof vi.fn>; load: ReturnType<typeof vi.fn> } {
  const shown: FlownMap[] = [];
  const dispose = vi.fn();
  const map = { show: (content: FlownMap) => void shown.push(content), dispose };
  const load = vi.fn(() => (isMapThere ? Promise.resolve(map) : Promise.reject(new Error("not loaded"))));
  const drones = new FlownDrones(() => undefined, load);
  drones.stateTaken([PICTURE]);
  return { drones, shown, dispose, load };
}

function drawn(drones: FlownDrones, picture: ShownPicture, now = NOON): HTMLElement {
  const host = document.createElement("div");
  render(drones.view(picture, now), host);
  return host;
}

describe("a drone that is shown to an officer", () => {
  it("test_officer_reads_how_it_flies_and_how_old_that_is", () => {
    const { drones } = bench();
    expect(drawn(drones, PICTURE).querySelector("[data-testid=flown-facts]")?.textContent).toContain("Height 100 m above take-off");
    expect(drawn(drones, PICTURE).querySelector(".age-stale")).toBeNull();
    expect(drawn(drones, PICTURE, NOON + 10_000).querySelector(".age-stale")?.textContent).toContain("13 s ago");
    expect(drawn(drones, { ...PICTURE, kind: "caller" }).childElementCount).toBe(0);
  });

  it("test_map_is_loaded_only_while_a_drone_is_watched_and_goes_with_it", async () => {
    const { drones, load, dispose, shown } = bench();
    expect(load).not.toHaveBeenCalled();
    drones.draw(PICTURE, NOON, false);
    await vi.waitFor(() => { drones.draw(PICTURE, NOON, false); expect(shown).not.toEqual([]); });
    expect(load).toHaveBeenCalledTimes(1);
    expect(shown[0]).toMatchObject({ label: "DJI M30T", isOld: false, flight: flightAt(3) });
    drones.draw(null, NOON, false);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it("test_aircraft_moves_with_its_trail_and_never_back", async () => {
    const { drones, shown } = bench();
    drones.moved([flightAt(1, { latitude: 51.9 })]);
    drones.moved([flightAt(2, { latitude: 51.7 }), flightAt(1, { session_id: "other" })]);
    expect(drones.newest("1")?.latitude).toBe(51.9);
    drones.draw(PICTURE, NOON, true);
    await vi.waitFor(() => { drones.draw(PICTURE, NOON, true); expect(shown).not.toEqual([]); });
    expect(shown[0]?.trail.map(({ latitude }) => latitude)).toEqual([fixAt(5).latitude, fixAt(4).latitude, 51.9]);
    expect(shown[0]?.isOld).toBe(true);
  });

  it("test_state_of_the_server_takes_away_what_is_shown_no_more", () => {
    const { drones } = bench();
    drones.stateTaken([]);
    expect(drones.newest("1")).toBeNull();
    expect(drawn(drones, PICTURE).childElementCount).toBe(0);
  });

  it("test_map_that_cannot_be_loaded_is_said_and_the_rest_stays", async () => {
    const { drones } = bench(false);
    drones.draw(PICTURE, NOON, false);
    await vi.waitFor(() => expect(drawn(drones, PICTURE).textContent).toContain("The map could not be loaded"));
    expect(drawn(drones, PICTURE).querySelector("[data-testid=flown-facts]")).not.toBeNull();
  });
});
