/** Pages of plain HTML (the invitation, signing in, errors): their style, and what the invitation does by script. */

import "../styles/plain.css";
import { showCameraNotice } from "../caller/invitation_notice";
import { openWithoutTrace } from "../caller/opening";

showCameraNotice();
openWithoutTrace();
