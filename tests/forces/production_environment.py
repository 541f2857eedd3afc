"""The environment of a plausible production process, and a way to start one with something changed."""

import os
import secrets
import subprocess
import sys

from tests.conftest import ROOT

_SECRETS = (
    "SECRET_KEY",
    "LINK_KEY",
    "DB_KEY",
    "DB_OWNER_PASSWORD",
    "JANUS_ROOM_KEY",
    "JANUS_API_SECRET",
    "JANUS_ADMIN_KEY",
    "JANUS_EVENTS_PASSWORD",
    "TURN_SECRET",
    "NOTIFY_API_KEY",
    "NOTIFY_CALLBACK_TOKEN",
)


def production_environment() -> dict[str, str]:
    """Return every variable a deployment sets, with secrets of its own."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SIGHTLINE_BASE_DOMAIN": "sightline.example.police.uk",
        "SIGHTLINE_SCHEME": "https",
        "SIGHTLINE_PORT": "443",
        "SIGHTLINE_SMS_SENDER": "notify",
        "SIGHTLINE_NOTIFY_TEMPLATE_ID": "7b7bfa3e-6f7b-4c65-8be4-1d6ef0a7a111",
        "SIGHTLINE_REDIS_URL": "rediss://web:a-word@redis.internal:6379/0",
        "SIGHTLINE_JANUS_URL": "ws://127.0.0.1:8188",
        "SIGHTLINE_TURN_URLS": "turns:relay.example.police.uk:443?transport=tcp",
        **{f"SIGHTLINE_{name}": secrets.token_hex(32) for name in _SECRETS},
    }


def run_production(*words: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these words in that environment; a variable changed to nothing is left out."""
    environment = {name: value for name, value in {**production_environment(), **changed}.items() if value}
    command = [sys.executable, "-W", "ignore::RuntimeWarning", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
