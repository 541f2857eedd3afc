"""The risk assessment that stands between an operator and a link."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from streams.models.incident import IncidentType
from streams.models.session import LiveSession
from streams.models.transitions import check_transition


class RiskQuestionSet(models.Model):
    """One version of the questions for a purpose and a kind of incident; `incident_type` null is the force's default.

    A version is never changed once written: a change makes the next version, so that what was
    answered stays readable as it was asked.
    """

    class Purpose(models.TextChoices):
        """What is decided by the answers."""

        LINK = "link", "A caller's link"
        FLIGHT = "flight", "A flight of a drone"
        CONSULTATION = "consult", "A consultation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.LINK, db_default="link")
    incident_type = models.ForeignKey(
        IncidentType, on_delete=models.PROTECT, null=True, blank=True, related_name="question_sets"
    )
    version = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("purpose", "incident_type", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("purpose", "incident_type", "version"), nulls_distinct=False, name="question_set_version_once"
            ),
            models.UniqueConstraint(
                fields=("purpose", "incident_type"),
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="question_set_one_active",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=("link", "flight", "consult")), name="question_set_purpose_known"
            ),
        )

    def __str__(self) -> str:
        kind = self.incident_type.label if self.incident_type else "All incidents"
        return f"{self.get_purpose_display()}, {kind}, version {self.version}"


class RiskQuestion(models.Model):
    """A yes/no question; `refusing_answer` blocks the link and `advice` says what to do instead."""

    class Answer(models.TextChoices):
        """The two answers a question takes."""

        YES = "yes", "Yes"
        NO = "no", "No"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question_set = models.ForeignKey(RiskQuestionSet, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    help_text = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    refusing_answer = models.CharField(
        max_length=3, choices=Answer.choices, blank=True, help_text="Empty: the question never refuses."
    )
    advice = models.CharField(max_length=300, blank=True)
    applies_to_video_only = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(fields=("question_set", "code"), name="question_code_once"),
            models.CheckConstraint(
                condition=Q(refusing_answer__in=("", "yes", "no")), name="question_refusing_answer_known"
            ),
        )

    def __str__(self) -> str:
        return self.text


class RiskAssessment(models.Model):
    """The answers given for a session; the newest row of a session counts.

    `answers` is {code: "yes"|"no"}; `refusals` is [{code, text, advice}] as it was shown.
    """

    class Outcome(models.TextChoices):
        """What the answers, or a supervisor, decided."""

        CLEAR = "clear", "Clear"
        REFUSED = "refused", "Refused"
        OVERRIDDEN = "overridden", "Overridden"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="assessments")
    question_set = models.ForeignKey(RiskQuestionSet, on_delete=models.PROTECT, related_name="assessments")
    answers = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    refusals = models.JSONField(default=list)
    answered_by = models.CharField(max_length=64)
    answered_at = models.DateTimeField()
    overridden_by = models.CharField(max_length=64, blank=True)
    override_reason = models.TextField(blank=True)
    overridden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-answered_at",)
        indexes = (models.Index(fields=("session", "-answered_at"), name="assessment_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=("clear", "refused", "overridden")), name="assessment_outcome_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(outcome="overridden", overridden_at__isnull=False) & ~Q(override_reason="") & ~Q(overridden_by="")
                )
                | (~Q(outcome="overridden") & Q(overridden_at__isnull=True)),
                name="assessment_override_has_reason",
            ),
        )

    def override(self, *, by: str, reason: str, now: datetime) -> None:
        """Let a refused assessment through. Sets fields; the service saves.

        Raises `InvalidTransition` unless the outcome is refused.
        """
        check_transition("risk assessment", self.outcome, (self.Outcome.REFUSED,), self.Outcome.OVERRIDDEN)
        self.outcome = self.Outcome.OVERRIDDEN
        self.overridden_by = by
        self.override_reason = reason
        self.overridden_at = now
