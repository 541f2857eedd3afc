"""What streams is told of this app's places at the media server, and what its watchdog looks after."""

from __future__ import annotations

from consultations.services.keeping import FEED, FEED_KIND, RECEPTION, RECEPTION_KIND
from consultations.signalling import events, upkeep_media, upkeep_people, upkeep_recording
from consultations.signalling.seats import end_feed
from streams.signalling.kinds import KindOfPlace, register_kind
from streams.steps import Step, register_steps

STEPS = (
    Step(upkeep_media.end_lost_places, 1, 10, rests=True),
    Step(upkeep_media.compare_call_feeds, 1, 20, rests=True),
    Step(upkeep_media.end_stale_feeds, 1, 20, rests=True),
    Step(upkeep_recording.check_track_recordings, 1, 10, rests=True),
    Step(upkeep_media.end_stale_talks, 2, 20, rests=True),
    Step(upkeep_people.notice_who_waits, 2, 10, rests=True),
    Step(upkeep_people.raise_due_risk, 5, 10, rests=True),
    Step(upkeep_people.notice_nobody_comes, 5, 10, rests=True),
    Step(upkeep_people.notice_nobody_leads, 5, 20, rests=True),
    Step(upkeep_people.return_to_waiting, 5, 20, rests=True),
    Step(upkeep_media.close_side_rooms, 5, 30, rests=True),
    Step(upkeep_people.expire_consultations, 30, 30),
)


def register_signalling() -> None:
    """Register it; called once, when the app is ready."""
    register_kind(KindOfPlace(FEED_KIND, FEED, on_event=events.feed_event, end=end_feed))
    register_kind(KindOfPlace(RECEPTION_KIND, RECEPTION, on_event=events.reception_event, end=events.end_reception))
    register_steps(*STEPS)
