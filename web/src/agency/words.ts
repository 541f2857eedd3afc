/** The words of an outside agency's live page. English only: a translation is another table with the same names. */

import type { AgencyEnd, AgencyViewerEnd } from "../signalling/agencyshapes";

export const WORDS = {
  title: "Live picture",
  from: (force: string): string => `Shared by ${force}`,
  connecting: "Connecting…",
  connected: "Connected",
  lineLost: "Connection lost. Trying again…",
  reference: "Incident",
  purpose: "Shown for",
  agency: "Shown to",
  viewer: "You are",
  ends: "Ends at",
  timeLeft: "Time left",
  grid: "Grid",
  latLon: "Lat, lon",
  accuracy: "Accuracy",
  fixAge: "Age",
  now: "now",
  ago: (age: string): string => `${age} ago`,
  noPosition: "No position yet",
  offGrid: "outside Great Britain",
  map: "Map of the position",
  mapFailed: "The map could not be loaded. The grid reference stands above.",
  logged: "Viewing is logged: your name, the time and how long. Do not record or photograph the picture.",
  fullScreen: "Full screen",
  play: "Play the picture",
  leave: "Stop watching",
  leaveHint: "Gives your place up. To watch again, open the link and enter a new code.",
  picture: "Live picture with your name over it",
  shareId: (id: string): string => `Ref ${id}`,
} as const;

/** Why the page shows nothing any more. */
export const ENDS: Readonly<Record<AgencyEnd | AgencyViewerEnd, { title: string; detail: string }>> = {
  revoked: { title: "Sharing has ended", detail: "The police control room has ended it." },
  expired: { title: "Sharing has ended", detail: "Its time is over. Ask the police control room if you still need the picture." },
  session_over: { title: "Sharing has ended", detail: "The police have ended this session." },
  no_consent: { title: "Sharing has ended", detail: "The person who filmed has taken their consent back." },
  dismissed: { title: "You watch no longer", detail: "The police control room has ended it for you." },
  displaced: { title: "Your place was taken", detail: "This page was not heard for two minutes. To watch again, open the link that you were given." },
  left: { title: "You have stopped watching", detail: "To watch again, open the link that you were given." },
};

/** What a refusal of the line itself means. */
export const REFUSED = {
  elsewhere: { title: "Open in another window", detail: "The picture is shown in another window of this browser." },
  showHere: "Show it here",
  notLetIn: { title: "This page cannot be used", detail: "Open the link that you were given again, and enter the code." },
} as const;
