"""The audit as CSV, streamed: a unit of work per chunk, by keyset; no transaction waits for a reader."""

from collections.abc import AsyncIterator

from forces.audit.api.filters import EntryFilter
from forces.audit.api.serializers import AuditEntrySerializer
from forces.context import ForceRef, ain_force
from forces.spreadsheets import csv_lines

CHUNK = 1_000
COLUMNS = AuditEntrySerializer.Meta.fields


async def stream_csv(force: ForceRef, entries: EntryFilter, until_seq: int) -> AsyncIterator[bytes]:
    """Yield a header line and all entries that pass, oldest first, up to and with `until_seq`."""
    yield csv_lines([COLUMNS])
    after: int | None = 0
    while after is not None:
        lines, after = await ain_force(force, _chunk, entries, after, until_seq)
        if lines:
            yield lines


def _chunk(entries: EntryFilter, after: int, until_seq: int) -> tuple[bytes, int | None]:
    """Return the next lines and where to go on; None at the end."""
    rows = list(entries.apply().filter(seq__gt=after, seq__lte=until_seq).order_by("seq")[:CHUNK])
    data = AuditEntrySerializer(rows, many=True).data
    lines = csv_lines([row[column] for column in COLUMNS] for row in data)
    return lines, rows[-1].seq if len(rows) == CHUNK else None
