"""The force admin's pages: periods are set here; items, holds and tombstones are read only."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from evidence.models import Hold, Item, RetentionCategory, SessionErasure, Tombstone
from evidence.services.retention import change_days
from forces import clock
from forces.admin import AuditedModelAdmin, force_site


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
            actor = request.actor  # type: ignore[attr-defined]  # set by forces.middleware
            change_days(actor=actor, now=clock.now(), category_id=obj.pk, days=obj.days)

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


@admin.register(Item, site=force_site)
class ItemAdmin(ReadOnlyAdmin):
    """Items' metadata; their pictures are for those who may view items."""

    list_display = ("incident_reference", "state", "category", "ended_at", "erase_due_at", "failure_reason")
    list_filter = ("state", "category")
    search_fields = ("incident_reference",)


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
