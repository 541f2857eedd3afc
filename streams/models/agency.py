"""A live session's picture, shown to people of an outside agency by a link and a code."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class AgencyShare(models.Model):
    """What an outside agency may watch, for a purpose and until a time. Of its link only the token's hash is stored."""

    class Kind(models.TextChoices):
        """What the agency is."""

        AMBULANCE = "ambulance", "Ambulance service"
        FIRE = "fire", "Fire and rescue service"
        COASTGUARD = "coastguard", "Coastguard"
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        OTHER = "other", "Another agency"

    class Purpose(models.TextChoices):
        """What it is shown for; the agency reads it."""

        MEDICAL = "medical", "Medical help at the scene"
        FIRE_RESCUE = "fire_rescue", "Fire or rescue at the scene"
        SEARCH = "search", "Search for a missing or endangered person"
        PUBLIC_SAFETY = "public_safety", "Danger to the public"
        JOINT_RESPONSE = "joint_response", "Joint response to a major incident"
        OTHER = "other", "Something else"

    class End(models.TextChoices):
        """Why it is over; `no_consent`: the caller took it back."""

        REVOKED = "revoked", "Revoked"
        EXPIRED = "expired", "Expired"
        SESSION_OVER = "session_over", "Session over"
        NO_CONSENT = "no_consent", "No consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="agency_shares")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    agency = models.CharField(max_length=80, help_text="Its name, as the viewers read it.")
    contact_name = models.CharField(max_length=80)
    contact_phone = models.CharField(max_length=16, help_text="Where codes go, E.164.")
    contact_email = models.CharField(max_length=254, blank=True, help_text="Where the link goes; none: it is copied.")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    purpose_text = models.CharField(max_length=300, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hex.")
    most_viewers = models.PositiveSmallIntegerField(default=1)
    granted_by = models.CharField(max_length=64)
    granted_by_name = models.CharField(max_length=150, blank=True)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, choices=End.choices, blank=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("granted_at",)
        indexes = (
            models.Index(fields=("session",), condition=Q(ended_at__isnull=True), name="agency_share_standing"),
            models.Index(fields=("ends_at",), condition=Q(ended_at__isnull=True), name="agency_share_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(most_viewers__gte=1, most_viewers__lte=10), name="agency_share_viewers_sane"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("granted_at"), ends_at__lte=F("granted_at") + timedelta(hours=12)),
                name="agency_share_time_sane",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="agency_share_ended_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"agency share {self.id}"

    def stands(self, now: datetime) -> bool:
        """Whether it may be used now: an end that has come counts, though nobody has written it yet."""
        return self.ended_at is None and now < self.ends_at

    def end(self, now: datetime, *, reason: str, by: str, by_name: str) -> None:
        """Over for good; raises `InvalidTransition` when it is over already."""
        state = "standing" if self.ended_at is None else "ended"
        check_transition("agency share", state, ("standing",), "ended")
        self.ended_at = max(now, self.granted_at)
        self.end_reason = reason
        self.ended_by, self.ended_by_name = by, by_name[:150]


class AgencyViewer(models.Model):
    """One person's browser that opened an agency's link. Its code is derived from `id` and `code_number` by a key.

    The address that it came from is not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(AgencyShare, on_delete=models.CASCADE, related_name="viewers")
    name = models.CharField(max_length=80, help_text="As they typed it.")
    opened_at = models.DateTimeField()
    code_number = models.PositiveSmallIntegerField(default=1, help_text="Which code counts.")
    code_made_at = models.DateTimeField()
    code_failures = models.PositiveSmallIntegerField(default=0, help_text="Wrong entries since it was made.")
    verified_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When the page was heard last, to half a minute.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("opened_at",)

    def __str__(self) -> str:
        return f"agency viewer {self.id}"

    def new_code(self, now: datetime) -> None:
        """Let another code count from now on; the one before is void."""
        self.code_number += 1
        self.code_made_at = now
        self.code_failures = 0

    def verify(self, now: datetime) -> None:
        """The right code was entered; it is spent. Raises `InvalidTransition` when there is nothing to verify."""
        state = "ended" if self.ended_at else "verified" if self.verified_at else "opened"
        check_transition("agency viewer", state, ("opened",), "verified")
        self.verified_at = self.seen_at = max(now, self.opened_at)

    def end(self, now: datetime) -> None:
        """They left, or their place was given away, or all is over."""
        self.ended_at = self.ended_at or max(now, self.opened_at)


class AgencyMessage(models.Model):
    """One message to an agency's contact: the link by e-mail, or a viewer's code by text. The row is the truth.

    The transition methods set fields; the service saves the row.
    """

    class State(models.TextChoices):
        """Where the message stands."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    WAITING = (State.QUEUED, State.SENDING)
    SHARE_OVER = "share_over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(AgencyShare, on_delete=models.CASCADE, related_name="messages")
    viewer = models.ForeignKey(
        AgencyViewer, on_delete=models.CASCADE, related_name="messages", null=True, blank=True, help_text="Whose code."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(max_length=64, blank=True)
    failure_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("queued_at",)
        indexes = (
            models.Index(
                fields=("next_attempt_at",), condition=Q(next_attempt_at__isnull=False), name="agency_message_due"
            ),
        )

    def __str__(self) -> str:
        return f"agency message {self.id}"

    def claim(self, *, lease_until: datetime) -> None:
        """A worker takes the message to send it; the row comes due again at `lease_until`."""
        self.state = self.State.SENDING
        self.attempts += 1
        self.next_attempt_at = lease_until

    @property
    def is_settled(self) -> bool:
        """Whether it arrived, or sharing ended first: what the provider says later is noted, and changes nothing."""
        return self.state == self.State.DELIVERED or self.failure_reason == self.SHARE_OVER

    def give_up(self, *, reason: str) -> None:
        """It will not arrive, or is of no use any more; one that is settled stays as it is."""
        self.next_attempt_at = None
        if not self.is_settled:
            self.state, self.failure_reason = self.State.FAILED, reason

    def mark_sent(self, now: datetime, *, provider_reference: str) -> None:
        """The provider took it."""
        self.provider_reference, self.sent_at, self.next_attempt_at = provider_reference, self.sent_at or now, None
        if self.state in self.WAITING:
            self.state, self.failure_reason = self.State.SENT, ""

    def mark_delivered(self, now: datetime) -> None:
        """The provider reported that it arrived."""
        self.delivered_at, self.next_attempt_at = self.delivered_at or now, None
        if not self.is_settled:
            self.state, self.failure_reason = self.State.DELIVERED, ""

    def retry(self, *, at: datetime, reason: str) -> None:
        """The provider could not take it now; try again at `at`."""
        if self.state == self.State.SENDING:
            self.state, self.next_attempt_at, self.failure_reason = self.State.QUEUED, at, reason
