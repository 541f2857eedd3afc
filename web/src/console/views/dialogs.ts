/** Every dialog of the console; at most one of them is on the screen. */

import type { Desk } from "../desk";
import { fleetView } from "./fleet";
import { enlargedView } from "./gallery";
import { handoverDialog } from "./handover";
import { keysView } from "./keys";
import { newIncidentView } from "./newincident";
import { planFlightView } from "./planflight";
import { searchView } from "./search";
import { settingsView } from "./settings";
import { shareDialog } from "./share";

/** Those that are open. */
export function dialogsView(desk: Desk): unknown[] {
  return [
    newIncidentView(desk), planFlightView(desk), enlargedView(desk), handoverDialog(desk), shareDialog(desk), searchView(desk), fleetView(desk), keysView(desk),
    settingsView(desk),
  ];
}
