"""People who sign in: a force's users live in its schema, platform staff in ``public``."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from forces.accounts.roles import Role
from forces.actors import Actor


class User(AbstractUser):
    """A user of one force, or of the platform. Rights come from the one role."""

    role = models.CharField(max_length=16, choices=Role, default=Role.OPERATOR)

    class Meta(AbstractUser.Meta):
        """No table swapping."""

        swappable = ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep Django's admin flags in step with the role: admins are staff, nobody else."""
        self.is_staff = self.role in {Role.FORCE_ADMIN, Role.PLATFORM_ADMIN}
        self.is_superuser = False
        super().save(*args, **kwargs)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """An active admin has every right on the models its own admin site registers; others none."""
        return bool(self.is_active and self.is_staff)

    def has_module_perms(self, app_label: str) -> bool:
        """See ``has_perm``."""
        return bool(self.is_active and self.is_staff)

    @property
    def display_name(self) -> str:
        """The full name, else the user name."""
        return self.get_full_name() or self.username

    def as_actor(self, request_id: str = "") -> Actor:
        """Return the actor this user acts as."""
        return Actor(kind="user", id=str(self.pk), name=self.display_name, role=self.role, request_id=request_id)


class ApiToken(models.Model):
    """A token of one auditor of one force. Only its hash is kept; it expires and can be revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-created_at",)

    def __str__(self) -> str:
        """Return the token's name; never the token."""
        return self.name
