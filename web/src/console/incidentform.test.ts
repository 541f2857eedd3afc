import { describe, expect, it, vi } from "vitest";

import { answered, canKeepRefused, emptyForm, formForSession, missing, refusalsOf, typed, withFailure, withQuestions, type IncidentForm } from "./incidentform";
import { ApiError, errorOf, Rest, type RiskQuestion } from "./rest";
import { sessionOf } from "./samples";
import { sendLink } from "./sending";

const SAFE: RiskQuestion = { code: "safe", text: "Is it safe?", help_text: "", refusing_answer: "no", advice: "Stay on the line." };
const FILM: RiskQuestion = { code: "film", text: "Is filming a risk?", help_text: "", refusing_answer: "yes", advice: "Location only." };

function readyForm(): IncidentForm {
  const form = withQuestions(typed(emptyForm(), { typeCode: "rtc", phone: "07700 900123", description: "two cars" }), [SAFE, FILM]);
  return answered(answered(form, "safe", "yes"), "film", "no");
}

describe("what is missing", () => {
  it("is said in the order of the form", () => {
    expect(missing(emptyForm(), false)).toEqual(["choose the type of incident", "enter the mobile number"]);
    expect(missing(withQuestions(typed(emptyForm(), { typeCode: "rtc", phone: "1" }), [SAFE, FILM]), false)).toEqual(["answer 2 more risk questions"]);
    expect(missing(readyForm(), false)).toEqual([]);
  });

  it("a refusing answer blocks an operator, and asks a supervisor for a reason", () => {
    const refused = answered(readyForm(), "film", "yes");
    expect(refusalsOf(refused)).toEqual([{ code: "film", text: "Is filming a risk?", advice: "Location only." }]);
    expect(missing(refused, false)).toEqual(["a supervisor must override the risk assessment"]);
    expect(missing(refused, true)).toEqual(["give the reason for the override"]);
    expect(missing(typed(refused, { overrideReason: "  " }), true)).toHaveLength(1);
    expect(missing(typed(refused, { overrideReason: "Life at risk" }), true)).toEqual([]);
    expect([canKeepRefused(refused, false), canKeepRefused(refused, true), canKeepRefused(readyForm(), false)]).toEqual([true, false, false]);
  });

  it("drops answers to questions that are no longer asked", () => {
    expect(withQuestions(readyForm(), [SAFE]).answers).toEqual({ safe: "yes" });
  });
});

describe("a failure", () => {
  it("stands at its field and touches nothing that was typed", () => {
    const failed = withFailure(readyForm(), new ApiError(400, "phone_number_invalid", "Check the digits."));
    expect(failed.fieldErrors).toEqual({ phone: "Check the digits." });
    expect([failed.phone, failed.description, failed.answers]).toEqual(["07700 900123", "two cars", { safe: "yes", film: "no" }]);
    expect(typed(failed, { phone: "07700 900124" }).fieldErrors).toEqual({});
  });

  it("finds fields in the details of an invalid input", () => {
    const failed = withFailure(readyForm(), errorOf(400, { code: "invalid_input", message: "", details: { external_reference: ["Too long."] } }));
    expect(failed.fieldErrors).toEqual({ externalReference: "Too long." });
  });

  it("is said in plain words otherwise", () => {
    expect(withFailure(readyForm(), new ApiError(0, "network", "")).error).toContain("nothing typed here is lost");
    expect(withFailure(readyForm(), errorOf(502, null)).error).toContain("fault");
  });
});

/** Doors that answer from a list of [path, status, body] and remember what was asked. */
function doors(...answers: [string, number, unknown][]): { rest: Rest; asked: string[] } {
  const asked: string[] = [];
  const fetcher = vi.fn((input: string | URL | Request) => {
    const path = (input as string).replace("/api/v1/", "");
    asked.push(path);
    const next = answers.shift();
    if (next?.[0] !== path) throw new Error(`unexpected ${path}`);
    return Promise.resolve(Response.json(next[2], { status: next[1] }));
  });
  return { rest: new Rest(fetcher), asked };
}

const INCIDENT: [string, number, unknown] = ["incidents/", 201, { id: "i1", reference: "HERTS-1" }];
const SESSION: [string, number, unknown] = ["sessions/", 201, sessionOf("1")];

describe("sending", () => {
  it("walks all steps in their order", async () => {
    const { rest, asked } = doors(INCIDENT, SESSION, ["sessions/1/risk/", 200, { outcome: "clear", refusals: [] }], ["sessions/1/invitation/", 201, {}]);
    expect(await sendLink(rest, readyForm(), "send", () => undefined)).toBe("1");
    expect(asked).toHaveLength(4);
  });

  it("opens the incident once, however often the number is wrong", async () => {
    const { rest, asked } = doors(INCIDENT, ["sessions/", 400, { code: "phone_number_invalid", message: "No." }], SESSION,
      ["sessions/1/risk/", 200, { outcome: "clear", refusals: [] }], ["sessions/1/invitation/", 201, {}]);
    let form = readyForm();
    expect(await sendLink(rest, form, "send", (now) => (form = now))).toBeNull();
    expect(form.fieldErrors.phone).toBe("No.");
    expect(await sendLink(rest, typed(form, { phone: "07700 900999" }), "send", () => undefined)).toBe("1");
    expect(asked.filter((path) => path === "incidents/")).toHaveLength(1);
  });

  it("does not send what the server refuses, though the page saw nothing against it", async () => {
    const refusals = [{ code: "safe", text: "Is it safe?", advice: "Stay on the line." }];
    const { rest, asked } = doors(INCIDENT, SESSION, ["sessions/1/risk/", 200, { outcome: "refused", refusals }]);
    let form = readyForm();
    expect(await sendLink(rest, form, "send", (now) => (form = now))).toBeNull();
    expect(asked).not.toContain("sessions/1/invitation/");
    expect(refusalsOf(form)).toEqual(refusals);
  });

  it("keeps a refused assessment for a supervisor without sending", async () => {
    const { rest, asked } = doors(INCIDENT, SESSION, ["sessions/1/risk/", 200, { outcome: "refused", refusals: [{ code: "film", text: "", advice: "" }] }]);
    expect(await sendLink(rest, answered(readyForm(), "film", "yes"), "keep", () => undefined)).toBe("1");
    expect(asked).not.toContain("sessions/1/invitation/");
  });

  it("overrides with the reason, then sends", async () => {
    const { rest, asked } = doors(INCIDENT, SESSION, ["sessions/1/risk/", 200, { outcome: "refused", refusals: [{ code: "film", text: "", advice: "" }] }],
      ["sessions/1/override/", 200, {}], ["sessions/1/invitation/", 201, {}]);
    const form = typed(answered(readyForm(), "film", "yes"), { overrideReason: "Life at risk" });
    expect(await sendLink(rest, form, "send", () => undefined)).toBe("1");
    expect(asked.slice(-2)).toEqual(["sessions/1/override/", "sessions/1/invitation/"]);
  });

  it("goes on with a session whose risk was answered before", async () => {
    const { rest } = doors(["sessions/1/invitation/", 201, {}]);
    expect(await sendLink(rest, formForSession(sessionOf("1")), "send", () => undefined)).toBe("1");
  });
});
