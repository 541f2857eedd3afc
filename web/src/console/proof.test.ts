import { afterEach, describe, expect, it, vi } from "vitest";

import { ProofDialog } from "./proof";
import { ApiError, Rest } from "./rest";

const STEP_UP = { code: "step_up_required", message: "Prove it.", details: { proof_url: "/account/proof/" } };

function answering(...answers: [number, unknown][]): { rest: Rest; asked: string[] } {
  const asked: string[] = [];
  const rest = new Rest((path) => {
    if (typeof path === "string") asked.push(path);
    const [status, body] = answers.shift() ?? [500, {}];
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  });
  return { rest, asked };
}

function shown(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("[data-testid=proof-dialog]");
}

async function type(text: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>("[data-testid=proof]");
  if (input === null) throw new Error("no field");
  input.value = text;
  document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.waitFor(() => expect(document.querySelector("[data-testid=proof-submit][disabled]")).toBeNull());
}

describe("an act that asks for a fresh proof", () => {
  afterEach(() => document.body.replaceChildren());

  it("fails and is not repeated when the person turns back", async () => {
    const { rest, asked } = answering([403, STEP_UP]);
    rest.prover = () => Promise.resolve(false);
    await expect(rest.overrideRisk("1", "why")).rejects.toMatchObject({ code: "step_up_required" });
    expect(asked).toHaveLength(1);
  });

  it("is not repeated for another refusal", async () => {
    const { rest } = answering([403, { code: "not_permitted", message: "No." }]);
    rest.prover = vi.fn(() => Promise.resolve(true));
    await expect(rest.overrideRisk("1", "why")).rejects.toMatchObject({ code: "not_permitted" });
    expect(rest.prover).not.toHaveBeenCalled();
  });

  it("is repeated once the proof was given", async () => {
    const { rest, asked } = answering([403, STEP_UP], [204, null], [200, { outcome: "overridden" }]);
    rest.prover = async () => (await rest.giveProof("secret"), true);
    await expect(rest.overrideRisk("1", "why")).resolves.toEqual({ outcome: "overridden" });
    expect(asked).toEqual(["/api/v1/sessions/1/override/", "/api/v1/me/proof/", "/api/v1/sessions/1/override/"]);
  });
});

describe("the dialog", () => {
  afterEach(() => document.body.replaceChildren());

  it("stays with the reason after a wrong proof, and closes without a trace after a right one", async () => {
    const give = vi.fn((proof: string) => (proof === "right" ? Promise.resolve() : Promise.reject(new ApiError(403, "wrong_proof", ""))));
    const dialog = new ProofDialog(give);
    const asked = dialog.ask();
    await type("wrong");
    expect(shown()?.textContent).toContain("neither your password nor a right code");
    await type("right");
    await expect(asked).resolves.toBe(true);
    expect(shown()).toBeNull();
    const again = dialog.ask();
    expect(document.querySelector<HTMLInputElement>("[data-testid=proof]")?.value).toBe("");
    expect(shown()?.textContent).not.toContain("neither");
    document.querySelector<HTMLElement>("[data-testid=proof-cancel]")?.click();
    await expect(again).resolves.toBe(false);
    expect(give).toHaveBeenCalledTimes(2);
  });

  it("is one for acts that ask at the same time", async () => {
    const dialog = new ProofDialog(() => Promise.resolve());
    const both = Promise.all([dialog.ask(), dialog.ask()]);
    expect(document.querySelectorAll("dialog")).toHaveLength(1);
    await type("right");
    await expect(both).resolves.toEqual([true, true]);
  });

  it("asks for nothing when nothing was typed", async () => {
    const give = vi.fn(() => Promise.resolve());
    void new ProofDialog(give).ask();
    await type("");
    expect(give).not.toHaveBeenCalled();
  });
});
