"""The fleet on the force admin's site: aircraft, and the keys by which they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest

from drones.ingest.addresses import AddressRefused, read_networks, read_url
from drones.models import Aircraft, AircraftKey, Flight, IngestPolicy, TelemetryPolicy
from drones.services.keys import IssuedKey, end_sending, issue_key, revoke_key
from drones.services.secrets import keep_password
from drones.services.srt_ports import give_slot
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
            "rtsp_address",
            "rtsp_user",
            "is_in_service",
        )

    protocols = forms.MultipleChoiceField(choices=Aircraft.Protocol.choices, widget=forms.CheckboxSelectMultiple)
    rtsp_password = forms.CharField(
        label="RTSP password",
        required=False,
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Never shown again. Empty: the one before stays, while there is a user.",
    )

    def clean_rtsp_address(self) -> str:
        """Take what is an RTSP address without user and password; from where it may be pulled is asked each time."""
        written: str = self.cleaned_data["rtsp_address"]
        try:
            read = read_url(written) if written else None
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from error
        if read is not None and (read.user or read.password):
            raise forms.ValidationError("Type user and password into their own fields.")
        return written

    def save(self, commit: bool = True) -> Any:
        """Keep the password that was typed, encrypted; without a user there is none."""
        typed = self.cleaned_data["rtsp_password"]
        if typed or not self.cleaned_data["rtsp_user"]:
            keep_password(self.instance, typed if self.cleaned_data["rtsp_user"] else "")
        return super().save(commit)


@admin.register(Aircraft, site=force_site)
class AircraftAdmin(NeverRemoved, AuditedModelAdmin):
    """The fleet. An aircraft that is gone is taken out of service, never removed: flights refer to it."""

    form = AircraftForm
    list_display = ("__str__", "operator_id", "is_in_service")
    list_filter = ("is_in_service", "make")

    def save_model(self, request: HttpRequest, obj: Aircraft, form: Any, change: bool) -> None:
        """Save it; what an aircraft sends that is taken out of service ends."""
        super().save_model(request, obj, form, change)
        give_slot(obj)
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
        if said := _srt_words(issued, obj.aircraft):
            messages.warning(request, said)

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


class IngestPolicyForm(_ModelForm):
    """The rules in words instead of names of columns."""

    class Meta:
        model = IngestPolicy
        fields = ("pull_networks", "may_transcode_h265", "has_sound", "most_kbps")
        labels: ClassVar = {
            "pull_networks": "Cameras are pulled from",
            "may_transcode_h265": "Encode H.265 anew",
            "has_sound": "Pass sound on",
            "most_kbps": "Encoded anew with (kbit/s)",
        }

    def clean_pull_networks(self) -> str:
        """Take networks only."""
        written: str = self.cleaned_data["pull_networks"]
        try:
            read_networks(written.split())
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from error
        return written


@admin.register(IngestPolicy, site=force_site)
class IngestPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """The one row of what is bridged, and how."""

    form = IngestPolicyForm
    list_display = ("__str__", "may_transcode_h265", "has_sound", "most_kbps")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: there is exactly one."""
        return False


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


def _srt_words(issued: IssuedKey, aircraft: Aircraft) -> str:
    if Aircraft.Protocol.SRT not in aircraft.protocols:
        return ""
    if issued.srt_port is None:
        return "Every port for SRT is taken: this aircraft cannot send by it."
    return f"For SRT: port {issued.srt_port}, passphrase {issued.srt_passphrase} (not shown again either)."


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by forces.middleware
    return actor
