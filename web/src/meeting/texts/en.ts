/** Every word of a person's page in one language. */

import { lobby } from "./en/lobby";
import { recording } from "./en/recording";
import { room } from "./en/room";
import { words } from "./en/words";

export const en = { lobby, recording, room, words };
