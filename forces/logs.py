"""JSON log lines with force and request id, and no personal data: keys and numbers are masked wherever they stand."""

import json
import logging
import re
from contextvars import ContextVar
from typing import Any

request_id_var: ContextVar[str] = ContextVar("request_id", default="")
force_var: ContextVar[str] = ContextVar("force", default="")

TOKEN = re.compile(r"/(i|agency|m)/[^/\s\"'?#&<>]+")
_NAMED = r"(?:sl_(?:session|csrf|caller|agency|meeting)|password|secret|credential|token|api_key)"
# Each with what stands in its place. They mask too much rather than too little; none begins with a repetition, which
# would take minutes over a long line.
_KEYS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bslt_[A-Za-z0-9_-]+"), "<token>"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,}"), r"\1 <credentials>"),
    (re.compile(r"(://[^\s/:@]{0,200}):[^\s/@]+@"), r"\1:<password>@"),
    # name=value, "name": "value" and ('name', 'value'), also with byte strings.
    (re.compile(rf"(?i)({_NAMED}[\"']?\s*[=:,]\s*b?[\"']?)[^\s\"',;&}})\]]+"), r"\1<masked>"),
)
# Postgres quotes the row that it would not take.
_VALUES = re.compile(r"(?s)(Key \([^)]{0,500}\)=\(|Failing row contains \().*?\)(?=\.|\s|$)")
PHONE = re.compile(r"(?<![\w.:-])(?:\+44|0044|07)[\d ]{8,12}\d(?!\w)")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def mask(text: str) -> str:
    """Return ``text`` with keys, values that Postgres quotes, and British telephone numbers masked."""
    masked = _VALUES.sub(r"\1<values>)", TOKEN.sub(r"/\1/<token>", text))
    for pattern, stand_in in _KEYS:
        masked = pattern.sub(stand_in, masked)
    return PHONE.sub("<number>", masked)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, force, request id, and the record's extras."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; exceptions come with their traceback, masked like everything else."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
            "force": force_var.get(),
            "request_id": request_id_var.get(),
        }
        extras = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line.update({key: mask(str(value)) for key, value in extras.items() if key != "request"})
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
