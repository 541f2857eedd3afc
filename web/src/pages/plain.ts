/** Pages of plain HTML for people who work here (signing in, the account): their style, and no script. */

import "../styles/plain.css";
