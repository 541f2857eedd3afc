/** Every word of a person's page in one language. */

import { lobby } from "./ur/lobby";
import { recording } from "./ur/recording";
import { room } from "./ur/room";
import { words } from "./ur/words";

export const ur = { lobby, recording, room, words };
