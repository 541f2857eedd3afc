/** Sharing with an outside agency while it is written, and what of it the page keeps. */

import type { AgencyKind, AgencyPurpose } from "../signalling/messages";

/** What `POST sessions/<id>/agencies/` takes. */
export interface AgencyTerms {
  kind: AgencyKind;
  agency: string;
  contact_name: string;
  contact_phone: string;
  contact_email: string;
  purpose: AgencyPurpose;
  purpose_text: string;
  minutes: number;
  most_viewers: number;
}

export type AgencyDraft = AgencyTerms;

/** A share's id and its link: a key, shown only when it is asked for. */
export interface AgencyLink {
  id: string;
  link: string;
}

/** A viewer's code to read out. */
export interface AgencyCode {
  code: string;
  expires_at: string;
}

/** The page's own fields. */
export interface AgencyFields {
  /** Which part of the dialog is shown. */
  shareTab: "force" | "agency";
  agency: AgencyDraft;
  /** Links that were asked for, by share. */
  agencyLinks: Record<string, string>;
  /** Codes that were asked for, by viewer. */
  agencyCodes: Record<string, AgencyCode>;
  /** The share whose end is being confirmed. */
  agencyEndingId: string | null;
}

/** What an operator does about agencies. */
export interface AgencyActs {
  editAgency(change: Partial<AgencyDraft>): void;
  sendAgency(): void;
  showAgencyLink(sessionId: string, shareId: string): void;
  hideAgencyLink(shareId: string): void;
  readAgencyCode(sessionId: string, shareId: string, viewerId: string): void;
  resendAgencyCode(sessionId: string, shareId: string, viewerId: string): void;
  revokeAgency(sessionId: string, shareId: string): void;
  dismissAgencyViewer(sessionId: string, shareId: string, viewerId: string): void;
}

export const EMPTY_AGENCY: AgencyDraft = {
  kind: "ambulance", agency: "", contact_name: "", contact_phone: "", contact_email: "", purpose: "medical", purpose_text: "", minutes: 60, most_viewers: 1,
};

export const NO_AGENCY: AgencyFields = { shareTab: "force", agency: EMPTY_AGENCY, agencyLinks: {}, agencyCodes: {}, agencyEndingId: null };

export const KINDS: Readonly<Record<AgencyKind, string>> = {
  ambulance: "Ambulance service", fire: "Fire and rescue service", coastguard: "Coastguard", local_authority: "Local authority", other: "Another agency",
};

export const PURPOSES: Readonly<Record<AgencyPurpose, string>> = {
  medical: "Medical help at the scene",
  fire_rescue: "Fire or rescue at the scene",
  search: "Search for a missing or endangered person",
  public_safety: "Danger to the public",
  joint_response: "Joint response to a major incident",
  other: "Something else",
};

/** What is missing before it can be shared; null for nothing. The server checks it all again. */
export function missingOf({ agency, contact_name, contact_phone, purpose, purpose_text }: AgencyDraft): string | null {
  if (agency.trim().length < 2) return "Name the agency.";
  if (contact_name.trim().length < 2) return "Name the contact.";
  if (contact_phone.trim() === "") return "Codes go to the contact’s mobile number.";
  return purpose === "other" && purpose_text.trim().length < 5 ? "Say what it is shared for." : null;
}
