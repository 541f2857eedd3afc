"""The control room's voice in an officer's session: one operator speaks at a time, the officer hears."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class Talk(models.Model):
    """One operator's open microphone in one session; the id is also the feed id at the gateway.

    It goes on between two presses of the button: `is_speaking` says whether anything is to be heard. Who listens is the
    one phone that shares in the session: the newest that asked has the listener's place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="talks")
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=150, blank=True)
    node = models.CharField(max_length=64, blank=True)
    room_id = models.CharField(max_length=120, blank=True)
    gateway_session = models.BigIntegerField(null=True, blank=True)
    gateway_handle = models.BigIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=64, blank=True, help_text="The console's socket that speaks.")
    process = models.CharField(max_length=64, blank=True, help_text="The process that holds the handle.")
    listener_id = models.UUIDField(null=True, blank=True, help_text="The newest request of the phone to listen.")
    listener_session = models.BigIntegerField(null=True, blank=True)
    listener_handle = models.BigIntegerField(null=True, blank=True)
    began_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True, blank=True, help_text="When the media server had answered.")
    is_speaking = models.BooleanField(default=False)
    spoke_at = models.DateTimeField(help_text="When the button was pressed or let go last.")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("began_at",)
        constraints = (
            models.UniqueConstraint(fields=("session",), condition=Q(ended_at__isnull=True), name="talk_one_going_on"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__isnull=False, is_speaking=False),
                name="talk_over_is_silent",
            ),
            models.CheckConstraint(
                condition=Q(listener_session__isnull=True, listener_handle__isnull=True)
                | Q(listener_session__isnull=False, listener_handle__isnull=False),
                name="talk_listener_has_place",
            ),
        )

    def __str__(self) -> str:
        return f"talk {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ended_at is not None

    def connect(self, now: datetime, *, gateway_session: int, gateway_handle: int) -> None:
        """The media server answered: the operator may be heard from now on."""
        self._check_going_on("connected")
        self.gateway_session = gateway_session
        self.gateway_handle = gateway_handle
        self.connected_at = self.connected_at or now

    def speak(self, now: datetime, *, on: bool) -> None:
        """The button was pressed, or let go."""
        self._check_going_on("speaking" if on else "silent")
        self.is_speaking = on
        self.spoke_at = now

    def end(self, now: datetime, *, reason: str) -> None:
        """Over for good."""
        self._check_going_on("ended")
        self.is_speaking = False
        self.ended_at = max(now, self.began_at)
        self.end_reason = reason

    def _check_going_on(self, after: str) -> None:
        check_transition("talk", "ended" if self.is_over else "going on", ("going on",), after)
