/**
 * The half of the caller's page that shares, and the screens for it. It is loaded while the caller reads what the page
 * asks for.
 */

import { liveScreen } from "./screens/live";
import {
  cameraScreen, cameraTroubleScreen, locationScreen, locationTroubleScreen, resumeScreen,
} from "./screens/permissions";
import type { Screens } from "./screens/screen";

export { Sharing } from "../sharing/sharing";

/** The screens from the first permission on. */
export const SHARING_SCREENS: Screens = {
  location: locationScreen,
  location_trouble: locationTroubleScreen,
  camera: cameraScreen,
  camera_trouble: cameraTroubleScreen,
  resume: resumeScreen,
  live: liveScreen,
};
