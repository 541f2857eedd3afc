/** Beside the list: the wall, a whole incident, what another force shares, or one session. */

import type { Desk } from "../desk";
import { detailsView } from "./details";
import { incidentPageView } from "./incident";
import { sharedDetailsView, sharedStageView } from "./shared";
import { stageView } from "./stage";
import { wallView } from "./wall";

/** What the mode asks for. */
export function middleView(desk: Desk): unknown {
  if (desk.state.mode === "wall") return wallView(desk);
  if (desk.state.mode === "incident") return incidentPageView(desk);
  if (desk.state.shared.chosenId !== null) return [sharedStageView(desk), sharedDetailsView(desk)];
  return [stageView(desk), detailsView(desk)];
}
