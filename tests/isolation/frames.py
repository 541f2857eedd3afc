"""What each frame of a socket is tried with, and what answers it. A frame without a case here fails the tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Frame:
    """A frame of a socket: `refusal` is the code for another force's object, "" when it is ignored in silence."""

    fields: Mapping[str, Any]
    answer: str
    objects: tuple[str, ...] = ()
    refusal: str = "not_found"


_SESSION = {"session_id": "@live"}
_SOUND = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

CONSOLE: dict[str, Frame] = {
    "heartbeat.ping": Frame({"sent_at": 1}, "heartbeat.pong"),
    "console.snapshot": Frame({}, "console.snapshot"),
    "session.open": Frame(_SESSION, "session.snapshot", ("live",)),
    "session.close": Frame(_SESSION, "", ("live",), ""),
    "stream.watch": Frame({**_SESSION, "stream_id": "@stream"}, "stream.offer", ("live", "stream")),
    "watch.answer": Frame({"watch_id": "@own_watch", "sdp": "v=0"}, "", ("watch",), "watch_unknown"),
    "watch.candidate": Frame({"watch_id": "@own_watch", "candidate": None}, "", ("watch",), ""),
    "watch.layer": Frame({"watch_id": "@own_watch", "layer": "low"}, "", ("watch",), ""),
    "watch.stop": Frame({"watch_id": "@own_watch"}, "watch.ended", ("watch",), ""),
    "chat.send": Frame({**_SESSION, "client_id": "two", "text": "Hello"}, "chat.message", ("live",)),
    "recording.set": Frame({**_SESSION, "on": False}, "session.changed", ("live",)),
    "session.end": Frame(_SESSION, "session.changed", ("live",)),
    "share.give": Frame(
        {**_SESSION, "force": "beds", "purpose": "Over the border", "ends_at": "@later_ms", "chat": True},
        "session.changed",
        ("live",),
    ),
    "share.revoke": Frame({**_SESSION, "share_id": "@given"}, "session.changed", ("live", "given")),
    "agency.dismiss": Frame(
        {**_SESSION, "agency_id": "@agency", "viewer_id": "@agency_viewer"},
        "session.changed",
        ("live", "agency", "agency_viewer"),
    ),
    "agency.revoke": Frame({**_SESSION, "agency_id": "@agency"}, "session.changed", ("live", "agency")),
    "shared.open": Frame({"share_id": "@received"}, "shared.snapshot", ("received",)),
    "shared.close": Frame({"share_id": "@received"}, "", ("received",), ""),
    "shared.watch": Frame(
        {"share_id": "@received", "stream_id": "@shared_stream"}, "stream.offer", ("received", "shared_stream")
    ),
    "incident.open": Frame({"incident_id": "@incident"}, "incident.snapshot", ("incident",)),
    "incident.close": Frame({"incident_id": "@incident"}, "", ("incident",), ""),
    "incident.say": Frame({"incident_id": "@incident", "client_id": "two", "text": "Hello"}, "", ("incident",)),
    "still.ask": Frame({**_SESSION, "client_id": "still-one"}, "still.asked", ("live",)),
    "officers.follow": Frame({}, "officers.snapshot"),
    "officers.leave": Frame({}, ""),
    "flights.follow": Frame({}, "flights.snapshot"),
    "assignment.ask": Frame(
        {"incident_id": "@incident", "officer_id": "@officer", "note": "By the north gate"},
        "assignment.changed",
        ("incident",),
    ),
    "assignment.end": Frame({"assignment_id": "@asked of officer"}, "assignment.changed", ("asked of officer",)),
    "view.request": Frame(
        {"officer_id": "@officer", "incident_id": "@incident", "reason": "Is there smoke?"},
        "view.changed",
        ("incident",),
    ),
    "view.withdraw": Frame({"request_id": "@view of pcso"}, "view.changed", ("view of pcso",)),
    "session.show": Frame({"session_id": "@live of officer"}, "session.changed", ("live of officer",)),
    "session.hide": Frame(_SESSION, "session.changed", ("live",)),
    "talk.start": Frame({"session_id": "@live of pcso", "sdp": _SOUND}, "talk.answer", ("live of pcso",)),
    "talk.speak": Frame({"talk_id": "@own_talk", "on": True}, "", ("talk",)),
    "talk.candidate": Frame({"talk_id": "@own_talk", "candidate": None}, "", ("talk",), ""),
    "talk.stop": Frame({"talk_id": "@own_talk"}, "", ("talk",), ""),
}

# A caller's frames name nothing: what they are about is the cookie's. Each is tried with a cookie of another force.
CALLER: dict[str, Mapping[str, Any]] = {
    "heartbeat.ping": {"sent_at": 1},
    "consent.give": {"scopes": ["location", "video"], "wording_version": 1, "language": "en"},
    "consent.withdraw": {},
    "stream.publish": {"sdp": "v=0"},
    "stream.begin": {},
    "stream.candidate": {"candidate": None},
    "stream.stop": {},
    "stream.delay": {"sending_ms": 80},
    "position.fix": {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": "@now_ms"},
    "chat.send": {"client_id": "three", "text": "Hello"},
    "progress.report": {"step": "page_visible"},
    "rung.report": {"rung": "stills", "reason": "slow_uplink"},
    "session.stop": {},
    "still.refuse": {"ask_id": "@ask", "reason": "denied"},
}

# Nor do an agency's, but for the stream: the cookie names the share and the viewer.
AGENCY: dict[str, Frame] = {
    "heartbeat.ping": Frame({"sent_at": 1}, "heartbeat.pong"),
    "agency.snapshot": Frame({}, "agency.snapshot"),
    "agency.watch": Frame({"stream_id": "@stream"}, "stream.offer", ("stream",)),
    "watch.answer": Frame({"watch_id": "@own_watch", "sdp": "v=0"}, "", ("watch",), "watch_unknown"),
    "watch.candidate": Frame({"watch_id": "@own_watch", "candidate": None}, "", ("watch",), ""),
    "watch.stop": Frame({"watch_id": "@own_watch"}, "watch.ended", ("watch",), ""),
    "agency.leave": Frame({}, ""),
}

# An aircraft's frames name nothing: what they are about is the key's, and the test that tries another force's is named.
TELEMETRY: dict[str, str] = {
    "heartbeat.ping": "test_key_of_another_force_opens_no_socket",
    "telemetry.fixes": "test_key_of_another_force_opens_no_socket",
}

# An officer's frames name an incident, or the own session: what they share, they share in that. What they watch is
# shown to them on the incident that they go to.
OFFICER: dict[str, Frame] = {
    "heartbeat.ping": Frame({"sent_at": 1}, "heartbeat.pong"),
    "officer.snapshot": Frame({}, "officer.state"),
    "status.set": Frame({"status": "at_scene"}, "officer.changed"),
    "duty.fixes": Frame({"fixes": "@fixes"}, "duty.kept"),
    "live.start": Frame({"incident_id": "@incident"}, "officer.state", ("incident",)),
    "assignment.accept": Frame({"assignment_id": "@officers_asked"}, "officer.changed", ("officers_asked",)),
    "assignment.decline": Frame(
        {"assignment_id": "@officers_asked", "reason": "too_far"}, "officer.changed", ("officers_asked",)
    ),
    "assignment.done": Frame({"assignment_id": "@officers_accepted"}, "officer.changed", ("officers_accepted",)),
    "view.accept": Frame({"request_id": "@officers_view"}, "officer.state", ("officers_view",)),
    "view.decline": Frame({"request_id": "@officers_view", "reason": "busy"}, "officer.changed", ("officers_view",)),
    "notice.seen": Frame({"notice_id": "@officers_notice"}, "officer.notice_seen", ("officers_notice",)),
    "incident.say": Frame(
        {"incident_id": "@officers_incident", "client_id": "two", "text": "Arrived"},
        "incident.message",
        ("officers_incident",),
    ),
    "talk.listen": Frame({"talk_id": "@officers_talk"}, "talk.offer", ("officers_talk",)),
    "talk.accept": Frame({"talk_id": "@officers_talk", "sdp": _SOUND}, "", ("officers_talk",)),
    "talk.candidate": Frame({"talk_id": "@officers_talk", "candidate": None}, "", ("officers_talk",), ""),
    "stream.publish": Frame({"sdp": "v=0"}, "stream.answer"),
    "stream.begin": Frame({}, ""),
    "stream.candidate": Frame({"candidate": None}, ""),
    "stream.stop": Frame({"session_id": "@officers_live"}, "", ("officers_live",), "not_live"),
    "stream.delay": Frame({"sending_ms": 80}, ""),
    "position.fix": Frame({"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": "@now_ms"}, ""),
    "progress.report": Frame({"step": "page_visible"}, ""),
    "rung.report": Frame({"rung": "stills", "reason": "slow_uplink"}, ""),
    "still.refuse": Frame({"ask_id": "@officers_ask", "reason": "denied"}, "", ("officers_ask",)),
    "session.stop": Frame({"session_id": "@officers_live"}, "session.ended", ("officers_live",), "not_live"),
    "stream.watch": Frame({**_SESSION, "stream_id": "@stream"}, "stream.offer", ("live", "stream")),
    "watch.answer": Frame({"watch_id": "@own_watch", "sdp": "v=0"}, "", ("watch",), "watch_unknown"),
    "watch.candidate": Frame({"watch_id": "@own_watch", "candidate": None}, "", ("watch",), ""),
    "watch.layer": Frame({"watch_id": "@own_watch", "layer": "low"}, "", ("watch",), ""),
    "watch.stop": Frame({"watch_id": "@own_watch"}, "watch.ended", ("watch",), ""),
}
