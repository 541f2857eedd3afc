"""What every message is checked for, whoever writes to whom."""

from __future__ import annotations

from forces.errors import InvalidInput

MAX_CHARACTERS = 1000


def checked_text(text: str) -> str:
    """Return a text without blanks around it; raises `InvalidInput` unless it has 1 to 1000 characters."""
    stripped = text.strip().replace("\x00", "")
    if not 0 < len(stripped) <= MAX_CHARACTERS:
        raise InvalidInput("A message has 1 to 1000 characters.", details={"field": "text"})
    return stripped


def checked_client_id(client_id: str) -> str:
    """Return the sender's own id of a message; raises `InvalidInput` unless it has 1 to 64 characters."""
    if not 0 < len(client_id) <= 64:
        raise InvalidInput("A message needs an id of up to 64 characters.", details={"field": "client_id"})
    return client_id
