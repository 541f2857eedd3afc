"""The link that is sent to a caller, the wording of its message, and the force's policy for links."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition

HTTPS_ADDRESS = URLValidator(schemes=["https"])


class Invitation(models.Model):
    """One link. Its token and its code are derived from `id` and `generation` by a key; only hashes are stored.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where the link stands: first the message's way, then the caller's."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        OPENED = "opened", "Opened"
        CONSENTED = "consented", "Consented"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Channel(models.TextChoices):
        """How the link goes to the caller."""

        SMS = "sms", "Text message"
        EMAIL = "email", "E-mail"

    UNOPENED = (State.QUEUED, State.SENDING, State.SENT, State.DELIVERED, State.FAILED)
    USABLE = (*UNOPENED, State.OPENED, State.CONSENTED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hex.")
    code_hash = models.CharField(
        max_length=64,
        unique=True,
        null=True,
        blank=True,
        help_text="Keyed hash of the code to read out, hex; none for links sent before there were codes.",
    )
    generation = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.SMS, db_default=Channel.SMS)
    sends = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Messages with this same link; the provider's reference counts them."
    )
    trouble = models.CharField(max_length=24, blank=True, help_text="Why somebody could not open it, last.")
    trouble_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    expires_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    bound_browser_hash = models.CharField(max_length=64, blank=True)
    rearmed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(max_length=64, blank=True)
    failure_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-queued_at",)
        indexes = (
            models.Index(fields=("session", "-queued_at"), name="invitation_newest"),
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(next_attempt_at__isnull=False),
                name="invitation_delivery_due",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        "queued",
                        "sending",
                        "sent",
                        "delivered",
                        "failed",
                        "opened",
                        "consented",
                        "expired",
                        "withdrawn",
                    )
                ),
                name="invitation_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="consented") | ~Q(bound_browser_hash=""),
                name="invitation_consented_is_bound",
            ),
            models.UniqueConstraint(
                fields=("session",),
                condition=~Q(state__in=("expired", "withdrawn")),
                name="invitation_one_usable",
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def is_usable(self) -> bool:
        """Whether the link may still be opened; an unopened one also has to be within `expires_at`."""
        return self.state in self.USABLE

    def has_run_out(self, now: datetime) -> bool:
        """Whether nobody opened it (since it was last re-armed) within its time."""
        return self.state in self.UNOPENED and now >= self.expires_at

    @property
    def arming(self) -> str:
        """Which arming of the link stands: a browser's ticket of an earlier one counts no more (see `void_tickets`)."""
        return self.rearmed_at.isoformat() if self.rearmed_at else ""

    def claim(self, now: datetime, *, lease_until: datetime) -> None:
        """A worker takes the message to send it; the row comes due again at `lease_until`."""
        check_transition("invitation", self.state, (self.State.QUEUED, self.State.SENDING), self.State.SENDING)
        self.state = self.State.SENDING
        self.attempts += 1
        self.next_attempt_at = lease_until

    def mark_sent(self, now: datetime, *, provider_reference: str) -> None:
        """The provider took the message; a link that was opened meanwhile stays opened."""
        self.provider_reference = provider_reference
        self.sent_at = self.sent_at or now
        self.next_attempt_at = None
        if self.state in (self.State.QUEUED, self.State.SENDING):
            self.state = self.State.SENT

    def mark_delivered(self, now: datetime) -> None:
        """The provider reported delivery; later states are kept."""
        self.delivered_at = self.delivered_at or now
        self.next_attempt_at = None
        if self.state in self.UNOPENED:
            self.state = self.State.DELIVERED
            self.failure_reason = ""

    def mark_failed(self, *, reason: str) -> None:
        """The message will not arrive; a link that was delivered or opened is left as it is."""
        self.next_attempt_at = None
        if self.state in (self.State.QUEUED, self.State.SENDING, self.State.SENT):
            self.state = self.State.FAILED
            self.failure_reason = reason

    def send_again(self, now: datetime, *, expires_at: datetime) -> None:
        """Queue another message with the same link; only one that nobody opened yet."""
        allowed = (self.State.SENT, self.State.DELIVERED, self.State.FAILED)
        check_transition("invitation", self.state, allowed, self.State.QUEUED)
        self.state = self.State.QUEUED
        self.sends += 1
        self.attempts = 0
        self.next_attempt_at = now
        self.expires_at = expires_at
        self.sent_at = self.delivered_at = None
        self.failure_reason = self.trouble = ""

    def note_trouble(self, now: datetime, code: str) -> None:
        """Somebody could not open the link, or opened an older one of its session."""
        self.trouble = code[:24]
        self.trouble_at = now

    def retry(self, *, at: datetime, reason: str) -> None:
        """The provider could not take it now; try again at `at`."""
        if self.state == self.State.SENDING:
            self.state = self.State.QUEUED
            self.next_attempt_at = at
            self.failure_reason = reason

    def open(self, now: datetime) -> None:
        """A person opened the link: the message has arrived, whatever its sender knows."""
        check_transition("invitation", self.state, (*self.UNOPENED, self.State.OPENED), self.State.OPENED)
        self.state = self.State.OPENED
        self.opened_at = self.opened_at or now
        self.next_attempt_at = None
        self.failure_reason = self.trouble = ""

    def bind(self, now: datetime, *, browser_hash: str) -> None:
        """Consent was given in a browser: from now on the link is that browser's."""
        check_transition("invitation", self.state, (self.State.OPENED,), self.State.CONSENTED)
        self.state = self.State.CONSENTED
        self.consented_at = now
        self.bound_browser_hash = browser_hash

    def rearm(self, now: datetime, *, expires_at: datetime) -> None:
        """Let another browser open and take the same link."""
        allowed = (self.State.OPENED, self.State.CONSENTED)
        check_transition("invitation", self.state, allowed, self.State.SENT)
        self.state = self.State.SENT
        self.bound_browser_hash = ""
        self.rearmed_at = now
        self.expires_at = expires_at

    def void_tickets(self, now: datetime) -> None:
        """No ticket that was given out counts any more; whose the link is stays as it was."""
        self.rearmed_at = now

    def expire(self) -> None:
        """Nobody opened it in time."""
        check_transition("invitation", self.state, self.UNOPENED, self.State.EXPIRED)
        self.state = self.State.EXPIRED
        self.next_attempt_at = None

    def withdraw(self) -> None:
        """Spent for good: replaced, or its consent withdrawn, or its session over."""
        check_transition("invitation", self.state, self.USABLE, self.State.WITHDRAWN)
        self.state = self.State.WITHDRAWN
        self.next_attempt_at = None


class MessageTemplate(models.Model):
    """The text message for a kind of link in a language; `{force}` and `{link}` are filled in.

    The one of safe mode says nothing of the police: somebody else may read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link_kind = models.CharField(max_length=16, choices=LiveSession.LinkKind.choices)
    language = models.CharField(max_length=12, default="en")
    safe_mode = models.BooleanField(default=False, db_default=False, help_text="Names neither police nor force.")
    body = models.TextField(max_length=600)

    class Meta:
        ordering = ("link_kind", "language", "safe_mode")
        constraints = (
            models.UniqueConstraint(
                fields=("link_kind", "language", "safe_mode"), name="message_template_once_per_mode"
            ),
            models.CheckConstraint(condition=Q(body__contains="{link}"), name="message_template_has_link"),
            models.CheckConstraint(
                condition=Q(safe_mode=False) | ~(Q(body__contains="{force}") | Q(body__contains="{reference}")),
                name="message_template_safe_names_no_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_link_kind_display()} ({self.language})"


class LinkPolicy(models.Model):
    """What the force decided about links; exactly one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    expires_minutes = models.PositiveSmallIntegerField(default=60)
    default_link_kind = models.CharField(
        max_length=16, choices=LiveSession.LinkKind.choices, default=LiveSession.LinkKind.LOCATION_VIDEO
    )
    recording_by_default = models.BooleanField(default=True)
    session_max_minutes = models.PositiveSmallIntegerField(default=240)
    exit_url = models.CharField(
        "where “Exit this page” leads",
        max_length=200,
        default="https://www.bbc.co.uk/weather",
        db_default="https://www.bbc.co.uk/weather",
        validators=[HTTPS_ADDRESS],
        help_text="A page that says nothing of the police, for example the weather.",
    )

    class Meta:
        verbose_name_plural = "link policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="link_policy_only_row"),
            models.CheckConstraint(
                condition=Q(expires_minutes__gte=5, expires_minutes__lte=1440), name="link_policy_expiry_sane"
            ),
            models.CheckConstraint(
                condition=Q(session_max_minutes__gte=10, session_max_minutes__lte=1440),
                name="link_policy_session_sane",
            ),
        )

    def __str__(self) -> str:
        return "Link policy"
