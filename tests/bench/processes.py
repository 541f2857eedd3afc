"""What the kernel says of processes and ports."""

import os
from pathlib import Path

CLOCK_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
TCP_LISTENS = "0A"


def used_s(pid: int) -> float:
    """Return the processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) * CLOCK_TICK_S


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def words_of(pid: int) -> list[str]:
    """Return the words with which a process was started; none of one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def pid_with(word: str) -> int:
    """Return the one process among whose words this is. Raises ``ValueError`` for none, or several."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    (found,) = [pid for pid in pids if word in words_of(pid)]
    return found


def is_bound(port: int, *, is_udp: bool = False) -> bool:
    """Tell whether somebody listens on a port, without a connection, which some take for their only one."""
    table = Path("/proc/net/udp" if is_udp else "/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in table]
    return any(int(row[1].rpartition(":")[2], 16) == port and (is_udp or row[3] == TCP_LISTENS) for row in rows)


def dropped_by_port() -> dict[int, int]:
    """Return how many datagrams the kernel has thrown away at each UDP port of this machine, by its sockets' filters or
    for want of room."""
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16): int(row[-1]) for row in rows}
