/** What the keys do on this page. */

import type { Acts } from "./desk";
import { shownTheme } from "./habits";
import type { KeyAct } from "./keyboard";
import { chosenSession, isBlurred } from "./select";
import { may, type ConsoleState } from "./state";
import { withPin } from "./wallplaces";
import { shownPictures } from "./wanted";
import { focusPart } from "./views/keys";

/** Does what a key asks for. */
export function press(act: KeyAct, state: ConsoleState, acts: Acts): void {
  const { wall } = state.preferences;
  const isOnWall = state.mode === "wall";
  const doing: Record<KeyAct, () => void> = {
    new: () => acts.newIncident(),
    wall: () => acts.setMode(isOnWall ? "session" : "wall"),
    incident: () => turnIncident(state, acts),
    search: () => acts.openSearch(),
    chat: () => focusPart(state.mode === "incident" ? "incident-input" : "chat-input"),
    help: () => acts.openDialog(state.dialog === "keys" ? null : "keys"),
    settings: () => acts.openDialog(state.dialog === "settings" ? null : "settings"),
    picture: () => turnBlur(state, acts),
    list: () => focusPart("sessions"),
    stage: () => focusPart("stage"),
    map: () => focusPart("map"),
    theme: () => acts.prefer({ theme: shownTheme(state) === "dark" ? "light" : "dark" }),
    one: () => acts.arrangeWall({ places: 1 }),
    four: () => acts.arrangeWall({ places: 4 }),
    nine: () => acts.arrangeWall({ places: 9 }),
    pin: () => pinFocused(state, acts),
    before: () => acts.arrangeWall({ page: Math.max(0, wall.page - 1) }),
    after: () => acts.arrangeWall({ page: wall.page + 1 }),
    talk: () => acts.holdToSpeak(),
    fleet: () => { if (may(state, "flight.view")) acts.openFleet(); },
  };
  doing[act]();
}

/** To the incident of the chosen session, or the one that was shown last; and back. */
function turnIncident(state: ConsoleState, acts: Acts): void {
  const incidentId = chosenSession(state)?.incident.id ?? state.incident.chosenId;
  if (state.mode === "incident") acts.setMode("session");
  else if (incidentId !== null) acts.openIncident(incidentId);
}

/** Blurs or shows the picture with the focus, else the chosen one; on the wall without a focus, blurs all at once. */
function turnBlur(state: ConsoleState, acts: Acts): void {
  const focused = focusedSession();
  if (focused !== null) {
    acts.showPicture(focused, isBlurred(state, focused));
    return;
  }
  const shown = shownPictures(state).sessions.map((session) => session.id);
  if (state.mode !== "session") for (const id of shown) acts.showPicture(id, false);
  else for (const id of shown) acts.showPicture(id, isBlurred(state, id));
}

function pinFocused(state: ConsoleState, acts: Acts): void {
  const focused = focusedSession();
  if (focused !== null && state.mode === "wall") acts.arrangeWall({ pinned: withPin(state.preferences.wall.pinned, focused) });
}

function focusedSession(): string | null {
  return document.activeElement?.closest<HTMLElement>(".tile")?.dataset.sessionId ?? null;
}
