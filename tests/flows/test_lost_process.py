"""A call in which every process that may hold it dies, one after the other: the picture goes on."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import REMEMBER_PEERS, decoded, open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

# The media server keeps what nobody claims for 20 s, and looks every few seconds: after this it would be gone.
UNCLAIMED_ENDS_S = 26.0
TAKEN_OVER_S = 9.0
MOST_FROZEN_MS = 1_000

# How long no frame was decoded by any of the page's connections: the present one, or one that goes on meanwhile.
WATCH_FRAMES = """
window.sightlineFrozen = { since: performance.now(), all: [] };
const decodedBy = new Map();
setInterval(async () => {
  const frozen = window.sightlineFrozen;
  for (const pc of window.sightlinePeers) {
    for (const stat of (await pc.getStats()).values()) {
      if (stat.type !== "inbound-rtp" || stat.kind !== "video") continue;
      if ((stat.framesDecoded ?? 0) > (decodedBy.get(pc) ?? 0)) {
        frozen.all.push({ at: Date.now() / 1000, ms: performance.now() - frozen.since });
        frozen.since = performance.now();
      }
      decodedBy.set(pc, stat.framesDecoded ?? 0);
    }
  }
}, 50);
"""


class Call:
    """A live call that is recorded: the two pages, and what the rows say of it."""

    def __init__(self, system: System, console: Page, caller: Page) -> None:
        self.system, self.console, self.caller = system, console, caller
        self.session_id = console.get_by_test_id("stage").get_attribute("data-session-id") or ""

    def row(self, table: str, columns: str, condition: str = "true") -> str:
        """Return columns of the session's rows of a table."""
        where = f"session_id = '{self.session_id}' AND {condition}"
        return self.system.sql(f"SELECT {columns} FROM herts.{table} WHERE {where}")

    @property
    def owner(self) -> str:
        """The process that answers for the stream that goes on."""
        return self.row("streams_stream", "owner", "state = 'live'")

    def longest_frozen(self) -> dict[str, float]:
        """Return when (`at`) and for how many `ms` the console's picture stood still longest since the last time."""
        frozen: list[dict[str, float]] = self.console.evaluate(
            "() => [{ at: Date.now() / 1000, ms: performance.now() - window.sightlineFrozen.since },"
            " ...window.sightlineFrozen.all.splice(0)]"
        )
        return max(frozen, key=lambda one: one["ms"])

    def lose(self, kind: str, *, is_gentle: bool = False) -> float:
        """End a process as a crash does, or in good order; return when."""
        process = self.system.processes[kind]
        (process.stop if is_gentle else process.kill)()
        return time.monotonic()

    def start_again(self, kind: str) -> None:
        """Start the process anew; it is another one."""
        before = self.system.processes[kind].pid
        assert self.system.start_again(kind).pid != before

    def expect_disconnected(self) -> None:
        """Both pages say that they are cut off, the console that the picture is not confirmed."""
        expect(self.console.get_by_test_id("truth").first).to_have_text(re.compile("unconfirmed", re.IGNORECASE))
        expect(self.console.get_by_test_id("cover")).to_be_visible()
        expect(self.caller.get_by_text("No connection at the moment")).to_be_visible()

    def expect_back(self) -> None:
        """Both pages came back by themselves, and one person is counted."""
        expect(self.console.get_by_test_id("truth").first).to_have_text(re.compile("live", re.IGNORECASE))
        expect(self.console.get_by_test_id("cover")).to_have_count(0)
        expect(self.caller.get_by_text("They can see you now")).to_be_visible()
        wait_until(lambda: self.row("streams_watch", "count(*)", "ended_at IS NULL") == "1", 30)


@pytest.fixture
def call(system: System, desk: BrowserContext, phone: BrowserContext) -> Call:
    """Hold a call until it is watched and recorded."""
    desk.add_init_script(REMEMBER_PEERS + WATCH_FRAMES)
    phone.add_init_script(REMEMBER_PEERS)
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)
    wait_until(lambda: decoded(console) > 20, 20)
    expect(console.get_by_test_id("recording-state").first).to_have_text(re.compile("^Recording", re.IGNORECASE))
    expect(caller.get_by_text("They can see you now")).to_be_visible()
    begun = Call(system, console, caller)
    begun.longest_frozen()
    return begun


def test_processes_die_one_after_the_other_the_picture_never_stops(call: Call) -> None:
    begun, stream = time.monotonic(), call.row("streams_stream", "id", "state = 'live'")
    _web_process_dies(call)
    _watchdog_dies(call)
    _web_process_is_restarted_in_good_order(call)
    lasted = time.monotonic() - begun
    assert call.row("streams_stream", "id", "state = 'live'") == stream

    call.caller.get_by_role("button", name="STOP").click()
    expect(call.caller.get_by_text("You have stopped sharing")).to_be_visible(timeout=5_000)
    expect(own_live_row(call.console)).to_have_count(0, timeout=10_000)
    wait_until(lambda: call.row("streams_watch", "count(*)", "ended_at IS NULL") == "0", 10)
    _recording_is_one_and_whole(call, lasted)


def test_picture_that_ceases_while_nobody_listens_is_not_shown_as_live(call: Call) -> None:
    call.lose("daphne")
    call.caller.evaluate(
        "() => Promise.all(window.sightlinePeers.flatMap((pc) => pc.signalingState === 'closed' ? []"
        " : pc.getSenders().map((sender) => sender.replaceTrack(null))))"
    )
    call.caller.wait_for_timeout(4_000)  # the media server reports silence after two seconds, once

    call.start_again("daphne")

    wait_until(lambda: call.row("streams_stream", "state", "ended_at IS NULL") == "stalled", 15)
    expect(call.console.get_by_test_id("truth").first).to_have_text(re.compile("no signal|frozen", re.IGNORECASE))
    call.console.get_by_test_id("end-session").click()
    call.console.get_by_test_id("end-confirm").click()
    # Whether the news or the answer to the page's own ping comes first.
    expect(call.caller.get_by_text("The control room has ended this")).to_be_visible(timeout=10_000)


def _web_process_dies(call: Call) -> None:
    owner = call.owner
    died = call.lose("daphne")
    wait_until(lambda: call.owner not in {"", owner}, TAKEN_OVER_S, why=lambda: call.owner)
    call.expect_disconnected()
    call.start_again("daphne")
    call.expect_back()
    call.console.wait_for_timeout(max(0.0, UNCLAIMED_ENDS_S - (time.monotonic() - died)) * 1000)
    _never_frozen(call)
    call.expect_back()


def _watchdog_dies(call: Call) -> None:
    """It holds the stream now: the one that comes after it takes that over in turn."""
    owner = call.owner
    died = call.lose("watchdog")
    call.start_again("watchdog")
    wait_until(lambda: call.owner not in {"", owner}, 15, why=lambda: call.owner)
    call.console.wait_for_timeout(max(0.0, UNCLAIMED_ENDS_S - (time.monotonic() - died)) * 1000)
    _never_frozen(call)
    call.expect_back()


def _web_process_is_restarted_in_good_order(call: Call) -> None:
    """What it held is taken over before it is back: nobody waits for its lease to lapse."""
    process = call.row("streams_watch", "process", "ended_at IS NULL")
    call.lose("daphne", is_gentle=True)
    wait_until(lambda: call.row("streams_watch", "process", "ended_at IS NULL") not in {"", process}, 4)
    call.start_again("daphne")
    call.expect_back()
    _never_frozen(call)


def _never_frozen(call: Call) -> None:
    longest = call.longest_frozen()
    assert longest["ms"] < MOST_FROZEN_MS, longest


def _recording_is_one_and_whole(call: Call, lasted: float) -> None:
    look: Callable[[], str] = lambda: call.row("evidence_item", "count(*), min(state), min(failure_reason)")  # noqa: E731
    wait_until(lambda: look().startswith("1|sealed"), 90, why=look)
    assert call.row("streams_recordingsegment", "count(*)") == "1"
    assert int(call.row("evidence_item", "duration_ms")) / 1000 >= lasted - 0.5
