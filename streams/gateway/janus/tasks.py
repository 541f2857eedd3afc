"""Tasks that outlive the request which happened to start them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any


def start_detached(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Run `work` in an empty context.

    A connection serves every force: the force and request id of whoever opened it must not stick to its
    reader, its keepalives and their log lines.
    """
    return asyncio.create_task(work, name=name, context=Context())
