"""An incident: what the control room is dealing with, and its kind."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Upper


class IncidentType(models.Model):
    """A kind of incident as the force names it; risk questions may be set per kind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the operator's list.")

    class Meta:
        ordering = ("position", "label")

    def __str__(self) -> str:
        return self.label


class Incident(models.Model):
    """One incident; `reference` is ours, `external_reference` the force's command-and-control number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    external_reference = models.CharField(max_length=64, blank=True)
    type = models.ForeignKey(IncidentType, on_delete=models.PROTECT, related_name="incidents")
    description = models.TextField(blank=True)
    opened_by = models.CharField(max_length=64)
    opened_by_name = models.CharField(max_length=150, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at",)
        indexes = (
            models.Index(fields=("-opened_at",), name="incident_opened"),
            models.Index(Upper("external_reference"), name="incident_external_reference"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="incident_closed_after_opened",
            ),
        )

    def __str__(self) -> str:
        return self.reference
