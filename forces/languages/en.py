"""English."""

TEXTS = {
    "skip": "Skip to the main content",
    "languages": "This page in another language",
    "neutral.title": "Notes",
    "exit.button": "Exit this page",
    "exit.keys": "or press Shift or Escape three times",
    "danger": "If you are in danger and not on the phone, call 999.",
    "invitation.title": "{force} is asking for your help",
    "invitation.lead": (
        "You are speaking with the police control room. They sent you this link so that they can find you."
    ),
    "invitation.lead_video": (
        "You are speaking with the police control room. They sent you this link so that they can find you and see "
        "what is happening."
    ),
    "invitation.next": "What happens next",
    "invitation.step_read": "You read what you would share, and choose.",
    "invitation.step_ask": "Your phone asks you before it shares anything.",
    "invitation.step_stop": "You can stop at any time.",
    "invitation.nothing_yet": "Nothing is shared yet, and there is nothing to install. Stay on your telephone call.",
    "invitation.no_camera": "This app cannot use your camera.",
    "invitation.open_elsewhere": "Copy this address and open it in Safari or Chrome, before you continue:",
    "invitation.copy": "Copy the address",
    "invitation.copied": "Copied",
    "invitation.continue": "Continue",
    "invitation.not_police": "If you are not speaking with the police, close this page. In an emergency call 999.",
    "safe.title": "Continue when nobody is looking",
    "safe.lead": "You can read this page later. Nothing is shared yet.",
    "safe.quiet": "This page makes no sound. The button at the top leaves it at once.",
    "join.title": "Enter your code",
    "join.error": "Error:",
    "join.lead": "The operator on the phone will read it to you.",
    "join.label": "Code",
    "join.hint": "8 letters and numbers, with or without a space.",
    "error.code_malformed": "A code has 8 letters and numbers. Ask the operator to read it to you again.",
    "error.code_unknown": "That code does not work. Ask the operator to read it to you again.",
    "error.code_tries_spent": (
        "Too many codes did not work. Tell the operator. You can try again in {minutes} min, or open the text message."
    ),
    "error.unavailable": "A part of the service is not reachable. Try again in a moment.",
    "error.link_unknown": "This link does not work. Ask the control room for a new one.",
    "error.link_expired": "This link is too old. Ask the control room for a new one.",
    "error.link_withdrawn": "This link has been used. Ask the control room for a new one.",
    "error.link_in_use": "This link is in use on another device or browser. Ask the control room to let this one in.",
    "error.link_not_opened": "Open the link in the text message again.",
    "error.session_over": "This session is over.",
    "error.consent_withdrawn": (
        "You took your consent back, so nothing is shared any more and this link is spent. To share again, ask the "
        "control room for a new one."
    ),
    "error.no_receipt": "This browser has agreed to nothing here, or it was too long ago.",
    "refused.link_unknown": "This link does not work",
    "refused.link_expired": "This link is too old",
    "refused.link_withdrawn": "This link has been used",
    "refused.link_in_use": "This link is open somewhere else",
    "refused.link_not_opened": "Open the link again",
    "refused.session_over": "This is over",
    "refused.consent_withdrawn": "You have taken your consent back",
    "refused.no_receipt": "There is nothing to show",
    "refused.other": "This does not work",
    "refused.next": "Tell the operator on your telephone call. They can send you another link in a moment.",
    "refused.next_safe": "A new link can be sent to you in a moment.",
    "refused.code": "If the operator reads a code to you:",
    "refused.code_link": "enter it here",
    "refused.nothing": "Nothing is shared from this phone.",
    "refused.receipt": "See what you agreed to",
    "goodbye.title": "You have stopped sharing",
    "goodbye.lead": "Your camera and your location are off. You can close this page.",
    "goodbye.again": "If you need to share again, ask the control room for a new link.",
    "live.title": "Connecting to the control room…",
    "live.body": "Please keep this page open.",
    "live.safe_title": "Loading…",
    "live.no_script": (
        "This page needs JavaScript. Turn it on in your browser’s settings, or open the link in Safari or Chrome. "
        "Until then, stay on your telephone call."
    ),
    "missing.title": "Page not found",
    "missing.lead": (
        "There is nothing at this address. If you followed a link from a text message, check that all of it was copied."
    ),
    "forbidden.title": "You may not do this",
    "forbidden.lead": "Your account does not have the right to see this page or to do this.",
    "forbidden.stale": "This page is too old. Load it again and repeat what you did.",
    "forbidden.start": "Go to the start page",
    "crowded.title": "Too many attempts",
    "crowded.lead": "Wait a minute, then try again.",
    "broken.title": "Something went wrong",
    "broken.lead": (
        "This is our mistake, not yours. Try again in a moment. If you are on the phone with the control room, "
        "stay on "
        "the call."
    ),
    "broken.reference": "Reference {reference}",
    "unchanged": "Nothing was changed.",
    "uncertain": "A part of the service was lost at this moment. Look whether it was done before you do it again.",
    "receipt.title": "What you agreed to",
    "receipt.lead": "You agreed to share this with {force}.",
    "receipt.withdrawn": "This no longer stands: it ended on {time}.",
    "receipt.force": "Force",
    "receipt.reference": "Reference",
    "receipt.given": "Agreed on",
    "receipt.wording": "Wording",
    "receipt.version": "Version {version}, {name}",
    "receipt.scopes": "You agreed to",
    "receipt.scope.location": "Your location",
    "receipt.scope.video": "Live video from your camera",
    "receipt.scope.recording": "Recording of the video",
    "receipt.scope.upload": "Photos and videos that you choose on your phone",
    "receipt.words": "The words that you agreed to",
    "receipt.stop": "How to stop, or take it back",
    "receipt.stop_how": (
        "Press STOP on the page that shares, or tell the operator on the telephone. Everything stops at once, and the "
        "link is spent: to share again you need a new one."
    ),
    "receipt.contact": "Questions",
    "receipt.contact_how": (
        "Call 101 and give the reference above, or ask the data protection officer of {force}. In an emergency "
        "call 999."
    ),
    "receipt.kept": (
        "You can open this page in this browser for 24 hours after the end. Download it to keep it for longer."
    ),
    "receipt.safe": "If somebody else may look at this phone, do not keep a copy on it.",
    "receipt.download": "Download",
    "receipt.back": "Go back",
}
