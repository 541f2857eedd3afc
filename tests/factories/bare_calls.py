"""Sessions of the kind consultation with nothing else to them, and an app that keeps them in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pytest

from forces.actors import Actor
from streams import closing_rules, endings, outgoing, place_keepers, standing_rules
from streams.models import LiveSession, Upload
from streams.outgoing import Outgoing
from streams.services.handles import HeldHandle
from streams.services.ownership import Owned
from streams.standing_rules import Standing
from tests.factories.streams import NOW, make_incident, person

KIND = LiveSession.Kind.CONSULTATION


def make_bare_call(*, now: datetime = NOW, state: str = "consented") -> LiveSession:
    """Make a consultation that stands in a state, over or not."""
    is_over = state in LiveSession.OVER
    return LiveSession.objects.create(
        incident=make_incident(now=now),
        kind=KIND,
        link_kind=LiveSession.LinkKind.LOCATION_VIDEO,
        state=state,
        created_by="officer-1",
        created_at=now,
        consented_at=now if state in ("consented", "live") else None,
        ended_at=now if is_over else None,
    )


@dataclass
class Row:
    """What goes on in memory, whose it is, and its place."""

    id: UUID
    session_id: UUID
    process: str
    place: HeldHandle | None = None
    is_over: bool = False


@dataclass
class MemoryApp:
    """Fulfils `PlaceKeeper`, and the rules of consultations, from memory; what it was told can be read.

    `insiders` are the ids of those who share, `scopes` what the sessions cover, `leaders` may run them.
    """

    rows: list[Row] = field(default_factory=list)
    rooms: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    idle: bool = True
    insiders: set[str] = field(default_factory=set)
    scopes: set[str] = field(default_factory=set)
    leaders: set[str] = field(default_factory=set)
    numbers: dict[str, set[UUID]] = field(default_factory=dict)
    messages: dict[UUID, UUID] = field(default_factory=dict)
    receipts: list[tuple[UUID, str]] = field(default_factory=list)
    handed: list[UUID] = field(default_factory=list)
    uploads: list[UUID] = field(default_factory=list)

    @property
    def holders(self) -> frozenset[str]:
        return frozenset({"feed"})

    def list_owners(self) -> set[str]:
        return {row.process for row in self._going_on()}

    def list_owned(self, owner: str) -> list[Owned]:
        mine = [row for row in self._going_on() if row.process == owner]
        return [Owned("feed", row.id, row.session_id, "", "", row.place) for row in mine]

    def change_owner(self, owned: Owned, before: str, after: str) -> bool:
        mine = [row for row in self._going_on() if row.id == owned.id and row.process == before]
        for row in mine:
            row.process = after
        return bool(mine)

    def find_lost(self, owner: str, ids: Mapping[str, Collection[UUID]]) -> set[UUID]:
        return {row.id for row in self._going_on() if row.id in ids.get("c", ()) and row.process != owner}

    def find_leftovers(self) -> list[HeldHandle]:
        return [row.place for row in self.rows if row.is_over and row.place is not None]

    def find_session_handles(self, session_id: UUID) -> list[HeldHandle]:
        return [row.place for row in self.rows if row.session_id == session_id and row.place is not None]

    def note_detached(self, gone: Sequence[HeldHandle]) -> None:
        assert {held.holder for held in gone} == {"feed"}
        for row in self.rows:
            row.place = None if row.place in gone else row.place

    def is_idle(self, now: datetime) -> bool:
        return self.idle

    def other_rooms(self, session_id: UUID) -> tuple[str, ...]:
        return self.rooms.get(session_id, ())

    def hand_over(self, session: LiveSession, now: datetime) -> list[UUID]:
        self.handed.append(session.id)
        return [session.id]

    def note_receipt(self, now: datetime, message_id: UUID, status: str) -> bool:
        if message_id in self.messages:
            self.receipts.append((message_id, status))
        return message_id in self.messages

    def sessions_of(self, message_ids: Collection[UUID]) -> dict[UUID, UUID]:
        return {key: self.messages[key] for key in message_ids if key in self.messages}

    def sessions_with(self, phone_number: str) -> set[UUID]:
        return self.numbers.get(phone_number, set())

    def rules(self) -> Standing:
        def is_own(actor: Actor, session: LiveSession) -> bool:
            return actor.id in self.insiders

        def allows(session_id: UUID, scope: str) -> bool:
            return scope in self.scopes

        def may_run(actor: Actor, session: LiveSession) -> bool:
            return actor.kind != "caller" and actor.id in self.leaders

        def tell(upload: Upload) -> None:
            self.uploads.append(upload.id)

        return Standing(is_own, allows, may_run, tell)

    def _going_on(self) -> list[Row]:
        return [row for row in self.rows if not row.is_over]


def install(monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """Let the app in memory be the only one above streams, whichever are installed."""
    app = MemoryApp(leaders={person("officer").id})
    monkeypatch.setattr(place_keepers, "_keepers", [app])
    monkeypatch.setattr(standing_rules, "_standings", {KIND: app.rules()})
    monkeypatch.setattr(closing_rules, "_handers", {KIND: app.hand_over})
    monkeypatch.setattr(outgoing, "_apps", [Outgoing(app.note_receipt, app.sessions_of, app.sessions_with)])
    monkeypatch.setattr(endings, "_listeners", [])
    return app
