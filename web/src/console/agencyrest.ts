/** The REST doors of what is shared with an outside agency. Each look at a link or a code is audited. */

import type { AgencyCode, AgencyLink, AgencyTerms } from "./agencydraft";
import type { Rest } from "./rest";

/** Calls about agencies. */
export class AgencyRest {
  constructor(private readonly rest: Pick<Rest, "call">) {}

  share(sessionId: string, terms: AgencyTerms): Promise<AgencyLink> {
    return this.rest.call("POST", `sessions/${sessionId}/agencies/`, terms);
  }

  link(sessionId: string, shareId: string): Promise<AgencyLink> {
    return this.rest.call("GET", `sessions/${sessionId}/agencies/${shareId}/link/`, null);
  }

  code(sessionId: string, shareId: string, viewerId: string): Promise<AgencyCode> {
    return this.rest.call("PUT", codePath(sessionId, shareId, viewerId), {});
  }

  resendCode(sessionId: string, shareId: string, viewerId: string): Promise<unknown> {
    return this.rest.call("POST", codePath(sessionId, shareId, viewerId), {});
  }
}

function codePath(sessionId: string, shareId: string, viewerId: string): string {
  return `sessions/${sessionId}/agencies/${shareId}/viewers/${viewerId}/code/`;
}
