"""`/ws/caller/`: the page of a member of the public, admitted by the cookie of an opened link."""

from __future__ import annotations

from typing import Any

from forces.languages.page import cookie_language
from streams import signalling, wire
from streams.broadcasts import caller_topic
from streams.consumers.phone import PhoneSocket
from streams.consumers.refusals import OVER
from streams.selectors import read_ticket
from streams.services import chat
from streams.services.consent import withdraw_consent
from streams.services.link_standing import LinkNotOpened
from streams.signalling.callers import Caller


class CallerSocket(PhoneSocket):
    """One page of a caller."""

    rate = (20.0, 60)
    most_open = 4
    handlers = {
        **PhoneSocket.sharing,
        wire.ConsentGive: "consent_give",
        wire.ConsentWithdraw: "consent_withdraw",
        wire.ChatSend: "chat_send",
    }

    @property
    def phone(self) -> Caller:
        """The caller whose ticket opened this socket."""
        return self.caller

    def decode(self, text: str) -> wire.CallerFrame:
        """Read a frame of this socket; raises `WireError`."""
        return wire.decode_caller(text)

    async def begin(self) -> None:
        """Admit the ticket, follow the own topic, and send all that the page needs."""
        ticket = read_ticket(self.door["cookies"])
        if ticket is None:
            raise LinkNotOpened
        self.caller = Caller(self.force, ticket, self.door["request_id"])
        self.holder = f"{ticket.session_id}:{ticket.browser_secret}"
        async with self.topics.anew(caller_topic(ticket.session_id)):
            page = await signalling.open_page(self.caller, cookie_language(self.door["cookies"]))
            self.outbox.put(signalling.state_of(page, signalling.ice_servers(self.caller.session_id)))

    async def heard(self) -> None:
        """A link that was re-armed for another browser, or is over, shuts this one out here at the latest."""
        await signalling.hear(self.caller)

    async def check(self) -> None:
        """Admit the ticket again, whether or not the page pings."""
        await signalling.admit(self.caller)

    async def wire_message(self, event: dict[str, Any]) -> None:
        """Pass a broadcast on; the news that the session is over are the last."""
        await super().wire_message(event)
        if event["message"]["type"] == "session.ended":
            await self.shut(OVER)

    async def consent_give(self, frame: wire.ConsentGive) -> None:
        """Keep the consent; from here on addresses may leave the phone."""
        given = await signalling.agree(
            self.caller,
            scopes=list(frame.scopes),
            wording_version=frame.wording_version,
            language=frame.language,
        )
        servers = signalling.ice_servers(self.caller.session_id)
        self.outbox.put(wire.ConsentGiven(scopes=given["scopes"], ice_servers=servers, ref=frame.ref))

    async def consent_withdraw(self, frame: wire.ConsentWithdraw) -> None:
        """Take the consent back."""
        await self.caller.act(withdraw_consent)

    async def chat_send(self, frame: wire.ChatSend) -> None:
        """Send a message to the control room."""
        said = {"text": frame.text, "phrase": frame.phrase}
        await self.caller.act(chat.post_message, client_id=frame.client_id, **said)

    async def progress_report(self, frame: wire.ProgressReport) -> None:
        """Keep how far the page has come, or that it was left."""
        await signalling.report_progress(self.caller, frame.step, frame.reason)
