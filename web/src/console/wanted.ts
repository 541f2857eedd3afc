/** Which streams this page watches, and which layer of them. Pure. */

import type { Layer, SessionSummary } from "../signalling/messages";
import { incidentPictures } from "./incidentstate";
import { chosenSession } from "./select";
import { chosenShared } from "./sharedstate";
import { may, type ConsoleState } from "./state";
import { wallPage, wallTileSize, type TileSize } from "./wallplaces";

/** A stream of a session, and which layer of it. */
export interface WantedStream {
  sessionId: string;
  streamId: string;
  layer: Layer;
  /** Another force's, which shares it: `sessionId` is the share's. */
  isShared?: boolean;
}

/** What is fetched of a picture that is shown in this size: small ones on the wall spare this desk's line. */
const LAYERS: Record<TileSize, Layer> = { large: "high", medium: "middle", small: "low" };

/** Sessions whose pictures are on the screen, all of one size. */
export function shownPictures(state: ConsoleState): { sessions: SessionSummary[]; size: TileSize } {
  if (state.mode === "wall") {
    const { shown } = wallPage(state.sessions, state.preferences.wall, state.me.name);
    return { sessions: shown, size: wallTileSize(shown.length) };
  }
  if (state.mode === "incident") {
    const { shown } = incidentPictures(state);
    return { sessions: shown, size: wallTileSize(shown.length) };
  }
  const chosen = chosenSession(state);
  return { sessions: chosen === null ? [] : [chosen], size: "large" };
}

/**
 * Streams that this page should be watching: of the chosen session, or of this page of the wall. Watching is recorded.
 *
 * One whose phone is still connecting is asked for, too, so that its very first picture is seen here.
 */
export function wantedStreams(state: ConsoleState): WantedStream[] {
  if (!may(state, "stream.watch")) return [];
  const shared = wantedShared(state);
  if (shared !== null) return [shared];
  const { sessions, size } = shownPictures(state);
  return sessions.flatMap((session) => {
    const streamId = wantedStream(session, state.comingStreams[session.id]);
    return streamId === null ? [] : [{ sessionId: session.id, streamId, layer: LAYERS[size] }];
  });
}

/** The picture that another force shows, while it does. */
function wantedShared(state: ConsoleState): WantedStream | null {
  const shared = state.mode === "session" ? chosenShared(state.shared) : null;
  if (shared?.end !== null || shared.stream === null || shared.stream.state === "ended") return null;
  return { sessionId: shared.id, streamId: shared.stream.id, layer: "high", isShared: true };
}

function wantedStream({ stream }: SessionSummary, coming: string | undefined): string | null {
  if (stream !== null && stream.state !== "ended") return stream.id;
  return coming === undefined || coming === stream?.id ? null : coming;
}
