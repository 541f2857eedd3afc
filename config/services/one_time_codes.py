"""The one-time codes of demonstration users, as an authenticator app would show them (RFC 6238)."""

import base64
import hashlib
import hmac
import json
import struct
import time
from pathlib import Path
from typing import Any

from config.services.programs import ServiceError


def code_for(seed_file: Path, who: str) -> str:
    """Return the present code of ``force/user``; raises ``ServiceError`` for who has none."""
    group, _, name = who.partition("/")
    try:
        seeded: dict[str, Any] = json.loads(seed_file.read_text(encoding="utf-8"))
        users = {"platform": seeded["platform"], **seeded["forces"]}[group]["users"]
        return one_time_code(users[name]["totp_secret"], int(time.time()) // 30)
    except OSError as error:
        raise ServiceError(f"{seed_file} cannot be read: start the demonstration first") from error
    except KeyError as error:
        raise ServiceError(f"{who} has no second factor: WHO=force/user, for example herts/supervisor") from error


def one_time_code(secret: str, counter: int) -> str:
    """Return the six digits for a base32 secret and a count of 30 seconds."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
