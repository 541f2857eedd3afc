"""Django's entry for the evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Sealed items: their intake, retention, holds and erasure, in each force's own schema."""

    name = "evidence"
    verbose_name = "Evidence"
    default_auto_field = "django.db.models.BigAutoField"
