"""The order of things between the rows and the media server. Nothing else touches the gateway.

Always three steps: the intent is written, the media server is asked, the outcome is written. No transaction is
open while the media server is asked, and whatever fails half-way is undone here or found by the watchdog.
"""

from streams.services.caller_page import CallerPage
from streams.signalling.agencies import (
    AgencyPage,
    dismiss_agency_viewer,
    hear_agency,
    leave_agency,
    open_agency_page,
    revoke_agency,
    watch_agency,
)
from streams.signalling.callers import Caller, admit, agree, hear, ice_servers, open_page, report_fix, state_of
from streams.signalling.close import close_session, end_session, stop_session
from streams.signalling.colleagues import (
    hear_colleague,
    hide_from_officers,
    review_watches,
    show_to_officers,
    watch_colleague,
)
from streams.signalling.duty import find_duty, take_fixes
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
    view_shared_recording,
    watch_shared,
)
from streams.signalling.talk import (
    TalkSdp,
    answer_listening,
    end_talk,
    end_talks_of,
    forget_listening_of,
    listen,
    speak,
    start_talk,
    stop_talk,
    trickle_listener,
    trickle_speaker,
)
from streams.signalling.watch import (
    WatchOffer,
    answer_watch,
    choose_layer,
    drop_watch,
    end_watch,
    end_watches_of,
    stop_watch,
    trickle_viewer,
    watch,
)

__all__ = [
    "AgencyPage",
    "Caller",
    "CallerPage",
    "Officer",
    "Participant",
    "Phone",
    "Published",
    "Taken",
    "TalkSdp",
    "WatchOffer",
    "admit",
    "agree",
    "answer_listening",
    "answer_watch",
    "choose_layer",
    "close_gateways",
    "close_session",
    "detach_all",
    "dismiss_agency_viewer",
    "drop_watch",
    "end_session",
    "end_stream",
    "end_talk",
    "end_talks_of",
    "end_watch",
    "end_watches_of",
    "find_duty",
    "forget_listening_of",
    "gateway_for",
    "hear",
    "hear_agency",
    "hear_colleague",
    "hear_officer",
    "hide_from_officers",
    "ice_servers",
    "leave",
    "leave_agency",
    "list_partners",
    "list_shared",
    "listen",
    "media_event",
    "note_back",
    "officer_state",
    "opaque_id",
    "open_agency_page",
    "open_page",
    "open_shared",
    "publish",
    "read_opaque_id",
    "read_page",
    "report_fix",
    "report_progress",
    "review_watches",
    "revoke_agency",
    "revoke_share",
    "room_secret",
    "room_spec",
    "set_recording",
    "share_session",
    "show_to_officers",
    "speak",
    "start_recording",
    "start_talk",
    "state_of",
    "stop_session",
    "stop_stream",
    "stop_talk",
    "stop_watch",
    "take_batch",
    "take_fixes",
    "trickle_listener",
    "trickle_publisher",
    "trickle_speaker",
    "trickle_viewer",
    "use_gateway",
    "view_shared_recording",
    "watch",
    "watch_agency",
    "watch_colleague",
    "watch_shared",
]
