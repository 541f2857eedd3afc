"""People who sign in: a force's users live in its schema, platform staff in ``public``."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models

from forces.accounts.roles import Role
from forces.actors import Actor

# UK Reg (EU) 2019/947, AMC2 UAS.OPEN.020(4)(b): twelve capitals and digits without A, E, I, O, U, 0 and 1.
FLYER_ID = r"^GBR-RP-[B-DF-HJ-NP-TV-Z2-9]{12}\Z"


class User(AbstractUser):
    """A user of one force, or of the platform. Rights come from the one role."""

    role = models.CharField(max_length=16, choices=Role, default=Role.OPERATOR)

    # The sign-in by which this object came, set by whoever admitted it.
    sign_in: "SignIn | None" = None
    # What the row said of the fields whose change ends sign-ins; see forces/accounts/signals.py.
    watched: dict[str, Any]

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
        return Actor(
            kind="user",
            id=str(self.pk),
            name=self.display_name,
            role=self.role,
            request_id=request_id,
            proved_at=self.sign_in.proved_at if self.sign_in else None,
        )


class OfficerProfile(models.Model):
    """What a force notes of one of its people on the ground; the force admin keeps it."""

    class Skill(models.TextChoices):
        """What somebody can do, or carries."""

        ARMED = "armed", "Armed"
        TASER = "taser", "Taser"
        DRONE_PILOT = "drone_pilot", "Drone pilot"
        DOG = "dog", "Dog"
        SCENES_OF_CRIME = "scenes_of_crime", "Scenes of crime"
        PUBLIC_ORDER = "public_order", "Public order"
        FIRST_AID = "first_aid", "First aid"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="officer_profile")
    collar_number = models.CharField(max_length=16, blank=True, help_text="As the control room says it, e.g. 1234.")
    team = models.CharField(max_length=80, blank=True)
    skills = models.JSONField(default=list, blank=True)
    languages = models.CharField(max_length=120, blank=True, help_text="Languages besides English, e.g. Polish, Urdu.")
    flyer_id = models.CharField(
        max_length=19,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(FLYER_ID, "A flyer ID of the CAA reads like GBR-RP-9WM5CGTWGC37.")],
        help_text="Of a drone pilot: the CAA's flyer ID, e.g. GBR-RP-9WM5CGTWGC37. Without it nobody flies.",
    )

    def __str__(self) -> str:
        """Return the number; the name is the user's."""
        return self.collar_number or "officer"


class SignIn(models.Model):
    """One sign-in of one user in one browser, until it ends. A session without one is nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField()
    has_second_factor = models.BooleanField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        """Open sign-ins are looked up by user."""

        indexes = [models.Index(fields=["user"], condition=models.Q(ended_at=None), name="sign_in_open")]

    def __str__(self) -> str:
        """Return when it began; never whose it is."""
        return f"sign-in of {self.started_at:%Y-%m-%d %H:%M}"


class SecondFactorRule(models.Model):
    """A role that must have a second factor at this force, beside those that must everywhere."""

    role = models.CharField(max_length=16, choices=Role, unique=True)

    def __str__(self) -> str:
        """Return the role."""
        return self.get_role_display()


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
