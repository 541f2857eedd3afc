/** How a flight's picture comes into Sightline, beside what this screen presents of it: two truths, and never one for the other. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { FeedView, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { feedWay, feedWords, senderWords, type FeedWords } from "../feedwords";
import { hasEnded } from "../select";
import { clock } from "../times";
import { truthOf } from "./tile";

/** Two rows of the drone's facts while it is in the air: what arrives at Sightline, and what is presented here. */
export function feedRows(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (hasEnded(session) || session.state === "draft") return nothing;
  const truth = truthOf(desk, session);
  return html`<dt>Feed</dt><dd data-testid="feed">${feedView(desk, session.id, session.source?.id ?? "")}</dd>
    <dt>This screen</dt><dd data-testid="feed-truth">${truth.label}${truth.detail === "" ? nothing : html` <small>${truth.detail}</small>`}</dd>`;
}

/** A feed in words. What was known before the line was lost is not known now. */
export function feedView(desk: Desk, sessionId: string, aircraftId: string): TemplateResult {
  if (!desk.state.isSynced) return html`<span class="chip" role="status" data-testid="feed-state" data-state="unknown">Not known: not connected</span>`;
  const feed = desk.fleet.feedOf(sessionId, desk.now);
  const words = feedWords(feed, desk.fleet.protocolsOf(aircraftId));
  return html`<span role="status"><span class="chip ${chipOf(words)}" data-testid="feed-state" data-state=${stateOf(feed)}
      data-trouble=${feed?.trouble ?? ""}>${words.label}</span>${words.detail === "" ? nothing : html` <span data-testid="feed-detail">${words.detail}</span>`}</span>
    ${feed === undefined || feed === null ? nothing : html`<small class="quiet-text">${feedWay(feed)}, since ${clock(feed.changed_at)}</small>`}
    ${refusedSender(desk, sessionId)}`;
}

/** Somebody tries to send and may not: what is known of it nobody sees but at the controller. */
function refusedSender(desk: Desk, sessionId: string): TemplateResult {
  const refused = desk.fleet.refusalOf(sessionId, desk.now);
  return html`<span role="status" data-testid="refused-sender">${refused === null ? nothing
    : html`<b class="warning-text" data-reason=${refused.reason}>${clock(refused.at)} ${senderWords(refused.reason)}</b>`}</span>`;
}

function chipOf({ tone }: FeedWords): string {
  return tone === "plain" ? "" : `chip-${tone}`;
}

function stateOf(feed: FeedView | null | undefined): string {
  if (feed === undefined) return "unknown";
  return feed === null ? "none" : feed.state;
}
