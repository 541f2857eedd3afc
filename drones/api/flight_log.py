"""The flight log as CSV, streamed: a unit of work per page, by keyset; no transaction waits for a reader."""

from __future__ import annotations

from collections.abc import AsyncIterator

from drones.services.flight_log import COLUMNS, LogSpan, Place, read_flight_log
from forces.context import ForceRef, ain_force
from forces.spreadsheets import csv_lines


async def stream_flight_log(force: ForceRef, span: LogSpan) -> AsyncIterator[bytes]:
    """Yield a header line and the flights of an opened log, oldest first."""
    yield csv_lines([COLUMNS])
    rows, place = await ain_force(force, read_flight_log, span, None)
    while rows:
        yield csv_lines(rows)
        rows, place = await _following(force, span, place)


async def _following(force: ForceRef, span: LogSpan, place: Place | None) -> tuple[list[list[object]], Place | None]:
    return await ain_force(force, read_flight_log, span, place) if place else ([], None)
