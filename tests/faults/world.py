"""One live session in a running system: what can be done to its parts, and what is true of it meanwhile."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from config.services import applications
from config.services.processes import Running
from tests.conftest import wait_until
from tests.faults.supervised import Supervised
from tests.flows.system import System, sign_in

# Each of these says that the picture, or the whole page, may be old.
UNSURE = ("UNCONFIRMED", "FROZEN", "NO SIGNAL", "NO PICTURE", "PICTURE ENDED", "CONNECTING")


class World:
    """The supervised system, an operator's page that watches, and a simulated caller."""

    def __init__(self, stack: Supervised, sign_ins: Path) -> None:
        """`sign_ins` is the file by which the simulated caller finds its force."""
        self.stack = stack
        self.system = System(stack, stack.environment["SIGHTLINE_DB_NAME"])
        self.page: Page
        self._cookies = ""
        self._sign_ins = sign_ins
        self.caller: Running

    # --- faults ---------------------------------------------------------------------------------

    def pid(self, name: str) -> int:
        """Return the process id of a program under the supervisor, 0 while it is down."""
        return self.stack.control.pids()[name]

    def kill(self, name: str) -> float:
        """Kill a program with SIGKILL, prove that it is gone, and return when it died (monotonic)."""
        victim = self.pid(name)
        assert victim, f"{name} does not run"
        os.kill(victim, signal.SIGKILL)
        died = time.monotonic()
        wait_until(lambda: state_of(victim) in ("", "Z"), 2)
        assert self.pid(name) != victim or state_of(victim) in ("", "Z")
        return died

    def await_restart(self, name: str, victim: int, deadline_s: float = 10.0) -> None:
        """Wait until the supervisor has started another process in place of `victim`."""
        wait_until(lambda: self.pid(name) not in (0, victim), deadline_s, why=lambda: self.stack.log(name)[-1500:])

    def kill_family(self, name: str) -> list[int]:
        """Kill a program and the processes of its own kind below it, as a lack of memory may; returns all below it."""
        family = [self.pid(name), *descendants(self.pid(name))]
        for pid in (pid for pid in family if b"celery" in command_of(pid)):
            send_if_there(pid, signal.SIGKILL)
        wait_until(lambda: state_of(family[0]) in ("", "Z"), 2)
        return family

    @contextmanager
    def frozen(self, name: str) -> Iterator[float]:
        """Stop a program of the supervisor and its children with SIGSTOP meanwhile; yields when (monotonic)."""
        with self.stopped(self.pid(name)) as at:
            yield at

    @contextmanager
    def stopped(self, pid: int) -> Iterator[float]:
        """Stop a process and its children with SIGSTOP meanwhile; yields when (monotonic)."""
        family = [pid, *descendants(pid)]
        for pid in family:
            send_if_there(pid, signal.SIGSTOP)
        at = time.monotonic()
        try:
            wait_until(lambda: all(state_of(pid) in ("T", "") for pid in family), 2)
            assert state_of(family[0]) == "T"
            yield at
        finally:
            for pid in family:
                send_if_there(pid, signal.SIGCONT)

    # --- the people -----------------------------------------------------------------------------

    def take_desk(self, page: Page) -> None:
        """Sign the operator in on `page`."""
        self.page = page
        sign_in(page, self.system, "operator")
        self._cookies = "; ".join(f"{one.get('name')}={one.get('value')}" for one in page.context.cookies())

    def begin_call(self) -> None:
        """Have an operator send a link, a simulated caller follow it, and the page watch; what went before is over."""
        before = self.sql("SELECT string_agg(id::text, ' ') FROM herts.streams_livesession").split()
        clips = self.stack.directory.parent / "clips"
        options = ("--sign-ins", str(self._sign_ins), "--clips", str(clips))
        self.caller = self.stack.spawn_program(applications.simulated_caller("herts", self.stack.environment, options))
        self.watch_another(before)

    def begin_anew(self) -> None:
        """Begin with a new call, whatever a test that failed has left: its own callers, or an empty page."""
        browser = self.page.context.browser
        for context in browser.contexts if browser else ():
            if context != self.page.context:
                context.close()
        self.caller.stop()
        self.page.goto(self.system.url("/"))
        self.begin_call()

    def hang_up(self) -> None:
        """Have the operator end the call; the simulated caller goes with it."""
        self.page.get_by_test_id("end-session").click()
        self.page.get_by_test_id("end-confirm").click()
        wait_until(lambda: "|ended|" in self.stream(), 10, why=self.stream)
        self.caller.stop()

    def watch_another(self, before: Iterable[str]) -> None:
        """Watch the live session that comes after those of `before`."""
        others = "".join(f":not([data-session-id='{session_id}'])" for session_id in before)
        other = self.page.locator(f"[data-testid=session-row][data-state=live]{others}").first
        other.wait_for(timeout=60_000)

        def choose() -> bool:
            other.click(timeout=5_000)
            return other.get_attribute("aria-current") == "true"

        wait_until(choose, 20, why=self.chosen)  # a row displaced while it is pressed hands the press to another

    # --- what is true ---------------------------------------------------------------------------

    def sql(self, statement: str) -> str:
        """Look at the rows."""
        return self.system.sql(statement)

    @property
    def session_id(self) -> str:
        """The id of the newest session that had a picture."""
        return self.sql("SELECT session_id FROM herts.streams_stream ORDER BY admitted_at DESC LIMIT 1")

    def stream(self) -> str:
        """Return ``id|state|end_reason`` of the newest stream."""
        newest = "FROM herts.streams_stream ORDER BY admitted_at DESC LIMIT 1"
        return self.sql(f"SELECT id, state, end_reason {newest}")

    def fixes(self) -> int:
        """Return how many positions were kept."""
        return int(self.sql("SELECT count(*) FROM herts.streams_position"))

    def label(self) -> str:
        """Return what the operator's tile says, COVERED when the page says that all of it is old."""
        said: str = self.page.evaluate(
            """() => document.querySelector('[data-testid=cover]') ? 'COVERED'
                : document.querySelector('[data-testid=truth]')?.textContent.trim() ?? ''"""
        )
        return said

    def chosen(self) -> str:
        """Return what the list says of the session that the page shows."""
        rows = self.page.locator("[data-testid=session-row][aria-current=true]").all_inner_texts()
        return " / ".join(rows) or "no session"

    def recording_words(self) -> str:
        """Return what the page says of the recording, in lower case."""
        return self.page.get_by_test_id("recording-state").first.inner_text().lower()

    def is_live(self) -> bool:
        """Return whether the page shows a live picture, and nothing says that it is old."""
        return self.label() == "LIVE"

    def frames(self) -> int:
        """Return the frames that the page's newest connection has decoded."""
        count: int = self.page.evaluate(
            """async () => {
                const peer = (window.sightlinePeers ?? []).at(-1);
                for (const stat of (await peer?.getStats())?.values() ?? [])
                    if (stat.type === "inbound-rtp" && stat.kind === "video") return stat.framesDecoded ?? 0;
                return 0;
            }"""
        )
        return count

    def await_live(self, deadline_s: float, since: float | None = None) -> float:
        """Wait until the page shows a live picture whose frames go on; returns the seconds since `since`."""
        since = time.monotonic() if since is None else since
        left = deadline_s - (time.monotonic() - since)
        wait_until(self._is_moving, left, why=lambda: (self.label(), self.stream(), self.chosen()))
        return time.monotonic() - since

    def await_unsure(self, deadline_s: float, since: float) -> str:
        """Wait until the page claims a live picture no longer; returns what it says instead."""
        left = deadline_s - (time.monotonic() - since)
        said: str = wait_until(lambda: "" if self.is_live() else self.label() or "NOTHING", left, why=self.label)
        assert said == "COVERED" or said.startswith(UNSURE), said
        return said

    def await_fixes(self, deadline_s: float) -> None:
        """Wait until new positions are kept."""
        before = self.fixes()
        wait_until(lambda: self.fixes() > before, deadline_s)

    def get(
        self, path: str = "/api/v1/sessions/", accept: str = "application/json", timeout: float = 15
    ) -> httpx.Response:
        """Read an address as the operator's browser does; from any thread."""
        host = f"herts.localhost:{self.system.port}"
        headers = {"Host": host, "Accept": accept, "Cookie": self._cookies}
        return httpx.get(f"http://127.0.0.1:{self.system.port}{path}", headers=headers, timeout=timeout)

    def await_settled(self, deadline_s: float = 20.0) -> None:
        """Wait until all is well: every part answers, the picture is live, one watch, positions come."""
        wait_until(self.system.is_ready, deadline_s, why=lambda: self.system.ready().text)
        self.await_live(deadline_s)
        open_watches = "SELECT count(*) FROM herts.streams_watch WHERE ended_at IS NULL"
        wait_until(lambda: self.sql(open_watches) == "1", deadline_s, why=lambda: self.sql(open_watches))
        assert self.stream().split("|")[1] == "live"

    def _is_moving(self) -> bool:
        if not self.is_live():
            return False
        before = self.frames()
        self.page.wait_for_timeout(300)
        return self.is_live() and self.frames() != before


def state_of(pid: int) -> str:
    """Return the state letter of a process (`T` stopped, `Z` not yet awaited), empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def command_of(pid: int) -> bytes:
    """Return the words of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes below one."""
    children = []
    for directory in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(word) for word in directory.read_text().split()]
        except OSError:
            continue
    return [*children, *(below for child in children for below in descendants(child))]


def send_if_there(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone meanwhile is fine."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def always(condition: Callable[[], Any], seconds: float, why: Callable[[], object] = str) -> None:
    """Assert that a condition holds all the time for `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), why()
        time.sleep(0.2)
