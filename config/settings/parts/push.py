"""Web Push to officers' phones: off unless it is switched on. README says how keys are made and replaced."""

import os
from pathlib import Path


def _key(text: str) -> str:
    """Return a key, or what stands in the file of that name; what is neither is refused at the start."""
    return Path(text).read_text().strip() if text.startswith("/") and Path(text).is_file() else text


PUSH = os.environ.get("SIGHTLINE_PUSH", "off")
# VAPID: the private key of P-256 by which push services know this deployment; raw in base64url, or PEM.
PUSH_KEY = _key(os.environ.get("SIGHTLINE_PUSH_KEY_FILE") or os.environ.get("SIGHTLINE_PUSH_KEY", ""))
# Keys that it replaced: a browser takes only what is signed by the key that it subscribed with.
PUSH_KEY_FALLBACKS = [_key(key) for key in os.environ.get("SIGHTLINE_PUSH_KEY_FALLBACKS", "").split(",") if key]
# Whom a push service writes to about this deployment: mailto: or https:, an address of no person.
PUSH_CONTACT = os.environ.get("SIGHTLINE_PUSH_CONTACT", "")
# The browser makers' own. A subscription names an address that we then post to: to no other host, ever.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
# Whole origins of tests and demonstrations, http too; production has none.
PUSH_TEST_ORIGINS = tuple(name for name in os.environ.get("SIGHTLINE_PUSH_TEST_ORIGINS", "").split(",") if name)
