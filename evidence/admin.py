"""The force admin's pages: periods are set here, people left out of calls; otherwise evidence is read only."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from evidence.captions import role_words
from evidence.models import Hold, Item, RetentionCategory, SessionErasure, Tombstone
from evidence.services.recomposing import Leavable, list_leavable, recompose_call
from evidence.services.retention import change_days
from forces import clock
from forces.accounts.step_up import StepUpRequired
from forces.actors import Actor
from forces.admin import AuditedModelAdmin, force_site
from forces.errors import DomainError


@admin.register(RetentionCategory, site=force_site)
class RetentionCategoryAdmin(AuditedModelAdmin):
    """Categories and their periods. A changed period moves the dates of everything kept in the category."""

    list_display = ("label", "code", "days")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code of a category that exists: links and rules name it."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: RetentionCategory, form: Any, change: bool) -> None:
        """Leave the period of an existing category to the service, which moves the dates."""
        if not change:
            obj.save()
            return
        RetentionCategory.objects.filter(pk=obj.pk).update(label=obj.label)
        if "days" in form.changed_data:
            change_days(actor=_actor(request), now=clock.now(), category_id=obj.pk, days=obj.days)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: items and tombstones refer to categories."""
        return False


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """Pages that show and change nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False


class LeaveOutForm(forms.Form):
    """Who is left out of a call, and why."""

    without = forms.MultipleChoiceField(label="Leave out", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}))


@admin.register(Item, site=force_site)
class ItemAdmin(ReadOnlyAdmin):
    """Items' metadata; their pictures are for those who may view items.

    Of a call somebody can be left out: the film is composed anew, and what had all of them is erased.
    """

    list_display = ("incident_reference", "kind", "state", "category", "ended_at", "erase_due_at", "failure_reason")
    list_filter = ("kind", "state", "category")
    search_fields = ("incident_reference",)
    exclude = ("cast",)
    actions = ("leave_out",)

    @admin.action(description="Leave somebody out of a call (makes a new film, then erases this one)")
    def leave_out(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Ask who and why, then have the service do it; without a fresh proof the page that takes one comes first."""
        item, actor = queryset.first(), _actor(request)
        if item is None or queryset.count() != 1:
            messages.error(request, "Choose one call.")
            return None
        try:
            found = list_leavable(actor=actor, now=clock.now(), item_id=item.pk)
            form = LeaveOutForm(request.POST if "is_decided" in request.POST else None)
            form.fields["without"].choices = [(one.feed_id, _words(one)) for one in found]  # type: ignore[attr-defined]
            if not form.is_valid():
                context = {**self.admin_site.each_context(request), "form": form, "item": item, "title": "Leave out"}
                return TemplateResponse(request, "evidence/leave_out.html", context)
            chosen = [UUID(feed_id) for feed_id in form.cleaned_data["without"]]
            reason = form.cleaned_data["reason"]
            recompose_call(actor=actor, now=clock.now(), item_id=item.pk, without=chosen, reason=reason)
        except StepUpRequired:
            raise
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "A new film is being made. This one is erased once that is sealed.")
        return None


@admin.register(Hold, site=force_site)
class HoldAdmin(ReadOnlyAdmin):
    """Holds and who placed and released them."""

    list_display = ("item", "reason", "placed_by_name", "placed_at", "released_at")


@admin.register(Tombstone, site=force_site)
class TombstoneAdmin(ReadOnlyAdmin):
    """What is left of erased items."""

    list_display = ("item_id", "category_code", "reason", "erased_at")


@admin.register(SessionErasure, site=force_site)
class SessionErasureAdmin(ReadOnlyAdmin):
    """What is left of erased sessions."""

    list_display = ("session_id", "reason", "erased_at")


def _words(one: Leavable) -> str:
    what = f"{role_words(one.role)}, screen" if one.source == "screen" else role_words(one.role)
    return f"{one.name} ({what})"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by forces.middleware
    return actor
