"""Secrets of one installation: random, made once, kept in one file that only its owner can read."""

import json
import secrets
from pathlib import Path

from config.services.identities import write_private


class SecretStore:
    """Named random secrets in a JSON file of mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def get(self, name: str) -> str:
        """Return the secret called ``name`` (256 bits, hex), made when it is first asked for."""
        if name not in self._values:
            self._values[name] = secrets.token_hex(32)
            write_private(self._path, json.dumps(self._values, indent=1) + "\n")
        return self._values[name]
