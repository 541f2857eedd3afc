import { expect, it } from "vitest";

import { liveEvents, play } from "./samples";

const fix = (fixed_at: number) => ({ type: "fix", fix: { latitude: 51, longitude: 0, accuracy_m: 9, fixed_at } }) as const;
const live = () => play(liveEvents()).model;
const lost = { type: "position_fault", fault: "unavailable" } as const;

it("test_caller_found_again_within_a_second_is_not_said_to_be_lost", () => {
  expect(play([fix(1_000), lost], live()).model.position.fault).toBe("unavailable");
  const { model, effects } = play([fix(1_000), lost, fix(1_500)], live());
  expect(model.position).toMatchObject({ state: "on", fault: null, last: { fixed_at: 1_000 } });
  expect(effects).toHaveLength(1);
});
