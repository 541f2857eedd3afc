"""JSON log lines with force and request id, and no personal data: links' tokens are masked wherever they stand."""

import json
import logging
import re
from contextvars import ContextVar
from typing import Any

request_id_var: ContextVar[str] = ContextVar("request_id", default="")
force_var: ContextVar[str] = ContextVar("force", default="")

TOKEN = re.compile(r"/i/[A-Za-z0-9_-]{8,}")
PHONE = re.compile(r"(?<![\w.:-])(?:\+44|0044|07)[\d ]{8,12}\d(?!\w)")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def mask(text: str) -> str:
    """Return ``text`` with link tokens and British telephone numbers masked."""
    return PHONE.sub("<number>", TOKEN.sub("/i/<token>", text))


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
