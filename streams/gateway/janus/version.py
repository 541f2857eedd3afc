"""Which Janus this is, and whether it lacks known fixes."""

from __future__ import annotations

from streams.gateway.interface import GatewayInfo
from streams.gateway.janus.transactions import Message

# The changelog of 1.4.1 names fixes of vulnerabilities; older ones work and deserve a warning.
FIXED_SINCE = (1, 4, 1)


def read_info(message: Message) -> GatewayInfo:
    """A `server_info` answer as GatewayInfo; a version that can not be read counts as outdated."""
    version = str(message.get("version_string", ""))
    return GatewayInfo(
        version=version,
        name=str(message.get("server-name", "")),
        is_outdated=_numbers(version) < FIXED_SINCE,
    )


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("-")[0].split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()
