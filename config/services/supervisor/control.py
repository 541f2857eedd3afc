"""Talk to a running supervisor over its socket (XML-RPC, as supervisorctl does)."""

import http.client
import socket
import time
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FAILED = frozenset({"BACKOFF", "FATAL", "EXITED", "UNKNOWN"})


class Control:
    """Commands to the supervisor that listens on ``socket_path``; raises ``OSError`` when there is none."""

    def __init__(self, socket_path: Path) -> None:
        self._server = xmlrpc.client.ServerProxy("http://supervisor", transport=_SocketTransport(socket_path))

    def is_alive(self) -> bool:
        """Tell whether it answers."""
        try:
            self._server.supervisor.getState()
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return False
        return True

    def start(self, group: str) -> None:
        """Start all programs of a group and return at once."""
        self._server.supervisor.startProcessGroup(group, False)

    def states(self) -> dict[str, str]:
        """Return the state of each program in supervisor's words (RUNNING, BACKOFF, STOPPED, ...)."""
        found: Any = self._server.supervisor.getAllProcessInfo()
        return {process["name"]: process["statename"] for process in found}

    def pids(self) -> dict[str, int]:
        """Return the process id of each program, 0 while it does not run."""
        found: Any = self._server.supervisor.getAllProcessInfo()
        return {process["name"]: process["pid"] for process in found}


class Patience:
    """Which programs fail again and again: one may fail once while what it needs is still starting."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._failing_since: dict[str, float] = {}

    def note(self, states: Mapping[str, str]) -> None:
        """Take a look at all states; a program that runs again is forgiven."""
        for name, state in states.items():
            if state in FAILED:
                self._failing_since.setdefault(name, time.monotonic())
            elif state == "RUNNING":
                self._failing_since.pop(name, None)

    def lost(self) -> list[str]:
        """Return the programs that have failed for too long."""
        limit = time.monotonic() - self._seconds
        return [name for name, since in self._failing_since.items() if since < limit]


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("supervisor", timeout=20)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _SocketTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        return _SocketConnection(self._path)
