"""The admin site of a force: people, roles and tokens here; every app registers its own rules on ``force_site``."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from forces import clock
from forces.accounts.models import ApiToken, OfficerProfile, SecondFactorRule, User
from forces.accounts.permissions import Permission, may
from forces.accounts.roles import FIELD_ROLES, Role
from forces.accounts.second_factor import REQUIRED_FOR
from forces.accounts.sign_ins import end_sign_ins_without_factor, reset_second_factor, sign_out_everywhere
from forces.accounts.tokens import issue_token, revoke_token
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import NotPermitted


class SignedInSite(admin.AdminSite):
    """An admin site without a sign-in of its own: whoever enters has passed the one there is, second factor and all."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to the sign-in and back; raises `NotPermitted` for who is signed in without the right."""
        if not _actor(request).is_anonymous:
            raise NotPermitted
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse(f"{self.name}:index"))


class ForceSite(SignedInSite):
    """The force admin's site; nobody else enters."""

    site_header = "Sightline force administration"
    site_title = "Sightline"
    index_title = "Rules of this force"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether an active force admin is signed in."""
        return may(_actor(request), Permission.FORCE_CONFIGURE)


force_site = ForceSite(name="force_admin")


class AuditedModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """Every change made here is an act in the audit: which fields, not which values."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Audit an added object beside Django's own log."""
        self._audit(request, obj, "add", [])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Audit a changed object with the names of the changed fields."""
        self._audit(request, obj, "change", _changed_fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Audit removed objects."""
        for obj in queryset:
            self._audit(request, obj, "remove", [])
        return super().log_deletions(request, queryset)

    def _audit(self, request: HttpRequest, obj: Model, verb: str, fields: list[str]) -> None:
        record(
            actor=_actor(request),
            act=f"{obj._meta.model_name}.{verb}",
            operation=Operation.ALTERATION if verb == "change" else Operation.COLLECTION,
            object_type=str(obj._meta.model_name),
            object_id=obj.pk,
            detail={"fields": fields},
        )


class NewUserForm(UserCreationForm):  # type: ignore[type-arg]
    """A new user with a role."""

    class Meta:
        """The fields of the first page."""

        model = User
        fields = ("username", "first_name", "last_name", "role")

    role = forms.ChoiceField(choices=[pair for pair in Role.choices if pair[0] != Role.PLATFORM_ADMIN])


class AccountActions(AuditedModelAdmin):
    """What admins do with people's sign-ins; who lacks a fresh proof is led to the page that takes one, and back."""

    actions = ("end_sessions", "reset_second_factor")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the audit refers to users."""
        return False

    @admin.action(description="Sign the chosen people out everywhere")
    def end_sessions(self, request: HttpRequest, queryset: Any) -> None:
        """End by the service: pages and sockets close within seconds."""
        ended = sum(sign_out_everywhere(actor=_actor(request), now=clock.now(), user_id=user.pk) for user in queryset)
        messages.success(request, f"Sessions that were ended: {ended}.")

    @admin.action(description="Forget the second factor of the chosen people (lost phone)")
    def reset_second_factor(self, request: HttpRequest, queryset: Any) -> None:
        """Forget by the service, and sign them out: they set up a new one when they sign in."""
        for user in queryset:
            reset_second_factor(actor=_actor(request), now=clock.now(), user=user)
        messages.success(request, "They set up a new second factor when they sign in next.")


class OfficerProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Skills are ticked, not typed."""

    class Meta:
        """What the force admin fills in."""

        model = OfficerProfile
        fields = ("collar_number", "team", "skills", "languages", "flyer_id")

    skills = forms.MultipleChoiceField(
        choices=OfficerProfile.Skill.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class OfficerProfileInline(admin.StackedInline):  # type: ignore[type-arg]
    """Number, team and skills of somebody who goes out, on the page of the person."""

    model = OfficerProfile
    form = OfficerProfileForm
    can_delete = False
    verbose_name_plural = "On the ground"


@admin.register(User, site=force_site)
class ForceUserAdmin(AccountActions, UserAdmin):  # type: ignore[type-arg]
    """People of the force. A person who leaves is made inactive, never removed: the audit names them."""

    add_form = NewUserForm
    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    filter_horizontal = ()
    inlines = (OfficerProfileInline,)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "role", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "role", "password1", "password2")}),)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Return the part about work on the ground for those who go there."""
        return self.inlines if obj is not None and obj.role in FIELD_ROLES else ()

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer a force's roles only."""
        if db_field.name == "role":
            kwargs["choices"] = [pair for pair in Role.choices if pair[0] != Role.PLATFORM_ADMIN]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(SecondFactorRule, site=force_site)
class SecondFactorRuleAdmin(AuditedModelAdmin):
    """Roles that must have a second factor here, beside supervisors, auditors and admins, who always must."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles that are free to choose."""
        kwargs["choices"] = [pair for pair in Role.choices if pair[0] not in REQUIRED_FOR]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False for one rule: it is added or removed."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: SecondFactorRule, form: Any, change: bool) -> None:
        """Add the rule, and sign out whoever it finds without a second factor."""
        super().save_model(request, obj, form, change)
        end_sign_ins_without_factor(actor=_actor(request), now=clock.now(), role=obj.role)


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A token's auditor, name and life."""

    days = forms.IntegerField(min_value=1, max_value=366, initial=90, help_text="Days until the token expires")

    class Meta:
        """The fields a person fills in."""

        model = ApiToken
        fields = ("user", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer auditors only."""
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            auditors = User.objects.filter(role=Role.AUDITOR, is_active=True)
            self.fields["user"].queryset = auditors  # type: ignore[attr-defined]


@admin.register(ApiToken, site=force_site)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Auditors' tokens: issued (shown once) and revoked, never edited."""

    form = TokenForm
    list_display = ("name", "user", "created_at", "expires_at", "revoked_at", "last_used_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Issue the token by the service and show it, the only time."""
        lasts = timedelta(days=form.cleaned_data["days"])
        token = issue_token(actor=_actor(request), now=clock.now(), user_id=obj.user_id, name=obj.name, lasts=lasts)
        issued = ApiToken.objects.latest("pk")
        obj.pk, obj.token_hash, obj.created_at, obj.expires_at = (
            issued.pk,
            issued.token_hash,
            issued.created_at,
            issued.expires_at,
        )
        messages.warning(request, f"Copy this token now, it is not shown again: {token}")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False for one token: it is revoked, not edited. The list stays visible."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: the audit refers to tokens."""
        return False

    @admin.action(description="Revoke the chosen tokens")
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        """Revoke by the service."""
        for token in queryset:
            revoke_token(actor=_actor(request), now=clock.now(), token_id=token.pk)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _changed_fields(message: Any) -> list[str]:
    if not isinstance(message, list):
        return []
    changes = (part.get("changed", {}) for part in message if isinstance(part, dict))
    return [str(field) for change in changes for field in change.get("fields", [])]
