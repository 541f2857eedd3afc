"""Shares and notices as the functions of the database give them to the force that is connected."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Share:
    """A grant, as either side of it reads it."""

    id: UUID
    owner: str
    guest: str
    session_id: UUID
    reference: str
    purpose: str
    has_chat: bool
    has_recording: bool
    granted_by: str
    granted_by_name: str
    granted_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    end_reason: str

    def stands(self, now: datetime) -> bool:
        """Whether the guest may see anything of it."""
        return self.ended_at is None and now < self.ends_at


@dataclass(frozen=True, slots=True)
class Notice:
    """An act of the owner's side that the guest's audit holds now, too."""

    share_id: UUID
    owner: str
    kind: str
    disclosure_id: UUID
    at: datetime
    # None where the owner's side wrote no object that can be written down again.
    detail: dict[str, Any] | None
    reference: str
    end_reason: str


_COLUMNS = ", ".join(field.name for field in fields(Share))
_NOTICED = [field.name for field in fields(Notice)]
_MARKS = {list: "%s::uuid[]", UUID: "%s::uuid", datetime: "%s::timestamptz"}


def call(function: str, *given: Any, columns: str = "*") -> list[tuple[Any, ...]]:
    """Call a function of the door between forces; its name is one of ours, never a client's."""
    marks = ", ".join(_MARKS.get(type(value), "%s") for value in given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM public.{function}({marks})", given)  # noqa: S608
        return list(cursor.fetchall())


def read_shares(function: str, *given: Any) -> list[Share]:
    """Return the shares that a function gives."""
    return [Share(*row) for row in call(function, *given, columns=_COLUMNS)]


def take(now: datetime, most: int) -> list[Notice]:
    """Take notices of the connected force; they are taken when the unit of work commits."""
    rows = call("share_take_notices", now, most)
    return [Notice(**dict(zip(_NOTICED, (*row[:5], _read(row[5]), *row[6:]), strict=True))) for row in rows]


def _read(detail: Any) -> dict[str, Any] | None:
    """Return an object of JSON, which Django's connection gives as text; None for what else an owner's login wrote."""
    try:
        found = json.loads(detail) if isinstance(detail, str) else detail
        json.dumps(found, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
