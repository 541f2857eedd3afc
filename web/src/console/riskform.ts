/** The risk assessment while it is answered, whatever it stands before: a caller's link, or a flight. Pure. */

import type { RiskRefusal } from "../signalling/messages";
import type { Answers, RiskQuestion } from "./rest";

/** The part of a form that is about the risk. */
export interface RiskForm {
  answers: Answers;
  overrideReason: string;
  questions: readonly RiskQuestion[];
  /** loading: the questions are being fetched. failed: they could not be. */
  questionsState: "none" | "loading" | "ready" | "failed";
  riskIsAnswered: boolean;
  isOverridden: boolean;
  /** Refusals as the server said them. */
  refusals: readonly RiskRefusal[];
  fieldErrors: { overrideReason?: string };
  error: string | null;
}

/** The form before anything was asked. */
export function unaskedRisk(): RiskForm {
  return {
    answers: {}, overrideReason: "", questions: [], questionsState: "none", riskIsAnswered: false, isOverridden: false, refusals: [], fieldErrors: {}, error: null,
  };
}

/** The form of a session, with what was decided there. */
export function decidedRisk(risk: { outcome: string; refusals: readonly RiskRefusal[] } | null): RiskForm {
  return {
    ...unaskedRisk(), riskIsAnswered: risk !== null, isOverridden: risk?.outcome === "overridden",
    refusals: risk?.outcome === "refused" ? risk.refusals : [],
  };
}

/** The form with some fields typed anew; their errors go. */
export function typed<F extends RiskForm>(form: F, fields: Partial<NoInfer<F>>): F {
  const fieldErrors = Object.fromEntries(Object.entries(form.fieldErrors).filter(([name]) => !(name in fields)));
  return { ...form, ...fields, fieldErrors, error: null };
}

/** The form with an answer. What the server said of earlier answers no longer holds. */
export function answered<F extends RiskForm>(form: F, code: string, answer: "yes" | "no"): F {
  return { ...form, answers: { ...form.answers, [code]: answer }, riskIsAnswered: false, isOverridden: false, refusals: [], error: null };
}

/** The form with its answers to be given again. */
export function askedAnew<F extends RiskForm>(form: F): F {
  return { ...form, riskIsAnswered: false, isOverridden: false, refusals: [] };
}

/** The form with the questions that are asked today; answers to questions that are asked no more are dropped. */
export function withQuestions<F extends RiskForm>(form: F, questions: readonly RiskQuestion[]): F {
  const codes = new Set(questions.map((question) => question.code));
  const answers = Object.fromEntries(Object.entries(form.answers).filter(([code]) => codes.has(code)));
  return { ...form, questions, answers, questionsState: "ready" };
}

/** Questions without an answer. */
export function openQuestions({ questions, answers }: RiskForm): readonly RiskQuestion[] {
  return questions.filter((question) => answers[question.code] === undefined);
}

/** Whether an answer speaks against it. */
export function isRefusing(form: RiskForm, question: RiskQuestion): boolean {
  return form.answers[question.code] === question.refusing_answer;
}

/** What speaks against it: the server's word where there is one, else the answers as they stand. */
export function refusalsOf(form: RiskForm): readonly RiskRefusal[] {
  if (form.isOverridden) return [];
  if (form.riskIsAnswered) return form.refusals;
  return form.questions
    .filter((question) => isRefusing(form, question))
    .map(({ code, text, advice }) => ({ code, text, advice }));
}

/** What of the assessment still has to be done; empty when nothing has. */
export function missingRisk(form: RiskForm, mayOverride: boolean): string[] {
  if (form.isOverridden) return [];
  if (!form.riskIsAnswered) {
    if (form.questionsState !== "ready") return ["wait for the risk questions"];
    const open = openQuestions(form).length;
    if (open > 0) return [open === 1 ? "answer 1 more risk question" : `answer ${open} more risk questions`];
  }
  if (refusalsOf(form).length === 0) return [];
  if (!mayOverride) return ["a supervisor must override the risk assessment"];
  return form.overrideReason.trim() === "" ? ["give the reason for the override"] : [];
}
