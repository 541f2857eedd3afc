"""Our own processes: web, workers, the watchdog, bridges, telemetry, simulated callers, officers and drones."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.services.processes import accepts_connections, is_bound_to_udp
from config.services.programs import Program

CLONE = Path(__file__).resolve().parents[2]
_OWNER = {"DB_ROLE": "owner"}
_MOST_READ = 256 * 1024
# Units of work run on many threads, and the allocator's default is an arena for each of eight times the cores: none is
# ever full, and the process grows for hours.
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}


def python() -> str:
    """Return the interpreter that has our requirements: the clone's virtual environment, else this one."""
    own = CLONE / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def manage(*words: str) -> tuple[str, ...]:
    """Return the words of a management command."""
    return (python(), str(CLONE / "manage.py"), *words)


def web_process(port: int, environment: Mapping[str, str], name: str = "daphne") -> Program:
    """Return a web process (HTTP and WebSockets) on 127.0.0.1:``port``."""
    # An access log here would have what nginx's leaves out.
    command = [python(), "-m", "config.web_server", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    # A frame may have 64 KiB, and one above is answered; what is far above is not even read to its end.
    command += ["--websocket-max-message-size", str(_MOST_READ), "--websocket-max-frame-size", str(_MOST_READ)]
    command += ["--access-log", os.devnull, "--proxy-headers", "config.asgi:application"]
    return _ours(name, tuple(command), environment, lambda: accepts_connections(port))


def worker(environment: Mapping[str, str], name: str = "worker", concurrency: int = 2) -> Program:
    """Return an ordinary worker: every queue but the owner's."""
    return _celery(name, "work", concurrency, environment)


def provisioning_worker(environment: Mapping[str, str], name: str = "provisioning") -> Program:
    """Return the one worker with the owner's rights: it makes and migrates the schemas of forces."""
    return _celery(name, "provisioning", 1, {**environment, **_OWNER})


def scheduler(environment: Mapping[str, str], schedule: Path, name: str = "beat") -> Program:
    """Return the process that sends periodic tasks; ``schedule`` is the file of its last runs."""
    command = (python(), "-m", "celery", "-A", "config.celery", "beat", "--loglevel=INFO", "--pidfile=")
    return _ours(name, (*command, f"--schedule={schedule}"), environment, _is_up)


def watchdog(environment: Mapping[str, str], name: str = "watchdog") -> Program:
    """Return the process that turns dead media, expiries and lost leases into states."""
    return _ours(name, manage("run_watchdog"), environment, _is_up)


def bridges(environment: Mapping[str, str], name: str = "bridges") -> Program:
    """Return the process that keeps a bridge for each aircraft whose picture comes by RTMP, SRT or RTSP."""
    return _ours(name, manage("run_bridges"), environment, _is_up)


def telemetry(port: int, environment: Mapping[str, str], name: str = "telemetry") -> Program:
    """Return the process that takes MAVLink of every force's aircraft on the UDP port ``port``."""
    return _ours(name, manage("run_telemetry"), environment, lambda: is_bound_to_udp(port))


def management_command(words: Sequence[str], environment: Mapping[str, str]) -> Program:
    """Return a management command that stays up."""
    return _ours("-".join(("manage", *words[:1])), manage(*words), environment, _is_up)


def simulated_caller(schema: str, environment: Mapping[str, str], options: Sequence[str] = ()) -> Program:
    """Return a caller of the force ``schema`` that shows a test picture and walks about."""
    command = manage("simulate_caller", "--force", schema, *options)
    return _ours(f"caller-{schema}", command, environment, _is_up)


def simulated_officers(schema: str, environment: Mapping[str, str], options: Sequence[str] = ()) -> Program:
    """Return officers on duty of the force ``schema``, who move about."""
    return _ours(f"officers-{schema}", manage("simulate_officers", "--force", schema, *options), environment, _is_up)


def simulated_drone(schema: str, environment: Mapping[str, str], options: Sequence[str] = ()) -> Program:
    """Return a drone of the force ``schema`` that circles over a place."""
    return _ours(f"drone-{schema}", manage("simulate_drone", "--force", schema, *options), environment, _is_up)


def _celery(name: str, queue: str, concurrency: int, environment: Mapping[str, str]) -> Program:
    words = ["--app=config.celery", "worker", f"--queues={queue}", f"--concurrency={concurrency}"]
    words += [f"--hostname={name}@%h", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    command = (python(), "-m", "celery", *words)
    return _ours(name, command, environment, _is_up)


def _is_up() -> bool:
    # Nothing listens: such a process is judged by staying up, and by its log.
    return True


def _ours(name: str, command: tuple[str, ...], environment: Mapping[str, str], is_ready: Callable[[], bool]) -> Program:
    return Program(
        name=name,
        command=command,
        directory=CLONE,
        environment={"PYTHONUNBUFFERED": "1", **_FEW_ARENAS, **environment},
        is_ready=is_ready,
        ready_seconds=60,
    )
