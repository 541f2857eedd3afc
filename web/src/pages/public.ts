/** The public's pages of plain HTML (the invitation, refusals, errors): their style, and what the invitation does by script. */

import "../styles/public.scss";
import { showCameraNotice } from "../caller/invitation_notice";
import { openWithoutTrace } from "../caller/opening";

showCameraNotice();
openWithoutTrace();
