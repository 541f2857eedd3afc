"""The people every test database has: one per role, named after it, with a second factor where the role must."""

import base64
import hashlib
import time
from collections import defaultdict
from typing import Any

from config.services.one_time_codes import one_time_code

PASSWORD = "correct-horse-battery"
# Of the three codes that are right at any time each opens once: the one given out longest ago comes next.
_given: dict[str, dict[int, int]] = defaultdict(dict)
_times = iter(range(1, 1 << 62))


def totp_secret(role: str) -> str:
    """Return the secret in the authenticator app of the person of ``role``, at every force the same."""
    return base64.b32encode(hashlib.sha1(f"second factor of {role}".encode()).digest()).decode()


def code_of(role: str, schema: str = "herts") -> str:
    """Return a code that is right now and was, of those, given out longest ago."""
    counter = int(time.time()) // 30
    given = _given[f"{schema}/{role}"]
    chosen = min((counter, counter - 1, counter + 1), key=lambda step: given.get(step, 0))
    given[chosen] = next(_times)
    return one_time_code(totp_secret(role), chosen)


def sign_in_client(client: Any, role: str, schema: str = "herts") -> None:
    """Sign a person in through the pages: password, and the code where the page asks for one."""
    page = client.post("/sign-in/", {"username": role, "password": PASSWORD})
    assert page.status_code == 302, page.content
    if page["Location"] == "/sign-in/code/":
        page = client.post("/sign-in/code/", {"code": code_of(role, schema)})
        assert page.status_code == 302, page.content
