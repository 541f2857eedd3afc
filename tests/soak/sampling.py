"""What every part of the running system holds at one moment: memory, descriptors, threads, ports, rows, keys."""

from __future__ import annotations

import contextlib
import json
import secrets
from pathlib import Path
from typing import Any

import redis
from websockets.sync.client import connect

from tests.faults.world import descendants
from tests.flows.system import System

Sample = dict[str, float]
OPEN_ROWS = {
    "rows.streams": "SELECT count(*) FROM herts.streams_stream WHERE state <> 'ended'",
    "rows.watches": "SELECT count(*) FROM herts.streams_watch WHERE ended_at IS NULL",
    "rows.sessions": "SELECT count(*) FROM herts.streams_livesession WHERE state NOT IN ('ended', 'expired')",
    "rows.unsealed": "SELECT count(*) FROM herts.evidence_item WHERE state = 'sealing'",
    "rows.undelivered": "SELECT count(*) FROM herts.streams_invitation WHERE state IN ('queued', 'sending')",
}


def sample(system: System) -> Sample:
    """Return every figure by its name, `part.what`."""
    return {
        **_processes(system),
        **_udp_ports(system),
        **_janus(system.stack.environment),
        **_postgres(system),
        **_redis(system.stack.environment["SIGHTLINE_REDIS_WORKER_URL"]),
        "files.recordings": float(len(recordings(system))),
        **{name: float(system.sql(query)) for name, query in OPEN_ROWS.items()},
    }


def recordings(system: System) -> list[str]:
    """Return the files that the media server recorded and that nobody has taken in yet."""
    root = system.stack.installation.directories.recordings
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _processes(system: System) -> Sample:
    found: Sample = {}
    for running in system.stack._running:
        name = running.program.name.split("-")[0]
        for pid in [running.pid, *descendants(running.pid)]:
            for what, value in _process(pid).items():
                found[f"{name}.{what}"] = found.get(f"{name}.{what}", 0.0) + value
    return found


def _process(pid: int) -> Sample:
    """Return MiB of PSS, descriptors and threads; nothing of a process that has just ended."""
    place = Path(f"/proc/{pid}")
    with contextlib.suppress(OSError):
        sizes = (place / "smaps_rollup").read_text()
        status = (place / "status").read_text()
        return {
            "pss": _number(sizes, "Pss:") / 1024,
            "fds": float(len(list((place / "fd").iterdir()))),
            "threads": _number(status, "Threads:"),
        }
    return {}


def _number(text: str, name: str) -> float:
    return next((float(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0.0)


def _udp_ports(system: System) -> Sample:
    ports = [
        int(line.split()[1].rsplit(":", 1)[1], 16)
        for table in ("udp", "udp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    block = system.stack.installation.ports
    ranges = {"janus.udp": block.rtp, "coturn.udp": block.relay}
    return {name: float(sum(low <= port <= high for port in ports)) for name, (low, high) in ranges.items()}


def _janus(environment: dict[str, str]) -> Sample:
    protocol: Any = ["janus-admin-protocol"]
    with connect(environment["SIGHTLINE_JANUS_ADMIN_URL"], subprotocols=protocol, proxy=None) as line:

        def ask(kind: str, **fields: Any) -> dict[str, Any]:
            secret = environment["SIGHTLINE_JANUS_ADMIN_SECRET"]
            line.send(
                json.dumps({"janus": kind, "transaction": secrets.token_hex(6), "admin_secret": secret, **fields})
            )
            answer: dict[str, Any] = json.loads(line.recv(5))
            return answer

        sessions = ask("list_sessions")["sessions"]
        handles = [len(ask("list_handles", session_id=session).get("handles", [])) for session in sessions]
        request = {"request": "list", "admin_key": environment["SIGHTLINE_JANUS_ADMIN_KEY"]}
        rooms = ask("message_plugin", plugin="janus.plugin.videoroom", request=request)["response"]["list"]
    return {
        "janus.sessions": float(len(sessions)),
        "janus.handles": float(sum(handles)),
        "janus.rooms": float(len(rooms)),
    }


def _postgres(system: System) -> Sample:
    rows = system.sql(
        "SELECT usename, count(*) FROM pg_stat_activity"
        f" WHERE datname = '{system.database}' AND usename IS NOT NULL AND pid <> pg_backend_pid() GROUP BY 1"
    )
    counts = dict(line.split("|") for line in rows.splitlines())
    return {f"connections.{login}": float(count) for login, count in counts.items()}


def _redis(url: str) -> Sample:
    with contextlib.closing(redis.Redis.from_url(url, socket_timeout=5)) as line:
        facts: Any = line.info()
        held = facts.get("db0", {})
        return {
            "redis.clients": float(facts["connected_clients"]),
            "redis.keys": float(held.get("keys", 0) - held.get("expires", 0)),
            "redis.expiring": float(held.get("expires", 0)),
            "redis.memory": facts["used_memory"] / 2**20,
            "celery.waiting": float(line.llen("work")),
        }
