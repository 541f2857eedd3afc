import { expect, it } from "vitest";
import type { DutyFix } from "../signalling/messages";
import { dutyWords, TOO_OLD_MS, type DutyFacts } from "./dutywords";

const NOW = 1_790_000_000_000;

function ago(ms: number): DutyFix {
  return { latitude: 51.79, longitude: -0.08, accuracy_m: 8.4, fixed_at: NOW - ms };
}

function words(facts: Partial<DutyFacts>): ReturnType<typeof dutyWords> {
  return dutyWords({ isOnLine: true, fault: null, seen: ago(1_000), kept: ago(4_000), isDoubtful: false, waiting: 0, oldest: null, now: NOW, ...facts });
}

it("says that the control room sees where the officer is only of a fix that it has, on a line that stands", () => {
  expect(words({})).toMatchObject({ tone: "seen", headline: "On duty: the control room sees where you are", sent: "Last sent: 4 s ago, ±8 m", waiting: "" });
  for (const facts of [{ kept: null }, { kept: ago(TOO_OLD_MS + 1) }, { isOnLine: false }]) {
    expect(words(facts).tone).not.toBe("seen");
    expect(words(facts).headline).not.toMatch(/sees where you are$/);
  }
});

it("says what is not sent yet, but nothing of the one that is on its way", () => {
  expect(words({ waiting: 1, oldest: ago(300) }).waiting).toBe("");
  expect(words({ waiting: 14, oldest: ago(200_000), isOnLine: false }).waiting).toBe("Not sent yet: 14 positions, oldest 3 min ago");
});

it("says of each trouble what to do", () => {
  expect(words({ fault: "denied", kept: null })).toMatchObject({ tone: "unseen", canRetry: true });
  expect(words({ fault: "denied", kept: null }).advice).toMatch(/settings/);
  expect(words({ fault: "timeout", kept: null }).advice).toMatch(/outside/);
  expect(words({ isOnLine: false }).advice).toMatch(/radio/);
  expect(words({ seen: ago(TOO_OLD_MS + 1), kept: ago(TOO_OLD_MS + 1) })).toMatchObject({ canRetry: true, headline: "On duty, but your last position is too old" });
  expect(words({ seen: null, kept: null }).headline).toBe("On duty: looking for your position");
});

it("never says that an officer is seen by a position that is not believed", () => {
  expect(words({ isDoubtful: true })).toMatchObject({ tone: "unsure", headline: "On duty, but your position is doubtful" });
  expect(words({ isDoubtful: true, isOnLine: false }).tone).not.toBe("seen");
});

it("keeps quiet about trouble while the control room has a fresh fix", () => {
  expect(words({ fault: "timeout" })).toMatchObject({ tone: "seen", canRetry: false, advice: "" });
});
