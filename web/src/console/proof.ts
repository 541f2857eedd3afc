/** Asks who sits here for password or code, when the server wants a fresh proof before an act of weight. */

import { html, nothing, render, type TemplateResult } from "lit-html";

import { errorPhrase } from "./phrases";
import { ApiError } from "./rest";

/** Sends what was typed to the server; rejects with an `ApiError` when it is not right. */
export type GiveProof = (proof: string) => Promise<unknown>;

/** One dialog over whatever is open. Acts that ask at the same time share one question. */
export class ProofDialog {
  private readonly dialog = document.createElement("dialog");
  private asked: Promise<boolean> | null = null;
  private answer: (isProved: boolean) => void = () => undefined;
  private isBusy = false;
  private failure = "";

  constructor(private readonly give: GiveProof) {
    this.dialog.className = "sheet proof";
    this.dialog.setAttribute("aria-labelledby", "proof-title");
    this.dialog.dataset.testid = "proof-dialog";
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close(false);
    });
  }

  /** Resolves with whether a proof was given; false when the person turned back. */
  ask(): Promise<boolean> {
    this.asked ??= new Promise((resolve) => {
      this.answer = resolve;
      this.failure = "";
      document.body.append(this.dialog);
      this.draw();
      this.dialog.showModal();
      this.dialog.querySelector("input")?.focus();
    });
    return this.asked;
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const input = this.dialog.querySelector("input");
    const proof = input?.value ?? "";
    if (input === null || proof === "" || this.isBusy) return;
    this.isBusy = true;
    this.draw();
    try {
      await this.give(proof);
      this.close(true);
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(0, "server", "");
      this.failure = errorPhrase(failure.code, failure.message);
      input.select();
    } finally {
      this.isBusy = false;
      this.draw();
    }
  }

  private close(isProved: boolean): void {
    const { answer } = this;
    this.asked = null;
    this.dialog.close();
    render(nothing, this.dialog); // what was typed does not stay in the page
    this.dialog.remove();
    answer(isProved);
  }

  private draw(): void {
    if (this.dialog.isConnected) render(this.view(), this.dialog);
  }

  private view(): TemplateResult {
    return html`<form class="proof-form" novalidate @submit=${(event: Event) => void this.submit(event)}>
      <h2 id="proof-title">Show that it is you</h2>
      <p>This asks for your password or a code from your authenticator app. What you typed before is kept.</p>
      <label class="field"><span>Password or code</span>
        <input type="password" name="proof" autocomplete="current-password" maxlength="4096" data-testid="proof"
          aria-invalid=${this.failure === "" ? "false" : "true"} aria-describedby="proof-failure"></label>
      <p class="failure" id="proof-failure" role="alert">${this.failure}</p>
      <div class="proof-buttons">
        <button type="button" class="button" data-testid="proof-cancel" @click=${() => this.close(false)}>Cancel</button>
        <button type="submit" class="button primary" data-testid="proof-submit" ?disabled=${this.isBusy}>${this.isBusy ? "Checking…" : "Go on"}</button>
      </div>
    </form>`;
  }
}
