"""A force: one tenant with a Postgres schema and a login of its own."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import TenantMixin

from forces.refs import ForceRef

SCHEMA_RULE = RegexValidator(r"^(?!pg_)[a-z][a-z0-9_]{1,30}$", "Use a-z, 0-9 and _, starting with a letter (2 to 31).")
RESERVED_SCHEMAS = frozenset({"public", "information_schema", "platform", "machine"})


class Force(TenantMixin):
    """A police force. Its schema is built by the provisioning worker; only an active force resolves."""

    class State(models.TextChoices):
        """Requested by the platform's admin, then built, then in use."""

        REQUESTED = "requested"
        PROVISIONING = "provisioning"
        ACTIVE = "active"
        SUSPENDED = "suspended"

    # The owner's provisioning makes schemas; a save by the web must not try.
    auto_create_schema = False
    auto_drop_schema = False

    name = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=State, default=State.REQUESTED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Ordered by name in lists."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Return the force's name."""
        return self.name

    def as_ref(self) -> ForceRef:
        """Return the plain reference that doors and tasks carry."""
        return ForceRef(schema=self.schema_name, name=self.name, is_active=self.state == self.State.ACTIVE)


def refuse_reserved(schema: str) -> None:
    """Raise ``ValidationError`` for a name that is not a force's to have."""
    if schema in RESERVED_SCHEMAS:
        raise ValidationError(f"{schema} is a reserved name.")


Force._meta.get_field("schema_name").validators += [SCHEMA_RULE, refuse_reserved]
