"""How an aircraft's picture comes in where it is bridged, and what the force allows of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from drones.models.aircraft import Aircraft


class IngestPolicy(models.Model):
    """From which networks cameras are pulled, and what is done with what browsers cannot show; exactly one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    pull_networks = models.TextField(
        blank=True,
        help_text="From where cameras are pulled by RTSP, one network a line, as 10.20.0.0/16. Empty: from nowhere.",
    )
    may_transcode_h265 = models.BooleanField(
        default=False, help_text="Encode H.265 anew instead of refusing it: about a core of the server per aircraft."
    )
    has_sound = models.BooleanField(default=True, help_text="Pass sound on where an aircraft sends some.")
    most_kbps = models.PositiveIntegerField(default=2_500, help_text="Of a picture that is encoded anew, in kbit/s.")

    class Meta:
        verbose_name_plural = "ingest policy"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="ingest_policy_only_row"),
            models.CheckConstraint(
                condition=Q(most_kbps__gte=250, most_kbps__lte=20_000),
                name="ingest_policy_rate_sane",
                violation_error_message="A picture is encoded with 250 to 20,000 kbit/s.",
            ),
        )

    def __str__(self) -> str:
        return "Ingest policy"


class Feed(models.Model):
    """How the bridge of an aircraft stands; one row of each that ever had one. `trouble` is a stable code."""

    class State(models.TextChoices):
        """What the bridge does, and whether it needs somebody."""

        WAITING = "waiting", "Waiting for a picture"
        PASSING = "passing", "Passing the picture on"
        PAUSED = "paused", "Begins anew by itself"
        REFUSED = "refused", "Cannot be passed on as it is"
        STOPPED = "stopped", "Not bridged"

    aircraft = models.OneToOneField(Aircraft, on_delete=models.CASCADE, primary_key=True, related_name="feed")
    protocol = models.CharField(max_length=8, choices=Aircraft.Protocol.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STOPPED)
    trouble = models.CharField(max_length=24, blank=True)
    is_transcoded = models.BooleanField(default=False)
    codec = models.CharField(max_length=24, blank=True)
    changed_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True, help_text="When the RTMP server last said that it pushes.")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "passing", "paused", "refused", "stopped")), name="feed_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"feed of {self.aircraft}: {self.get_state_display()}"
