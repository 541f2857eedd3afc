/** What an operator does to share a picture with an outside agency: by REST what is a key, by the socket its end. */

import { EMPTY_AGENCY, type AgencyActs, type AgencyDraft } from "./agencydraft";
import { AgencyRest } from "./agencyrest";
import { without } from "./asking";
import { SharingActs } from "./shareacts";

/** The acts of sharing with an agency. */
export class AgencySharingActs extends SharingActs implements AgencyActs {
  private readonly agencies = new AgencyRest(this.parts.rest);

  editAgency(change: Partial<AgencyDraft>): void {
    this.local({ agency: { ...this.fields.agency, ...change } });
  }

  sendAgency(): void {
    const { share, agency } = this.fields;
    if (share === null) return;
    void this.ask("agency", async () => {
      const { id, link } = await this.agencies.share(share.sessionId, agency);
      this.local({ agency: EMPTY_AGENCY, agencyLinks: { ...this.fields.agencyLinks, [id]: link } });
    });
  }

  showAgencyLink(sessionId: string, shareId: string): void {
    void this.ask(`agency:${shareId}`, async () => {
      const { link } = await this.agencies.link(sessionId, shareId);
      this.local({ agencyLinks: { ...this.fields.agencyLinks, [shareId]: link } });
    });
  }

  hideAgencyLink(shareId: string): void {
    this.local({ agencyLinks: without(this.fields.agencyLinks, shareId) });
  }

  readAgencyCode(sessionId: string, shareId: string, viewerId: string): void {
    void this.ask(`agency:${shareId}`, async () => {
      const code = await this.agencies.code(sessionId, shareId, viewerId);
      this.local({ agencyCodes: { ...this.fields.agencyCodes, [viewerId]: code } });
    });
  }

  resendAgencyCode(sessionId: string, shareId: string, viewerId: string): void {
    this.local({ agencyCodes: without(this.fields.agencyCodes, viewerId) });
    void this.ask(`agency:${shareId}`, () => this.agencies.resendCode(sessionId, shareId, viewerId));
  }

  dismissAgencyViewer(sessionId: string, shareId: string, viewerId: string): void {
    const wasSent = this.parts.link.send({ type: "agency.dismiss", session_id: sessionId, agency_id: shareId, viewer_id: viewerId });
    this.local({ agencyEndingId: null, agencyCodes: without(this.fields.agencyCodes, viewerId) });
    this.failed(`agency:${shareId}`, wasSent ? null : "Not connected: nothing was ended.");
  }

  revokeAgency(sessionId: string, shareId: string): void {
    const wasSent = this.parts.link.send({ type: "agency.revoke", session_id: sessionId, agency_id: shareId });
    this.local({ agencyEndingId: null, agencyLinks: without(this.fields.agencyLinks, shareId) });
    this.failed(`agency:${shareId}`, wasSent ? null : "Not connected: it is shared still.");
  }
}
