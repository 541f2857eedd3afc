"""CSV that a spreadsheet shows and never computes."""

import csv
import io
import json
from collections.abc import Iterable

from rest_framework.renderers import BaseRenderer

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CsvRenderer(BaseRenderer):
    """Lets ``?format=csv`` be asked for; the view streams and never renders through this."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


def csv_lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as lines of CSV in UTF-8; what could be a formula gets an apostrophe in front."""
    out = io.StringIO()
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
