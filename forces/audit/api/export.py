"""The audit as CSV, streamed: a unit of work per chunk, by keyset; no transaction waits for a reader."""

import csv
import io
import json
from collections.abc import AsyncIterator

from rest_framework.renderers import BaseRenderer

from forces.audit.api.filters import EntryFilter
from forces.audit.api.serializers import AuditEntrySerializer
from forces.context import ForceRef, ain_force

CHUNK = 1_000
COLUMNS = AuditEntrySerializer.Meta.fields
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CsvRenderer(BaseRenderer):
    """Lets ``?format=csv`` be asked for; the view streams and never renders through this."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


async def stream_csv(force: ForceRef, entries: EntryFilter, until_seq: int) -> AsyncIterator[bytes]:
    """Yield a header line and all entries that pass, oldest first, up to and with `until_seq`."""
    yield _lines([list(COLUMNS)])
    after: int | None = 0
    while after is not None:
        lines, after = await ain_force(force, _chunk, entries, after, until_seq)
        if lines:
            yield lines


def _chunk(entries: EntryFilter, after: int, until_seq: int) -> tuple[bytes, int | None]:
    """Return the next lines and where to go on; None at the end."""
    rows = list(entries.apply().filter(seq__gt=after, seq__lte=until_seq).order_by("seq")[:CHUNK])
    data = AuditEntrySerializer(rows, many=True).data
    lines = _lines([[_cell(row[column]) for column in COLUMNS] for row in data])
    return lines, rows[-1].seq if len(rows) == CHUNK else None


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _cell(value: object) -> str:
    """Return text that a spreadsheet shows and never computes."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
