/** Every word of a person's page in one language. */

import { lobby } from "./cy/lobby";
import { recording } from "./cy/recording";
import { room } from "./cy/room";
import { words } from "./cy/words";

export const cy = { lobby, recording, room, words };
