"""`/ws/meeting/`: the page of a member of a consultation, admitted by the cookie of an opened link."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from consultations import wire
from consultations.broadcasts import meeting_topic
from consultations.consumers.consent import ConsentSocket
from consultations.consumers.words import WordsSocket
from consultations.services import ready, signals, visiting
from consultations.services.visit_page import admit_check
from consultations.signalling import calls, pages
from consultations.signalling.people import Guest, Person, ice_servers_of
from consultations.tickets import read_meeting_ticket
from forces.languages.page import cookie_language
from streams.consumers.refusals import OVER
from streams.services.link_standing import LinkNotOpened

log = logging.getLogger(__name__)


class MeetingSocket(ConsentSocket, WordsSocket):
    """One page of a member."""

    rate = (20.0, 80)
    most_open = 4
    handlers = {
        **WordsSocket.seating,
        **WordsSocket.receiving,
        **WordsSocket.private,
        **WordsSocket.wording,
        **ConsentSocket.consenting,
        wire.CheckBegin: "check_begin",
        wire.CheckReport: "check_report",
        wire.ReadySay: "ready_say",
        wire.SignalSend: "signal_send",
        wire.MeetingLeave: "meeting_leave",
        wire.LanguageSet: "language_set",
    }

    @property
    def person(self) -> Person:
        """The member whose ticket opened this socket."""
        return self.guest

    def decode(self, text: str) -> wire.ClientFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_meeting(text)

    async def begin(self) -> None:
        """Admit the ticket, follow the own topic, and send all that the page needs."""
        ticket = read_meeting_ticket(self.door["cookies"])
        if ticket is None:
            raise LinkNotOpened
        self.guest = Guest(self.force, ticket, self.door["request_id"])
        self.holder = f"meeting:{ticket.participant_id}:{ticket.browser_secret}"
        async with self.topics.anew(meeting_topic(ticket.participant_id)) as seqs:
            page = await pages.open_meeting(self.guest, cookie_language(self.door["cookies"]))
            self.sit()
            self.outbox.put(pages.meeting_state(page, dict(seqs)))
        await self.tell_talk(self.guest)

    async def check(self) -> None:
        """Admit the ticket again, whether or not the page pings."""
        await self.guest.admit()

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; the news that it is over, or that the person is out, are the last."""
        await super().wire_message(event)
        message = event["message"]
        is_out = message["type"] == "meeting.changed" and message["meeting"]["phase"] == "removed"
        if message["type"] == "call.ended" or is_out:
            await self.shut(OVER)

    def completed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Give ICE servers with the news that the person was let in."""
        if message["type"] == "meeting.changed" and message["meeting"]["phase"] == "call":
            return {**message, "ice_servers": ice_servers_of(self.guest.participant_id)}
        return super().completed(message)

    async def check_begin(self, frame: wire.CheckBegin) -> None:
        """Let the line be checked."""
        await self.guest.act(admit_check)
        self.outbox.put(wire.CheckReady(ice_servers=ice_servers_of(self.guest.participant_id), ref=frame.ref))

    async def check_report(self, frame: wire.CheckReport) -> None:
        """Keep what the line check found."""
        await self.guest.act(ready.note_check, results=msgspec.to_builtins(frame.results))

    async def ready_say(self, frame: wire.ReadySay) -> None:
        """Wait to be let in."""
        secret = self.guest.ticket.browser_secret
        said = {"shown_name": frame.shown_name, "alone": frame.alone}
        await self.guest.act(ready.ready_for_room, browser_secret=secret, **said)

    async def signal_send(self, frame: wire.SignalSend) -> None:
        """Alert the officers. Nothing comes back, whatever happens: somebody may be looking at this screen."""
        try:
            await self.guest.act(signals.send_signal)
        except Exception:
            log.warning("a silent signal was not kept", exc_info=True)

    async def meeting_leave(self, frame: wire.MeetingLeave) -> None:
        """Leave."""
        await self.finish()
        await calls.leave_meeting(self.force, self.guest.ticket, self.guest.request_id)

    async def language_set(self, frame: wire.LanguageSet) -> None:
        """Read the own pages in another language."""
        await self.guest.act(visiting.choose_language, language=frame.language)
