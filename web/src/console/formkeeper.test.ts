import { describe, expect, it } from "vitest";

import type { Fetching } from "./fetching";
import { FormKeeper } from "./formkeeper";
import { answered, type IncidentForm, typed, withQuestions } from "./incidentform";
import { type RiskQuestion, Rest } from "./rest";

const QUESTIONS: RiskQuestion[] = ["first", "second"].map((code) => ({
  code, text: code, help_text: "", refusing_answer: "no", advice: "",
}));

/** A keeper whose questions arrive when the test says so. */
function keeper(): { forms: FormKeeper; arrive: () => void } {
  const waiting: ((change: (form: IncidentForm) => IncidentForm) => void)[] = [];
  const fetching = {
    fetched: { incidentTypes: [{ code: "other", label: "Other" }] },
    questions: (_form: IncidentForm, tell: (change: (form: IncidentForm) => IncidentForm) => void) => waiting.push(tell),
  };
  const forms = new FormKeeper(new Rest(), fetching as unknown as Fetching, () => undefined);
  forms.openNew();
  return { forms, arrive: () => waiting.splice(0).forEach((tell) => tell((form) => withQuestions(form, QUESTIONS))) };
}

describe("the form of a new link", () => {
  it("keeps questions that arrive while the operator types on an older screen", () => {
    const { forms, arrive } = keeper();
    forms.edit((now) => typed(now, { typeCode: "other" }));
    expect(forms.form?.questionsState).toBe("loading");
    arrive();
    forms.edit((now) => typed(now, { description: "a wall fell" }));
    expect(forms.form).toMatchObject({ questionsState: "ready", description: "a wall fell", typeCode: "other" });
  });

  it("keeps both of two answers given before the screen is drawn again", () => {
    const { forms, arrive } = keeper();
    forms.edit((now) => typed(now, { typeCode: "other" }));
    arrive();
    forms.edit((now) => answered(now, "first", "yes"));
    forms.edit((now) => answered(now, "second", "no"));
    expect(forms.form?.answers).toEqual({ first: "yes", second: "no" });
  });
});
