"""Whether every acknowledged thing is there afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.fakes.notify import FakeNotify
from tests.flows.system import System
from tests.soak.load import Promise

OVER = {"ended", "expired"}
UNENDING = "SELECT count(*) FROM herts.streams_recordingsegment WHERE state <> 'stopped'"
# A stream whose recording was seen to grow must have become an item, once.
UNSEALED = """
SELECT segment.stream_id, count(item.id), min(item.state), min(item.failure_reason)
FROM herts.streams_recordingsegment segment
LEFT JOIN herts.evidence_item item ON item.stream_id = segment.stream_id AND item.state = 'sealed'
WHERE segment.confirmed_at IS NOT NULL GROUP BY 1 HAVING count(DISTINCT item.id) <> 1
"""


def broken(system: System, notify: FakeNotify, promises: Sequence[Promise]) -> list[str]:
    """Return a sentence for each promise that was not kept."""
    rows = system.sql("SELECT id, state FROM herts.streams_livesession")
    states = dict(line.split("|") for line in rows.splitlines())
    said = system.sql("SELECT session_id, text FROM herts.streams_chatmessage WHERE sender_kind = 'caller'")
    kept = Counter(said.splitlines())
    found = [
        f"{one.session_id} was ended ({one.end}) and is {states.get(one.session_id)}"
        for one in promises
        if one.end and states.get(one.session_id) not in OVER
    ]
    found += [f"{one.session_id} ({one.way}) never ended" for one in promises if not one.end]
    found += [
        f"a message of {one.session_id} is lost"
        for one in promises
        for text in one.texts
        if not kept[f"{one.session_id}|{text}"]
    ]
    found += [f"not sealed: {line}" for line in system.sql(UNSEALED).splitlines()]
    if (open_segments := system.sql(UNENDING)) != "0":
        found.append(f"{open_segments} recordings never stopped")
    found += [f"{reference} was sent {count} times" for reference, count in _texts(notify).items() if count != 1]
    return [*found, *_chains(system)]


def _texts(notify: FakeNotify) -> Counter[str]:
    return Counter(str(text["reference"]) for text in notify.sent)


def _chains(system: System) -> list[str]:
    try:
        walked = system.manage("verify_audit")
    except AssertionError as error:
        return [f"the audit is broken: {error}"]
    return [] if "herts: " in walked and "unbroken" in walked else [f"the audit was not walked: {walked}"]
