"""The rules of consultations on the force admin's site. Consultations are read there, never acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Max, Model
from django.http import HttpRequest

from consultations.models import Consultation, ConsultationPolicy, RecordingWording
from forces import clock
from forces.admin import AuditedModelAdmin, force_site
from streams.admin import NeverRemoved, ReadOnlyAdmin

if TYPE_CHECKING:
    from django.forms import ModelForm


@admin.register(ConsultationPolicy, site=force_site)
class ConsultationPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """What the force decided about its consultations; one row."""

    list_display = ("__str__", "on_refusal", "when_joined", "answer_minutes", "call_number")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether there is none yet."""
        return not ConsultationPolicy.objects.exists()


@admin.register(RecordingWording, site=force_site)
class RecordingWordingAdmin(NeverRemoved, AuditedModelAdmin):
    """Words in which a recording is asked for. Saving one writes its language's next version, approved by who saves."""

    list_display = ("title", "language", "version", "is_active", "approved_by", "approved_at")
    list_filter = ("language", "is_active")
    fields = ("language", "title", "body", "withdraw_text")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether it is the active version: an old one is read only."""
        is_old = isinstance(obj, RecordingWording) and not obj.is_active
        return not is_old and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the language, once chosen."""
        return ("language",) if obj else ()

    def save_model(self, request: HttpRequest, obj: RecordingWording, form: ModelForm[Any], change: bool) -> None:
        """Write the wording as the next version of its language."""
        same_language = RecordingWording.objects.filter(language=obj.language)
        newest = same_language.aggregate(newest=Max("version"))["newest"] or 0
        same_language.filter(is_active=True).update(is_active=False)
        obj.pk = RecordingWording().pk
        obj.version, obj.is_active = newest + 1, True
        obj.approved_by = request.actor.name  # type: ignore[attr-defined]
        obj.approved_at = clock.now()
        obj.save(force_insert=True)


@admin.register(Consultation, site=force_site)
class ConsultationAdmin(ReadOnlyAdmin):
    """Consultations, to be looked at; each look is audited."""

    list_display = ("session_id", "purpose", "state", "starts_at", "team", "taken_by_name")
    list_filter = ("state", "purpose")
    exclude = ("purpose_note", "cancel_reason")
