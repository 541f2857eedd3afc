"""The platform's own admin: forces, host names, media nodes and platform staff. It sees no force's data."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from forces.accounts.models import User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.admin import AccountActions, AuditedModelAdmin, SignedInSite
from forces.models import Domain, Force, MediaNode


class PlatformSite(SignedInSite):
    """The platform admin's site; only platform staff enter, and they are users of ``public``."""

    site_header = "Sightline platform"
    site_title = "Sightline platform"
    index_title = "Forces and media"
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether active platform staff is signed in."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor.role == Role.PLATFORM_ADMIN


platform_site = PlatformSite(name="platform_admin")


class DomainInline(admin.TabularInline):  # type: ignore[type-arg]
    """The host names of a force."""

    model = Domain
    extra = 1


@admin.register(Force, site=platform_site)
class ForceAdmin(AuditedModelAdmin):
    """Forces: a new row is a request, which the provisioning worker builds within half a minute."""

    list_display = ("name", "schema_name", "state", "created_at")
    inlines = (DomainInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A new force has a name and a schema; its state is the worker's."""
        return ("name", "schema_name", "state", "created_at") if obj else ("name", "schema_name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A schema is never renamed here."""
        return ("schema_name", "state", "created_at") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a force with its evidence is not removed by a click."""
        return False


@admin.register(MediaNode, site=platform_site)
class MediaNodeAdmin(AuditedModelAdmin):
    """Media nodes; draining keeps a node's rooms and gives it no new one."""

    list_display = ("name", "url", "state")


@admin.register(User, site=platform_site)
class StaffAdmin(AccountActions, UserAdmin):  # type: ignore[type-arg]
    """Platform staff."""

    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active",)
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("username", "password", "first_name", "last_name", "is_active")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Users of ``public`` are platform staff, whatever the form says."""
        obj.role = Role.PLATFORM_ADMIN
        super().save_model(request, obj, form, change)
