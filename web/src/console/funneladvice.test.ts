import { describe, expect, it } from "vitest";

import { CAMERA_FAULTS } from "../media/camera";
import { POSITION_FAULTS } from "../media/position";
import { funnelOf } from "./funnel";
import { cameraAdvice, locationAdvice, textFailureAdvice, troubleAdvice } from "./funneladvice";
import { before, liveSession, NOON, sessionOf } from "./samples";

describe("every reason for which it stops", () => {
  it.each(CAMERA_FAULTS)("camera: %s has a line to say", (fault) => {
    const step = fault === "denied" || fault === "dismissed" ? "camera_denied" : "camera_failed";
    const { why, say } = cameraAdvice(step, fault);
    expect(why).toBeTruthy();
    expect(say).toMatch(/^“.+”$/);
  });

  it("of the camera is told apart from the others", () => {
    const known = CAMERA_FAULTS.filter((fault) => fault !== "unknown").map((fault) => cameraAdvice("camera_failed", fault).why);
    expect(new Set(known).size).toBe(known.length);
  });

  it.each(POSITION_FAULTS)("location: %s has a line to say", (fault) => {
    expect(locationAdvice(fault).say).toMatch(/^“.+”$/);
  });

  it.each([
    "permanent-failure", "temporary-failure", "technical-failure", "notify_rejected", "notify_unauthorised", "notify_rate_limited", "notify_unavailable", "email_not_set_up",
  ])("delivery: %s has a line to say, by text and by e-mail", (reason) => {
    for (const channel of ["sms", "email"] as const) {
      expect(textFailureAdvice(reason, channel).say).toMatch(/^“.+”$/);
      expect(textFailureAdvice(reason, channel).why).not.toContain("_");
    }
  });

  it("of an e-mail asks for the address, not for a mobile", () => {
    expect(textFailureAdvice("permanent-failure", "email").say).toContain("e-mail address");
    expect(textFailureAdvice("something_new", "sms").why).toBe("Something new");
  });

  it.each(["link_in_use", "link_withdrawn", "link_expired", "old_link"] as const)("link: %s stops at the opening with a line", (code) => {
    const invitation = { ...sessionOf("1").invitation!, trouble: { code, at: before(1) } };
    const funnel = funnelOf(sessionOf("1", { invitation }), NOON);
    expect(funnel).toMatchObject({ isFailed: true, ...troubleAdvice(code) });
  });

  it("of a link is not said of a session that is live", () => {
    const live = liveSession("1");
    const invitation = { ...live.invitation!, trouble: { code: "link_in_use" as const, at: before(1) } };
    expect(funnelOf({ ...live, invitation }, NOON)).toMatchObject({ isFailed: false, why: null });
  });
});
