"""A calendar entry for a person: of the time, and of nothing that somebody else who sees the calendar must not know."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event, Timezone

from consultations.contact_times import LONDON
from consultations.models import Consultation, MeetingLink
from consultations.selectors import find_policy
from consultations.services.messages import meeting_link_of
from consultations.services.visiting import find_shown_link
from forces.context import current_force
from streams.services.links import site_of

ALARM_BEFORE = timedelta(minutes=15)


def calendar_of(*, now: datetime, token: str, browser_secret: str = "") -> bytes:
    """Return the entry of a link as iCalendar; spends nothing. Raises as `visiting.describe_meeting_link`.

    In safe mode it holds the time and the word "Meeting".
    """
    link, consultation = find_shown_link(now=now, token=token, browser_secret=browser_secret)
    return entry_of(now, consultation, link)


def entry_of(now: datetime, consultation: Consultation, link: MeetingLink) -> bytes:
    """Return the entry of a person, in the state that the booking has now."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sightline//Meeting//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_tzinfo(LONDON))
    calendar.add_component(_event(now, consultation, link))
    entry: bytes = calendar.to_ical()
    return entry


def _event(now: datetime, consultation: Consultation, link: MeetingLink) -> Event:
    force, participant = current_force(), link.participant
    host = urlsplit(site_of(force.schema)).hostname or force.schema
    event = Event()
    event.add("uid", f"{consultation.session_id}.{participant.id}@{host}")
    event.add("sequence", consultation.booking_version)
    event.add("dtstamp", now)
    event.add("dtstart", consultation.starts_at.astimezone(LONDON))
    event.add("dtend", consultation.ends_at.astimezone(LONDON))
    event.add("status", "CANCELLED" if consultation.is_over else "CONFIRMED")
    if participant.safe_mode:
        event.add("summary", "Meeting")
        return event
    number = find_policy().call_number
    event.add("summary", f"Video meeting with {force.name}")
    event.add("description", f"{meeting_link_of(force.schema, link)}\n{number}" if number else "")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Meeting")
    alarm.add("trigger", -ALARM_BEFORE)
    event.add_component(alarm)
    return event
