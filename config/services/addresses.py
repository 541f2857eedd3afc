"""The address media is sent from and to: Janus skips loopback interfaces, so 127.0.0.2 lies on a bridge."""

import contextlib
import json
import subprocess
from typing import Any

from config.services.identities import is_root
from config.services.programs import ServiceError

MEDIA_ADDRESS = "127.0.0.2"
_DEVICE = "sightline0"


def media_address() -> str:
    """Return 127.0.0.2, made on a bridge device if need be, else the machine's own address.

    The device is shared by all clones of a machine and stays. Packets still travel over loopback. Raises
    ``ServiceError`` when the machine has neither the right to make it nor an address of its own.
    """
    if not _has_media_address():
        _make_device()
    if _has_media_address():
        return MEDIA_ADDRESS
    own = _own_address()
    if own is None:
        raise ServiceError("no address for media: this user may not make a network device and the machine has none")
    print(f"Without the right to make a network device: media uses this machine's own address, {own}.")
    return own


def _interfaces() -> list[dict[str, Any]]:
    done = subprocess.run(["ip", "-json", "-4", "address"], capture_output=True, text=True, check=False)
    return list(json.loads(done.stdout)) if done.returncode == 0 and done.stdout.strip() else []


def _has_media_address() -> bool:
    return any(
        address.get("local") == MEDIA_ADDRESS
        for interface in _interfaces()
        if "LOOPBACK" not in interface.get("flags", []) and "UP" in interface.get("flags", [])
        for address in interface.get("addr_info", [])
    )


def _make_device() -> None:
    # Each step may have been done before, or be forbidden (no root, no sudo, a container): the outcome counts.
    rights = [] if is_root() else ["sudo", "-n"]
    for words in (
        ("link", "add", _DEVICE, "type", "bridge"),
        ("address", "add", f"{MEDIA_ADDRESS}/32", "dev", _DEVICE),
        ("link", "set", _DEVICE, "up"),
    ):
        with contextlib.suppress(FileNotFoundError):
            subprocess.run([*rights, "ip", *words], capture_output=True, check=False)


def _own_address() -> str | None:
    for interface in _interfaces():
        for address in interface.get("addr_info", []):
            if address.get("scope") == "global":
                return str(address["local"])
    return None
