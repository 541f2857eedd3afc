"""One ffmpeg: its secrets by a pipe, its lines as they come, and its end, whichever way it comes.

It has a process group of its own, which is killed whole; should we die first, by whatever signal, the kernel kills it
(parent-death signal). As root it runs as a user of its own: it reads what strangers send.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from functools import partial

from drones.ingest.commands import SCRIPT, Command

UIDS = range(64_614, 65_014)
"""The users of bridges when we are root: without an account, owning nothing else, and one for each."""
# Ffmpeg obeys at once while pictures come, and not at all while it waits for some.
ENDING_SECONDS = 1.5
LONGEST_LINE = 8 * 1024
_LAST_WORDS_SECONDS = 1.0

_LIMITS = ("prlimit", "--as=4294967296", "--nofile=256", "--core=0", "--fsize=0", "--")
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}

TakeLine = Callable[[str], None]

_lent: set[int] = set()


class BridgeProcess:
    """A running program; `ended` is set to its exit status, negative for a signal."""

    def __init__(
        self, process: subprocess.Popen[bytes], pipes: list[tuple[asyncio.BaseTransport, _Lines]], uid: int
    ) -> None:
        """Watch a process that was started; use `start`."""
        self._process, self._pipes, self._uid = process, pipes, uid
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self._pidfd = os.pidfd_open(process.pid)
        self._loop.add_reader(self._pidfd, self._note_end)

    @classmethod
    async def start(cls, command: Command, take_packet: TakeLine, take_log: TakeLine) -> BridgeProcess:
        """Start a bridge; lines of its standard output and its log are handed on as they come. Raises `OSError`."""
        uid = _lend_uid()
        try:
            process = _spawn(command, uid)
        except BaseException:
            _lent.discard(uid)
            raise
        loop = asyncio.get_running_loop()
        pipes: list[tuple[asyncio.BaseTransport, _Lines]] = []
        try:
            for pipe, lines in ((process.stdout, _Lines(take_packet)), (process.stderr, _Lines(take_log))):
                pipes.append(await loop.connect_read_pipe(partial(_same, lines), pipe))
            return cls(process, pipes, uid)
        except BaseException:
            # Cancelled while it begins: nobody else knows of it, and it would hold its port until we end.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _lent.discard(uid)
            for transport, _ in pipes:
                transport.close()
            raise

    @property
    def pid(self) -> int:
        """Return the process id, which is its group's, too."""
        return self._process.pid

    async def end(self) -> None:
        """End it: gently, so that it gives its place at the door back, then with everything it started."""
        try:
            if not self.ended.done():
                self._signal(signal.SIGTERM)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(self.ended), ENDING_SECONDS)
        finally:
            self.kill()
        await asyncio.shield(self.ended)

    async def wait(self) -> int:
        """Wait for its end, and for what it said last; returns its exit status."""
        status = await asyncio.shield(self.ended)
        # Only what left its process group could still hold a pipe open.
        await asyncio.wait([lines.closed for _, lines in self._pipes], timeout=_LAST_WORDS_SECONDS)
        self.kill()
        return status

    def kill(self) -> None:
        """Kill the whole group at once, and read no more."""
        if not self.ended.done():
            self._signal(signal.SIGKILL)
        for pipe, _ in self._pipes:
            pipe.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _note_end(self) -> None:
        # What it started goes with it, before its number can be given to anybody else.
        self._signal(signal.SIGKILL)
        status = self._process.wait()
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        _lent.discard(self._uid)
        self.ended.set_result(status)


class _Lines(asyncio.Protocol):
    """Cuts what a pipe brings into lines; of one that does not end, the beginning is a line and the rest is dropped."""

    def __init__(self, take: TakeLine) -> None:
        self._take = take
        self._rest = b""
        self._is_dropping = False
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._hand_on(line)
            self._is_dropping = False
        if len(self._rest) > LONGEST_LINE:
            self._hand_on(self._rest)
            self._rest, self._is_dropping = b"", True

    def connection_lost(self, error: Exception | None) -> None:
        if self._rest:
            self._hand_on(self._rest)
        if not self.closed.done():
            self.closed.set_result(None)

    def _hand_on(self, line: bytes) -> None:
        if not self._is_dropping:
            self._take(line[:LONGEST_LINE].decode(errors="replace").rstrip("\r"))


def _same(lines: _Lines) -> _Lines:
    return lines


def _lend_uid() -> int:
    """A user that no other program has now: whoever takes over one ffmpeg must not reach into another force's.

    Raises `OSError` where there are more bridges than a machine could carry.
    """
    uid = next((uid for uid in UIDS if uid not in _lent), None)
    if uid is None:
        raise OSError("no user is left for another bridge")
    _lent.add(uid)
    return uid


def _spawn(command: Command, uid: int) -> subprocess.Popen[bytes]:
    """Start the program with its secrets in a pipe that only it inherits."""
    pipe = _secret_pipe(command.script, uid)
    words = [f"/dev/fd/{pipe}" if word == SCRIPT else word for word in command.words]
    try:
        return subprocess.Popen(
            [*_binding(uid), *_LIMITS, *words],
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=(pipe,),
        )
    finally:
        os.close(pipe)


def _secret_pipe(text: str, uid: int) -> int:
    """A pipe that holds `text`, to be read once; a pipe has 64 KiB, which no secret of ours fills."""
    reader, writer = os.pipe()
    try:
        os.write(writer, text.encode())
        if os.geteuid() == 0:
            # The program opens the pipe by its name, as the user that it runs as.
            os.fchown(reader, uid, uid)
    finally:
        os.close(writer)
    return reader


def _binding(uid: int) -> list[str]:
    """Words that give the program its user, and its end with ours."""
    words = ["setpriv", "--no-new-privs", "--pdeathsig=KILL"]
    if os.geteuid() == 0:
        words += [f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--bounding-set=-all"]
    return words
