"""What the database itself holds every live session to, whoever writes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

SESSION_RULES: tuple[models.BaseConstraint, ...] = (
    models.CheckConstraint(
        condition=Q(state__in=("draft", "invited", "opened", "consented", "live", "ended", "expired")),
        name="session_state_known",
    ),
    models.CheckConstraint(
        condition=Q(link_kind__in=("location", "location_video", "location_upload")),
        name="session_link_kind_known",
    ),
    models.CheckConstraint(
        condition=Q(rung__in=("", "video", "video_low", "stills", "position", "text")),
        name="session_rung_known",
    ),
    models.CheckConstraint(
        condition=Q(state__in=("ended", "expired"), ended_at__isnull=False)
        | (~Q(state__in=("ended", "expired")) & Q(ended_at__isnull=True)),
        name="session_over_has_time",
    ),
    models.CheckConstraint(
        condition=Q(phone_number="") | Q(phone_number__regex=r"^\+[1-9][0-9]{6,14}$"),
        name="session_phone_is_e164",
    ),
    models.CheckConstraint(
        condition=Q(escalated_at__isnull=True) | Q(unattended_since__isnull=False),
        name="session_escalated_is_unattended",
    ),
    models.CheckConstraint(condition=Q(kind__in=("caller", "officer", "flight")), name="session_kind_known"),
    models.CheckConstraint(
        condition=(Q(kind="flight") & ~Q(source_id="")) | (~Q(kind="flight") & Q(source_id="")),
        name="session_flight_has_source",
    ),
    models.CheckConstraint(
        condition=Q(shown_at__isnull=True, shown_by="") | (Q(shown_at__isnull=False) & ~Q(shown_by="")),
        name="session_shown_has_who",
    ),
    models.UniqueConstraint(fields=("room_id",), condition=~Q(room_id=""), name="session_room_once"),
    models.UniqueConstraint(
        fields=("created_by",),
        condition=Q(kind="officer") & ~Q(state__in=("ended", "expired")),
        name="session_officer_one_going_on",
    ),
    models.UniqueConstraint(
        fields=("source_id",),
        condition=~Q(source_id="") & ~Q(state__in=("ended", "expired")),
        name="session_source_one_going_on",
    ),
)
