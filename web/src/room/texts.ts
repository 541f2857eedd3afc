/** The words that a room is shown with: a person's page has them in its own language, an officer's in English. */

import type { RecordingTexts } from "../meeting/texts/en/recording";
import type { RoomTexts } from "../meeting/texts/en/room";
import type { WordsTexts } from "../meeting/texts/en/words";

export interface CallTexts {
  room: RoomTexts;
  recording: RecordingTexts;
  words: WordsTexts;
}
