"""What a sender of text messages and e-mails is, whoever it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class SenderError(Exception):
    """The message was not taken. `code` is stable and holds no personal data.

    A permanent error will not go away by trying again; after any other the message may have been taken
    all the same, so ask `find` before sending again.
    """

    def __init__(self, code: str, *, is_permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_permanent = is_permanent


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `to` in E.164, or an e-mail address with a `subject`. `reference` is ours, unique per message, and
    starts with the schema.

    Address and text stay out of the representation, since they must not reach a log.
    """

    to: str = field(repr=False)
    body: str = field(repr=False)
    reference: str
    is_email: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider took the message and calls it `provider_id`."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class SendReport:
    """What came of one try: the provider's id, or the error."""

    provider_id: str = ""
    error: SenderError | None = None


class MessageSender(Protocol):
    """A way to send messages. Both calls have a deadline of seconds and raise only `SenderError`."""

    def send(self, message: Message) -> SendResult:
        """Send a message now."""

    def find(self, reference: str) -> SendResult | None:
        """Return what the provider knows under a reference, or None."""


def send_once(sender: MessageSender, message: Message, *, is_repeat: bool) -> SendReport:
    """Send a message unless an earlier try (`is_repeat`) has reached the provider after all; never raises
    `SenderError`. Call it outside of any transaction.
    """
    try:
        found = sender.find(message.reference) if is_repeat else None
        result = found or sender.send(message)
    except SenderError as error:
        return SendReport(error=error)
    return SendReport(provider_id=result.provider_id)
