import { describe, expect, it } from "vitest";

import { before, liveSession, NOON, sessionOf } from "./samples";
import { summaryText } from "./summarytext";

describe("the summary for command and control", () => {
  it("has no link, no code and no whole number", () => {
    const text = summaryText(liveSession("1"), 3, NOON);
    expect(text).not.toMatch(/https?:|\/i\/|\+44|\b07\d{9}\b/);
    expect(text).toContain("Caller: •••• •••123");
  });

  it("says that nothing is known as nothing", () => {
    const text = summaryText(sessionOf("1", { state: "draft", invitation: null }), null, NOON);
    expect(text).toContain("Link: not sent");
    expect(text).toContain("Consent: not given");
    expect(text).toContain("Position: none");
    expect(text).toContain("Picture: none so far");
    expect(text).not.toContain("Messages");
  });

  it("gives a position with its accuracy and age, and the times of the way", () => {
    const session = liveSession("1", { outcome: { code: "x", label: "Deployment saved", note: "" } });
    session.incident = { ...session.incident, external_reference: "CAD 1234" };
    const lines = summaryText(session, 2, NOON).split("\n");
    expect(lines[0]).toBe("Sightline: HERTS-2611-1 / CAD 1234");
    expect(lines).toContain("Position: TL 32600 12600 (51.79530, -0.07820), within 9 m, fixed 11:59:57 (3 s ago)");
    expect(lines).toContain("Link: location and live video, sent 11:59:00, opened 11:59:10");
    expect(lines).toContain("Consent: location, video, recording, 11:59:20");
    expect(lines).toContain("Picture: since 11:59:30 (30 s)");
    expect(lines).toContain("Messages: 2");
    expect(lines).toContain("Outcome: Deployment saved");
  });

  it("test_operator_copies_an_officers_session_without_link_and_consent", () => {
    const officer = liveSession("1", { kind: "officer", officer: { id: "5", name: "Tom Ashby", number: "1234" }, consent: null, invitation: null });
    const text = summaryText(officer, 0, NOON);
    expect(text).toContain("Officer: 1234 Tom Ashby");
    expect(text).not.toMatch(/Caller|Link|Consent/);
  });

  it("counts the picture of an ended session up to its end", () => {
    const ended = liveSession("1", { state: "ended", ended_at: before(10), ended_by_kind: "caller", live_at: before(100) });
    const text = summaryText(ended, 0, NOON);
    expect(text).toContain("(1 min 30 s)");
    expect(text).toContain("Stopped by the caller");
  });
});
