/** What a screen is: built once for its step, then brought up to date. */

import type { BrowserFamily } from "../browser";
import type { SharingEvent, SharingModel, Step } from "../../sharing/model";
import type { Texts } from "../texts";

export interface Screen {
  root: HTMLElement;
  /** Bring the screen up to date; the step is still the same. */
  update?(model: SharingModel): void;
}

/** What every screen is made with. */
export interface ScreenContext {
  texts: Texts;
  /** Somebody who must not know may see the screen: answers by a tap come first. */
  isSafe: boolean;
  dispatch: (event: SharingEvent) => void;
  browser: BrowserFamily;
  /** The preview of the own camera; one element for the whole life of the page. */
  preview: HTMLVideoElement;
}

/** How the screens of some steps are made. */
export type Screens = Partial<Record<Step, (model: SharingModel, context: ScreenContext) => Screen>>;
