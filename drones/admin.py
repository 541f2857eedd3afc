"""The fleet on the force admin's site: aircraft, and the keys by which they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest

from drones.models import Aircraft, AircraftKey, Flight, TelemetryPolicy
from drones.services.keys import end_sending, issue_key, revoke_key
from forces import clock
from forces.actors import Actor
from forces.admin import AuditedModelAdmin, force_site
from streams.admin import NeverRemoved, ReadOnlyAdmin

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class AircraftForm(_ModelForm):
    """Protocols are ticked, not typed."""

    class Meta:
        model = Aircraft
        fields = (
            "make",
            "model",
            "serial",
            "operator_id",
            "horizontal_fov_deg",
            "vertical_fov_deg",
            "protocols",
            "is_in_service",
        )

    protocols = forms.MultipleChoiceField(choices=Aircraft.Protocol.choices, widget=forms.CheckboxSelectMultiple)


@admin.register(Aircraft, site=force_site)
class AircraftAdmin(NeverRemoved, AuditedModelAdmin):
    """The fleet. An aircraft that is gone is taken out of service, never removed: flights refer to it."""

    form = AircraftForm
    list_display = ("__str__", "operator_id", "is_in_service")
    list_filter = ("is_in_service", "make")

    def save_model(self, request: HttpRequest, obj: Aircraft, form: Any, change: bool) -> None:
        """Save it; what an aircraft sends that is taken out of service ends."""
        super().save_model(request, obj, form, change)
        if change and not obj.is_in_service and "is_in_service" in form.changed_data:
            actor, now = _actor(request), clock.now()
            end_sending(actor=actor, now=now, aircraft_id=obj.pk, reason="aircraft_withdrawn")


class KeyForm(_ModelForm):
    """Whose key it is."""

    class Meta:
        model = AircraftKey
        fields = ("aircraft",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is in service."""
        super().__init__(*args, **kwargs)
        if "aircraft" in self.fields:
            in_service = Aircraft.objects.filter(is_in_service=True)
            self.fields["aircraft"].queryset = in_service  # type: ignore[attr-defined]  # a field of choices of rows


@admin.register(AircraftKey, site=force_site)
class AircraftKeyAdmin(NeverRemoved, admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """Keys of aircraft: made (shown once, which ends the one before) and revoked, never edited."""

    form = KeyForm
    list_display = ("aircraft", "made_at", "made_by_name", "revoked_at", "last_used_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: AircraftKey, form: Any, change: bool) -> None:
        """Make the key by the service and show it, the only time."""
        issued = issue_key(actor=_actor(request), now=clock.now(), aircraft_id=obj.aircraft_id)
        row = AircraftKey.objects.get(pk=issued.id)
        obj.pk, obj.key_hash, obj.made_at, obj.made_by_name = row.pk, row.key_hash, row.made_at, row.made_by_name
        messages.warning(request, f"Copy this key now, it is not shown again: {issued.key}")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False for one key: it is revoked, not edited. The list stays visible."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.action(description="Revoke the chosen keys; a picture that is sent by one ends")
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        """Revoke by the service."""
        for row in queryset:
            revoke_key(actor=_actor(request), now=clock.now(), key_id=row.pk)


@admin.register(Flight, site=force_site)
class FlightAdmin(ReadOnlyAdmin):
    """Flights, to read."""

    list_display = ("__str__", "state", "pilot_name", "purpose", "launched_at", "over_at")
    list_filter = ("state", "lawful_basis")
    list_select_related = ("aircraft",)


class TelemetryPolicyForm(_ModelForm):
    """The rule of telemetry, in words instead of names of columns."""

    class Meta:
        model = TelemetryPolicy
        fields = ("keep_days",)
        labels: ClassVar = {"keep_days": "Telemetry kept for (days)"}


@admin.register(TelemetryPolicy, site=force_site)
class TelemetryPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """The one row of the rule of telemetry: how long it is kept where nothing of its flight is evidence."""

    form = TelemetryPolicyForm
    list_display = ("__str__", "keep_days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: there is exactly one."""
        return False


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by forces.middleware
    return actor
