"""What the media server counts, against what the rows say: it tells each change once, and that word may be lost.

Two counts in a row must agree before anything is corrected. Then the rules of `arrival` hold, as if the word had come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prometheus_client import Counter

from streams.models import Stream
from streams.services import arrival
from streams.services.arrival import WentLive
from streams.services.locks import lock_stream

# Counts come every 5 s. What is closer is the same one, said again; what is farther apart had one missing between.
CLOSEST = timedelta(seconds=2)
FARTHEST = timedelta(seconds=12)

_corrected = Counter("sightline_layers_corrected", "How often counts showed that a row was wrong", ["now"])


@dataclass(frozen=True, slots=True)
class LayerCount:
    """One layer of a picture: all bytes that came so far, and whether any came in the second before."""

    layer: int
    total_bytes: int
    is_arriving: bool


@dataclass(frozen=True, slots=True)
class Count:
    """What came of one stream until `at`, by the media server's clock."""

    stream_id: UUID
    at: datetime
    layers: tuple[LayerCount, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two counts agree upon: the layers that arrived all the time since the first, and those that never did."""

    stream_id: UUID
    since: datetime
    arriving: frozenset[int]
    silent: frozenset[int]


def judge(before: Count | None, after: Count) -> Verdict | None:
    """Return what is certain from two counts of a stream, None when they are not next to each other.

    A layer of which little comes, or that has just begun or ceased, is neither arriving nor silent.
    """
    if before is None or not CLOSEST <= after.at - before.at <= FARTHEST:
        return None
    known = {one.layer: one for one in before.layers}
    pairs = [(known[one.layer], one) for one in after.layers if one.layer in known]
    silent = {new.layer for old, new in pairs if new.total_bytes == old.total_bytes}
    arriving = {new.layer for old, new in pairs if old.is_arriving and new.is_arriving} - silent
    return Verdict(after.stream_id, before.at, frozenset(arriving), frozenset(silent))


def find_wrong(*, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return those verdicts which the rows contradict."""
    going_on = Stream.objects.filter(pk__in=[one.stream_id for one in verdicts], state__in=Stream.GOING_ON)
    rows = {stream.id: stream for stream in going_on}
    return [one for one in verdicts if one.stream_id in rows and any(_contradicted(rows[one.stream_id], one))]


def correct_stream(*, now: datetime, verdict: Verdict) -> WentLive | None:
    """Make the row of a stream true, if it still is wrong; returns it when it became live by that.

    What has ended stays so, and so does what could not be seen: the watchdog asks for that by itself.
    """
    stream = lock_stream(verdict.stream_id)
    if stream.is_over:
        return None
    arriving, silent = _contradicted(stream, verdict)
    went = None
    for layer in sorted(arriving):
        _corrected.labels(now="arriving").inc()
        went = arrival.mark_live(now=now, stream_id=stream.id, layer=layer) or went
    for layer in sorted(silent):
        _corrected.labels(now="silent").inc()
        since = min(verdict.since, now)
        arrival.mark_stalled(now=now, stream_id=stream.id, layer=layer, silent_since=since)
    return went


def _contradicted(stream: Stream, verdict: Verdict) -> tuple[set[int], set[int]]:
    """Return the layers that arrive, and those that are silent, where the row says otherwise.

    A change that the row has from after the first count is newer than what the counts say.
    """
    is_live = stream.state == Stream.State.LIVE
    missing = {layer for layer in verdict.arriving if not (is_live and stream.has_layer(layer))}
    if stream.stall_reason == Stream.Stall.BLIND or (stream.stalled_at and stream.stalled_at > verdict.since):
        missing = set()
    is_unlayered = is_live and stream.layers == 0
    stale = {layer for layer in verdict.silent if is_unlayered or stream.has_layer(layer)}
    if is_live and stream.last_media_at and stream.last_media_at > verdict.since:
        stale = set()
    return missing, stale
