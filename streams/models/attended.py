"""What the control room notes of a session: whose it is, whether somebody looks after it, and to whom it is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Attended(models.Model):
    """The part of a live session that is the control room's. Sets fields; the service saves the row."""

    assigned_to = models.CharField(max_length=64, blank=True, help_text="Whose session it is now.")
    assigned_to_name = models.CharField(max_length=150, blank=True)
    neglected_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nobody was seen to attend; not told yet."
    )
    unattended_since = models.DateTimeField(null=True, blank=True, help_text="Since when it counts as unattended.")
    unattended_reason = models.CharField(max_length=24, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="When supervisors were called.")
    shown_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the officers on the incident are shown its picture."
    )
    shown_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    shown_by_name = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def assign(self, user_id: str, name: str) -> None:
        """From now on it is this person's."""
        self.assigned_to, self.assigned_to_name = user_id, name

    def attend(self) -> bool:
        """Somebody looks after it; returns whether it had been unattended."""
        was_unattended = self.unattended_since is not None
        self.neglected_since = self.unattended_since = self.escalated_at = None
        self.unattended_reason = ""
        return was_unattended

    def escalate(self, now: datetime) -> None:
        """It is unattended still: supervisors are called."""
        if self.unattended_since is not None:
            self.escalated_at = self.escalated_at or now

    def show_to_officers(self, now: datetime, *, by: str, by_name: str) -> None:
        """From now on the officers on the incident may see its picture."""
        self.shown_at, self.shown_by, self.shown_by_name = now, by, by_name

    def hide_from_officers(self) -> None:
        """From now on they may not."""
        self.shown_at, self.shown_by, self.shown_by_name = None, "", ""
