"""All that the pages and messages to an outside agency say, apart from the live page's (`web/src/agency/words.ts`).

English only: agencies of the United Kingdom work in it. A translation is another table with the same names.
"""

from __future__ import annotations

CODE_MESSAGE = (
    "{force}: code {code} lets {name} see a live picture shared with {agency}. It lasts 10 minutes. "
    "Give it to nobody else. If you know nothing of this, tell the police."
)
LINK_SUBJECT = "Live picture from {force}"
LINK_MESSAGE = (
    "{contact},\n\n{force} shares a live picture with {agency}. Open this link and type your name:\n\n{link}\n\n"
    "A code then comes to your phone by text message; the control room can also read it to you. Each person who "
    "watches needs a code of their own. Do not pass the link on: viewing is logged by name."
)

PAGE: dict[str, str] = {
    "title": "Live picture from the police",
    "lead": "{force} shares a live picture with {agency}.",
    "logged": "Viewing is logged: your name, the time and how long. Your name is shown over the picture.",
    "name": "Your name",
    "name_hint": "First and last name, as your colleagues know you.",
    "continue": "Continue",
    "next": "A code of six digits then goes to your agency’s contact by text message.",
    "code_title": "Enter the code",
    "code_sent": "A code went by text message to the contact of {agency} for {name}. It lasts 10 minutes.",
    "code_unsent": "No text with a code for {name} goes out now. Ask the police control room to read it to you.",
    "code_read": "No text message? The police control room can read the code to you.",
    "code": "Code",
    "code_hint": "Six digits.",
    "show": "Show the picture",
    "again": "Send a new code",
    "no_code": "The code is too old, or was wrong too often. Ask for a new one.",
    "refused_title": "This link cannot be used",
    "refused": "Ask the police control room that gave it to you for a new one.",
    "refused_nothing": "Nothing is shown here.",
    "live_title": "Live picture",
    "connecting": "Connecting…",
    "no_script": "This page needs JavaScript. Turn it on for this site, or use another browser.",
}
