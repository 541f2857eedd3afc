"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """One append-only chain per force, and one for the platform."""

    name = "forces.audit"
    label = "audit"
    verbose_name = "Audit"
