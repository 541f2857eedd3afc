"""The time line of an incident: what happened in it, read from the rows that an erasure leaves, a page at a time.

One query per kind of row, whatever the number of sessions, each with at most one page; then the newest of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Model, Q
from django.db.models.functions import TruncMinute

from evidence.models import Item
from forces.errors import InvalidInput
from forces.services.sharing import all_shares
from streams.models import (
    AgencyShare,
    Assignment,
    ChatMessage,
    Consent,
    Handover,
    Incident,
    IncidentMessage,
    Invitation,
    LiveSession,
    PictureGap,
    RecordingSegment,
    RiskAssessment,
    Showing,
    Stream,
    Talk,
    ViewRequest,
    Watch,
)
from streams.shapes import Plain

PAGE_ROWS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the time line: entries are in the order of (at, id)."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}~{self.id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `detail` says more, by kind."""

    place: Place
    kind: str
    session_id: UUID | None
    who: str
    detail: Plain


@dataclass(frozen=True, slots=True)
class _Rows:
    """One kind of entry: which rows, the time in them, who did it, and what else is told."""

    group: str
    kind: str
    model: type[Model]
    at: str
    who: str = ""
    told: tuple[str, ...] = ()
    only: Q | None = None

    def read(self, incident_id: UUID, before: Place | None) -> Iterator[Entry]:
        session, mine = _whose(self.model, incident_id)
        rows = self.model._default_manager.filter(mine, self.only or Q(), _until(self.at, before, self.kind))
        names = {"id", self.at, *self.told, *filter(None, [self.who, session])}
        for row in rows.order_by(f"-{self.at}", "-id").values(*names)[: PAGE_ROWS + 1]:
            who = str(row[self.who]) if self.who else ""
            detail = {name: row[name] for name in self.told}
            yield Entry(
                Place(row[self.at], f"{self.kind}.{row['id']}"),
                self.kind,
                row[session] if session else None,
                who,
                detail,
            )


def _whose(model: type[Model], incident_id: UUID) -> tuple[str, Q]:
    """Return the field with the session of a row ("": it has none), and which rows are an incident's."""
    of_incident = Q(incident_id=incident_id)
    if model is LiveSession:
        return "id", of_incident
    if model in (Assignment, ViewRequest):
        return ("session_id" if model is ViewRequest else ""), of_incident
    return "session_id", Q(session_id__in=LiveSession.objects.filter(of_incident).values("id"))


def _until(at: str, before: Place | None, kind: str = "") -> Q:
    """What comes after a place: earlier, or at its time and behind it. What is counted is sorted out later."""
    there = Q(**{f"{at}__isnull": False})
    if before is None:
        return there
    earlier = there & Q(**{f"{at}__lt": before.at})
    whose, _, key = before.id.partition(".")
    if not kind or f"{kind}." < f"{whose}.":
        return earlier | Q(**{at: before.at})
    return earlier | Q(**{at: before.at}, id__lt=_uuid(key)) if kind == whose else earlier


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise InvalidInput("There is no such place in a time line.", details={"field": "before"}) from error


_WITHOUT_STREAM = ~Q(link_kind=LiveSession.LinkKind.LOCATION_VIDEO) | Q(kind=LiveSession.Kind.CONSULTATION)
_ROWS = (
    _Rows("session", "session_created", LiveSession, "created_at", "created_by_name", ("kind", "link_kind")),
    _Rows("session", "session_ended", LiveSession, "ended_at", "", ("ended_by_kind", "end_reason")),
    _Rows("link", "link_sent", Invitation, "sent_at", "", ("channel",)),
    _Rows("link", "link_delivered", Invitation, "delivered_at"),
    _Rows("link", "link_opened", Invitation, "opened_at"),
    _Rows("link", "consent_given", Consent, "given_at", "", ("scopes",)),
    _Rows("link", "consent_withdrawn", Consent, "withdrawn_at"),
    _Rows("picture", "live", Stream, "live_at"),
    # Of a session without a stream: its first position, or what first came of a consultation's people.
    _Rows("picture", "live", LiveSession, "live_at", only=_WITHOUT_STREAM),
    _Rows("picture", "stalled", PictureGap, "began_at"),
    _Rows("picture", "back", PictureGap, "ended_at", "", ("began_at",)),
    _Rows("picture", "stream_ended", Stream, "ended_at", "", ("end_reason",), Q(live_at__isnull=False)),
    _Rows("watch", "watch_began", Watch, "started_at", "user_name", ("guest",)),
    _Rows("watch", "watch_ended", Watch, "ended_at", "user_name", ("guest", "seconds")),
    _Rows("watch", "talk_began", Talk, "connected_at", "user_name"),
    _Rows("watch", "talk_ended", Talk, "ended_at", "user_name", ("connected_at",), Q(connected_at__isnull=False)),
    _Rows("share", "agency_given", AgencyShare, "granted_at", "granted_by_name", ("agency",)),
    _Rows("share", "agency_ended", AgencyShare, "ended_at", "", ("agency", "end_reason")),
    _Rows("share", "picture_shown", Showing, "shown_at", "shown_by_name"),
    _Rows("share", "picture_hidden", Showing, "hidden_at", "hidden_by_name", ("end_reason",)),
    _Rows("recording", "recording", RecordingSegment, "confirmed_at"),
    _Rows("recording", "recording_alarm", RecordingSegment, "alarm_at", "", ("alarm_reason",)),
    _Rows("recording", "item_sealed", Item, "sealed_at", "", ("kind",)),
    _Rows("decision", "override", RiskAssessment, "overridden_at", "overridden_by"),
    _Rows("decision", "handover_offered", Handover, "offered_at", "from_name", ("to_name",), ~Q(state="taken")),
    _Rows("decision", "handover_accepted", Handover, "closed_at", "to_name", ("from_name",), Q(state="accepted")),
    _Rows("decision", "handover_declined", Handover, "closed_at", "to_name", ("from_name",), Q(state="declined")),
    _Rows("decision", "handover_withdrawn", Handover, "closed_at", "from_name", ("to_name",), Q(state="withdrawn")),
    _Rows("decision", "session_taken", Handover, "closed_at", "to_name", ("from_name",), Q(state="taken")),
)
# What officers were asked: who asked, or who answered.
_ASKED = (
    _Rows("officer", "officer_asked", Assignment, "asked_at", "asked_by_name", ("user_name",)),
    _Rows("officer", "officer_goes", Assignment, "answered_at", "user_name", only=Q(refusal="")),
    _Rows("officer", "officer_declined", Assignment, "answered_at", "user_name", ("refusal",), ~Q(refusal="")),
    _Rows("officer", "officer_done", Assignment, "ended_at", "user_name", ("end_reason",), Q(state="ended")),
    _Rows("officer", "view_asked", ViewRequest, "asked_at", "asked_by_name", ("user_name",)),
    _Rows("officer", "view_answered", ViewRequest, "closed_at", "user_name", ("state", "refusal")),
)
_Reader = Callable[[Incident, Place | None], Iterator[Entry]]


def _opened_and_closed(incident: Incident, before: Place | None) -> Iterator[Entry]:
    moments = (
        ("incident_opened", incident.opened_at, incident.opened_by_name),
        ("incident_closed", incident.closed_at, ""),
    )
    for kind, at, who in moments:
        if at is not None:
            yield Entry(Place(at, f"{kind}.{incident.id}"), kind, None, who, {})


def _shares(incident: Incident, before: Place | None) -> Iterator[Entry]:
    session_ids = LiveSession.objects.filter(incident_id=incident.id).values_list("id", flat=True)
    for share in all_shares(*session_ids):
        told = {"guest": share.guest}
        given = Place(share.granted_at, f"share_given.{share.id}")
        yield Entry(given, "share_given", share.session_id, share.granted_by_name, told)
        if share.ended_at is not None:
            ended = Place(share.ended_at, f"share_ended.{share.id}")
            yield Entry(ended, "share_ended", share.session_id, "", {**told, "end_reason": share.end_reason})


def _messages(incident: Incident, before: Place | None) -> Iterator[Entry]:
    """How many there were in one minute of one session: what was said is not told here."""
    rows = ChatMessage.objects.filter(session__incident_id=incident.id)
    counted = rows.annotate(minute=TruncMinute("sent_at")).order_by().values("session_id", "minute")
    yield from _counted("messages", counted, before)


def _group_messages(incident: Incident, before: Place | None) -> Iterator[Entry]:
    rows = IncidentMessage.objects.filter(incident_id=incident.id)
    counted = rows.annotate(minute=TruncMinute("sent_at")).order_by().values("minute")
    yield from _counted("group_messages", counted, before)


def _counted(kind: str, rows: Any, before: Place | None) -> Iterator[Entry]:
    found = rows.annotate(count=Count("id"), at=Max("sent_at")).filter(_until("at", before))
    for row in found.order_by(F("at").desc(), F("minute").desc())[: PAGE_ROWS + 1]:
        session_id: UUID | None = row.get("session_id")
        place = Place(row["at"], f"{kind}.{session_id or ''}.{row['minute']:%Y%m%d%H%M}")
        yield Entry(place, kind, session_id, "", {"count": row["count"]})


_READERS: tuple[tuple[str, _Reader], ...] = (
    ("decision", _opened_and_closed),
    ("share", _shares),
    ("text", _messages),
    ("text", _group_messages),
)
GROUPS = frozenset({rows.group for rows in (*_ROWS, *_ASKED)} | {group for group, _ in _READERS})


def read_place(text: str) -> Place | None:
    """Return a place that was given out as `next`, None for none; raises `InvalidInput`."""
    if not text:
        return None
    at, _, entry_id = text.partition("~")
    try:
        place = Place(datetime.fromisoformat(at.replace(" ", "+")), entry_id)
    except ValueError as error:
        raise InvalidInput("There is no such place in a time line.", details={"field": "before"}) from error
    if not entry_id or "\x00" in entry_id or place.at.tzinfo is None:
        raise InvalidInput("There is no such place in a time line.", details={"field": "before"})
    return place


def read_timeline(incident: Incident, before: Place | None, groups: Collection[str]) -> list[Entry]:
    """Return one page of at most `PAGE_ROWS` and one more where there is one, newest first. No groups: all of them."""
    found = [
        entry
        for rows in (*_ROWS, *_ASKED)
        if not groups or rows.group in groups
        for entry in rows.read(incident.id, before)
    ]
    for group, reader in _READERS:
        if not groups or group in groups:
            found += reader(incident, before)
    key = _order(before) if before else None
    earlier = [entry for entry in found if key is None or _order(entry.place) < key]
    return sorted(earlier, key=lambda entry: _order(entry.place), reverse=True)[: PAGE_ROWS + 1]


def _order(place: Place) -> tuple[datetime, str]:
    return place.at, place.id
