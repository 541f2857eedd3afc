"""The order of things between the rows and the media server. Nothing else touches the gateway.

Always three steps: the intent is written, the media server is asked, the outcome is written. No transaction is
open while the media server is asked, and whatever fails half-way is undone here or found by the watchdog.
"""

from streams.services.caller_page import CallerPage
from streams.signalling.callers import Caller, admit, agree, hear, ice_servers, open_page, report_fix, state_of
from streams.signalling.close import close_session, end_session, stop_session
from streams.signalling.events import Taken, media_event, take_batch
from streams.signalling.gateways import close_gateways, gateway_for, use_gateway
from streams.signalling.leaving import leave, report_progress
from streams.signalling.officers import Officer, hear_officer, note_back, officer_state, read_page
from streams.signalling.phones import Phone
from streams.signalling.publish import Published, detach_all, end_stream, publish, stop_stream, trickle_publisher
from streams.signalling.recording import set_recording, start_recording
from streams.signalling.rooms import Participant, opaque_id, read_opaque_id, room_secret, room_spec
from streams.signalling.shared import (
    list_partners,
    list_shared,
    open_shared,
    revoke_share,
    share_session,
    watch_shared,
)
from streams.signalling.watch import (
    WatchOffer,
    answer_watch,
    choose_layer,
    end_watch,
    end_watches_of,
    stop_watch,
    trickle_viewer,
    watch,
)

__all__ = [
    "Caller",
    "CallerPage",
    "Officer",
    "Participant",
    "Phone",
    "Published",
    "Taken",
    "WatchOffer",
    "admit",
    "agree",
    "answer_watch",
    "choose_layer",
    "close_gateways",
    "close_session",
    "detach_all",
    "end_session",
    "end_stream",
    "end_watch",
    "end_watches_of",
    "gateway_for",
    "hear",
    "hear_officer",
    "ice_servers",
    "leave",
    "list_partners",
    "list_shared",
    "media_event",
    "note_back",
    "officer_state",
    "opaque_id",
    "open_page",
    "open_shared",
    "publish",
    "read_opaque_id",
    "read_page",
    "report_fix",
    "report_progress",
    "revoke_share",
    "room_secret",
    "room_spec",
    "set_recording",
    "share_session",
    "start_recording",
    "state_of",
    "stop_session",
    "stop_stream",
    "stop_watch",
    "take_batch",
    "trickle_publisher",
    "trickle_viewer",
    "use_gateway",
    "watch",
    "watch_shared",
]
