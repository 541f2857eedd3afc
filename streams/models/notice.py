"""What an officer is to be told at once, and the browsers that are told when no page of theirs is open."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing that an officer is told: shown on their pages, and pushed to their phones while it is fresh.

    It says what kind of thing it is and which (`subject_id`); the thing itself is read by a page that is signed in.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        ASSIGNMENT = "assignment", "Assignment"
        VIEW_REQUEST = "view_request", "Request to see"
        MESSAGE = "message", "Message"
        CONSULTATION = "consultation", "Consultation"

    class PushState(models.TextChoices):
        """The way to the phones; `none`: nothing is to be pushed, or no longer."""

        DUE = "due", "Due"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NONE = "none", "None"

    SHOWN_FOR = timedelta(hours=12)  # no turn of duty is longer
    PUSHED_WITHIN = timedelta(minutes=5)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="From then on no page shows it.")
    seen_at = models.DateTimeField(null=True, blank=True)
    push_state = models.CharField(max_length=8, choices=PushState.choices, default=PushState.NONE)
    push_attempts = models.PositiveSmallIntegerField(default=0)
    next_push_at = models.DateTimeField(
        null=True, blank=True, help_text="When it is due; while one sends, when another may."
    )
    pushed_at = models.DateTimeField(null=True, blank=True, help_text="When it was last begun.")
    reached = models.JSONField(default=list, blank=True, help_text="The subscriptions whose push service took it.")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("assignment", "view_request", "message", "consultation")),
                name="notice_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(push_state="due", next_push_at__isnull=False)
                | Q(push_state__in=("sent", "failed", "none"), next_push_at__isnull=True),
                name="notice_due_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("next_push_at",), condition=Q(push_state="due"), name="notice_push_due"),
            models.Index(fields=("user_id", "-created_at"), name="notice_of_user"),
            models.Index(fields=("created_at",), name="notice_age"),
        )

    def __str__(self) -> str:
        return f"notice {self.id}"

    @property
    def push_ends_at(self) -> datetime:
        """From then on it is old news on a phone, or over."""
        return min(self.created_at + self.PUSHED_WITHIN, self.expires_at)

    def see(self, now: datetime) -> None:
        """The officer has seen it: no phone needs to be told any more."""
        self.seen_at = now
        if self.push_state == self.PushState.DUE:
            self.end_push(self.PushState.NONE)

    def claim_push(self, now: datetime, *, lease_until: datetime) -> None:
        """Somebody sends it now; until `lease_until` nobody else does."""
        self.push_attempts += 1
        self.pushed_at, self.next_push_at = now, lease_until

    def put_push_off(self, at: datetime) -> None:
        """It is due again at `at`."""
        self.next_push_at = at

    def end_push(self, state: str) -> None:
        """Nothing more is sent of it."""
        self.push_state, self.next_push_at = state, None


class PushSubscription(models.Model):
    """One browser of one officer that may be pushed to: its address at a push service, and its public keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(max_length=64)
    sign_in_id = models.UUIDField(null=True, blank=True, help_text="In which it was last confirmed; goes with it.")
    endpoint = models.CharField(max_length=1024, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=32)
    server_key = models.CharField(max_length=100, help_text="Our public key, for which the browser takes messages.")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When a page in that browser last confirmed it.")
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Refusals in a row.")

    class Meta:
        ordering = ("-seen_at",)
        indexes = (
            models.Index(fields=("user_id",), name="push_of_user"),
            models.Index(fields=("sign_in_id",), name="push_of_sign_in"),
        )

    def __str__(self) -> str:
        return f"push subscription {self.id}"

    def note_taken(self, now: datetime) -> None:
        """The push service took a message."""
        self.last_ok_at, self.failures = now, 0
