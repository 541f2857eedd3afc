/** Acts by REST: busy meanwhile, and a failure is said where its button is. */

import { NO_AGENCY } from "./agencydraft";
import type { LocalFields } from "./desk";
import { NO_FLEET } from "./flightdraft";
import { errorPhrase } from "./phrases";
import { ApiError } from "./rest";

/** The fields of the page before anything was done. */
export function emptyFields(): LocalFields {
  return {
    endingId: null, copied: null, enlargedId: null, overrideReasons: {}, outcomeDrafts: {}, listed: "all", handover: null, colleagues: [], declines: {}, redirects: {}, share: null, nearest: null,
    holds: {}, search: null, isSearchOpen: false, codes: {}, busy: new Set(), failures: {}, ...NO_AGENCY, ...NO_FLEET,
  };
}

/** The page's own fields, and one way to ask. */
export abstract class Asking {
  fields: LocalFields = emptyFields();

  protected abstract redraw(): void;

  local(change: Partial<LocalFields>): void {
    this.fields = { ...this.fields, ...change };
    this.redraw();
  }

  /** One act by REST; resolves with whether it went well. `phrase` says what a refusal means. */
  protected async ask(key: string, act: () => Promise<unknown>, phrase: (failure: ApiError) => string = sentence): Promise<boolean> {
    if (this.fields.busy.has(key)) return false;
    this.local({ busy: new Set([...this.fields.busy, key]) });
    this.failed(key, null);
    try {
      await act();
      return true;
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(0, "server", "");
      this.failed(key, phrase(failure));
      return false;
    } finally {
      this.local({ busy: new Set([...this.fields.busy].filter((one) => one !== key)) });
    }
  }

  protected failed(key: string, text: string | null): void {
    const failures = without(this.fields.failures, key);
    this.local({ failures: text === null ? failures : { ...failures, [key]: text } });
  }
}

/** What is not filled in right is said in the server's own words: they name it. */
function sentence({ code, message }: ApiError): string {
  return code === "invalid_input" && message !== "" ? message : errorPhrase(code, message);
}

/** A record without one key. */
export function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== key));
}
