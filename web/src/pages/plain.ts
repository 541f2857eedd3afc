/** Pages of plain HTML (the invitation, signing in, errors): their style, and one notice for the invitation. */

import "../styles/plain.css";
import { showCameraNotice } from "../caller/invitation_notice";

showCameraNotice();
