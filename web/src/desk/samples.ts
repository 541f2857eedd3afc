/** Consultations for tests of the officers' pages. */

import { room } from "../room/samples";
import type { BoardRow, ConsultationView, DeskMe, DeskSnapshot, ParticipantLine, WaitingView } from "../signalling/deskmessages";

export function row(id: string, more: Partial<BoardRow> = {}): BoardRow {
  return {
    id, revision: 1, incident: { id: "i1", reference: "HERTS-20261128-0001" }, purpose: "report", starts_at: "2026-11-28T14:30:00.000Z", length_min: 30, team: "",
    state: "planned", taken_by: null, roles: ["victim"], languages: ["en"], waiting: 0, longest_since: null, inside: 0, is_late: false, nobody_leads_since: null, is_risk_late: false, recording: "off",
    has_signal: false, moves: 0, ...more,
  };
}

export function waits(id: string, more: Partial<WaitingView> = {}): WaitingView {
  return {
    id, admission: 0, name: `Person ${id}`, role: "victim", language: "en", state: "waiting", waiting_since: "2026-11-28T14:00:00.000Z", position: 1, alone: "yes",
    check: null, is_private: false, signal_at: null, is_here: true, told: null, ...more,
  };
}

export function line(id: string, more: Partial<ParticipantLine> = {}): ParticipantLine {
  return {
    id, role: "victim", side: "public", name: `Person ${id}`, shown_name: "", state: "invited", admission: 0, language: "en", safe_mode: false, contact: "•••• 123",
    user_id: null, link_opened_at: null, message: null, ...more,
  };
}

export function consultation(more: Partial<ConsultationView> = {}): ConsultationView {
  return {
    id: "s1", incident: { id: "i1", reference: "HERTS-20261128-0001" }, purpose: "report", purpose_note: "", starts_at: "2026-11-28T14:30:00.000Z", length_min: 30,
    team: "", state: "open", taken_by: { id: "7", name: "PC Ade" }, is_locked: false, recording: { state: "off", round: 0, part: null, wish: false, answers: [] },
    risk: { outcome: "clear", due_at: null, is_overdue: false, asked_at: null, refusals: [] }, caution: null, participants: [], counts: { inside: 1, waiting: 0, invited: 1 },
    moves: [], outcome: null, nobody_leads_since: null, revision: 1, ...more,
  };
}

export const LEADER: DeskMe = { participant_id: "o", state: "admitted", is_leader: true, may_take: true, may_oversee: false, is_other_unit: false };

export function snapshot(more: Partial<DeskSnapshot> = {}): DeskSnapshot {
  return {
    type: "desk.snapshot", consultation: consultation(), me: LEADER, waiting: [], room: room([]), messages: [], uploads: [], signals: [],
    ice_servers: null, seqs: {}, ...more,
  };
}
