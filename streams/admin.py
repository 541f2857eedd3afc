"""The rules of live sessions on the force admin's site. Sessions are read there, never acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest

from forces import clock
from forces.admin import AuditedModelAdmin, force_site
from forces.audit.services import Operation, record
from streams.models import (
    ConsentWording,
    DutyPolicy,
    Incident,
    IncidentType,
    LinkPolicy,
    LiveSession,
    MessageTemplate,
    RiskQuestion,
    RiskQuestionSet,
    RoomPolicy,
)

if TYPE_CHECKING:
    from django.forms import ModelForm
    from django.forms.models import BaseInlineFormSet

    _Inline = admin.TabularInline[RiskQuestion, RiskQuestionSet]
else:
    _Inline = admin.TabularInline


class NeverRemoved:
    """For rows that sessions or the audit refer to."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False."""
        return False


class ReadOnlyAdmin(NeverRemoved, AuditedModelAdmin):
    """For what services write: here it can only be looked at, and each look is audited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False."""
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the row and audit the look at it as a consultation."""
        found: Model | None = super().get_object(request, object_id, from_field)
        if found is not None:
            record(
                actor=request.actor,  # type: ignore[attr-defined]
                act=f"{found._meta.model_name}.view",
                operation=Operation.CONSULTATION,
                object_type=str(found._meta.model_name),
                object_id=found.pk,
            )
        return found


@admin.register(IncidentType, site=force_site)
class IncidentTypeAdmin(NeverRemoved, AuditedModelAdmin):
    """Kinds of incident; one that is out of use is made inactive."""

    list_display = ("label", "code", "is_active", "position")


class QuestionInline(_Inline):
    """The questions of a set."""

    model = RiskQuestion
    extra = 1


@admin.register(RiskQuestionSet, site=force_site)
class RiskQuestionSetAdmin(NeverRemoved, AuditedModelAdmin):
    """Risk questions. Saving a set writes its next version; the one before is retired and stays as it was."""

    inlines = (QuestionInline,)
    list_display = ("__str__", "purpose", "incident_type", "version", "is_active")
    list_filter = ("is_active", "purpose", "incident_type")
    fields = ("purpose", "incident_type")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether it is the active version: an old one is read only."""
        is_old = isinstance(obj, RiskQuestionSet) and not obj.is_active
        return not is_old and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return purpose and kind of incident, once chosen: another one is another set."""
        return ("purpose", "incident_type") if obj else ()

    def save_model(self, request: HttpRequest, obj: RiskQuestionSet, form: ModelForm[Any], change: bool) -> None:
        """Write the set as the next version of its kind."""
        kind = {"purpose": obj.purpose, "incident_type": obj.incident_type}
        same_kind = RiskQuestionSet.objects.filter(**kind)
        newest = same_kind.aggregate(newest=Max("version"))["newest"] or 0
        same_kind.filter(is_active=True).update(is_active=False)
        fresh = RiskQuestionSet(**kind, version=newest + 1)
        fresh.save(force_insert=True)
        obj.pk, obj.version, obj.is_active = fresh.pk, fresh.version, True

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        """Write every question that is left, changed or not, as one of the new version."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for question_form in formset.forms:
            given = question_form.cleaned_data
            if not given or given.get("DELETE"):
                continue
            names = [field.name for field in RiskQuestion._meta.fields if field.name not in _OWN]
            kept = {name: given[name] for name in names}
            formset.new_objects.append(RiskQuestion.objects.create(question_set=form.instance, **kept))


_OWN = ("id", "question_set")


@admin.register(ConsentWording, site=force_site)
class ConsentWordingAdmin(NeverRemoved, AuditedModelAdmin):
    """Consent wordings. Saving one writes its language's next version, approved by whoever saves it."""

    list_display = ("title", "language", "version", "is_active", "approved_by", "approved_at")
    list_filter = ("language", "is_active")
    fields = ("language", "title", "intro", "location_text", "video_text", "recording_text", "stop_text")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether it is the active version: an old one is read only."""
        is_old = isinstance(obj, ConsentWording) and not obj.is_active
        return not is_old and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the language, once chosen."""
        return ("language",) if obj else ()

    def save_model(self, request: HttpRequest, obj: ConsentWording, form: ModelForm[Any], change: bool) -> None:
        """Write the wording as the next version of its language."""
        same_language = ConsentWording.objects.filter(language=obj.language)
        newest = same_language.aggregate(newest=Max("version"))["newest"] or 0
        same_language.filter(is_active=True).update(is_active=False)
        obj.pk = ConsentWording().pk
        obj.version, obj.is_active = newest + 1, True
        obj.approved_by = request.actor.name  # type: ignore[attr-defined]
        obj.approved_at = clock.now()
        obj.save(force_insert=True)


@admin.register(MessageTemplate, site=force_site)
class MessageTemplateAdmin(NeverRemoved, AuditedModelAdmin):
    """Texts of the messages; {force}, {link} and {reference} are filled in, in safe mode the link alone."""

    list_display = ("link_kind", "language", "safe_mode", "body")
    list_filter = ("language", "safe_mode")


@admin.register(LinkPolicy, site=force_site)
class LinkPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """The one row of link defaults."""

    list_display = ("__str__", "expires_minutes", "default_link_kind", "recording_by_default")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: there is exactly one."""
        return False


class RoomPolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic at type-check time only
    """The control room's rules, in words instead of names of columns."""

    class Meta:
        model = RoomPolicy
        fields = ("unattended_after_s", "escalate_after_s", "late_picture_ms", "search_needs_reason")
        labels: ClassVar = {
            "unattended_after_s": "Unattended after (seconds)",
            "escalate_after_s": "Supervisors called after (seconds)",
            "late_picture_ms": "A picture is late after (milliseconds)",
            "search_needs_reason": "A search needs a reason",
        }


@admin.register(RoomPolicy, site=force_site)
class RoomPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """The one row of the control room's rules: unattended sessions, and reasons for searches."""

    form = RoomPolicyForm
    list_display = ("__str__", "unattended_after_s", "escalate_after_s", "late_picture_ms", "search_needs_reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: there is exactly one."""
        return False


class DutyPolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic at type-check time only
    """The rules of duty, in words instead of names of columns."""

    class Meta:
        model = DutyPolicy
        fields = ("keep_positions_days", "keep_shifts_days", "end_shift_after_h")
        labels: ClassVar = {
            "keep_positions_days": "Officers' positions kept for (days)",
            "keep_shifts_days": "Shifts kept for (days)",
            "end_shift_after_h": "A shift ends by itself after (hours)",
        }


@admin.register(DutyPolicy, site=force_site)
class DutyPolicyAdmin(NeverRemoved, AuditedModelAdmin):
    """The one row of the rules of duty: how long positions and shifts are kept, and when a forgotten shift ends."""

    form = DutyPolicyForm
    list_display = ("__str__", "keep_positions_days", "keep_shifts_days", "end_shift_after_h")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: there is exactly one."""
        return False


@admin.register(Incident, site=force_site)
class IncidentAdmin(ReadOnlyAdmin):
    """Incidents, to read."""

    list_display = ("reference", "external_reference", "type", "opened_at", "opened_by_name")
    list_filter = ("type",)


@admin.register(LiveSession, site=force_site)
class LiveSessionAdmin(ReadOnlyAdmin):
    """Live sessions, to read; without the caller's number and address."""

    list_display = ("id", "incident", "link_kind", "state", "created_at", "created_by_name", "ended_at")
    list_filter = ("state", "link_kind")
    exclude = ("phone_number", "email_address")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Return False for what is not shown: it is not found out by searching, either."""
        return not lookup.startswith(self.exclude) and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LiveSession]:
        """Return the sessions with their incidents."""
        rows: QuerySet[LiveSession] = super().get_queryset(request)
        return rows.select_related("incident")
